"""The learner's answers as a table: only those whose keys were given out, and numbers as they were typed."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from bedside.site.accounts.models import User
from bedside.site.exam.export import csv_text, response_table
from tests.support.people import browser_of
from tests.support.sat import Day, delivered_item, made_sitting
from tests.support.site import KEY, Clock, Player, get, new_player

pytestmark = pytest.mark.django_db


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _own(user: User) -> list[dict[str, str]]:
    answer = browser_of(user).get("/me/responses.csv")
    assert answer.status_code == 200
    return _rows(answer.content.decode())


def test_an_ended_block_gives_no_key_before_its_report_was_opened(user: User, client: Client, clock: Clock) -> None:
    player = new_player(client, clock)
    item = player.open_block()[0]["id"]
    player.do("answered", item=item, choice=["A"], ms=5)
    player.do("finished")
    assert _own(user) == []

    get(client, f"{player.path}/report")

    assert [(row["item"], row["choice"], row["key"], row["correct"]) for row in _own(user)] == [(item, "A", KEY, "0")]


def test_an_answer_in_tutor_mode_is_there_at_once_since_its_key_was_shown(user: User, client: Client, clock: Clock) -> None:
    player = new_player(client, clock, mode="tutor")
    item = player.open_block()[0]["id"]
    player.do("answered", item=item, choice=[KEY], ms=5)

    assert [(row["item"], row["key"], row["correct"]) for row in _own(user)] == [(item, KEY, "1")]


@pytest.mark.parametrize(("typed", "is_right"), [("7.36", "1"), ("-7.36", "0")])
def test_a_number_is_written_as_it_was_typed_beside_its_key(
    user: User, client: Client, clock: Clock, typed: str, is_right: str
) -> None:
    day = Day(blocks=1, items=2, numeric=2)
    sitting, writer = made_sitting(user, day, clock)
    player = Player(client, clock, sitting, writer, synced_at=clock.at)
    player.open_block()
    player.note("answered", item=delivered_item(1, day).id, choice=[KEY], ms=5)
    player.note("answered", item=delivered_item(2, day).id, value=typed, ms=5)
    player.send()
    player.do("finished")
    get(client, f"{player.path}/report")

    letters, number = _own(user)

    assert (letters["choice"], letters["value"], letters["key"]) == (KEY, "", KEY)
    # the apostrophe keeps a spreadsheet from taking the key for a formula
    assert (number["choice"], number["value"], number["key"], number["correct"]) == ("", typed, "'=7.35±0.02", is_right)
    assert [row["key"] for row in response_table().rows] == [KEY, "=7.35±0.02"]
    assert _rows(csv_text(response_table())) == [letters, number]
