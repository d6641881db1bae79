"""Would I pass, over time: what was to be said at the end of each week, by what had been answered until then.

The bank and its areas are those of today; the answers and practice scores are those of that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bedside.measure import Readiness, TooLittle
from bedside.site.passing.state import Passing

MOST_POINTS = 26  # half a year of weeks; a longer history is looked at in longer steps
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Point:
    """A day that was looked at, and what was to be said on it."""

    on: date
    found: Readiness | TooLittle

    @property
    def readiness(self) -> Readiness | None:
        """The answer, where there was enough to give one."""
        return self.found if isinstance(self.found, Readiness) else None


@dataclass(frozen=True, slots=True)
class OverTime:
    """Points in the order of time, the last of today."""

    points: tuple[Point, ...]

    @property
    def now(self) -> Point:
        return self.points[-1]

    @property
    def drawn(self) -> list[tuple[date, Readiness]]:
        """Those with an answer."""
        return [(point.on, point.readiness) for point in self.points if point.readiness is not None]


def past_of(passing: Passing) -> tuple[Point, ...]:
    """Look back from a day in weeks, or in longer steps where the history is long."""
    first = passing.answers.day[0] if len(passing.answers) else passing.on.toordinal()
    days = days_looked_at(date.fromordinal(int(first)), passing.on)
    return tuple(Point(day, passing.on_day(day)) for day in days)


def days_looked_at(first: date, on: date) -> list[date]:
    """Back from a day in weeks or whole multiples of one, as far as the first day, without the day itself."""
    n_days = max(0, (on - first).days)
    step = WEEK_DAYS * max(1, -(-(n_days // WEEK_DAYS) // MOST_POINTS))
    back = range(step, n_days + 1, step)
    return [date.fromordinal(on.toordinal() - days) for days in reversed(back)]
