"""Which member of a family tests a takeaway that has fallen due."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

SEEN_LONG_AGO_DAYS = 180  # after which an item tests the takeaway again, and not which letter was right; assumed


class Means(StrEnum):
    """How a takeaway is tested."""

    ITEM = "item"
    MODEL = "model"  # a fresh member of a question model
    FLASHCARD = "flashcard"


@dataclass(frozen=True, slots=True)
class Showing:
    """What to show: the item, the question model to draw a member from, or the takeaway as a flashcard (no name)."""

    means: Means
    name: str | None


def showing_of(
    items: Sequence[str], models: Sequence[str], last_seen: Mapping[str, date], on: date, *, seed: int = 0
) -> Showing:
    """An item never seen, else a fresh member of a model, else the item seen longest ago, else the flashcard.

    `last_seen` says when this candidate last saw an item, in whatever place. Between equals the seed decides.
    """
    fresh = [item for item in items if item not in last_seen]
    if fresh:
        return Showing(Means.ITEM, min(fresh, key=lambda item: _chance(seed, item)))
    if models:
        return Showing(Means.MODEL, min(models, key=lambda model: _chance(seed, model)))
    oldest = min(items, key=lambda item: (last_seen[item], _chance(seed, item)), default=None)
    if oldest is not None and (on - last_seen[oldest]).days >= SEEN_LONG_AGO_DAYS:
        return Showing(Means.ITEM, oldest)
    return Showing(Means.FLASHCARD, None)


def _chance(seed: int, name: str) -> bytes:
    return hashlib.blake2b(f"{seed}\0{name}".encode(), digest_size=8).digest()
