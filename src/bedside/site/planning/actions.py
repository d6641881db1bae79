"""What a person decides of their plan: when they can study, which exams they mean to sit, and whether they catch up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from bedside.errors import NotFoundError, UsageError
from bedside.site.accounts.actions import see_exam_day, update_profile
from bedside.site.accounts.days import FIRST_DAY, LAST_DAY
from bedside.site.accounts.models import Profile, User
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.exam.stock import step_of
from bedside.site.planning.calendars import MOST_DAYS_OFF, WEEK_DAYS, times_of
from bedside.site.planning.keeping_days import Days
from bedside.site.planning.limits import MOST_GOALS, MOST_RANGES
from bedside.site.planning.models import StudyCalendar, StudyGoal

MOST_MINUTES = 1440


def set_exam(user: User, content: Content, *, programme: str, step: str, exam_on: date | None, at: datetime) -> Profile:
    """Say which exam is the next, and when; without a programme none is.

    Raises:
        UsageError: there is no such programme or step.
        StoreError: the store refused; nothing was kept.
    """
    if programme:
        step_of(content, programme, step)
    return update_profile(user, at=at, programme=programme, step=step if programme else "", exam_on=exam_on)


def set_week(user: User, minutes: Sequence[int], *, at: datetime) -> None:
    """Say how many minutes there are on each weekday, from Monday; seven equal ones are the profile's minutes a day.

    Raises:
        UsageError: there are not seven, or one is no minutes of a day.
        StoreError: the store refused; nothing was kept.
    """
    if len(minutes) != WEEK_DAYS:
        raise UsageError(f"a week has seven days, from Monday; {len(minutes)} numbers of minutes were given")
    wrong = next((one for one in minutes if not 0 <= one <= MOST_MINUTES), None)
    if wrong is not None:
        raise UsageError(f"the minutes of a day lie between 0 and 1440, not {wrong}")
    if len(set(minutes)) == 1 and minutes[0] > 0:
        update_profile(user, at=at, minutes_a_day=minutes[0])
        _change(user, at=at, weekday_minutes=[])
        return
    _change(user, at=at, weekday_minutes=list(minutes), minutes_a_day=profile_of(user).minutes_a_day)


def add_days_off(user: User, first: date, last: date, *, at: datetime) -> None:
    """Say that nothing is studied from one day to another; twice changes nothing.

    Raises:
        UsageError: the last day lies before the first, the stretch is longer than can be, or there are too many.
        StoreError: the store refused; nothing was kept.
    """
    if last < first:
        raise UsageError(f"the days off end on {last}, before they begin on {first}")
    if (last - first).days >= MOST_DAYS_OFF:
        raise UsageError(f"one stretch of days off has at most {MOST_DAYS_OFF} days")
    if not FIRST_DAY <= first <= last <= LAST_DAY:
        raise UsageError(f"days off lie between {FIRST_DAY} and {LAST_DAY}")
    with one_write():
        ranges = _ranges(user)
        if (first, last) in ranges:
            return
        if len(ranges) >= MOST_RANGES:
            raise UsageError(f"there are {MOST_RANGES} stretches of days off already; take one away first")
        _save(user, at=at, days_off=_as_texts(sorted([*ranges, (first, last)])))


def remove_days_off(user: User, first: date, last: date, *, at: datetime) -> None:
    """Take a stretch of days off back; one that is not there changes nothing.

    Raises:
        StoreError: the store refused; nothing was kept.
    """
    with one_write():
        _save(user, at=at, days_off=_as_texts(pair for pair in _ranges(user) if pair != (first, last)))


def accept_catch_up(user: User, days: Days, *, at: datetime) -> None:
    """Take the offer of a day: from now on until its last day each day of study has more minutes. Without an offer, nothing.

    Raises:
        StoreError: the store refused; nothing was kept.
    """
    offer = days.catch_up
    if offer is not None:
        extra = max(1, round(offer.extra_minutes_a_day))
        _change(user, at=at, extra_minutes=extra, extra_from=days.on, extra_until=offer.until, put_away_on=None)


def put_catch_up_away(user: User, days: Days, *, at: datetime) -> None:
    """Put the offer away; it is not made again for two weeks. While one is taken, that ends.

    Raises:
        StoreError: the store refused; nothing was kept.
    """
    _change(user, at=at, extra_minutes=0, extra_from=None, extra_until=None, put_away_on=days.on)


def add_goal(
    user: User,
    content: Content,
    *,
    programme: str,
    step: str,
    exam_on: date | None,
    not_before: date | None = None,
    at: datetime,
) -> StudyGoal:
    """Mean to sit another exam after the next one; the same step once more changes its days.

    Raises:
        UsageError: there is no such step, a day lies centuries away, or there are too many goals.
        StoreError: the store refused; nothing was kept.
    """
    step_of(content, programme, step)
    see_exam_day(exam_on)
    see_exam_day(not_before)
    with one_write():
        rows = StudyGoal.objects.filter(user=user, removed_at__isnull=True)
        row = rows.filter(programme=programme, step=step).first()
        if row is None and rows.count() >= MOST_GOALS:
            raise UsageError(f"{MOST_GOALS} exams can be planned after the next one")
        row = row or StudyGoal(user=user, key=uuid4(), programme=programme, step=step)
        row.exam_on, row.not_before, row.changed_at = exam_on, not_before, at
        row.save()
    return row


def remove_goal(user: User, key: UUID, *, at: datetime) -> None:
    """Take an exam off the road; it stays as removed.

    Raises:
        NotFoundError: there is no such goal of theirs.
        StoreError: the store refused; nothing was kept.
    """
    row = StudyGoal.objects.filter(user=user, key=key).first()
    if row is None:
        raise NotFoundError("you have no such exam in your plan")
    with one_write():
        row.removed_at, row.changed_at = at, at
        row.save()


def _ranges(user: User) -> list[tuple[date, date]]:
    return list(times_of(user, profile_of(user)).ranges_off)


def _as_texts(ranges: Iterable[tuple[date, date]]) -> list[list[str]]:
    return [[first.isoformat(), last.isoformat()] for first, last in ranges]


def _change(user: User, *, at: datetime, **changes: object) -> None:
    with one_write():
        _save(user, at=at, **changes)


def _save(user: User, *, at: datetime, **changes: object) -> None:
    """Change the calendar. Call it inside the write that read what it changes: two tabs may be at it at one moment."""
    row = StudyCalendar.objects.select_for_update().filter(user=user).first()
    # the later wins on two machines, so a change is never older than what it changes
    changed_at = at if row is None else max(at, row.changed_at + timedelta(microseconds=1))
    row = row or StudyCalendar(user=user)
    for field, value in changes.items():
        setattr(row, field, value)
    row.changed_at = changed_at
    row.save()
