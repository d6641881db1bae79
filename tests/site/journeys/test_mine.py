"""The page of one's own journey: its story, its pictures with their tables, what is typed in, and when it is shut."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from bedside.site.accounts.models import Profile, User
from bedside.site.content import current_content
from bedside.site.journeys.countries import COUNTRIES
from bedside.site.journeys.languages import LANGUAGES
from bedside.site.journeys.models import JourneyNote, JourneyStart
from tests.support.filled_history import Life, live
from tests.support.journeys import journey, packed, put_in_library
from tests.support.people import browser_of, person, proctored_player
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db

PICTURE_BYTES = 20_000


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser."""
    return browser_of(user)


@pytest.fixture
def lived(user: User, clock: Clock) -> User:
    """Sixty days of answers towards the first step."""
    live(user, current_content(), Life(days=60), at=clock.now())
    Profile.objects.create(user=user, programme="exam", step="first")
    return user


def story_of_page(reader: Client) -> Any:
    response = reader.get("/journey")
    assert response.status_code == 200
    return response.context["story"]


def part(story: Any, title: str) -> Any:
    (found,) = (one for one in story.parts if one.title.startswith(title))
    return found


# --- the story -------------------------------------------------------------------------------------------------------------


def test_the_story_has_its_parts_in_order_each_with_a_sentence(reader: Client, lived: User, low_floor: None) -> None:
    story = story_of_page(reader)
    assert [one.title.split(":")[0] for one in story.parts] == [
        "The beginning",
        "Hours by week",
        "What was studied, in which order",
        "Days kept and weeks without study",
        "How readiness moved",
        "Sittings and their results",
        "What was written on the way",
    ]
    assert all(one.said for one in story.parts)
    assert re.match(r"9 weeks, \d+(\.\d)? hours of study. \d+ answers, \d+% of them right.", story.lead)


def test_sticks_of_hours_and_days_are_as_high_as_their_tables_say(reader: Client, lived: User) -> None:
    story = story_of_page(reader)
    hours = part(story, "Hours").picture
    told = [float(row[2]) for row in hours.table.rows]
    assert [one.height for one in hours.sticks] == pytest.approx([100 * one / max(told) for one in told], abs=3)
    assert [float(row[2]) for row in hours.table.rows] == pytest.approx(
        [sum(map(float, row[3:7])) for row in hours.table.rows], abs=0.2
    )
    days = part(story, "Days").picture
    assert [one.height for one in days.sticks] == pytest.approx([100 * int(row[2]) / 7 for row in days.table.rows], abs=0.1)


def test_the_map_has_the_answers_of_its_table(reader: Client, lived: User) -> None:
    picture = part(story_of_page(reader), "What was studied").picture
    assert {row.label for row in picture.rows} == {"Renal", "Heart and vessels", "Blood"}
    for row, texts in zip(picture.rows, picture.table.rows, strict=True):
        assert row.label == texts[0]
        assert int(texts[1].replace(",", "")) == sum(map(int, texts[2:]))
        assert [cell.text or "0" for cell in row.cells] == list(texts[2:])  # nine weeks have room for numbers
        assert [cell.fill == "none" for cell in row.cells] == [text == "0" for text in texts[2:]]


def test_the_curve_has_the_chances_of_its_table(reader: Client, lived: User, low_floor: None) -> None:
    picture = part(story_of_page(reader), "How readiness").picture
    points = [float(point.split(",")[1]) for piece in picture.pieces for point in piece.line.curve.line.split()]
    told = [{"less than 1%": 0.5, "more than 99%": 99.5}.get(row[2]) or float(row[2].rstrip("%")) for row in picture.table.rows]
    assert [100 - point / 10 for point in points] == pytest.approx(told, abs=1)


def test_weeks_without_study_are_said_without_blame(user: User, reader: Client, clock: Clock) -> None:
    Profile.objects.create(user=user, programme="exam", step="first")
    live(user, current_content(), Life(days=14), at=clock.now())
    clock.pass_s(timedelta(weeks=4).total_seconds())
    said = part(story_of_page(reader), "Days").said
    assert re.search(r"No study in weeks \d to \d\.$", said)


