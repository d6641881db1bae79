"""Pictures: each can be read without seeing it, holds no script or style, and says the same as its table."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.drawing import apart, ceiling, number, ticks
from bedside.measure import Items
from bedside.measure.pictures import (
    Observed,
    Picture,
    dif_plot,
    information_curve,
    item_curve,
    item_information,
    observed_shares,
    reliability_curve,
    similarity_map,
    wright_map,
)
from bedside.measure.pictures.frame import p_value

NAMESPACE = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>&"'


def items(n: int = 5) -> Items:
    nan = np.full(n, np.nan)
    ids = (HOSTILE, *(f"item {k}" for k in range(1, n)))
    return Items(ids, np.linspace(0.5, 2, n), np.linspace(-8, 8, n), np.linspace(0, 0.25, n), nan, nan, nan)


def wright() -> Picture:
    return wright_map(np.random.default_rng(1).normal(size=200), items().difficulty, items().ids, 0.3)


def likeness() -> Picture:
    z = np.random.default_rng(2).normal(size=(50, 50))
    z[3, 4], z[0, 1] = 9.0, np.nan
    return similarity_map([HOSTILE, *(f"person {n}" for n in range(1, 50))], z)


def bias() -> Picture:
    effect = np.array([0.2, -1.4, np.nan, 0.0, 0.7])
    return dif_plot(items().ids, effect, np.full(5, 0.3), effect < -1, of="effect")


PICTURES: dict[str, Callable[[], Picture]] = {
    "item curve": lambda: item_curve(items(), 0, Observed(np.array([-1.0, 5.0]), np.array([0.3, 1.0]), np.array([40, 1]))),
    "item information": lambda: item_information(items(), (0, 1, 2, 3, 4)),
    "test information": lambda: information_curve(items(), 0.5),
    "Wright map": wright,
    "reliability": lambda: reliability_curve(np.linspace(0, 1, 50), (np.arange(50) % 2).astype(float)),
    "bias": bias,
    "likeness": likeness,
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_sound_svg_with_a_name_a_description_and_a_table(name: str) -> None:
    picture = PICTURES[name]()
    root = ET.fromstring(picture.svg)

    assert root.get("role") == "img"
    told = {element.get("id"): element.text for element in root if element.tag in {f"{NAMESPACE}title", f"{NAMESPACE}desc"}}
    assert (root.get("aria-labelledby") or "").split() == list(told)
    assert list(told.values()) == [picture.title, picture.said]
    assert picture.table.rows
    assert {len(row) for row in picture.table.rows} == {len(picture.table.columns)}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_has_no_script_no_style_and_no_number_that_is_none(name: str) -> None:
    picture = PICTURES[name]()
    elements = list(ET.fromstring(picture.svg).iter())

    assert {element.tag.removeprefix(NAMESPACE) for element in elements} <= {
        "svg", "title", "desc", "path", "text", "circle", "rect",
    }  # fmt: skip
    assert not [key for element in elements for key in element.attrib if key == "style" or key.startswith("on")]
    assert "nan" not in picture.svg.replace("xmlns", "")
    assert "inf" not in " ".join(element.get("d") or "" for element in elements)


def test_all_persons_and_items_stand_on_a_wright_map_also_those_far_away() -> None:
    rows = wright().table.rows

    assert sum(int(row[1]) for row in rows) == 200
    assert sorted(name for row in rows for name in row[2].split(", ") if name != "–") == sorted(items().ids)
    assert rows[0][0] == "5 and above"
    assert rows[-1][0] == "below −4.75"


def test_the_map_of_likeness_shows_the_forty_most_alike_and_names_the_pairs_beyond_chance() -> None:
    picture = likeness()

    assert picture.table.rows[0] == ("person 3 and person 4", "9")
    assert picture.said.startswith("40 persons")


def test_the_calibration_error_is_that_of_the_groups() -> None:
    told = np.repeat([0.25, 0.75], 100)
    true = np.concatenate([np.arange(100) < 25, np.arange(100) < 65]).astype(float)

    assert reliability_curve(told, true).said.endswith("is 0.05.")


def test_observed_shares_are_of_persons_in_the_order_of_ability() -> None:
    theta, right = np.array([2.0, -2.0, 0.0, 1.0]), np.array([1.0, 0.0, np.nan, 1.0])
    found = observed_shares(theta, right, n_groups=3)

    assert found is not None
    assert found.theta.tolist() == [-2.0, 1.0, 2.0]
    assert found.share.tolist() == [0.0, 1.0, 1.0]
    assert observed_shares(theta, np.full(4, np.nan)) is None


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_ticks_are_round_and_inside(low: float, length: float) -> None:
    found = ticks(low, low + length)

    assert 2 <= len(found) <= 13
    slack = 1e-8 * (length + abs(low))
    assert all(low - slack <= value <= low + length + slack for value in found)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=8))
def test_words_never_stand_in_each_other(places: list[tuple[float, float]]) -> None:
    found = apart(places)

    assert [x for x, _ in found] == [x for x, _ in places]
    for n, (x, y) in enumerate(found):
        assert not any(abs(x - a) < 48 and abs(y - b) < 13.8 for a, b in found[n + 1 :])


@given(st.floats(1e-9, 1e9))
def test_every_value_has_room_on_its_axis_and_not_too_much(value: float) -> None:
    assert 1.019 * value <= ceiling(value) <= 2.1 * value


def test_numbers_are_short_and_honest() -> None:
    assert [number(value) for value in (0.5, -0.0001, -1.25, float("nan"), 3)] == ["0.5", "0", "−1.25", "–", "3"]
    assert [p_value(p) for p in (0.0, 0.0004, 0.04, float("nan"))] == ["under 0.001", "under 0.001", "0.04", "–"]
    assert ceiling(0.97) == 1
    assert ceiling(1.0) == 1.5
