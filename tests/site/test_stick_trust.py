"""Whose files a merge takes, what a merge can't undo, and what is written down when keys leave a server."""

from __future__ import annotations

import hashlib
from itertools import permutations
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from bedside.cli import run
from bedside.delivery import MAX_ELAPSED_MS
from bedside.errors import ConflictError, StoreError, UsageError
from bedside.site.accounts.models import AuditEntry
from bedside.site.api import event_schemas
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.keys import public_key_hex
from tests.support.places import Place, changed, players_file
from tests.support.servers import Servers
from tests.support.site import KEY, Clock, Player, get

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="each server of a test is a file of SQLite"),
]

Pair = tuple[Place, Place]


def report(place: Place) -> dict[str, Any]:
    with place.server.at_work():
        told: dict[str, Any] = get(place.player.client, f"{place.player.path}/report")
    return told


def finish_with_the_report(place: Place) -> None:
    """All items answered wrongly, the end, and the report with its keys."""
    with place.server.at_work():
        for item in place.items:
            place.player.do("answered", item=item, choice=["A"], ms=1)
        place.player.do("finished")
    assert report(place)["score"]["n_correct"] == 0


# --- the keys were known --------------------------------------------------------------------------------------------


@pytest.fixture
def parted(here: Place, there: Place, begun: Player) -> Pair:
    """The seat was taken over elsewhere; the first server was then used for the report all the same."""
    there.merge(here.export(begun.sitting))
    there.take_over(begun.sitting)
    here.clock.pass_s(5)
    finish_with_the_report(here)
    here.clock.pass_s(60)
    return here, there


def answer_from_the_report(here: Place, there: Place) -> None:
    """Under times of before the report, with an end, so that the sitting is over in the union too."""
    events = [
        {"seq": number, "type": "answered", "elapsed_ms": number, "item": item, "choice": [KEY], "ms": 1}
        for number, item in enumerate(here.items, start=1)
    ]
    with there.server.at_work():
        assert there.player.post([*events, {"seq": 5, "type": "finished", "elapsed_ms": 600}])["refused"] == []


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_an_answer_that_arrived_after_its_key_was_given_out_on_another_server_does_not_count_in_any_order(
    parted: Pair, order: tuple[int, int]
) -> None:
    here, there = parted
    answer_from_the_report(here, there)
    sitting = here.player.sitting
    sticks = [place.export(sitting) for place in parted]

    parted[order[0]].merge(sticks[order[1]])
    parted[order[1]].merge(parted[order[0]].export(sitting))

    assert here.result(sitting) == there.result(sitting)
    refused = {one.reason for one in here.result(sitting)["fold"].refusals if str(one.writer) == there.player.writer}
    assert refused == {"AnswerLocked"}
    # what stands is the one answer from before the parting
    assert [row[:2] for row in here.result(sitting)["responses"]] == [(here.items[0], KEY)]
    assert here.merge(sticks[1]).n_new == there.merge(sticks[0]).n_new == 0


def test_an_answer_that_arrived_before_the_key_was_given_out_elsewhere_still_counts(
    here: Place, there: Place, begun: Player
) -> None:
    there.merge(here.export(begun.sitting))
    there.take_over(begun.sitting)
    here.clock.pass_s(5)
    answer_from_the_report(here, there)
    here.clock.pass_s(5)
    finish_with_the_report(here)
    here.merge(there.export(begun.sitting))
    assert [row[1] for row in here.result(begun.sitting)["responses"]] == [KEY] * 4


def test_no_merge_opens_a_sitting_again_whose_keys_were_given_out_on_either_server(parted: Pair) -> None:
    here, there = parted
    there.answer(here.items[1], KEY)
    named = "had ended {} and its keys were given out, and by both logs together it would be open again"
    here.refuses(there.export(here.player.sitting), ConflictError, named.format("here"))
    there.refuses(here.export(here.player.sitting), ConflictError, named.format("on the server that wrote the file"))


def test_a_players_file_that_reached_two_servers_on_both_sides_of_a_disclosure_is_refused_by_name(
    here: Place, there: Place, begun: Player
) -> None:
    there.merge(here.export(begun.sitting))
    begun.note("answered", item=here.items[1], choice=[KEY], ms=1000)
    packed = players_file(begun, here.clock)
    here.merge(packed)
    begun.queue.clear()
    here.clock.pass_s(4000)
    report(here)
    here.clock.pass_s(5)
    there.merge(packed)

    named = "came in time by the arrivals of one server, and by those of the other after the key of its item"
    here.refuses(there.export(begun.sitting), ConflictError, named)
    there.refuses(here.export(begun.sitting), ConflictError, named)


# --- who signed it --------------------------------------------------------------------------------------------------


def test_a_sitting_by_a_server_that_nobody_named_is_refused_with_its_key_and_the_line_to_type(
    here: Place, there: Place, begun: Player
) -> None:
    key = public_key_hex(here.server.home)
    named = f"signed by the key {key}, which this server does not trust.*bedside sitting merge stick.json --from-key {key}"
    there.refuses(here.export(begun.sitting), UsageError, named, from_keys=[])
    assert here.merge(here.export(begun.sitting), from_keys=[]).n_new == 0  # its own


