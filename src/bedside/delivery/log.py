"""Logs of one sitting from two servers, put together."""

from __future__ import annotations

from collections.abc import Iterable

from bedside.delivery.events import Event
from bedside.errors import ConflictError


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
