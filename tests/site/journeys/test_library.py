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

from bedside.journeys import Beginning, Journey, Note, Result, Start, likeness
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.journeys import own
from bedside.site.journeys.finding import PAGE, exams_words, first_words, headline
from bedside.site.journeys.likeness_words import like_words, likeness_words, nearness_words, who_words
from bedside.site.journeys.models import JourneyShare
from tests.support.journeys import FIFTY, journey, packed, put_in_library, weeks
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
    assert "Like you in 5 of 6: step, age, years since graduation, work, language. Different: country. 83% by nearness." in said
    assert "Like you in 1 of 5: step. Different: age, country, years since graduation, work." in said
    assert "says nothing of how it will go" in said


def test_of_two_spans_the_second_needs_no_unit() -> None:
    one, other = (
        Beginning("exam", "first", FIFTY),
        Beginning("exam", "first", replace(FIFTY, age="25 to 29", work_hours="over 40")),
    )
    words = likeness_words(one, other, likeness(one, other))
    assert {"25 to 29, you 50 or older", "over 40 hours of work a week, you 20 to 40"} <= set(words)
    none = Beginning("exam", "first", Start(work_hours="none", years_since_graduation="still studying"))
    words = likeness_words(one, none, likeness(one, none))
    assert "no work beside it, you 20 to 40 hours of work a week" in words
    assert "still studying, you over 20 years since graduation" in words


def test_what_one_of_them_does_not_tell_is_not_compared() -> None:
    one, other = Beginning("exam", "first", FIFTY), Beginning("exam", "second", Start(age="40 to 49"))
    how = likeness(one, other)
    assert likeness_words(one, other, how) == ("another step", "40 to 49, you 50 or older")
    assert like_words(how) == "Like you in 1 of 2: age. Different: step."
    assert nearness_words(how) == "40% by nearness"
    nothing = likeness(one, Beginning("exam", "first", Start()))
    assert (like_words(nothing), nearness_words(nothing)) == ("Nothing can be compared but the step.", "")


def test_the_first_answers_of_both_are_told() -> None:
    one, other = (Beginning("exam", step, Start(level=level)) for step, level in (("first", 180), ("second", 380)))
    how = likeness(one, other)
    assert likeness_words(one, other, how)[-1] == "practice at the start: 38% right, you 18%"
    assert like_words(how) == "Like you in none of 2. Different: step, first answers."


def test_the_line_of_who_somebody_is_has_the_article_and_tells_coaching_career_and_earlier_attempts() -> None:
    assert who_words(Start("50 and over", "PH")) == "50 or older, trained in the Philippines"
    assert who_words(Start("under 25", "IN")) == "Under 25 years old, trained in India"
    start = Start(trained_in="US", coaching="none", career="something else", tries="one")
    assert who_words(start) == (
        "Trained in the United States, without a coaching course, came from another career, one earlier attempt"
    )


def exams(*outcomes: Any) -> Journey:
    results = tuple(Result(11 + index, "exam", "first", outcome) for index, outcome in enumerate(outcomes))
    return journey(n_weeks=30, results=results)


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ((), "no exam told"),
        (("pass",), "passed"),
        (("fail",), "sat once, failed"),
        (("fail", "fail"), "sat twice, failed"),
        (("fail",) * 3, "sat 3 times, failed"),
        (("fail", "pass"), "failed once, then passed"),
        (("fail", "fail", "pass"), "failed twice, then passed"),
        (("pass", "fail"), "passed, then failed"),
    ],
)
def test_the_headline_tells_how_the_exams_went(outcomes: tuple[str, ...], words: str) -> None:
    assert exams_words(exams(*outcomes)) == words


def test_the_headline_counts_weeks_and_hours_up_to_the_exam() -> None:
    made = replace(exams("fail", "pass"), weeks=weeks(20))
    assert headline(made, current_content()).endswith(": 13 weeks to the exam, 130 hours, failed once, then passed")
    told = headline(journey(results=(), n_weeks=30), current_content())
    assert told.endswith(": 30 weeks, 120 hours, no exam told")


def test_a_row_shows_how_the_first_note_begins_cut_at_a_word(reader: Client) -> None:
    long = "After the night shift I slept four hours, then read of the kidney with tea, and wrote down what I had missed."
    put_in_library(journey(notes=(Note(2, long),)))
    assert "“After the night shift I slept four hours, then read of the kidney with tea, and wrote down …”" in page_of(reader)
    assert first_words(journey(notes=(Note(2, "Two\nlines."),))) == "Two lines."
    assert first_words(journey(notes=(Note(2, "é" * 200),))) == "é" * 90 + " …"
    assert first_words(journey(notes=())) == ""


def test_rows_of_ones_own_step_stand_before_those_of_others_under_headings(reader: Client, mine: Journey) -> None:
    put_in_library(journey(step="second", results=()), journey(start=Start("under 25", "DE"), name="Far"))
    said = page_of(reader)
    assert said.index("Your step ") < said.index("Far") < said.index("Other steps")
    assert "Your step first; in each part the most alike by nearness." in said


