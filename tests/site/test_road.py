"""The timeline through the site's own client: whose it is, what a day set does, and what the calendar says of it."""

from __future__ import annotations

import html
import re
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from django.conf import settings
from django.test import Client

from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.pathway import queries as pathway_queries
from bedside.site.pathway.actions import keep_record, read_plain
from bedside.site.reminding.calendars import calendar_of
from bedside.site.road import actions
from bedside.site.road.models import RoadMove
from bedside.site.road.queries import moves_of, road_of
from tests.pathway.timeline.builder import READY
from tests.support.pathway_site import SHIPPED, write_pathway_content
from tests.support.people import browser_of, person
from tests.support.site import Clock

pytestmark = pytest.mark.django_db

TODAY = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
PAGES = ("/pathway/timeline", "/pathway/timeline/pathway.ics")
FRAGMENT = {"X-Bedside-Part": "road"}
GRADUATE: dict[str, Any] = {
    "person": READY,
    "attempts": [{"programme": "usmle", "step": "step1", "date": "2026-02-10", "result": "fail"}],
    "goals": {"specialty": "internal_medicine", "states": ["CT"]},
}


@pytest.fixture(scope="session")
def road_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_pathway_content(tmp_path_factory.mktemp("road") / "content")
    for name in ("timelines", "posts"):
        shutil.copytree(SHIPPED / name, folder / name, dirs_exist_ok=True)
    return folder


