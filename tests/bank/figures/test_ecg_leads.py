"""Twelve leads: they belong together, and each pattern stands in the leads that name it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from bedside.bank.figures.ecg import Recording, record
from bedside.bank.figures.ecg.words import EcgWords
from tests.bank.figures.measuring import beats, level, p_onset, qrs_span, whole, within

CHEST = ("V1", "V2", "V3", "V4", "V5", "V6")


def recorded(**words: Any) -> Recording:
    return record(EcgWords(leads="12", **words))


def one_beat(recording: Recording) -> tuple[float, float]:
    return qrs_span(recording, whole(recording, beats(recording))[2])


def qrs_of(recording: Recording, lead: str, share: tuple[float, float] = (0, 1)) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The QRS of a lead against the level before it, or a share of its time."""
    onset, end = one_beat(recording)
    first, last = (onset + one * (end - onset) for one in share)
    level = float(recording.mv[lead][round((onset - 0.02) * 500)])
    found: np.ndarray[Any, np.dtype[np.float64]] = within(recording, lead, first, last) - level
    return found


def t_of(recording: Recording, lead: str) -> float:
    """The height of the T wave, signed."""
    onset, end = one_beat(recording)
    part = within(recording, lead, end + 0.12, onset + 0.42) - recording.mv[lead][round((onset - 0.02) * 500)]
    return float(part[np.argmax(np.abs(part))])


def shifted(recording: Recording, *, least: float = 0.08) -> tuple[set[str], set[str]]:
    """The leads whose ST segment is raised, and those where it is lowered, by at least so many mV."""
    qrs = one_beat(recording)
    levels = {lead: level(recording, lead, qrs, after_s=0.04) for lead in recording.mv}
    return {lead for lead, mv in levels.items() if mv >= least}, {lead for lead, mv in levels.items() if mv <= -least}


@pytest.mark.parametrize("words", [{}, {"pattern": "lbbb"}, {"rhythm": "af"}, {"rhythm": "vt"}, {"potassium": 8.5}])
def test_the_limb_leads_obey_einthoven_and_goldberger(words: dict[str, Any]) -> None:
    mv = recorded(**words).mv

    assert np.allclose(mv["I"] + mv["III"], mv["II"])
    assert np.allclose(mv["aVR"] + mv["aVL"] + mv["aVF"], 0)


def test_a_normal_electrocardiogram_has_its_axis_its_r_progression_and_no_shift() -> None:
    recording = recorded()
    net = {lead: float(qrs_of(recording, lead).sum()) for lead in recording.mv}
    heights = [float(qrs_of(recording, lead).max()) for lead in CHEST]
    ratio = [float(qrs_of(recording, lead).max() / -qrs_of(recording, lead).min()) for lead in CHEST[:5]]

    assert net["I"] > 0
    assert net["aVF"] > 0
    assert net["aVR"] < 0
    assert ratio[0] < 1 < ratio[4]
    assert ratio == sorted(ratio)
    assert heights[0] < 0.5
    assert heights[4] > 1
    assert shifted(recording) == (set(), set())
    assert all(t_of(recording, lead) > 0.03 for lead in ("I", "II", "V2", "V3", "V4", "V5", "V6"))
    assert t_of(recording, "aVR") < 0


def test_left_bundle_branch_block_is_wide_deep_in_v1_and_broad_without_q_in_v6_with_t_turned_over() -> None:
    recording = recorded(pattern="lbbb")
    onset, end = one_beat(recording)

    assert end - onset >= 0.12
    assert qrs_of(recording, "V1").min() < -0.8
    assert qrs_of(recording, "V1", (0, 0.7)).max() < 0.1
    assert qrs_of(recording, "V6").max() > 0.6
    assert qrs_of(recording, "V6", (0, 0.5)).min() > -0.03
    assert t_of(recording, "V6") < -0.1 < 0.1 < t_of(recording, "V1")
    assert t_of(recording, "I") < 0


def test_right_bundle_branch_block_ends_with_r_in_v1_and_wide_s_in_i_and_v6() -> None:
    recording = recorded(pattern="rbbb")
    onset, end = one_beat(recording)
    v1 = qrs_of(recording, "V1")

    assert end - onset >= 0.12
    assert qrs_of(recording, "V1", (0, 0.3)).max() > 0.1
    assert v1.min() < -0.2
    assert qrs_of(recording, "V1", (0.55, 1)).max() > 0.5
    assert qrs_of(recording, "I", (0.5, 1)).min() < -0.2
    assert qrs_of(recording, "V6", (0.5, 1)).min() < -0.3
    assert t_of(recording, "V1") < 0


