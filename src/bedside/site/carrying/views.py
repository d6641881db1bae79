"""Taking all one's data, and bringing it back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import BedsideError, ReadError, UsageError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.brake import Brake
from bedside.site.carrying.bringing import Brought, import_person
from bedside.site.carrying.models import KeptSitting
from bedside.site.carrying.words import name_of
from bedside.site.carrying.writing import export_person
from bedside.site.exam.sealed import sealing_sitting, see_unsealed
from bedside.site.pages import page, user_of
from bedside.site.problems import SealedError, TooOftenError, status_of

MAX_UPLOAD_BYTES = 256 * 1024**2  # where others use the server too; one's own computer takes what `archive` takes
TAKING, BRINGING = "taking-", "bringing-"  # folders that are there while a file is sent
BRAKE = Brake()  # of this process
DAY_S = 24 * 3600
FILE_NAME = "bedside-{name}-{day}.zip"


@require_GET
@page
def data(request: HttpRequest) -> HttpResponse:
    """What is in the file, and the two ways."""
    return _shown(request)


@require_POST
@page
def take(request: HttpRequest) -> HttpResponse:
    """All that the person owns, as one file."""
    user, at = user_of(request), clock.now()
    see_unsealed(user.pk, at)
    folder = TemporaryDirectory(dir=_data_folder(), prefix=TAKING)
    try:
        with BRAKE.place(user.pk):
            path = Path(folder.name) / "data.zip"
            export_person(user, path, at=at, actor=user)
            file = path.open("rb")
    except BaseException:
        folder.cleanup()
        raise
    name = FILE_NAME.format(name=_safe(user.username), day=at.date().isoformat())
    answer = FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")
    answer._resource_closers.append(folder.cleanup)  # type: ignore[attr-defined]  # with the file, when it was sent
    return _as_response(answer)


@require_POST
@page
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a file back; or only say what it would bring."""
    user, at = user_of(request), clock.now()
    see_unsealed(user.pk, at)
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile):
        return _shown(request, problem="choose the file first", status=400)
    is_trial = "look" in request.POST
    try:
        with BRAKE.place(user.pk), _as_path(sent) as path:
            named = None if "other_name" in request.POST else user.username
            brought = import_person(user, path, at=at, actor=user, named=named, is_dry_run=is_trial)
    except (SealedError, TooOftenError):
        raise
    except BedsideError as error:
        text = str(error).replace(str(Path(settings.DATA)), "")
        status = status_of(error)[0] if not isinstance(error, ReadError) else 400
        return _shown(request, problem=text, status=status)
    return _shown(request, brought=brought, is_trial=is_trial)


def _shown(
    request: HttpRequest, *, brought: Brought | None = None, is_trial: bool = False, problem: str = "", status: int = 200
) -> HttpResponse:
    user = user_of(request)
    shown = {
        "sealing": sealing_sitting(user.pk, clock.now()),
        "records": _records(user),
        "brought": brought,
        "rows": _rows(brought) if brought else (),
        "is_trial": is_trial,
        "problem": problem,
        "is_local": settings.IS_LOCAL,
        "most_mb": MAX_UPLOAD_BYTES // 1024**2,
    }
    return render(request, "carrying/data.html", shown, status=status)


def _rows(brought: Brought) -> list[dict[str, object]]:
    """What came, kind by kind; what there was none of is left out."""
    return [
        {"name": name_of(name), "new": one.n_new, "changed": one.n_changed, "known": one.n_known, "out": one.n_left_out}
        for name, one in brought.counts.items()
        if one.n_new or one.n_changed or one.n_known or one.n_left_out
    ]


def _records(user: User) -> list[dict[str, object]]:
    rows = KeptSitting.objects.filter(user=user).order_by("-exported_at")
    return [{"sitting": row.sitting, "key": row.public_key, "exported_at": row.exported_at, **row.facts} for row in rows]


@contextmanager
def _as_path(sent: UploadedFile[bytes]) -> Iterator[Path]:
    """The file that was sent, where it can be opened by its name.

    Raises:
        UsageError: it is too large.
    """
    if not settings.IS_LOCAL and (sent.size or 0) > MAX_UPLOAD_BYTES:
        raise UsageError(f"the file has {sent.size:,} bytes; the limit is {MAX_UPLOAD_BYTES:,}")
    with TemporaryDirectory(dir=_data_folder(), prefix=BRINGING) as folder:
        path = Path(folder) / f"{_safe(Path(sent.name or '').stem) or 'sent'}.zip"
        with path.open("xb") as file:
            for chunk in sent.chunks():
                file.write(chunk)
        yield path


def _data_folder() -> Path:
    """Where files lie while they are sent. What a process that was killed left there is taken away after a day."""
    folder = Path(settings.DATA)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for prefix in (TAKING, BRINGING):
        for old in folder.glob(f"{prefix}*"):
            if clock.now().timestamp() - old.stat().st_mtime > DAY_S:
                shutil.rmtree(old, ignore_errors=True)
    return folder


def _safe(name: str) -> str:
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in name)[:60]


def _as_response(answer: HttpResponseBase) -> HttpResponse:
    """A streamed answer passes for a whole one: the decorators of pages set headers and nothing else."""
    return answer  # type: ignore[return-value]