def test_every_picture_has_a_title_a_description_and_a_table_and_is_small(reader: Client, lived: User, low_floor: None) -> None:
    html = reader.get("/journey").content.decode()
    assert "style=" not in html
    figures = re.findall(r'<figure class="drawn" id="journey-\w+">.*?</figure>', html, flags=re.DOTALL)
    assert len(figures) == 4
    for figure in figures:
        assert "<caption" in figure
        assert "data-table=" in figure
        assert re.search(r'role="img"[^>]* aria-(label|labelledby)=', figure)
        drawn = re.sub(r'<div class="scroll".*?</div>', "", figure, flags=re.DOTALL)
        assert len(drawn.encode()) < PICTURE_BYTES


def test_somebody_new_is_told_what_will_stand_there(reader: Client, user: User, clock: Clock) -> None:
    Profile.objects.create(user=user, programme="exam", step="first")
    html = reader.get("/journey").content.decode()
    assert "Your journey begins with the first day of study here" in html
    assert "Here will stand your way as your record has it" in html
    assert "Share it as a file" not in html


# --- what is typed in ------------------------------------------------------------------------------------------------------


def test_where_it_began_is_kept_told_and_can_be_emptied_again(reader: Client, lived: User) -> None:
    said = {
        "age": "50 and over",
        "trained_in": "IN",
        "years_since_graduation": "over 20",
        "work_hours": "none",
        "language": "hi",
        "coaching": "none",
        "career": "something else",
        "tries": "several",
    }
    assert reader.post("/journey/start", said).status_code == 302
    row = JourneyStart.objects.get(user=lived)
    assert {name: getattr(row, name) for name in said} == said
    facts = dict(part(story_of_page(reader), "The beginning").facts)
    assert (
        facts.items()
        >= {
            "Age": "50 or older",
            "Trained in": "India",
            "Graduation": "over 20 years since graduation",
            "Work": "no work beside it",
            "First language": "Hindi",
        }.items()
    )
    assert reader.post("/journey/start", {"age": "50 and over"}).status_code == 302
    row = JourneyStart.objects.get(user=lived)
    row.refresh_from_db()
    assert (row.age, row.trained_in, row.language, row.coaching, row.tries) == ("50 and over", "", "", "", "")


def test_what_was_kept_is_said_at_the_top_of_the_page(reader: Client, lived: User, clock: Clock) -> None:
    answer = reader.post("/journey/start", {"age": "50 and over"}, follow=True)
    assert answer.redirect_chain == [("/journey#main", 302)]
    html = answer.content.decode()
    assert 'Kept. <a href="/journeys">See who began like you.</a>' in html[: html.index("<h1>")]
    told = [
        (3, r"Kept\. It stands in week [89]\."),
        (59, r"Kept\. It stands in week 1\."),
    ]
    for ago, said in told:
        day = (clock.now() - timedelta(days=ago)).date().isoformat()
        answer = reader.post("/journey/notes", {"text": f"{ago} days ago", "on": day}, follow=True)
        assert re.search(said, answer.content.decode())


def test_a_note_before_the_journey_begins_is_kept(reader: Client, user: User, clock: Clock) -> None:
    Profile.objects.create(user=user, programme="exam", step="first")
    html = reader.post("/journey/notes", {"text": "I begin tomorrow."}, follow=True).content.decode()
    assert "Kept. It stands in your journey once that has begun." in html


def test_the_ways_to_ones_own_and_to_others_stand_at_the_top_and_enter_shares_nothing(reader: Client, lived: User) -> None:
    html = reader.get("/journey").content.decode()
    top = html[html.index("<h1>") : html.index('class="story"')]
    assert re.search(r'<a href="/journey" aria-current="page">My journey</a>.*<a href="/journeys">Journeys of others</a>', top)
    assert re.findall(r'href="([^"]+)" data-enter', html) == ["/journeys"]


