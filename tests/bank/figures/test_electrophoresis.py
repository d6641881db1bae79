"""Serum proteins and hemoglobins: areas read back from the curve, and bands that tell genotypes apart."""

from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures import hemoglobin_gel, serum_protein
from bedside.bank.figures.hemoglobin_gel import AMOUNTS, PLACES, bands
from bedside.bank.figures.serum_protein import BORDERS, Pattern, SerumProteinParameters, density, peaks_of
from tests.support.figure_sheets import documented, paths_in, refusal, sheet_of, words_in

AT = np.linspace(0, 100, 2001)
NAMES = ("albumin", "alpha1", "alpha2", "beta", "gamma")
LIMITS = {"albumin": (3.8, 5.0), "alpha1": (0.1, 0.3), "alpha2": (0.6, 1.0), "beta": (0.7, 1.4), "gamma": (0.7, 1.6)}
PATTERNS: tuple[Pattern, ...] = get_args(Pattern)


def fractions(**words: object) -> dict[str, float]:
    """Grams between the borders, as a densitometer counts them."""
    curve = density(peaks_of(SerumProteinParameters.model_validate(words)), AT)
    return {
        name: float(np.trapezoid(curve[(low <= AT) & (high >= AT)], AT[(low <= AT) & (high >= AT)]))
        for name, low, high in zip(NAMES, BORDERS, BORDERS[1:], strict=False)
    }


def beyond(found: dict[str, float]) -> dict[str, str]:
    return {
        name: "low" if found[name] < LIMITS[name][0] else "high"
        for name in NAMES
        if not LIMITS[name][0] <= found[name] <= LIMITS[name][1]
    }


def test_a_normal_serum_has_all_fractions_within_their_limits() -> None:
    assert beyond(fractions()) == {}


@pytest.mark.parametrize(
    ("pattern", "signs"),
    [
        ("monoclonal", {"albumin": "low", "gamma": "high"}),
        ("polyclonal", {"albumin": "low", "gamma": "high"}),
        ("cirrhosis", {"albumin": "low", "gamma": "high", "alpha2": "low"}),
        ("nephrotic", {"albumin": "low", "alpha2": "high", "gamma": "low"}),
        ("inflammation", {"albumin": "low", "alpha1": "high", "alpha2": "high"}),
        ("alpha1-deficiency", {"alpha1": "low"}),
        ("hypogammaglobulinemia", {"gamma": "low"}),
    ],
)
def test_each_pattern_has_the_signs_that_name_it(pattern: str, signs: dict[str, str]) -> None:
    assert beyond(fractions(pattern=pattern)) == signs


def half_width(**words: object) -> float:
    """Width at half height of what stands in the gamma region."""
    curve = density(peaks_of(SerumProteinParameters.model_validate(words)), AT)[BORDERS[4] <= AT]
    return float(np.count_nonzero(curve > curve.max() / 2) * (AT[1] - AT[0]))


def test_a_monoclonal_spike_is_narrower_than_albumin_and_a_polyclonal_rise_is_broad() -> None:
    assert half_width(pattern="monoclonal", spike=3) < 5
    assert half_width(pattern="polyclonal") > 12
    assert half_width() > 12


@given(st.floats(0.5, 8))
def test_the_spike_holds_its_grams(spike: float) -> None:
    with_spike, least = fractions(pattern="monoclonal", spike=spike), fractions(pattern="monoclonal", spike=0.5)
    assert with_spike["gamma"] - least["gamma"] == pytest.approx(spike - 0.5, abs=0.02)


def test_in_cirrhosis_the_valley_between_beta_and_gamma_is_filled() -> None:
    def valley(**words: object) -> float:
        curve = density(peaks_of(SerumProteinParameters.model_validate(words)), AT)
        return float(curve[(AT > 58) & (AT < 81)].min() / curve[(AT > 55) & (AT < 60)].max())

    assert valley() < 0.2
    assert valley(pattern="cirrhosis") > 0.5


@pytest.mark.parametrize("pattern", PATTERNS)
def test_the_curve_is_drawn_whole_and_without_its_name(pattern: str) -> None:
    root = sheet_of(f"serum_protein pattern={pattern}")
    assert len(paths_in(root, "d0")[0]) > 200
    assert pattern not in " ".join(words_in(root))


def seen(person: str) -> set[str]:
    """Names of places with a band, A2 and C in one."""
    by_place = {place: name for name, place in PLACES.items()}
    return {by_place[place] for place in bands(AMOUNTS[person])}  # type: ignore[index]


def test_amounts_are_a_whole_and_a_place_is_one_band() -> None:
    assert all(sum(amounts.values()) == 100 for amounts in AMOUNTS.values())
    assert PLACES["C"] == PLACES["A2"] < PLACES["S"] < PLACES["F"] < PLACES["A"]


@pytest.mark.parametrize(
    ("person", "answer"),
    [
        ("AA", {"A", "C"}),
        ("AS", {"A", "S", "C"}),
        ("SS", {"S", "F", "C"}),
        ("SC", {"S", "C", "F"}),
        ("CC", {"C", "F"}),
        ("AC", {"A", "C"}),
        ("newborn", {"A", "F"}),
        ("beta-major", {"F", "C"}),
        ("S-beta-plus", {"S", "A", "F", "C"}),
        ("S-beta-zero", {"S", "F", "C"}),
    ],
)
def test_bands_stand_where_the_genotype_puts_them(person: str, answer: set[str]) -> None:
    assert seen(person) == answer


def test_amounts_tell_traits_from_disease() -> None:
    assert AMOUNTS["AS"]["A"] > AMOUNTS["AS"]["S"] >= 35
    assert AMOUNTS["S-beta-plus"]["S"] > AMOUNTS["S-beta-plus"]["A"]
    assert AMOUNTS["beta-trait"]["A2"] > 3.5 > AMOUNTS["AA"]["A2"]
    assert AMOUNTS["newborn"]["F"] > 60


def test_a_band_is_as_high_as_there_is_much_of_it() -> None:
    root = sheet_of("hemoglobin_gel lanes=AS control=false")
    by_y = {float(mark.attrib["y"]): float(mark.attrib["height"]) for mark in root.iter("rect")}
    heights = [by_y[y] for y in sorted(by_y)]
    assert heights[0] < heights[1] < heights[2], "A2, S, A from the cathode"


@given(st.lists(st.sampled_from(tuple(AMOUNTS)), min_size=1, max_size=6), st.booleans())
@settings(max_examples=25, deadline=None)
def test_every_gel_stays_on_its_sheet(lanes: list[str], control: bool) -> None:
    sheet_of(f"hemoglobin_gel lanes={','.join(lanes)} control={control}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("serum_protein spike=3", "pattern=monoclonal"),
        ("serum_protein pattern=monoclonal spike=20", "8"),
        ("hemoglobin_gel", "lanes is missing"),
        ("hemoglobin_gel lanes=AZ", "lanes"),
        ("hemoglobin_gel lanes=AA,AS names=One", "names are 2"),
    ],
)
def test_a_gel_that_cannot_be_is_refused_with_advice(words: str, said: str) -> None:
    assert said in refusal(words)


def test_the_kinds_are_documented() -> None:
    documented(serum_protein.KIND)
    documented(hemoglobin_gel.KIND)
