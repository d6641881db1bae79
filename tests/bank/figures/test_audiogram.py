"""Audiograms: each pattern shows what names it, masking where it is needed, and symbols where they belong."""

from math import log2
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures.audiogram import KIND
from bedside.bank.figures.hearing import (
    BONE_TONES,
    TONES,
    Ear,
    Pattern,
    ear_of,
    needs_masking_of_air,
    needs_masking_of_bone,
)
from tests.support.figure_sheets import documented, paths_in, refusal, sheet_of, words_in

PATTERNS: tuple[Pattern, ...] = get_args(Pattern)
LOSSES, GAPS = st.floats(30, 90), st.floats(25, 50)


def gaps(ear: Ear) -> list[int]:
    return [ear.air[tone] - level for tone, level in ear.bone.items()]


def mean(ear: Ear, *tones: int) -> float:
    return sum(ear.air[tone] for tone in tones) / len(tones)


@given(st.sampled_from(PATTERNS), LOSSES, GAPS)
def test_thresholds_are_steps_of_5_db_and_bone_is_never_worse_than_air(pattern: Pattern, loss: float, gap: float) -> None:
    ear = ear_of(pattern, loss, gap)
    assert tuple(ear.air) == TONES
    assert all(level % 5 == 0 and -10 <= level <= 120 for level in (*ear.air.values(), *ear.bone.values()))
    assert min(gaps(ear), default=0) >= 0
    assert max(ear.bone.values(), default=0) <= 70


@given(st.sampled_from(PATTERNS), LOSSES, GAPS)
def test_only_diseases_of_the_middle_ear_have_a_gap_between_air_and_bone(pattern: Pattern, loss: float, gap: float) -> None:
    found = gaps(ear_of(pattern, loss, gap))
    if pattern in ("conductive", "mixed"):
        assert min(found) >= 15
    elif pattern == "otosclerosis":
        assert max(found) >= 20
    else:
        assert max(found, default=0) == 0


@given(LOSSES, GAPS)
def test_a_normal_and_a_conductive_ear_hear_normally_by_bone(loss: float, gap: float) -> None:
    assert max(ear_of("normal", loss, gap).air.values()) <= 20
    conductive = ear_of("conductive", loss, gap)
    assert max(conductive.bone.values()) <= 20
    assert min(conductive.air.values()) > 20


@given(LOSSES, GAPS)
def test_a_mixed_loss_is_one_by_bone_and_more_by_air(loss: float, gap: float) -> None:
    ear = ear_of("mixed", loss, gap)
    assert max(ear.bone.values()) > 20 or 4000 not in ear.bone
    assert min(ear.air.values()) > 20


@given(LOSSES, GAPS)
def test_presbycusis_falls_to_the_high_tones_and_never_rises(loss: float, gap: float) -> None:
    levels = list(ear_of("presbycusis", loss, gap).air.values())
    assert levels == sorted(levels)
    assert levels[-1] - levels[0] >= 20


@given(LOSSES, GAPS)
def test_noise_makes_a_notch_at_4_khz(loss: float, gap: float) -> None:
    ear = ear_of("noise", loss, gap)
    assert max(ear.air, key=lambda tone: ear.air[tone]) == 4000
    assert ear.air[4000] - ear.air[2000] >= 10
    assert ear.air[4000] - ear.air[8000] >= 10
    assert max(ear.air[tone] for tone in (250, 500, 1000)) <= 20


@given(LOSSES, GAPS)
def test_in_meniere_disease_low_tones_are_worst(loss: float, gap: float) -> None:
    ear = ear_of("meniere", loss, gap)
    assert mean(ear, 250, 500) - mean(ear, 2000, 4000) >= 10


@given(LOSSES, GAPS)
def test_a_fixed_stapes_notches_bone_at_2_khz_where_the_gap_is_smallest(loss: float, gap: float) -> None:
    ear = ear_of("otosclerosis", loss, gap)
    normal = ear_of("normal", loss, gap)
    shift = [ear.bone[tone] - normal.bone[tone] for tone in (500, 1000, 2000)]
    assert shift == [5, 10, 15]
    assert max(ear.bone, key=lambda tone: ear.bone[tone]) == 2000
    by_tone = {tone: ear.air[tone] - ear.bone[tone] for tone in BONE_TONES}
    assert by_tone[2000] == min(by_tone.values())
    assert by_tone[250] == max(by_tone.values())


def test_a_flat_loss_is_the_same_at_all_tones() -> None:
    assert set(ear_of("flat", 60, 30).air.values()) == {60}


