"""The page of a case that is part of a sitting: from the sitting to it, and back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.cases import sat, sat_queries, words
from bedside.site.cases.models import CaseRun
from bedside.site.cases.play_words import play_words
from bedside.site.pages import page, user_of
from bedside.site.problems import BlockClosedError, NotOpenError

NO_ID = UUID(int=0)


@require_GET
@never_cache
@page
def open_case(request: HttpRequest, sitting_id: UUID) -> HttpResponse:
    """To the case that is open in a sitting; where none is, back to the sitting."""
    try:
        row = sat.open_case(user_of(request), sitting_id, at=clock.now())
    except NotOpenError:
        return redirect("exam:sit", sitting_id)
    return redirect("cases:play", row.pk)


def play_in_sitting(request: HttpRequest, row: CaseRun) -> HttpResponse:
    """The page on which the open case of a sitting is played; once it is over, or the clock stands, the sitting goes on."""
    assert row.sitting_id is not None
    user = user_of(request)
    try:
        state = sat_queries.state_json(sat.stands(user, row, at=clock.now()))
    except (BlockClosedError, NotOpenError):
        return redirect("exam:sit", row.sitting_id)
    sitting_url = f"{reverse('exam:sit', args=[row.sitting_id])}?from=case"
    player = {**player_json(user, row), "debrief_url": sitting_url, "sitting_api": f"/api/sittings/{row.sitting_id}"}
    answer = render(request, "cases/play.html", {"row": row, "state": state, "player": player, "words": play_words()})
    answer["Bedside-Page"] = "case"  # by which the service worker knows the page it may keep
    return answer


def player_json(user: User, row: CaseRun) -> dict[str, Any]:
    """What the script of the page has to know beside the state; `sitting` is null where the case is played by itself."""
    return {
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "api": f"/api/cases/runs/{row.pk}",
        "list_url": reverse("cases:cases"),
        "play_url": reverse("cases:play", args=[NO_ID]).replace(str(NO_ID), "ID"),
        "letters": profile_of(user).letters_are_keys,
        "places": {name: str(text) for name, text in words.PLACES.items()},
        "sitting": None if row.sitting_id is None else str(row.sitting_id),
    }
