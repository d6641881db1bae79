"""A calendar as iCalendar (RFC 5545), by the `icalendar` library. Pure: the same events give the same bytes.

There is no METHOD: with one, each event needs an organiser (RFC 5546, 3.2.1), and DTSTAMP says when the file was made. Without
one DTSTAMP says when the event changed last, so that an unchanged calendar stays the same, byte by byte.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar

from bedside.site.zone_onsets import zone_component

PRODUCT = "-//Bedside//Study plan//EN"
MEDIA_TYPE = "text/calendar; charset=utf-8"
ASKED_AGAIN = timedelta(hours=6)  # how often a calendar may ask for the feed
UTC_NAME = "UTC"  # needs no VTIMEZONE: its times end with Z
DAY_BEGINS = time(4)  # as in `bedside.study.study_day`; a test holds them together
_DAY = timedelta(days=1)
_ZONE_MARGIN = timedelta(days=370)  # the rules of a zone reach so far beyond the events on both sides


@dataclass(frozen=True, slots=True)
class Event:
    """One event. `begins_at` None: it fills its days and takes no time; `minutes` are then only told."""

    uid: str
    on: date  # the study day
    begins_at: time | None
    zone: str
    minutes: int
    summary: str
    description: str
    is_busy: bool
    sequence: int
    changed_at: datetime


def calendar_text(title: str, events: Sequence[Event]) -> bytes:
    """The whole calendar, its lines folded at 75 bytes and ended by CR LF."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)  # which is what most programs read
    calendar.add("refresh-interval", ASKED_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", icalendar.vDuration(ASKED_AGAIN))
    for zone in sorted({event.zone for event in events if event.begins_at is not None} - {UTC_NAME}):
        days = [event.on for event in events if event.begins_at is not None and event.zone == zone]
        calendar.add_component(zone_component(zone, min(days) - _ZONE_MARGIN, max(days) + _ZONE_MARGIN))
    for event in events:
        calendar.add_component(_component(event))
    text: bytes = calendar.to_ical()
    return text


def _component(event: Event) -> icalendar.Event:
    found = icalendar.Event()
    found.add("uid", event.uid)
    found.add("dtstamp", event.changed_at.astimezone(UTC).replace(microsecond=0))
    found.add("last-modified", event.changed_at.astimezone(UTC).replace(microsecond=0))
    found.add("sequence", event.sequence)
    if event.begins_at is None:
        found.add("dtstart", event.on)
        found.add("dtend", event.on + _DAY)  # the day after the last
    else:
        found.add("dtstart", start_of(event.on, event.begins_at, event.zone))
        found.add("duration", timedelta(minutes=event.minutes))  # exact, also where the clocks change meanwhile
    found.add("summary", event.summary)
    if event.description:
        found.add("description", event.description)
    found.add("transp", "OPAQUE" if event.is_busy else "TRANSPARENT")
    found.add("class", "PRIVATE")
    return found


def start_of(on: date, begins_at: time, zone: str) -> datetime:
    """The local time at which a study day's event begins; one before 04:00 stands on the next day of the calendar.

    A time that a change of the clocks leaves out is read with the offset from before it, and one that comes twice is the
    first, as RFC 5545 has it (3.3.5).
    """
    day = on + _DAY if begins_at < DAY_BEGINS else on
    place = UTC if zone == UTC_NAME else ZoneInfo(zone)
    return datetime.combine(day, begins_at, tzinfo=place)
