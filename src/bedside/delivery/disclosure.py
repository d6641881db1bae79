"""Which answers arrived too late to be honest, since the key of their item or the next part of its set had been given out.

It is decided from the union of the logs. A server notes with an event what it had given out itself. What another server had
given out it can't know; that shows in the union, which is the same wherever and in whatever order it was put together.

A key goes out with a `disclosed`, the next part with the `moved_on` that asked for it, once that is accepted. Both are dated by
their arrival on the server that gave out, as the answer is by its own. At the very instant of giving out an answer had arrived
in time: a server takes in what it was sent, and answers then. A `moved_on` is held against another writer's answers only: of
the same writer, whatever has a lower number reached that server before it, and the fold locks what has a higher one. And one
that the union refuses is held against nothing, though its own server may have given out a part: what it had accepted can't be
told from the union.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from bedside.delivery.events import Answered, Cleared, Disclosed, Event, MovedOn

Identity = tuple[UUID, int]


def after_keys(events: Iterable[Event]) -> frozenset[Identity]:
    """The answers that arrived when the key of their item had been given out, or that the server noted as such."""
    known = list(events)
    first = _first_disclosures(known)
    return frozenset(
        event.identity
        for event in known
        if isinstance(event.body, Answered | Cleared)
        and (event.after_disclosure or event.received_at > first.get(event.body.item, event.received_at))
    )


def after_moves(events: Iterable[Event], *, refused: Collection[Identity] = ()) -> frozenset[Identity]:
    """The answers that arrived after a `moved_on` of another writer from their item, those in `refused` left aside."""
    known = list(events)
    first: dict[str, dict[UUID, datetime]] = defaultdict(dict)  # the first arrival by item and writer
    for event in known:
        if isinstance(event.body, MovedOn) and event.identity not in refused:
            by_writer = first[event.body.item]
            by_writer[event.writer] = min(event.received_at, by_writer.get(event.writer, event.received_at))
    if not first:
        return frozenset()
    # of one writer the answers are left aside, so the second writer is asked where the first is its own; a third never is
    earliest = {item: sorted((at, writer) for writer, at in moves.items())[:2] for item, moves in first.items()}
    return frozenset(
        event.identity
        for event in known
        if isinstance(event.body, Answered | Cleared)
        and any(event.writer != writer and event.received_at > at for at, writer in earliest.get(event.body.item, ()))
    )


def marked_late(events: Sequence[Event], late: Collection[Identity]) -> Sequence[Event]:
    """The events, those that are late with `after_disclosure`."""
    if not late:
        return events
    return [
        replace(event, after_disclosure=True) if event.identity in late and not event.after_disclosure else event
        for event in events
    ]


def _first_disclosures(events: Iterable[Event]) -> dict[str, datetime]:
    """When the key of each item was first given out, on whichever server, by that server's clock."""
    first: dict[str, datetime] = {}
    for event in events:
        if isinstance(event.body, Disclosed):
            for item in event.body.items:
                first[item] = min(event.received_at, first.get(item, event.received_at))
    return first
