"""Pedigrees: who inherits, which inheritances fit, that no line crosses another, and the standard symbols."""

from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank.figures.family import Family, Person, Place, Sex, Union, named, read_family
from bedside.bank.figures.family_layout import places
from bedside.bank.figures.family_making import made
from bedside.bank.figures.inheritance import ALLELE, INHERITANCES, Inheritance, is_affected, likelihoods, shares
from bedside.bank.figures.pedigree import KIND
from tests.support.figure_sheets import documented, paths_in, refusal, sheet_of, words_in

SEEDS = st.integers(1, 9999)
CHANCES = st.sampled_from(INHERITANCES)
WRITTEN = "pedigree people=I-1:md,I-2:f,II-1:m,II-2:fa,II-3:fap,II-4:m,II-5:uq,III-1:fc,III-2:mc"
UNIONS = "unions=I-1+I-2=II-2+II-3+II-5,II-1+II-2=III-1+III-2,II-3+II-4"


# an independent solver: gametes as tuples of alleles, everybody's alleles by trying them all from the top down


def alleles(inheritance: Inheritance, sex: Sex) -> list[tuple[int, ...]]:
    """All that somebody may have: one copy or two (from the mother, from the father)."""
    if inheritance == "mt" or (inheritance in ("xr", "xd") and sex == "m"):
        return [(0,), (1,)]
    return list(product((0, 1), repeat=2))


def from_parents(inheritance: Inheritance, mother: tuple[int, ...], father: tuple[int, ...], sex: Sex) -> list[tuple[int, ...]]:
    """What a child may get, each as likely as the next."""
    if inheritance == "mt":
        return [mother]
    if inheritance in ("xr", "xd"):
        return [(one, father[0]) if sex == "f" else (one,) for one in mother]
    return [(one, other) for one in mother for other in father]


def has_disease(inheritance: Inheritance, sex: Sex, own: tuple[int, ...]) -> bool:
    return all(own) if inheritance in ("ar", "xr") else any(own)


def fits(family: Family, inheritance: Inheritance) -> bool:
    """Can everybody be given alleles so that all see what they have?"""
    people, parents = family.by_place(), family.parents()
    order = sorted(people)

    def go(n: int, found: dict[Place, tuple[int, ...]]) -> bool:
        if n == len(order):
            return True
        person = people[order[n]]
        options = alleles(inheritance, person.sex)
        if order[n] in parents:
            mother, father = sorted(parents[order[n]], key=lambda place: people[place].sex)
            options = from_parents(inheritance, found[mother], found[father], person.sex)
        return any(
            go(n + 1, {**found, order[n]: own})
            for own in dict.fromkeys(options)
            if has_disease(inheritance, person.sex, own) == person.is_affected
        )

    return go(0, {})


def summed(family: Family, inheritance: Inheritance, seen: dict[Place, bool]) -> float:
    """The likelihood by all worlds, one after the other."""
    people, parents = family.by_place(), family.parents()
    order, total = sorted(people), 0.0

    def go(n: int, found: dict[Place, tuple[int, ...]], p: float) -> None:
        nonlocal total
        if n == len(order):
            total += p
            return
        place = order[n]
        person = people[place]
        if place in parents:
            mother, father = sorted(parents[place], key=lambda one: people[one].sex)
            options = from_parents(inheritance, found[mother], found[father], person.sex)
            chances = [1 / len(options)] * len(options)
        else:
            options = alleles(inheritance, person.sex)
            chances = [ALLELE ** sum(own) * (1 - ALLELE) ** (len(own) - sum(own)) for own in options]
        for own, chance in zip(options, chances, strict=True):
            if has_disease(inheritance, person.sex, own) == seen[place]:
                go(n + 1, {**found, place: own}, p * chance)

    go(0, {}, 1.0)
    return total


@given(CHANCES, SEEDS, st.sampled_from((3, 4)))
@settings(max_examples=60, deadline=None)
def test_a_family_made_for_an_inheritance_can_have_come_about_by_it(
    inheritance: Inheritance, seed: int, generations: int
) -> None:
    family = made(inheritance, seed, generations, False, False)
    assert family is not None
    assert fits(family, inheritance)


@given(CHANCES, SEEDS)
@settings(max_examples=40, deadline=None)
def test_with_only_no_other_inheritance_explains_the_family_nearly_as_well(inheritance: Inheritance, seed: int) -> None:
    family = made(inheritance, seed, 3, True, False)
    assert family is not None
    found = likelihoods(family)
    assert all(found[other] <= found[inheritance] / 19 for other in INHERITANCES if other != inheritance)
    for other in INHERITANCES:
        assert (found[other] > 0) == fits(family, other), other


