"""The salt of a sitting: in its form's digest, in files that hold the keys, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bedside.cli import run
from bedside.delivery import canonical, form_digest_of, signed_bytes
from bedside.site.accounts.models import AuditEntry
from bedside.site.exam.bundles import Bundled, make_bundle
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.log import form_digest
from bedside.site.exam.models import Sitting
from bedside.site.exam.receipts import make_receipt
from bedside.site.exam.stick import export_sitting
from bedside.site.keys import sign
from tests.support.site import KEY, Clock, Player, get, new_player

pytestmark = pytest.mark.django_db


@pytest.fixture
def ended(client: Client, clock: Clock) -> Player:
    """A sitting of four items that has ended, with one right answer."""
    player = new_player(client, clock)
    items = player.open_block()
    player.note("answered", item=items[0]["id"], choice=[KEY], ms=1000)
    player.do("finished")
    return player


def row_of(player: Player) -> Sitting:
    return Sitting.objects.get(pk=player.sitting)


def bundle_of(player: Player, **how: bool) -> Bundled:
    return make_bundle(row_of(player).pk, at=player.clock.now(), **how)


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch, client: Client, clock: Clock) -> Player:
    """An ended sitting of before there were salts."""
    monkeypatch.setattr("bedside.site.exam.actions.secrets.token_hex", lambda _: "")
    player = new_player(client, clock)
    player.open_block()
    player.do("finished")
    assert row_of(player).salt == ""
    return player


def test_each_sitting_has_a_salt_of_its_own(ended: Player, client: Client, clock: Clock) -> None:
    other = new_player(client, clock)

    assert len({row_of(ended).salt, row_of(other).salt}) == 2
    assert len(bytes.fromhex(row_of(ended).salt)) == 32


def test_the_digest_that_the_log_fixes_is_over_the_salt(ended: Player) -> None:
    row = row_of(ended)
    fixed = row.events.get(type="form_fixed").body["digest"]
    items = [(one.position, one.item, one.item_version.hash, one.key) for one in row.items.order_by("position")]

    assert fixed == form_digest(row) == form_digest_of(row.form, items, row.marking, row.salt)
    assert fixed != form_digest_of(row.form, items, row.marking, None)


def test_another_salt_is_found_by_the_check(ended: Player) -> None:
    Sitting.objects.filter(pk=ended.sitting).update(salt="0" * 64)
    assert any("is not what was fixed at the start" in problem for problem in verify_sitting(row_of(ended)).problems)


def test_no_file_or_answer_that_holds_no_keys_tells_the_salt(ended: Player) -> None:
    row = row_of(ended)
    answers = [get(ended.client, f"{ended.path}{what}") for what in ("", "/events", "/report", "/receipt")]
    told = [
        json.dumps(answers),
        bundle_of(ended, redact_keys=True).packed.decode(),
        make_receipt(row.user, row.pk, at=ended.clock.now()).decode(),
    ]
    told += [json.dumps(list(AuditEntry.objects.values_list("detail", flat=True)))]

    assert not any(row.salt in one for one in told)
    for packed in (
        bundle_of(ended).packed,
        bundle_of(ended, redact_keys=True).keys,
        export_sitting(row.pk, at=ended.clock.now()),
    ):
        assert packed is not None
        assert row.salt in packed.decode()


def test_a_bundle_without_its_keys_holds_no_digest_of_score_or_texts(ended: Player) -> None:
    whole, closed = bundle_of(ended), bundle_of(ended, redact_keys=True)
    told = json.loads(whole.packed)
    packed = closed.packed.decode()

    assert whole.score_digest == told["score_digest"] is not None
    assert not any(text in packed for text in (told["score_digest"], told["salt"], *(item["hash"] for item in told["items"])))
    assert (closed.score_digest, closed.warning) == (None, "")
    assert json.loads(packed)["score_commitment"] == closed.score_commitment


def rescored(folder: Path, capsys: pytest.CaptureFixture[str], packed: bytes, keys: bytes | None = None) -> dict[str, Any]:
    files = {"bundle.json": packed, "keys.json": keys}
    for name, content in files.items():
        if content is not None:
            (folder / name).write_bytes(content)
    capsys.readouterr()
    more = [] if keys is None else ["--keys", str(folder / "keys.json")]
    assert run(["sitting", "rescore", str(folder / "bundle.json"), *more, "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_sitting_of_before_there_were_salts_verifies_and_scores_as_it_did(
    old: Player, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, closed = bundle_of(old), bundle_of(old, redact_keys=True)

    assert verify_sitting(row_of(old)).problems == ()
    assert json.loads(whole.packed)["salt"] is None
    first = rescored(tmp_path, capsys, whole.packed)
    assert rescored(tmp_path, capsys, closed.packed, closed.keys)["score"] == first["score"]
    assert first["score_digest"] == whole.score_digest


def test_holding_its_keys_back_says_that_they_can_be_tried(
    old: Player, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "bundle.json"
    assert run(["sitting", "bundle", old.sitting, "--out", str(out), "--redact-keys"]) == 0
    said = capsys.readouterr()
    assert "warning: this sitting was made by a version that put no salt" in said.err
    assert "commitment" in said.out
    assert run(["sitting", "bundle", old.sitting, "--out", str(out)]) == 0
    assert "no salt" not in capsys.readouterr().err


def test_a_bundle_written_in_the_first_format_still_scores(
    old: Player, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = json.loads(bundle_of(old).packed)
    del told["signature"], told["salt"], told["score_commitment"]
    told["format"] = "bedside-bundle/1"
    assert signed_bytes(told).startswith(b'bedside bundle 1\n{"conversion"')
    told["signature"] = sign(settings.DATA, signed_bytes(told))

    assert rescored(tmp_path, capsys, canonical(told))["is_sound"]
