"""The list of cases, and the page on which one is played."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import UsageError
from bedside.site import clock
from bedside.site.cases import actions, queries, stock, words
from bedside.site.cases.play_words import play_words
from bedside.site.cases.sat_views import play_in_sitting, player_json
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.pages import page, user_of

SEED_BITS = 31
LENGTHS = ("", *(str(minutes) for minutes in actions.LIMITS_MINUTES))


@require_GET
@page
def cases(request: HttpRequest) -> HttpResponse:
    """The cases, and what was played of them. The catalogue of orders is read beside it, for the case to come."""
    user, at = user_of(request), clock.now()
    actions.settle_all(user, at=at)
    stock.warm()
    shown = {
        "cases": [_listed(one) for one in queries.listed_cases(user)],
        "sealing": sealing_sitting(user.pk, at),
        "limits": actions.LIMITS_MINUTES,
    }
    return render(request, "cases/cases.html", shown)


@require_POST
@page
def start(request: HttpRequest) -> HttpResponse:
    """Begin a case as the form says."""
    limit = request.POST.get("limit", "")
    if limit not in LENGTHS:
        raise UsageError(f'the limit is "{limit[:20]}"; it must be 10 or 20 minutes, or none')
    row = actions.start_run(
        user_of(request),
        request.POST.get("case", ""),
        mode=request.POST.get("mode", "practice"),
        limit_minutes=int(limit) if limit else None,
        seed=secrets.randbits(SEED_BITS),
        at=clock.now(),
    )
    return redirect("cases:play", row.pk)


@require_GET
@never_cache
@ensure_csrf_cookie
@page
def play(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """The page on which a case is played; one that has ended leads to its debrief."""
    user, at = user_of(request), clock.now()
    row = actions.settled(user, run_id, at=at)
    if row.sitting_id is not None:
        return play_in_sitting(request, row)
    if row.ended_at is not None:
        return redirect(debrief_url(run_id)) if row.percent is not None else redirect("cases:cases")
    actions.see_open_to_play(row, at)
    state = queries.standing_json(user, run_id, at=at)
    player = {**player_json(user, row), "debrief_url": debrief_url(run_id)}
    shown = {"row": row, "state": state, "player": player, "words": play_words()}
    answer = render(request, "cases/play.html", shown)
    answer["Bedside-Page"] = "case"  # by which the service worker knows the page it may keep
    return answer


@require_POST
@page
def fork(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Play from here: a practice run that goes on from a moment of this one (`after` a command, or `at_s`)."""
    try:
        moment = {name: int(request.POST[name]) for name in ("after", "at_s") if request.POST.get(name)}
    except ValueError:
        raise UsageError("a moment is a whole number: of commands, or of seconds") from None
    row = actions.fork_run(user_of(request), run_id, after=moment.get("after"), at_s=moment.get("at_s"), at=clock.now())
    return redirect("cases:play", row.pk)


def debrief_url(run_id: UUID) -> str:
    """Where the debrief of a run is."""
    return reverse("cases:debrief", args=[run_id])


def _listed(one: queries.Listed) -> dict[str, object]:
    file = one.file
    return {
        "id": file.id,
        "title": file.title,
        "place": words.PLACES[file.start.location],
        "minutes": file.meta.minutes,
        "covers": words.span_words(file.end.virtual_s),
        "review": words.review_words(file),
        "proof": words.PROOF[one.proof],
        "n_runs": one.n_runs,
        "open": one.open,
        "last": one.last,
        "last_band": words.BANDS.get(one.last.band, "") if one.last else "",
        "last_address": debrief_url(one.last.pk) if one.last else "",
        "best": one.best,
    }
