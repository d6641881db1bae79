"""Days that come back each season: as published where that is known, else projected from the last known, and marked so."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bedside.pathway.timeline.entries import Repeats
from bedside.pathway.timeline.plan import Grounds

DAYS_OF_A_WEEK = 7
SEASONS_TRIED = 80  # a lifetime


@dataclass(frozen=True, slots=True)
class Known:
    """A published day."""

    day: date
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class SeasonDay:
    """A day of a season. `is_projected`: nobody has published it, it stands where it stood in the season of the grounds."""

    day: date
    is_projected: bool
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class CalendarDate:
    """A day that comes back. `offset` is the name of another and the days from it."""

    name: str
    what: str
    repeats: Repeats | None
    offset: tuple[str, int] | None
    known: Mapping[int, Known]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one kind of season."""

    name: str
    title: str
    is_one_season: bool
    dates: Mapping[str, CalendarDate]

    @property
    def first_season(self) -> int:
        """The first of which anything is known; of seasons before it nothing is said."""
        return min(season for one in self.dates.values() for season in one.known)

    def titled(self, season: int) -> str:
        """What the season is called."""
        return self.title.replace("{season}", str(season))

    def day(self, name: str, season: int) -> SeasonDay:
        """The day of that name in a season from its first known one on; before that, that of the first known moved back."""
        one = self.dates[name]
        if season in one.known:
            return SeasonDay(one.known[season].day, is_projected=False, grounds=one.known[season].grounds)
        earlier = [known for known in one.known if known < season]
        base = max(earlier) if earlier else min(one.known)
        if one.offset is not None:
            other = self.day(one.offset[0], season).day
            return SeasonDay(other + timedelta(days=one.offset[1]), is_projected=True, grounds=one.known[base].grounds)
        day = _moved(one.known[base].day, season - base, one.repeats)
        return SeasonDay(day, is_projected=True, grounds=one.known[base].grounds)


@dataclass(frozen=True, slots=True)
class Window:
    """Between which days of a calendar something can start."""

    calendar: Calendar
    opens: str
    closes: str

    def first(self, day: date, least: int | None) -> tuple[date, int]:
        """The first day from `day` on inside a season (`least` or later), and the season. No later day gives an earlier."""
        season = max(self.calendar.first_season, least or 0)
        for one in range(season, season + SEASONS_TRIED):
            if self.calendar.day(self.closes, one).day >= day:
                return max(day, self.calendar.day(self.opens, one).day), one
        return day, season + SEASONS_TRIED  # beyond a lifetime: it stands where it is asked for

    def last(self, day: date, season: int) -> date:
        """The last day up to `day` inside the season, or a later one where the calendar lets seasons be passed over."""
        found = min(day, self.calendar.day(self.closes, season).day)
        if not self.calendar.is_one_season:
            for one in range(season + 1, season + SEASONS_TRIED):
                if self.calendar.day(self.opens, one).day > day:
                    break
                found = min(day, self.calendar.day(self.closes, one).day)
        return found

    def season_of(self, day: date) -> int:
        """The season for which something done on that day counts: the first whose last day is not over."""
        last = [max(self.calendar.dates, key=lambda name: self.calendar.day(name, self.calendar.first_season).day)]
        season = self.calendar.first_season
        while self.calendar.day(last[0], season).day < day and season < day.year + SEASONS_TRIED:
            season += 1
        return season


def _moved(day: date, years: int, repeats: Repeats | None) -> date:
    year = day.year + years
    if repeats is not Repeats.WEEKDAY_OF_MONTH:
        return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))
    nth = (day.day - 1) // DAYS_OF_A_WEEK
    first = date(year, day.month, 1)
    found = first + timedelta(days=(day.weekday() - first.weekday()) % DAYS_OF_A_WEEK + nth * DAYS_OF_A_WEEK)
    return found if found.month == day.month else found - timedelta(days=DAYS_OF_A_WEEK)