def test_where_nothing_can_be_compared_the_list_says_that_it_has_no_order(reader: Client, mine: Journey) -> None:
    put_in_library(journey(start=Start()))
    said = page_of(reader)
    assert "In no order of likeness." in said
    assert "by nearness" not in said


def test_enter_opens_the_first_story_of_the_list(reader: Client) -> None:
    put_in_library(journey(), journey())
    html = reader.get("/journeys?outcome=pass").content.decode()
    assert re.findall(r"<(\w+) [^>]*data-enter", html) == ["a"]
    first = reader.get("/journeys?outcome=pass").context["found"].rows[0].journey.id
    assert f'href="/journeys/{first}?outcome=pass" data-enter' in html


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("step=exam/first", 3),
        ("step=exam/second", 1),
        ("age=50+and+over", 3),
        ("country=DE", 1),
        ("work=none", 1),
        ("outcome=pass", 2),
        ("outcome=fail", 1),
        ("outcome=failed+once", 2),
        ("outcome=not+told", 1),
        ("coaching=none", 1),
        ("career=something+else", 1),
        ("coaching=some", 0),
        ("step=exam/first&outcome=fail", 1),
        ("step=exam/first&country=DE", 0),
    ],
)
def test_a_filter_leaves_those_that_fit(reader: Client, query: str, n: int) -> None:
    put_in_library(
        journey(),
        journey(results=(Result(11, "exam", "first", "fail"),)),
        journey(results=(Result(5, "exam", "first", "fail"), Result(11, "exam", "first", "pass"))),
        journey(
            step="second",
            results=(),
            start=Start("25 to 29", "DE", "under 3", "none", coaching="none", career="something else"),
        ),
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
    assert said.index("An invented example") < said.index("12 weeks", said.index("Skip to the text"))
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
    assert beside.hours.table.rows[11] == ("12", "–", "120, passed")
    assert beside.chance is None  # of one's own there is none yet
    assert "the mornings before work were mine" in text_of(answer).lower()


def test_chances_are_not_compared_with_those_of_another_exam(reader: Client, mine: Journey) -> None:
    (one,) = put_in_library(journey(step="second", results=()))
    assert "This is another exam; chances are not compared. Hours only." in page_of(reader, f"/journeys/{one}")


def test_weeks_are_not_counted_back_where_one_has_no_exam(reader: Client, mine: Journey) -> None:
    (one,) = put_in_library(journey(n_weeks=16))
    assert "Counted back from the exam" not in page_of(reader, f"/journeys/{one}")


def test_the_page_offers_both_ways_to_count(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "journey_of", lambda *_args, **_more: journey())
    (one,) = put_in_library(journey(n_weeks=16))
    answer = reader.get(f"/journeys/{one}?outcome=pass")
    assert 'href="?outcome=pass&amp;counted=back#beside"' in answer.content.decode()
    assert not answer.context["beside"].is_back
    assert reader.get(f"/journeys/{one}?counted=back").context["beside"].is_back


def test_the_hours_of_an_invented_learner_are_never_to_plan_by(reader: Client, mine: Journey, invented: Journey) -> None:
    said = "Its hours are far fewer than a person needs: a simulated learner is never tired and had little to learn."
    assert said in page_of(reader, "/journeys?examples=1")
    page = page_of(reader, f"/journeys/{invented.id}")
    assert said in page.partition("Your course and theirs")[2]
    assert "and the invented learner 80." in page
    (one,) = put_in_library(journey())
    assert said not in page_of(reader, f"/journeys/{one}")
    assert "Hours in this program only: books, courses and other question banks are not counted." in page_of(reader)


def test_how_alike_and_the_way_to_the_comparison_stand_before_the_story(reader: Client, mine: Journey) -> None:
    (one,) = put_in_library(journey())
    html = reader.get(f"/journeys/{one}").content.decode()
    story = html.index('class="story"')
    assert html.index("Like you in 7 of 7") < html.index('href="#beside"') < story < html.index('id="beside"')


def test_a_story_leads_to_the_next_of_the_list_and_back_to_its_page(reader: Client) -> None:
    put_in_library(*(journey() for _ in range(PAGE + 1)), journey(results=()))
    rows = reader.get("/journeys?outcome=pass").context["found"].rows
    html = reader.get(f"/journeys/{rows[0].journey.id}?outcome=pass").content.decode()
    assert f'href="/journeys/{rows[1].journey.id}?outcome=pass" data-enter>Next story' in html
    last = reader.get("/journeys?outcome=pass&page=2").context["found"].rows[-1].journey.id
    html = reader.get(f"/journeys/{last}?outcome=pass").content.decode()
    assert "Next story" not in html
    assert 'href="/journeys?outcome=pass&amp;page=2" data-enter>Back to the others' in html


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
