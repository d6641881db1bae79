"""Area by competency: how many items each cell of a step's blueprint has, beside how many it should have.

A published range bounds a row or a column; of a cell nobody says anything. Its target fits the middles of both: the pattern of
the bank, with a quarter of the pattern in which areas and competencies go together by chance mixed in, is scaled until rows
and columns have their shares (iterative proportional fitting: Deming and Stephan, Ann Math Stat 1940;11:427-444). So a kind of
question that the bank never pairs with an area is hardly asked for there, and what a row or column lacks is asked for where
the bank has shown how.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bedside.bank.coverage import PublishedRange, Standing, standing_of
from bedside.bank.item import Item

MIXED_IN = 0.25  # of the pattern by chance, for one of the bank's own
ROUNDS = 200  # of the fitting; it stands still to a thousandth of an item after some twenty


@dataclass(frozen=True, slots=True)
class Line:
    """A row or column: the codes that are bounded together, their items, and the published range in per cent."""

    covers: tuple[str, ...]
    label: str
    n_items: int
    low: float | None
    high: float | None
    standing: Standing

    @property
    def middle(self) -> float | None:
        return None if self.low is None or self.high is None else (self.low + self.high) / 2

    def as_dict(self) -> dict[str, Any]:
        return {
            "codes": list(self.covers),
            "label": self.label,
            "items": self.n_items,
            "low": self.low,
            "high": self.high,
            "standing": self.standing.value,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """A cell with fewer items than its target, by their places in the grid."""

    row: int
    column: int
    n_items: int
    target: float
    in_short: bool  # its row or its column lies below the published range

    @property
    def gap(self) -> float:
        return self.target - self.n_items


@dataclass(frozen=True, slots=True)
class Grid:
    """One step. `targets` are items, fitted to `goal` items in all."""

    programme: str
    step: str
    n_items: int
    goal: int
    across: str  # name of the axis of the columns
    down: str  # name of the axis of the rows
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]
    counts: tuple[tuple[int, ...], ...]
    targets: tuple[tuple[float, ...], ...]

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """What to write next: cells of a row or column that is short first, then by how much is lacking."""
        found = [
            Wanted(r, c, self.counts[r][c], target, Standing.SHORT in (row.standing, column.standing))
            for r, row in enumerate(self.rows)
            for c, column in enumerate(self.columns)
            if (target := self.targets[r][c]) - self.counts[r][c] >= 0.5
        ]
        return tuple(sorted(found, key=lambda cell: (not cell.in_short, -cell.gap, cell.row, cell.column)))

    def as_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "programme": self.programme,
            "step": self.step,
            "items": self.n_items,
            "goal": self.goal,
            "down": self.down,
            "across": self.across,
            "rows": [row.as_dict() for row in self.rows],
            "columns": [column.as_dict() for column in self.columns],
            "counts": [list(row) for row in self.counts],
            "targets": [[round(target, 1) for target in row] for row in self.targets],
            "next": [
                {
                    self.down: list(self.rows[cell.row].covers),
                    self.across: list(self.columns[cell.column].covers),
                    "items": cell.n_items,
                    "target": round(cell.target, 1),
                    "short": cell.in_short,
                }
                for cell in self.wanted
            ],
        }


def grids(
    items: Iterable[Item],
    ranges: Iterable[PublishedRange],
    *,
    down: str = "system",
    across: str = "competency",
    goal: int | None = None,
) -> tuple[Grid, ...]:
    """A grid of each step that has items with a code on both axes.

    Args:
        ranges: the published rows in their order, as for `stats`.
        goal: how many items a step should have; as many as it has where that is more or none is said.
    """
    published: dict[tuple[str, str, str], list[PublishedRange]] = {}
    for row in ranges:
        published.setdefault((row.programme, row.step, row.axis), []).append(row)
    pairs: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for item in items:
        for entry in item.blueprint:
            for pair in zip(entry.codes.get(down, ())[:1], entry.codes.get(across, ())[:1], strict=False):
                pairs.setdefault((entry.programme, entry.step), Counter())[pair] += 1
    found = []
    for (programme, step), of_step in sorted(pairs.items()):
        known = [published.get((programme, step, axis), []) for axis in (down, across)]
        found.append(_grid((programme, step), (down, across), of_step, known, goal))
    return tuple(found)


def _grid(
    step: tuple[str, str],
    axes: tuple[str, str],
    pairs: Mapping[tuple[str, str], int],
    published: Sequence[Sequence[PublishedRange]],
    goal: int | None,
) -> Grid:
    rows = _codes([pair[0] for pair in pairs], published[0])
    columns = _codes([pair[1] for pair in pairs], published[1])
    counts = np.zeros((len(rows), len(columns)), dtype=np.int64)
    row_of = {code: n for n, row in enumerate(rows) for code in row.covers}
    column_of = {code: n for n, column in enumerate(columns) for code in column.covers}
    for (row, column), n in pairs.items():
        counts[row_of[row], column_of[column]] += n
    n_all = int(counts.sum())
    lines = [
        tuple(_line(bound, n, n_all) for bound, n in zip(bounds, sums, strict=True))
        for bounds, sums in ((rows, counts.sum(axis=1).tolist()), (columns, counts.sum(axis=0).tolist()))
    ]
    most = max(goal or 0, n_all)
    targets = fitted(counts, _shares(lines[0], n_all), _shares(lines[1], n_all)) * most
    return Grid(
        *step,
        n_all,
        most,
        across=axes[1],
        down=axes[0],
        rows=lines[0],
        columns=lines[1],
        counts=tuple(tuple(row) for row in counts.tolist()),
        targets=tuple(tuple(row) for row in targets.tolist()),
    )


def _codes(used: Iterable[str], published: Sequence[PublishedRange]) -> list[PublishedRange]:
    """The published rows, then each code that none of them covers."""
    covered = {code for row in published for code in row.covers}
    loose = sorted(set(used) - covered)
    return [*published, *(PublishedRange("", "", "", (code,), code, None, None) for code in loose)]


def _line(bound: PublishedRange, n: int, n_all: int) -> Line:
    standing = standing_of(100 * n / n_all if n_all else 0.0, n_all, bound.low, bound.high)
    return Line(bound.covers, bound.label, n, bound.low, bound.high, standing)


def _shares(lines: Sequence[Line], n_all: int) -> NDArray[np.float64]:
    """The share that each line should have: the middle of its range, else what it has; together 1."""
    shares = np.array([line.middle if line.middle is not None else 100 * line.n_items / n_all for line in lines])
    found: NDArray[np.float64] = shares / shares.sum()
    return found


def fitted(counts: NDArray[np.int64], rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shares of the cells, together 1, whose rows and columns have the given shares and whose pattern is that of `counts`."""
    by_chance = np.outer(rows, columns)
    found: NDArray[np.float64] = counts / max(1, int(counts.sum())) + MIXED_IN * by_chance
    for _ in range(ROUNDS):
        found = found * _ratio(rows, found.sum(axis=1))[:, None]
        found = found * _ratio(columns, found.sum(axis=0))[None, :]
    return found


def _ratio(wanted: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.divide(wanted, there, out=np.zeros_like(wanted), where=there > 0)
    return found
