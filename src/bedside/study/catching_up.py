"""What would make up for missed days, as an offer: nothing waits for an answer, and the plan holds without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bedside.study.plan import Calendar

LOOK_BACK_DAYS = 28  # what lies further back is never asked for again
OVER_DAYS = 14
MOST_EXTRA = 0.25  # of a day's minutes
WORTH_AN_OFFER = 0.1  # of the minutes that were meant; less than that is no matter


@dataclass(frozen=True, slots=True)
class CatchUp:
    """An offer: so many more minutes on each day of study of the next two weeks. What they don't make up is let go."""

    minutes_behind: float
    extra_minutes_a_day: float
    until: date
    minutes_let_go: float


def catch_up(calendar: Calendar, studied_minutes: Mapping[date, float], began_on: date, on: date) -> CatchUp | None:
    """The offer of a day, from the minutes studied by study day; None where nobody is much behind."""
    first = max(began_on, on - timedelta(days=LOOK_BACK_DAYS))
    meant = calendar.minutes_in(first, on)
    done = sum(minutes for day, minutes in studied_minutes.items() if first <= day < on)
    behind = meant - done
    until = on + timedelta(days=OVER_DAYS)
    ahead = [calendar.minutes_on(on + timedelta(days=n)) for n in range(OVER_DAYS)]
    n_days = sum(minutes > 0 for minutes in ahead)
    if behind <= WORTH_AN_OFFER * meant or not n_days:
        return None
    extra = min(behind, MOST_EXTRA * sum(ahead))
    return CatchUp(behind, extra / n_days, until - timedelta(days=1), behind - extra)
