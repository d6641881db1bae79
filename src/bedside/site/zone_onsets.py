"""A time zone as VTIMEZONE: each change of its clocks in a span of days, at its exact moment.

The library makes such components too, but gives the moment of a change forward by the clock that follows it; RFC 5545 (3.6.5)
wants the clock that goes before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import icalendar

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Onset:
    """From `at` on, the clocks of a place differ by `after` from UTC; until then by `before`."""

    at: datetime  # UTC
    before: timedelta
    after: timedelta
    name: str
    is_daylight: bool

    @property
    def local(self) -> datetime:
        """By the clock that goes before it."""
        return (self.at + self.before).replace(tzinfo=None)


@lru_cache(maxsize=64)
def onsets(zone: str, first: date, last: date) -> tuple[Onset, ...]:
    """The changes from the begin of one day to that of another, UTC; before them stands how it was at the begin."""
    place = ZoneInfo(zone)
    at = datetime.combine(first, time(), tzinfo=UTC)
    end = datetime.combine(last, time(), tzinfo=UTC)
    found = [_onset(place, at, _state(place, at)[0])]
    while at < end:
        then = at + _DAY
        if _state(place, at) != _state(place, then):
            found.append(_onset(place, _moment(place, at, then), _state(place, at)[0]))
        at = then
    return tuple(found)


def zone_component(zone: str, first: date, last: date) -> icalendar.Timezone:
    """The VTIMEZONE that holds for events between these days."""
    made = icalendar.Timezone()
    made.add("tzid", zone)
    kinds: dict[tuple[timedelta, timedelta, str, bool], list[Onset]] = {}
    for onset in onsets(zone, first, last):
        kinds.setdefault((onset.before, onset.after, onset.name, onset.is_daylight), []).append(onset)
    for (before, after, name, is_daylight), same in kinds.items():
        part = icalendar.TimezoneDaylight() if is_daylight else icalendar.TimezoneStandard()
        part.add("dtstart", same[0].local)
        if same[1:]:
            part.add("rdate", [onset.local for onset in same[1:]])
        part.add("tzname", name)
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        made.add_component(part)
    return made


def _onset(place: ZoneInfo, at: datetime, before: timedelta) -> Onset:
    after, name, is_daylight = _state(place, at)
    return Onset(at, before, after, name, is_daylight)


def _state(place: ZoneInfo, at: datetime) -> tuple[timedelta, str, bool]:
    local = at.astimezone(place)
    return local.utcoffset() or timedelta(), local.tzname() or "", bool(local.dst())


def _moment(place: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The first second that is like `high`."""
    after = _state(place, high)
    while high - low > _SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if _state(place, middle) == after:
            high = middle
        else:
            low = middle
    return high
