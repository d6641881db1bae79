"""The calendar beside samples of others, kept outside the repository: BEDSIDE_SAMPLES names the folder that holds them."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bedside.site.calendar_text import Event, calendar_text
from bedside.site.reminding.keeping import Wanted, events_of, kept_with
from tests.support.calendars import calendar_of

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")
ON = date(2026, 1, 1)

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data"),
]


def path_of(name: str) -> Path:
    path = Path(SAMPLES or ".") / "interop" / "icalendar" / name
    if not path.exists():
        pytest.skip(f"no {name} in the sample data")
    return path


def read(*events: Event) -> Any:
    return calendar_of(calendar_text("Bedside", events))


def event(uid: str, on: date, *, begins_at: time | None = None, minutes: int = 60, summary: str = "Study") -> Event:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Event(uid, on, begins_at, "America/Chicago", minutes, summary, "", is_busy=False, sequence=0, changed_at=at)


def test_a_series_over_the_change_of_the_clocks_is_at_the_moments_of_the_sample() -> None:
    told = json.loads(path_of("expected.json").read_text(encoding="utf-8"))["files"]["authored/study-series-dst.ics"]["expect"]
    wanted = [datetime.fromisoformat(moment) for moment in told["occurrencesUtc"]]
    days_of_it = [moment.astimezone(ZoneInfo("America/Chicago")).date() for moment in wanted]
    events = [event(str(day), day, begins_at=time(9), minutes=90, summary=told["summary"]) for day in days_of_it]
    found = read(*events)
    assert [one["dtstart"].dt.astimezone(UTC) for one in found.events] == wanted
    assert {str(one["summary"]) for one in found.events} == {told["summary"]}
    assert len(found.timezones) == 1


def test_a_moved_exam_is_told_as_the_sample_tells_it() -> None:
    before, after = (calendar_of(path_of(f"authored/{name}").read_bytes()).events[0] for name in ("exam-v0.ics", "exam-v1.ics"))
    kept = kept_with({}, [exam(before["dtstart"].dt.date())], on=ON, at=before["dtstamp"].dt)
    moved = kept_with(kept, [exam(after["dtstart"].dt.date())], on=ON, at=after["dtstamp"].dt)
    (first,), (second,) = read(*events_of(kept)).events, read(*events_of(moved)).events
    assert first["uid"] == second["uid"]
    assert (first["sequence"], second["sequence"]) == (before["sequence"], after["sequence"])
    assert (first["dtstamp"].dt, second["dtstamp"].dt) == (before["dtstamp"].dt, after["dtstamp"].dt)


def exam(on: date) -> Wanted:
    return Wanted("exam", on, None, "UTC", 0, "Exam", "", is_busy=True)


def test_a_whole_day_ends_on_the_day_after_as_in_the_sample() -> None:
    sample = calendar_of(path_of("authored/allday-todo.ics").read_bytes()).events[0]
    (one,) = read(event("one", date(2026, 7, 4))).events
    assert one["dtstart"].dt == sample["dtstart"].dt
    assert one["dtend"].dt == date(2026, 7, 5)
    assert one["dtstart"].params["VALUE"] == sample["dtstart"].params["VALUE"] == "DATE"
