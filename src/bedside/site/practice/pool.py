"""Which items there are to practise on: by programme and step, by codes, by what this learner did with them.

An answer that is not shown to be right or wrong yet must not show in a count either: "missed" looks only at sittings whose
report was given out, and at tutor mode, where the explanation came at once.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import Q

from bedside.bank import Item, base_id
from bedside.errors import UsageError
from bedside.programme import Step
from bedside.reading import did_you_mean
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.members import entries_of_step
from bedside.site.exam.models import Response, SittingItem
from bedside.site.exam.stock import codes_of, see_collection, serves, step_of

State = Literal["any", "unused", "missed", "flagged"]
STATES: tuple[State, ...] = ("any", "unused", "missed", "flagged")
NO_SETS: Mapping[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Filter:
    """Which items are wanted: in each axis one of the codes, where any are given; of one collection, where it is named.

    Without a name the bank's own items are meant: what was imported is taken only by the name of its collection, and there an
    item that says nothing about a blueprint belongs to every step.
    """

    axes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    state: State = "any"
    collection: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The filter as JSON."""
        return {
            "axes": {axis: list(codes) for axis, codes in self.axes.items() if codes},
            "state": self.state,
            "collection": self.collection,
        }


@dataclass(frozen=True, slots=True)
class History:
    """What a learner did with items.

    A question model stands among them by what was done with the member that came last.
    """

    used: frozenset[str]
    missed: frozenset[str]
    flagged: frozenset[str]

    def has(self, item: str, state: State) -> bool:
        """Is the item in this state?"""
        match state:
            case "any":
                return True
            case "unused":
                return item not in self.used
            case "missed":
                return item in self.missed
            case "flagged":
                return item in self.flagged


@dataclass(frozen=True, slots=True)
class PoolOutline:
    """How many items, and models as one each, there are to choose from, so that a page can say so beside each choice."""

    n: int
    by_state: Mapping[State, int]
    by_axis: Mapping[str, Mapping[str, int]]  # axis → code → items
    by_collection: Mapping[str, int]  # items that can be practised under the collection's name


def history_of(user: User) -> History:
    """What this learner did, from the rows of their sittings."""
    given = list(
        SittingItem.objects.filter(sitting__user=user)
        .exclude(sitting__state="created")
        .order_by("sitting__created_at")
        .values_list("item", "is_flagged")
    )
    latest_flag = _latest(given)
    latest_answer = _latest(
        Response.objects.filter(Q(sitting__is_disclosed=True) | Q(mode="tutor"), user=user)
        .order_by("answered_at")
        .values_list("item", "correct")
    )
    return History(
        used=frozenset(latest_flag),
        missed=frozenset(item for item, is_correct in latest_answer.items() if not is_correct),
        flagged=frozenset(item for item, is_flagged in latest_flag.items() if is_flagged),
    )


def _latest(rows: Iterable[tuple[str, bool]]) -> dict[str, bool]:
    """The last word on each item, and on each model by its members."""
    found: dict[str, bool] = {}
    for item, word in rows:
        found[item] = found[base_id(item)] = word
    return found


def pool(content: Content, *, programme: str, step: str, wanted: Filter, history: History) -> list[str]:
    """The ids of the items and question models that fit, in order.

    Raises:
        UsageError: no such programme, step, axis, code or collection.
    """
    _check(content, step_of(content, programme, step), wanted)
    return sorted(
        item.id
        for item in entries_of_step(content, programme, step, wanted.collection)
        if _fits(item, programme, step, wanted.axes) and history.has(item.id, wanted.state)
    )


def outline(content: Content, *, programme: str, step: str, collection: str | None, history: History) -> PoolOutline:
    """How many items there are, by state, code and collection."""
    step_of(content, programme, step)
    items = entries_of_step(content, programme, step, collection)
    by_axis: dict[str, Counter[str]] = {}
    for item in items:
        for axis, codes in codes_of(item, programme, step).items():
            by_axis.setdefault(axis, Counter()).update(codes)
    collections = Counter(
        content.bank.collection_of[item.id]
        for item in (*content.items.values(), *(model.head for model in content.bank.models.values()))
        if not item.blueprint or serves(item, programme, step)
    )
    return PoolOutline(
        n=len(items),
        by_state={state: sum(history.has(item.id, state) for item in items) for state in STATES},
        by_axis=by_axis,
        by_collection=dict(sorted(collections.items())),
    )


def choose(
    ids: Iterable[str],
    n: int,
    *,
    seed: int,
    last: frozenset[str] = frozenset(),
    sets: Mapping[str, tuple[str, ...]] = NO_SETS,
) -> list[str]:
    """At most `n` of the ids in a chance order that the seed decides; those in `last` only where the others are too few.

    `sets` has, for each item of a set, all items of the set in order: they come together, or not at all where they no longer
    fit in. Where nothing else is there a set comes whole though it is longer.
    """
    groups = sorted({sets.get(item, (item,)) for item in ids})
    rng = random.Random(seed)  # noqa: S311 - which items come is no secret
    rng.shuffle(groups)
    groups.sort(key=lambda group: group[0] in last)
    chosen: list[tuple[str, ...]] = []
    n_left = n
    for group in groups:
        if len(group) <= n_left:
            chosen.append(group)
            n_left -= len(group)
    chosen = chosen or groups[:1]
    rng.shuffle(chosen)
    return [item for group in chosen for item in group]


def sets_of(items: Iterable[Item]) -> dict[str, tuple[str, ...]]:
    """For each item of a set all items of the set, in order."""
    members: dict[str, list[Item]] = {}
    for item in items:
        if item.set:
            members.setdefault(item.set.id, []).append(item)
    ordered = [sorted(group, key=lambda item: item.set.part if item.set else 0) for group in members.values()]
    whole = [tuple(item.id for item in group) for group in ordered]
    return {name: names for names in whole for name in names}


def _fits(item: Item, programme: str, step: str, axes: Mapping[str, tuple[str, ...]]) -> bool:
    codes = codes_of(item, programme, step)
    return all(set(wanted) & set(codes.get(axis, ())) for axis, wanted in axes.items() if wanted)


def _check(content: Content, step: Step, wanted: Filter) -> None:
    for axis, codes in wanted.axes.items():
        known = step.axis(axis)
        if codes and known is None:
            names = [one.name for one in step.axes]
            raise UsageError(f'the step "{step.name}" has no axis "{axis}"{did_you_mean(axis, names)}')
        for code in codes:
            if known is not None and code not in known.codes:
                raise UsageError(f'the axis "{axis}" has no code "{code}"{did_you_mean(code, list(known.codes))}')
    see_collection(content, wanted.collection)
