"""The first page: the session with its steps, what is left of it, the days, and what it says where there is nothing."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from django.test import Client

from bedside.errors import StoreError
from bedside.site.accounts.models import User
from bedside.site.cards.actions import make_note
from bedside.site.content import current_content
from bedside.site.exam.models import Sitting
from bedside.site.planning import sessions
from bedside.site.planning.models import DaySession, KeptPlan, StudyCalendar
from bedside.site.planning.session_json import KeptLeftOut
from bedside.site.planning.sessions import day_of
from bedside.site.planning.telling import left_lines
from bedside.site.study.models import StudyReview
from bedside.study import Why
from tests.support.people import browser_of, person, proctored_player
from tests.support.plans import DAY, item_of, learn, write_many
from tests.support.site import Clock, new_player

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(own_content: Path) -> list[str]:
    return write_many(own_content)


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser, after the first run."""
    client = browser_of(user)
    client.post("/welcome", {"step": "exam/first", "minutes_a_day": "20"})
    return client


def page(client: Client) -> str:
    return client.get("/").content.decode()


def words(client: Client) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page(client)).split())


def test_today_says_what_to_do_why_and_how_long_it_takes(reader: Client, clock: Clock, names: list[str]) -> None:
    text = words(reader)
    assert re.search(r"Today's session takes about (18|19|20) minutes\.", text)
    assert re.search(r"Start with [78] questions", text)
    assert "of the step, not asked yet" in text
    assert "Fact" not in text  # a takeaway is not given away


def test_a_question_that_waits_is_called_by_its_area_alone(reader: Client, clock: Clock, names: list[str]) -> None:
    topics = re.findall(r'<span class="topic">(.*?)</span>', page(reader))
    assert topics
    assert not [topic for topic in topics if ":" in topic]


def test_one_card_of_a_note_is_new_today_and_says_what_it_asks(
    reader: Client, user: User, clock: Clock, names: list[str]
) -> None:
    make_note(user, kind="cloze", fields=[("Text", "{{c1::Warfarin}} inhibits {{c2::a reductase}}.")], at=clock.now())
    html = page(reader)
    assert html.count("inhibits") == 1
    assert "[...] inhibits a reductase." in html or "[…] inhibits a reductase." in html
    assert "¼ min" in html


