"""How the bank is spread: families on a takeaway, judged difficulty, and what the linter and readers found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bedside.bank.coverage import PublishedRange
from bedside.bank.item import Item
from bedside.findings import Finding, Severity

SIZES = ("0", "1", "2", "3", "4+")  # of families, as they are counted
N_BINS = 10  # of the judged difficulty, each a tenth wide


@dataclass(frozen=True, slots=True)
class Family:
    """What carries one takeaway."""

    takeaway: str
    area: str
    items: tuple[str, ...]
    models: tuple[str, ...]
    cases: tuple[str, ...]

    @property
    def size(self) -> int:
        """Items, models and cases together."""
        return len(self.items) + len(self.models) + len(self.cases)

    def as_dict(self) -> dict[str, Any]:
        return {
            "takeaway": self.takeaway,
            "items": list(self.items),
            "models": list(self.models),
            "cases": list(self.cases),
        }


@dataclass(frozen=True, slots=True)
class AreaFamilies:
    """The takeaways of one area; `weight` is what it has of an exam in per cent, the mean over the steps, None unpublished."""

    area: str
    weight: float | None
    families: tuple[Family, ...]

    @property
    def by_items(self) -> Mapping[str, int]:
        """How many takeaways have no item, one, two, three, and four or more."""
        counts = Counter(min(len(family.items), 4) for family in self.families)
        return {name: counts[n] for n, name in enumerate(SIZES)}

    def as_dict(self) -> dict[str, Any]:
        return {
            "area": self.area,
            "weight": self.weight,
            "takeaways": len(self.families),
            "by_items": dict(self.by_items),
            "families": [family.as_dict() for family in self.families],
        }


@dataclass(frozen=True, slots=True)
class Difficulty:
    """Judged shares of just-passing candidates who get an item right: `bins` from 0 on, each a tenth, the last with its end."""

    n_items: int  # with a judged difficulty
    mean: float | None
    bins: tuple[int, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"items": self.n_items, "mean": None if self.mean is None else round(self.mean, 3), "tenths": list(self.bins)}


def families(
    takeaways: Iterable[str],
    items: Iterable[Item],
    *,
    models: Mapping[str, Sequence[str]],
    cases: Mapping[str, Sequence[str]],
    ranges: Iterable[PublishedRange] = (),
    axis: str = "system",
) -> tuple[AreaFamilies, ...]:
    """The families by area, those areas first that weigh most in the exams.

    Args:
        models: id of a question model → its takeaways; `cases` likewise.
        ranges: the published rows; the weight of an area is its part of the middle of the row of `axis` that has it.
    """
    carried: dict[str, tuple[list[str], list[str], list[str]]] = {name: ([], [], []) for name in takeaways}
    named = [(0, item.id, item.takeaways) for item in items]
    named += [(1, name, tuple(of)) for name, of in models.items()] + [(2, name, tuple(of)) for name, of in cases.items()]
    for kind, name, of in named:
        for takeaway in of:
            if takeaway in carried:
                carried[takeaway][kind].append(name)
    weights = _weights(ranges, axis)
    by_area: dict[str, list[Family]] = {}
    for takeaway, of_kind in sorted(carried.items()):
        area = takeaway.partition(".")[0]
        by_area.setdefault(area, []).append(Family(takeaway, area, *(tuple(sorted(names)) for names in of_kind)))
    found = [AreaFamilies(area, weights.get(area), tuple(of)) for area, of in by_area.items()]
    return tuple(sorted(found, key=lambda one: (-(one.weight or 0), one.area)))


def _weights(ranges: Iterable[PublishedRange], axis: str) -> dict[str, float]:
    told: dict[str, list[float]] = {}
    for row in ranges:
        if row.axis == axis and row.low is not None and row.high is not None:
            for code in row.covers:
                told.setdefault(code, []).append((row.low + row.high) / 2 / len(row.covers))
    return {code: round(sum(weights) / len(weights), 1) for code, weights in told.items()}


def difficulty(items: Iterable[Item]) -> Difficulty:
    """The spread of the judged difficulty.

    >>> difficulty([])
    Difficulty(n_items=0, mean=None, bins=(0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    """
    judged = [item.difficulty for item in items if item.difficulty is not None]
    # rounded first: 0.29 and 0.71 are not exact, and a bound must lie in the bin that it begins
    places = Counter(min(int(round(share * N_BINS, 6)), N_BINS - 1) for share in judged)
    return Difficulty(len(judged), sum(judged) / len(judged) if judged else None, tuple(places[n] for n in range(N_BINS)))


def by_rule(findings: Iterable[Finding]) -> Mapping[str, Mapping[str, int]]:
    """How often each rule found something, by severity, the most frequent first."""
    counted = Counter((finding.rule, finding.severity) for finding in findings)
    rules = Counter(rule for rule, _ in counted.elements())
    return {
        rule: {severity.value: counted[rule, severity] for severity in Severity if counted[rule, severity]}
        for rule, _ in sorted(rules.items(), key=lambda one: (-one[1], one[0]))
    }
