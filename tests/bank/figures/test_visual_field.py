"""Visual fields by the place of the lesion: sides, quadrants, halves of the retina, and what is hatched."""

from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.bank.figures.visual_field import CENTRES, DEGREE, KIND, MIDDLE
from bedside.bank.figures.visual_pathway import EXTENTS, Cut, Eye, Lesion, Side, extent, lost
from tests.support.figure_sheets import documented, paths_in, refusal, sheet_of, words_in

EYES: tuple[Eye, Eye] = ("left", "right")
SIDES: tuple[Eye, Eye] = ("left", "right")
HEMISPHERE: tuple[Lesion, ...] = (
    *("tract", "meyer", "parietal", "occipital", "occipital-complete", "occipital-pole", "cuneus", "lingual"),
)
CHIASM: tuple[Lesion, ...] = ("chiasm", "chiasm-below", "chiasm-above")
ONE_EYE: tuple[Lesion, ...] = ("optic-nerve", "central", "centrocecal", "altitudinal", "arcuate", "constricted", "papilledema")
places = st.tuples(st.floats(-60, 60), st.floats(-60, 60)).filter(lambda at: min(abs(at[0]), abs(at[1])) > 0.1)


def gone(cut: Cut, eye: Eye, x: float, y: float) -> bool:
    return bool(lost(cut, eye, np.array([x]), np.array([y]))[0])


def quadrants(cut: Cut) -> set[str]:
    """Quadrants that are lost 30 degrees from fixation, as "left eye, up right"."""
    return {
        f"{eye}, {up} {across}"
        for eye in EYES
        for up, y in (("up", 20.0), ("down", -20.0))
        for across, x in (("left", -20.0), ("right", 20.0))
        if gone(cut, eye, x, y)
    }


ALL_OF = {eye: {f"{eye}, {up} {across}" for up in ("up", "down") for across in ("left", "right")} for eye in EYES}

WORKED = {  # answered from the anatomy, without the model
    ("optic-nerve", "right"): ALL_OF["right"],
    ("chiasm", "left"): {"left, up left", "left, down left", "right, up right", "right, down right"},
    ("chiasm-below", "left"): {"left, up left", "right, up right"},
    ("chiasm-above", "left"): {"left, down left", "right, down right"},
    ("chiasm-lateral", "right"): {"right, up left", "right, down left"},
    ("tract", "right"): {"left, up left", "left, down left", "right, up left", "right, down left"},
    ("meyer", "left"): {"left, up right", "right, up right"},
    ("meyer", "right"): {"left, up left", "right, up left"},
    ("parietal", "left"): {"left, down right", "right, down right"},
    ("occipital", "left"): {"left, up right", "left, down right", "right, up right", "right, down right"},
    ("cuneus", "right"): {"left, down left", "right, down left"},
    ("lingual", "right"): {"left, up left", "right, up left"},
    ("junction", "right"): {*ALL_OF["right"], "left, up left"},
    ("junction", "left"): {*ALL_OF["left"], "right, up right"},
    ("occipital-pole", "left"): set(),
    ("central", "left"): set(),
    ("constricted", "left"): ALL_OF["left"],
}


@pytest.mark.parametrize(("where", "answer"), WORKED.items())
def test_quadrants_are_those_worked_from_the_anatomy(where: tuple[Lesion, Eye], answer: set[str]) -> None:
    assert quadrants(Cut(where[0], where[1])) == answer


@given(st.sampled_from(HEMISPHERE), st.sampled_from(SIDES), places)
def test_behind_the_chiasm_both_eyes_lose_the_same_of_the_other_side(
    lesion: Lesion, side: Side, at: tuple[float, float]
) -> None:
    cut = Cut(lesion, side, 8)
    assert gone(cut, "left", *at) == gone(cut, "right", *at)
    if gone(cut, "left", *at):
        assert (at[0] > 0) == (side == "left")


@given(st.sampled_from(CHIASM), places)
def test_at_the_chiasm_the_eyes_mirror_each_other_and_keep_their_nasal_fields(lesion: Lesion, at: tuple[float, float]) -> None:
    cut = Cut(lesion)
    assert gone(cut, "left", *at) == gone(cut, "right", -at[0], at[1])
    if at[0] < 0:
        assert not gone(cut, "right", *at)


@given(st.sampled_from(ONE_EYE), st.sampled_from(SIDES), places)
def test_before_the_chiasm_the_other_eye_is_whole(lesion: Lesion, side: Eye, at: tuple[float, float]) -> None:
    assert not gone(Cut(lesion, side), "right" if side == "left" else "left", *at)


@given(st.sampled_from((*HEMISPHERE, *CHIASM, *ONE_EYE, "junction")), places)
def test_a_lesion_of_the_other_side_is_its_mirror_image(lesion: Lesion, at: tuple[float, float]) -> None:
    for eye, mirrored in (("left", "right"), ("right", "left")):
        one, other = Cut(lesion, "left"), Cut(lesion, "right")
        assert gone(one, eye, *at) == gone(other, mirrored, -at[0], at[1])  # type: ignore[arg-type]


@given(places)
def test_the_two_banks_and_the_pole_make_up_a_half(at: tuple[float, float]) -> None:
    parts = [gone(Cut(lesion, "left", 8), "left", *at) for lesion in ("cuneus", "lingual", "occipital-pole")]
    assert sum(parts) == gone(Cut("occipital-complete", "left", 8), "left", *at)
    assert gone(Cut("tract", "left"), "left", *at) == gone(Cut("occipital-complete", "left"), "left", *at)


