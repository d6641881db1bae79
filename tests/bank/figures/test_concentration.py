"""Drug concentrations, measured back with the rules of pharmacokinetics."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures.drug_concentration import KIND, Axis, Concentration
from bedside.bank.figures.kinetics import Course, Regimen, concentration, times
from tests.support.curve_figures import check_drawing, made, read, words_of

LONG = np.linspace(0, 400, 40_001)


def at(course: Course, hour: float) -> float:
    return float(concentration(course, np.array([hour]))[0])


def area(course: Course) -> float:
    return float(np.trapezoid(concentration(course, LONG), LONG))


def test_a_bolus_falls_by_half_in_each_half_life_from_dose_over_volume():
    course = Course(Regimen.BOLUS, dose=600, volume=20, half_life=3)
    assert [at(course, hour) for hour in (0, 3, 6, 9)] == pytest.approx([30, 15, 7.5, 3.75])


def test_a_logarithmic_axis_makes_elimination_of_first_order_straight_and_of_zero_order_not():
    hours = np.linspace(0, 6, 50)
    for regimen, is_straight in ((Regimen.BOLUS, True), (Regimen.ZERO_ORDER, False), (Regimen.TWO_COMPARTMENTS, False)):
        line = np.log(concentration(Course(regimen, dose=42_000, volume=42), hours))
        assert (np.abs(np.diff(line, 2)).max() < 1e-9) == is_straight


@settings(max_examples=40, deadline=None)
@given(st.floats(0.05, 5), st.floats(1, 20), st.floats(0.1, 1))
def test_the_area_is_the_absorbed_dose_over_the_clearance_whatever_the_speed(ka, half_life, share):
    course = Course(Regimen.ORAL, ka=ka, half_life=half_life, bioavailability=share)
    assert area(course) == pytest.approx(share * course.dose / course.clearance, rel=0.01)


def test_an_oral_dose_peaks_where_absorption_equals_elimination():
    course = Course(Regimen.ORAL, ka=1.5, half_life=4)
    peak = LONG[np.argmax(concentration(course, LONG))]
    assert peak == pytest.approx(np.log(course.ka / course.k) / (course.ka - course.k), abs=0.01)
    slow = Course(Regimen.ORAL, ka=0.3, half_life=4)
    assert concentration(slow, LONG).max() < concentration(course, LONG).max()
    assert LONG[np.argmax(concentration(slow, LONG))] > peak


def test_equal_speeds_of_absorption_and_elimination_are_no_hole():
    near = Course(Regimen.ORAL, ka=np.log(2) / 4, half_life=4)
    assert at(near, 5) == pytest.approx(at(Course(Regimen.ORAL, ka=np.log(2) / 4 * 1.001, half_life=4), 5), rel=0.01)


def test_an_infusion_reaches_rate_over_clearance_and_four_half_lives_bring_ninety_four_percent():
    course = Course(Regimen.INFUSION, rate=100, volume=50, half_life=5)
    steady = 100 / course.clearance
    assert at(course, 399) == pytest.approx(steady)
    assert at(course, 20) / steady == pytest.approx(0.9375)
    stopped = Course(Regimen.INFUSION, rate=100, volume=50, half_life=5, infusion_hours=10)
    assert at(stopped, 15) == pytest.approx(at(stopped, 10) / 2)


def test_the_right_loading_dose_is_at_the_steady_state_at_once_and_does_not_move_it():
    bare = Course(Regimen.INFUSION, rate=100, volume=50, half_life=5)
    loaded = Course(Regimen.INFUSION, rate=100, volume=50, half_life=5, loading=100 / bare.clearance * 50)
    assert np.ptp(concentration(loaded, LONG)) < 1e-6
    assert at(loaded, 399) == pytest.approx(at(bare, 399))


def test_repeated_doses_add_up_to_peaks_and_troughs_that_stand_still():
    course = Course(Regimen.REPEATED, dose=300, volume=30, half_life=8, interval=8)
    levels = concentration(course, times(course, 160))
    late = levels[times(course, 160) > 120]
    assert late.max() == pytest.approx(20, rel=0.01)  # dose over volume, doubled at one dose a half-life
    assert late.min() == pytest.approx(10, rel=0.01)
    by_mouth = Course(Regimen.REPEATED_ORAL, dose=300, volume=30, half_life=8, interval=8)
    swing = concentration(by_mouth, times(by_mouth, 160))[times(by_mouth, 160) > 120]
    assert np.ptp(swing) < np.ptp(late)


def test_two_compartments_fall_fast_and_then_with_the_last_half_life():
    course = Course(Regimen.TWO_COMPARTMENTS, half_life=6, alpha_half_life=0.4)
    early = np.log(at(course, 0) / at(course, 0.2)) / 0.2
    late = np.log(at(course, 20) / at(course, 22)) / 2
    assert late == pytest.approx(np.log(2) / 6, rel=0.001)
    assert early > 5 * late


def test_zero_order_loses_the_same_each_hour_until_nothing_is_left():
    course = Course(Regimen.ZERO_ORDER, dose=42_000, volume=42, fall=150)
    assert [at(course, hour) for hour in (0, 1, 2, 6)] == pytest.approx([1000, 850, 700, 100])
    assert at(course, 10) == 0


def test_what_does_not_fit_is_refused_with_the_way_out():
    assert "lower one first" in str(read(KIND, window="20,10"))
    assert "lower one first" in str(read(KIND, window="20"))
    assert "more than 60 doses" in str(read(KIND, regimen="repeated", interval="1", hours=100))
    assert "told apart" in str(read(KIND, regimen="two-compartments", half_life="1", alpha_half_life="0.9"))
    assert "hardly anything" in str(read(KIND, dose="0.0001", volume="2000"))
    assert "another unit" in str(read(KIND, dose="200000", volume="1", unit="ng/mL"))
    assert "2 values for 3 curves" in str(read(KIND, dose="1,2", half_life="1,2,3"))


def test_the_unit_scales_what_is_drawn_and_stands_at_the_axis():
    svg = check_drawing(KIND, made(KIND, regimen="zero-order", dose="42000", volume="42", unit="mg/dL"))
    assert "Plasma concentration (mg/dL)" in svg
    assert ">100</text>" in svg


def test_a_window_is_a_band_and_a_curve_leaves_a_logarithmic_frame_at_its_foot():
    assert check_drawing(KIND, Concentration(window=(5, 10))).count('class="band"') == 1
    svg = check_drawing(KIND, Concentration(axis=Axis.LOG, half_life=(0.5,)))
    foot = svg.split('class="line d0" d="')[1].split('"')[0].split("L")
    assert [one.split()[1] for one in foot].count(foot[-1].split()[1]) == 1


@settings(max_examples=40, deadline=None)
@given(words_of(KIND))
def test_whatever_is_allowed_can_be_drawn(parameters):
    if not isinstance(parameters, str):
        check_drawing(KIND, parameters)
