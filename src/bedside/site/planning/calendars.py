"""When a person can study, by their calendar, and by their profile where they kept none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bedside.site.accounts.models import Profile, User
from bedside.site.planning.models import StudyCalendar
from bedside.study import Calendar

USUAL_MINUTES = 30  # a day, where the person said none
WEEK_DAYS = 7
MOST_DAYS_OFF = 1000  # that one range may hold
LOOKED_BACK_DAYS, LOOKED_AHEAD_DAYS = 60, 400  # of weekdays without minutes, as days off


@dataclass(frozen=True, slots=True)
class Extra:
    """Minutes that a catch-up adds to each day of study of a stretch."""

    minutes: float
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Times:
    """A person's calendar as the core reads it, and a catch-up that they accepted."""

    calendar: Calendar
    extra: Extra | None
    ranges_off: tuple[tuple[date, date], ...]
    put_away_on: date | None
    said_on: date | None  # since when the calendar holds, where it was kept; before that other minutes may have held

    def minutes_on(self, day: date) -> float:
        """The minutes meant for a day, with those of a catch-up."""
        minutes = self.calendar.minutes_on(day)
        if minutes > 0 and self.extra is not None and self.extra.first <= day <= self.extra.last:
            minutes = min(24 * 60.0, minutes + self.extra.minutes)
        return minutes

    def days_off(self, first: date, last: date) -> frozenset[date]:
        """The days without minutes from one day to another."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return frozenset(day for day in days if self.calendar.minutes_on(day) <= 0)

    def ordinals_off(self, on: date) -> frozenset[int]:
        """The days without minutes around a day, as what falls due is moved by."""
        if not any(self.calendar.weekday_minutes):
            return frozenset()  # nobody who never studies needs anything moved
        found = self.days_off(on - timedelta(days=LOOKED_BACK_DAYS), on + timedelta(days=LOOKED_AHEAD_DAYS))
        return frozenset(day.toordinal() for day in found)


def times_of(user: User, profile: Profile) -> Times:
    """When this person can study."""
    return times_from(StudyCalendar.objects.filter(user=user).first(), profile)


def times_from(row: StudyCalendar | None, profile: Profile) -> Times:
    """The same from rows."""
    ranges = tuple(_range(pair) for pair in row.days_off) if row else ()
    calendar = Calendar(_week(row, profile), frozenset(_days(ranges)))
    extra = None
    if row and row.extra_minutes and row.extra_from and row.extra_until:
        extra = Extra(float(row.extra_minutes), row.extra_from, row.extra_until)
    changed_at: datetime | None = row.changed_at if row else None  # a row that was not kept yet has none
    said_on = changed_at.date() if changed_at is not None else None
    return Times(calendar, extra, ranges, row.put_away_on if row else None, said_on)


def has_own_week(row: StudyCalendar | None, profile: Profile) -> bool:
    """Do the minutes of the calendar's weekdays count, and not those of the profile?"""
    return row is not None and len(row.weekday_minutes) == WEEK_DAYS and row.minutes_a_day == profile.minutes_a_day


def _week(row: StudyCalendar | None, profile: Profile) -> tuple[float, float, float, float, float, float, float]:
    if row is not None and has_own_week(row, profile):
        one, two, three, four, five, six, seven = (float(minutes) for minutes in row.weekday_minutes)
        return one, two, three, four, five, six, seven
    each = float(profile.minutes_a_day or USUAL_MINUTES)
    return each, each, each, each, each, each, each


def _range(pair: list[str]) -> tuple[date, date]:
    return date.fromisoformat(pair[0]), date.fromisoformat(pair[1])


def _days(ranges: Iterable[tuple[date, date]]) -> Iterable[date]:
    for first, last in ranges:
        for n in range(min(MOST_DAYS_OFF, (last - first).days + 1)):
            yield first + timedelta(days=n)
