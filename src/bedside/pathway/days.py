"""Days as numbers (the proleptic ordinal), and what lies months and years after them.

A number, because the language of expressions has numbers and no days. `NEVER` stands for the day of what has not happened
and never will; it is later than every day, and stays so however many months are added.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

NEVER: Final = date.max.toordinal()

MONTHS_OF_A_YEAR: Final = 12


def day_of(ordinal: int) -> date | None:
    """The day of a number; None for `NEVER`."""
    return None if ordinal >= NEVER else date.fromordinal(ordinal)


def months_after(day: int, months: int) -> int:
    """The same day of the month so many months on; the last of the month where it has no such day.

    Raises:
        ValueError: a day before the year 1.
    """
    if day >= NEVER:
        return NEVER
    start = date.fromordinal(day)
    year, month = divmod(start.year * MONTHS_OF_A_YEAR + start.month - 1 + months, MONTHS_OF_A_YEAR)
    if year > date.max.year:
        return NEVER
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1])).toordinal()


def merged(periods: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Periods (first day, day after the last) in order, without overlaps and without seams."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(periods):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return joined


def reached(periods: Sequence[tuple[int, int]], months: int) -> int:
    """The day on which so many months lie behind, counted over merged periods; `NEVER` if they do not hold so many.

    Whole months count as months, whatever their length; what is left of a period counts in days towards the next.
    """
    spare = 0  # days that earlier periods had beyond their whole months
    for start, end in periods:
        done = months_after(start, months) - spare
        if done <= end or end >= NEVER:
            return done
        whole = 0
        while months_after(start, whole + 1) <= end:
            whole += 1
        months -= whole
        spare += end - months_after(start, whole)
    return NEVER
