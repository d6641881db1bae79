"""The calendar of a person: its address, its file, and what they say of the plan."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client

from bedside.site.accounts.actions import update_profile
from bedside.site.accounts.models import User
from bedside.site.planning.models import StudyCalendar, StudyGoal
from bedside.site.problems import SealedError
from bedside.site.reminding.models import CalendarFeed
from bedside.site.study.zones import keep_zone
from tests.support.calendars import calendar_of
from tests.support.people import browser_of, person
from tests.support.site import Clock, Player
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
PAGE = "/me/reminders"
EXAM_ON = date(2026, 11, 2)  # a day after the clocks of Chicago go back
HOUR = "18:30"


@pytest.fixture
def ada(user: User, clock: Clock) -> User:
    """Somebody with a date and minutes, in Chicago."""
    clock.at = datetime(2026, 10, 26, 12, 0, tzinfo=UTC)
    update_profile(user, at=clock.at, programme="exam", step="first", exam_on=EXAM_ON, minutes_a_day=45)
    keep_zone(user, "America/Chicago", at=clock.at)
    return user


@pytest.fixture
def reader(ada: User) -> Client:
    return browser_of(ada)


def address_of(reader: Client) -> str:
    page = reader.post("/me/reminders/address").content.decode()
    start = page.index("http://testserver/calendar/") + len("http://testserver")
    return page[start : page.index('"', start)]


def events(response: object) -> dict[date, Any]:
    """The events by their local day."""
    found = calendar_of(response.content).events  # type: ignore[attr-defined]
    return {(start.date() if isinstance(start := one["dtstart"].dt, datetime) else start): one for one in found}


def test_nothing_is_shared_until_it_is_asked_for(reader: Client) -> None:
    page = reader.get(PAGE).content.decode()
    assert "There is no address yet" in page
    assert "/calendar/" not in page
    assert CalendarFeed.objects.filter(digest__isnull=False).count() == 0


def test_the_address_is_shown_once_and_only_its_hash_is_kept(reader: Client) -> None:
    address = address_of(reader)
    secret = address.removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) == 43  # 256 bits in base64
    assert secret not in reader.get(PAGE).content.decode()
    (row,) = CalendarFeed.objects.all()
    assert secret not in str(row.digest) + str(row.entries)
    assert Client().get(address).status_code == 200


def test_the_feed_says_each_day_of_study_and_the_exam(reader: Client) -> None:
    response = Client().get(address_of(reader))
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    found = events(response)
    assert list(found) == [date(2026, 10, 26) + timedelta(days=n) for n in range(8)]
    assert str(found[date(2026, 10, 26)]["summary"]) == "Study, 45 minutes"
    exam = found[EXAM_ON]
    assert str(exam["summary"]) == "Exam: The Exam: First step"
    assert exam["dtend"].dt == EXAM_ON + timedelta(days=1)
    assert b"SECRET" not in response.content
    assert b"VALARM" not in response.content


def test_a_day_says_what_its_week_is_for_by_areas_and_minutes(reader: Client) -> None:
    text = str(events(Client().get(address_of(reader)))[date(2026, 10, 26)]["description"])
    lines = text.splitlines()
    assert lines[0] == "In this week of the plan:"
    assert re.fullmatch(r"New: (Renal|Heart and vessels|Blood) \d+ min", lines[1])


def test_with_an_hour_a_day_takes_its_minutes_over_the_change_of_the_clocks(reader: Client) -> None:
    reader.post("/me/reminders/hour", {"begins_at": HOUR})
    found = events(Client().get(address_of(reader)))
    moments = {day: one["dtstart"].dt.astimezone(UTC) for day, one in found.items() if day != EXAM_ON}
    assert moments[date(2026, 10, 31)] == datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    assert moments[date(2026, 11, 1)] == datetime(2026, 11, 2, 0, 30, tzinfo=UTC)
    assert found[date(2026, 11, 1)]["duration"].dt == timedelta(minutes=45)
    assert str(found[date(2026, 11, 1)]["transp"]) == "OPAQUE"
    assert not isinstance(found[EXAM_ON]["dtstart"].dt, datetime)


def test_a_moved_exam_is_the_same_event_with_a_higher_sequence(ada: User, reader: Client, clock: Clock) -> None:
    address = address_of(reader)
    before = events(Client().get(address))[EXAM_ON]
    clock.pass_s(3600)
    update_profile(ada, at=clock.now(), exam_on=EXAM_ON + timedelta(days=3))
    after = events(Client().get(address))[EXAM_ON + timedelta(days=3)]
    assert before["uid"] == after["uid"]
    assert (before["sequence"], after["sequence"]) == (0, 1)
    assert after["dtstamp"].dt == clock.now()


def test_an_unchanged_feed_is_not_sent_again(reader: Client, ada: User, clock: Clock) -> None:
    address, program = address_of(reader), Client()
    first = program.get(address)
    clock.pass_s(600)
    again = program.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert program.get(address).content == first.content
    update_profile(ada, at=clock.now(), minutes_a_day=60)
    changed = program.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_the_feed_sets_no_cookie_and_reads_none(reader: Client) -> None:
    response = Client().get(address_of(reader))
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert Client().head(response.request["PATH_INFO"]).status_code == 200
    assert Client().post(response.request["PATH_INFO"]).status_code == 405


def test_a_new_address_takes_the_place_of_the_old_one(reader: Client) -> None:
    old, new = address_of(reader), address_of(reader)
    assert old != new
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200
    reader.post("/me/reminders/address", {"close": "1"})
    assert Client().get(new).status_code == 404


def test_somebody_who_may_not_sign_in_has_no_feed(ada: User, reader: Client) -> None:
    address = address_of(reader)
    ada.is_active = False
    ada.save(update_fields=["is_active"])
    assert Client().get(address).status_code == 404


def test_the_past_stays_as_it_was_told(ada: User, reader: Client, clock: Clock) -> None:
    address = address_of(reader)
    Client().get(address)
    clock.pass_s(3 * 24 * 3600)
    update_profile(ada, at=clock.now(), minutes_a_day=90)
    found = events(Client().get(address))
    assert str(found[date(2026, 10, 28)]["summary"]) == "Study, 45 minutes"
    assert str(found[date(2026, 10, 29)]["summary"]) == "Study, 90 minutes"


def test_an_exam_that_is_over_stays_for_two_weeks(ada: User, reader: Client, clock: Clock) -> None:
    address = address_of(reader)
    Client().get(address)
    clock.at = datetime(2026, 11, 16, 12, 0, tzinfo=UTC)
    assert EXAM_ON in events(Client().get(address))
    clock.pass_s(24 * 3600)
    assert EXAM_ON not in events(Client().get(address))


def test_without_a_day_of_an_exam_the_days_of_the_plan_are_told(ada: User, reader: Client, clock: Clock) -> None:
    update_profile(ada, at=clock.now(), exam_on=None)
    found = events(Client().get(address_of(reader)))
    assert len(found) == 26 * 7
    assert not any("Exam" in str(one["summary"]) for one in found.values())


def test_a_day_off_is_left_out_and_a_weekday_has_its_own_minutes(ada: User, reader: Client, clock: Clock) -> None:
    StudyCalendar.objects.create(
        user=ada,
        weekday_minutes=[20, 30, 40, 50, 60, 0, 70],
        minutes_a_day=45,
        days_off=[["2026-10-28", "2026-10-29"]],
        changed_at=clock.now(),
    )
    found = events(Client().get(address_of(reader)))
    told = {day.day: int(re.sub(r"\D", "", str(one["summary"]))) for day, one in found.items() if day != EXAM_ON}
    assert told == {26: 20, 27: 30, 30: 60, 1: 70}


def test_a_later_exam_of_the_road_stands_in_it_too(ada: User, reader: Client, clock: Clock) -> None:
    later = EXAM_ON + timedelta(days=200)
    StudyGoal.objects.create(user=ada, programme="exam", step="first", exam_on=later, changed_at=clock.now())
    assert str(events(Client().get(address_of(reader)))[later]["summary"]) == "Exam: The Exam: First step"


def test_two_people_have_no_event_in_common(ada: User, reader: Client, clock: Clock) -> None:
    bob = person("bob")
    update_profile(bob, at=clock.now(), programme="exam", step="first", exam_on=EXAM_ON, minutes_a_day=45)
    mine, theirs = (events(Client().get(address_of(one))) for one in (reader, browser_of(bob)))
    assert {str(one["uid"]) for one in mine.values()}.isdisjoint(str(one["uid"]) for one in theirs.values())


def test_the_feed_goes_on_during_a_proctored_sitting(sitter: Player, clock: Clock) -> None:
    ada = User.objects.get(username="ada")
    update_profile(ada, at=clock.now(), exam_on=T0.date() + timedelta(days=5), minutes_a_day=30)
    assert len(events(Client().get(address_of(browser_of(ada))))) == 6


def test_where_the_plan_is_shut_the_feed_says_what_it_said_before(reader: Client, clock: Clock) -> None:
    address = address_of(reader)
    before = Client().get(address).content
    clock.pass_s(3600)
    with patch("bedside.site.reminding.calendars.ahead_of", side_effect=SealedError("a sitting is under way")):
        assert Client().get(address).content == before


def test_the_calendar_can_be_taken_as_a_file(reader: Client) -> None:
    response = reader.get("/me/calendar.ics")
    assert response.headers["Content-Disposition"] == 'attachment; filename="bedside.ics"'
    assert EXAM_ON in events(response)
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_time_that_is_none_is_refused(reader: Client, ada: User) -> None:
    assert reader.post("/me/reminders/hour", {"begins_at": "half past six"}).status_code == 400
    reader.post("/me/reminders/hour", {"begins_at": HOUR})
    assert CalendarFeed.objects.get(pk=ada.pk).begins_at == time(18, 30)
    reader.post("/me/reminders/hour", {"begins_at": ""})
    assert CalendarFeed.objects.get(pk=ada.pk).begins_at is None


def test_an_address_that_is_of_another_shape_is_not_looked_up() -> None:
    for path in ("/calendar/short.ics", f"/calendar/{'a' * 44}.ics", f"/calendar/{'a' * 42}%00.ics"):
        assert Client().get(path).status_code == 404
