"""The items of a step as the model of readiness takes them, and the form that is drawn from them.

Their difficulty is what its judges said: nobody has measured it on real candidates yet. So the standard is the judges' too,
but where the programme publishes a share of items right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from bedside.measure import AreaItems, FreshForm, fresh_form, judged_items
from bedside.site.blueprint import Blueprint
from bedside.site.content import Content
from bedside.site.exam.stock import OWN, codes_of, serves
from bedside.site.passing.standard import standard_share

if TYPE_CHECKING:
    from bedside.bank import Item
    from bedside.programme import StepEdition

LEAST_ITEMS = 40  # of a form that the model reckons with
MOST_KEPT = 24  # steps on days, in this process


@dataclass(frozen=True, slots=True)
class StepPool:
    """Items by area, and a fresh form of them; `place` is where each item stands."""

    place: Mapping[str, int]
    pool: AreaItems
    form: FreshForm


_KEPT: dict[tuple[str, str, date], tuple[Blueprint, StepPool | None]] = {}


def pool_of(content: Content, blueprint: Blueprint, *, on: date) -> StepPool | None:
    """The pool of a step on a day; None where it has no areas, or no item that was judged lies in one with a weight."""
    kept = _KEPT.get((blueprint.programme, blueprint.step, on))
    if kept is not None and kept[0] is blueprint:
        return kept[1]
    made = _made(content, blueprint, on)
    while len(_KEPT) >= MOST_KEPT:
        _KEPT.pop(next(iter(_KEPT)), None)
    _KEPT[blueprint.programme, blueprint.step, on] = blueprint, made
    return made


def form_length(edition: StepEdition | None) -> int:
    """Items of the whole step over all its days, as published; the least that can be reckoned with where they are not."""
    counts = [form.n_items for form in edition.forms] if edition else []
    return max(LEAST_ITEMS, sum(n for n in counts if isinstance(n, int)))


def _made(content: Content, blueprint: Blueprint, on: date) -> StepPool | None:
    items = {item.id: (item, area) for item in content.items.values() for area in _areas_of(item, content, blueprint)}
    if not items:
        return None
    n_options = np.array([len(item.options) for item, _area in items.values()])
    ratings = np.array([item.difficulty for item, _area in items.values()], dtype=np.float64)
    area = np.array([area for _item, area in items.values()], dtype=np.int16)
    pool = AreaItems(judged_items(tuple(items), ratings, n_options), area, len(blueprint.codes))
    shares = np.where(np.bincount(area, minlength=pool.n_areas) > 0, blueprint.weights, 0.0)
    if shares.sum() <= 0:
        return None
    edition = content.programmes[blueprint.programme].on(on).step(blueprint.step)
    form = fresh_form(pool, shares, form_length(edition), cut_share=standard_share(edition))
    return StepPool({name: index for index, name in enumerate(items)}, pool, form)


def _areas_of(item: Item, content: Content, blueprint: Blueprint) -> list[int]:
    """The area of one of the bank's own items that was judged; none for any other."""
    programme, step = blueprint.programme, blueprint.step
    if item.difficulty is None or content.bank.collection_of[item.id] != OWN or not serves(item, programme, step):
        return []
    codes = codes_of(item, programme, step).get(blueprint.axis, ())
    return [blueprint.codes.index(code) for code in codes[:1] if code in blueprint.codes]
