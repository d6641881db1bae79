"""Lengths of time in days and months of the calendar, added and taken away exactly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bedside.pathway.days import months_after

DAYS_OF_A_WEEK = 7
_LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class Span:
    """So many months, and then so many days."""

    days: int = 0
    months: int = 0

    def after(self, day: date) -> date:
        """The day so much later. A later day never gives an earlier one."""
        return date.fromordinal(months_after(day.toordinal(), self.months)) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        """The latest day from which `after` is not later than `day`."""
        wanted = day - timedelta(days=self.days)
        first = months_after(wanted.toordinal(), -self.months)
        found = date.fromordinal(first)
        for ahead in range(_LONGEST_MONTH):  # the end of a month: several days lead to the same one
            later = date.fromordinal(first + ahead)
            if self.after(later) > day:
                break
            found = later
        return found

    @property
    def is_nothing(self) -> bool:
        """Does it take no time?"""
        return not self.days and not self.months


NOTHING = Span()
