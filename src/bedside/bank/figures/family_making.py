"""A family made by chance, in which a trait goes from parents to children by one inheritance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from bedside.bank.figures.chance import chance
from bedside.bank.figures.family import Family, Person, Place, Sex, Union
from bedside.bank.figures.inheritance import Inheritance, is_affected, shares, with_genes

MAX_TRIES = 2000
MAX_IN_A_ROW = 13
SURE = 0.95  # the share that the named inheritance has where it alone explains the family

Draw = Callable[[], float]


@lru_cache(maxsize=512)
def made(inheritance: Inheritance, seed: int, generations: int, only: bool, cousins: bool) -> Family | None:
    """The first family by chance that shows the inheritance, or None where none was found.

    Args:
        only: take families in which the other four together have a share of 5% at most.
        cousins: the last parents are cousins (four generations).
    """
    draw = chance(seed, f"pedigree {inheritance} {generations} {only} {cousins}").random
    for _ in range(MAX_TRIES):
        shape = _shape(draw, generations, cousins)
        if min(shape.sizes()) == 0 or max(shape.sizes()) > MAX_IN_A_ROW:
            continue
        family = _with_trait(shape.family(), inheritance, draw, cousins)
        if _shows(family, inheritance, cousins) and (not only or shares(family)[inheritance] >= SURE):
            return family
    return None


def _with_trait(family: Family, inheritance: Inheritance, draw: Draw, cousins: bool) -> Family:
    genes = with_genes(family, inheritance, _founders(family, inheritance, draw, cousins), draw)
    people = (
        replace(
            person,
            is_affected=is_affected(inheritance, person.sex, genes[person.place]),
            is_carrier=genes[person.place] == 1 and not is_affected(inheritance, person.sex, 1),
        )
        for person in family.people
    )
    return replace(family, people=tuple(people))


def _founders(family: Family, inheritance: Inheritance, draw: Draw, cousins: bool) -> dict[Place, int]:
    """Copies of those who come from outside: one mutated allele in the first couple, and for a recessive trait a second one."""
    parents, (father, mother) = family.parents(), family.unions[0].partners
    copies = {person.place: 0 for person in family.people if person.place not in parents}
    copies[mother if inheritance == "mt" or draw() < 0.5 else father] = 1
    if inheritance == "ar" and not cousins:
        last = [place for place in copies if place[0] > 1]
        if not last or draw() < 0.5:
            copies[father] = copies[mother] = 1
        else:
            copies[last[int(draw() * len(last))]] = 1
    return copies


def _shows(family: Family, inheritance: Inheritance, cousins: bool) -> bool:
    """Is there enough to see, and something to tell it from?"""
    affected = {person.place for person in family.people if person.is_affected}
    children = [union.children for union in family.unions if affected & set(union.children)]
    if not (2 if inheritance == "ar" else 3) <= len(affected) <= 0.6 * len(family.people):
        return False
    if cousins and not any(affected & set(union.children) for union in family.unions if family.is_consanguineous(union)):
        return False
    return len(children) > (0 if inheritance == "ar" or len(family.unions) == 1 else 1)


@dataclass(slots=True)
class _Shape:
    """A family before anybody has a gene: rows from the left, as numbers of people."""

    sexes: list[Sex] = field(default_factory=list)
    rows: list[list[int]] = field(default_factory=list)
    unions: list[tuple[int, int, list[int]]] = field(default_factory=list)

    def add(self, sex: Sex) -> int:
        self.sexes.append(sex)
        return len(self.sexes) - 1

    def sizes(self) -> list[int]:
        return [len(row) for row in self.rows]

    def family(self) -> Family:
        spots = {one: (g, n) for g, row in enumerate(self.rows, 1) for n, one in enumerate(row, 1)}
        people = tuple(Person(spots[one], self.sexes[one]) for row in self.rows for one in row)
        return Family(
            people,
            tuple(Union((spots[a], spots[b]), tuple(spots[child] for child in children)) for a, b, children in self.unions),
        )


def _shape(draw: Draw, generations: int, cousins: bool) -> _Shape:
    shape = _Shape()
    shape.rows.append([shape.add("m"), shape.add("f")])
    parents = [(shape.rows[0][0], shape.rows[0][1])]
    for generation in range(2, generations + 1):
        is_last = generation == generations
        most = 4 if generation == 2 or generations < 4 else 3
        families = [[[shape.add(_sex(draw))] for _ in range(2 + int(draw() * (most - 1)))] for _ in parents]
        for (first, second), units in zip(parents, families, strict=True):
            shape.unions.append((first, second, [unit[0] for unit in units]))
        related = cousins and generation == generations - 1 and len(families) > 1
        if related:
            shape.sexes[families[0][-1][0]], shape.sexes[families[1][0][0]] = "m", "f"
        if not is_last:
            _marry(shape, families, draw, 0.75 if generations < 4 or generation == 2 else 0.4, related)
        row = [one for units in families for unit in units for one in unit]
        shape.rows.append(row)
        parents = _couples(shape, families, related)
    return shape


def _sex(draw: Draw) -> Sex:
    return "m" if draw() < 0.5 else "f"


def _marry(shape: _Shape, families: list[list[list[int]]], draw: Draw, share: float, related: bool) -> None:
    """Give some a partner from outside; the man stands left."""
    taken = {families[0][-1][0], families[1][0][0]} if related else set[int]()
    for unit in (unit for units in families for unit in units):
        if unit[0] not in taken and draw() < share:
            is_man = shape.sexes[unit[0]] == "m"
            unit.insert(1 if is_man else 0, shape.add("f" if is_man else "m"))


def _couples(shape: _Shape, families: list[list[list[int]]], related: bool) -> list[tuple[int, int]]:
    row = shape.rows[-1]
    couples = [(unit[0], unit[1]) for units in families for unit in units if len(unit) == 2]
    if related:
        couples.append((families[0][-1][0], families[1][0][0]))
    return sorted(couples, key=lambda couple: row.index(couple[0]))
