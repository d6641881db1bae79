"""Fagan's nomogram and the tree of natural frequencies: both say what Bayes's theorem says."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures import fagan, probability_tree
from bedside.bank.figures.fagan import LEFT, MIDDLE, RIGHT, after, before, between, posttest
from bedside.bank.figures.probability_tree import ProbabilityTreeParameters, counts_of
from tests.support.figure_sheets import documented, paths_in, refusal, sheet_of, words_in

PERCENTS = st.floats(1, 99)


@given(PERCENTS, st.floats(0.02, 50))
def test_the_posttest_probability_is_that_of_the_theorem(pretest: float, ratio: float) -> None:
    p = pretest / 100
    assert posttest(pretest, ratio) == pytest.approx(100 * p * ratio / (p * ratio + 1 - p))


@given(PERCENTS, st.floats(0.02, 50))
def test_a_ruler_on_the_nomogram_joins_the_three(pretest: float, ratio: float) -> None:
    share = (MIDDLE - LEFT) / (RIGHT - LEFT)
    ruler = before(pretest) + share * (after(posttest(pretest, ratio)) - before(pretest))
    assert between(ratio) == pytest.approx(ruler, abs=1e-6)


def test_scales_run_the_way_of_the_nomogram() -> None:
    assert before(1) < before(50) < before(99)
    assert after(1) > after(50) > after(99)
    assert between(0.1) > between(1) > between(10)
    assert before(50) == after(50) == between(1)


def test_lines_are_drawn_through_each_ratio() -> None:
    lines = paths_in(sheet_of("fagan pretest=20 ratios=6,0.1"), "line")
    assert [len(line) for line in lines] == [3, 3]
    assert lines[0][2][1] == pytest.approx(after(60), abs=0.1)
    assert paths_in(sheet_of("fagan"), "line") == []


@given(PERCENTS, st.floats(0.15, 9))
@settings(max_examples=25, deadline=None)
def test_every_line_stays_on_the_sheet(pretest: float, ratio: float) -> None:
    sheet_of(f"fagan pretest={pretest:.2f} ratios={ratio:.3f}")


shares = st.fractions(0, 1, max_denominator=20)


@given(shares.filter(lambda one: 0 < one < 1), shares, shares)
def test_the_tree_holds_everybody_once_and_its_values_are_those_of_the_theorem(
    prevalence: Fraction, sensitivity: Fraction, specificity: Fraction
) -> None:
    n = prevalence.denominator * sensitivity.denominator * specificity.denominator * 10
    given_words = ProbabilityTreeParameters(
        n=n, prevalence=float(prevalence), sensitivity=float(sensitivity), specificity=float(specificity)
    )
    counts = counts_of(given_words)
    results = (counts.true_positive, counts.false_negative, counts.false_positive, counts.true_negative)
    assert sum(results) == n
    positive = prevalence * sensitivity + (1 - prevalence) * (1 - specificity)
    if positive:
        value = Fraction(counts.true_positive, counts.true_positive + counts.false_positive)
        assert value == prevalence * sensitivity / positive


def test_the_tree_shows_or_hides_its_results() -> None:
    words = "probability_tree n=1000 prevalence=0.02 sensitivity=0.9 specificity=0.95"
    shown = words_in(sheet_of(words))
    assert {"1,000", "20", "980", "18", "2", "49", "931"} <= set(shown)
    hidden = words_in(sheet_of(f"{words} hide=true"))
    assert hidden.count("?") == 4
    assert "931" not in hidden
    assert {"2%", "98%", "90%", "10%", "5%", "95%"} <= set(words_in(sheet_of(f"{words} shares=true")))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("fagan pretest=20", "both pretest"),
        ("fagan ratios=3", "both pretest"),
        ("fagan pretest=99 ratios=100", "does not reach"),
        ("probability_tree n=100 prevalence=0.015 sensitivity=0.9 specificity=0.9", "not whole"),
        ("probability_tree prevalence=0.02 sensitivity=0.9", "specificity is missing"),
        ("probability_tree prevalence=2 sensitivity=0.9 specificity=0.9", "less than 1"),
    ],
)
def test_what_cannot_be_is_refused_with_advice(words: str, said: str) -> None:
    assert said in refusal(words)


def test_the_kinds_are_documented() -> None:
    documented(fagan.KIND)
    documented(probability_tree.KIND)
