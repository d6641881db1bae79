"""What was really done: hours, days kept, and how a day after missed ones is met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bedside.study.offers import Kind

REST_DAYS = 2  # a calendar month; they never break a run
LIGHTER = ((3, 0.5), (1, 0.75))  # after at least so many missed days, this share of a day's minutes; assumed
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spent:
    """Minutes spent on one kind of piece on one study day."""

    on: date
    kind: Kind
    minutes: float


@dataclass(frozen=True, slots=True)
class Ledger:
    """Hours studied: in all, by kind, and by week (its Monday)."""

    hours: float
    by_kind: Mapping[Kind, float]
    by_week: Mapping[date, float]


@dataclass(frozen=True, slots=True)
class DaysKept:
    """A run of days with a finished session, the longest there was, and the rest days that are left this month."""

    n_days: int
    longest: int
    rest_days_left: int


def ledger(spent: Iterable[Spent]) -> Ledger:
    """The hours of what was spent, in any order."""
    by_kind: Counter[Kind] = Counter()
    by_week: Counter[date] = Counter()
    for one in spent:
        by_kind[one.kind] += one.minutes / 60  # type: ignore[assignment]  # a Counter adds up floats too
        by_week[one.on - one.on.weekday() * _DAY] += one.minutes / 60  # type: ignore[assignment]
    return Ledger(sum(by_kind.values()), dict(by_kind), dict(sorted(by_week.items())))


def days_kept(finished: Collection[date], on: date, days_off: Collection[date] = ()) -> DaysKept:
    """The run up to this day. Up to two days a month without a session don't break it, and days off never do; today may still
    be finished.
    """
    done = {day for day in finished if day <= on}
    if not done:
        return DaysKept(0, 0, REST_DAYS)
    rests: Counter[tuple[int, int]] = Counter()
    run = longest = 0
    day = min(done)
    while day <= on:
        if day in done:
            run += 1
        elif day < on and day not in days_off:
            rests[day.year, day.month] += 1
            if rests[day.year, day.month] > REST_DAYS:
                run = 0
        longest = max(longest, run)
        day += _DAY
    return DaysKept(run, longest, max(0, REST_DAYS - rests[on.year, on.month]))


def days_missed(finished: Collection[date], on: date, days_off: Collection[date] = ()) -> int:
    """How many days of study in a row, up to yesterday, had no finished session; 0 where none was ever finished."""
    done = {day for day in finished if day < on}
    if not done:
        return 0
    between = ((max(done) + n * _DAY) for n in range(1, (on - max(done)).days))
    return sum(day not in days_off for day in between)


def lighter(minutes: float, n_missed: int) -> float:
    """The minutes of a day that follows missed ones: fewer, never more, so that coming back is easy."""
    share = next((share for least, share in LIGHTER if n_missed >= least), 1.0)
    return minutes * share
