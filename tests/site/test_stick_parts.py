"""A part of a set that was left on one server, and an answer to it that reaches another one afterwards."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest
from django.db import connection

from bedside.delivery import Reason
from bedside.errors import ConflictError
from tests.support.places import Place, players_file
from tests.support.site import KEY, Player, write_plain_item

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="each server of a test is a file of SQLite"),
]

PARTS = ("renal-0091", "renal-0092")


@pytest.fixture
def begun(own_content: Path, here: Place) -> Player:
    """A sitting on the first server, with a sequential set of two parts."""
    for part, name in enumerate(PARTS, start=1):
        place = f"{{id: renal-set-0001, kind: sequential, part: {part}}}"
        write_plain_item(own_content, name, head={"set": place})
    player = here.begin(items=20, filter={"axes": {"system": ["renal"]}})
    assert PARTS[0] in here.items
    here.clock.pass_s(10)
    return player


def move_on(place: Place, sitting: str) -> None:
    """The seat is taken over there, and the first part left: the next one is given out."""
    place.take_over(sitting)
    place.clock.pass_s(10)
    with place.server.at_work():
        told = place.player.do("moved_on", item=PARTS[0])
    assert [one["part"]["id"] for one in told["revealed"]] == [PARTS[1]]
    place.clock.pass_s(10)


def answer_late(place: Place, player: Player) -> None:
    """An answer under a time of before the seat was taken over."""
    with place.server.at_work():
        event = {"seq": 3, "type": "answered", "elapsed_ms": 1000, "item": PARTS[0], "choice": [KEY], "ms": 1}
        assert player.post([event])["refused"] == []


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_an_answer_that_arrived_after_the_next_part_was_given_out_elsewhere_does_not_count_in_any_order(
    here: Place, there: Place, begun: Player, order: tuple[int, int]
) -> None:
    there.merge(here.export(begun.sitting))
    move_on(there, begun.sitting)
    answer_late(here, begun)
    places = (here, there)
    sticks = [place.export(begun.sitting) for place in places]

    places[order[0]].merge(sticks[order[1]])
    places[order[1]].merge(places[order[0]].export(begun.sitting))

    found = here.result(begun.sitting)
    assert found == there.result(begun.sitting)
    assert [one.reason for one in found["fold"].refusals] == [Reason.ANSWER_LOCKED]
    assert not found["fold"].answers
    assert here.merge(sticks[1]).n_new == there.merge(sticks[0]).n_new == 0


def test_an_answer_that_had_arrived_by_then_counts(here: Place, there: Place, begun: Player) -> None:
    there.merge(here.export(begun.sitting))
    answer_late(here, begun)
    move_on(there, begun.sitting)

    here.merge(there.export(begun.sitting))
    there.merge(here.export(begun.sitting))

    assert here.result(begun.sitting) == there.result(begun.sitting)
    assert here.result(begun.sitting)["fold"].answers[PARTS[0]].choice == (KEY,)


def test_a_players_file_that_reached_two_servers_on_both_sides_of_a_move_is_refused_by_name(
    here: Place, there: Place, begun: Player
) -> None:
    there.merge(here.export(begun.sitting))
    begun.note("answered", item=PARTS[0], choice=[KEY], ms=1000)
    packed = players_file(begun, here.clock)
    here.merge(packed)
    move_on(there, begun.sitting)
    here.clock.pass_s(5)
    # there it comes too late, and is noted as such
    there.merge(packed)

    here.refuses(there.export(begun.sitting), ConflictError, "differs from the one that is here in after_disclosure")
    there.refuses(here.export(begun.sitting), ConflictError, "differs from the one that is here in after_disclosure")


def test_a_players_file_that_came_by_a_stick_after_all_of_it_had_come_by_the_network_is_the_same_log(
    here: Place, there: Place, begun: Player
) -> None:
    there.merge(here.export(begun.sitting))
    begun.note("answered", item=PARTS[0], choice=[KEY], ms=1000)
    packed = players_file(begun, here.clock)
    with here.server.at_work():
        begun.note("moved_on", item=PARTS[0])
        assert begun.send()["refused"] == []
    here.clock.pass_s(60)
    there.merge(packed)

    there.merge(here.export(begun.sitting))
    here.merge(there.export(begun.sitting))

    assert here.result(begun.sitting)["fold"] == there.result(begun.sitting)["fold"]
    assert here.result(begun.sitting)["fold"].answers[PARTS[0]].choice == (KEY,)