@pytest.mark.parametrize(
    ("pattern", "raised", "never_raised", "lowered"),
    [
        ("anterior-stemi", {"V1", "V2", "V3", "V4"}, {"II", "III", "aVF"}, {"III"}),
        ("inferior-stemi", {"II", "III", "aVF"}, {"I", "aVL", "V2", "V3", "V4"}, {"aVL"}),
        ("lateral-stemi", {"I", "aVL", "V5", "V6"}, {"II", "III", "aVF", "V1", "V2"}, {"III", "aVF"}),
        ("posterior-stemi", set(), set(CHEST[:4]), {"V1", "V2", "V3"}),
        ("pericarditis", {"I", "II", "V2", "V3", "V4", "V5", "V6"}, {"aVR", "V1"}, {"aVR"}),
    ],
)
def test_the_st_segment_is_shifted_in_the_leads_that_name_the_place(
    pattern: str, raised: set[str], never_raised: set[str], lowered: set[str]
) -> None:
    up, down = shifted(recorded(pattern=pattern))

    assert raised <= up
    assert not never_raised & up
    assert lowered <= down


def test_an_inferior_infarct_of_the_right_coronary_artery_raises_iii_more_than_ii() -> None:
    recording = recorded(pattern="inferior-stemi")

    assert level(recording, "III", one_beat(recording)) > level(recording, "II", one_beat(recording))


def test_a_posterior_infarct_has_tall_r_and_upright_t_in_v2() -> None:
    recording = recorded(pattern="posterior-stemi")

    assert qrs_of(recording, "V2").max() > -qrs_of(recording, "V2", (0, 0.9)).min()
    assert t_of(recording, "V2") > 0.1


def test_pericarditis_lowers_pr_and_spares_no_wall() -> None:
    recording = recorded(pattern="pericarditis")
    onset, _ = one_beat(recording)

    def pr(lead: str) -> float:
        return float(recording.mv[lead][round((onset - 0.03) * 500)] - recording.mv[lead][round((onset - 0.24) * 500)])

    assert pr("II") < -0.04
    assert pr("aVR") > 0.04


def test_left_ventricular_hypertrophy_fulfils_sokolow_and_lyon_with_strain() -> None:
    recording = recorded(pattern="lvh")
    normal = recorded()

    def index(one: Recording) -> float:
        return float(-qrs_of(one, "V1").min() + max(qrs_of(one, "V5").max(), qrs_of(one, "V6").max()))

    assert index(recording) >= 3.5 > index(normal)
    assert t_of(recording, "V6") < -0.1
    assert "V6" in shifted(recording, least=0.05)[1]


def test_pre_excitation_has_a_short_pr_and_a_slurred_start() -> None:
    recording = recorded(pattern="wpw", rate=60)
    onset, end = qrs_span(recording, whole(recording, beats(recording))[2])
    normal = recorded(rate=60)
    usual = qrs_span(normal, whole(normal, beats(normal))[2])
    after = within(recording, "II", onset, onset + 0.03)

    assert onset - p_onset(recording, onset, room_s=0.2) < 0.12
    assert end - onset > usual[1] - usual[0] + 0.015
    assert after[-1] > 0.1
    assert np.abs(np.gradient(after)).max() < 0.35 * np.abs(np.gradient(within(recording, "II", onset, end))).max()


def test_right_heart_strain_has_s1_q3_t3_and_turned_t_waves_over_the_right_chest() -> None:
    recording = recorded(pattern="right-heart-strain")

    assert qrs_of(recording, "I", (0.4, 1)).min() < -0.15
    assert qrs_of(recording, "III", (0, 0.35)).min() < -0.15
    assert t_of(recording, "III") < -0.05
    assert all(t_of(recording, lead) < -0.1 for lead in ("V1", "V2", "V3"))
    assert 60 / np.mean(np.diff(beats(recording))) > 100


def test_right_ventricular_hypertrophy_turns_the_axis_and_raises_r_in_v1_with_a_tall_p() -> None:
    recording = recorded(pattern="rvh")
    onset, _ = one_beat(recording)

    assert qrs_of(recording, "I").sum() < 0 < qrs_of(recording, "aVF").sum()
    assert qrs_of(recording, "V1").max() > 0.7
    assert qrs_of(recording, "V1").max() > -qrs_of(recording, "V1").min()
    assert -qrs_of(recording, "V6").min() > qrs_of(recording, "V6").max() * 0.9
    assert t_of(recording, "V1") < -0.1
    assert within(recording, "II", onset - 0.16, onset - 0.05).max() > 0.24


def test_paced_from_the_right_apex_beats_look_left_and_up() -> None:
    recording = recorded(rhythm="paced")
    beat = whole(recording, beats(recording))[2]

    def peak(lead: str) -> float:
        part = within(recording, lead, beat + 0.03, beat + 0.16)
        return float(part[np.argmax(np.abs(part))])

    assert peak("I") > 0.3
    assert peak("II") < -0.5
    assert peak("V1") < -0.5
