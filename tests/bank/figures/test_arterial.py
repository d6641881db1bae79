"""Arterial pressure: each pattern has what names it, measured in the curve."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bedside.bank import read_figure, svg_of
from bedside.bank.figures.arterial import ArterialWords, Course, Pattern, course_of
from bedside.bank.figures.monitor import BREATHS_PER_S
from bedside.bank.figures.tracing import Numbers
from bedside.bank.figures.windkessel import PER_S
from tests.bank.figures.measuring import beats

SHOWN = ("", "ecg=false", "breathing=true", "ecg=false breathing=true seconds=6")
PATTERNS: tuple[str, ...] = Pattern.__args__  # type: ignore[attr-defined]


def pulses(course: Course) -> list[Numbers]:
    """The curve from each upstroke to the next, found where it rises fastest."""
    rise = np.gradient(course.mm_hg)
    feet: list[int] = []
    for n in np.argsort(-rise):
        if rise[n] < 0.4 * rise.max():
            break
        if n > 30 and all(abs(int(n) - other) > 0.35 * PER_S for other in feet):
            feet.append(int(n))
    feet.sort()
    starts = [max(0, foot - 30) + int(np.argmin(course.mm_hg[max(0, foot - 30) : foot + 1])) for foot in feet]
    return [course.mm_hg[start:end] for start, end in pairwise(starts)]


def drawn(**words: Any) -> Course:
    return course_of(ArterialWords(**words))


def tops(pulse: Numbers, *, least: float = 1.0) -> list[int]:
    """Places of the peaks that stand at least so many mm Hg over the dip before them."""
    found: list[int] = []
    low = pulse[0]
    for n in range(1, len(pulse) - 1):
        low = min(low, pulse[n])
        if pulse[n - 1] < pulse[n] >= pulse[n + 1] and pulse[n] - low >= least:
            found.append(n)
            low = pulse[n]
    return found


@pytest.mark.parametrize(("systolic", "diastolic"), [(120, 80), (180, 100), (90, 55)])
def test_the_pressure_runs_between_what_was_asked_for(systolic: float, diastolic: float) -> None:
    course = drawn(sys=systolic, dia=diastolic)

    assert course.mm_hg.max() == pytest.approx(systolic)
    assert course.mm_hg.min() == pytest.approx(diastolic)


@pytest.mark.parametrize("rate", [50, 80, 120])
def test_each_beat_of_the_electrocardiogram_is_followed_by_a_pulse(rate: float) -> None:
    found = pulses(drawn(rate=rate))

    assert PER_S * 60 / rate == pytest.approx(np.mean([len(pulse) for pulse in found]), rel=0.05)


def test_a_normal_pulse_has_one_early_peak_and_a_dicrotic_wave() -> None:
    for pulse in pulses(drawn()):
        peak, dicrotic = tops(pulse)
        assert peak / PER_S < 0.2
        assert pulse[0] < pulse[peak:dicrotic].min() < pulse[dicrotic] < pulse[peak]
        assert 0.2 < dicrotic / PER_S < 0.45


def test_with_a_normal_breath_the_systolic_pressure_falls_by_less_than_10() -> None:
    highest = [pulse.max() for pulse in pulses(drawn())]

    assert 1 < max(highest) - min(highest) < 10


@pytest.mark.parametrize("fall", [12, 20, 30])
def test_pulsus_paradoxus_falls_with_each_breath_in_by_what_was_asked(fall: float) -> None:
    course = drawn(pattern="paradoxus", fall=fall, seconds=10)
    starts = beats(course.recording) + 0.1  # a pulse lies between one QRS and the next
    systolic = [
        float(course.mm_hg[(course.at_s >= start) & (course.at_s < end)].max()) for start, end in pairwise(starts.tolist())
    ]
    breath = [(start + 0.15) * BREATHS_PER_S % 1 for start in starts.tolist()[:-1]]  # in from 0.5 to 1

    assert max(systolic) - min(systolic) == pytest.approx(fall, abs=3)
    late = [top for top, share in zip(systolic, breath, strict=True) if share > 0.75]
    out = [top for top, share in zip(systolic, breath, strict=True) if 0.25 < share < 0.5]
    assert max(late) < min(out)


def test_pulsus_alternans_alternates_at_a_regular_rhythm() -> None:
    course = drawn(pattern="alternans")
    found = pulses(course)
    steps = np.diff([pulse.max() for pulse in found])

    assert (steps[1:] * steps[:-1] < 0).all()
    assert np.abs(steps).min() > 5
    assert np.ptp([len(pulse) for pulse in found]) < 0.08 * PER_S


def test_a_bisferiens_pulse_has_two_systolic_peaks_of_nearly_one_height_and_a_wide_pressure() -> None:
    course = drawn(pattern="bisferiens")
    for pulse in pulses(course):
        first, second = tops(pulse, least=8)[:2]
        assert (second - first) / PER_S < 0.2
        assert abs(pulse[first] - pulse[second]) < 0.25 * np.ptp(pulse)
    assert np.ptp(course.mm_hg) > 60


def test_spike_and_dome_has_a_sharp_spike_and_a_lower_dome() -> None:
    for pulse in pulses(drawn(pattern="spike-and-dome")):
        spike, dome = tops(pulse, least=4)[:2]
        assert spike / PER_S < 0.09
        assert pulse[spike:dome].min() < pulse[dome] < pulse[spike] - 8


def test_a_pulse_parvus_et_tardus_is_small_and_late() -> None:
    usual, late = drawn(), drawn(pattern="parvus-et-tardus")

    assert np.ptp(late.mm_hg) < np.ptp(usual.mm_hg)
    assert min(np.argmax(pulse) for pulse in pulses(late)) > 1.4 * max(np.argmax(pulse) for pulse in pulses(usual))


def test_a_water_hammer_pulse_is_wide_and_collapses_without_a_notch() -> None:
    course = drawn(pattern="water-hammer")
    for pulse in pulses(course):
        assert len(tops(pulse, least=0.5)) == 1
        peak = int(np.argmax(pulse))
        half = peak + int(np.argmax(pulse[peak:] < pulse.min() + np.ptp(pulse) / 2))
        assert (half - peak) / PER_S < 0.25
    assert np.ptp(course.mm_hg) > 100


def test_a_damped_curve_has_lost_its_notch_and_its_steepness() -> None:
    damped, usual = drawn(pattern="damped", sys=120, dia=78), drawn()

    assert all(len(tops(pulse, least=0.5)) == 1 for pulse in pulses(damped))
    assert np.gradient(damped.mm_hg).max() < 0.6 * np.gradient(usual.mm_hg).max()


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("sys=90 dia=85", "at least 20 mm Hg over"),
        ("pattern=water-hammer sys=120 dia=80", "at least 60 mm Hg"),
        ("pattern=paradoxus sys=100 dia=78 fall=30", "leaves no pulse"),
        ("fall=20", "no use for fall"),
        ("rate=200", "less than or equal to 140"),
        ("pattern=wobbly", "should be 'normal'"),
    ],
)
def test_what_can_t_be_is_refused_with_a_reason(words: str, reason: str) -> None:
    found = read_figure(f"arterial {words}")

    assert isinstance(found, str)
    assert reason in found


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(PATTERNS), st.integers(40, 140), st.integers(80, 220), st.integers(30, 130), st.sampled_from(SHOWN))
def test_any_possible_pressure_is_drawn(pattern: str, rate: int, systolic: int, diastolic: int, shown: str) -> None:
    assume(systolic - diastolic >= 60)
    words = f"arterial pattern={pattern} rate={rate} sys={systolic} dia={diastolic} {shown}"
    course = drawn(pattern=pattern, rate=rate, sys=systolic, dia=diastolic)
    svg = svg_of(words, "A curve")

    assert np.isfinite(course.mm_hg).all()
    assert 0 < len(svg) < 40_000
    assert "nan" not in svg
    assert svg == svg_of.__wrapped__(words, "A curve")
