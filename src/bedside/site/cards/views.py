"""Writing cards of one's own; their list, which says what is remembered of each, is `bedside.site.study.card_views`."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bedside.errors import BedsideError, NotFoundError, UsageError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.cards import actions, forms
from bedside.site.cards.drawing import Drawn, draw, media_named
from bedside.site.cards.media import SHOWN_TYPES, media_path
from bedside.site.cards.models import Note
from bedside.site.cards.names import checked_fields
from bedside.site.cards.queries import media_with
from bedside.site.cards.showing import shown
from bedside.site.exam.sealed import see_unsealed
from bedside.site.pages import page, user_of

LIST = "/cards"
# an SVG that is opened by its own address is a document: it runs nothing and fetches nothing
POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'"


@require_http_methods(["GET", "POST"])
@page
def new(request: HttpRequest) -> HttpResponse:
    """The form for a new note; sent, the note and its cards."""
    user, at = user_of(request), clock.now()
    see_unsealed(user.pk, at)
    if request.method == "GET":
        return _form(request, forms.empty(request.GET))
    written = forms.read(request, user, None, at=at)
    if "preview" in request.POST:
        return _form(request, written, is_preview=True)
    try:
        note = actions.make_note(
            user,
            kind=written.kind,
            fields=written.fields,
            tags=written.tag_list,
            deck=written.deck,
            key=written.key,
            at=at,
        )
    except UsageError as error:
        return _form(request, written, problem=str(error))
    messages.success(request, _kept(note))
    if "another" in request.POST:
        told = {"kind": note.kind, "deck": note.deck, "tags": " ".join(note.tags)}
        return redirect(f"{reverse('cards:new')}?{urlencode(told)}")
    return redirect(LIST)


@require_http_methods(["GET", "POST"])
@page
def note(request: HttpRequest, key: UUID) -> HttpResponse:
    """The form of a note that is there; sent, the note changed."""
    user, at = user_of(request), clock.now()
    see_unsealed(user.pk, at)
    kept = actions.note_of(user, key)
    before = forms.of_note(kept)
    if request.method == "GET":
        return _form(request, before, kept=kept)
    written = forms.read(request, user, before, at=at)
    if "preview" in request.POST:
        return _form(request, written, kept=kept, is_preview=True)
    try:
        actions.change_note(user, key, fields=written.fields, tags=written.tag_list, deck=written.deck, at=at)
    except UsageError as error:
        return _form(request, written, kept=kept, problem=str(error))
    return redirect(_next(request))


@require_POST
@page
def remove(request: HttpRequest, key: UUID) -> HttpResponse:
    """The note and its cards are taken away; the list of removed ones has them."""
    actions.remove_note(user_of(request), key, at=clock.now())
    messages.success(request, _("Removed. The list of removed cards still has it."))
    return redirect(_next(request))


@require_POST
@page
def restore(request: HttpRequest, key: UUID) -> HttpResponse:
    """A removed note and its cards are back."""
    actions.bring_back(user_of(request), key, at=clock.now())
    return redirect(_next(request))


@require_POST
@page
def aside(request: HttpRequest) -> HttpResponse:
    """Set a card aside (`aside`), or take it up again (`resume`)."""
    name = "resume" if "resume" in request.POST else "aside"
    try:
        card = UUID(request.POST.get(name, ""))
    except ValueError:
        raise UsageError("say which card, by its key") from None
    actions.suspend(user_of(request), card, is_suspended=name == "aside", at=clock.now())
    return redirect(_next(request))


@require_POST
@page
def settings(request: HttpRequest) -> HttpResponse:
    """How many new cards may come a day."""
    text = request.POST.get("new_a_day", "")
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        raise UsageError("say how many new cards may come a day, as a number")
    actions.set_new_a_day(user_of(request), int(text), at=clock.now())
    return redirect(LIST)


@require_safe
@page
def media(request: HttpRequest, name: str) -> HttpResponse:
    """A picture or a sound, to its owner alone; asked for anew each time, so that a proctored sitting closes it too."""
    user = user_of(request)
    see_unsealed(user.pk, clock.now())
    row = media_with(user, name.partition(".")[0].replace("\0", ""))
    headers = {
        "ETag": f'"{row.sha256}"',
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Disposition": "inline",
    }
    if row.media_type not in SHOWN_TYPES:
        raise NotFoundError("there is no such picture or sound")
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    try:
        file = media_path(row.sha256).open("rb")
    except OSError as error:
        raise Http404("the file of this picture or sound is gone") from error
    return FileResponse(file, content_type=row.media_type, headers=headers)  # type: ignore[return-value]


def _form(
    request: HttpRequest, written: forms.Written, *, kept: Note | None = None, problem: str = "", is_preview: bool = False
) -> HttpResponse:
    preview: list[dict[str, str]] = []
    if is_preview:
        try:
            preview = [{"front": shown(one.front), "back": shown(one.back)} for one in _drawn(user_of(request), written, kept)]
        except BedsideError as error:
            problem = str(error)
    told = {
        "written": written,
        "note": kept,
        "problem": problem,
        "preview": preview,
        "is_preview": is_preview,
        "next": _next(request),
        "megabytes": forms.MAX_FILE_BYTES // 1024**2,
    }
    return render(request, "cards/note.html", told, status=400 if problem and not is_preview else 200)


def _drawn(user: User, written: forms.Written, kept: Note | None) -> Sequence[Drawn]:
    fields = checked_fields(written.kind, written.fields, of=kept)
    if kept is not None:
        return actions.draw_any(kept, fields, written.tag_list, written.deck)
    return draw(written.kind, fields, actions.media_of(user, media_named(fields)))


def _kept(note: Note) -> str:
    n = note.cards.filter(removed_at=None).count()
    text = ngettext("%(n)d card was made. It is new.", "%(n)d cards were made. They are new.", n)
    return text % {"n": n}


def _next(request: HttpRequest) -> str:
    """Where to go then: within this site, or to the list."""
    wanted = request.POST.get("next") or request.GET.get("next") or LIST
    is_here = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if is_here else LIST
