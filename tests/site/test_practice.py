"""Which items a practice block gets."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bedside.site.accounts.models import Profile, User
from bedside.site.accounts.queries import profile_of
from bedside.site.content import current_content
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.practice.actions import DEFAULT_ITEM_S, pace_s
from bedside.site.practice.pool import choose, history_of, outline
from tests.support.site import KEY, Clock, Player, get, new_player, post, write_plain_item

pytestmark = pytest.mark.django_db


def _ids(player: Player) -> list[str]:
    return [item["id"] for item in player.open_block()]


def _areas(ids: list[str]) -> set[str]:
    return {item.rpartition("-")[0] for item in ids}


def test_a_filter_takes_one_of_the_codes_in_each_axis(client: Client, clock: Clock) -> None:
    wish = {"system": ["renal", "cardiovascular"], "axes": {"competency": ["diagnosis"]}}
    assert _areas(_ids(new_player(client, clock, items=12, filter=wish))) == {"renal"}
    assert _areas(_ids(new_player(client, clock, items=12, filter={"competency": ["management"]}))) == {"cardiovascular"}


def test_there_may_be_fewer_than_were_asked_for_and_the_outline_says_so(client: Client, clock: Clock) -> None:
    outline = new_player(client, clock, items=20, filter={"system": ["blood"]}).state()["outline"]
    assert (outline["asked"], outline["given"]) == (20, 4)
    # the clock fits what was given: 4 items at the pace of 20 in 30 minutes
    [block] = outline["blocks"]
    assert (block["items"], block["minutes"]) == (4, 6)


def test_nothing_that_fits_is_a_conflict(client: Client, clock: Clock) -> None:
    body = {"programme": "exam", "step": "first", "mode": "timed", "filter": {"state": "missed"}}
    assert post(client, "/api/sittings", body, expect=409)["code"] == "no_items"


def test_unused_items_come_first_until_there_are_none(client: Client, clock: Clock) -> None:
    blocks = [_ids(new_player(client, clock, items=4)) for _ in range(3)]
    assert len({item for block in blocks for item in block}) == 12
    body = {"programme": "exam", "step": "first", "mode": "timed", "filter": {"state": "unused"}}
    assert post(client, "/api/sittings", body, expect=409)["code"] == "no_items"
    assert len(_ids(new_player(client, clock, items=4))) == 4


def test_a_sitting_that_was_never_begun_uses_nothing_up(client: Client, clock: Clock) -> None:
    new_player(client, clock, items=12)
    assert len(_ids(new_player(client, clock, items=12, filter={"state": "unused"}))) == 12


def test_missed_items_are_known_only_when_the_report_was_given_out(client: Client, clock: Clock, user: User) -> None:
    player = new_player(client, clock, items=4)
    ids = _ids(player)
    player.note("answered", item=ids[0], choice=["A"], ms=5)
    player.note("answered", item=ids[1], choice=[KEY], ms=5)
    player.note("flagged", item=ids[2], on=True)
    player.send()
    assert history_of(user).missed == frozenset()
    player.do("finished")
    assert history_of(user).missed == frozenset()
    get(client, f"{player.path}/report")
    assert history_of(user).missed == {ids[0]}
    assert _ids(new_player(client, clock, items=4, filter={"state": "missed"})) == [ids[0]]
    assert _ids(new_player(client, clock, items=4, filter={"state": "flagged"})) == [ids[2]]


def test_an_item_is_missed_no_more_once_it_is_answered_right(client: Client, clock: Clock, user: User) -> None:
    for choice in ("A", KEY):
        clock.pass_s(60)
        player = new_player(client, clock, items=1, mode="tutor", filter={"system": ["renal"], "state": "any"})
        item = _ids(player)[0]
        player.do("answered", item=item, choice=["A"], ms=5)
        clock.pass_s(60)
        again = new_player(client, clock, items=1, mode="tutor", filter={"state": "missed"})
        assert _ids(again) == [item]
        again.do("answered", item=item, choice=[KEY], ms=5)
        assert history_of(user).missed == frozenset(), choice


def test_the_outline_counts_what_there_is(user: User) -> None:
    found = outline(current_content(), programme="exam", step="first", collection=None, history=history_of(user))
    assert (found.n, found.by_state) == (12, {"any": 12, "unused": 12, "missed": 0, "flagged": 0})
    assert found.by_axis["system"] == {"renal": 4, "cardiovascular": 4, "blood": 4}
    assert found.by_collection == {"bedside": 12}


def test_the_last_wish_is_remembered(client: Client, clock: Clock, user: User) -> None:
    new_player(client, clock, items=3, mode="tutor", filter={"system": ["renal"]})
    remembered = profile_of(user).last_practice
    assert (remembered["mode"], remembered["items"], remembered["filter"]["axes"]) == ("tutor", 3, {"system": ["renal"]})
    assert Profile.objects.get().welcomed_at is None


def test_a_step_without_a_published_clock_has_a_pace_all_the_same() -> None:
    assert pace_s(None) == DEFAULT_ITEM_S


def test_modes_of_the_exam_itself_are_not_for_practice(client: Client, clock: Clock) -> None:
    body = {"programme": "exam", "step": "first", "mode": "exam"}
    assert post(client, "/api/sittings", body, expect=400)["code"] == "usage"
    assert get(client, "/api/sittings/no-uuid", expect=400)["code"] == "invalid"


IDS = st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=30)


@given(ids=IDS, n=st.integers(1, 40), seed=st.integers(0, 2**62), used=st.integers(0, 30))
def test_the_choice_is_a_function_of_the_seed_and_takes_the_used_last(ids: list[str], n: int, seed: int, used: int) -> None:
    last = frozenset(ids[:used])
    chosen = choose(ids, n, seed=seed, last=last)
    assert chosen == choose(reversed(ids), n, seed=seed, last=last)
    assert len(chosen) == len(set(chosen)) == min(n, len(ids))
    assert set(chosen) <= set(ids)
    if set(chosen) & last:
        assert set(ids) - last <= set(chosen)


@given(sizes=st.lists(st.integers(1, 4), min_size=1, max_size=10), n=st.integers(1, 12), seed=st.integers(0, 2**62))
def test_items_of_a_set_come_together_and_in_order_or_not_at_all(sizes: list[int], n: int, seed: int) -> None:
    groups = [tuple(f"{number}-{part}" for part in range(size)) for number, size in enumerate(sizes)]
    sets = {item: group for group in groups for item in group if len(group) > 1}

    chosen = choose([item for group in groups for item in group], n, seed=seed, sets=sets)

    for group in groups:
        if group[0] in chosen:
            start = chosen.index(group[0])
            assert tuple(chosen[start : start + len(group)]) == group
        else:
            assert not set(group) & set(chosen)
    assert len(chosen) <= n or len(chosen) == min(sizes) or len({item.partition("-")[0] for item in chosen}) == 1


def test_a_practice_block_takes_a_set_whole_though_the_filter_fits_a_part_alone(
    client: Client, clock: Clock, own_content: Path
) -> None:
    for part, system in ((1, "renal"), (2, "blood")):
        place = f"{{id: renal-set-0001, kind: sequential, part: {part}}}"
        write_plain_item(own_content, f"renal-{90 + part:04d}", system=system, head={"set": place})
    wish = {"axes": {"system": ["renal"]}}

    player = new_player(client, clock, items=20, filter=wish)

    [block] = SittingRow.objects.get(pk=player.sitting).delivery_form().blocks
    items = [item.id for item in block.items]
    start = items.index("renal-0091")
    assert items[start : start + 2] == ["renal-0091", "renal-0092"]
    assert [(one.id, one.kind.value) for one in block.sets] == [("renal-set-0001", "sequential")]


def test_a_practice_block_is_marked_as_the_exam_marks(client: Client, clock: Clock) -> None:
    row = SittingRow.objects.get(pk=new_player(client, clock).sitting)

    assert row.marking == {"one_best_answer": {"correct": "1", "wrong": "0", "blank": "0", "partial": None}}
