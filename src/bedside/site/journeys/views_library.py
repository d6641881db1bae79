"""The journeys of others: someone like me, one journey beside one's own, groups, bringing files, and reports.

Everybody who is signed in may read and report. All of it is shut while a proctored sitting of who asks is under way: what
others wrote may be about what items teach, and the comparison would say how one's own answers went.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import BedsideError, NotAllowedError, NotFoundError, StoreError, UsageError
from bedside.journeys import AGES, MIN_GROUP, READY, Beginning, Journey, SmallGroupError, beginning_of, most_alike
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.page_queries import step_title
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content, current_content
from bedside.site.exam.unsealed import unsealed
from bedside.site.journeys.bringing import Unknown, bring_file, may_bring
from bedside.site.journeys.comparing import Comparison, comparison, exam_week
from bedside.site.journeys.finding import (
    Found,
    Wanted,
    asked,
    choices_of,
    found,
    headline,
    in_order,
    one_of,
    place_in,
    programme_title,
    step_name,
    step_value,
)
from bedside.site.journeys.grouping import parts_of, told_of
from bedside.site.journeys.likeness_words import AGE_WORDS, like_words, likeness_words, nearness_words
from bedside.site.journeys.models import MAX_REASON, JourneyShare
from bedside.site.journeys.moderating import report_journey
from bedside.site.journeys.own import own_beginning, own_journey
from bedside.site.journeys.stock import examples, in_library
from bedside.site.journeys.stock import library as journeys_here
from bedside.site.journeys.story import story_of
from bedside.site.journeys.taking import Came
from bedside.site.journeys.uploads import as_field, sent_file
from bedside.site.pages import user_of
from bedside.site.problems import status_of

CAME = {
    Came.NEW: lazy("The journey is in the library."),
    Came.REPLACED: lazy("The journey took the place of its earlier revision."),
    Came.UNCHANGED: lazy("The same file came before; nothing was changed."),
    Came.WITHDRAWN: lazy("Its owner withdrew the journey; it is not shown any more."),
    Came.KEPT: lazy("It withdraws nothing that is here. It is kept, and the journey that it names is refused if it comes."),
}


@require_GET
@unsealed("journeys/others_sealed.html")
def library(request: HttpRequest) -> HttpResponse:
    """Someone like me: the journeys that fit, the most alike first; the invented examples only where they are asked for."""
    return _library(request, asked(request.GET))


@require_GET
@unsealed("journeys/others_sealed.html")
def one(request: HttpRequest, journey_id: UUID) -> HttpResponse:
    """One journey, and beside it one's own."""
    return _one(request, journey_id)


@require_POST
@unsealed("journeys/others_sealed.html")
def report(request: HttpRequest, journey_id: UUID) -> HttpResponse:
    """Say that a journey should not be shown, and why."""
    user, reason = user_of(request), request.POST.get("reason", "")
    try:
        report_journey(user, journey_id, reason=reason, at=clock.now())
    except UsageError as error:
        return _one(request, journey_id, problem=str(error), reason=reason, status=400)
    messages.success(request, _("The report is kept. An administrator reads it."))
    return redirect("journeys:one", journey_id)


@require_GET
@unsealed("journeys/others_sealed.html")
def group(request: HttpRequest) -> HttpResponse:
    """What those of one step did, or a part of them by age; nothing of groups in which single people could be seen."""
    user, content, journeys = user_of(request), current_content(), journeys_here()
    age = one_of(request.GET.get("age", ""), AGES, "age")
    step = request.GET.get("step", "") or _first_step(user, content, journeys)
    programme, _slash, name = step.partition("/")
    members = [journey for journey in journeys if step_value(journey) == step]
    shown: dict[str, Any] = {
        "step": step,
        "step_title": step_title(content, programme, name) if step else "",
        "steps": choices_of(journeys, content)["step"],
        "age": age,
        "age_words": AGE_WORDS[age] if age else "",
        "parts": parts_of(members),
        "n": len(members),
        "n_library": len(journeys),
        "least": MIN_GROUP,
        "ready": READY // 10,
    }
    try:
        shown["told"] = told_of(journeys, programme=programme, step=name, age=age)
    except SmallGroupError:
        shown["told"] = None
    return render(request, "journeys/group.html", shown)


@require_POST
@unsealed("journeys/others_sealed.html")
def bring(request: HttpRequest) -> HttpResponse:
    """Bring a file; where nobody here trusts its key, the page shows the key and asks whether it is the giver's."""
    user = user_of(request)
    key = request.POST.get("key", "") if "is_givers" in request.POST else ""
    try:
        packed, name = sent_file(request)
        came = bring_file(user, packed, name=name, confirmed_key=key, at=clock.now())
    except (NotAllowedError, StoreError):
        raise
    except BedsideError as error:
        return _library(request, Wanted(), problem=str(error), status=status_of(error)[0])
    if isinstance(came, Unknown):
        return _asked_about(request, came)
    messages.success(request, CAME[came.came])
    return redirect("journeys:one", came.id) if in_library(came.id) else redirect("journeys:library")


