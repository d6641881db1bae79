"""Which units a form takes: the integer programme.

A variable says whether a unit is taken for a kind of part. Held exactly: the number of items of each part of each block, a
unit taken once at most, sets whole and inside one block. Held as far as can be, in this order: enemies apart, nothing seen,
the rows within their ranges (the weighted number of items outside is least), and last what is rather taken: what was given
less often, and otherwise what the seed says. First all of it is asked at once; only where enemies or seen items are left is
each asked by itself, the ones before held where they came to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bedside.assembly.blueprint import Blueprint, Bounds, Part
from bedside.assembly.pool import Unit, chance, cliques_of
from bedside.assembly.solver import Limits, Model, Solution

Terms = dict[int, float]
HALF = 0.5
DEARER = 20  # an enemy or a seen item against an item outside a range, where all is asked at once


@dataclass(frozen=True, slots=True)
class Places:
    """Where units can go: the distinct rules of parts, and how many items each block has of each."""

    parts: tuple[Part, ...]
    counts: tuple[tuple[int, ...], ...]  # block, part

    @property
    def totals(self) -> tuple[int, ...]:
        """Items of the whole form by part."""
        return tuple(sum(column) for column in zip(*self.counts, strict=True))


@dataclass(frozen=True, slots=True)
class Selection:
    """The units taken, each with its part, and how many units of which size each block takes of each part."""

    taken: tuple[tuple[Unit, int], ...]
    packing: Mapping[tuple[int, int, int], int]  # block, part, size → units
    cliques: tuple[tuple[str, ...], ...]  # names of units taken that are enemies
    gap: float
    is_proven: bool


@dataclass(slots=True)
class Problem:
    """The model with the variables by what they mean."""

    units: Sequence[Unit]
    places: Places
    model: Model = field(default_factory=Model)
    takes: dict[tuple[int, int], int] = field(default_factory=dict)  # unit, part → variable
    packs: dict[tuple[int, int, int], int] = field(default_factory=dict)  # block, part, size → variable
    outside: Terms = field(default_factory=dict)  # variables that count items outside a range, with their weight
    together: list[int] = field(default_factory=list)  # variables that count enemies beyond the first

    def of_unit(self, index: int) -> list[tuple[int, float]]:
        """The variables that take a unit."""
        return [(self.takes[index, part], 1.0) for part in range(len(self.places.parts)) if (index, part) in self.takes]


def places_of(blueprint: Blueprint) -> Places:
    """The distinct parts of a form."""
    parts = tuple(part for part, _n in blueprint.parts())
    counts = tuple(
        tuple(sum(one.n_items for one in block.parts if one.rule == part.rule) for part in parts) for block in blueprint.blocks
    )
    return Places(parts, counts)


def select(
    places: Places, bounds: Sequence[Bounds], units: Sequence[Unit], seen: frozenset[str], *, seed: int, limits: Limits
) -> Selection | None:
    """The units of a form; None where no choice fills the blocks."""
    problem = Problem(units, places)
    cliques = cliques_of(units)
    _take(problem)
    _fill(problem)
    _keep_apart(problem, cliques)
    _keep_in_range(problem, bounds)
    solution = _solve(problem, _seen_terms(problem, seen), _reluctance(problem, seed), limits)
    return None if solution is None else _read(problem, cliques, solution)


def _take(problem: Problem) -> None:
    for index, unit in enumerate(problem.units):
        for part, rule in enumerate(problem.places.parts):
            if problem.places.totals[part] >= unit.size and unit.fits(rule):
                problem.takes[index, part] = problem.model.variable(upper=1.0, whole=True)
        if len(taken := problem.of_unit(index)) > 1:
            problem.model.constrain(taken, high=1.0)


def _fill(problem: Problem) -> None:
    """Each block has its items of each part. Units of one size stand for each other, so that only their number is packed."""
    by_size: dict[tuple[int, int], list[int]] = {}
    for (index, part), variable in problem.takes.items():
        by_size.setdefault((part, problem.units[index].size), []).append(variable)
    for part, total in enumerate(problem.places.totals):
        sizes = sorted(size for known, size in by_size if known == part)
        if sizes in ([], [1]):
            taken = [(variable, 1.0) for variable in by_size.get((part, 1), [])]
            problem.model.constrain(taken, low=total, high=total)
            continue
        for block, counts in enumerate(problem.places.counts):
            for size in sizes:
                problem.packs[block, part, size] = problem.model.variable(upper=counts[part] // size, whole=True)
            packed = [(problem.packs[block, part, size], float(size)) for size in sizes]
            problem.model.constrain(packed, low=counts[part], high=counts[part])
        for size in sizes:
            blocks = [(problem.packs[block, part, size], -1.0) for block in range(len(problem.places.counts))]
            problem.model.constrain([*((one, 1.0) for one in by_size[part, size]), *blocks], low=0.0, high=0.0)


def _keep_apart(problem: Problem, cliques: Sequence[tuple[int, ...]]) -> None:
    for clique in cliques:
        taken = [term for index in clique for term in problem.of_unit(index)]
        if len(taken) > 1:
            beyond = problem.model.variable()
            problem.together.append(beyond)
            problem.model.constrain([*taken, (beyond, -1.0)], high=1.0)


def _keep_in_range(problem: Problem, bounds: Sequence[Bounds]) -> None:
    for bound in bounds:
        counted = [(one, float(n)) for (index, _), one in problem.takes.items() if (n := problem.units[index].n_in(bound.row))]
        short, over = problem.model.variable(), problem.model.variable()
        problem.model.constrain([*counted, (short, 1.0)], low=bound.low)
        problem.model.constrain([*counted, (over, -1.0)], high=bound.high)
        problem.outside[short] = problem.outside[over] = bound.row.weight


def _seen_terms(problem: Problem, seen: frozenset[str]) -> Terms:
    counted = {variable: float(problem.units[index].n_of(seen)) for (index, _), variable in problem.takes.items()}
    return {variable: n for variable, n in counted.items() if n}


def _reluctance(problem: Problem, seed: int) -> Terms:
    """From 0 to 1 for an item: half by how often it was given, half by chance; and doubled by its own reluctance."""
    most = max((item.n_given for unit in problem.units for item in unit.items), default=0) or 1
    cost: Terms = {}
    for (index, _part), variable in problem.takes.items():
        cost[variable] = sum(
            HALF * (HALF * item.n_given / most + HALF * chance(seed, item.id)) + HALF * item.reluctance
            for item in problem.units[index].items
        )
    return cost


def _solve(problem: Problem, seen: Terms, reluctance: Terms, limits: Limits) -> Solution | None:
    outside_weight = sum(problem.places.totals) + 1.0  # more than the reluctance of a whole form
    wanted = {**reluctance, **{one: outside_weight * weight for one, weight in problem.outside.items()}}
    dear = outside_weight * DEARER
    apart = dict.fromkeys(problem.together, 1.0)
    at_once = dict(wanted)
    for terms in (apart, seen):
        for variable, factor in terms.items():
            at_once[variable] = at_once.get(variable, 0.0) + dear * factor
    solution = problem.model.minimise(at_once, limits)
    if solution is None or not _is_left(solution, apart | seen):
        return solution
    exact = Limits(limits.seconds, limits.nodes, 0.0)
    for terms in (apart, seen):
        least = problem.model.minimise(terms, exact) if terms else None
        if least is not None:
            problem.model.constrain(terms.items(), high=round(least.objective, 6))
    return problem.model.minimise(wanted, limits) or solution


def _is_left(solution: Solution, terms: Terms) -> bool:
    return sum(solution.values[variable] * factor for variable, factor in terms.items()) > HALF


def _read(problem: Problem, cliques: Sequence[tuple[int, ...]], solution: Solution) -> Selection:
    taken = {index: part for (index, part), variable in problem.takes.items() if solution.values[variable] > HALF}
    packing = {place: round(solution.values[variable]) for place, variable in problem.packs.items()}
    packed_parts = {part for _block, part, _size in packing}
    for block, counts in enumerate(problem.places.counts):
        packing |= {(block, part, 1): n for part, n in enumerate(counts) if part not in packed_parts}
    met = (tuple(problem.units[index].name for index in clique if index in taken) for clique in cliques)
    return Selection(
        taken=tuple((problem.units[index], part) for index, part in sorted(taken.items())),
        packing={place: n for place, n in packing.items() if n},
        cliques=tuple(names for names in met if len(names) > 1),
        gap=solution.gap,
        is_proven=solution.is_proven,
    )
