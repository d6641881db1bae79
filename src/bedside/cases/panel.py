"""The graded panel: does the score rise with ability, and does each item do its part?

Candidates of `policies.perturb` with abilities spread evenly over a range, in every variant of the case in turn. The gate is a
rank correlation of at least 0.7 between ability and score (Spearman), medians of five bands of ability in strict order, at
most a tenth of the candidates on one score, and for every credit a positive correlation of its points with those of all
others (item-rest).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from bedside.cases.chance import Chance
from bedside.cases.engine import Run
from bedside.cases.policies import ABILITY, Reference, perturb
from bedside.cases.scoring import score

N_BANDS = 5
MIN_CORRELATION = 0.7
MAX_ON_ONE = 0.1
_STREAM = 2  # so that no candidate of a panel has the chances of one of a fuzz


@dataclass(frozen=True, slots=True)
class Candidate:
    """One candidate of a panel: ability, score in percent, raw points, and the points of each item in the file's order."""

    ability: float
    percent: float
    raw: float
    points: tuple[float, ...]
    has_died: bool


@dataclass(frozen=True, slots=True)
class ItemRest:
    """How an item goes with the rest; `correlation` is None where all candidates earn the same by it."""

    id: str
    is_credit: bool
    correlation: float | None


@dataclass(frozen=True, slots=True)
class Panel:
    """The figures of a panel. `bands` are medians in percent from the least able fifth to the ablest."""

    n: int
    bands: tuple[float, ...]
    correlation: float
    on_one: float
    most_common: float
    died: float
    items: tuple[ItemRest, ...]

    @property
    def is_ordered(self) -> bool:
        """Is every band strictly above the one before?"""
        return all(lower < higher for lower, higher in zip(self.bands, self.bands[1:], strict=False))


def candidate(references: Sequence[Reference], number: int, n: int, seed: int) -> Candidate:
    """Candidate `number` of `n`."""
    reference = references[number % len(references)]
    chance = Chance(seed, _STREAM, number)
    ability = ABILITY * (2 * (number + chance.unit()) / n - 1)
    run = Run(reference.case, seed=number)
    perturb(run, reference, ability, chance)
    result = score(reference.case, run.history)
    points = {line.id: line.points for line in (*result.lines, *result.harms)}
    in_order = tuple(points[plan.id] for plan in reference.case.items)
    return Candidate(ability, result.percent, result.raw, in_order, run.history.has_died)


def panel_of(references: Sequence[Reference], candidates: Sequence[Candidate]) -> Panel:
    """The figures of these candidates, of whom there must be one in each band."""
    bands: list[list[float]] = [[] for _ in range(N_BANDS)]
    for one in candidates:
        bands[min(N_BANDS - 1, int((one.ability + ABILITY) / (2 * ABILITY) * N_BANDS))].append(one.percent)
    scores = [one.percent for one in candidates]
    most_common, number = Counter(round(percent, 1) for percent in scores).most_common(1)[0]
    items = tuple(
        ItemRest(plan.id, plan.points > 0, _item_rest(candidates, place)) for place, plan in enumerate(references[0].case.items)
    )
    return Panel(
        n=len(candidates),
        bands=tuple(median(band) for band in bands),
        correlation=rank_correlation([one.ability for one in candidates], scores),
        on_one=number / len(candidates),
        most_common=most_common,
        died=sum(one.has_died for one in candidates) / len(candidates),
        items=items,
    )


def rank_correlation(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Spearman's, equals sharing their ranks; 0 where either does not vary."""
    return correlation(_ranks(xs), _ranks(ys)) or 0.0


def correlation(xs: Sequence[float], ys: Sequence[float]) -> float | None:
    """Pearson's, None where either does not vary."""
    mean_x, mean_y = mean(xs), mean(ys)
    squares_x = sum((x - mean_x) ** 2 for x in xs)
    squares_y = sum((y - mean_y) ** 2 for y in ys)
    if squares_x < 1e-12 or squares_y < 1e-12:
        return None
    products = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    return float(products / (squares_x * squares_y) ** 0.5)


def _item_rest(candidates: Sequence[Candidate], place: int) -> float | None:
    return correlation([one.points[place] for one in candidates], [sum(one.points) - one.points[place] for one in candidates])


def _ranks(values: Sequence[float]) -> list[float]:
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks = [0.0] * len(values)
    start = 0
    while start < len(order):
        stop = start
        while stop < len(order) and values[order[stop]] == values[order[start]]:
            stop += 1
        for place in order[start:stop]:
            ranks[place] = (start + stop - 1) / 2
        start = stop
    return ranks
