"""The calendar as iCalendar: read back, it says what was put in, in any zone and on any date."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.site.calendar_text import DAY_BEGINS, Event, calendar_text, start_of
from bedside.site.reminding.keeping import Wanted, events_of, kept_with
from bedside.site.zone_onsets import onsets, zone_component
from bedside.study import study_day
from tests.support.calendars import calendar_of
from tests.support.examples import examples

AT = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)
ZONES = sorted(available_timezones() - {"localtime", "Factory"})
LATEST = date(2040, 12, 31)

zones = st.sampled_from(ZONES)
days = st.dates(date(2025, 1, 1), LATEST)
times = st.times().map(lambda one: one.replace(second=0, microsecond=0))
texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=120) | st.sampled_from(["a;b,c\\d\ne", "é" * 90, " x"])


def event(**changes: object) -> Event:
    values: dict[str, object] = {
        "uid": "one", "on": date(2026, 12, 1), "begins_at": None, "zone": "UTC", "minutes": 60, "summary": "Study",
        "description": "", "is_busy": False, "sequence": 0, "changed_at": AT,
    }  # fmt: skip
    return Event(**(values | changes))  # type: ignore[arg-type]


def read(*events: Event) -> Any:
    return calendar_of(calendar_text("Bedside", events))


@given(zone=zones, on=days, begins_at=times, minutes=st.integers(1, 1440))
@settings(max_examples=examples(150), deadline=None)
def test_an_event_read_back_is_at_its_moment_in_any_zone_on_any_date(
    zone: str, on: date, begins_at: time, minutes: int
) -> None:
    found = read(event(on=on, begins_at=begins_at, zone=zone, minutes=minutes))
    (one,) = found.events
    assert one["dtstart"].dt.astimezone(UTC) == start_of(on, begins_at, zone).astimezone(UTC)
    assert one["duration"].dt == timedelta(minutes=minutes)
    assert {str(part["tzid"]) for part in found.timezones} == ({zone} if zone != "UTC" else set())


@given(zone=zones, on=days)
@settings(max_examples=examples(80), deadline=None)
def test_the_rules_of_a_zone_say_the_offset_that_holds_at_each_hour(zone: str, on: date) -> None:
    place, first, last = ZoneInfo(zone), on - timedelta(days=200), on + timedelta(days=200)
    told = onsets(zone, first, last)
    at = datetime.combine(first, time(), tzinfo=UTC)
    while at.date() < last:
        newest = [onset for onset in told if onset.at <= at][-1]
        assert newest.after == at.astimezone(place).utcoffset()
        assert newest.name == at.astimezone(place).tzname()
        at += timedelta(hours=7)
    for onset in told[1:]:
        assert (onset.at - timedelta(seconds=1)).astimezone(place).utcoffset() == onset.before


def test_a_change_of_the_clocks_is_told_by_the_clock_that_goes_before_it() -> None:
    text = zone_component("America/Chicago", date(2026, 1, 1), date(2026, 12, 31)).to_ical().decode()
    daylight = text[text.index("BEGIN:DAYLIGHT") : text.index("END:DAYLIGHT")]
    assert "DTSTART:20260308T020000" in daylight
    assert "TZOFFSETFROM:-0600" in daylight
    assert "TZOFFSETTO:-0500" in daylight


def test_a_whole_day_ends_on_the_day_after() -> None:
    (one,) = read(event(on=date(2026, 7, 4))).events
    assert (one["dtstart"].dt, one["dtend"].dt) == (date(2026, 7, 4), date(2026, 7, 5))
    assert one["dtstart"].params["VALUE"] == one["dtend"].params["VALUE"] == "DATE"


@given(summary=texts, description=texts)
@settings(max_examples=examples(150), deadline=None)
def test_any_text_comes_back_whole_and_no_line_is_longer_than_75_bytes(summary: str, description: str) -> None:
    text = calendar_text("Bedside", [event(summary=summary, description=description)])
    (one,) = calendar_of(text).events
    assert str(one["summary"]) == summary
    assert str(one.get("description", "")) == description
    assert text.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))
    assert text.count(b"BEGIN:VEVENT\r\n") == 1


def test_a_calendar_has_what_the_standard_asks_for_and_no_alarm() -> None:
    found = read(event(), event(uid="two", begins_at=time(18, 30), zone="Europe/Berlin"))
    assert str(found["version"]) == "2.0"
    assert str(found["prodid"])
    assert "method" not in found
    for one in found.events:
        assert {"uid", "dtstamp", "dtstart", "sequence"} <= {name.lower() for name in one}
        assert one["dtstamp"].dt == AT
        assert one.subcomponents == []
    assert [str(one["transp"]) for one in found.events] == ["TRANSPARENT", "TRANSPARENT"]


@given(begins_at=times, on=days, zone=zones)
@settings(max_examples=examples(100), deadline=None)
def test_an_event_lies_in_its_study_day(begins_at: time, on: date, zone: str) -> None:
    start = start_of(on, begins_at, zone)
    # a time that the clocks leave out may come to lie an hour further on
    if start.astimezone(UTC).astimezone(start.tzinfo).time() == begins_at:
        assert study_day(start, ZoneInfo(zone)) == on
    assert time(4) == DAY_BEGINS


def test_the_same_plan_at_a_later_time_gives_the_same_bytes() -> None:
    plan = [wanted(day) for day in range(3)]
    kept = kept_with({}, plan, on=AT.date(), at=AT)
    later = kept_with(json.loads(json.dumps(kept)), plan, on=AT.date(), at=AT + timedelta(hours=5))
    assert later == kept
    assert calendar_text("x", events_of(later)) == calendar_text("x", events_of(kept))


def wanted(day: int, *, minutes: int = 60, about: str = "", begins_at: time | None = None) -> Wanted:
    on = AT.date() + timedelta(days=day)
    return Wanted(f"day {on}", on, begins_at, "UTC", minutes, f"Study, {minutes}", about, is_busy=False)


def test_another_time_raises_the_sequence_and_another_word_only_the_stamp() -> None:
    kept = kept_with({}, [wanted(1), wanted(2), wanted(3)], on=AT.date(), at=AT)
    later = AT + timedelta(hours=1)
    found = events_of(kept_with(kept, [wanted(1), wanted(2, about="Renal"), wanted(3, minutes=90)], on=AT.date(), at=later))
    assert [one.sequence for one in found] == [0, 0, 1]
    assert [one.changed_at for one in found] == [AT, later, later]


def test_days_that_are_over_stay_as_they_were_told_for_two_weeks() -> None:
    kept = kept_with({}, [wanted(day) for day in range(40)], on=AT.date(), at=AT)
    on = AT.date() + timedelta(days=20)
    found = events_of(kept_with(kept, [wanted(day, minutes=30) for day in range(40)], on=on, at=AT + timedelta(days=20)))
    assert found[0].on == on - timedelta(days=14)
    assert {one.minutes for one in found if one.on < on} == {60}
    assert {one.minutes for one in found if one.on >= on} == {30}


def test_a_day_that_fell_out_of_the_plan_and_came_back_goes_on_counting() -> None:
    kept = kept_with({}, [wanted(1)], on=AT.date(), at=AT)
    kept = kept_with(kept, [wanted(1, minutes=90)], on=AT.date(), at=AT)
    kept = kept_with(kept, [], on=AT.date(), at=AT)
    assert events_of(kept) == []
    kept = kept_with(kept, [wanted(1, minutes=30)], on=AT.date(), at=AT)
    assert [one.sequence for one in events_of(kept)] == [2]
