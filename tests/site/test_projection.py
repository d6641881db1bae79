"""What is made of events can be made again: whatever was sent, in whatever order it arrived, however often."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.forms.models import model_to_dict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedside.delivery import fold
from bedside.site.exam.actions import rebuild
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.log import events_of, folded
from bedside.site.exam.models import Response
from bedside.site.exam.models import Sitting as SittingRow
from tests.support.examples import examples
from tests.support.site import Clock, Player, new_player, post
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("answered"), st.integers(0, 4), st.sampled_from("ABCDE")),
        st.tuples(st.just("cleared"), st.integers(0, 4), st.just("")),
        st.tuples(st.just("flagged"), st.integers(0, 4), st.sampled_from(["on", ""])),
        st.tuples(st.just("wait"), st.integers(1, 200), st.just("")),
        st.tuples(st.just("send"), st.integers(0, 2), st.just("")),  # 0: all, 1: the first half, 2: the answer is lost
        st.tuples(st.just("look"), st.just(0), st.just("")),  # the server writes down that the time is over
        st.tuples(st.just("take_over"), st.just(0), st.just("")),
        st.tuples(st.just("block_closed"), st.just(0), st.just("")),
    ),
    max_size=40,
)


@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, mode=st.sampled_from(["timed", "tutor"]))
def test_projections_made_again_from_the_events_equal_the_stored_ones(
    client: Client, clock: Clock, steps: list[tuple[str, int, str]], mode: str
) -> None:
    clock.at = T0
    player = new_player(client, clock, mode=mode)
    items = [item["id"] for item in player.open_block()] + ["no-such-item"]
    for kind, number, word in steps:
        player = _do(player, items, kind, number, word)
    player.post(player.queue, expect=200)

    row = SittingRow.objects.get(pk=player.sitting)
    form = row.delivery_form()
    assert folded(row, form) == fold(form, events_of(row))
    before = _projections(player.sitting)
    rebuild(row.pk)
    assert _projections(player.sitting) == before
    assert verify_sitting(row).problems == ()
    kept = list(row.events.filter(writer_id=player.writer).order_by("seq").values_list("seq", flat=True))
    assert kept == list(range(1, player.seq + 1))


def _do(player: Player, items: list[str], kind: str, number: int, word: str) -> Player:
    match kind:
        case "answered":
            player.note("answered", item=items[number], choice=[word], ms=number * 1000)
        case "cleared":
            player.note("cleared", item=items[number])
        case "flagged":
            player.note("flagged", item=items[number], on=bool(word))
        case "block_closed":
            player.note("block_closed", block=1)
        case "wait":
            player.clock.pass_s(number)
        case "send":
            _send(player, number)
        case "look":
            player.client.get(f"{player.path}/report")
        case "take_over":
            made = post(player.client, f"{player.path}/writers", {}, expect=201)
            player.post(player.queue, expect=409)  # the older one still sends what it has
            return Player(player.client, player.clock, player.sitting, made["writer"], synced_at=player.clock.at)
        case _:
            raise AssertionError(kind)
    return player


def _send(player: Player, how: int) -> None:
    events = player.queue[: len(player.queue) // 2] if how == 1 else player.queue
    told = player.post(events)
    # with half of it sent, the rest would count from the wrong moment; a player says so, this one waits with it
    if how == 0:
        player.take(told)


def _projections(sitting: str) -> dict[str, Any]:
    row = SittingRow.objects.get(pk=sitting)
    return {
        "sitting": model_to_dict(row),
        "responses": [
            {**model_to_dict(one), "answered_at": one.answered_at}
            for one in Response.objects.filter(sitting=row).order_by("position")
        ],
        "flags": list(row.items.order_by("position").values_list("item", "is_flagged")),
        "outcomes": list(row.events.order_by("arrival").values_list("arrival", "outcome", "reason")),
    }


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 5))])
def test_a_network_that_loses_requests_and_answers_loses_and_doubles_nothing(client: Client, clock: Clock, seed: int) -> None:
    rng = random.Random(seed)
    player = new_player(client, clock, minutes=60, items=8)
    items = player.open_block()
    n_lost = 0
    for _ in range(120):
        player.note("answered", item=rng.choice(items)["id"], choice=[rng.choice("ABCD")], ms=rng.randrange(1000))
        clock.pass_s(2)
        fate = rng.random()
        if fate < 0.3:
            n_lost += 1  # the request never arrives
            continue
        told = player.post(player.queue)
        if fate < 0.6:
            n_lost += 1  # it was kept, and the answer never arrives
            continue
        player.take(told)
    while player.queue:
        player.send()
    assert n_lost > 40
    row = SittingRow.objects.get(pk=player.sitting)
    kept = row.events.filter(writer_id=player.writer).order_by("seq")
    assert [event.seq for event in kept] == list(range(1, player.seq + 1))
    assert [event.outcome for event in kept] == ["accepted"] * player.seq
    assert verify_sitting(row).problems == ()


def test_a_response_that_somebody_altered_is_found_by_verification(player: Player) -> None:
    [first, *_] = player.open_block()
    player.do("answered", item=first["id"], choice=["A"], ms=5)
    row = SittingRow.objects.get(pk=player.sitting)
    assert verify_sitting(row).problems == ()
    Response.objects.filter(sitting=row).update(choice="B", correct=True)
    assert verify_sitting(row).problems == (f"the response to item {first['id']} is not what the log says",)
