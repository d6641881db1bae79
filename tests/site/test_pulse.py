"""The pulse: what a player of a proctored sitting asks again and again, and by which a proctor sees that it is there."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bedside.site.accounts.roles import Role
from bedside.site.exam.models import Sitting
from tests.support.people import person, proctored_player, program_of
from tests.support.site import Clock, Player, get, new_player

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitter(client: Client, clock: Clock) -> Player:
    """A candidate with a proctored block of four items and a clock of 10 minutes, opened."""
    player = proctored_player(client, clock, minutes=10)
    player.open_block()
    return player


def test_the_pulse_says_how_the_sitting_stands_and_no_word_of_its_items(sitter: Player, clock: Clock) -> None:
    clock.pass_s(60)
    told = get(sitter.client, f"{sitter.path}/pulse")
    assert set(told) == {
        "state",
        "block",
        "remaining_ms",
        "break_ms",
        "server_time",
        "messages",
        "suspended_reason",
        "version",
    }
    assert (told["state"], told["block"], told["remaining_ms"]) == ("in_block", 1, 9 * 60_000)
    sitter.do("resumed")
    assert get(sitter.client, f"{sitter.path}/pulse")["version"] > told["version"]


def test_the_pulse_is_ones_own(sitter: Player) -> None:
    get(program_of(person("pat", Role.PROCTOR)), f"{sitter.path}/pulse", expect=404)


def test_the_pulse_is_noted_at_most_each_ten_seconds_and_in_proctored_sittings_only(
    sitter: Player, client: Client, clock: Clock
) -> None:
    def seen(player: Player) -> Any:
        return Sitting.objects.values_list("last_seen_at", flat=True).get(pk=player.sitting)

    get(client, f"{sitter.path}/pulse")
    first = seen(sitter)
    assert first == clock.at
    clock.pass_s(9)
    with CaptureQueriesContext(connection) as queries:
        get(client, f"{sitter.path}/pulse")
    assert not any(query["sql"].startswith("UPDATE") for query in queries)
    assert seen(sitter) == first
    clock.pass_s(1)
    get(client, f"{sitter.path}/pulse")
    assert seen(sitter) == clock.at
    other = program_of(person("eve", Role.CANDIDATE))
    practice = new_player(other, clock)
    get(other, f"{practice.path}/pulse")
    assert seen(practice) is None


def test_a_pulse_is_answered_although_the_store_takes_nothing(sitter: Player, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr("django.db.models.query.QuerySet.update", full)
    assert get(sitter.client, f"{sitter.path}/pulse")["state"] == "in_block"