@pytest.fixture(autouse=True)
def _today(clock: Clock, content_dir: Path, road_content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONTENT", road_content)
    clock.at = TODAY


@pytest.fixture
def reader(user: User) -> Client:
    return browser_of(user)


def keep(user: User, data: dict[str, Any]) -> None:
    record, findings = read_plain(data, pathway_queries.rules())
    assert record is not None, findings
    keep_record(user, record, at=TODAY)


def text_of(answer: Any) -> str:
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_sign_in(path: str) -> None:
    answer = Client(headers={"Authorization": "Bearer nothing"}).get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/login/?next={path}")


def test_without_a_record_the_page_says_what_will_stand_here(reader: Client) -> None:
    assert "How long is your road to the licence?" in text_of(reader.get("/pathway/timeline"))


def test_a_record_without_the_school_is_asked_for_it(user: User, reader: Client) -> None:
    keep(user, {"goals": {"states": ["CT"]}})
    assert "Say in the record where you studied" in text_of(reader.get("/pathway/timeline"))


def test_the_road_is_drawn_with_its_table_and_every_cost_has_its_source(user: User, reader: Client) -> None:
    keep(user, GRADUATE)
    answer = reader.get("/pathway/timeline")
    text = text_of(answer)
    road = road_of(user, at=TODAY)
    assert road is not None
    left = [one for one in road.timeline.milestones if not one.is_done]
    page = answer.content.decode()
    for one in left:
        assert f'id="row-{one.id}"' in page
        assert f'data-id="{one.id}"' in page
    assert "<title" in page
    assert "Residency from 1 Jul 2028." in text
    assert "5,260 USD are left to pay" in text
    assert "projected, not published yet" in text
    sourced = page.count("Source</th>") and page.count('class="cite"')
    assert sourced >= sum(len(one.costs) for one in left if not one.is_optional)
    svg = page[page.index("<svg", page.index('class="timeline"')) : page.index("</svg>", page.index('class="timeline"'))]
    assert len(svg.encode()) < 20_000


def test_what_the_record_leaves_out_is_named_as_its_form_names_it(user: User, reader: Client) -> None:
    person = {name: value for name, value in GRADUATE["person"].items() if name != "credit_years"}
    keep(user, {**GRADUATE, "person": person})
    text = text_of(reader.get("/pathway/timeline"))
    assert "Not said in the record: Years of medical education taken for credit." in text
    assert "person." not in text


def test_a_day_that_is_set_moves_what_follows_and_is_taken_back(user: User, reader: Client) -> None:
    keep(user, GRADUATE)
    answer = reader.post("/pathway/timeline/move", {"milestone": "step2ck", "day": "2028-02-10"})
    assert answer.status_code == 302
    text = text_of(reader.get("/pathway/timeline"))
    assert "The 2028 Match becomes the 2029 Match: 1 year later." in text
    assert "Step 2 CK: not before 10 February 2028" in text
    assert "the 2028 Match closed for it on 1 Mar 2028" in text
    reader.post("/pathway/timeline/move", {"take_back": "step2ck"})
    assert "becomes the 2029 Match" not in text_of(reader.get("/pathway/timeline"))
    assert moves_of(user) == {}
    assert RoadMove.objects.get().removed_at is not None


def test_the_script_gets_the_part_of_the_page_that_changed(user: User, reader: Client) -> None:
    keep(user, GRADUATE)
    answer = reader.post("/pathway/timeline/move", {"milestone": "step1", "day": "2027-09-01"}, headers=FRAGMENT)
    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()
    assert "Step 1: not before 1 September 2027" in text_of(answer)


def test_a_day_that_is_over_says_that_it_was_done(user: User, reader: Client) -> None:
    keep(user, GRADUATE)
    reader.post("/pathway/timeline/move", {"milestone": "letters", "day": "2026-08-01"})
    text = text_of(reader.get("/pathway/timeline"))
    assert "Letters of recommendation: done on 1 August 2026" in text
    assert "Letters of recommendation (1 Aug 2026)" in text


@pytest.mark.parametrize(
    "data",
    [
        {"milestone": "step9", "day": "2027-01-01"},
        {"milestone": "step1", "day": "tomorrow"},
        {"milestone": "step1", "day": "3027-01-01"},
        {"milestone": "graduation", "day": "2027-01-01"},  # the record has it
        {},
    ],
)
def test_a_day_that_can_not_be_is_refused_and_nothing_kept(user: User, reader: Client, data: dict[str, str]) -> None:
    keep(user, GRADUATE)
    assert reader.post("/pathway/timeline/move", data).status_code == 400
    assert not RoadMove.objects.exists()


def test_a_way_is_chosen_and_another_is_refused(user: User, reader: Client) -> None:
    keep(user, GRADUATE)
    assert "J-1 waiver (Conrad 30)" in text_of(reader.get("/pathway/timeline"))
    assert reader.post("/pathway/timeline/choose", {"choice": "visa", "way": "h1b"}).status_code == 302
    assert "J-1 waiver (Conrad 30)" not in text_of(reader.get("/pathway/timeline"))
    assert reader.post("/pathway/timeline/choose", {"choice": "visa", "way": "o1"}).status_code == 400


def test_nobody_sees_or_moves_another_persons_road(user: User) -> None:
    keep(user, GRADUATE)
    actions.set_day(user, "step1", date(2027, 9, 1), at=TODAY)
    eve = person("eve")
    keep(eve, GRADUATE)
    other = browser_of(eve)
    assert "not before 1 September 2027" not in text_of(other.get("/pathway/timeline"))
    other.post("/pathway/timeline/move", {"take_back": "step1"})
    assert moves_of(user) == {"step1": date(2027, 9, 1)}


def test_the_first_post_has_figures_with_source_and_year(user: User, reader: Client) -> None:
    keep(user, GRADUATE)
    text = text_of(reader.get("/pathway/timeline"))
    assert "The first post" in text
    assert "First year of residency" in text


def test_the_days_join_the_calendar_and_an_unchanged_road_leaves_it_as_it_was(user: User) -> None:
    keep(user, GRADUATE)
    content = current_content()
    first = calendar_of(user, content, at=TODAY)
    told = {event.summary: event for event in first.events}
    assert told["Pathway: Step 1"].on == date(2027, 4, 29)
    assert told["Pathway, last day: Application in ERAS"].on == date(2027, 9, 22)
    assert not any(event.on > date(2028, 6, 30) for event in first.events if event.summary.startswith("Pathway"))
    assert all("CT" not in event.summary and "PK" not in event.summary for event in first.events)
    again = calendar_of(user, content, at=TODAY + timedelta(minutes=5))
    assert again.tag == first.tag
    actions.set_day(user, "step1", date(2027, 6, 1), at=TODAY)
    moved = {event.summary: event for event in calendar_of(user, content, at=TODAY + timedelta(minutes=9)).events}
    assert moved["Pathway: Step 1"].uid == told["Pathway: Step 1"].uid
    assert moved["Pathway: Step 1"].sequence == told["Pathway: Step 1"].sequence + 1


def test_the_file_for_a_calendar_is_one(user: User, reader: Client) -> None:
    keep(user, GRADUATE)
    answer = reader.get("/pathway/timeline/pathway.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(one["SUMMARY"]) for one in events} >= {"Pathway: Step 1", "Pathway: Step 2 CK"}


def test_without_a_road_the_page_says_so(
    user: User, reader: Client, road_content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(road_content, folder)
    shutil.rmtree(folder / "timelines")
    monkeypatch.setattr(settings, "CONTENT", folder)
    assert "No road is written here." in text_of(reader.get("/pathway/timeline"))
