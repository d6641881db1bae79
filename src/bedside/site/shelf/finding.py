"""What fits what is asked of the library, a page at a time: by words, the best first, else by kind and name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from bedside.bank import Found, Item, SearchDocument, SearchHit, Tier
from bedside.site.blueprint import PARTITION
from bedside.site.shelf.person import Met
from bedside.site.shelf.stock import Shelf
from bedside.site.shelf.topics import Axes, codes_of_item, codes_of_takeaway, is_takeaway_of
from bedside.site.shelf.wanted import Wanted

A_PAGE = 20
MOST_MASKS = 64  # kept for the next keystroke
ORDER: Mapping[str, int] = {"takeaway": 0, "item": 1, "model": 2, "case": 3, "value": 4}


@dataclass(frozen=True, slots=True)
class Results:
    """The things of one page, and how many there are. `found` is there where words were searched for."""

    hits: tuple[SearchHit, ...]
    n: int
    page: int
    n_by_kind: Mapping[str, int]
    found: Found | None

    @property
    def n_pages(self) -> int:
        return max(1, -(-self.n // A_PAGE))


def results(shelf: Shelf, wanted: Wanted, met: Met, axes: Axes) -> Results:
    """What fits. Of an item whose key this person was not shown, only what a candidate reads is searched."""
    among = _standing(shelf, wanted, axes)
    if wanted.met:
        among = among & _met(shelf, met, is_met=wanted.met == "yes")
    if not wanted.q:
        return _listed(shelf, among, wanted.page)
    opened = shelf.search.these([("item", item) for item in met.told]) | _of_kinds(shelf)
    offset = (wanted.page - 1) * A_PAGE
    found = shelf.search.find(wanted.q, among=among, opened=opened, limit=A_PAGE, offset=offset)
    page = wanted.page
    if found.n and not found.hits:  # a page beyond the last is the first
        page, found = 1, shelf.search.find(wanted.q, among=among, opened=opened, limit=A_PAGE)
    return Results(found.hits, found.n, page, {}, found)


def _listed(shelf: Shelf, among: Any, page: int) -> Results:
    """All of them by kind and name."""
    documents = shelf.search.documents
    numbers = sorted(
        (int(number) for number in np.flatnonzero(among)), key=lambda number: (ORDER[documents[number].kind], number)
    )
    n_by_kind = dict.fromkeys(ORDER, 0)
    for number in numbers:
        n_by_kind[documents[number].kind] += 1
    page = page if (page - 1) * A_PAGE < len(numbers) else 1
    shown = numbers[(page - 1) * A_PAGE : page * A_PAGE]
    hits = tuple(SearchHit(documents[n].id, documents[n].kind, Tier.EXACT, 0.0, n) for n in shown)
    return Results(hits, len(numbers), page, n_by_kind, None)


def _standing(shelf: Shelf, wanted: Wanted, axes: Axes) -> Any:
    """The mask of what fits the filters that are the same for everybody, kept from one keystroke to the next."""
    key = (wanted.kind, wanted.step, wanted.system, wanted.area, wanted.status)
    mask = shelf.masks.get(key)
    if mask is None:
        mask = shelf.search.where(lambda one: _fits(shelf, one, wanted, axes))
        if len(shelf.masks) >= MOST_MASKS:
            shelf.masks.clear()
        shelf.masks[key] = mask
    return cast("Any", mask)


def _of_kinds(shelf: Shelf) -> Any:
    """The mask of what hides nothing: a takeaway's sentence may be found, though it is shown only when asked for."""
    if "open" not in shelf.masks:
        shelf.masks["open"] = shelf.search.where(lambda one: one.kind != "item")
    return cast("Any", shelf.masks["open"])


def _met(shelf: Shelf, met: Met, *, is_met: bool) -> Any:
    """The mask of the items and cases that were met, or that were not."""
    known = shelf.search.these(
        [
            *(("item", item) for item in met.given | met.told.keys()),
            *(("model", name) for name in met.models),
            *(("case", one) for one in met.played),
        ]
    )
    if is_met:
        return known
    if "meetable" not in shelf.masks:
        shelf.masks["meetable"] = shelf.search.where(lambda one: one.kind in {"item", "model", "case"})
    return cast("Any", shelf.masks["meetable"]) & ~known


def _fits(shelf: Shelf, one: SearchDocument, wanted: Wanted, axes: Axes) -> bool:
    if wanted.kind and one.kind != wanted.kind:
        return False
    match one.kind:
        case "item":
            return _is_item_fit(shelf.items[one.id], wanted, axes)
        case "model":
            return _is_item_fit(shelf.models[one.id], wanted, axes)
        case "takeaway":
            return _is_takeaway_fit(shelf, one.id, wanted, axes)
        case "case":
            return _is_case_fit(shelf, one.id, wanted)
        case _:
            return not (wanted.step or wanted.system or wanted.area or wanted.status)


def _names(axes: Axes) -> tuple[str, str]:
    return axes.system.name if axes.system else PARTITION, axes.area.name if axes.area else ""


def _is_item_fit(item: Item, wanted: Wanted, axes: Axes) -> bool:
    step = wanted.pair
    system, area = _names(axes)
    return (
        (step is None or any((entry.programme, entry.step) == step for entry in item.blueprint))
        and (not wanted.status or item.status.value == wanted.status)
        and (not wanted.system or wanted.system in codes_of_item(item, step, system))
        and (not wanted.area or wanted.area in codes_of_item(item, step, area))
    )


def _is_takeaway_fit(shelf: Shelf, name: str, wanted: Wanted, axes: Axes) -> bool:
    one, step = shelf.takeaways[name], wanted.pair
    system, area = _names(axes)
    return (
        not wanted.status
        and (step is None or is_takeaway_of(shelf, one, step))
        and (not wanted.system or wanted.system in codes_of_takeaway(one, step, system))
        and (not wanted.area or wanted.area in codes_of_takeaway(one, step, area))
    )


def _is_case_fit(shelf: Shelf, name: str, wanted: Wanted) -> bool:
    """A case stands under no system: that would say what the patient has."""
    case, step = shelf.cases[name], wanted.pair
    return (
        not (wanted.system or wanted.area)
        and (not wanted.status or case.meta.status == wanted.status)
        and (step is None or step[1].startswith(case.meta.level))
    )
