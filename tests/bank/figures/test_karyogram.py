"""Karyograms: how many chromosomes, which are long, where arms meet, and what a change of structure leaves."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures.chromosomes import ACROCENTRIC, AUTOSOMES, deleted, fused, joined, translocated, whole
from bedside.bank.figures.karyogram import KIND, KaryogramParameters, chromosomes_of
from tests.support.figure_sheets import documented, refusal, sheet_of, words_in

SEXES = ("XX", "XY", "X", "XXX", "XXY", "XYY")
CHANGES = ("9-22", "8-14", "14-18", "15-17", "11-14")


def count(**words: object) -> int:
    return sum(map(len, chromosomes_of(KaryogramParameters.model_validate(words)).values()))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ({"sex": "XX"}, 46),
        ({"sex": "XY", "extra": "21"}, 47),
        ({"sex": "X"}, 45),
        ({"sex": "XXY"}, 47),
        ({"sex": "XYY"}, 47),
        ({"sex": "XX", "robertsonian": "14-21"}, 45),
        ({"sex": "XX", "robertsonian": "14-21", "extra": "21"}, 46),
        ({"sex": "XX", "robertsonian": "21-21"}, 45),
        ({"sex": "XX", "translocation": "9-22"}, 46),
        ({"sex": "XX", "missing": "21"}, 45),
        ({"sex": "XX", "deletion": "5p"}, 46),
    ],
)
def test_chromosomes_are_as_many_as_the_karyotype_says(words: dict[str, str], answer: int) -> None:
    assert count(**words) == answer
    bars = list(sheet_of("karyogram " + " ".join(f"{key}={value}" for key, value in words.items())).iter("path"))
    assert len(bars) == answer


def test_autosomes_are_numbered_by_length_but_for_the_known_exceptions() -> None:
    lengths = [whole(name).length for name in AUTOSOMES]
    wrong = [AUTOSOMES[n] for n in range(21) if lengths[n] < lengths[n + 1]]
    assert wrong == ["19", "21"]
    assert whole("X").length > whole("8").length > whole("Y").length


@pytest.mark.parametrize("name", [*AUTOSOMES, "X", "Y"])
def test_bands_lie_apart_within_the_chromosome(name: str) -> None:
    one = whole(name)
    assert 0 < one.centromere < one.length
    edges = [edge for band in one.bands for edge in band]
    assert edges == sorted(edges)
    assert edges[-1] <= one.length + 0.1


def test_arms_are_those_of_the_groups() -> None:
    share = {name: whole(name).centromere / whole(name).length for name in (*AUTOSOMES, "X", "Y")}
    assert all(share[name] < 0.3 for name in (*ACROCENTRIC, "Y"))
    assert all(share[name] > 0.4 for name in ("1", "3", "16", "19", "20"))
    assert all(0.15 < share[name] < 0.42 for name in ("4", "5", "6", "8", "9", "10", "11", "12", "17", "18", "X"))


@pytest.mark.parametrize("kind", CHANGES)
def test_a_balanced_translocation_loses_nothing(kind: str) -> None:
    first, second = kind.split("-")
    found = translocated(kind)  # type: ignore[arg-type]
    assert sum(one.length for one in found.values()) == pytest.approx(whole(first).length + whole(second).length)
    dark = sum(end - start for one in found.values() for start, end in one.bands)
    assert dark == pytest.approx(sum(end - start for name in (first, second) for start, end in whole(name).bands))


def test_the_philadelphia_chromosome_is_a_short_22_and_its_partner_a_long_9() -> None:
    found = translocated("9-22")
    assert found["22"].length < 0.7 * whole("22").length
    assert found["9"].length > whole("9").length
    assert found["22"].centromere == whole("22").centromere


def test_a_robertsonian_fusion_has_two_long_arms_on_one_centromere() -> None:
    one, other, both = whole("14"), whole("21"), fused("14", "21")
    assert both.centromere == pytest.approx(other.length - other.centromere)
    assert both.length - both.centromere == pytest.approx(one.length - one.centromere)


def test_a_deletion_shortens_its_arm_alone() -> None:
    name, left = deleted("5p")
    assert name == "5"
    assert left.centromere < whole("5").centromere
    assert left.length - left.centromere == pytest.approx(whole("5").length - whole("5").centromere)
    name, left = deleted("18q")
    assert left.centromere == whole(name).centromere
    assert left.length < whole(name).length


def test_a_part_that_is_turned_over_has_its_bands_turned_over() -> None:
    one = whole("20")
    back = joined([(joined([(one, one.length, 0)], 1), one.length, 0)], one.centromere)
    assert [edge for band in back.bands for edge in band] == pytest.approx([edge for band in one.bands for edge in band])


@given(
    st.sampled_from(SEXES),
    st.lists(st.integers(1, 22), max_size=2, unique=True),
    st.sampled_from(
        ("", "robertsonian=13-14", "robertsonian=21-21", "deletion=4p", *(f"translocation={one}" for one in CHANGES))
    ),
)
@settings(max_examples=25, deadline=None)
def test_every_karyotype_stays_on_its_sheet(sex: str, extra: list[int], change: str) -> None:
    more = f"extra={','.join(map(str, extra))}" if extra else ""
    words = words_in(sheet_of(f"karyogram sex={sex} {more} {change}"))
    assert set(words) == {*AUTOSOMES, "X", "Y"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("karyogram sex=YY", "sex"),
        ("karyogram extra=23", "22"),
        ("karyogram extra=21,21", "extra once"),
        ("karyogram extra=21 missing=21", "extra or missing"),
        ("karyogram deletion=5p translocation=9-22", "one change of structure"),
    ],
)
def test_a_karyotype_that_cannot_be_is_refused_with_advice(words: str, said: str) -> None:
    assert said in refusal(words)


def test_the_kind_is_documented() -> None:
    documented(KIND)