def _library(request: HttpRequest, wanted: Wanted, *, problem: str = "", status: int = 200) -> HttpResponse:
    user, content, at = user_of(request), current_content(), clock.now()
    invented = examples()
    journeys = invented if wanted.examples else journeys_here()
    mine = own_beginning(user, content, at=at) if journeys else None
    here = found(journeys, wanted, mine, content)
    shown = {
        "wanted": wanted,
        "query": replace(wanted, examples=False).query(),  # a journey says itself whether it is invented
        "found": here,
        "choices": choices_of(journeys, content),
        "numbers": _pages(wanted, here),
        "mine": mine,
        "n_examples": len(invented),
        "own": _own_ids(user),
        "may_bring": may_bring(user),
        "problem": problem,
    }
    return render(request, "journeys/library.html", shown, status=status)


def _one(request: HttpRequest, journey_id: UUID, *, problem: str = "", reason: str = "", status: int = 200) -> HttpResponse:
    user, content, at = user_of(request), current_content(), clock.now()
    journey = in_library(journey_id) or next((one for one in examples() if one.id == journey_id), None)
    if journey is None:
        raise NotFoundError("there is no such journey")
    is_own = journey.id in _own_ids(user)
    mine = own_journey(user, content, at=at)
    begun = beginning_of(mine) if mine is not None else own_beginning(user, content, at=at)
    shown: dict[str, Any] = {
        "journey": journey,
        "headline": headline(journey, content),
        "step_name": step_name(content, journey.programme, journey.step),
        "programme_title": programme_title(content, journey.programme),
        "story": story_of(journey, mine=False),
        "is_own": is_own,
        "problem": problem,
        "reason": reason,
        "max_reason": MAX_REASON,
        **_ways_on(request, journey, begun),
        **({} if begun is None or is_own else _alike(begun, journey)),
        **({} if mine is None or is_own else _beside(request, user, mine, journey)),
    }
    return render(request, "journeys/one.html", shown, status=status)


def _ways_on(request: HttpRequest, journey: Journey, mine: Beginning | None) -> dict[str, Any]:
    """The next story of the list that was come from, and the way back to its page."""
    wanted = replace(asked(request.GET), examples=journey.is_example)
    page, after = place_in(in_order(examples() if journey.is_example else journeys_here(), wanted, mine), journey)
    return {"next": after, "query": replace(wanted, examples=False).query(), "back": wanted.query(page=page)}


def _alike(mine: Beginning, journey: Journey) -> dict[str, Any]:
    theirs = beginning_of(journey)
    ((_journey, how),) = most_alike(mine, [journey])
    return {"like": like_words(how), "nearness": nearness_words(how), "words": likeness_words(mine, theirs, how)}


def _beside(request: HttpRequest, user: User, mine: Journey, journey: Journey) -> dict[str, Comparison | bool]:
    """Both courses, from the start; or where both have an exam, and it is asked for, counted back from it."""
    weeks = exam_week(mine, profile_of(user).exam_on), exam_week(journey)
    if weeks[0] is None or weeks[1] is None:
        return {"beside": comparison(mine, journey), "has_back": False}
    is_back = request.GET.get("counted") == "back"
    return {"beside": comparison(mine, journey, exam_weeks=(weeks[0], weeks[1]) if is_back else None), "has_back": True}


def _asked_about(request: HttpRequest, came: Unknown) -> HttpResponse:
    shown = {
        "journey": came.journey,
        "headline": headline(came.journey, current_content()),
        "key": came.journey.public_key,
        "groups": [came.journey.public_key[index : index + 8] for index in range(0, 64, 8)],
        "name": came.name,
        "held": as_field(came.packed),
    }
    return render(request, "journeys/key.html", shown)


def _own_ids(user: User) -> frozenset[UUID]:
    return frozenset(JourneyShare.objects.filter(user=user).values_list("pk", flat=True))


def _first_step(user: User, content: Content, journeys: Sequence[Journey]) -> str:
    """One's own step where the library has it, else that with the most journeys."""
    counts = Counter(step_value(journey) for journey in journeys)
    mine = own_beginning(user, content, at=clock.now()) if counts else None
    own = f"{mine.programme}/{mine.step}" if mine else ""
    return own if own in counts else max(counts, key=lambda step: (counts[step], step), default="")


def _pages(wanted: Wanted, here: Found) -> list[dict[str, Any]]:
    """The pages beside this one, the first and the last; none where one holds all."""
    if here.n_pages < 2:
        return []
    numbers = sorted({1, *range(max(1, here.page - 2), min(here.n_pages, here.page + 2) + 1), here.n_pages})
    return [{"n": n, "query": wanted.query(page=n), "is_here": n == here.page} for n in numbers]
