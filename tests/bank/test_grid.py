"""Area by competency against the target, and what to write next."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bedside.bank import BlueprintEntry, Grid, Item, PublishedRange, Standing, grids
from bedside.bank.grid import fitted
from tests.support.items import item_of, item_text

BASE = item_of(item_text())
RANGES = [
    PublishedRange("exam", "first", "system", ("renal", "blood"), "Renal and blood", 50, 70),
    PublishedRange("exam", "first", "system", ("cardiovascular",), "Heart", 30, 50),
    PublishedRange("exam", "first", "competency", ("diagnosis",), "Diagnosis", 40, 60),
    PublishedRange("exam", "first", "competency", ("management",), "Management", 40, 60),
]


def grid_of(*pairs: tuple[str, str], goal: int | None = None) -> Grid:
    items: list[Item] = []
    for n, (system, competency) in enumerate(pairs):
        entry = BlueprintEntry("exam", "first", {"system": (system,), "competency": (competency,)})
        items.append(replace(BASE, id=f"x-{n}", blueprint=(entry,)))
    (grid,) = grids(items, RANGES, goal=goal)
    return grid


EVEN = [("renal", "diagnosis"), ("blood", "management"), ("cardiovascular", "diagnosis"), ("cardiovascular", "management")]


def test_codes_that_are_bounded_together_make_one_row() -> None:
    grid = grid_of(*EVEN)

    assert [row.label for row in grid.rows] == ["Renal and blood", "Heart"]
    assert grid.counts == ((1, 1), (1, 1))
    assert (grid.n_items, grid.goal) == (4, 4)


def test_a_code_without_a_range_has_a_row_of_its_own() -> None:
    grid = grid_of(*EVEN, ("skin", "diagnosis"))

    assert [row.covers for row in grid.rows] == [("renal", "blood"), ("cardiovascular",), ("skin",)]


def test_targets_fit_the_middles_of_both_ranges() -> None:
    grid = grid_of(*EVEN * 5, goal=200)
    targets = np.array(grid.targets)

    assert targets.sum() == pytest.approx(200)
    assert targets.sum(axis=1) == pytest.approx([120, 80])
    assert targets.sum(axis=0) == pytest.approx([100, 100])


def test_a_pair_that_the_bank_never_makes_is_hardly_asked_for() -> None:
    pairs = [("renal", "diagnosis")] * 30 + [("cardiovascular", "management")] * 20
    targets = np.array(grid_of(*pairs).targets)

    by_chance = 0.6 * 0.5 * 50
    assert targets[0, 1] < by_chance / 2
    assert targets[0, 0] > by_chance


def test_what_to_write_next_begins_with_what_is_below_its_range() -> None:
    # 5 of 30 are of the heart, below 30%; the other cells lack more and lie in no short row or column
    pairs = [("renal", "diagnosis")] * 13 + [("renal", "management")] * 12
    pairs += [("cardiovascular", "management")] * 2 + [("cardiovascular", "diagnosis")] * 3
    grid = grid_of(*pairs, goal=1000)

    assert grid.rows[1].standing is Standing.SHORT
    assert [cell.row for cell in grid.wanted] == [1, 1, 0, 0]
    assert all(cell.in_short == (cell.row == 1) for cell in grid.wanted)
    assert grid.wanted[2].gap > grid.wanted[1].gap


def test_a_bank_at_its_targets_wants_nothing() -> None:
    pairs = [("renal", "diagnosis")] * 3 + [("blood", "management")] * 3
    assert grid_of(*pairs, *[("cardiovascular", "diagnosis")] * 2, *[("cardiovascular", "management")] * 2).wanted == ()


def test_a_goal_below_what_is_there_changes_nothing() -> None:
    assert grid_of(*EVEN, goal=1).goal == 4


def test_items_without_a_code_on_both_axes_are_in_no_cell() -> None:
    assert grids([replace(BASE, blueprint=(BlueprintEntry("exam", "first", {"system": ("renal",)}),))], RANGES) == ()
    assert grids([], RANGES) == ()


def test_json_has_the_cells_and_what_to_write_next() -> None:
    told = grid_of(*EVEN * 5, goal=40).as_dict()

    assert (told["step"], told["items"], told["goal"]) == ("first", 20, 40)
    assert told["counts"] == [[5, 5], [5, 5]]
    assert told["next"][0] == {
        "system": ["renal", "blood"],
        "competency": ["diagnosis"],
        "items": 5,
        "target": 12.0,
        "short": False,
    }


shares = st.integers(2, 6).flatmap(lambda n: arrays(np.float64, n, elements=st.floats(0.05, 1))).map(lambda a: a / a.sum())


@given(shares, shares, st.integers(0, 10_000))
def test_fitted_shares_have_the_given_rows_and_columns_whatever_the_bank_has(
    rows: np.ndarray, columns: np.ndarray, seed: int
) -> None:
    counts = np.random.default_rng(seed).poisson(2, (len(rows), len(columns)))
    found = fitted(counts, rows, columns)

    assert (found >= 0).all()
    assert found.sum(axis=0) == pytest.approx(columns, abs=1e-6)
    assert found.sum(axis=1) == pytest.approx(rows, abs=1e-4)
