"""A calendar as written to one that can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bedside.pathway.timeline.entries import CalendarEntry
from bedside.pathway.timeline.seasons import Calendar, CalendarDate, Known
from bedside.reading import Path_

if TYPE_CHECKING:
    from bedside.pathway.timeline.compiling import OfFile


def build_calendar(entry: CalendarEntry, path: Path_, file: OfFile) -> Calendar:
    """The calendar; what is wrong in it is complained of."""
    dates: dict[str, CalendarDate] = {}
    for name, one in entry.dates.items():
        at = (*path, "dates", name)
        if (one.repeats is None) == (one.offset_of is None):
            file.add("no-repeat", at, "it says either `repeats` or `offset_of`: where it is in later seasons")
        target = entry.dates.get(one.offset_of) if one.offset_of is not None else None
        if one.offset_of is not None and (target is None or target.offset_of is not None):
            file.add("unknown-date", (*at, "offset_of"), f'"{one.offset_of}" is no day of this calendar with its own `repeats`')
        known = {season: Known(day.day, file.grounds(day, (*at, "known", season))) for season, day in sorted(one.known.items())}
        offset = (one.offset_of, one.offset_days) if one.offset_of is not None else None
        dates[name] = CalendarDate(name, one.what, one.repeats, offset, known)
    return Calendar(entry.name, entry.title, entry.is_one_season, dates)
