"""Central venous pressure: the waves stand where their causes are, and each disease changes its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank import read_figure, svg_of
from bedside.bank.figures.tracing import Numbers
from bedside.bank.figures.venous import PER_S, Pattern, VenousCourse, VenousWords, venous_course

PATTERNS: tuple[str, ...] = Pattern.__args__  # type: ignore[attr-defined]


def drawn(**words: Any) -> VenousCourse:
    return venous_course(VenousWords(**words))


def onsets(course: VenousCourse) -> list[float]:
    """Of the QRS complexes that have a whole beat around them."""
    return [qrs.at_s for qrs in course.recording.activity.ventricles if 0.3 < qrs.at_s < course.at_s[-1] - 0.8]


def between(course: VenousCourse, first_s: float, last_s: float) -> Numbers:
    return course.mm_hg[round(first_s * PER_S) : round(last_s * PER_S) + 1]


def wave(course: VenousCourse, name: str, onset: float) -> float:
    """Peak or trough in the time in which a wave is looked for at the bedside."""
    first, last = {"a": (-0.14, 0.02), "c": (0.07, 0.14), "x": (0.16, 0.32), "v": (0.33, 0.48), "y": (0.5, 0.64)}[name]
    part = between(course, onset + first, onset + last)
    return float(part.min() if name in "xy" else part.max())


def test_the_normal_pressure_has_three_waves_and_two_descents_in_their_order() -> None:
    course = drawn()
    for onset in onsets(course):
        a, c, x, v, y = (wave(course, name, onset) for name in "acxvy")
        assert a > v > x
        assert a > c > x
        assert y < v
        assert x < 5 < a
    assert 0 <= course.mm_hg.min() < course.mm_hg.max() < 9


def test_atrial_fibrillation_has_no_a_wave() -> None:
    course = drawn(pattern="af", seed=3)
    slow = [onset for onset in onsets(course) if onset > 0.5]
    gaps = [between(course, onset - 0.14, onset + 0.02) for onset in slow]

    assert min(np.ptp(gap) for gap in gaps) < 0.1  # where the beat before is far enough away, nothing stands there
    assert course.recording.activity.background == "fibrillation"


def test_cannon_waves_stand_where_the_atrium_meets_a_closed_valve_and_nowhere_else() -> None:
    course = drawn(pattern="cannon-a", seconds=8)
    high = [float(second) for second in course.at_s[1:-1][(course.mm_hg[1:-1] > 15) & _is_peak(course.mm_hg)]]

    assert high
    for second in high:
        assert any(0 < second - qrs.at_s < 0.4 for qrs in course.recording.activity.ventricles)
    p_waves = [p for p in course.recording.activity.atria if 0 < p.at_s < 7.5]
    assert len(high) < len(p_waves)  # now and then, not with each beat


def _is_peak(curve: Numbers) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return (curve[1:-1] > curve[:-2]) & (curve[1:-1] >= curve[2:])


def test_tricuspid_regurgitation_has_one_large_systolic_wave_instead_of_the_x_descent() -> None:
    course = drawn(pattern="tricuspid-regurgitation")
    for onset in onsets(course):
        assert wave(course, "v", onset) > wave(course, "a", onset) + 5
        assert wave(course, "x", onset) > wave(course, "a", onset)
        assert wave(course, "v", onset) - wave(course, "y", onset) > 8


def test_constriction_has_steep_x_and_y_and_tamponade_has_lost_y() -> None:
    constriction, tamponade = drawn(pattern="constriction"), drawn(pattern="tamponade")

    def depth(course: VenousCourse, name: str) -> float:
        return min(wave(course, "v", onset) - wave(course, name, onset) for onset in onsets(course))

    assert depth(constriction, "y") > depth(constriction, "x") > 4
    assert depth(tamponade, "x") > 5
    assert max(wave(tamponade, "v", one) - wave(tamponade, "y", one) for one in onsets(tamponade)) < 3
    assert constriction.mm_hg.mean() > 14
    assert tamponade.mm_hg.mean() > 14


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("pattern=cannon-a rate=60", "leave rate out"),
        ("pattern=constriction letters=true", "give the answer away"),
        ("mean=90", "less than or equal to 30"),
    ],
)
def test_what_can_t_be_is_refused_with_a_reason(words: str, reason: str) -> None:
    found = read_figure(f"cvp {words}")

    assert isinstance(found, str)
    assert reason in found


def test_letters_name_the_waves_of_one_beat() -> None:
    svg = svg_of("cvp letters=true", "A curve")

    assert all(svg.count(f">{letter}</text>") == 1 for letter in "acxvy")
    assert ">a</text>" not in svg_of("cvp", "A curve")


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([one for one in PATTERNS if one != "cannon-a"]), st.integers(50, 100), st.integers(2, 30))
def test_any_possible_pressure_is_drawn(pattern: str, rate: int, mean: int) -> None:
    course = drawn(pattern=pattern, rate=rate, mean=mean)
    svg = svg_of(f"cvp pattern={pattern} rate={rate} mean={mean}", "A curve")

    assert np.isfinite(course.mm_hg).all()
    assert course.mm_hg.min() >= 0
    assert 0 < len(svg) < 40_000
    assert svg == svg_of.__wrapped__(f"cvp pattern={pattern} rate={rate} mean={mean}", "A curve")
