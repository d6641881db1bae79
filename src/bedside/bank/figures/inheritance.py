"""How a trait with full penetrance goes through a family: chance, and how well each of five inheritances explains what is seen.

Mendel's rules for one gene with two alleles; X-linked genes as in males who have one copy; mitochondrial disease as
homoplasmic (every child of an affected mother is affected, no child of an affected father). Likelihoods after Elston RC,
Stewart J. A general model for the genetic analysis of pedigree data. Hum Hered 1971;21:523-42, over genotypes of the family,
with a rare allele in those who marry in (1 in 1,000; no new mutations), given that somebody is affected at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from bedside.bank.figures.family import Family, Place, Sex, Union

Inheritance = Literal["ad", "ar", "xr", "xd", "mt"]
INHERITANCES: tuple[Inheritance, ...] = get_args(Inheritance)
ALLELE = 0.001  # its frequency in those who marry in

Chances = Mapping[int, float]  # by number of mutated copies


def is_affected(inheritance: Inheritance, sex: Sex, copies: int) -> bool:
    """Does somebody with so many mutated copies have the disease?"""
    if inheritance == "ar":
        return copies == 2
    if inheritance == "xr":
        return copies == 2 or (sex == "m" and copies == 1)
    return copies > 0


def of_strangers(inheritance: Inheritance, sex: Sex) -> Chances:
    """Copies of somebody whose parents are not in the pedigree."""
    q, p = ALLELE, 1 - ALLELE
    if inheritance == "mt" or (inheritance in ("xr", "xd") and sex == "m"):
        return {0: p, 1: q}
    return {0: p * p, 1: 2 * p * q, 2: q * q}


def of_children(inheritance: Inheritance, mother: int, father: int, sex: Sex) -> Chances:
    """Copies of a son or a daughter."""
    if inheritance == "mt":
        return {mother: 1.0}
    from_mother = {1: mother / 2, 0: 1 - mother / 2}
    if inheritance in ("xr", "xd"):
        from_father = {father: 1.0} if sex == "f" else {0: 1.0}
    else:
        from_father = {1: father / 2, 0: 1 - father / 2}
    chances: dict[int, float] = {}
    for one, p in from_mother.items():
        for other, q in from_father.items():
            chances[one + other] = chances.get(one + other, 0.0) + p * q
    return {copies: p for copies, p in chances.items() if p > 0}


def likelihoods(family: Family) -> dict[Inheritance, float]:
    """How likely who is affected is under each inheritance, given that somebody is. Every person is m or f."""
    found: dict[Inheritance, float] = {}
    for inheritance in INHERITANCES:
        seen = {person.place: person.is_affected for person in family.people}
        nobody = _likelihood(family, inheritance, dict.fromkeys(seen, False))
        found[inheritance] = _likelihood(family, inheritance, seen) / (1 - nobody)
    return found


def shares(family: Family) -> dict[Inheritance, float]:
    """The same as shares of 1: how much speaks for each inheritance where all five were equally likely before."""
    found = likelihoods(family)
    total = sum(found.values())
    return {inheritance: one / total if total else 0.0 for inheritance, one in found.items()}


def with_genes(
    family: Family, inheritance: Inheritance, copies: Mapping[Place, int], draw: Callable[[], float]
) -> dict[Place, int]:
    """Copies of everybody, drawn from the `copies` of those whose parents are not in the pedigree."""
    sexes = {person.place: person.sex for person in family.people}
    found = dict(copies)
    for union in sorted(family.unions, key=lambda one: one.partners):
        mother, father = _mother_first(union, sexes)
        for child in union.children:
            chances = of_children(inheritance, found[mother], found[father], sexes[child])
            found[child] = _drawn(chances, draw())
    return found


def _drawn(chances: Chances, uniform: float) -> int:
    for copies, p in sorted(chances.items()):
        uniform -= p
        if uniform < 0:
            return copies
    return max(chances)


def _mother_first(union: Union, sexes: Mapping[Place, Sex]) -> tuple[Place, Place]:
    first, second = union.partners
    return (first, second) if sexes[first] == "f" else (second, first)


def _likelihood(family: Family, inheritance: Inheritance, seen: Mapping[Place, bool]) -> float:
    """Summed over the copies of one of two related partners, which opens the loop that they make."""
    related = [union for union in family.unions if family.is_consanguineous(union)]
    if len(related) > 1:
        raise ValueError("likelihoods are for families with one marriage of relatives at most")
    if not related:
        return _Peeling(family, inheritance, seen).total()
    return sum(_Peeling(family, inheritance, seen, (related[0].partners[0], copies)).total() for copies in (0, 1, 2))


@dataclass(slots=True)
class _Peeling:
    """From the first couple down: how likely all below somebody is, by the copies of that person."""

    family: Family
    inheritance: Inheritance
    seen: Mapping[Place, bool]
    held: tuple[Place, int] | None = None  # somebody whose copies are held, and who is met twice
    sexes: dict[Place, Sex] = field(init=False)
    known: dict[tuple[Place, int], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sexes = {person.place: person.sex for person in self.family.people}

    def total(self) -> float:
        first = self.family.unions[0].partners[0]
        return sum(p * self._fits(first, copies) * self._below(first, copies) for copies, p in self._stranger(first).items())

    def _stranger(self, place: Place) -> Chances:
        if self.held is not None and place == self.held[0]:
            return {self.held[1]: 1.0}
        return of_strangers(self.inheritance, self.sexes[place])

    def _fits(self, place: Place, copies: int) -> float:
        return float(is_affected(self.inheritance, self.sexes[place], copies) == self.seen[place])

    def _below(self, place: Place, copies: int) -> float:
        if (place, copies) not in self.known:
            found = 1.0
            for union in self.family.unions:
                if place in union.partners:
                    found *= self._union(union, place, copies)
            self.known[place, copies] = found
        return self.known[place, copies]

    def _union(self, union: Union, place: Place, copies: int) -> float:
        partner = union.partners[1] if union.partners[0] == place else union.partners[0]
        is_held = self.held is not None and partner == self.held[0]
        found = 0.0
        for other, p in self._stranger(partner).items():
            own = p if is_held else p * self._fits(partner, other)  # somebody held is asked once, as a child
            mother, father = (copies, other) if self.sexes[place] == "f" else (other, copies)
            for child in union.children:
                own *= self._child(child, mother, father) if own else 0.0
            found += own
        return found

    def _child(self, child: Place, mother: int, father: int) -> float:
        chances = of_children(self.inheritance, mother, father, self.sexes[child])
        if self.held is not None and child == self.held[0]:
            copies = self.held[1]
            return chances.get(copies, 0.0) * self._fits(child, copies)
        return sum(p * self._fits(child, copies) * self._below(child, copies) for copies, p in chances.items())
