"""What a generated bank must hold: how many items of each kind, and the codes of each, in the proportions of the programme."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bedside.programme import Axis, ItemForm, ItemKind, StepEdition

N_FORMS = 2  # full forms, with all their days, that can be drawn without a repeat
SPARE = 1.2  # items above what those forms hold, so that a second form still finds its mixture
SIZE_UNKNOWN = 300  # items of a step whose forms have no published size

# of a step that names kinds without saying how many of each: one part in so many of the items, but the first kind the rest
_SHARES: Mapping[ItemForm, float] = {
    ItemForm.ONE_BEST_ANSWER: 1.0,
    ItemForm.MULTIPLE_SELECT: 0.15,
    ItemForm.NUMERIC: 0.15,
    ItemForm.SEQUENTIAL_SET: 0.08,
    ItemForm.SHARED_STIMULUS_SET: 0.08,
}
SETS = frozenset({ItemForm.SEQUENTIAL_SET, ItemForm.SHARED_STIMULUS_SET})
_OPEN_SHARE = 0.1  # of the items that carry a code of an axis that is no partition and has no published row


@dataclass(frozen=True, slots=True)
class Cell:
    """So many items of one kind, and of one section where the form says so."""

    kind: ItemKind
    section: str | None
    n_items: int


@dataclass(frozen=True, slots=True)
class StepPlan:
    """What is made for one step. `form_items` are those of all its days together, None where none is published."""

    programme: str
    step: str
    cells: tuple[Cell, ...]
    codes: tuple[Mapping[str, tuple[str, ...]], ...]  # one an item, in the order of the cells
    form_items: int | None
    not_made: tuple[str, ...]  # titles of kinds that are not made

    @property
    def n_items(self) -> int:
        return len(self.codes)


def form_items(edition: StepEdition) -> int | None:
    """Items of all days, without what is no item here: tasks and cases. As many as a form that is drawn takes: those of a usual
    form where the programme names them, which may be fewer than the most that a form can have."""
    total = 0
    for day in edition.forms:
        parts = _parts(edition, day.day)
        items = day.items_typical if isinstance(day.items_typical, int) else day.n_items
        total += sum(n for _, _, n in parts) if parts else items if isinstance(items, int) else 0
    return total or None


def default_size(edition: StepEdition) -> int:
    """Items with which `N_FORMS` full forms can be drawn without a repeat."""
    needed = form_items(edition)
    return SIZE_UNKNOWN if needed is None else round(needed * N_FORMS * SPARE)


def plan_step(programme: str, edition: StepEdition, n_items: int, *, rng: random.Random) -> StepPlan:
    """Spread `n_items` over the kinds and the codes of a step."""
    cells = _cells(edition, n_items)
    sections = [cell.section for cell in cells for _ in range(cell.n_items)]
    by_axis = {axis.name: _codes_on(axis, sections, rng) for axis in edition.axes}
    codes = tuple({name: given[n] for name, given in by_axis.items() if given[n]} for n in range(len(sections)))
    not_made = tuple(kind.title for kind in edition.item_kinds if kind.form not in _SHARES)
    return StepPlan(programme, edition.step.name, cells, codes, form_items(edition), not_made)


def apportion(n: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers that add to `n`, as near to the weights as can be (largest remainders)."""
    total = sum(weights)
    exact = [n * weight / total for weight in weights]
    counts = [int(share) for share in exact]
    order = sorted(range(len(weights)), key=lambda i: (counts[i] - exact[i], i))
    for i in order[: n - sum(counts)]:
        counts[i] += 1
    return counts


def _parts(edition: StepEdition, day: int) -> list[tuple[ItemKind, str | None, int]]:
    """Kind, section and number of items, where the form of a day gives them."""
    kinds = {kind.code: kind for kind in edition.item_kinds}
    return [
        (kinds[part.kind], part.section, part.items)
        for form in edition.forms
        if form.day == day
        for block in form.blocks
        for part in block.parts
        if isinstance(part.items, int) and part.kind in kinds and kinds[part.kind].form in _SHARES
    ]


def _cells(edition: StepEdition, n_items: int) -> tuple[Cell, ...]:
    wanted: dict[tuple[str, str | None], tuple[ItemKind, float]] = {}
    for form in edition.forms:
        for kind, section, n in _parts(edition, form.day):
            before = wanted.get((kind.code, section), (kind, 0.0))[1]
            wanted[kind.code, section] = (kind, before + n)
    if not wanted:
        made = [kind for kind in edition.item_kinds if kind.form in _SHARES]
        rest = 1.0 - sum(_SHARES[kind.form] for kind in made[1:])
        wanted = {(kind.code, None): (kind, rest if kind is made[0] else _SHARES[kind.form]) for kind in made}
    counts = apportion(n_items, [weight for _, weight in wanted.values()])
    cells = [Cell(kind, section, n) for ((_, section), (kind, _)), n in zip(wanted.items(), counts, strict=True)]
    return tuple(cell for cell in cells if cell.n_items)


# --- codes --------------------------------------------------------------------------------------------------------------


def _codes_on(axis: Axis, sections: Sequence[str | None], rng: random.Random) -> list[tuple[str, ...]]:
    """The codes of each item on one axis.

    A section that is a code itself gives its items that one, and keeps it from the other sections (biology, say, has botany
    and zoology where physics is a section of its own).
    """
    if not axis.is_partition:
        return _marks(axis, len(sections), rng)
    weights = _weights(axis)
    named = set(sections) & weights.keys()
    given: dict[str | None, list[str]] = {}
    for section, n in Counter(sections).items():
        rest = {code: weight for code, weight in weights.items() if code not in named} or weights
        chances = {section: 1.0} if section in weights and section else rest if section else weights
        counts = apportion(n, list(chances.values()))
        given[section] = [code for code, count in zip(chances, counts, strict=True) for _ in range(count)]
        rng.shuffle(given[section])
    return [(given[section].pop(),) for section in sections]


def _weights(axis: Axis) -> dict[str, float]:
    """The share of each code: the middle of its row, shared with the other codes of the row; what no row names is rare."""
    weights = dict.fromkeys(axis.codes, 0.0)
    for row in axis.ranges:
        for code in row.covers:
            weights[code] += (row.midpoint or 0.0) / len(row.covers)
    known = [weight for weight in weights.values() if weight]
    rare = min(known) / 2 if known else 1.0
    return {code: weight or rare for code, weight in weights.items()}


def _marks(axis: Axis, n_items: int, rng: random.Random) -> list[tuple[str, ...]]:
    """Codes of an axis of which an item may carry several or none: each row on its own."""
    given: list[list[str]] = [[] for _ in range(n_items)]
    rows = [(row.covers, (row.midpoint or 0.0) / 100) for row in axis.ranges]
    rows = rows or [((code,), _OPEN_SHARE / len(axis.codes)) for code in axis.codes]
    for covers, share in rows:
        for item in rng.sample(range(n_items), min(n_items, round(share * n_items))):
            code = rng.choice(covers)
            if code not in given[item]:
                given[item].append(code)
    return [tuple(codes) for codes in given]
