"""Sets of items: parts without gaps, of one kind, drawn together or not at all.

A set stands or falls whole: with an error in one part no part is served, since a later part speaks of the earlier ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from bedside.bank.exhibits import exhibits_in
from bedside.bank.item import Item, SetKind
from bedside.bank.records import error_at
from bedside.findings import Finding

FEWEST_SEQUENTIAL = 2  # parts: with one there is nothing to move on to


def with_earlier(items: Iterable[Item]) -> list[Item]:
    """The same items; each later part of a sequential set with the stems of the parts before it."""
    every = list(items)
    parts = {(item.set.id, item.set.part): item for item in every if item.set and item.set.kind is SetKind.SEQUENTIAL}
    return [_with_earlier(item, parts) for item in every]


def _with_earlier(item: Item, parts: Mapping[tuple[str, int], Item]) -> Item:
    place = item.set
    if place is None or place.kind is not SetKind.SEQUENTIAL or place.part == 1:
        return item
    told = [part for n in range(1, place.part) if (part := parts.get((place.id, n))) is not None and part.stem]
    shown = {exhibit.target for part in told for exhibit in exhibits_in(part.stem)}
    media = {file.path: file for part in told for file in part.media if file.path in shown}
    return replace(item, earlier=tuple(part.stem for part in told), earlier_media=tuple(media.values()))


def sets_of(items: Iterable[Item]) -> dict[str, tuple[Item, ...]]:
    """The items of each set, in the order of their parts."""
    found: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        if item.set is not None:
            found[item.set.id].append(item)
    return {name: tuple(sorted(members, key=_part)) for name, members in found.items()}


def _part(item: Item) -> tuple[int, str]:
    return (item.set.part if item.set else 0, item.id)


def check_sets(items: Iterable[Item]) -> Iterator[tuple[Item, Finding]]:
    """What is wrong with the sets of one root, each beside the item that it is about."""
    for members in sets_of(items).values():
        first = members[0]
        for number, item in enumerate(members, start=1):
            for rule, text, key in _problems(item, first, number, len(members)):
                yield item, error_at(item.document, ("set", key), rule, text)


def _problems(item: Item, first: Item, number: int, n_parts: int) -> Iterator[tuple[str, str, str]]:
    place, opening = item.set, first.set
    assert place is not None  # members of a set have a place in it
    assert opening is not None
    if place.kind is not opening.kind:
        yield "broken-set", f'"{first.id}" calls the set {opening.kind.value}, this item {place.kind.value}', "kind"
    if place.part != number:
        text = f"part {place.part} stands where part {number} should; the parts of a set are numbered from 1 without gaps"
        yield "broken-set", text, "part"
    if n_parts < FEWEST_SEQUENTIAL and place.kind is SetKind.SEQUENTIAL:
        yield "broken-set", "the set has one part; a sequential set has at least two", "id"
    if _steps(item) != _steps(first):
        text = f'"{first.id}" serves other steps; all parts of a set serve the same, since they are drawn together'
        yield "broken-set", text, "id"


def _steps(item: Item) -> set[tuple[str, str]]:
    return {(entry.programme, entry.step) for entry in item.blueprint}
