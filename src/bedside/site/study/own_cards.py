"""A person's own cards as subjects of memory: those that can be asked, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from bedside.site.cards.models import Card
from bedside.study import Subject, card

MOST_KEPT = 50  # people whose cards are kept in this process

OwnCards = Mapping[Subject, "OwnCard"]


@dataclass(frozen=True, slots=True)
class OwnCard:
    """A card that can be asked. `due_on` is the day that Anki had set, where it came from there."""

    key: UUID
    note: UUID
    due_on: date | None


_KEPT: dict[UUID, tuple[tuple[Any, ...], OwnCards]] = {}
_LOCK = Lock()


def own_cards_of(user_id: UUID) -> OwnCards:
    """The cards that are neither removed nor set aside; the same object as long as nothing changed."""
    now = _state(user_id)
    kept = _KEPT.get(user_id)
    if kept is not None and kept[0] == now:
        return kept[1]
    rows = Card.objects.filter(user_id=user_id, removed_at=None, suspended_at=None)
    rows = rows.order_by("note__made_at", "note_id", "ord")
    found = {card(key): OwnCard(key, note, due_on) for key, note, due_on in rows.values_list("key", "note_id", "due_on")}
    with _LOCK:
        _KEPT.pop(user_id, None)
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[user_id] = now, found
    return found


def _state(user_id: UUID) -> tuple[Any, ...]:
    """What is another whenever a card was made, changed, removed or set aside."""
    told = Card.objects.filter(user_id=user_id).aggregate(
        n=Count("user_id"), changed=Max("changed_at"), removed=Count("removed_at"), suspended=Count("suspended_at")
    )
    return tuple(told.values())
