"""ROC curves: the area that is drawn is that of the formula, and marked cuts stand on the curve."""

from itertools import pairwise
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures.roc import KIND, area, curve, sensitivity
from tests.support.figure_sheets import documented, paths_in, refusal, sheet_of, words_in

SEPARATIONS = st.floats(0, 5)
RATIOS = st.floats(0.5, 2)


def in_frame(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """From units of the sheet to shares: the square stands from (56, 404) to (436, 24)."""
    return [((x - 56) / 380, (404 - y) / 380) for x, y in points]


@given(SEPARATIONS, RATIOS)
@settings(deadline=None)
def test_the_area_under_the_curve_is_that_of_the_formula(separation: float, ratio: float) -> None:
    across, up = curve(separation, ratio)
    assert np.trapezoid(up, across) == pytest.approx(NormalDist().cdf(separation / (1 + ratio**2) ** 0.5), abs=2e-3)
    assert area(separation, ratio) == pytest.approx(NormalDist().cdf(separation / (1 + ratio**2) ** 0.5), abs=1e-9)


def test_the_area_is_the_chance_that_somebody_ill_has_the_higher_result() -> None:
    draw = np.random.Generator(np.random.PCG64(1))
    well, ill = draw.standard_normal(20_000), 1.2 + 1.5 * draw.standard_normal(20_000)
    assert area(1.2, 1.5) == pytest.approx(np.mean(ill > well), abs=0.01)


@given(SEPARATIONS, RATIOS, st.floats(0.01, 0.99))
@settings(deadline=None)
def test_a_cut_has_the_sensitivity_of_two_normal_distributions(separation: float, ratio: float, false: float) -> None:
    cut = NormalDist().inv_cdf(1 - false)
    assert float(sensitivity(false, separation, ratio)) == pytest.approx(1 - NormalDist(separation, ratio).cdf(cut), abs=1e-7)


@given(SEPARATIONS, RATIOS)
@settings(deadline=None)
def test_a_curve_never_turns_back_and_goes_from_corner_to_corner(separation: float, ratio: float) -> None:
    across, up = curve(separation, ratio)
    assert (np.diff(across) >= 0).all()
    assert (np.diff(up) >= 0).all()
    assert (across[0], up[0], across[-1], up[-1]) == (0, 0, 1, 1)


def test_the_drawn_area_is_read_back_from_the_sheet() -> None:
    root = sheet_of("roc separation=1.8 ratio=1.3")
    points = in_frame(paths_in(root, "line")[0])
    read = sum((right[0] - left[0]) * (right[1] + left[1]) / 2 for left, right in pairwise(points))
    assert read == pytest.approx(area(1.8, 1.3), abs=0.003)


def test_marked_cuts_stand_on_the_first_curve() -> None:
    root = sheet_of("roc separation=2,0.5 cuts=0.05,0.2,0.6")
    dots = in_frame([(float(mark.attrib["cx"]), float(mark.attrib["cy"])) for mark in root.iter("circle")])
    assert [x for x, _ in dots] == pytest.approx([0.05, 0.2, 0.6], abs=0.002)
    assert [y for _, y in dots] == pytest.approx([float(sensitivity(x, 2, 1)) for x in (0.05, 0.2, 0.6)], abs=0.002)
    assert {"A", "B", "C"} <= set(words_in(root))


def test_points_are_joined_and_their_area_is_that_of_trapezoids() -> None:
    root = sheet_of("roc false=0.05,0.2,0.5 true=0.5,0.8,0.95 area=true")
    assert "area 0.86" in words_in(root)  # .0125 + .0975 + .2625 + .4875


@given(st.lists(SEPARATIONS, min_size=1, max_size=3), RATIOS)
@settings(max_examples=25, deadline=None)
def test_every_curve_stays_on_its_sheet(separations: list[float], ratio: float) -> None:
    given_words = ",".join(f"{one:.3f}" for one in separations)
    sheet_of(f"roc separation={given_words} ratio={ratio:.3f} area=true cuts=0.001,0.5,0.999")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("roc", "either separation"),
        ("roc separation=1 false=0.1 true=0.2", "either separation"),
        ("roc separation=1,2 names=A", "names are 2"),
        ("roc separation=1,2 ratio=1,1,1", "ratio is one number"),
        ("roc false=0.1,0.2 true=0.3", "as many numbers"),
        ("roc false=0.1,0.2 true=0.6,0.3", "strict to loose"),
        ("roc separation=1 cuts=0.5,0.2", "from the smallest"),
        ("roc false=0.1 true=0.3 cuts=0.5", "by separation"),
        ("roc separation=9", "5"),
    ],
)
def test_a_test_that_cannot_be_is_refused_with_advice(words: str, said: str) -> None:
    assert said in refusal(words)


def test_the_kind_is_documented() -> None:
    documented(KIND)
