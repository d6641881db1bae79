"""The proctor's list: who sits where, how far, and what of it a proctor never sees."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bedside.site.exam.models import Sitting, SittingItem, Writer
from bedside.site.office.queries import SHOWS, seats
from tests.support.days import make_small_exam
from tests.support.people import proctored_player
from tests.support.proctor import do, seat_of
from tests.support.site import Clock, Player, get, new_player, post

pytestmark = pytest.mark.django_db

HOUR_S = 3600


def test_a_proctor_sees_who_sits_where(program: Client, sitter: Player, clock: Clock) -> None:
    clock.pass_s(60)
    items = get(sitter.client, f"{sitter.path}/blocks/1")["items"]
    sitter.do("answered", item=items[0]["id"], choice=["A"], ms=1000)
    found = seat_of(program)
    assert (found["user"], found["programme"], found["step"], found["form"]) == ("ada", "exam", "first", "block")
    assert (found["state"], found["block"], found["n_blocks"]) == ("in_block", 1, 1)
    assert (found["n_answered"], found["n_items"], found["remaining_ms"]) == (1, 4, 9 * 60_000)


def test_a_practice_block_is_nobodys_business(program: Client, browser: Client, client: Client, clock: Clock) -> None:
    practice = new_player(client, clock)
    practice.open_block()
    assert get(program, "/api/office/sittings")["sittings"] == []
    deeds: dict[str, dict[str, Any]] = {
        "grant": {"seconds": 60, "reason": "x"},
        "suspend": {"reason": "x"},
        "reopen": {"reason": "x"},
        "void": {"reason": "x"},
        "message": {"text": "x"},
        "accommodate": {"time_factor": "2", "reason": "x"},
    }
    for deed, body in deeds.items():
        assert do(program, practice, deed, expect=404, **body)["code"] == "not_found"
    assert browser.get(reverse("office:sitting", args=[practice.sitting])).status_code == 404
    assert browser.get(reverse("office:sitting_live", args=[practice.sitting])).status_code == 404
    assert not Writer.objects.filter(kind="proctor").exists()


def test_the_list_says_in_words_where_each_stands(browser: Client, sitter: Player, clock: Clock) -> None:
    page = browser.get("/office/proctor").content.decode()
    for words in ("Block 1 of 1", "0 of 4", "10:00", "just now", "Not seen for over a minute: 0"):
        assert words in page
    clock.pass_s(5 * 60)
    page = browser.get("/office/proctor/live").content.decode()
    for words in ("5:00", "not seen for 5 minutes", "Not seen for over a minute: 1"):
        assert words in page
    clock.pass_s(6 * 60)
    assert "Time is over" in browser.get("/office/proctor/live").content.decode()


def test_the_list_is_narrowed_by_what_stands_and_by_name(program: Client, sitter: Player, clock: Clock) -> None:
    def shown(show: str, name: str = "") -> int:
        return len(get(program, f"/api/office/sittings?show={show}&name={name}")["sittings"])

    assert {show: shown(show) for show in SHOWS} == {"now": 1, "unseen": 0, "stopped": 0, "ended": 0, "all": 1}
    assert (shown("all", "AD"), shown("all", "bob")) == (1, 0)
    clock.pass_s(90)
    assert shown("unseen") == 1
    do(program, sitter, "suspend", reason="fire alarm")
    assert shown("stopped") == 1
    do(program, sitter, "void", reason="left the room")
    assert {show: shown(show) for show in SHOWS} == {"now": 0, "unseen": 0, "stopped": 0, "ended": 1, "all": 1}
    clock.pass_s(40 * HOUR_S)
    assert shown("all") == 0  # long over
    assert get(program, "/api/office/sittings?show=nonsense", expect=400)["code"] == "invalid"


def test_the_list_says_which_item_of_the_block_is_on_the_screen(
    program: Client, browser: Client, sitter: Player, clock: Clock
) -> None:
    assert (seat_of(program)["position"], seat_of(program)["n_in_block"]) == (None, 4)  # the player has not said it yet
    items = get(sitter.client, f"{sitter.path}/blocks/1")["items"]
    sitter.note("item_shown", item=items[2]["id"])
    sitter.do("answered", item=items[2]["id"], choice=["A"], ms=1000)
    assert (seat_of(program)["position"], seat_of(program)["n_answered"]) == (3, 1)
    assert "3 of 4" in browser.get("/office/proctor/live").content.decode()
    sitter.do("item_shown", item=items[1]["id"])
    assert (seat_of(program)["position"], seat_of(program)["n_in_block"]) == (2, 4)
    assert "2 of 4" in browser.get(reverse("office:sitting_live", args=[sitter.sitting])).content.decode()
    do(program, sitter, "suspend", reason="fire alarm")
    assert seat_of(program)["position"] == 2
    clock.pass_s(1)
    sitter.do("item_shown", item=items[3]["id"])  # refused, as the clock is stopped
    assert seat_of(program)["position"] == 2
    do(program, sitter, "void", reason="left the room")
    assert (seat_of(program)["position"], seat_of(program)["n_in_block"]) == (None, None)


def test_an_item_of_a_block_that_has_ended_is_not_the_one_on_the_screen(program: Client, client: Client, clock: Clock) -> None:
    day = proctored_player(client, clock, minutes=10)
    items = day.open_block()
    day.do("item_shown", item=items[3]["id"])
    SittingItem.objects.filter(sitting=UUID(day.sitting), item=items[3]["id"]).update(block=2)
    assert seat_of(program)["position"] is None


def test_three_hundred_sittings_are_one_statement(client: Client, browser: Client, sitter: Player, clock: Clock) -> None:
    with CaptureQueriesContext(connection) as one:
        assert len(seats(at=clock.at)) == 1
    with CaptureQueriesContext(connection) as page_of_one:
        browser.get("/office/proctor/live")
    first = Sitting.objects.get(pk=sitter.sitting)
    for _ in range(299):
        first.pk = uuid4()
        first.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        assert len(seats(at=clock.at)) == 300
    with CaptureQueriesContext(connection) as page_of_many:
        page = browser.get("/office/proctor/live").content.decode()
    assert page.count("data-row=") == 300
    assert (len(one), len(many)) == (1, 1)
    assert len(page_of_many) == len(page_of_one) <= 5  # the session, its user, the roles, and the list
    assert "form" not in many[0]["sql"].split("FROM", 1)[0].replace('"user__', "")  # no form is read, which is most of a row


def test_no_key_and_no_answer_is_ever_sent_to_a_proctor(program: Client, browser: Client, sitter: Player, clock: Clock) -> None:
    items = get(sitter.client, f"{sitter.path}/blocks/1")["items"]
    sitter.note("answered", item=items[2]["id"], choice=["D"], ms=1000)
    sitter.note("noted", item=items[2]["id"], text="my own note")
    sitter.send()
    sent = [
        browser.get(address).content.decode()
        for address in (
            "/office/proctor",
            "/office/proctor/live",
            reverse("office:sitting", args=[sitter.sitting]),
            reverse("office:sitting_live", args=[sitter.sitting]),
        )
    ]
    assert "answered an item; item 3" in " ".join(sent[2].split())
    sent.append(program.get("/api/office/sittings").content.decode())
    for text in sent:
        assert items[2]["id"] not in text
        assert "my own note" not in text
        assert not re.search(r'"?(key|choice|is_correct|correct)"?\s*[:=]', text)


def test_the_break_bank_runs_down_in_the_list_as_it_does_for_the_candidate(
    program: Client, client: Client, clock: Clock, own_content: Path
) -> None:
    make_small_exam(own_content)  # blocks of 10 minutes, 20 minutes of breaks and 4 of a tutorial
    day = {"programme": "exam", "step": "first", "form": "full", "mode": "exam", "proctored": True}
    made = post(client, "/api/sittings", day, expect=201)
    player = Player(client, clock, made["id"], made["writer"], synced_at=clock.at)
    player.open_block()
    clock.pass_s(120)
    player.do("block_closed", block=1)
    banked_ms = seat_of(program)["break_ms"]
    assert banked_ms == player.state()["break_ms"] == (20 + 4 + 8) * 60_000  # the tutorial and what was left of the block
    player.do("break_started")
    clock.pass_s(5 * 60)
    found = seat_of(program)
    assert (found["state"], found["block"], found["n_blocks"]) == ("on_break", None, 4)
    assert found["break_ms"] == player.state()["break_ms"] == banked_ms - 5 * 60_000
    clock.pass_s(30 * 60)
    assert seat_of(program)["break_ms"] == player.state()["break_ms"] == -3 * 60_000
    do(program, player, "suspend", reason="fire alarm")
    clock.pass_s(HOUR_S)
    assert seat_of(program)["break_ms"] == player.state()["break_ms"] == -3 * 60_000
