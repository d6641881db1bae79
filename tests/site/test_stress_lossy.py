"""A network that drops a third of the requests, takes seconds, and loses answers after the server has committed.

Whatever it does, the sitting is the one that a perfect network would have made: nothing is lost, nothing is there twice, and
no delay is counted against the candidate.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bedside.delivery import fold
from bedside.site.accounts.models import User
from bedside.site.exam.log import events_of
from bedside.site.exam.models import Response
from bedside.site.exam.models import Sitting as SittingRow
from tests.support.examples import examples
from tests.support.lossy import ANSWER_LOST, LATE, LONGEST_ANSWER_S, LOST, SLOW, Fate, LossyPlayer, Step, play
from tests.support.short_day import BLOCK_S, short_day
from tests.support.site import Clock, get, post
from tests.support.sittings import T0
from tests.support.soundness import assert_sound

pytestmark = pytest.mark.django_db

N_ITEMS = 8
NO_SUCH_ITEM = "no-such-item"
WISH = {"programme": "exam", "step": "first", "mode": "timed", "items": N_ITEMS}
# one at each change, the others with the slow tests
SEEDS = [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(1, 6))]
BEGIN = [Step(0, "started"), Step(1, "block_opened", {"block": 1})]


def make(client: Client, clock: Clock, *, minutes: int) -> dict[str, Any]:
    """A sitting made at `T0`."""
    clock.at = T0
    return post(client, "/api/sittings", {**WISH, "minutes": minutes}, expect=201)


def items_of(made: dict[str, Any]) -> list[str]:
    return list(SittingRow.objects.get(pk=made["id"]).items.order_by("position").values_list("item", flat=True))


def named(steps: list[Step], made: dict[str, Any]) -> list[Step]:
    """The steps with the items of this sitting in the place of their numbers."""
    names = [*items_of(made), NO_SUCH_ITEM]
    return [
        Step(step.after_s, step.type, {**step.fields, "item": names[step.fields["item"]]}) if "item" in step.fields else step
        for step in steps
    ]


def what_came_of_it(made: dict[str, Any], players: list[LossyPlayer]) -> dict[str, Any]:
    """All that must not depend on the network: without instants, ids and the names of items, which are drawn by chance."""
    row = SittingRow.objects.get(pk=made["id"])
    state = fold(row.delivery_form(), events_of(row))
    number = {name: n for n, name in enumerate(items_of(made))}
    reasons = {(str(one.writer), one.seq): one.reason.value for one in state.refusals}
    return {
        "state": (state.state, state.open_block),
        "work": {
            number[name]: (
                work.answer and (work.answer.choice, work.answer.ms, work.answer.confidence, work.answer.history),
                work.is_flagged,
                work.struck,
                work.highlights,
                work.note,
            )
            for name, work in state.work.items()
        },
        "responses": {
            number[one.item]: (one.choice, one.correct, one.ms, one.changes, one.confidence)
            for one in Response.objects.filter(sitting=row)
        },
        "outcomes": [reasons.get((deed.writer, deed.seq), "") for player in players for deed in player.deeds],
    }


def check(made: dict[str, Any], players: list[LossyPlayer]) -> None:
    """Nothing lost, nothing double, nothing changed, and every projection is the fold of the log."""
    row = SittingRow.objects.get(pk=made["id"])
    kept = {(str(event.writer_id), event.seq): event for event in row.events.filter(writer__kind="player").order_by("arrival")}
    deeds = {(deed.writer, deed.seq): deed for player in players for deed in player.deeds}
    assert kept.keys() == deeds.keys()
    for identity, deed in deeds.items():
        event = kept[identity]
        assert event.type == deed.type
        assert {name: value for name, value in event.body.items() if value is not None} == deed.fields
        # the server's word is behind the candidate's deed by the way of one answer at most, and never ahead of it
        assert deed.at - timedelta(seconds=LONGEST_ANSWER_S) <= event.effective_at < deed.at + timedelta(milliseconds=1)
    for player in players:
        assert player.refused == {
            seq: event.reason for (writer, seq), event in kept.items() if writer == player.writer and event.reason
        }
    assert_sound(made["id"], heads=[head for player in players for head in player.heads][::10])


def a_script(rng: random.Random, n_steps: int) -> list[Step]:
    """What a candidate does who answers, changes answers, marks and writes, and twice opens another tab."""
    steps = list(BEGIN)
    take_overs = set(rng.sample(range(10, n_steps), 2))
    for n in range(n_steps):
        item = rng.randrange(N_ITEMS)
        answered = Step(rng.expovariate(1 / 6), "answered", {"item": item, "choice": [rng.choice("ABCD")], "ms": n})
        other = rng.choice(
            [
                Step(1, "flagged", {"item": item, "on": rng.random() < 0.5}),
                Step(1, "cleared", {"item": item}),
                Step(2, "struck", {"item": item, "option": rng.choice("ABCD"), "on": True}),
                Step(3, "noted", {"item": item, "text": f"look again {n}"}),
                Step(1, "answered", {"item": N_ITEMS, "choice": ["A"], "ms": 1}),
            ]
        )
        steps.append(Step(2, "take_over") if n in take_overs else answered if rng.random() < 0.7 else other)
    return steps


def a_bad_network(rng: random.Random) -> Iterator[Fate]:
    """30% of the requests are lost, the others take 2 s there and back, and 20% of those are kept without an answer."""
    while True:
        if rng.random() < 0.3:
            yield LOST
        elif rng.random() < 0.2:
            yield ANSWER_LOST
        elif rng.random() < 0.1:
            yield LATE
        else:
            yield SLOW


@pytest.mark.parametrize("seed", SEEDS[:6])
def test_a_sitting_over_a_bad_network_is_the_one_that_a_perfect_network_makes(client: Client, clock: Clock, seed: int) -> None:
    rng = random.Random(seed)
    steps = a_script(rng, 90)
    made = make(client, clock, minutes=60)
    perfect = play(client, clock, made, named(steps, made))
    check(made, perfect)
    expected = what_came_of_it(made, perfect)

    made = make(client, clock, minutes=60)
    fates = a_bad_network(rng)
    players = play(client, clock, made, named(steps, made), fates=(next(fates) for _ in range(150)), batch=rng.choice([3, 100]))
    check(made, players)
    assert what_came_of_it(made, players) == expected
    met = players[0].world.fates_met
    assert met.count(LOST) > len(met) / 5
    assert met.count(ANSWER_LOST) > 0


def a_day_s_work(rng: random.Random, blocks: list[list[str]]) -> list[Step]:
    """A day whose blocks are ended by hand or by the clock, with breaks between them and a new tab in each."""
    steps = [Step(0, "started")]
    for number, items in enumerate(blocks, start=1):
        steps.append(Step(rng.choice([30, 300]), "block_opened", {"block": number}))
        for n in range(10):
            answer = {"item": rng.choice(items), "choice": [rng.choice("ABCD")], "ms": n * 1000}
            steps.append(Step(rng.uniform(20, 60), "answered", answer))
        steps.insert(-5, Step(5, "take_over"))
        is_by_hand = rng.random() < 0.5
        steps += [Step(5, "block_closed", {"block": number})] if is_by_hand else [Step(BLOCK_S, "resumed")]
    return steps


@pytest.mark.parametrize("seed", SEEDS[:3])
def test_a_whole_day_over_a_bad_network_is_the_one_that_a_perfect_network_makes(
    client: Client, clock: Clock, user: User, seed: int
) -> None:
    rng = random.Random(seed)

    def a_day(fates: list[Fate]) -> dict[str, Any]:
        clock.at = T0
        issued, _ = short_day(user, clock)
        made = {"id": str(issued.sitting.pk), "writer": str(issued.writer)}
        players = play(client, clock, made, steps, fates=fates)
        check(made, players)
        row = SittingRow.objects.get(pk=made["id"])
        runs = fold(row.delivery_form(), events_of(row)).blocks
        assert sum(run.used_ms for run in runs) <= sum(BLOCK_S * 1000 for _ in runs)
        return {**what_came_of_it(made, players), "blocks": [(run.block, run.closed_by) for run in runs]}

    clock.at = T0
    steps = a_day_s_work(rng, short_day(user, clock)[1])
    expected = a_day([])
    assert [block for block, _ in expected["blocks"]] == [1, 2, 3]
    assert set(expected["outcomes"]) <= {"", "Finished"}  # where the clock ended the last block, nothing follows it
    fates = a_bad_network(rng)
    assert a_day([next(fates) for _ in range(200)]) == expected


# shrinking plays hundreds of sittings; what fails is short enough to read as it is
ANY_NETWORK = settings(
    max_examples=examples(25),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
ITEM = st.integers(0, N_ITEMS)  # the last is not there
STEPS = st.lists(
    st.builds(
        lambda after_s, deed: Step(after_s, *deed),
        st.sampled_from([0.0, 0.4, 3.0, 17.0, 70.0]),
        st.one_of(
            st.tuples(
                st.just("answered"),
                st.fixed_dictionaries(
                    {"item": ITEM, "choice": st.sampled_from("ABCDE").map(lambda letter: [letter]), "ms": st.integers(0, 900)}
                ),
            ),
            st.tuples(st.just("cleared"), st.fixed_dictionaries({"item": ITEM})),
            st.tuples(st.just("flagged"), st.fixed_dictionaries({"item": ITEM, "on": st.booleans()})),
            st.tuples(st.just("take_over"), st.just({})),
        ),
    ),
    max_size=20,
)
FATES = st.lists(
    st.one_of(
        st.sampled_from([SLOW, LOST, ANSWER_LOST, LATE]),
        st.builds(Fate, st.sampled_from([0.1, 2.0, 14.0, 33.0]), st.sampled_from([None, 0.1, 2.0, 14.0])),
    ),
    max_size=30,
)


@ANY_NETWORK
@given(steps=STEPS, fates=FATES, batch=st.sampled_from([1, 2, 100]))
def test_no_order_of_losses_delays_and_take_overs_makes_a_difference(
    client: Client, clock: Clock, steps: list[Step], fates: list[Fate], batch: int
) -> None:
    steps = [*BEGIN, Step(1, "item_shown", {"item": 0}), *steps]  # no item has taken longer than its block has been open
    made = make(client, clock, minutes=600)
    expected = what_came_of_it(made, play(client, clock, made, named(steps, made)))
    made = make(client, clock, minutes=600)
    players = play(client, clock, made, named(steps, made), fates=fates, batch=batch)
    check(made, players)
    assert what_came_of_it(made, players) == expected


@ANY_NETWORK
@given(
    gaps_s=st.lists(st.sampled_from([1.0, 8.0, 20.0, 30.5, 45.0]), min_size=2, max_size=12),
    fates=FATES,
    tail_s=st.floats(0, 40),
)
def test_what_is_done_while_the_player_shows_time_left_counts_whenever_it_arrives(
    client: Client, clock: Clock, gaps_s: list[float], fates: list[Fate], tail_s: float
) -> None:
    limit_s = 120
    answers = [Step(gap, "answered", {"item": n % N_ITEMS, "choice": ["A"], "ms": n}) for n, gap in enumerate(gaps_s)]
    # and again and again around the deadline
    answers += [Step(tail_s / 4, "answered", {"item": n, "choice": ["C"], "ms": n}) for n in range(4)]
    made = make(client, clock, minutes=limit_s // 60)
    players = play(client, clock, made, named([*BEGIN, *answers], made), fates=fates)
    check(made, players)
    deeds = players[0].deeds
    opened = next(deed for deed in deeds if deed.type == "block_opened")
    for deed in deeds:
        if deed.type != "answered":
            continue
        reason = players[0].refused.get(deed.seq)
        if deed.shown_ms is not None and deed.shown_ms > 0:
            assert reason is None, deed
        if deed.at_s >= opened.at_s + limit_s + LONGEST_ANSWER_S:
            assert reason == "TimeExpired", deed  # and no delay lengthens a block by more than one answer takes


def test_of_calls_for_a_player_that_are_lost_or_late_one_player_comes(client: Client, clock: Clock) -> None:
    made = make(client, clock, minutes=60)
    answers = [Step(20, "answered", {"item": number, "choice": ["A"], "ms": 5}) for number in range(6)]
    steps = named([*BEGIN, answers[0], Step(1, "take_over"), *answers[1:]], made)
    # the batch of the first tab arrives late, and so does its first call for another player, when that has long been at work;
    # the second call is answered, and the answer is lost
    players = play(client, clock, made, steps, fates=[SLOW, SLOW, LATE, LATE, ANSWER_LOST])
    check(made, players)
    state = get(client, f"/api/sittings/{made['id']}")
    assert state["writer"] == players[1].writer
    assert SittingRow.objects.get(pk=made["id"]).writers.filter(kind="player").count() == 3
    assert sorted(state["answers"]) == sorted(items_of(made)[:6])
    assert players[1].refused == {}
