"""A sitting on a stick: written on one server, merged on another, in any order, with the same result."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from bedside.cli import BAD_INPUT, run
from bedside.errors import BedsideError, ConflictError, NotFoundError, UsageError
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.exam.bundles import make_bundle
from bedside.site.exam.models import LedgerRow, Response, ScoreVersion, SittingEvent, Writer
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.scores import FIRST, MORE_ARRIVED
from bedside.site.keys import public_key_hex
from tests.support.places import Place, changed, players_file
from tests.support.servers import Servers
from tests.support.site import KEY, Clock, Player
from tests.support.sittings import T0

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="each server of a test is a file of SQLite"),
]


def test_a_sitting_is_gone_on_with_on_another_server(here: Place, there: Place, begun: Player) -> None:
    merged = there.merge(here.export(begun.sitting))
    assert (merged.is_new, merged.user, merged.state, merged.n_known) == (True, "ada", "in_block", 0)

    there.clock.pass_s(30)
    there.take_over(begun.sitting)
    told = there.answer(here.items[1], "A")
    assert (told["acknowledged"], told["refused"]) == (1, [])
    there.clock.pass_s(10)
    with there.server.at_work():
        there.player.do("finished")

    back = here.merge(there.export(begun.sitting))
    assert (back.is_new, back.state) == (False, "finished")
    assert here.result(begun.sitting)["fold"] == there.result(begun.sitting)["fold"]
    assert [row[:3] for row in here.result(begun.sitting)["responses"]] == sorted(
        [(here.items[0], KEY, True), (here.items[1], "A", False)]
    )


def test_all_that_was_merged_is_in_the_servers_own_ledger_and_in_the_audit(here: Place, there: Place, begun: Player) -> None:
    packed = here.export(begun.sitting)
    there.merge(packed)
    with there.server.at_work():
        assert LedgerRow.objects.count() == SittingEvent.objects.count() == 5
        entry = AuditEntry.objects.get(verb="sitting_merged")
        assert (entry.subject, entry.detail["file"]) == (begun.sitting, hashlib.sha256(packed).hexdigest())
        by_type = {"answered": 1, "block_opened": 1, "form_fixed": 1, "started": 1, "writer_issued": 1}
        assert (entry.detail["n_new"], entry.detail["events"]) == (5, by_type)
        assert set(Writer.objects.filter(is_foreign=True).values_list("kind", flat=True)) == {"player", "server"}


def test_merging_again_changes_nothing(here: Place, there: Place, begun: Player) -> None:
    packed = here.export(begun.sitting)
    there.merge(packed)
    before = there.result(begun.sitting)

    again = there.merge(packed)

    assert (again.is_new, again.n_new, again.n_known) == (False, 0, 5)
    assert there.result(begun.sitting) == before
    assert here.merge(packed).n_new == 0


def test_the_candidate_can_come_back_to_the_first_server(here: Place, there: Place, begun: Player) -> None:
    there.merge(here.export(begun.sitting))
    there.clock.pass_s(5)
    there.take_over(begun.sitting)
    there.answer(here.items[1], KEY)
    here.merge(there.export(begun.sitting))
    here.clock.pass_s(5)

    told = here.player  # the first player, superseded by the second server's
    told.note("answered", item=here.items[2], choice=[KEY], ms=1)
    with here.server.at_work():
        assert told.post(told.queue, expect=409)["code"] == "writer_superseded"
        player = told.take_over()
        assert player.do("answered", item=here.items[2], choice=["C"], ms=1)["refused"] == []
    there.merge(here.export(begun.sitting))
    assert there.result(begun.sitting)["fold"] == here.result(begun.sitting)["fold"]
    assert len(there.result(begun.sitting)["responses"]) == 3


ACTIONS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 2]),  # on which server
        st.sampled_from(["answer", "answer", "answer", "take_over", "flag", "clear"]),
        st.integers(0, 3),  # item
        st.sampled_from("ABCD"),
        st.sampled_from([0, 1, 40]),  # seconds later
    ),
    max_size=9,
)


@pytest.mark.slow
@with_settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(actions=ACTIONS, order=st.sampled_from(list(permutations(range(3)))))
def test_whatever_was_done_on_three_servers_merges_to_one_sitting_in_any_order(
    servers: Servers, clock: Clock, actions: list[tuple[int, str, int, str, int]], order: tuple[int, ...]
) -> None:
    places = [Place(servers.new(), clock) for _ in range(3)]
    sitting = places[0].begin().sitting
    items = places[0].items
    seed = places[0].export(sitting)
    for place in places[1:]:
        clock.pass_s(1)
        place.merge(seed)
        place.take_over(sitting)
    for where, what, item, letter, seconds in actions:
        clock.pass_s(seconds)
        place = places[where]
        with place.server.at_work():
            match what:
                case "take_over":
                    place.player = place.player.take_over()
                case "answer":
                    place.player.do("answered", item=items[item], choice=[letter], ms=1)
                case "flag":
                    place.player.do("flagged", item=items[item], on=True)
                case _:
                    place.player.do("cleared", item=items[item])
    sticks = [place.export(sitting) for place in places]

    # each server takes the sticks in an order of its own; one of them gets two of them as they were merged elsewhere
    first, second, third = (places[n] for n in order)
    for n in order:
        first.merge(sticks[n])
    for n in reversed(order):
        second.merge(sticks[n])
    third.merge(first.export(sitting))
    third.merge(second.export(sitting))

    results = [place.result(sitting) for place in places]
    assert results[0] == results[1] == results[2]
    assert third.merge(sticks[0]).n_new == 0


# --- what a player saved ----------------------------------------------------------------------------------------------


def test_what_a_player_could_not_send_counts_from_when_it_was_done(here: Place, begun: Player) -> None:
    begun.clock.pass_s(20)
    begun.note("answered", item=here.items[1], choice=[KEY], ms=1000)
    begun.clock.pass_s(3600)  # the block is over by now
    merged = here.merge(players_file(begun, here.clock))

    assert (merged.n_new, merged.refused, merged.state) == (1, (), "finished")
    with here.server.at_work():
        response = Response.objects.get(item=here.items[1])
        assert (response.correct, response.answered_at) == (True, T0 + timedelta(seconds=50))
        assert SittingEvent.objects.get(type="answered", seq=4).received_at == here.clock.now()


def test_a_player_that_sends_after_its_file_was_merged_is_told_that_all_is_there(here: Place, begun: Player) -> None:
    begun.note("answered", item=here.items[1], choice=[KEY], ms=1000)
    packed = players_file(begun, here.clock)
    assert here.merge(packed).n_new == 1
    again = here.merge(packed)
    assert (again.n_new, again.n_known) == (0, 1)
    with here.server.at_work():
        assert begun.send()["acknowledged"] == 4


def test_a_players_file_can_go_to_two_servers_and_their_sittings_still_merge(here: Place, there: Place, begun: Player) -> None:
    there.merge(here.export(begun.sitting))
    begun.clock.pass_s(20)
    begun.note("answered", item=here.items[1], choice=[KEY], ms=1000)
    packed = players_file(begun, here.clock)
    here.clock.pass_s(100)
    here.merge(packed)
    here.clock.pass_s(100)
    there.merge(packed)

    assert here.merge(there.export(begun.sitting)).n_new == 0
    assert there.merge(here.export(begun.sitting)).n_new == 0
    assert here.result(begun.sitting)["fold"] == there.result(begun.sitting)["fold"]


def test_in_tutor_mode_an_answer_from_a_file_has_its_key_given_out(here: Place) -> None:
    player = here.begin(mode="tutor")
    player.note("answered", item=here.items[1], choice=["A"], ms=1)
    here.merge(players_file(player, here.clock))
    with here.server.at_work():
        assert [one["item"] for one in player.state()["revealed"]] == [here.items[1]]


@pytest.mark.parametrize(
    ("change", "error", "named"),
    [
        ({"sitting": str(uuid4())}, NotFoundError, "there is no sitting .* here"),
        ({"writers": [{"writer": str(uuid4()), "events": []}]}, NotFoundError, "has no player"),
        ({"exported_at": "yesterday"}, UsageError, 'field "exported_at": .*instant'),
        ({"extra": 1}, UsageError, 'field "extra"'),
        ({"writers": []}, None, ""),
    ],
)
def test_a_players_file_that_fits_nothing_here_is_refused(
    here: Place, begun: Player, change: dict[str, Any], error: type[BedsideError] | None, named: str
) -> None:
    packed = changed(players_file(begun, here.clock), lambda told: told.update(change))
    if error is None:
        assert here.merge(packed).n_new == 0
    else:
        here.refuses(packed, error, named)


def event(seq: int, type_: str, **fields: Any) -> dict[str, Any]:
    return {"seq": seq, "type": type_, "elapsed_ms": 0, **fields}


@pytest.mark.parametrize(
    ("events", "error", "named"),
    [
        ([event(5, "finished")], ConflictError, "missing before event 5: this server has them up to 3"),
        ([event(3, "finished")], ConflictError, "event 3 of writer .* differs"),
        ([event(4, "granted_time", block=1, seconds=60)], UsageError, 'a player does not write "granted_time"'),
        ([event(4, "answered", item="x")], UsageError, '"choice"'),
        ([event(0, "finished")], UsageError, "seq"),
        ([event(4, "finished") | {"elapsed_ms": 2**53 - 1}], UsageError, "elapsed_ms.*31,622,400,000 ms .a year. at most"),
        ([event(4, "nonsense")], UsageError, "nonsense"),
    ],
)
def test_events_that_a_player_cant_have_saved_are_refused(
    here: Place, begun: Player, events: list[dict[str, Any]], error: type[BedsideError], named: str
) -> None:
    here.refuses(players_file(begun, here.clock, events), error, named)


def test_what_comes_after_a_score_was_given_out_makes_its_next_version(here: Place, there: Place, begun: Player) -> None:
    there.merge(here.export(begun.sitting))
    there.take_over(begun.sitting)
    there.answer(here.items[1], KEY)
    here.clock.pass_s(3600)  # the block is over, and the first server knows nothing of the second answer
    with here.server.at_work():
        assert make_bundle(UUID(begun.sitting), at=here.clock.now()).totals["marks"] == "1"

    here.merge(there.export(begun.sitting))

    with here.server.at_work():
        versions = ScoreVersion.objects.order_by("number")
        assert [(one.number, one.score["marks"], one.why) for one in versions] == [(1, "1", FIRST), (2, "2", MORE_ARRIVED)]
    here.merge(there.export(begun.sitting))
    with here.server.at_work():
        assert ScoreVersion.objects.count() == 2


# --- whose it becomes -------------------------------------------------------------------------------------------------


def test_a_sitting_by_nobody_here_asks_whose_it_is(servers: Servers, here: Place, begun: Player, clock: Clock) -> None:
    elsewhere = Place(servers.new(), clock, name="grace")
    packed = here.export(begun.sitting)
    elsewhere.refuses(packed, NotFoundError, 'by "ada", and nobody here has that name; say whose it is with --user NAME')
    elsewhere.refuses(packed, NotFoundError, "no user is named", user="nobody")

    assert elsewhere.merge(packed, user="grace").user == "grace"
    elsewhere.refuses(packed, ConflictError, 'it is by "grace"', user="ada")
    with elsewhere.server.at_work():
        assert SittingRow.objects.get().user == User.objects.get(username="grace")


def test_a_file_must_be_signed_by_the_key_that_is_asked_for(here: Place, there: Place, begun: Player) -> None:
    packed = here.export(begun.sitting)
    there.refuses(packed, UsageError, "not by one given with --from-key", from_keys=["0" * 64])
    assert there.merge(packed, from_keys=["0" * 64, json.loads(packed)["public_key"]]).is_new


def test_a_writer_of_another_sitting_is_refused(here: Place, begun: Player) -> None:
    packed = here.export(begun.sitting)

    def forge(told: dict[str, Any]) -> None:
        told["sitting"]["id"] = str(uuid4())

    here.refuses(changed(packed, forge, signer=here), ConflictError, "in another sitting")


def test_an_exported_file_says_the_same_each_time(here: Place, begun: Player) -> None:
    assert here.export(begun.sitting) == here.export(begun.sitting)
    with pytest.raises(NotFoundError, match="there is no sitting"):
        here.export(str(uuid4()))


# --- the command line -------------------------------------------------------------------------------------------------


def test_a_sitting_goes_from_one_server_to_another_by_two_commands(
    here: Place, there: Place, begun: Player, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path / "stick.json"
    with here.server.at_work():
        assert run(["sitting", "export", begun.sitting, "--out", str(stick), "--json"]) == 0
        key = public_key_hex(here.server.home)
    told = json.loads(capsys.readouterr().out)
    assert (told["events"], told["bytes"]) == (5, stick.stat().st_size)
    assert stick.stat().st_mode & 0o777 == 0o600

    with there.server.at_work():
        assert run(["sitting", "merge", str(stick), "--from-key", key, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
        assert (told["is_new"], told["new"], told["known"], told["user"], told["refused"]) == (True, 5, 0, "ada", [])
        assert run(["sitting", "merge", str(stick), "--from-key", "0" * 64, "--from-key", key]) == 0
        assert "0 events new, 5 here before; the sitting is in_block" in capsys.readouterr().out
        assert run(["sitting", "verify", begun.sitting]) == 0


def test_an_event_that_does_not_count_is_told_with_its_reason(
    here: Place, begun: Player, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begun.note("answered", item="nonsense", choice=["A"], ms=1)
    saved = tmp_path / "saved.json"
    saved.write_bytes(players_file(begun, here.clock))
    with here.server.at_work():
        assert run(["sitting", "merge", str(saved)]) == 0
    assert f"event 4 of writer {begun.writer} is kept and does not count: UnknownItem" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["export", "nonsense", "--out", "x.json"], "is no id of a sitting"),
        (["export", str(uuid4()), "--out", "/nowhere/x.json"], "there is no folder"),
        (["export", str(uuid4()), "--out", "x.json"], "there is no sitting"),
        (["merge", "/nowhere/x.json"], "there is no such file"),
        (["merge", "/"], "can't be read"),
        (["merge", "x.json", "--from-key", "12"], "64 hexadecimal digits"),
    ],
)
def test_what_cant_be_carried_is_status_2(
    arguments: list[str], named: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["sitting", *arguments]) == BAD_INPUT
    assert named in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
