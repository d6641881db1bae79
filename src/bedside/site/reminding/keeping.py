"""What a calendar said last, so that what changes is told as a change of the same event.

A plan is made anew each day. An event keeps its UID as long as it is about the same day; its SEQUENCE grows where its time
changes (RFC 5546, 2.1.4), its DTSTAMP where anything does. Days that are over stay as they were last told, for `DAYS_BACK`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from bedside.site.calendar_text import Event

DAYS_BACK = 14
Kept = Mapping[str, Mapping[str, Any]]  # by UID; as JSON


@dataclass(frozen=True, slots=True)
class Wanted:
    """An event as the plan of today has it."""

    uid: str
    on: date
    begins_at: time | None
    zone: str
    minutes: int
    summary: str
    description: str
    is_busy: bool


def kept_with(kept: Kept, wanted: Iterable[Wanted], *, on: date, at: datetime) -> dict[str, dict[str, Any]]:
    """What is to be kept now. Nothing of a day before `on` is changed; a day that fell out of the plan is shown no more.

    The same events at a later time give the same rows.
    """
    first = on - timedelta(days=DAYS_BACK)
    found = {uid: dict(row) for uid, row in kept.items() if date.fromisoformat(row["on"]) >= first}
    for row in found.values():
        if date.fromisoformat(row["on"]) >= on:
            row["is_shown"] = False
    for one in (one for one in wanted if one.on >= on):
        found[one.uid] = _row(found.get(one.uid), one, at)
    return found


def events_of(kept: Kept) -> list[Event]:
    """The events that are shown, by day."""
    return sorted((_event(uid, row) for uid, row in kept.items() if row["is_shown"]), key=lambda event: (event.on, event.uid))


_TIME = ("on", "begins_at", "zone", "minutes")  # what is an event's time
_TOLD = (*_TIME, "summary", "description", "is_busy")


def _row(kept: Mapping[str, Any] | None, one: Wanted, at: datetime) -> dict[str, Any]:
    told = {
        "on": one.on.isoformat(),
        "begins_at": one.begins_at.isoformat() if one.begins_at else None,
        "zone": one.zone if one.begins_at else "",  # a whole day is that day wherever one is
        "minutes": one.minutes,
        "summary": one.summary,
        "description": one.description,
        "is_busy": one.is_busy,
    }
    if kept is None:
        return {**told, "sequence": 0, "changed_at": at.isoformat(), "is_shown": True}
    is_same = all(kept[name] == told[name] for name in _TOLD)
    has_moved = any(kept[name] != told[name] for name in _TIME)
    return {
        **told,
        "sequence": kept["sequence"] + has_moved,
        "changed_at": kept["changed_at"] if is_same else at.isoformat(),
        "is_shown": True,
    }


def _event(uid: str, row: Mapping[str, Any]) -> Event:
    begins_at = row["begins_at"]
    return Event(
        uid=uid,
        on=date.fromisoformat(row["on"]),
        begins_at=time.fromisoformat(begins_at) if begins_at else None,
        zone=row["zone"],
        minutes=row["minutes"],
        summary=row["summary"],
        description=row["description"],
        is_busy=row["is_busy"],
        sequence=row["sequence"],
        changed_at=datetime.fromisoformat(row["changed_at"]),
    )
