"""Where the people of a pedigree stand, so that no line crosses another.

Everybody stands in the row of the generation, in the order of the numbers. From the left, people are moved right until
neighbours keep their distance and each couple stands over the middle of its children. A family that can't be placed so is
refused: it is the numbers that would have to change.
"""

from __future__ import annotations

import itertools

from bedside.bank.figures.family import Family, Place, Union, named

MAX_ROUNDS = 400
NEAR = 1e-6

Segment = tuple[tuple[float, float], tuple[float, float]]


def places(family: Family) -> dict[Place, float]:
    """How far right everybody stands, in steps between neighbours, from 0.

    Raises:
        ValueError: no such order is free of crossing lines.
    """
    rows = _rows(family)
    across = {place: float(n) for row in rows.values() for n, place in enumerate(row)}
    for _ in range(MAX_ROUNDS):
        moved = _spread(rows, across)
        for union in family.unions:
            moved += _centre(union, family, rows, across)
        if moved < NEAR:
            break
    else:
        raise ValueError("the people can't be placed without crossing lines; number them so that families stand side by side")
    _check(family, across)
    least = min(across.values())
    return {place: x - least for place, x in across.items()}


def middle(union: Union, across: dict[Place, float]) -> float:
    """Where the line down to the children begins."""
    return sum(across[place] for place in union.partners) / 2


def reach(union: Union, across: dict[Place, float]) -> tuple[float, float]:
    """From where to where the line over the children goes."""
    spots = [across[child] for child in union.children] + [middle(union, across)]
    return min(spots), max(spots)


def _rows(family: Family) -> dict[int, list[Place]]:
    rows: dict[int, list[Place]] = {}
    for person in family.people:
        rows.setdefault(person.place[0], []).append(person.place)
    return {generation: sorted(row) for generation, row in rows.items()}


def _spread(rows: dict[int, list[Place]], across: dict[Place, float]) -> float:
    moved = 0.0
    for row in rows.values():
        for left, right in itertools.pairwise(row):
            lack = across[left] + 1 - across[right]
            if lack > NEAR:
                across[right] += lack
                moved += lack
    return moved


def _centre(union: Union, family: Family, rows: dict[int, list[Place]], across: dict[Place, float]) -> float:
    """Move the couple or the children right, with all who stand right of them, until it stands over their middle."""
    if not union.children:
        return 0.0
    spots = [across[child] for child in union.children]
    lack = (min(spots) + max(spots)) / 2 - middle(union, across)
    if abs(lack) < NEAR:
        return 0.0
    row = rows[union.partners[0][0]] if lack > 0 else rows[union.children[0][0]]
    first = min(union.partners) if lack > 0 else _first_with_partner(min(union.children), family)
    for place in row[row.index(first) :]:
        across[place] += abs(lack)
    return abs(lack)


def _first_with_partner(child: Place, family: Family) -> Place:
    """The child that stands first, or the partner left of it who comes from no family of the pedigree."""
    left = (child[0], child[1] - 1)
    is_couple = any(set(union.partners) == {left, child} for union in family.unions)
    return left if is_couple and left not in family.parents() else child


def _check(family: Family, across: dict[Place, float]) -> None:
    spans = sorted(
        (union.children[0][0], *reach(union, across), named(union.children[0])) for union in family.unions if union.children
    )
    for (row, _, end, one), (other_row, start, _, other) in itertools.pairwise(spans):
        if row == other_row and start < end + 0.2:
            raise ValueError(
                f"the lines of the families of {one} and {other} would cross; number brothers and sisters side by side, "
                "in the order of their parents"
            )