@given(CHANCES, SEEDS)
@settings(max_examples=60, deadline=None)
def test_each_inheritance_shows_the_signs_that_name_it(inheritance: Inheritance, seed: int) -> None:
    family = made(inheritance, seed, 3, True, False)
    assert family is not None
    people = family.by_place()
    for union in family.unions:
        mother, father = (people[place] for place in sorted(union.partners, key=lambda place: people[place].sex))
        for child in (people[place] for place in union.children):
            if inheritance in ("ad", "xd", "mt") and child.is_affected:
                assert mother.is_affected or father.is_affected
            if inheritance == "mt":
                assert child.is_affected == mother.is_affected
            if inheritance == "xd" and father.is_affected and child.sex == "f":
                assert child.is_affected
            if inheritance == "xd" and child.sex == "m" and child.is_affected:
                assert mother.is_affected
            if inheritance == "xr" and child.sex == "f" and child.is_affected:
                assert father.is_affected
    if inheritance == "ar":
        assert any(
            not any(people[place].is_affected for place in union.partners)
            and any(people[child].is_affected and people[child].sex == "f" for child in union.children)
            for union in family.unions
        ) or any(people[place].is_affected for union in family.unions for place in union.partners)


small = st.builds(
    lambda sexes, affected: (sexes, affected),
    st.lists(st.sampled_from(("m", "f")), min_size=1, max_size=3),
    st.lists(st.booleans(), min_size=7, max_size=7),
)


@given(small, CHANCES)
@settings(max_examples=60, deadline=None)
def test_the_likelihood_is_the_sum_over_all_worlds(drawn: tuple[list[Sex], list[bool]], inheritance: Inheritance) -> None:
    sexes, affected = drawn
    children = tuple((2, n + 2) for n in range(len(sexes)))
    partner: Sex = "f" if sexes[0] == "m" else "m"
    spots: list[tuple[Place, Sex]] = [((1, 1), "m"), ((1, 2), "f"), ((2, 1), partner), ((3, 1), "f")]
    spots += list(zip(children, sexes, strict=True))
    people = tuple(Person(place, sex, one) for (place, sex), one in zip(spots, affected, strict=False))
    family = Family(people, (Union(((1, 1), (1, 2)), children), Union(((2, 1), (2, 2)), ((3, 1),))))
    seen = {person.place: person.is_affected for person in people}
    nobody = summed(family, inheritance, dict.fromkeys(seen, False))
    assert likelihoods(family)[inheritance] == pytest.approx(summed(family, inheritance, seen) / (1 - nobody), rel=1e-6)


def test_the_likelihood_of_cousins_who_marry_is_the_sum_over_all_worlds() -> None:
    people = ["I-1:m", "I-2:f", "II-1:m", "II-2:f", "II-3:m", "II-4:f", "III-1:m", "III-2:f", "IV-1:fa"]
    unions = ["I-1+I-2=II-2+II-3", "II-1+II-2=III-1", "II-3+II-4=III-2", "III-1+III-2=IV-1"]
    family = read_family(people, unions, (), ())
    seen = {person.place: person.is_affected for person in family.people}
    for inheritance in INHERITANCES:
        nobody = summed(family, inheritance, dict.fromkeys(seen, False))
        assert likelihoods(family)[inheritance] == pytest.approx(summed(family, inheritance, seen) / (1 - nobody), rel=1e-6)
    assert shares(family)["ar"] > 0.99


@given(CHANCES, SEEDS)
@settings(max_examples=20, deadline=None)
def test_carriers_are_those_with_one_copy_and_no_disease(inheritance: Inheritance, seed: int) -> None:
    family = made(inheritance, seed, 3, True, False)
    assert family is not None
    for person in family.people:
        assert not (person.is_carrier and person.is_affected)
        if person.is_carrier:
            assert inheritance in ("ar", "xr")
            assert not is_affected(inheritance, person.sex, 1)


