"""How far the bank covers the blueprints: counts and shares beside the published ranges, status of review, key places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bedside.bank.item import Item, Kind

MIN_ITEMS = 20  # of one step; with fewer, one item is over 5% and a share says nothing about the range


@dataclass(frozen=True, slots=True)
class PublishedRange:
    """One published row of a step's blueprint: the codes of an axis that it bounds together, in per cent of the items."""

    programme: str
    step: str
    axis: str
    covers: tuple[str, ...]
    label: str
    low: float | None  # None where no source gives it
    high: float | None


class Standing(StrEnum):
    """Where a share stands to its range; `unknown` without a range or with fewer than `MIN_ITEMS` items."""

    SHORT = "short"
    WITHIN = "within"
    OVER = "over"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of an axis: how many items of the step carry one of its codes."""

    axis: str
    covers: tuple[str, ...]
    label: str
    n_items: int
    share: float  # per cent of the items of the step, rounded to 0.1
    low: float | None
    high: float | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class StepCoverage:
    """One step: its items, its rows, and how many items leave an axis open."""

    programme: str
    step: str
    n_items: int
    rows: tuple[Row, ...]
    n_open: Mapping[str, int]  # axis → items without a code on it
    by_status: Mapping[str, int]
    key_places: Mapping[str, int]  # letter → items with one key, there


@dataclass(frozen=True, slots=True)
class Stats:
    """The whole bank, and each step that has items or published ranges."""

    n_items: int
    n_takeaways: int
    n_without_step: int
    by_status: Mapping[str, int]
    by_collection: Mapping[str, int]
    key_places: Mapping[str, int]
    steps: tuple[StepCoverage, ...]

    def as_dict(self) -> dict[str, Any]:
        """The JSON object that `--json` prints."""
        return {
            "items": self.n_items,
            "takeaways": self.n_takeaways,
            "without_step": self.n_without_step,
            "status": dict(self.by_status),
            "collections": dict(self.by_collection),
            "key_places": dict(self.key_places),
            "steps": [_step_as_dict(step) for step in self.steps],
        }


def stats(
    items: Mapping[str, Item],
    *,
    collection_of: Mapping[str, str],
    n_takeaways: int,
    ranges: Iterable[PublishedRange] = (),
) -> Stats:
    """Count the items of a bank; `ranges` are the published rows, in the order in which they are to be shown."""
    published: dict[tuple[str, str], list[PublishedRange]] = {}
    for row in ranges:
        published.setdefault((row.programme, row.step), []).append(row)
    by_step: dict[tuple[str, str], list[Item]] = {key: [] for key in published}
    for item in items.values():
        for entry in item.blueprint:
            by_step.setdefault((entry.programme, entry.step), []).append(item)
    return Stats(
        n_items=len(items),
        n_takeaways=n_takeaways,
        n_without_step=sum(not item.blueprint for item in items.values()),
        by_status=_by_status(items.values()),
        by_collection=dict(sorted(Counter(collection_of[name] for name in items).items())),
        key_places=_key_places(items.values()),
        steps=tuple(_step(*key, by_step[key], published.get(key, [])) for key in sorted(by_step)),
    )


def _step(programme: str, step: str, items: Sequence[Item], published: Sequence[PublishedRange]) -> StepCoverage:
    on_axis: dict[str, list[tuple[str, ...]]] = {row.axis: [] for row in published}
    for item in items:
        entry = next(entry for entry in item.blueprint if (entry.programme, entry.step) == (programme, step))
        for axis, codes in entry.codes.items():
            on_axis.setdefault(axis, []).append(codes)
    rows: list[Row] = []
    for axis, carried in on_axis.items():
        bounded = [row for row in published if row.axis == axis]
        rows += [_row(row, carried, len(items)) for row in bounded]
        covered = {code for row in bounded for code in row.covers}
        loose = sorted({code for codes in carried for code in codes} - covered)
        unbounded = [PublishedRange(programme, step, axis, (code,), code, None, None) for code in loose]
        rows += [_row(row, carried, len(items)) for row in unbounded]
    return StepCoverage(
        programme,
        step,
        len(items),
        tuple(rows),
        {axis: len(items) - len(carried) for axis, carried in on_axis.items() if len(carried) < len(items)},
        _by_status(items),
        _key_places(items),
    )


def _row(row: PublishedRange, carried: Sequence[tuple[str, ...]], n_all: int) -> Row:
    n = sum(not set(row.covers).isdisjoint(codes) for codes in carried)
    share = 100 * n / n_all if n_all else 0.0
    standing = standing_of(share, n_all, row.low, row.high)
    return Row(row.axis, row.covers, row.label, n, round(share, 1), row.low, row.high, standing)


def standing_of(share: float, n_all: int, low: float | None, high: float | None) -> Standing:
    """Where a share in per cent, of so many items, stands to its range."""
    if low is None or high is None or n_all < MIN_ITEMS:
        return Standing.UNKNOWN
    if share < low:
        return Standing.SHORT
    return Standing.OVER if share > high else Standing.WITHIN


def _by_status(items: Iterable[Item]) -> dict[str, int]:
    return dict(sorted(Counter(item.status.value for item in items).items()))


def _key_places(items: Iterable[Item]) -> dict[str, int]:
    single = (item.key[0] for item in items if item.kind is Kind.ONE_BEST_ANSWER)
    return dict(sorted(Counter(single).items()))


def _step_as_dict(step: StepCoverage) -> dict[str, Any]:
    return {
        "programme": step.programme,
        "step": step.step,
        "items": step.n_items,
        "status": dict(step.by_status),
        "key_places": dict(step.key_places),
        "open": dict(step.n_open),
        "axes": {
            axis: [_row_as_dict(row) for row in step.rows if row.axis == axis]
            for axis in dict.fromkeys(row.axis for row in step.rows)
        },
    }


def _row_as_dict(row: Row) -> dict[str, Any]:
    return {
        "codes": list(row.covers),
        "label": row.label,
        "items": row.n_items,
        "share": row.share,
        "low": row.low,
        "high": row.high,
        "standing": row.standing.value,
    }
