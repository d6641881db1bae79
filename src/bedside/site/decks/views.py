"""Bringing a deck of Anki's, and taking one's cards along as a deck."""

from __future__ import annotations

import tempfile
from pathlib import Path
from shutil import copyfileobj
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from bedside.errors import NotAllowedError, ReadError, UsageError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.brake import Brake
from bedside.site.content import current_content
from bedside.site.decks.actions import Imported, export_deck, import_deck
from bedside.site.exam.sealed import see_unsealed
from bedside.site.pages import page, user_of
from bedside.site.problems import TooOftenError, status_of

MAX_UPLOAD_BYTES = 1024**3  # of a deck, by the page; a larger one is brought by the command line
MOST_SKIPPED = 200  # reasons that are listed
CHUNK_BYTES = 1024 * 1024
BRAKE = Brake(an_hour=20)  # of this process; `assumed`


@require_http_methods(["GET", "POST"])
@page
def bring(request: HttpRequest) -> HttpResponse:
    """The form for a deck; sent, the deck taken in, and what became of it."""
    user, at = user_of(request), clock.now()
    see_unsealed(user.pk, at)
    if request.method == "GET":
        return _shown(request)
    file = request.FILES.get("deck")
    try:
        with BRAKE.place(user.pk):
            return _shown(request, done=_taken_in(user, file))
    except TooOftenError as error:
        return _shown(request, problem=str(error), status=status_of(error)[0])
    except (ReadError, UsageError) as error:
        return _shown(request, problem=error.text if isinstance(error, ReadError) else str(error), status=400)


@require_http_methods(["GET", "POST"])
@page
def take(request: HttpRequest) -> HttpResponse:
    """The form for what to take along; sent, the deck."""
    user, at = user_of(request), clock.now()
    see_unsealed(user.pk, at)
    if request.method == "GET":
        return render(request, "cards/export.html", {"has_items": settings.IS_LOCAL})
    if "items" in request.POST and not settings.IS_LOCAL:
        raise NotAllowedError(
            "where others sit exams too, items leave with a sitting's report only: a deck would hold all keys"
        )
    with BRAKE.place(user.pk):
        return _written(request, user)


def _written(request: HttpRequest, user: User) -> HttpResponse:
    at = clock.now()
    file = tempfile.TemporaryFile(dir=_scratch())  # noqa: SIM115 - the response closes it
    with tempfile.TemporaryDirectory(dir=_scratch()) as folder:
        path = Path(folder) / "bedside.apkg"
        export_deck(
            user,
            path,
            at=at,
            content=current_content(),
            with_takeaways="takeaways" in request.POST,
            with_items="items" in request.POST,
        )
        with path.open("rb") as written:
            copyfileobj(written, file, CHUNK_BYTES)
    file.seek(0)
    name = f"bedside-{at:%Y-%m-%d}.apkg"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")  # type: ignore[return-value]


def _taken_in(user: User, file: UploadedFile[Any] | None) -> Imported:
    if file is None or not file.name:
        raise UsageError(_("choose the file of a deck first"))
    if file.size is None or file.size > MAX_UPLOAD_BYTES:
        text = _("the file is over the limit of %(n)d MB of this page; bring it with `bedside bank import`")
        raise UsageError(text % {"n": MAX_UPLOAD_BYTES // 1024**2})
    if isinstance(file, TemporaryUploadedFile):
        return import_deck(user, Path(file.temporary_file_path()), at=clock.now(), file=file.name)
    with tempfile.NamedTemporaryFile(dir=_scratch()) as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return import_deck(user, Path(kept.name), at=clock.now(), file=file.name)


def _shown(request: HttpRequest, *, done: Imported | None = None, problem: str = "", status: int = 200) -> HttpResponse:
    told = {
        "problem": problem,
        "done": done,
        "said": _said(done) if done else [],
        "skipped": done.skipped[:MOST_SKIPPED] if done else (),
        "n_more": max(0, len(done.skipped) - MOST_SKIPPED) if done else 0,
        "megabytes": MAX_UPLOAD_BYTES // 1024**2,
    }
    return render(request, "cards/import.html", told, status=status)


def _said(done: Imported) -> list[str]:
    """What became of the notes, in words."""
    said = [
        ngettext("%(n)d note is new.", "%(n)d notes are new.", done.n_new) % {"n": done.n_new},
        ngettext("%(n)d note was changed.", "%(n)d notes were changed.", done.n_changed) % {"n": done.n_changed},
        ngettext("%(n)d note was here already.", "%(n)d notes were here already.", done.n_same) % {"n": done.n_same},
    ]
    if done.n_own_kept:
        text = ngettext(
            "%(n)d note that you changed here later than in the deck stayed as you have it.",
            "%(n)d notes that you changed here later than in the deck stayed as you have them.",
            done.n_own_kept,
        )
        said.append(text % {"n": done.n_own_kept})
    return said


def _scratch() -> Path:
    """Where there is room for what is unpacked and written."""
    folder = Path(settings.DATA)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
