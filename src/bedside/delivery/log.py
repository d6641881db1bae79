"""Logs of one sitting from two servers, put together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import get_args

from bedside.delivery.events import Event, ItemBody
from bedside.errors import ConflictError

_ITEM_BODIES = get_args(ItemBody)


def what_differs(one: Event, other: Event, *, has_grace: bool) -> str | None:
    """The name of a field in which two events of one identity contradict each other, or None where they are the same event.

    One event can reach two servers, if a player's file was carried to one and the player itself came back to the other. When
    it arrived is each server's own, then, and so is whether another player had taken over by that time: for work on an item
    the fold looks at neither, unless a grace makes the arrival count.
    """
    differing = [field.name for field in fields(Event) if getattr(one, field.name) != getattr(other, field.name)]
    free = set() if has_grace else {"received_at"}
    if not has_grace and isinstance(one.body, _ITEM_BODIES):
        free.add("after_takeover")
    return next((name for name in differing if name not in free), None)


def merge(*logs: Iterable[Event]) -> tuple[Event, ...]:
    """The union of logs by identity, in the order of the fold: commutative, associative and idempotent.

    Raises:
        ConflictError: two logs hold different events under one identity; names it.
    """
    union: dict[object, Event] = {}
    for log in logs:
        for event in log:
            known = union.setdefault(event.identity, event)
            if known != event:
                raise ConflictError(f"event {event.seq} of writer {event.writer} differs between the logs")
    return tuple(sorted(union.values(), key=lambda event: event.order))