def test_many_areas_that_do_not_fit_are_one_line(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    day = day_of(user, current_content(), at=clock.now())
    left = tuple(KeptLeftOut(Why.AREA_DID_NOT_FIT, 2.0, code) for code in "abcd")
    assert left_lines(replace(day, left_out=left)) == [
        "something of each of 4 areas that were not met for two weeks, together 8 min"
    ]
    assert len(left_lines(replace(day, left_out=left[:3]))) == 3


def test_enter_starts_the_questions_as_one_block_in_the_sessions_order(
    reader: Client, user: User, clock: Clock, names: list[str]
) -> None:
    html = page(reader)
    assert re.search(r'action="/today/questions">.*?<button class="main" data-enter>', html, re.DOTALL)
    answer = reader.post("/today/questions")
    made = Sitting.objects.get(user=user)
    assert answer.headers["Location"] == f"/sit/{made.pk}"
    session = DaySession.objects.get(user=user).session
    assert list(made.items.order_by("position").values_list("item", flat=True)) == [one["item"] for one in session["pieces"]]
    assert made.mode == "tutor"
    assert "A block is open" in words(reader)
    assert "data-enter>Start with" not in page(reader)


def test_what_is_done_is_ticked_and_the_rest_is_left(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    page(reader)
    pieces = DaySession.objects.get(user=user).session["pieces"]
    learn(user, [one["name"].removeprefix("takeaway:") for one in pieces[:2]], clock.now())
    clock.pass_s(600)
    text = words(reader)
    assert f"2 of {len(pieces)} done" in text
    assert "of today's session." in text
    assert page(reader).count('<li class="done">') == 2


def test_the_session_that_is_done_offers_another(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    page(reader)
    pieces = DaySession.objects.get(user=user).session["pieces"]
    learn(user, [one["name"].removeprefix("takeaway:") for one in pieces], clock.now())
    clock.pass_s(1800)
    text = words(reader)
    assert "Today's session is done." in text
    assert "You kept 1 of the last 7 days. 1 day in a row. 2 rest days are left this month." in text
    reader.post("/today/more")
    reader.post("/today/more")  # sent twice
    assert DaySession.objects.filter(user=user).count() == 2
    assert "Today's session takes about" in words(reader)


def test_a_flashcard_step_asks_for_its_cards_by_name(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    learn(user, names, clock.now())
    clock.at += 40 * DAY
    html = page(reader)
    assert 'href="/study?ask=takeaway%3A' in html
    assert reader.get(re.search(r'href="(/study\?ask=[^"]+)"', html).group(1).replace("&amp;", "&")).status_code == 200  # type: ignore[union-attr]


def test_other_minutes_make_the_session_again(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    page(reader)
    reader.post("/today/minutes", {"minutes": "8"})
    assert DaySession.objects.get(user=user).minutes == 8.0
    assert re.search(r"takes about [78] minutes", words(reader))
    assert reader.post("/today/minutes", {"minutes": "many"}).status_code == 400


def test_a_missed_day_makes_it_lighter_and_it_says_so(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    page(reader)
    pieces = DaySession.objects.get(user=user).session["pieces"]
    learn(user, [one["name"].removeprefix("takeaway:") for one in pieces], clock.now())
    clock.pass_s(1800)
    page(reader)
    clock.at += 2 * DAY
    assert "Lighter than usual after 1 day without a session: made for 15 of 20 minutes." in words(reader)


def test_a_catch_up_is_taken_or_put_away(reader: Client, user: User, clock: Clock, names: list[str]) -> None:
    learn(user, names[:2], clock.now())
    clock.at += 20 * DAY
    assert "minutes less were studied than the calendar has" in words(reader)
    reader.post("/today/catch-up", {"answer": "away"})
    assert "minutes less were studied" not in words(reader)
    clock.at += 20 * DAY
    assert "minutes less were studied" in words(reader)
    reader.post("/today/catch-up", {"answer": "take"})
    row = StudyCalendar.objects.get(user=user)
    assert row.extra_minutes == 5
    assert "minutes less were studied" not in words(reader)


def test_today_is_closed_while_a_proctored_sitting_is_under_way(
    reader: Client, user: User, client: Client, clock: Clock, names: list[str]
) -> None:
    person("pat-2")
    proctored_player(client, clock, minutes=10).open_block()
    text = words(reader)
    assert "The study queue is closed until your proctored sitting has ended." in text
    assert "Start with" not in text
    for address in ("questions", "timed", "more", "minutes"):
        assert reader.post(f"/today/{address}", {"minutes": "5"}).status_code == 409
    assert not DaySession.objects.exists()


def test_an_empty_bank_says_what_will_stand_there(reader: Client, own_content: Path, clock: Clock) -> None:
    for path in (own_content / "items").rglob("*.md"):
        path.unlink()
    assert "There is nothing to study yet. The bank has no items for The Exam: First step." in words(reader)


def test_nothing_breaks_for_who_skipped_the_questions(user: User, clock: Clock, names: list[str]) -> None:
    client = browser_of(user)
    client.post("/welcome", {"skip": "1"})
    text = words(client)
    assert "Today's session takes about" in text
    assert "No exam has a date yet." in text


def test_a_store_that_refuses_costs_the_page_nothing(reader: Client, clock: Clock, names: list[str]) -> None:
    with patch.object(sessions, "one_write", side_effect=StoreError("full")):
        assert "Today's session takes about" in words(reader)
    assert not DaySession.objects.exists()


def test_the_first_look_of_a_day_makes_the_plan_and_the_next_one_does_not(
    reader: Client, user: User, clock: Clock, names: list[str]
) -> None:
    page(reader)
    made_at = KeptPlan.objects.get(user=user).made_at
    clock.pass_s(3600)
    page(reader)
    assert KeptPlan.objects.get(user=user).made_at == made_at
    clock.at += DAY
    page(reader)
    assert KeptPlan.objects.filter(user=user).count() == 2


def test_what_was_answered_in_the_block_is_done_on_today(
    reader: Client, user: User, client: Client, clock: Clock, names: list[str]
) -> None:
    page(reader)
    pieces = DaySession.objects.get(user=user).session["pieces"]
    player = new_player(client, clock, mode="tutor", items=24)
    items = [item["id"] for item in player.open_block()]
    wanted = pieces[0]["item"]
    assert wanted in items
    clock.pass_s(20)
    player.do("answered", item=wanted, choice=["B"], ms=20_000)
    player.do("block_closed", block=1)
    page(reader)
    assert StudyReview.objects.filter(user=user, shown=wanted).exists()
    assert page(reader).count('<li class="done">') == 1
    assert item_of(pieces[0]["name"].removeprefix("takeaway:")) == wanted
