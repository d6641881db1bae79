"""How alike two beginnings are, and in what.

Gower's coefficient (Gower JC. A general coefficient of similarity and some of its properties. Biometrics 1971;27:857-871):
the mean over what both tell, each between 0 and 1. Of what has an order the distance in places counts, of the rest whether it
is the same. What one of them does not tell is left out, and how many features were compared is said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bedside.journeys.journey import AGES, WORK_HOURS, YEARS_SINCE_GRADUATION, Journey, Start

LIKE = 0.75  # from this nearness on a feature counts as alike: the same, or neighbours in a long order; assumed
LEVEL_REACH = 400  # per mille; starting levels that far apart are not alike at all; assumed
FEATURES = ("step", "age", "trained_in", "years_since_graduation", "work_hours", "language", "level")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike, 0 to 1, and by feature those that both tell. None of them: `alike` is None."""

    alike: float | None
    by_feature: dict[str, float]

    @property
    def n_compared(self) -> int:
        return len(self.by_feature)

    @property
    def like(self) -> tuple[str, ...]:
        """The features in which the two are alike, in the order of `FEATURES`; `different` are the others."""
        return tuple(name for name in FEATURES if self.by_feature.get(name, 0.0) >= LIKE)

    @property
    def different(self) -> tuple[str, ...]:
        return tuple(name for name in FEATURES if self.by_feature.get(name, LIKE) < LIKE)


@dataclass(frozen=True, slots=True)
class Beginning:
    """Whom to compare with: a step and a start."""

    programme: str
    step: str
    start: Start


def beginning_of(journey: Journey) -> Beginning:
    """The beginning of a journey."""
    return Beginning(journey.programme, journey.step, journey.start)


def likeness(mine: Beginning, theirs: Beginning) -> Likeness:
    """How alike two beginnings are; the same in both directions."""
    one, other = mine.start, theirs.start
    found = {
        "step": float((mine.programme, mine.step) == (theirs.programme, theirs.step)),
        "age": _ordered(one.age, other.age, AGES),
        "trained_in": _same(one.trained_in, other.trained_in),
        "years_since_graduation": _ordered(one.years_since_graduation, other.years_since_graduation, YEARS_SINCE_GRADUATION),
        "work_hours": _ordered(one.work_hours, other.work_hours, WORK_HOURS),
        "language": _same(one.language, other.language),
        "level": _near(one.level, other.level),
    }
    told = {name: value for name, value in found.items() if value is not None}
    # a step is always told; with nothing else in common it would make everybody of the step the same person
    return Likeness(sum(told.values()) / len(told) if len(told) > 1 else None, told)


def most_alike(mine: Beginning, journeys: Sequence[Journey]) -> list[tuple[Journey, Likeness]]:
    """The journeys: those of the same step before others, then the most alike, then where more was compared, then by id."""
    compared = [(journey, likeness(mine, beginning_of(journey))) for journey in journeys]
    return sorted(compared, key=_place)


def _place(one: tuple[Journey, Likeness]) -> tuple[float, float, int, str]:
    journey, how = one
    return -how.by_feature["step"], -(how.alike or 0.0), -how.n_compared, str(journey.id)


def _same(one: str | None, other: str | None) -> float | None:
    return None if one is None or other is None else float(one == other)


def _ordered(one: str | None, other: str | None, order: Sequence[str]) -> float | None:
    if one is None or other is None:
        return None
    return 1 - abs(order.index(one) - order.index(other)) / (len(order) - 1)


def _near(one: int | None, other: int | None) -> float | None:
    return None if one is None or other is None else max(0.0, 1 - abs(one - other) / LEVEL_REACH)
