"""The journeys of others: who is like me, one journey beside one's own, and bringing files through the page."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from bedside.journeys import Beginning, Journey, Result, Start, likeness
from bedside.site.accounts.models import User
from bedside.site.journeys import own
from bedside.site.journeys.comparing import comparison, sides
from bedside.site.journeys.finding import PAGE, how_alike
from bedside.site.journeys.likeness_words import likeness_words
from bedside.site.journeys.lines import thinned
from bedside.site.journeys.models import JourneyShare
from tests.support.journeys import FIFTY, journey, packed, put_in_library, week, weeks
from tests.support.people import browser_of, proctored_player
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db

MINE = Journey(**{**{name: getattr(journey(), name) for name in Journey.__slots__}, "name": "Ada", "weeks": weeks(8, hours=12)})


@pytest.fixture(autouse=True)
def _clock(clock: Clock, own_data: Path) -> None:
    """The clock stands still, and no key of another test is trusted."""


@pytest.fixture
def reader(user: User) -> Client:
    return browser_of(user)


@pytest.fixture
def mine(monkeypatch: pytest.MonkeyPatch) -> Journey:
    """One's own journey, of eight weeks."""
    made = replace(MINE, n_weeks=8, results=(), notes=())
    monkeypatch.setattr(own, "journey_of", lambda *_args, **_more: made)
    return made


@pytest.fixture
def invented(own_content: Path) -> Journey:
    """An example in the content folder."""
    made = journey(is_example=True)
    (own_content / "journeys").mkdir()
    (own_content / "journeys" / "one.json").write_bytes(packed(made))
    return made


def text_of(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def page_of(client: Client, address: str = "/journeys", status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()
    return text_of(answer)


# --- how many, and who is like me -----------------------------------------------------------------------------------------


def test_an_empty_library_says_how_journeys_come(reader: Client) -> None:
    said = page_of(reader)
    assert "There is no journey of anybody here yet." in said
    assert "They come as files." in said


def test_the_library_says_how_many_there_are_and_that_they_are_not_all_who_tried(reader: Client, mine: Journey) -> None:
    put_in_library(journey(), journey(), journey())
    assert "There are 3 journeys here. Those who share are not all who tried." in page_of(reader)


def test_the_most_alike_stand_first_and_each_says_in_what(reader: Client, mine: Journey) -> None:
    far = journey(start=Start("under 25", "DE", "still studying", "none"), name="Far")
    near = journey(start=replace(FIFTY, trained_in="IN", level=None), name="Near")
    put_in_library(far, near)
    said = page_of(reader)
    assert said.index("Near") < said.index("Far")
    assert "same step both 50 and over trained in another country, India both over 20 years since graduation" in said
    assert "both 20 to 40 hours of work a week" in said
    assert "under 25, you 50 and over" in said


def test_of_two_spans_the_second_needs_no_unit() -> None:
    one, other = (
        Beginning("exam", "first", FIFTY),
        Beginning("exam", "first", replace(FIFTY, age="25 to 29", work_hours="over 40")),
    )
    words = likeness_words(one, other, likeness(one, other))
    assert {"25 to 29, you 50 and over", "over 40 hours of work a week, you 20 to 40"} <= set(words)
    none = Beginning("exam", "first", Start(work_hours="none", years_since_graduation="still studying"))
    words = likeness_words(one, none, likeness(one, none))
    assert "no work beside it, you 20 to 40 hours of work a week" in words
    assert "still studying, you over 20 years since graduation" in words


def test_what_one_of_them_does_not_tell_is_not_compared() -> None:
    one, other = Beginning("exam", "first", FIFTY), Beginning("exam", "second", Start(age="40 to 49"))
    how = likeness(one, other)
    assert likeness_words(one, other, how) == ("another step", "40 to 49, you 50 and over")
    assert how_alike(how) == "40% alike, over 2 features that both of you tell."
    assert how_alike(likeness(one, Beginning("exam", "first", Start()))) == "Nothing can be compared but the step."


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("step=exam/first", 2),
        ("step=exam/second", 1),
        ("age=50+and+over", 2),
        ("country=DE", 1),
        ("work=none", 1),
        ("outcome=pass", 1),
        ("outcome=fail", 1),
        ("outcome=not+told", 1),
        ("step=exam/first&outcome=fail", 1),
        ("step=exam/first&country=DE", 0),
    ],
)
def test_a_filter_leaves_those_that_fit(reader: Client, query: str, n: int) -> None:
    put_in_library(
        journey(),
        journey(results=(Result(11, "exam", "first", "fail"),)),
        journey(step="second", results=(), start=Start("25 to 29", "DE", "under 3", "none")),
    )
    answer = reader.get(f"/journeys?{query}")
    assert answer.context["found"].n == n
    assert len(answer.context["found"].rows) == n


def test_a_filter_that_does_not_exist_is_refused(reader: Client) -> None:
    assert reader.get("/journeys?age=ancient").status_code == 400
    assert reader.get("/journeys?outcome=draw").status_code == 400


def test_the_list_has_pages_of_twenty(reader: Client) -> None:
    put_in_library(*(journey() for _ in range(PAGE + 3)))
    assert [len(reader.get(f"/journeys?page={n}").context["found"].rows) for n in (1, 2, 9)] == [PAGE, 3, 3]
    assert "?page=2" in reader.get("/journeys").content.decode()


# --- examples -------------------------------------------------------------------------------------------------------------


