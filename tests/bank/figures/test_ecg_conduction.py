"""Rhythms in which the way from atria to ventricles is slow or cut, measured in the numbers that are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from bedside.bank.figures.ecg import Recording
from tests.bank.figures.measuring import beats, p_onset, qrs_span, rate_of, recorded, seen, spread, whole


def test_first_degree_block_has_a_long_pr_and_drops_no_beat() -> None:
    recording = recorded(rhythm="first-degree-block", rate=60)
    onset, _ = qrs_span(recording, whole(recording, beats(recording))[0])

    assert onset - p_onset(recording, onset) > 0.2
    assert len(seen(recording)) == pytest.approx(len(beats(recording)), abs=1)


@pytest.mark.parametrize("conduction", ["3:2", "4:3", "5:4"])
def test_wenckebach_lengthens_pr_by_less_each_time_until_a_beat_is_dropped(conduction: str) -> None:
    groups = _groups(recorded(rhythm="mobitz-1", conduction=conduction))

    assert groups
    for prs in groups:
        assert len(prs) == int(conduction[2])
        more = np.diff(prs)
        assert (more > 0.015).all()
        assert (np.diff(more) < 0.002).all()  # so RR shortens before the pause


@pytest.mark.parametrize("conduction", ["3:2", "4:3", "5:4"])
def test_mobitz_2_drops_beats_with_a_pr_that_stays(conduction: str) -> None:
    recording = recorded(rhythm="mobitz-2", conduction=conduction)
    intervals = np.diff(beats(recording))

    assert intervals.max() == pytest.approx(2 * intervals.min(), rel=0.03)
    for prs in _groups(recording):
        assert len(prs) == int(conduction[2])
        assert np.ptp(prs) < 0.008


def test_in_two_to_one_block_every_second_p_wave_is_conducted_with_one_pr() -> None:
    recording = recorded(rhythm="2-to-1-block", atrial_rate=90)

    assert rate_of(recording) == pytest.approx(45, rel=0.02)
    assert [len(group) for group in _groups(recording)] == [1] * len(_groups(recording))
    assert np.ptp([group[0] for group in _groups(recording)]) < 0.01


@pytest.mark.parametrize(("escape", "low", "high"), [("junctional", 35, 60), ("ventricular", 20, 45)])
def test_in_complete_block_atria_and_ventricles_keep_their_own_time(escape: str, low: float, high: float) -> None:
    recording = recorded(rhythm="third-degree-block", escape=escape, atrial_rate=90)
    found = beats(recording, least_s=0.5)
    last_p = [beat - max(p.at_s for p in recording.activity.atria if p.at_s < beat) for beat in found.tolist()]
    onset, end = qrs_span(recording, whole(recording, found)[0])

    assert low <= 60 / np.mean(np.diff(found)) <= high
    assert spread(np.diff(found)) < 0.02
    assert 60 / np.mean(np.diff([p.at_s for p in recording.activity.atria])) == pytest.approx(90, rel=0.06)
    assert np.ptp(last_p) > 0.2
    assert (end - onset > 0.12) == (escape == "ventricular")


def _groups(recording: Recording) -> list[list[float]]:
    """Measured time from each P wave to the fastest point of its QRS, from dropped beat to dropped beat; whole groups only."""
    found = beats(recording)
    groups: list[list[float]] = []
    for p in seen(recording):
        after = [beat - p.at_s for beat in found.tolist() if 0 < beat - p.at_s < 0.45]
        if not after:
            groups.append([])
        elif groups:
            groups[-1].append(after[0])
    return groups[:-1]
