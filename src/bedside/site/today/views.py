"""The first page: what to do now, why, and how long it takes."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from bedside.errors import StoreError, UsageError
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.page_queries import step_title
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content, current_content
from bedside.site.exam.actions import Issued
from bedside.site.exam.sealed import sealing_sitting, see_unsealed
from bedside.site.pages import page, user_of
from bedside.site.passing.words import chance_line
from bedside.site.planning import actions
from bedside.site.planning.blocks import block_of_session, timed_block_of_session
from bedside.site.planning.nightly import first_look
from bedside.site.planning.sessions import Day, day_of, keep_day
from bedside.site.planning.telling import left_lines
from bedside.site.practice.page_queries import past_blocks
from bedside.site.problems import NoItemsError
from bedside.site.study.parts import take_in
from bedside.site.study.zones import zone_of
from bedside.site.today.queries import last_week
from bedside.site.today.steps import next_of, steps_of

logger = logging.getLogger(__name__)

SHOWN_BLOCKS = 5
SEED_BITS = 62  # fits the database's signed integer


@require_GET
@page
def today(request: HttpRequest) -> HttpResponse:
    """Go on with what is open, else with the next step of the day's session."""
    user, at = user_of(request), clock.now()
    profile = profile_of(user)
    if profile.welcomed_at is None:
        return redirect("accounts:welcome")
    content = current_content()
    past = past_blocks(user, content, at=at)
    days_left = (profile.exam_on - at.astimezone(zone_of(user.pk)).date()).days if profile.exam_on else None
    shown: dict[str, object] = {
        "open": next((block for block in past if block.is_open), None),
        "week": last_week(user, at=at),
        "past": past[:SHOWN_BLOCKS],
        "exam_title": step_title(content, profile.programme, profile.step) if profile.programme else "",
        "exam_on": profile.exam_on,
        "days_left": days_left,
        "n_problems": len(content.problems),
        "sealing": sealing_sitting(user.pk, at),
    }
    if shown["sealing"] is None:
        shown |= _session(user, content, at=at)
    return render(request, "today/today.html", shown)


@require_POST
@page
def questions(request: HttpRequest) -> HttpResponse:
    """The session's questions that are not done, as one block in tutor mode."""
    return _begin(request, block_of_session)


@require_POST
@page
def timed(request: HttpRequest) -> HttpResponse:
    """The timed block that the session wants."""
    return _begin(request, timed_block_of_session)


@require_POST
@page
def minutes(request: HttpRequest) -> HttpResponse:
    """Make the session again for other minutes."""
    user, at = user_of(request), clock.now()
    see_unsealed(user.pk, at)
    keep_day(user, current_content(), at=at, minutes=_minutes(request))
    return redirect("today:today")


@require_POST
@page
def more(request: HttpRequest) -> HttpResponse:
    """Another session on the same day."""
    user, at = user_of(request), clock.now()
    see_unsealed(user.pk, at)
    content = current_content()
    if keep_day(user, content, at=at).is_finished:  # sent twice, it makes one
        keep_day(user, content, at=at, again=True)
    return redirect("today:today")


@require_POST
@page
def catch_up(request: HttpRequest) -> HttpResponse:
    """Take the offer to make up for missed days, or put it away."""
    user, at = user_of(request), clock.now()
    days = day_of(user, current_content(), at=at).days
    if request.POST.get("answer") == "take":
        actions.accept_catch_up(user, days, at=at)
    else:
        actions.put_catch_up_away(user, days, at=at)
    return redirect("today:today")


def _session(user: User, content: Content, *, at: datetime) -> dict[str, object]:
    """What the page shows of the session. A store that refuses costs it nothing but that the session is not kept."""
    take_in(user, content, at=at)
    try:
        first_look(user, content, at=at)
        day = keep_day(user, content, at=at)
    except StoreError:
        logger.warning("the session of the day could not be kept; it is made with each page until it can be")
        day = day_of(user, content, at=at)
    steps = steps_of(user, content, day, at=at)
    return {
        "day": day,
        "due": {"zone": day.zone.key},  # for the form that tells the browser's zone
        "steps": steps,
        "next": next_of(steps),
        "left_out": left_lines(day),
        "chance": chance_line(day.passing),
    }


def _begin(request: HttpRequest, make: Callable[..., Issued]) -> HttpResponse:
    user, content, at = user_of(request), current_content(), clock.now()
    see_unsealed(user.pk, at)
    day: Day = day_of(user, content, at=at)
    try:
        made = make(user, content, day, seed=secrets.randbits(SEED_BITS), at=at)
    except NoItemsError:
        return redirect("today:today")  # they were done elsewhere meanwhile
    return redirect("exam:sit", made.sitting.pk)


def _minutes(request: HttpRequest) -> float:
    text = request.POST.get("minutes", "").strip()
    try:
        return float(int(text))
    except (ValueError, OverflowError):
        raise UsageError("the minutes of a session must be a whole number from 0 to 1440") from None