def test_examples_stand_alone_and_are_marked(reader: Client, invented: Journey) -> None:
    put_in_library(journey(name="Real"))
    plain, examples = page_of(reader), page_of(reader, "/journeys?examples=1")
    assert "1 invented journey" in plain
    assert str(invented.id) not in reader.get("/journeys").content.decode()
    assert "All of these are invented." in examples
    assert "Real" not in examples
    assert str(invented.id) in reader.get("/journeys?examples=1").content.decode()


def test_an_empty_library_leads_to_the_examples(reader: Client, invented: Journey) -> None:
    answer = reader.get("/journeys")
    assert "There is no journey of anybody here yet." in text_of(answer)
    assert 'href="/journeys?examples=1"' in answer.content.decode()


def test_the_page_of_an_example_says_so_before_anything_else_and_takes_no_report(reader: Client, invented: Journey) -> None:
    said = page_of(reader, f"/journeys/{invented.id}")
    assert said.index("An invented example") < said.index("12 weeks,", said.index("Skip to the text"))
    assert "Report this journey" not in said
    assert reader.post(f"/journeys/{invented.id}/report", {"reason": "no"}).status_code == 404


# --- one journey beside one's own -----------------------------------------------------------------------------------------


def test_a_journey_stands_beside_ones_own_on_one_picture_with_its_table(reader: Client, mine: Journey) -> None:
    (one,) = put_in_library(journey())
    answer = reader.get(f"/journeys/{one}")
    beside = answer.context["beside"]
    assert beside.said == "After 8 weeks you had studied 96 hours, and they 80."
    assert [line.curve.label for line in beside.hours.lines] == ["you, 96 hours", "they, 120 hours"]
    assert beside.hours.table.columns == ("Weeks since the start", "You", "They")
    assert beside.hours.table.rows[7] == ("8", "96", "80")
    assert beside.hours.table.rows[11] == ("12", "–", "120")
    assert beside.chance is None  # of one's own there is none yet
    assert "the mornings before work were mine" in text_of(answer).lower()


def test_readiness_is_compared_where_both_have_it() -> None:
    mine, theirs = journey(n_weeks=2, weeks=(week(0, p=500), week(1, p=640))), journey()
    found = comparison(mine, theirs).chance
    assert found is not None
    assert [line.curve.label for line in found.lines] == ["you, 64%", "they, 82%"]
    assert found.table.rows[:3] == (
        ("1", "50% (35% – 65%)", "60% (45% – 75%)"),
        ("2", "64% (49% – 79%)", "60% (45% – 75%)"),
        ("3", "–", "60% (45% – 75%)"),
    )


def test_the_words_of_two_lines_never_lie_on_each_other() -> None:
    assert sides(90.0, 20.0) == sides(20.0, 90.0) == (True, True)
    assert (sides(60.0, 50.0), sides(50.0, 60.0), sides(50.0, 50.0)) == ((True, False), (False, True), (True, False))


def test_an_invented_course_is_never_called_theirs() -> None:
    labels = [line.curve.label for line in comparison(journey(), journey(is_example=True)).hours.lines]
    assert labels == ["you, 120 hours", "the invented one, 120 hours"]


def test_a_journey_of_many_years_is_still_a_small_picture() -> None:
    long = journey(n_weeks=1040, weeks=weeks(1040, ready_in=500), results=(), notes=())
    found = comparison(long, journey())
    assert found.chance is not None
    assert len(found.hours.lines[0].curve.line.split()) <= 120
    assert len(found.hours.table.rows) <= 26
    assert thinned(range(1000), 5)[0] == 0
    assert thinned(range(1000), 5)[-1] == 999


def test_without_a_day_of_study_the_page_says_when_the_comparison_comes(reader: Client) -> None:
    (one,) = put_in_library(journey())
    assert "Once you have studied a day" in page_of(reader, f"/journeys/{one}")


def test_ones_own_journey_in_the_library_is_called_so_and_not_compared(reader: Client, user: User, mine: Journey) -> None:
    (one,) = put_in_library(journey())
    JourneyShare.objects.create(id=one, user=user, programme="exam", step="first", revision=1, shared_at=T0)
    said = page_of(reader, f"/journeys/{one}")
    assert "This is your own journey, as you shared it." in said
    assert "Your course and theirs" not in said
    assert "your own" in page_of(reader)


def test_what_was_written_in_a_journey_is_text_on_the_page(reader: Client) -> None:
    (one,) = put_in_library(journey(name="<script>alert(1)</script>"))
    for address in ("/journeys", f"/journeys/{one}"):
        assert "<script>alert" not in reader.get(address).content.decode()


def test_a_journey_that_is_not_there_has_no_page(reader: Client) -> None:
    assert reader.get(f"/journeys/{uuid4()}").status_code == 404


def test_nobody_reads_without_signing_in_where_others_use_the_site(monkeypatch: pytest.MonkeyPatch) -> None:
    (one,) = put_in_library(journey())
    monkeypatch.setattr(settings, "MIDDLEWARE", [name for name in settings.MIDDLEWARE if "LocalLearner" not in name])
    for address in ("/journeys", f"/journeys/{one}", "/journeys/group"):
        assert Client().get(address).status_code == 302


def test_all_of_it_is_shut_while_a_proctored_sitting_is_under_way(client: Client, clock: Clock, reader: Client) -> None:
    (one,) = put_in_library(journey(name="Somebody"))
    proctored_player(client, clock).open_block()
    for address in ("/journeys", f"/journeys/{one}", "/journeys/group"):
        assert "Somebody" not in page_of(reader, address, status=409)
    assert reader.post(f"/journeys/{one}/report", {"reason": "x"}).status_code == 409
