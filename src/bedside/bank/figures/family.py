"""A family as people and unions, and how an author writes one: `people=I-1:m,I-2:fa unions=I-1+I-2=II-1+II-2`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Sex = Literal["m", "f", "u"]
Place = tuple[int, int]  # generation and number, both from 1
ROMAN = ("I", "II", "III", "IV", "V")
FLAGS = {"a": "affected", "c": "carrier", "d": "deceased", "p": "proband", "q": "asked about"}

_PERSON = re.compile(r"([IV]{1,3})-([1-9]\d?):([mfu])([acdpq]*)")
_PLACE = re.compile(r"([IV]{1,3})-([1-9]\d?)")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in a pedigree. "u" as sex is drawn as a diamond."""

    place: Place
    sex: Sex
    is_affected: bool = False
    is_carrier: bool = False
    is_deceased: bool = False
    is_proband: bool = False
    is_asked: bool = False


@dataclass(frozen=True, slots=True)
class Union:
    """Two partners and their children."""

    partners: tuple[Place, Place]
    children: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Twins:
    """Two children of one birth."""

    places: tuple[Place, Place]
    is_identical: bool


@dataclass(frozen=True, slots=True)
class Family:
    """People by generation and number, their unions, and who are twins."""

    people: tuple[Person, ...]
    unions: tuple[Union, ...]
    twins: tuple[Twins, ...] = ()

    def by_place(self) -> dict[Place, Person]:
        """Everybody by generation and number."""
        return {person.place: person for person in self.people}

    def parents(self) -> dict[Place, tuple[Place, Place]]:
        """The parents of everybody who has some in the pedigree."""
        return {child: union.partners for union in self.unions for child in union.children}

    def is_consanguineous(self, union: Union) -> bool:
        """Do the partners share an ancestor in the pedigree?"""
        parents = self.parents()
        first, second = (_with_ancestors(place, parents) for place in union.partners)
        return bool(first & second)


def read_family(people: Iterable[str], unions: Iterable[str], identical: Iterable[str], fraternal: Iterable[str]) -> Family:
    """A family from an author's words.

    Raises:
        ValueError: what is wrong, and how it is written.
    """
    family = Family(
        tuple(sorted((_person(word) for word in people), key=lambda one: one.place)),
        tuple(_union(word) for word in unions),
        tuple(Twins(_two(word), is_one) for words, is_one in ((identical, True), (fraternal, False)) for word in words),
    )
    for problem in _problems(family):
        raise ValueError(problem)
    return family


def named(place: Place) -> str:
    """
    >>> named((2, 3))
    'II-3'
    """
    return f"{ROMAN[place[0] - 1]}-{place[1]}"


def _person(word: str) -> Person:
    found = _PERSON.fullmatch(word)
    if found is None or found[1] not in ROMAN:
        marks = ", ".join(f"{mark} {meaning}" for mark, meaning in FLAGS.items())
        raise ValueError(f'a person is written I-1:m, with m, f or u and then {marks}, as in II-3:fap; not "{word}"')
    place, flags = (ROMAN.index(found[1]) + 1, int(found[2])), found[4]
    sex: Sex = next(one for one in get_args(Sex) if one == found[3])
    return Person(place, sex, "a" in flags, "c" in flags, "d" in flags, "p" in flags, "q" in flags)


def _union(word: str) -> Union:
    partners, _, children = word.partition("=")
    return Union(_two(partners), tuple(_place(one) for one in children.split("+")) if children else ())


def _two(word: str) -> tuple[Place, Place]:
    first, sign, second = word.partition("+")
    if not sign:
        raise ValueError(f'two people are joined by +, as in II-1+II-2; not "{word}"')
    return _place(first), _place(second)


def _place(word: str) -> Place:
    found = _PLACE.fullmatch(word.strip())
    if found is None or found[1] not in ROMAN:
        raise ValueError(f'a place is written II-3 (union: I-1+I-2=II-1+II-2); not "{word}"')
    return ROMAN.index(found[1]) + 1, int(found[2])


def _problems(family: Family) -> Iterator[str]:
    known = family.by_place()
    if len(known) < len(family.people):
        yield "a place is given to two people"
    yield from _gaps(known)
    for union in family.unions:
        yield from _union_problems(union, known)
    children = [child for union in family.unions for child in union.children]
    for child in children:
        if children.count(child) > 1:
            yield f"the child {named(child)} is named twice"
    joined = {place for union in family.unions for place in (*union.partners, *union.children)}
    for place in known:
        if place not in joined:
            yield f"the person {named(place)} belongs to no union; name the parents or the partner in unions"
    for twins in family.twins:
        yield from _twin_problems(twins, family)


def _gaps(known: Mapping[Place, Person]) -> Iterator[str]:
    for generation in range(1, max(place[0] for place in known) + 1):
        numbers = sorted(number for row, number in known if row == generation)
        if numbers != list(range(1, len(numbers) + 1)) or not numbers:
            yield f"the people of generation {ROMAN[generation - 1]} are numbered 1, 2, 3 from the left, without a gap"


def _union_problems(union: Union, known: Mapping[Place, Person]) -> Iterator[str]:
    for place in (*union.partners, *union.children):
        if place not in known:
            yield f"the person {named(place)} stands in unions, but not in people"
            return
    (row, first), (other, second) = union.partners
    words = f"{named(union.partners[0])} and {named(union.partners[1])}"
    if row != other or abs(first - second) != 1:
        yield f"the partners {words}: give them neighbouring numbers in one generation, so that no line crosses"
    if known[union.partners[0]].sex == known[union.partners[1]].sex != "u" and union.children:
        yield f"the parents {words}: one of them is m and the other f"
    for child in union.children:
        if child[0] != row + 1:
            yield f"the child {named(child)} stands one generation below {words}"


def _twin_problems(twins: Twins, family: Family) -> Iterator[str]:
    (row, first), (other, second) = twins.places
    known, parents = family.by_place(), family.parents()
    words = f"{named(twins.places[0])} and {named(twins.places[1])}"
    if parents.get(twins.places[0]) is None or parents.get(twins.places[0]) != parents.get(twins.places[1]):
        yield f"the twins {words} are children of one union"
    elif row != other or abs(first - second) != 1:
        yield f"the twins {words}: give them neighbouring numbers"
    elif twins.is_identical and known[twins.places[0]].sex != known[twins.places[1]].sex:
        yield f"the identical twins {words} are of one sex"


def _with_ancestors(place: Place, parents: Mapping[Place, tuple[Place, Place]]) -> set[Place]:
    found, waiting = set[Place](), [place]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting.extend(parents.get(one, ()))
    return found