@pytest.mark.parametrize("page", ["/", "/progress"])
def test_other_pages_say_how_many_journeys_of_others_are_here(
    reader: Client, lived: User, own_content: Path, page: str
) -> None:
    Profile.objects.filter(user=lived).update(welcomed_at=T0)
    assert "none here yet" in reader.get(page).content.decode()
    (own_content / "journeys").mkdir()
    (own_content / "journeys" / "one.json").write_bytes(packed(journey(is_example=True)))
    html = reader.get(page).content.decode()
    assert 'none here yet; <a href="/journeys?examples=1">1 invented one shows what they tell</a>' in html
    put_in_library(journey(), journey())
    assert '<a href="/journeys">Journeys of others:</a> 2 here' in reader.get(page).content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [("age", "77"), ("coaching", "lots"), ("tries", "9"), ("trained_in", "ZZ"), ("language", "x"), ("work_hours", "a lot")],
)
def test_what_is_none_of_the_choices_is_refused_and_nothing_is_kept(reader: Client, user: User, name: str, value: str) -> None:
    answer = reader.post("/journey/start", {name: value})
    assert answer.status_code == 400
    assert "is none of the choices" in answer.content.decode()
    assert not JourneyStart.objects.exists()


def test_a_note_is_kept_told_in_its_words_and_taken_away(reader: Client, lived: User, clock: Clock) -> None:
    day = (clock.now() - timedelta(days=3)).date()
    text = "Renal <b>no longer</b> frightens me.\r\nBiostatistics does."
    assert reader.post("/journey/notes", {"text": text, "on": day.isoformat()}).status_code == 302
    html = reader.get("/journey").content.decode()
    assert escape("Renal <b>no longer</b> frightens me.") in html
    note = JourneyNote.objects.get(user=lived)
    assert (note.on, note.text) == (day, "Renal <b>no longer</b> frightens me.\nBiostatistics does.")
    assert reader.post("/journey/notes/remove", {"remove": str(note.key)}).status_code == 302
    note.refresh_from_db()
    assert (note.text, note.removed_at is not None) == ("", True)
    assert "frightens" not in reader.get("/journey").content.decode()


def test_signs_that_nobody_sees_are_left_out_of_a_note(reader: Client, lived: User) -> None:
    reader.post("/journey/notes", {"text": "\u202eWell\u200b done\ufeff"})
    assert JourneyNote.objects.get(user=lived).text == "Well done"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": "  "}, "Write something first."),
        ({"text": "a" * 2001}, "A note has at most 2,000 letters"),
        ({"text": "a", "on": "2199-01-01"}, "A note is about a day between"),
        ({"text": "a", "on": "soon"}, "Write the day as 2027-03-14."),
    ],
)
def test_a_note_that_can_not_be_kept_comes_back_with_the_reason(
    reader: Client, lived: User, typed: dict[str, str], said: str
) -> None:
    answer = reader.post("/journey/notes", typed)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert not JourneyNote.objects.exists()


def test_nobody_takes_away_the_note_of_another(reader: Client, lived: User, clock: Clock) -> None:
    reader.post("/journey/notes", {"text": "mine"})
    key = JourneyNote.objects.get().key
    other = browser_of(person("eve"))
    assert other.post("/journey/notes/remove", {"remove": str(key)}).status_code == 404
    assert other.post("/journey/notes/remove", {"remove": "x"}).status_code == 400
    assert "mine" not in other.get("/journey").content.decode()
    assert JourneyNote.objects.get().text == "mine"


# --- when it is shut -------------------------------------------------------------------------------------------------------


def test_while_a_proctored_sitting_is_under_way_the_page_is_shut(
    reader: Client, client: Client, lived: User, clock: Clock
) -> None:
    proctored_player(client, clock).open_block()
    html = reader.get("/journey").content.decode()
    assert "Your proctored sitting is under way" in html
    assert "Hours by week" not in html
    assert "Journeys of others:" not in reader.get("/progress").content.decode()
    assert "Journeys of others:" not in reader.get("/").content.decode()
    assert "Hours by week" not in reader.post("/journey/notes", {"text": ""}).content.decode()


def test_countries_and_languages_have_codes_that_a_journey_can_hold() -> None:
    assert len(COUNTRIES) == 249
    assert all(re.fullmatch("[A-Z]{2}", code) for code in COUNTRIES)
    assert all(re.fullmatch("[a-z]{2,3}", code) for code in LANGUAGES)
    assert len({str(name) for name in COUNTRIES.values()}) == len(COUNTRIES)
