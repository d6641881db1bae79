"""Which answers arrived when the key of their item had been given out: decided from the union of the logs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bedside.delivery.events import Answered, Cleared, Disclosed, Event


def first_disclosures(events: Iterable[Event]) -> dict[str, datetime]:
    """When the key of each item was first given out, on whichever server, by that server's clock."""
    first: dict[str, datetime] = {}
    for event in events:
        if isinstance(event.body, Disclosed):
            for item in event.body.items:
                first[item] = min(event.received_at, first.get(item, event.received_at))
    return first


def came_after_its_key(event: Event, first: Mapping[str, datetime]) -> bool:
    """Does the event change an answer, and had the key of its item been given out when it arrived?

    At the very instant of the disclosure it had not: a server takes in what it was sent, and gives out the keys then.
    """
    if not isinstance(event.body, Answered | Cleared):
        return False
    known_at = first.get(event.body.item)
    return event.after_disclosure or (known_at is not None and event.received_at > known_at)


def with_disclosures(events: Sequence[Event]) -> Sequence[Event]:
    """The events of a log, each with `after_disclosure` as the whole of the log tells it.

    A server notes with an event whether it had given out the key itself. What another server had given out it can't know; that
    shows in the union of their logs, which is the same wherever and in whatever order it was put together.
    """
    first = first_disclosures(events)
    if not first:
        return events
    return [
        replace(event, after_disclosure=True) if not event.after_disclosure and came_after_its_key(event, first) else event
        for event in events
    ]
