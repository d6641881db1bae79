"""Entries of a deck's review log that say nothing of what is remembered. They are kept with their card, and written again.

Of them are due dates set by hand, and what was answered before the learner had Anki forget the card: Anki counts it no more
either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bedside.anki import Package, Review, ReviewKind

KINDS = {kind: number for number, kind in enumerate(ReviewKind)}


@dataclass(frozen=True, slots=True)
class Uncounted:
    """What does not count. `by_card` has the entries by the number of their card, as they are kept."""

    by_card: Mapping[int, list[list[int]]]
    forgotten_at_ms: Mapping[int, int]  # the last time, by the number of the card

    def __contains__(self, one: Review) -> bool:
        return not one.is_recall or one.id < self.forgotten_at_ms.get(one.card_id, 0)


def uncounted(package: Package) -> Uncounted:
    """Look through the log of a deck.

    Raises:
        ReadError: the deck is damaged.
    """
    by_card: dict[int, list[list[int]]] = {}
    forgotten_at_ms: dict[int, int] = {}

    def keep(one: Review) -> None:
        by_card.setdefault(one.card_id, []).append([one.id, one.ease, *details_of(one)])

    for one in package.reviews(_Every()):
        if one.is_reset:
            forgotten_at_ms[one.card_id] = one.id
        if not one.is_recall:
            keep(one)
    if forgotten_at_ms:
        for one in package.reviews(forgotten_at_ms):
            if one.is_recall and one.id < forgotten_at_ms[one.card_id]:
                keep(one)
    return Uncounted(by_card, forgotten_at_ms)


def details_of(one: Review) -> list[int]:
    """What an entry says besides its time and grade: kind, interval, last interval, factor, milliseconds."""
    return [KINDS[one.kind], one.interval, one.last_interval, one.factor, one.took_ms]


class _Every:
    """Holds every card."""

    def __contains__(self, _: object) -> bool:
        return True
