"""Modes of inheritance, by the likelihood of the whole pedigree as it is drawn.

Sources:
    Likelihood of a pedigree: Elston RC, Stewart J. Hum Hered 1971;21:523-542.
    Meanings of its symbols: Bennett RL, French KS, Resta RG, Doyle DL. J Genet Couns 2008;17:424-433.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

from tests.bank.models.solvers.paper import Paper, Solver

RARE = 0.001  # share of chromosomes of the population with the allele
ROW_PX = 92
_SYMBOL = re.compile(r'<(rect|circle) class="(dot|hollow)" (?:x|cx)="([\d.]+)" (?:y|cy)="([\d.]+)"')
_LINE = re.compile(r"M([\d.]+) ([\d.]+)L([\d.]+) ([\d.]+)")
Place = tuple[float, float]


@dataclass(slots=True)
class Person:
    """Somebody of the pedigree."""

    is_male: bool
    is_affected: bool
    partner: Person | None = None
    children: list[Person] = field(default_factory=list)


def people_of(drawing: str) -> dict[Place, Person]:
    """The people by the middle of their symbols, with partners and children as the lines tell."""
    found = {}
    for shape, fill, left, top in _SYMBOL.findall(drawing):
        shift = 11.0 if shape == "rect" else 0.0
        found[float(left) + shift, float(top) + shift] = Person(shape == "rect", fill == "dot")
    lowest = max((y for x, y in found if (y - 30) % ROW_PX == 0), default=0.0)
    found = {place: person for place, person in found.items() if place[1] <= lowest}  # the legend stands below
    lines = [tuple(map(float, line)) for line in _LINE.findall(drawing)]
    rows = {y for _, y in found}
    for left, y, right, y_end in lines:
        if y == y_end and y in rows:
            _join(found, (left, right, y), lines)
    return found


def _join(people: dict[Place, Person], union: tuple[float, float, float], lines: list[tuple[float, ...]]) -> None:
    """The two people beside a line of union, and the children on the sibship line below it."""
    left, right, y = union
    row = [place for place in people if place[1] == y]
    one = people[max(place for place in row if place[0] <= left)]
    other = people[min(place for place in row if place[0] >= right)]
    assert one.is_male != other.is_male
    one.partner, other.partner = other, one
    ((_, _, middle, bar),) = [line for line in lines if line[0] == line[2] == (left + right) / 2 and line[1] == y]
    ((from_x, _, to_x, _),) = [line for line in lines if line[1] == line[3] == bar and line[0] <= middle <= line[2]]
    drops = [line[0] for line in lines if line[0] == line[2] and line[1] == bar and from_x <= line[0] <= to_x]
    one.children = other.children = [people[x, y + ROW_PX] for x in drops]


@dataclass(frozen=True, slots=True)
class Mode:
    """How alleles of the disorder show and are handed on.

    Args:
        n_to_show: how many alleles a woman must have to be affected.
        sex: on the X chromosome.
        mother: in the mitochondria.
    """

    n_to_show: int
    sex: bool = False
    mother: bool = False

    def genotypes(self, is_male: bool) -> dict[int, float]:
        """Of somebody who married in or stands at the top."""
        if self.mother or (self.sex and is_male):
            return {0: 1 - RARE, 1: RARE}
        return {0: (1 - RARE) ** 2, 1: 2 * RARE * (1 - RARE), 2: RARE**2}

    def shows(self, person: Person, alleles: int) -> bool:
        """Whether so many alleles affect the person."""
        return alleles >= (1 if self.sex and person.is_male else self.n_to_show)

    def hands_on(self, child: Person, father: int, mother: int) -> dict[int, float]:
        """The genotypes of a child, with their chances."""
        if self.mother:
            return {mother: 1.0}
        from_mother = mother / 2
        from_father = (0.0 if child.is_male else float(father)) if self.sex else father / 2
        return {
            0: (1 - from_mother) * (1 - from_father),
            1: from_mother * (1 - from_father) + (1 - from_mother) * from_father,
            2: from_mother * from_father,
        }


MODES = {
    "Autosomal dominant": Mode(1),
    "Autosomal recessive": Mode(2),
    "Mitochondrial": Mode(1, mother=True),
    "X-linked dominant": Mode(1, sex=True),
    "X-linked recessive": Mode(2, sex=True),
}


def _below(mode: Mode, person: Person, alleles: int) -> float:
    """The chance of what is seen in a person of a genotype and in all who come from them."""
    if mode.shows(person, alleles) != person.is_affected:
        return 0.0
    partner = person.partner
    if partner is None:
        return 1.0
    chance = 0.0
    for other, share in mode.genotypes(partner.is_male).items():
        if mode.shows(partner, other) != partner.is_affected:
            continue
        father, mother = (alleles, other) if person.is_male else (other, alleles)
        chance += share * math.prod(
            sum(c * _below(mode, child, n) for n, c in mode.hands_on(child, father, mother).items() if c)
            for child in person.children
        )
    return chance


def likelihoods(drawing: str) -> dict[str, float]:
    """Each mode's chance of the pedigree."""
    people = people_of(drawing)
    born = {id(child) for person in people.values() for child in person.children}
    top = min(y for _, y in people)
    (first,) = [person for place, person in people.items() if place[1] == top and person.is_male]
    assert all(id(person) in born or person.partner for person in people.values())  # nobody's line was missed
    return {
        name: sum(share * _below(mode, first, n) for n, share in mode.genotypes(is_male=True).items())
        for name, mode in MODES.items()
    }


def mode_of_inheritance(paper: Paper) -> str:
    """human_development-m012: the mode under which the pedigree is likeliest, by a factor of 5 (X-linked dominant: 250)."""
    found = sorted(((chance, name) for name, chance in likelihoods(paper.stem).items()), reverse=True)
    assert found[0][0] > (250 if found[0][1] == "X-linked dominant" else 5) * found[1][0], found
    return paper.letter(found[0][1])


SOLVERS: dict[str, Solver] = {"human_development-m012": mode_of_inheritance}
