"""Receipts: given out at the end, kept by the candidate, checked here and anywhere."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from bedside.cli import BAD_INPUT, FAILED_CHECK, run
from bedside.delivery import canonical, event_digest, log_facts, read_receipt, signed_bytes
from bedside.errors import BedsideError
from bedside.site.accounts.models import User
from bedside.site.exam.log import digest_of, event_of, events_of, form_digest
from bedside.site.exam.models import Sitting
from bedside.site.exam.receipts import hashes_of
from bedside.site.exam.stick import export_sitting
from bedside.site.keys import public_key_hex, sign
from tests.support.site import KEY, Player, get, new_player
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(player: Player) -> Player:
    """A player whose sitting has ended, with two answers."""
    items = player.open_block()
    player.clock.pass_s(30)
    player.note("answered", item=items[0]["id"], choice=[KEY], ms=9000)
    player.note("answered", item=items[1]["id"], choice=["A"], ms=9000)
    player.note("finished")
    player.send()
    return player


def fetch(player: Player, query: str = "") -> bytes:
    response = player.client.get(f"{player.path}/receipt{query}")
    assert response.status_code == 200, response.content
    return bytes(response.content)


@pytest.fixture
def receipt(ended: Player, tmp_path: Path) -> Path:
    kept = tmp_path / "receipt.json"
    kept.write_bytes(fetch(ended))
    return kept


def rewrite(path: Path, change: Callable[[dict[str, Any]], object], *, sign_again: bool = False) -> Path:
    told = json.loads(path.read_bytes())
    change(told)
    if sign_again:
        told["signature"] = sign(settings.DATA, signed_bytes(told))
    other = path.with_name("changed.json")
    other.write_bytes(canonical(told))
    return other


def test_a_receipt_says_what_the_server_holds(ended: Player, user: User) -> None:
    response = ended.client.get(f"{ended.path}/receipt")
    assert response["Content-Disposition"] == f'attachment; filename="receipt-{ended.sitting}.json"'
    told = response.json()
    row = Sitting.objects.get(pk=ended.sitting)

    assert told["who"] == {"id": str(user.pk), "name": None}
    assert (told["started_at"], told["ended_at"]) == ("2026-03-02T09:00:00Z", "2026-03-02T09:00:30Z")
    assert (told["n_events"], told["last_seq"][ended.writer]) == (row.events.count(), 5)
    assert told["form_digest"] == form_digest(row)
    assert [(one["choice"], one["value"]) for one in told["answers"]] == [([KEY], None), (["A"], None)]
    assert told["ledger"] == {"position": row.events.count(), "head": get(ended.client, f"{ended.path}/events")["head"]}
    assert told["public_key"] == public_key_hex(settings.DATA)


def test_the_candidate_chooses_the_name_and_leaves_the_answers_out(ended: Player) -> None:
    told = json.loads(fetch(ended, "?who=name&answers=digest"))
    assert (told["who"], told["answers"], told["n_answered"]) == ({"id": None, "name": "ada"}, None, 2)
    assert told["answers_digest"] == json.loads(fetch(ended))["answers_digest"]


def test_the_digest_of_an_event_is_the_one_that_the_ledger_keeps(ended: Player) -> None:
    for row in Sitting.objects.get(pk=ended.sitting).events.all():
        assert event_digest(event_of(row)) == digest_of(row)


def test_a_receipt_before_the_end_or_of_somebody_else_is_refused(player: Player) -> None:
    assert get(player.client, f"{player.path}/receipt", expect=409)["code"] == "not_finished"
    assert get(player.client, f"/api/sittings/{uuid4()}/receipt", expect=404)["code"] == "not_found"
    assert player.client.get(f"{player.path}/receipt?who=face").status_code == 400
    assert Client().get(f"{player.path}/receipt").status_code == 404  # the learner's of this computer


def test_a_receipt_of_a_sitting_whose_time_ran_out_needs_nobody_to_have_looked(player: Player) -> None:
    player.open_block()
    player.clock.pass_s(100_000)
    assert json.loads(fetch(player))["state"] == "finished"


def test_a_sound_receipt_verifies_with_its_sitting(ended: Player, receipt: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sitting", "verify", ended.sitting, "--receipt", str(receipt), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["is_sound"], told["problems"]) == (True, [])
    assert told["receipt"]["sitting"] == told["sitting"] == ended.sitting


def test_a_receipt_with_the_name_verifies_with_its_sitting(
    ended: Player, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "named.json"
    kept.write_bytes(fetch(ended, "?who=name"))
    assert run(["sitting", "verify", ended.sitting, "--receipt", str(kept)]) == 0
    assert "warning" not in capsys.readouterr().out  # it is by this server's own key


def test_a_receipt_whose_key_nobody_named_is_warned_of_since_anybody_could_have_signed_it(
    ended: Player, receipt: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = json.loads(receipt.read_bytes())["public_key"]
    assert run(["sitting", "verify", "--receipt", str(receipt)]) == 0
    assert f"warning: anybody could have signed this receipt: it is by the key {key}" in capsys.readouterr().out
    assert run(["sitting", "verify", "--receipt", str(receipt), "--public-key", key, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["warnings"] == []


def test_a_receipt_by_another_key_is_warned_of_where_the_sitting_is(
    ended: Player, receipt: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(receipt.read_bytes())
    elsewhere = tmp_path / "elsewhere"
    told |= {"public_key": public_key_hex(elsewhere), "server": str(uuid4()), "who": {"id": None, "name": "grace"}}
    told["signature"] = sign(elsewhere, signed_bytes(told))
    receipt.write_bytes(canonical(told))
    assert run(["sitting", "verify", ended.sitting, "--receipt", str(receipt), "--json"]) == 0
    warnings = json.loads(capsys.readouterr().out)["warnings"]
    assert [text.split(":")[0].split(",")[0] for text in warnings] == [
        "anybody could have signed this receipt",
        "it is by another server",
    ]
    known = ["--public-key", told["public_key"]]
    assert run(["sitting", "verify", ended.sitting, "--receipt", str(receipt), *known, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["warnings"]) == 1


def test_what_arrives_after_the_receipt_leaves_it_sound(ended: Player, receipt: Path, client: Client) -> None:
    get(client, f"{ended.path}/report")  # gives out the keys, which is an event
    new_player(client, ended.clock).open_block()  # and the ledger goes on
    assert run(["sitting", "verify", ended.sitting, "--receipt", str(receipt)]) == 0


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        (
            """UPDATE sitting_events SET body = replace(body, '"B"', '"C"') WHERE type = 'answered'""",
            "the log is not what the receipt says",
        ),
        ("UPDATE sitting_events SET elapsed_ms = 5 WHERE type = 'finished'", "the log is not what the receipt says"),
        ("UPDATE sittings SET step = 'second'", "the step is not what the receipt says"),
        ("UPDATE ledger_rows SET hash = replace(hash, 'a', 'b')", "does not stand where it stood"),
        ("DELETE FROM sitting_events WHERE type = 'finished'", "are missing"),
    ],
)
def test_a_database_that_was_changed_does_not_fit_the_receipt(
    ended: Player, receipt: Path, sql: str, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0
    assert run(["sitting", "verify", ended.sitting, "--receipt", str(receipt)]) == FAILED_CHECK
    assert named in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t["answers"][0].update(choice=["C"]), "are not those of its digest"),
        (lambda t: t["answers"].pop(), "lists 1 answer and counts 2"),
        (lambda t: t.update(log_digest="0" * 64), "the log is not what"),
        (lambda t: t.update(form_digest="0" * 64), "the form, an item's text or a key is not what"),
        (lambda t: t.update(ended_at="2026-03-02T10:00:00Z"), "the end is not what"),
        (lambda t: t.update(n_events=99), "are missing"),
        (lambda t: t.update(sitting=str(uuid4())), "the receipt is of sitting"),
        (lambda t: t["ledger"].update(position=1), "does not stand where it stood"),
        (lambda t: t["who"].update(id=str(uuid4())), "who sat is not what the receipt says"),
        (lambda t: t.update(who={"id": None, "name": "grace"}), "who sat is not what the receipt says"),
        (lambda t: t.update(who={"id": None, "name": None}), "who sat is not what the receipt says"),
    ],
)
def test_a_receipt_that_was_changed_is_found_even_if_it_is_signed_again(
    ended: Player, receipt: Path, change: Callable[[dict[str, Any]], object], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = ["sitting", "verify", "--receipt", str(rewrite(receipt, change))]
    assert run(alone) == FAILED_CHECK
    assert "the signature does not fit" in capsys.readouterr().out
    forged = rewrite(receipt, change, sign_again=True)
    assert run(["sitting", "verify", ended.sitting, "--receipt", str(forged)]) == FAILED_CHECK
    assert named in capsys.readouterr().out


def test_a_receipt_is_checked_anywhere_without_a_database(receipt: Path, tmp_path: Path) -> None:
    key = json.loads(receipt.read_bytes())["public_key"]
    home = tmp_path / "elsewhere"
    home.mkdir()
    environment = {**os.environ, "BEDSIDE_DATA": str(home / "data")}

    def verify(*more: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bedside", "sitting", "verify", "--receipt", str(receipt), *more]
        return subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=60, check=False)

    sound = verify("--public-key", key, "--json")
    assert (sound.returncode, json.loads(sound.stdout)["is_sound"]) == (0, True), sound.stderr
    other = verify("--public-key", "ab" * 32)
    assert (other.returncode, "not by the one given" in other.stdout) == (FAILED_CHECK, True)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("packed", "named"),
    [
        (b"{}", "this is no receipt"),
        (b"", "no JSON"),
        (b'{"format": "bedside-receipt/1"}', 'field "program"'),
    ],
)
def test_a_file_that_is_no_receipt_is_bad_input(
    tmp_path: Path, packed: bytes, named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "receipt.json"
    path.write_bytes(packed)
    assert run(["sitting", "verify", "--receipt", str(path)]) == BAD_INPUT
    assert named in capsys.readouterr().err
    assert run(["sitting", "verify", "--receipt", str(tmp_path / "none.json")]) == BAD_INPUT
    assert "there is no such file" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--head", "0" * 64], ["--public-key", "xyz"]])
def test_a_verification_of_nothing_is_bad_usage(arguments: list[str]) -> None:
    assert run(["sitting", "verify", *arguments]) == BAD_INPUT


def test_the_facts_of_a_log_do_not_rest_on_the_order_of_its_events(ended: Player) -> None:
    row = Sitting.objects.get(pk=ended.sitting)
    events = events_of(row)
    facts = log_facts(row.delivery_form(), events, hashes_of(row))
    assert log_facts(row.delivery_form(), [*reversed(events), *events], hashes_of(row)) == facts


def test_a_receipt_with_one_field_more_is_refused(receipt: Path) -> None:
    with pytest.raises(BedsideError, match='field "extra"'):
        read_receipt(rewrite(receipt, lambda told: told.update(extra=1)).read_bytes(), file="receipt.json")


def test_the_program_in_the_documentation_checks_a_receipt_and_a_log(ended: Player, receipt: Path, tmp_path: Path) -> None:
    page = Path("docs/reference/receipt-format.md").read_text(encoding="utf-8")
    program = tmp_path / "check.py"
    program.write_text(re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0], encoding="utf-8")
    key = json.loads(receipt.read_bytes())["public_key"]

    def check(path: Path, *arguments: str) -> int:
        command = [sys.executable, str(program), str(path), *arguments]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode

    assert check(receipt, key) == 0
    get(ended.client, f"{ended.path}/report")  # what comes after the receipt is left aside
    log, stick, forged = tmp_path / "events.json", tmp_path / "stick.json", tmp_path / "forged.json"
    log.write_bytes(ended.client.get(f"{ended.path}/events").content)
    stick.write_bytes(export_sitting(UUID(ended.sitting), at=T0))
    assert [check(receipt, key, str(path)) for path in (log, stick)] == [0, 0]
    told = json.loads(log.read_bytes())
    next(one for one in told["events"] if one["type"] == "answered")["fields"]["choice"] = ["C"]
    forged.write_bytes(canonical(told))
    assert check(receipt, key, str(forged)) != 0
    assert check(receipt, "ab" * 32) != 0
    assert check(rewrite(receipt, lambda told: told["answers"][0].update(choice=["C"])), key) != 0
