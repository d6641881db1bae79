"""Pressure-volume loops, measured back as a cardiologist reads them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from bedside.bank.figures.pv_loop import KIND, Change, PvLoop, Severity, loops_of
from bedside.bank.figures.ventricle import Loop, activation, steady_loop
from tests.support.curve_figures import check_drawing, read, words_of


def both(change: str, severity: str = "severe") -> tuple[Loop, Loop]:
    (_, a), (_, b) = loops_of(PvLoop(change=Change(change), severity=Severity(severity)))
    return a, b


def stroke(loop: Loop) -> float:
    return float(np.ptp(loop.volume))


def peak(loop: Loop) -> float:
    return float(loop.pressure.max())


def isovolumic_share(loop: Loop) -> float:
    """The share of the rise of pressure in which the volume stands still."""
    before = loop.volume[: int(np.argmax(loop.pressure))]
    pressure = loop.pressure[: len(before)]
    still = np.abs(np.diff(before)) < 0.02
    return float(np.diff(pressure)[still].clip(0).sum() / (peak(loop) - pressure[0]))


@pytest.mark.parametrize(
    ("edv", "esv", "systolic"), [(120, 50, 120), (180, 130, 110), (90, 30, 160), (250, 200, 90), (70, 40, 65)]
)
def test_the_loop_has_the_volumes_and_the_peak_that_were_asked_for(edv, esv, systolic):
    [(_, loop)] = loops_of(PvLoop(edv=edv, esv=esv, systolic=systolic))
    assert loop.edv == pytest.approx(edv, abs=0.5)
    assert loop.esv == pytest.approx(esv, abs=0.5)
    assert peak(loop) == pytest.approx(systolic, abs=1)


def test_the_loop_is_closed_and_its_volume_stands_still_while_all_valves_are_shut():
    [(heart, loop)] = loops_of(PvLoop())
    closes, opens, shuts, fills = loop.marks
    assert loop.volume[0] == pytest.approx(loop.volume[-1], abs=0.3)
    assert np.ptp(loop.volume[closes:opens]) < 0.1
    assert np.ptp(loop.volume[shuts + 1 : fills]) < 0.1
    assert loop.pressure[opens] == pytest.approx(loop.aorta.min(), abs=2)
    assert loop.pressure[fills] == pytest.approx(heart.filling, abs=1)


def test_the_end_of_systole_lies_on_its_line():
    for change in ("preload-up", "preload-down", "afterload-up", "afterload-down"):
        for heart, loop in loops_of(PvLoop(change=Change(change))):
            slope = (loop.pressure / (loop.volume - heart.v0)).max()
            assert slope == pytest.approx(heart.ees, rel=0.02)


def test_preload_moves_the_end_of_diastole_and_the_stroke_volume():
    a, b = both("preload-up")
    assert b.edv == pytest.approx(a.edv * 1.2, rel=0.02)
    assert stroke(b) > stroke(a) + 5
    a, b = both("preload-down")
    assert b.edv == pytest.approx(a.edv * 0.8, rel=0.02)
    assert stroke(b) < stroke(a) - 5


def test_afterload_moves_the_end_of_systole_and_leaves_the_end_of_diastole():
    for change, sign in (("afterload-up", 1), ("afterload-down", -1)):
        a, b = both(change)
        assert sign * (b.esv - a.esv) > 7
        assert sign * (peak(b) - peak(a)) > 15
        assert b.edv == pytest.approx(a.edv, abs=0.5)


def test_contractility_moves_the_line_and_the_end_of_systole_the_other_way():
    a, b = both("contractility-up")
    assert b.esv < a.esv - 8
    assert stroke(b) / b.edv > stroke(a) / a.edv
    a, b = both("contractility-down")
    assert b.esv > a.esv + 8
    assert stroke(b) / b.edv < 0.5


def test_a_stiff_ventricle_fills_less_at_a_higher_pressure():
    a, b = both("stiffness-up")
    assert b.edv < a.edv - 8
    assert b.pressure[0] > a.pressure[0] + 6
    assert stroke(b) / b.edv > 0.5


def test_aortic_stenosis_has_a_gradient_that_grows_with_its_severity():
    gradients = []
    for severity in Severity:
        a, b = both("aortic-stenosis", severity)
        flows = b.pressure > b.aorta
        gradients.append(float((b.pressure - b.aorta)[flows].mean()))
        assert b.esv > a.esv
    assert gradients == sorted(gradients)
    assert gradients[0] < 20
    assert gradients[2] > 40  # the bound of severe stenosis


def test_mitral_stenosis_fills_and_ejects_less_behind_a_gradient():
    (_, a), (heart, b) = loops_of(PvLoop(change=Change.MITRAL_STENOSIS))
    assert b.edv < a.edv - 8
    assert stroke(b) < stroke(a) - 8
    fills = b.pressure < heart.filling
    assert float((heart.filling - b.pressure)[fills].mean()) > 4


@pytest.mark.parametrize("change", ["aortic-regurgitation", "mitral-regurgitation"])
def test_a_leak_leaves_no_isovolumic_phase_and_a_wide_loop(change):
    a, b = both(change)
    assert isovolumic_share(a) > 0.5
    assert isovolumic_share(b) < 0.1
    assert stroke(b) > 1.3 * stroke(a)
    assert b.edv > a.edv + 20


@pytest.mark.parametrize("change", ["aortic-stenosis", "aortic-regurgitation", "mitral-stenosis", "mitral-regurgitation"])
def test_a_valve_moves_the_loop_the_more_the_worse_it_is(change):
    a, mild = both(change, "mild")
    moved = [
        abs(a.edv - b.edv) + abs(a.esv - b.esv) + abs(peak(a) - peak(b))
        for b in (mild, both(change, "moderate")[1], both(change)[1])
    ]
    assert 3 < moved[0] < moved[1] < moved[2]


def test_aortic_regurgitation_widens_the_pulse_pressure_and_the_mitral_leak_lowers_the_forward_flow():
    a, b = both("aortic-regurgitation")
    assert np.ptp(b.aorta) > 1.5 * np.ptp(a.aorta)
    assert b.aorta.min() < a.aorta.min() - 15
    a, b = both("mitral-regurgitation")
    assert b.aorta.mean() < a.aorta.mean()
    assert b.esv < a.esv


def test_the_activation_is_one_hump_from_rest_to_one():
    e = activation()
    assert e[0] == 0
    assert e.max() == pytest.approx(1)
    assert e[-1] < 1e-3
    assert (np.diff(np.sign(np.diff(e))) != 0).sum() == 1


def test_a_heart_that_is_hardly_filled_keeps_some_volume():
    [(heart, _)] = loops_of(PvLoop())
    loop = steady_loop(replace(heart, filling=1.0))
    assert loop.volume.min() > 0


def test_what_no_circulation_can_do_is_refused():
    assert "at least 20 mL" in str(read(KIND, edv=100, esv=90))
    assert "stroke volume of 180 mL" in str(read(KIND, edv=240, esv=60, systolic=70))
    assert "leave out change" in str(read(KIND, points=True, change="preload-up"))


def test_two_loops_are_named_and_told_apart_by_their_dashes():
    svg = check_drawing(KIND, PvLoop(change=Change.PRELOAD_UP))
    assert svg.count(">A</text>") == svg.count(">B</text>") == 1
    assert 'class="line d0"' in svg
    assert 'class="line d1"' in svg
    assert ">A</text>" not in check_drawing(KIND, PvLoop())


@pytest.mark.parametrize(("change", "lines"), [("afterload-up", 1), ("contractility-up", 2)])
def test_a_line_of_end_systole_stands_once_for_each_contractility(change, lines):
    assert check_drawing(KIND, PvLoop(change=Change(change), espvr=True)).count('class="cut"') == lines


def test_the_curve_of_end_diastole_stands_once_for_each_stiffness():
    assert check_drawing(KIND, PvLoop(change=Change.PRELOAD_UP, edpvr=True)).count('class="cut"') == 1
    assert check_drawing(KIND, PvLoop(change=Change.STIFFNESS_UP, edpvr=True)).count('class="cut"') == 2


def test_the_corners_are_numbered_only_where_that_is_asked_for():
    assert check_drawing(KIND, PvLoop(points=True)).count('class="dot"') == 4
    assert 'class="dot"' not in check_drawing(KIND, PvLoop())


@settings(max_examples=20, deadline=None)
@given(words_of(KIND))
def test_whatever_is_allowed_can_be_drawn(parameters):
    if not isinstance(parameters, str):
        check_drawing(KIND, parameters)
