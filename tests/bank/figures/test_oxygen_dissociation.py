"""Oxygen dissociation against the standard curve and against what each cause is known to do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures.blood_oxygen import Blood, content, half_saturated, saturation
from bedside.bank.figures.oxygen_dissociation import KIND, Axis, OxygenDissociation, bloods_of
from tests.support.curve_figures import check_drawing, made, read, words_of

PO2 = np.linspace(1, 120, 240)


def severinghaus(po2: np.ndarray) -> np.ndarray:
    """The standard curve by the other formula (Severinghaus 1979, equation 1)."""
    return np.asarray(1 / (23_400 / (po2**3 + 150 * po2) + 1))


def test_the_standard_curve_is_the_one_of_severinghaus():
    assert np.abs(saturation(Blood(), PO2) - severinghaus(PO2)).max() < 0.01
    assert half_saturated(Blood()) == pytest.approx(26.8, abs=0.2)


@pytest.mark.parametrize(("po2", "percent"), [(27, 50), (40, 75), (60, 90), (100, 97.5)])
def test_the_points_that_everybody_knows_are_on_it(po2, percent):
    assert 100 * saturation(Blood(), np.array([float(po2)]))[0] == pytest.approx(percent, abs=1)


@pytest.mark.parametrize(
    ("blood", "is_right"),
    [
        (Blood(ph=7.2), True),
        (Blood(ph=7.6), False),
        (Blood(paco2=70), True),
        (Blood(paco2=20), False),
        (Blood(temperature=40), True),
        (Blood(temperature=33), False),
        (Blood(dpg=8), True),
        (Blood(dpg=2), False),
    ],
)
def test_acid_carbon_dioxide_heat_and_dpg_move_the_curve_to_the_right(blood, is_right):
    assert (half_saturated(blood) > half_saturated(Blood()) + 0.5) == is_right
    assert (half_saturated(blood) < half_saturated(Blood()) - 0.5) != is_right


def test_the_bohr_coefficient_is_about_a_half():
    slope = (np.log10(half_saturated(Blood(ph=7.2))) - np.log10(half_saturated(Blood(ph=7.6)))) / -0.4
    assert -0.55 < slope < -0.42


def test_fetal_blood_and_myoglobin_hold_oxygen_at_lower_pressures():
    adult, fetal, myoglobin = bloods_of(made(KIND, hemoglobin="adult,fetal,myoglobin"))
    assert half_saturated(fetal) == pytest.approx(19, abs=0.1)
    assert half_saturated(myoglobin) == pytest.approx(2.8, abs=0.01)
    assert (saturation(fetal, PO2) > saturation(adult, PO2)).all()
    bends = np.diff(saturation(myoglobin, PO2), 2)
    assert (bends < 0).all()  # a hyperbola: nothing of an S


def test_carbon_monoxide_lowers_the_plateau_and_moves_the_rest_to_the_left():
    poisoned, anemic = Blood(taken=0.4), Blood(hb=9)
    assert content(poisoned, PO2)[-1] == pytest.approx(content(anemic, PO2)[-1], rel=0.03)
    assert half_saturated(poisoned) < half_saturated(anemic) - 8
    assert content(poisoned, np.array([20.0]))[0] > content(anemic, np.array([20.0]))[0] + 2
    assert half_saturated(anemic) == pytest.approx(half_saturated(Blood()))


def test_the_law_of_haldane_holds_for_every_point():
    taken, po2 = 0.3, np.array([10.0, 26.0, 60.0, 100.0])
    bound = content(Blood(taken=taken), po2) - 0.003 * po2
    share = bound / (1.34 * 15)
    as_if = po2 * (share + taken) / share  # po2 + M · pco
    assert share + taken == pytest.approx(saturation(Blood(), as_if), abs=2e-3)


def test_a_normal_arterial_blood_carries_twenty_milliliters():
    assert content(Blood(), np.array([100.0]))[0] == pytest.approx(20, abs=0.5)


@settings(max_examples=60, deadline=None)
@given(
    st.builds(
        Blood,
        ph=st.floats(6.9, 7.8),
        paco2=st.floats(15, 100),
        temperature=st.floats(28, 42),
        dpg=st.floats(1, 9),
        taken=st.floats(0, 0.7),
        p50=st.none() | st.floats(10, 60),
        is_myoglobin=st.booleans(),
    )
)
def test_every_curve_rises_from_nothing_and_stays_below_one(blood):
    line = saturation(blood, np.linspace(0, 100, 300))
    assert line[0] == 0
    assert (np.diff(line) > -1e-9).all()
    assert line[-1] <= 1


def test_what_does_not_fit_is_refused_with_the_way_out():
    assert "axis=content" in str(read(KIND, carboxyhemoglobin="0,30"))
    assert "axis=content" in str(read(KIND, hb="15,9"))
    assert "2 values for 3 curves" in str(read(KIND, ph="7.4,7.2", temperature="37,38,39"))
    assert "at most 3 curves" in str(read(KIND, ph="7.4,7.3,7.2,7.1"))
    assert "has no value" in str(read(KIND, ph=""))
    assert "at most 70%" in str(read(KIND, carboxyhemoglobin="40", methemoglobin="40", axis="content"))
    assert "hemoglobin=adult" in str(read(KIND, p50="20", hemoglobin="fetal"))
    assert "axis=saturation" in str(read(KIND, p50_marks=True, axis="content"))


def test_curves_are_named_by_letters_or_by_the_names_given():
    svg = check_drawing(KIND, made(KIND, ph="7.4,7.2"))
    assert svg.count(">A</text>") == svg.count(">B</text>") == 1
    svg = check_drawing(KIND, made(KIND, dpg="5,8", names="Sea level,High altitude"))
    assert svg.count(">High altitude</text>") == 1
    assert check_drawing(KIND, made(KIND, ph="7.4,7.2", p50_marks=True)).count('class="dot"') == 2


def test_the_axis_says_what_it_counts():
    assert "Oxygen content (mL/dL)" in check_drawing(KIND, OxygenDissociation(axis=Axis.CONTENT))
    assert "Saturation with oxygen (%)" in check_drawing(KIND, OxygenDissociation())


@settings(max_examples=40, deadline=None)
@given(words_of(KIND))
def test_whatever_is_allowed_can_be_drawn(parameters):
    if not isinstance(parameters, str):
        check_drawing(KIND, parameters)
