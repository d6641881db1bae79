"""What a group of journeys did, told only of groups large enough that nobody can be seen in them.

Hours until readiness are censored: of somebody who stopped or still studies only is known that it took longer. Their
distribution is the product-limit estimate (Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. J Am Stat
Assoc 1958;53:457-481), which goes no further than the largest number of hours that was observed. It says what these people
did, not what anybody will need: those who share are not all who tried.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from bedside.errors import ConflictError
from bedside.journeys.journey import Journey, JourneyWeek

MIN_GROUP = 20  # journeys; a smaller group is never told of as a whole
READY = 800  # per mille: the chance to pass from which a week counts as ready; a convention of this page
QUARTERS = (0.25, 0.5, 0.75)


class SmallGroupError(ConflictError):
    """The group, or what it leaves out of the whole, is so small that single people could be seen in its figures."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The quartiles of a number over the group."""

    n: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Step:
    """After so many hours, this share was ready; `n_at_risk` had studied at least as long and were not ready before."""

    hours: float
    share: float
    n_at_risk: int


@dataclass(frozen=True, slots=True)
class HoursToReady:
    """The product-limit curve, and its quartiles; one that was not reached is None."""

    n: int
    n_ready: int
    steps: tuple[Step, ...]
    quarters: tuple[float | None, float | None, float | None]
    longest: float  # hours of the one who was looked at longest


@dataclass(frozen=True, slots=True)
class Group:
    """What is told of a group."""

    n: int
    hours_to_ready: HoursToReady
    hours: Spread
    weeks: Spread
    hours_a_week: Spread
    days_a_week: Spread
    outcomes: dict[str, int]  # of the last exam that counts: "pass", "fail" and "not told"


def group_of(journeys: Sequence[Journey], *, n_all: int) -> Group:
    """What this group did. `n_all`: how many there are in the library, the group among them.

    Examples are nobody's journey and must not be among them.

    Raises:
        SmallGroupError: the group, or what it leaves out, is smaller than `MIN_GROUP`; by the difference of two groups those
            left out could be seen.
    """
    n = len(journeys)
    if any(journey.is_example for journey in journeys):
        raise ValueError("examples are nobody's journey")
    if n < MIN_GROUP:
        raise SmallGroupError(f"a group is told of from {MIN_GROUP} journeys on; these are {n}")
    if 0 < n_all - n < MIN_GROUP:
        raise SmallGroupError(f"this group leaves out {n_all - n} journeys, which its figures would tell of; take all {n_all}")
    outcomes = {"pass": 0, "fail": 0, "not told": 0}
    for journey in journeys:
        outcomes[journey.outcome or "not told"] += 1
    return Group(
        n=n,
        hours_to_ready=hours_to_ready([hours_until_ready(journey) for journey in journeys]),
        hours=spread([journey.minutes / 60 for journey in journeys]),
        weeks=spread([journey.n_weeks_to_exam for journey in journeys]),
        hours_a_week=spread([sum(week.all_minutes for week in _to_exam(one)) / 60 / one.n_weeks_to_exam for one in journeys]),
        days_a_week=spread([sum(week.days for week in _to_exam(one)) / one.n_weeks_to_exam for one in journeys]),
        outcomes=outcomes,
    )


def _to_exam(journey: Journey) -> list[JourneyWeek]:
    """The weeks up to the last exam: after it somebody waits for the result."""
    return [week for week in journey.weeks if week.week < journey.n_weeks_to_exam]


def hours_until_ready(journey: Journey) -> tuple[float, bool]:
    """Hours up to the end of the first week with a chance of at least `READY`; without one, all hours and False."""
    minutes = 0
    for week in journey.weeks:
        minutes += week.all_minutes
        if week.chance is not None and week.chance.p >= READY:
            return minutes / 60, True
    return minutes / 60, False


def hours_to_ready(observed: Collection[tuple[float, bool]]) -> HoursToReady:
    """The product-limit estimate of hours, each with whether readiness was reached then.

    Of equal hours those who were ready come before those who stopped, as is usual.
    """
    ordered = sorted(observed)
    at_risk, unready = len(ordered), 1.0
    steps: list[Step] = []
    for hours, tied in groupby(ordered, key=lambda one: one[0]):
        here = [is_ready for _, is_ready in tied]
        if n_ready := sum(here):
            unready *= 1 - n_ready / at_risk
            steps.append(Step(hours, 1 - unready, at_risk))
        at_risk -= len(here)
    reached = [next((step.hours for step in steps if step.share >= share - 1e-12), None) for share in QUARTERS]
    longest = ordered[-1][0] if ordered else 0.0
    n_ready = sum(is_ready for _, is_ready in ordered)
    return HoursToReady(len(ordered), n_ready, tuple(steps), (reached[0], reached[1], reached[2]), longest)


def spread(values: Sequence[float]) -> Spread:
    """The quartiles, between neighbours in proportion."""
    ordered = sorted(values)

    def at(share: float) -> float:
        place = share * (len(ordered) - 1)
        below = int(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (place - below) * (ordered[above] - ordered[below])

    return Spread(len(ordered), at(0.25), at(0.5), at(0.75))
