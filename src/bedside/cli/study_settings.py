"""What `bedside study set` changes, and what holds afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from bedside.errors import UsageError

if TYPE_CHECKING:  # rows can be imported once Django has started
    from bedside.site.accounts.models import User
    from bedside.site.content import Content

NONE = "none"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was said on the command line; None: as it is."""

    programme: str | None
    step: str | None
    exam_on: str | None
    minutes: int | None
    week: str | None
    days_off: tuple[str, ...]
    goals: tuple[str, ...]
    zone: str | None


def change(user: User, content: Content, wanted: Wanted) -> None:
    """Change what was said, after all of it has been read.

    Raises:
        UsageError: something can't be read, or is not there; nothing that comes after it was changed.
        StoreError: the store refused.
    """
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.actions import update_profile  # noqa: PLC0415
    from bedside.site.accounts.queries import profile_of  # noqa: PLC0415
    from bedside.site.planning import actions  # noqa: PLC0415
    from bedside.site.study.zones import keep_zone  # noqa: PLC0415

    at, profile = clock.now(), profile_of(user)
    if wanted.minutes is not None and wanted.week is not None:
        raise UsageError("say the minutes of a day or those of a week, not both")
    exam_on = profile.exam_on if wanted.exam_on is None else _day_or_none(wanted.exam_on)
    ranges = [_range(text) for text in wanted.days_off]
    goals = [_goal(text) for text in wanted.goals]
    week = [wanted.minutes] * 7 if wanted.minutes is not None else _week(wanted.week)
    if wanted.zone is not None:
        keep_zone(user, wanted.zone, at=at)
    if (wanted.programme, wanted.step, wanted.exam_on) != (None, None, None):
        programme = profile.programme if wanted.programme is None else wanted.programme
        step = profile.step if wanted.step is None else wanted.step
        actions.set_exam(user, content, programme=programme, step=step, exam_on=exam_on, at=at)
    elif profile.welcomed_at is None:
        update_profile(user, at=at)
    if week is not None:
        actions.set_week(user, week, at=at)
    for first, last in ranges:
        actions.add_days_off(user, first, last, at=at)
    for programme, step, day in goals:
        actions.add_goal(user, content, programme=programme, step=step, exam_on=day, at=at)


def holds(user: User) -> dict[str, Any]:
    """What holds now, as JSON."""
    from bedside.site.accounts.queries import profile_of  # noqa: PLC0415
    from bedside.site.planning.calendars import times_of  # noqa: PLC0415
    from bedside.site.planning.planned import goals_of  # noqa: PLC0415
    from bedside.site.study.zones import zone_of  # noqa: PLC0415

    profile = profile_of(user)
    times = times_of(user, profile)
    return {
        "user": user.username,
        "programme": profile.programme,
        "step": profile.step,
        "exam_on": profile.exam_on.isoformat() if profile.exam_on else None,
        "weekday_minutes": [int(minutes) for minutes in times.calendar.weekday_minutes],
        "days_off": [[first.isoformat(), last.isoformat()] for first, last in times.ranges_off],
        "goals": [
            {"exam": f"{goal.programme}/{goal.step}", "exam_on": goal.exam_on.isoformat() if goal.exam_on else None}
            for goal in goals_of(user)
        ],
        "zone": zone_of(user.pk).key,
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f'"{text}" is no day; write it as 2027-03-14') from None


def _day_or_none(text: str) -> date | None:
    return None if text == NONE else _day(text)


def _range(text: str) -> tuple[date, date]:
    first, _slash, last = text.partition("/")
    return _day(first), _day(last or first)


def _goal(text: str) -> tuple[str, str, date | None]:
    name, _equals, day = text.partition("=")
    programme, slash, step = name.partition("/")
    if not slash:
        raise UsageError(f'"{text}" names no exam; write it as usmle/step2ck or usmle/step2ck=2028-06-01')
    return programme, step, _day(day) if day else None


def _week(text: str | None) -> list[int] | None:
    if text is None:
        return None
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise UsageError(f'"{text}" is no week; write the minutes from Monday to Sunday, as 60,60,60,60,60,120,0') from None