def test_air_is_masked_where_the_other_inner_ear_could_hear_it() -> None:
    poor, good = ear_of("flat", 60, 30), ear_of("normal", 50, 30)
    assert all(needs_masking_of_air(poor, good).values())
    assert not any(needs_masking_of_air(good, poor).values())
    assert not any(needs_masking_of_air(ear_of("flat", 40, 30), good).values())
    assert not any(needs_masking_of_air(Ear({1000: 40}, {}), Ear({1000: 5}, {})).values())
    assert all(needs_masking_of_air(Ear({1000: 45}, {}), Ear({1000: 5}, {})).values())


def test_bone_is_masked_where_there_is_a_gap() -> None:
    assert all(needs_masking_of_bone(ear_of("conductive", 50, 30)).values())
    assert not any(needs_masking_of_bone(ear_of("flat", 50, 30)).values())


def spot(tone: float, level: float) -> tuple[float, float]:
    """Where a threshold stands: an octave is 54 wide, 10 dB are 27 high."""
    return round(88 + 54 * log2(tone / 125), 1), round(54 + 2.7 * (level + 10), 1)


def test_right_air_is_circles_on_a_line_and_left_air_crosses_on_a_dashed_line() -> None:
    root = sheet_of("audiogram right_air=10,20,30,40,50,60 left_air=5,5,5,5,5,5 masking=false key=false")
    centres = [(float(mark.attrib["cx"]), float(mark.attrib["cy"])) for mark in root.iter("circle")]
    tones = (250, 500, 1000, 2000, 4000, 8000)
    assert centres == [spot(tone, level) for tone, level in zip(tones, range(10, 70, 10), strict=True)]
    assert paths_in(root, "d0") == [centres]
    assert paths_in(root, "d1") == [[spot(tone, 5) for tone in tones]]


def test_bone_stands_beside_its_tone_right_ear_at_the_left() -> None:
    words = (
        "audiogram right_air=40,40,40,40,40,40 left_air=40,40,40,40,40,40 right_bone=5,5,5,5,5 left_bone=5,5,5,5,5 key=false"
    )
    for more, n_points in (("", 4), (" masking=false", 3)):
        marks = [points for points in paths_in(sheet_of(words + more), "line") if len(points) == n_points]
        brackets = [points for points in marks if min(y for _, y in points) < spot(250, 5)[1] < max(y for _, y in points)]
        assert len(brackets) == 10, "five tones, two ears"
        at = [round(spot(tone, 5)[0], 1) for tone in BONE_TONES]
        rights = [points for points in brackets if any(0 < x - points[1][0] < 20 and points[0][0] > points[1][0] for x in at)]
        assert len(rights) >= 5


def test_the_key_names_only_what_is_there() -> None:
    words = words_in(sheet_of("audiogram right=normal left=normal"))
    assert "air" in words
    assert "air, masked" not in words
    assert "air, masked" in words_in(sheet_of("audiogram right=normal left=flat"))
    assert "bone" not in words_in(sheet_of("audiogram bone=false"))


def test_an_octave_is_as_wide_as_20_db_are_high() -> None:
    assert spot(500, 0)[0] - spot(250, 0)[0] == pytest.approx(spot(250, 20)[1] - spot(250, 0)[1])


@given(st.sampled_from(PATTERNS), st.sampled_from(PATTERNS), LOSSES, GAPS)
@settings(max_examples=40, deadline=None)
def test_every_audiogram_stays_on_its_sheet_and_does_not_name_its_disease(
    right: Pattern, left: Pattern, loss: float, gap: float
) -> None:
    root = sheet_of(f"audiogram right={right} left={left} loss_db={loss:.0f} gap_db={gap:.0f},30")
    said = " ".join(words_in(root)).lower()
    assert not any(pattern in said for pattern in PATTERNS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("audiogram right=deaf", "right"),
        ("audiogram right_air=5,5,5", "6 thresholds"),
        ("audiogram right_air=7,5,5,5,5,5", "multiple of 5"),
        ("audiogram left_air=5,5,5,5,5,130", "120"),
        ("audiogram right_bone=5,5,5,5,5", "beside air"),
        ("audiogram right_air=5,5,5,5,5,5 right_bone=5,5,5,5", "5 thresholds"),
        ("audiogram left_air=5,5,5,5,5,5 left_bone=5,20,5,5,5", "at most 10 dB worse than air at the same tone (left ear)"),
        ("audiogram left_air=90,90,90,90,90,90 left_bone=80,80,80,80,80", "up to 70 dB"),
        ("audiogram loss_db=10", "30"),
    ],
)
def test_an_ear_that_cannot_be_is_refused_with_advice(words: str, said: str) -> None:
    assert said in refusal(words)


def test_the_kind_is_documented() -> None:
    documented(KIND)