@given(places, st.floats(5, 12))
def test_a_lesion_of_the_cortex_spares_the_macula_and_one_of_the_pole_takes_it_alone(
    at: tuple[float, float], macula: float
) -> None:
    is_near, is_half = hypot(*at) <= macula, at[0] < 0
    assert gone(Cut("occipital", "right", macula), "left", *at) == (is_half and not is_near)
    assert gone(Cut("occipital-pole", "right", macula), "left", *at) == (is_half and is_near)


def test_losses_of_one_eye_lie_where_their_names_say() -> None:
    assert gone(Cut("central", "right", 10), "right", 1, 1)
    assert not gone(Cut("central", "right", 10), "right", 15, 0)
    assert gone(Cut("centrocecal", "left"), "left", -15, -1)
    assert gone(Cut("centrocecal", "left"), "left", 0, 0.1)
    assert not gone(Cut("centrocecal", "left"), "left", 15, 0)
    assert gone(Cut("altitudinal", "left", half="lower"), "left", 5, -20)
    assert not gone(Cut("altitudinal", "left", half="lower"), "left", 5, 20)
    assert gone(Cut("arcuate", "right", half="upper"), "right", 0, 15)
    assert not gone(Cut("arcuate", "right", half="upper"), "right", 0, 3)
    assert not gone(Cut("arcuate", "right", half="upper"), "right", -20, -1)
    assert gone(Cut("papilledema", "right", 11), "right", 15, 4)
    assert not gone(Cut("papilledema", "right", 5), "right", 15, 5)
    assert not gone(Cut("constricted", "right", 15), "right", 5, 5)


@pytest.mark.parametrize("eye", EYES)
def test_a_normal_field_reaches_as_far_as_the_table_says_and_farthest_to_the_temporal_side(eye: Eye) -> None:
    angles = np.arange(8) * np.pi / 4
    turned = angles if eye == "right" else np.pi - angles
    assert extent(eye, turned).tolist() == pytest.approx(list(EXTENTS))
    everywhere = extent(eye, np.linspace(0, 2 * np.pi, 720))
    assert 44 < everywhere.min() < everywhere.max() < 90


def hatched(words: str, eye: Eye) -> list[tuple[float, float]]:
    """Middles of hatching lines in degrees from fixation, read from the sheet."""
    found = []
    for points in paths_in(sheet_of(f"{words} key=false"), "trace"):
        for (ax, ay), (bx, by) in zip(points[::2], points[1::2], strict=False):
            x, y = ((ax + bx) / 2 - CENTRES[eye]) / DEGREE, (MIDDLE - (ay + by) / 2) / DEGREE
            if abs(x) < 95 and abs((bx - ax) + (by - ay)) < 0.3 and bx - ax > 2:
                found.append((x, y))
    return found


@pytest.mark.parametrize("eye", EYES)
def test_what_is_hatched_is_what_is_lost(eye: Eye) -> None:
    assert hatched("visual_field", eye) == []
    upper_right = hatched("visual_field lesion=meyer side=left", eye)
    assert len(upper_right) > 5
    assert all(x > 0 and y > 0 for x, y in upper_right)
    lower_left = hatched("visual_field lesion=parietal side=right", eye)
    assert len(lower_left) > 5
    assert all(x < 0 and y < 0 for x, y in lower_left)


def test_blind_spots_are_temporal_and_just_below_fixation() -> None:
    spots = [
        (float(mark.attrib["cx"]), float(mark.attrib["cy"])) for mark in sheet_of("visual_field key=false").iter("ellipse")
    ]
    left, right = spots
    assert left[0] == pytest.approx(CENTRES["left"] - 15 * DEGREE, abs=0.1)
    assert right[0] == pytest.approx(CENTRES["right"] + 15 * DEGREE, abs=0.1)
    assert left[1] == right[1] == pytest.approx(MIDDLE + 1.5 * DEGREE, abs=0.1)


def words_for(lesion: Lesion, side: str) -> str:
    half = " half=upper" if lesion in ("altitudinal", "arcuate") else ""
    return f"visual_field lesion={lesion}{half}" + ("" if lesion in (*CHIASM, "none") else f" side={side}")


@pytest.mark.parametrize("lesion", [*HEMISPHERE, *CHIASM, *ONE_EYE, "junction", "chiasm-lateral", "none"])
def test_every_field_stays_on_its_sheet_and_does_not_name_its_lesion(lesion: Lesion) -> None:
    for side in SIDES:
        said = " ".join(words_in(sheet_of(words_for(lesion, side))))
        assert lesion not in said
        assert "Left eye" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("visual_field lesion=meyer", "needs a side"),
        ("visual_field lesion=meyer side=both", "on one side"),
        ("visual_field lesion=chiasm side=left", "has no side"),
        ("visual_field lesion=altitudinal side=left", "upper or lower"),
        ("visual_field lesion=central side=left half=upper", "upper or lower"),
        ("visual_field lesion=tract side=left size=10", "no size"),
        ("visual_field lesion=central side=left size=60", "30"),
        ("visual_field lesion=stroke", "lesion"),
    ],
)
def test_a_lesion_that_cannot_be_is_refused_with_advice(words: str, said: str) -> None:
    assert said in refusal(words)


def test_the_kind_is_documented() -> None:
    documented(KIND)