def crossing(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Do two lines that are level or upright meet inside both?"""
    (ax, ay, bx, by), (cx, cy, _dx, dy) = one, other
    if (ay == by) == (cy == dy):
        return False
    if ay != by:
        return crossing(other, one)
    return min(ax, bx) + 0.2 < cx < max(ax, bx) - 0.2 and min(cy, dy) + 0.2 < ay < max(cy, dy) - 0.2


@given(CHANCES, SEEDS, st.sampled_from((2, 3, 4)), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_line_crosses_another_and_nobody_stands_in_anybody(
    inheritance: Inheritance, seed: int, generations: int, cousins: bool
) -> None:
    cousins = cousins and generations == 4
    family = made(inheritance, seed, generations, False, cousins)
    if family is None:
        return
    across = places(family)
    rows: dict[int, list[float]] = {}
    for place in sorted(across):
        rows.setdefault(place[0], []).append(across[place])
    for row in rows.values():
        assert all(right - left > 0.999 for left, right in pairwise(row))
    words = f"pedigree inheritance={inheritance} seed={seed} generations={generations} only=false cousins={cousins} key=false"
    points = list(paths_in(sheet_of(words), "axis"))
    lines = [(*one, *other) for marks in points for one, other in zip(marks[::2], marks[1::2], strict=True)]
    assert not [(one, other) for one in lines for other in lines if crossing(one, other)]


@given(CHANCES, SEEDS, st.sampled_from((3, 4)))
@settings(max_examples=25, deadline=None)
def test_a_family_has_as_many_generations_as_were_asked_for(inheritance: Inheritance, seed: int, generations: int) -> None:
    family = made(inheritance, seed, generations, True, False)
    assert family is not None
    assert {person.place[0] for person in family.people} == set(range(1, generations + 1))
    assert any(person.is_affected for person in family.people)
    assert not all(person.is_affected for person in family.people)


def test_couples_stand_over_the_middle_of_their_children() -> None:
    family = made("ar", 2, 4, True, True)
    assert family is not None
    across = places(family)
    for union in family.unions:
        if union.children:
            spots = [across[child] for child in union.children]
            assert (min(spots) + max(spots)) / 2 == pytest.approx(sum(across[place] for place in union.partners) / 2)


def test_the_standard_symbols_are_drawn() -> None:
    root = sheet_of(f"{WRITTEN} {UNIONS} identical=II-2+II-3 key=false")
    kinds = [(mark.tag, mark.get("class")) for mark in root if mark.get("class") in ("dot", "hollow")]
    assert kinds.count(("rect", "hollow")) == 4, "men"
    assert kinds.count(("circle", "dot")) == 4, "two affected women, two dots of carriers"
    assert kinds.count(("circle", "hollow")) == 2
    assert kinds.count(("path", "hollow")) == 1
    assert {"I", "II", "III", "?", "P"} <= set(words_in(root))
    assert "carrier" in words_in(sheet_of(f"{WRITTEN} {UNIONS}"))
    assert "carrier" not in words_in(root)


def test_relatives_who_marry_have_a_double_line_and_others_do_not() -> None:
    family = made("ar", 2, 4, True, True)
    assert family is not None
    assert [family.is_consanguineous(union) for union in family.unions].count(True) == 1
    with_line = sheet_of("pedigree inheritance=ar seed=2 generations=4 cousins=true")
    level = [
        (one, other)
        for marks in paths_in(with_line, "axis")
        for one, other in zip(marks[::2], marks[1::2], strict=True)
        if one[1] == other[1]
    ]
    assert len([1 for (ax, ay), _ in level for (bx, by), _ in level if ax == bx and by - ay == 4]) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("pedigree", "either an inheritance"),
        ("pedigree inheritance=ad people=I-1:m", "not both"),
        ("pedigree inheritance=zz", "inheritance"),
        ("pedigree inheritance=ad cousins=true", "generations=4"),
        ("pedigree inheritance=mt generations=2", "another seed, more generations"),
        ("pedigree people=I-1:m,I-2:f,II-1:x unions=I-1+I-2=II-1", "a person is written"),
        ("pedigree people=I-1:m,I-2:f,II-2:m unions=I-1+I-2=II-2", "numbered 1, 2, 3"),
        ("pedigree people=I-1:m,I-2:m,II-1:m unions=I-1+I-2=II-1", "one of them is m"),
        ("pedigree people=I-1:m,I-2:f,II-1:m,II-2:f unions=I-1+I-2=II-1", "II-2 belongs to no union"),
        ("pedigree people=I-1:m,I-2:f,I-3:m,II-1:m unions=I-1+I-3=II-1", "neighbouring"),
        ("pedigree people=I-1:m,I-2:f,II-1:m,II-2:f unions=I-1+I-2=II-1+II-2 identical=II-1+II-2", "one sex"),
        ("pedigree people=I-1:m,I-2:f,II-1:m unions=I-1+I-2=II-1+II-7", "not in people"),
        ("pedigree people=I-1:m,I-1:f unions=I-1+I-1", "two people"),
        (
            "pedigree people=I-1:m,I-2:f,I-3:m,I-4:f,II-1:m,II-2:f,II-3:f unions=I-1+I-2=II-1+II-3,I-3+I-4=II-2",
            "cross",
        ),
    ],
)
def test_a_family_that_cannot_be_is_refused_with_advice(words: str, said: str) -> None:
    assert said in refusal(words)


def test_the_kind_is_documented_and_places_are_named_as_they_are_written() -> None:
    documented(KIND)
    assert named((3, 2)) == "III-2"
