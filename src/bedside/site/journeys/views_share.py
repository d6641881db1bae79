"""Sharing one's journey by file: choose, see exactly what the file holds, take it; and withdraw what was shared."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from bedside.errors import ConflictError, NotFoundError
from bedside.journeys import START_FIELDS, Choices, Journey, Note
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.page_queries import step_title
from bedside.site.brake import Brake
from bedside.site.content import current_content
from bedside.site.exam.sealed import sealing_sitting, see_unsealed
from bedside.site.journeys import telling
from bedside.site.journeys.files import WITHDRAWAL_FILE, ZIP_FILE, seen_digest, shown_json, write_files, zipped
from bedside.site.journeys.holding import START_WORDS, held, left_out, start_value
from bedside.site.journeys.sharing import is_of_present_key, preview, shares_of, withdraw
from bedside.site.journeys.story import story_of
from bedside.site.journeys.story_pictures import week_words
from bedside.site.pages import page, user_of
from bedside.site.study.parts import take_in

BRAKE = Brake(an_hour=20)  # of this process; `assumed`, as for decks


@require_http_methods(["GET", "HEAD", "POST"])
@page
def share_page(request: HttpRequest) -> HttpResponse:
    """What the file would hold with these choices; or, where that was seen, the file itself."""
    user, at = user_of(request), clock.now()
    if request.method != "POST":
        return _shown(request, Choices(), at=at)
    see_unsealed(user.pk, at)
    choices = _chosen(request.POST, user, at=at)
    if "write" not in request.POST:
        return _shown(request, choices, at=at)
    try:
        with BRAKE.place(user.pk):
            files = write_files(user, current_content(), choices, at=at, seen=request.POST.get("seen", ""))
    except ConflictError:
        # a box that was changed without looking again is the usual reason: nothing leaves that was not seen
        return _shown(request, choices, at=at, is_other=True, status=409)
    return _file(zipped(files), ZIP_FILE, "application/zip")


@require_POST
@page
def withdraw_page(request: HttpRequest) -> HttpResponse:
    """The file that withdraws a journey wherever it came to."""
    try:
        journey_id = UUID(request.POST.get("id", ""))
    except ValueError:
        raise NotFoundError("there is no such journey") from None
    packed = withdraw(user_of(request), journey_id, at=clock.now())
    return _file(packed, WITHDRAWAL_FILE, "application/json")


def _chosen(form: QueryDict, user: User, *, at: datetime) -> Choices:
    start = frozenset(name for name in START_FIELDS if name in form)
    gone = _places(frozenset(form.getlist("without")), user, at=at)
    return Choices("name" in form, "text" in form, "dates" in form, start, gone)


def _places(marks: frozenset[str], user: User, *, at: datetime) -> frozenset[int]:
    """The places of the notes with these marks. A note keeps its mark where others are written or taken away meanwhile."""
    if not marks:
        return frozenset()
    content = current_content()
    take_in(user, content, at=at)
    try:
        notes = telling.journey_of(user, content, at=at).notes
    except ConflictError:
        return frozenset()
    return frozenset(place for place, note in enumerate(notes) if _mark(note) in marks)


def _mark(note: Note) -> str:
    return hashlib.sha256(f"{note.on} {note.text}".encode()).hexdigest()[:16]


def _shown(request: HttpRequest, choices: Choices, *, at: datetime, is_other: bool = False, status: int = 200) -> HttpResponse:
    user, content = user_of(request), current_content()
    shown: dict[str, object] = {
        "choices": choices,
        "shares": [(row, step_title(content, row.programme, row.step), is_of_present_key(row)) for row in shares_of(user)],
        "is_other": is_other,
        "is_local": settings.IS_LOCAL,
        "sealing": sealing_sitting(user.pk, at),
    }
    if not shown["sealing"]:
        shown |= _told(user, choices, at=at)
    return render(request, "journeys/share.html", shown, status=status)


def _told(user: User, choices: Choices, *, at: datetime) -> dict[str, object]:
    content = current_content()
    take_in(user, content, at=at)
    try:
        whole, journey = telling.journey_of(user, content, at=at), preview(user, content, choices, at=at)
    except ConflictError as error:
        return {"nothing": str(error)}
    return {
        "journey": journey,
        "whole": whole,
        "parts": _parts(whole, choices),
        "notes": _notes(whole, choices),
        "n_without": len(choices.left_out_notes) if choices.has_text else 0,
        "story": story_of(journey, mine=False),
        "held": held(journey),
        "left_out": left_out(journey),
        "json": shown_json(journey),
        "seen": seen_digest(journey),
    }


def _parts(whole: Journey, choices: Choices) -> list[dict[str, object]]:
    """The parts of the beginning that could be told, each with whether it is."""
    told = [(name, start_value(whole, name)) for name in START_FIELDS]
    return [
        {"name": name, "words": START_WORDS[name], "value": value, "is_chosen": name in choices.start}
        for name, value in told
        if value
    ]


def _notes(whole: Journey, choices: Choices) -> list[dict[str, object]]:
    """Each note, with whether it is left out; none where no words go along."""
    told = enumerate(whole.notes if choices.has_text else ())
    return [
        {"mark": _mark(note), "week": week_words(note.week), "text": note.text, "is_out": place in choices.left_out_notes}
        for place, note in told
    ]


def _file(packed: bytes, name: str, media_type: str) -> HttpResponse:
    return HttpResponse(packed, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
