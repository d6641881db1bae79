"""Days on which there was nothing to do: a session of then would have been empty. They are no days missed.

Looked for only in the gap before a day, from the last day with a review on; what has fallen due stays due, so that the first
day with something to do ends the search.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.planning.models import DaySession
from bedside.site.planning.showing import day_start
from bedside.site.planning.standing import Standing, standing_of
from bedside.site.study.models import StudyReview
from bedside.study import build_session, study_day

MOST_LOOKED_BACK = 14  # days
MOST_MEMORIES = 3_000
NOON = time(12)


def noted_idle(user: User, on: date) -> frozenset[date]:
    """The days before one of which it was noted that there was nothing to do."""
    rows = DaySession.objects.filter(user=user, is_idle=True, on__lt=on)
    return frozenset(rows.values_list("on", flat=True))


def idle_before(user: User, content: Content, now: Standing) -> frozenset[date]:
    """The days without anything to do just before the one of a standing.

    What is new now was new before, and of thousands of memories some are always due: then there was something to do.
    """
    if len(now.state.unmet) or len(now.state.known.schedule) > MOST_MEMORIES:
        return frozenset()
    found: set[date] = set()
    times, zone, on = now.times, now.zone, now.on
    day = _last_review(user, zone, on)
    while day is not None and (day := day + timedelta(days=1)) < on:
        if (on - day).days > MOST_LOOKED_BACK:
            break  # whoever was away for so long is met by what is due then
        minutes = times.calendar.minutes_on(day)
        if minutes <= 0:
            continue
        if not _is_idle(user, content, zone, day, minutes):
            break
        found.add(day)
    return frozenset(found)


def note_idle(user: User, days: frozenset[date], *, at: datetime) -> None:
    """Note days without anything to do; inside a transaction of the caller."""
    for on in sorted(days):
        empty = {"made_at": at, "inputs": "", "minutes": 0.0, "session": {"pieces": [], "left_out": []}, "is_idle": True}
        DaySession.objects.update_or_create(user=user, on=on, number=1, defaults={"is_idle": True}, create_defaults=empty)


def _last_review(user: User, zone: ZoneInfo, on: date) -> date | None:
    rows = StudyReview.objects.filter(user=user, at__lt=day_start(on, zone)).order_by("-at")
    last = rows.values_list("at", flat=True).first()
    return study_day(last, zone) if last is not None else None


def _is_idle(user: User, content: Content, zone: ZoneInfo, day: date, minutes: float) -> bool:
    standing = standing_of(user, content, at=datetime.combine(day, NOON, tzinfo=zone))
    return not build_session(standing.state, minutes, day, seed=day.toordinal()).pieces
