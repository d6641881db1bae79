"""Cardiac function and venous return, and where they meet."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures.starling import KIND, Change, Starling, circulations_of
from bedside.bank.figures.venous_return import Circulation, cardiac_output, venous_return, working_point
from tests.support.curve_figures import check_drawing, read, words_of

PRESSURES = np.linspace(-6, 14, 2001)


def both_points(change: str) -> tuple[tuple[float, float], tuple[float, float]]:
    a, b = circulations_of(Starling(change=Change(change)))
    return working_point(a), working_point(b)


def test_the_usual_circulation_works_at_five_liters_and_no_pressure():
    assert working_point(Circulation()) == pytest.approx((0, 5), abs=0.05)


def test_nothing_comes_back_at_the_filling_pressure_and_no_more_once_the_veins_collapse():
    line = venous_return(Circulation(), PRESSURES)
    assert PRESSURES[np.argmax(line <= 0.01)] == pytest.approx(7, abs=0.05)
    assert np.ptp(line[PRESSURES < -4]) < 0.02
    middle = (PRESSURES > 1) & (PRESSURES < 6)
    assert np.polyfit(PRESSURES[middle], line[middle], 1)[0] == pytest.approx(-1 / 1.4, rel=0.01)


def test_the_heart_pumps_more_the_more_it_is_filled_up_to_a_plateau():
    line = cardiac_output(Circulation(), PRESSURES)
    assert (np.diff(line) > 0).all()
    assert line[-1] == pytest.approx(13, rel=0.01)


@pytest.mark.parametrize(
    ("change", "is_pressure_up", "is_flow_up"),
    [
        ("contractility-up", False, True),
        ("contractility-down", True, False),
        ("volume-up", True, True),
        ("volume-down", False, False),
        ("fistula", True, True),
    ],
)
def test_a_change_moves_the_working_point_where_it_should(change, is_pressure_up, is_flow_up):
    (pressure, flow), (new_pressure, new_flow) = both_points(change)
    assert (new_pressure > pressure + 0.3) == is_pressure_up
    assert (new_pressure < pressure - 0.3) != is_pressure_up
    assert (new_flow > flow + 0.3) == is_flow_up
    assert (new_flow < flow - 0.3) != is_flow_up


def test_arterioles_change_the_flow_and_hardly_the_pressure():
    for change, sign in (("resistance-up", -1), ("resistance-down", 1)):
        (pressure, flow), (new_pressure, new_flow) = both_points(change)
        assert sign * (new_flow - flow) > 0.8
        assert new_pressure == pytest.approx(pressure, abs=0.6)


def test_arterioles_leave_the_filling_pressure_and_volume_leaves_the_slope():
    a, b = circulations_of(Starling(change=Change.RESISTANCE_UP))
    assert a.filling == b.filling
    a, b = circulations_of(Starling(change=Change.VOLUME_UP))
    assert a.resistance == b.resistance


def test_a_failing_heart_that_is_compensated_has_its_flow_back_at_a_higher_pressure():
    (pressure, flow), (new_pressure, new_flow) = both_points("compensated-failure")
    assert new_pressure > pressure + 2
    assert new_flow == pytest.approx(flow, abs=1.2)


@given(st.floats(4, 10), st.floats(3, 7), st.sampled_from(Change))
def test_there_is_one_working_point_and_it_lies_on_both_curves(filling, output, change):
    for circulation in circulations_of(Starling(filling=filling, output=output, change=change)):
        pressure, flow = working_point(circulation)
        at = np.array([pressure])
        assert cardiac_output(circulation, at)[0] == pytest.approx(flow, abs=1e-3)
        assert venous_return(circulation, at)[0] == pytest.approx(flow, abs=1e-3)
        over = cardiac_output(circulation, PRESSURES) > venous_return(circulation, PRESSURES)
        assert (np.diff(over.astype(int)) != 0).sum() == 1


def test_the_given_output_is_that_of_a():
    [circulation] = circulations_of(Starling(filling=8, output=6))
    assert working_point(circulation) == pytest.approx((0, 6), abs=0.1)


def test_a_change_that_would_not_be_seen_is_refused():
    assert "show=venous" in str(read(KIND, change="volume-up", show="cardiac"))
    assert "show=cardiac" in str(read(KIND, change="contractility-up", show="venous"))


def test_the_working_points_are_solid_and_hollow_and_can_be_left_out():
    svg = check_drawing(KIND, Starling(change=Change.VOLUME_UP))
    assert svg.count('class="dot"') == svg.count('class="hollow"') == 1
    assert "<circle" not in check_drawing(KIND, Starling(points=False))
    assert svg.count(">A</text>") == svg.count(">B</text>") == 1


@settings(max_examples=30, deadline=None)
@given(words_of(KIND))
def test_whatever_is_allowed_can_be_drawn(parameters):
    if not isinstance(parameters, str):
        check_drawing(KIND, parameters)
