"""Spirometry, read back from the drawn breath as a pulmonologist reads it."""

import numpy as np
import pytest
from hypothesis import given, settings

from bedside.bank.figures.breathing import Breath, volume_after
from bedside.bank.figures.spirometry import KIND, Pattern, Show, Spirometry, Volumes, foreseen, measured, residual, values_of
from tests.support.curve_figures import check_drawing, read, words_of

OBSTRUCTED = Spirometry(pattern=Pattern.OBSTRUCTION)


def flat_share(flow: np.ndarray, volume: np.ndarray) -> float:
    """The share of the volume over which the flow is within 3% of its peak."""
    at_peak = np.abs(flow) > 0.97 * np.abs(flow).max()
    return float(np.diff(volume)[at_peak[1:]].sum() / volume[-1])


def bulge(breath: Breath) -> float:
    """How far the descending limb stands above (or below, as a scoop) the straight line from its peak to its end."""
    top = int(np.argmax(breath.flow))
    volume, flow = breath.volume[top:], breath.flow[top:]
    line = np.interp(volume, [volume[0], volume[-1]], [flow[0], flow[-1]])
    middle = np.abs(volume - (volume[0] + volume[-1]) / 2).argmin()
    return float((flow - line)[middle] / flow[0])


@pytest.mark.parametrize(
    ("pattern", "fvc", "fev1"),
    [("normal", 5, 4), ("obstruction", 3.6, 1.6), ("obstruction", 2.5, 0.8), ("restriction", 2.5, 2.3), ("fixed", 4, 2.5)],
)
def test_fev1_and_fvc_read_off_the_curve_are_those_asked_for(pattern, fvc, fev1):
    breath = measured(Spirometry(pattern=Pattern(pattern), fvc=fvc, fev1=fev1))
    assert volume_after(breath, 1) == pytest.approx(fev1, abs=0.01)
    assert breath.volume[-1] == pytest.approx(fvc, abs=0.01)


def test_the_flow_is_the_slope_of_the_volume_and_its_highest_is_the_peak_flow():
    for pattern in Pattern:
        given = Spirometry(pattern=pattern)
        breath = measured(given)
        slope = np.gradient(breath.volume, breath.time)
        assert np.abs(slope - breath.flow)[2:-2].max() < 0.12 * breath.flow.max()
        assert np.trapezoid(breath.flow, breath.time) == pytest.approx(breath.volume[-1], rel=0.01)
        assert breath.flow.max() == pytest.approx(values_of(given)[2], rel=0.01)
        assert (np.diff(breath.volume) >= 0).all()


def test_obstruction_lowers_the_ratio_and_scoops_the_limb():
    breath = measured(OBSTRUCTED)
    assert volume_after(breath, 1) / breath.volume[-1] < 0.7
    assert bulge(breath) < -0.2
    assert bulge(foreseen(OBSTRUCTED)) > -0.15


def test_restriction_keeps_the_ratio_and_loses_volume():
    given = Spirometry(pattern=Pattern.RESTRICTION)
    breath = measured(given)
    assert volume_after(breath, 1) / breath.volume[-1] > 0.8
    assert breath.volume[-1] < 0.8 * foreseen(given).volume[-1]
    assert bulge(breath) > -0.2


@pytest.mark.parametrize(
    ("pattern", "is_flat_out", "is_flat_in"),
    [
        ("normal", False, False),
        ("obstruction", False, False),
        ("variable-extrathoracic", False, True),
        ("variable-intrathoracic", True, False),
        ("fixed", True, True),
    ],
)
def test_a_narrowing_of_the_great_airways_flattens_the_limb_on_its_side(pattern, is_flat_out, is_flat_in):
    breath = measured(Spirometry(pattern=Pattern(pattern)))
    assert (flat_share(breath.flow, breath.volume) > 0.25) == is_flat_out
    assert (flat_share(breath.inward, breath.volume) > 0.5) == is_flat_in


def test_lungs_are_overfilled_in_obstruction_and_small_in_restriction():
    for pattern, sign in ((Pattern.OBSTRUCTION, 1), (Pattern.RESTRICTION, -1)):
        own, usual = residual(Spirometry(pattern=pattern))
        assert sign * (own - usual) > 0
    given = Spirometry(pattern=Pattern.RESTRICTION)
    assert residual(given)[0] + measured(given).volume[-1] < 0.8 * (residual(given)[1] + foreseen(given).volume[-1])


def test_what_cannot_be_is_refused_with_the_way_out():
    assert "95% at most" in str(read(KIND, fvc=3, fev1=3))
    assert "below 0.7" in str(read(KIND, pattern="obstruction", fvc=3, fev1=2.5))
    assert "0.7 or more" in str(read(KIND, pattern="restriction", fvc=3, fev1=1.5))
    assert "below 80%" in str(read(KIND, pattern="restriction", fvc=4.5, fev1=4))
    assert "raise pef" in str(read(KIND, fvc=5, fev1=4, pef=4))
    assert "lower pef" in str(read(KIND, pattern="obstruction", fvc=3, fev1=1, pef=14))
    assert "not scooped" in str(read(KIND, pattern="obstruction", fvc=4.5, fev1=3.1, pef=5.5))
    assert "change pef or fev1" in str(read(KIND, pattern="fixed", fvc=4, fev1=3, pef=2))
    assert "belongs to the loop" in str(read(KIND, volumes="absolute", show="volume"))


@pytest.mark.parametrize("ratio", [0.32, 0.4, 0.5, 0.6, 0.69])
@pytest.mark.parametrize("fvc", [1.5, 3, 5, 6.5])
def test_obstruction_of_any_degree_is_drawn_without_a_peak_flow(ratio, fvc):
    given = read(KIND, pattern="obstruction", fvc=fvc, fev1=ratio * fvc)
    assert isinstance(given, Spirometry)
    assert volume_after(measured(given), 1) == pytest.approx(ratio * fvc, abs=0.01)
    assert bulge(measured(given)) < -0.08


def test_what_is_predicted_is_dashed_and_can_be_left_out():
    assert check_drawing(KIND, Spirometry(show=Show.BOTH)).count(">predicted</text>") == 2
    assert "d1" not in check_drawing(KIND, Spirometry(predicted=False))
    check_drawing(KIND, Spirometry(volumes=Volumes.ABSOLUTE))


@settings(max_examples=40, deadline=None)
@given(words_of(KIND))
def test_whatever_is_allowed_can_be_drawn(parameters):
    if not isinstance(parameters, str):
        check_drawing(KIND, parameters)