def test_a_key_in_the_list_of_trusted_keys_need_not_be_named(here: Place, there: Place, begun: Player) -> None:
    trusted = there.server.home / "keys" / "trusted"
    trusted.parent.mkdir(exist_ok=True)
    packed = here.export(begun.sitting)
    trusted.write_text("# the other room\nnonsense\n", encoding="utf-8")
    there.refuses(packed, StoreError, "trusted, line 2: this is no key", from_keys=[])
    key = public_key_hex(here.server.home).upper()
    trusted.write_text(f"# servers of this school\n\nEd25519 {key}  # the other room\n", encoding="utf-8")
    assert there.merge(packed, from_keys=[]).is_new


def with_proctor(told: dict[str, Any], writer: str, **fields: Any) -> None:
    at = max(event["received_at"] for event in told["events"])
    told["writers"].append({"id": writer, "kind": "proctor", "issued_at": at, **fields})
    event = {"writer": writer, "seq": 1, "type": "granted_time", "elapsed_ms": 0, "received_at": at, "effective_at": at}
    event["fields"] = {"block": 1, "seconds": 60, "reason": "fire alarm"}
    told["events"].append({**event, "after_disclosure": False, "after_takeover": False})


@pytest.fixture
def proctored(here: Place, begun: Player) -> Player:
    with here.server.at_work():
        SittingRow.objects.update(is_proctored=True)
    return begun


def test_a_proctor_of_another_server_must_be_named(here: Place, there: Place, proctored: Player) -> None:
    packed = here.export(proctored.sitting)
    forged = changed(packed, lambda told: with_proctor(told, str(uuid4())), signer=here)
    there.refuses(forged, UsageError, 'is a proctor without a name in field "who"')


def test_no_proctor_acts_in_a_sitting_that_is_not_proctored(here: Place, there: Place, begun: Player) -> None:
    packed = here.export(begun.sitting)
    forged = changed(packed, lambda told: with_proctor(told, str(uuid4()), who="pat"), signer=here)
    there.refuses(forged, UsageError, "is a proctor, but the sitting is not proctored")


def test_a_server_does_not_do_what_proctors_do(here: Place, there: Place, proctored: Player) -> None:
    def forge(told: dict[str, Any]) -> None:
        with_proctor(told, str(uuid4()))
        told["writers"][-1]["kind"] = "server"

    packed = changed(here.export(proctored.sitting), forge, signer=here)
    there.refuses(packed, UsageError, 'a server does not write "granted_time"')


def test_the_name_of_a_proctor_goes_on_from_server_to_server(
    servers: Servers, clock: Clock, here: Place, there: Place, proctored: Player
) -> None:
    writer = str(uuid4())
    packed = changed(here.export(proctored.sitting), lambda told: with_proctor(told, writer, who="pat"), signer=here)
    there.merge(packed)
    third = Place(servers.new(), clock)
    third.merge(there.export(proctored.sitting))

    with third.server.at_work():
        detail = AuditEntry.objects.get(verb="sitting_merged").detail
        assert (detail["proctors"], detail["events"]["granted_time"]) == ({writer: "pat"}, 1)
    other = changed(packed, lambda told: told["writers"][-1].update(who="sam"), signer=here)
    third.refuses(other, ConflictError, 'is the proctor "pat" here, and "sam" in the file')


def test_a_player_counts_no_longer_in_a_file_than_by_the_api() -> None:
    assert MAX_ELAPSED_MS == event_schemas.MAX_ELAPSED_MS


# --- keys leave the server ------------------------------------------------------------------------------------------


def test_an_export_is_in_the_audit_log(here: Place, begun: Player, tmp_path: Path) -> None:
    stick = tmp_path / "stick.json"
    with here.server.at_work():
        assert run(["sitting", "export", begun.sitting, "--out", str(stick)]) == 0
        entry = AuditEntry.objects.get(verb="sitting_exported")
        assert (entry.actor, entry.subject) == (None, begun.sitting)
        assert entry.detail == {"file": hashlib.sha256(stick.read_bytes()).hexdigest(), "n_keys": 4}


@pytest.mark.parametrize(
    "case",
    [
        ("in the file", []),
        ("held back", ["--redact-keys"]),
        ("in a file of their own", ["--redact-keys", "--keys-out", "keys.json"]),
    ],
)
def test_a_bundle_is_in_the_audit_log_with_what_became_of_the_keys(
    here: Place, begun: Player, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: tuple[str, list[str]]
) -> None:
    monkeypatch.chdir(tmp_path)
    keys, options = case
    with here.server.at_work():
        begun.do("finished")
        assert run(["sitting", "bundle", begun.sitting, "--out", "bundle.json", *options]) == 0
        entry = AuditEntry.objects.get(verb="sitting_bundled")
        digest = hashlib.sha256(Path("bundle.json").read_bytes()).hexdigest()
        assert entry.detail == {"file": digest, "keys": keys, "with_texts": False, "with_name": False}
        assert Path("keys.json").exists() == ("--keys-out" in options)
