"""Dose-response curves, measured back with the rules of receptor theory."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures.dose_response import KIND, Agent, Drug, agents_of, effect
from tests.support.curve_figures import check_drawing, made, read, words_of

DOSES = np.logspace(-8, 10, 20_000)


def half_dose(agent: Agent) -> float:
    """The dose of half the way between the ends, read off the curve."""
    line = effect(agent, DOSES)
    middle = (line[0] + line[-1]) / 2
    return float(DOSES[np.abs(line - middle).argmin()])


def test_an_agonist_reaches_half_its_maximum_at_its_ec50():
    assert half_dose(Agent(Drug.AGONIST, ec50=3)) == pytest.approx(3, rel=0.01)


@given(st.floats(0.1, 1000), st.floats(0.01, 100), st.floats(0.5, 4))
def test_a_competitive_antagonist_moves_the_curve_by_one_plus_its_ratio_and_keeps_its_maximum(ratio, ec50, hill):
    alone = Agent(Drug.AGONIST, ec50=ec50, hill=hill)
    blocked = Agent(Drug.COMPETITIVE, ec50=ec50, hill=hill, antagonist=ratio)
    assert np.allclose(effect(blocked, DOSES * (1 + ratio)), effect(alone, DOSES))
    assert blocked.top == alone.top


def test_a_noncompetitive_antagonist_lowers_the_maximum_and_keeps_the_half_dose():
    blocked = Agent(Drug.NONCOMPETITIVE, ec50=2, antagonist=1)
    assert effect(blocked, DOSES)[-1] == pytest.approx(50)
    assert half_dose(blocked) == pytest.approx(2, rel=0.01)


def test_a_partial_agonist_never_reaches_the_full_effect_and_an_inverse_one_goes_below_the_basal():
    full, partial, inverse = agents_of(made(KIND, drug="agonist,partial,inverse", basal=20))
    assert effect(partial, DOSES)[-1] == pytest.approx(52)
    assert effect(full, DOSES)[-1] == pytest.approx(100)
    assert effect(inverse, DOSES)[0] == pytest.approx(20)
    assert effect(inverse, DOSES)[-1] == pytest.approx(0, abs=0.1)


def test_potency_is_where_a_curve_stands_and_efficacy_how_high_it_ends():
    potent, strong = agents_of(made(KIND, ec50="1,10", emax="60,100"))
    assert half_dose(potent) < half_dose(strong)
    assert potent.top < strong.top


def test_what_does_not_fit_is_refused_with_the_way_out():
    assert "give basal" in str(read(KIND, drug="inverse"))
    assert "emax lies above basal" in str(read(KIND, emax="30", basal=40))
    assert "six powers" in str(read(KIND, ec50="0.001,10000"))
    assert "drug=agonist" in str(read(KIND, drug="agonist,partial", axis="responders"))
    assert "at most 4 curves" in str(read(KIND, ec50="1,2,3,4,5"))


def test_the_axis_across_counts_powers_of_ten_and_says_so():
    svg = check_drawing(KIND, made(KIND, unit="nmol/L", across="concentration"))
    assert "Concentration (nmol/L, log scale)" in svg
    assert all(f">{power}</text>" in svg for power in ("0.01", "0.1", "1", "10", "100"))
    assert ">10⁵</text>" in check_drawing(KIND, made(KIND, ec50="10000"))


def test_patients_who_respond_are_counted_on_request():
    svg = check_drawing(KIND, made(KIND, axis="responders", ec50="10,200", names="Effect,Toxicity"))
    assert "Patients who respond (%)" in svg
    assert ">Toxicity</text>" in svg


@settings(max_examples=40, deadline=None)
@given(words_of(KIND))
def test_whatever_is_allowed_can_be_drawn(parameters):
    if not isinstance(parameters, str):
        check_drawing(KIND, parameters)
