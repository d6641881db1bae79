"""Bundles that score the same elsewhere, and keys that are changed after they were delivered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from bedside.cli import BAD_INPUT, FAILED_CHECK, run
from bedside.delivery import canonical, signed_bytes
from bedside.errors import ConflictError
from bedside.site.accounts.actions import add_user, create_token
from bedside.site.accounts.models import AuditEntry
from bedside.site.accounts.roles import Role
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.models import KeyChange, ScoreVersion, Sitting, SittingItem
from bedside.site.keys import sign
from tests.support.site import KEY, Clock, Player, new_player
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def boss(db: None) -> str:
    """An administrator."""
    return add_user("boss", password=None, at=T0, roles=[Role.ADMINISTRATOR]).username


def sit(client: Client, clock: Clock, *choices: str) -> tuple[Player, list[str]]:
    """A sitting that has ended, with these answers to its first items."""
    player = new_player(client, clock, items=12)
    items = sorted(item["id"] for item in player.open_block())
    clock.pass_s(30)
    for item, choice in zip(items, choices, strict=False):
        player.note("answered", item=item, choice=[choice], ms=1000)
    player.note("finished")
    player.send()
    return player, items


@pytest.fixture
def ended(client: Client, clock: Clock) -> tuple[Player, list[str]]:
    return sit(client, clock, KEY, "C", KEY)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., dict[str, Any]]:
    """Run a command with --json and read its answer."""

    def told(*arguments: object, status: int = 0) -> dict[str, Any]:
        capsys.readouterr()
        assert run([*map(str, arguments), "--json"]) == status, capsys.readouterr()
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return told


Said = Callable[..., dict[str, Any]]


def rewrite(path: Path, change: Callable[[dict[str, Any]], object], *, sign_again: bool) -> Path:
    told = json.loads(path.read_bytes())
    change(told)
    if sign_again:
        del told["signature"]
        told["signature"] = sign(settings.DATA, signed_bytes(told))
    other = path.with_name("changed.json")
    other.write_bytes(canonical(told))
    return other


# --- bundles ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def bundle(ended: tuple[Player, list[str]], tmp_path: Path, said: Said) -> Path:
    out = tmp_path / "bundle.json"
    said("sitting", "bundle", ended[0].sitting, "--out", out, "--texts")
    return out


def test_a_bundle_scores_the_same_elsewhere_byte_for_byte_without_a_database(bundle: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    home.mkdir()
    environment = {**os.environ, "BEDSIDE_DATA": str(home / "data")}
    score = tmp_path / "score.json"
    command = [sys.executable, "-m", "bedside", "sitting", "rescore", str(bundle), "--out", str(score), "--json"]
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["is_sound"], told["problems"], len(told["checks"])) == (True, [], 8)
    assert score.read_bytes() == canonical(json.loads(bundle.read_bytes())["score"])
    # two right of twelve, one mark each
    assert (told["score"]["marks"], told["score"]["max_marks"], told["score"]["n_wrong"]) == ("2", "12", 1)
    assert told["score_digest"] == ScoreVersion.objects.get().digest
    assert list(home.iterdir()) == []


def test_a_bundle_holds_what_the_result_rests_on(bundle: Path, ended: tuple[Player, list[str]]) -> None:
    told = json.loads(bundle.read_bytes())
    assert (told["conversion"]["kind"], told["standard"]["kind"], told["score_version"]["number"]) == ("none", "none", 1)
    assert told["program"].startswith("bedside ")
    assert len(told["events"]) == Sitting.objects.get(pk=ended[0].sitting).events.count()
    assert {item["delivered_key"] for item in told["items"]} == {KEY}
    assert told["who"]["name"] is None


def test_a_second_bundle_is_of_the_same_version(bundle: Path, ended: tuple[Player, list[str]], said: Said) -> None:
    again = said("sitting", "bundle", ended[0].sitting, "--out", bundle.with_name("again.json"))
    assert (again["version"], ScoreVersion.objects.count()) == (1, 1)


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "an answer": (
        lambda t: next(e for e in t["events"] if e["type"] == "answered")["fields"].update(choice=["D"]),
        "the events are not those of the log's digest",
    ),
    "a key": (lambda t: [one.update(verdict="C") for one in t["items"]], "the key in force of item"),
    "a delivered key": (lambda t: t["items"][0].update(delivered_key="C"), "is not what was fixed at the start"),
    "a text": (lambda t: t["items"][0].update(text="{}"), "is not that of its digest"),
    "the form": (lambda t: t["form"]["blocks"][0].update(limit_s=1), "is not what was fixed at the start"),
    "the marking": (
        lambda t: t.update(marking={"one_best_answer": {"correct": "5", "wrong": "0", "blank": "0", "partial": None}}),
        "the rules of marking are not those of their digest",
    ),
    "the score": (lambda t: t["score"].update(marks="12"), "the score in the bundle is not that of its digest"),
    "the score's digest": (lambda t: t.update(score_digest="0" * 64), "computed again is not the one that was given"),
    "a key change": (
        lambda t: t["key_changes"].append(
            {
                "item": t["items"][0]["item"],
                "version": 1,
                "before": "A",
                "after": "C",
                "why": "x",
                "by": "x",
                "at": "2026-03-02T09:00:00Z",
            }
        ),
        "does not start from the key before it",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_bundle_is_found_even_if_it_is_signed_again(bundle: Path, name: str, said: Said) -> None:
    change, named = CHANGES[name]
    unsigned = said("sitting", "rescore", rewrite(bundle, change, sign_again=False), status=FAILED_CHECK)
    assert any("the signature does not fit" in problem for problem in unsigned["problems"])
    signed = said("sitting", "rescore", rewrite(bundle, change, sign_again=True), status=FAILED_CHECK)
    assert any(named in problem for problem in signed["problems"])


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t.update(format="x"), "this is no bundle"),
        (lambda t: t.update(more=1), 'field "more"'),
        (lambda t: t.update(form={"id": 1}), "this is no form"),
        (lambda t: t["items"].pop(), "not the items of the form"),
        (lambda t: t["items"][0].update(verdict=None), "has neither its keys nor a commitment"),
        (lambda t: t["items"][0].update(verdict="dropped:perhaps"), "no policy for a dropped item"),
        (lambda t: t["items"][0].update(verdict="nonsense"), "is no key"),
        (lambda t: t["events"].pop(), "has no result"),
        (lambda t: t["events"][0].update(seq="1"), "events.0.seq"),
        (lambda t: t.update(marking={"one_best_answer": {}}), "marking"),
        (lambda t: t.update(events=[]), "events"),
    ],
)
def test_a_bundle_that_nothing_can_be_computed_from_is_bad_input(
    bundle: Path, change: Callable[[dict[str, Any]], Any], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["sitting", "rescore", str(rewrite(bundle, change, sign_again=True))]) == BAD_INPUT
    assert named in capsys.readouterr().err


def test_a_bundle_must_be_by_the_key_that_is_asked_for(bundle: Path, said: Said) -> None:
    key = json.loads(bundle.read_bytes())["public_key"]
    assert said("sitting", "rescore", bundle, "--public-key", key)["is_sound"]
    told = said("sitting", "rescore", bundle, "--public-key", "ab" * 32, status=FAILED_CHECK)
    assert "not by the one given" in told["problems"][0]


def test_a_sitting_that_has_not_ended_or_is_void_has_no_bundle(player: Player, tmp_path: Path) -> None:
    out = tmp_path / "bundle.json"
    arguments = ["sitting", "bundle", player.sitting, "--out", str(out)]
    assert run(arguments) == BAD_INPUT
    assert run(["sitting", "bundle", str(uuid4()), "--out", str(out)]) == BAD_INPUT
    assert not out.exists()


# --- keys held back ---------------------------------------------------------------------------------------------------


def test_keys_held_back_can_be_supplied_later_and_give_the_same_score(
    ended: tuple[Player, list[str]], bundle: Path, tmp_path: Path, said: Said
) -> None:
    closed, keys = tmp_path / "closed.json", tmp_path / "keys.json"
    said("sitting", "bundle", ended[0].sitting, "--out", closed, "--redact-keys", "--keys-out", keys)
    packed = closed.read_text(encoding="utf-8")
    told = json.loads(packed)

    assert "items" not in told["score"]
    assert "SECRET" not in packed
    assert {(one["delivered_key"], one["verdict"], one["text"]) for one in told["items"]} == {(None, None, None)}
    assert len({one["commitment"] for one in told["items"]}) == 12
    found = said("sitting", "rescore", closed, "--keys", keys)
    assert (found["is_sound"], found["score_digest"]) == (True, said("sitting", "rescore", bundle)["score_digest"])
    assert run(["sitting", "rescore", str(closed)]) == BAD_INPUT  # it says that the keys are to be supplied
    assert run(["sitting", "rescore", str(bundle), "--keys", str(keys)]) == BAD_INPUT


def test_the_keys_of_a_bundle_are_the_same_when_they_are_asked_for_again(
    ended: tuple[Player, list[str]], tmp_path: Path, said: Said
) -> None:
    first, second, keys = tmp_path / "first.json", tmp_path / "second.json", tmp_path / "keys.json"
    said("sitting", "bundle", ended[0].sitting, "--out", first, "--redact-keys")
    said("sitting", "bundle", ended[0].sitting, "--out", second, "--redact-keys", "--keys-out", keys)
    assert said("sitting", "rescore", first, "--keys", keys)["is_sound"]


def test_other_keys_than_those_held_back_are_found(ended: tuple[Player, list[str]], tmp_path: Path, said: Said) -> None:
    closed, keys = tmp_path / "closed.json", tmp_path / "keys.json"
    said("sitting", "bundle", ended[0].sitting, "--out", closed, "--redact-keys", "--keys-out", keys)
    told = json.loads(keys.read_bytes())
    told["keys"][1]["verdict"] = "C"
    keys.write_bytes(canonical(told))
    problems = said("sitting", "rescore", closed, "--keys", keys, status=FAILED_CHECK)["problems"]
    assert any("are not those held back, first for item" in problem for problem in problems)
    told["keys"].pop()
    keys.write_bytes(canonical(told))
    assert run(["sitting", "rescore", str(closed), "--keys", str(keys)]) == BAD_INPUT


@pytest.mark.parametrize("more", [["--redact-keys", "--texts"], ["--keys-out", "keys.json"], ["--out", "/nowhere/x.json"]])
def test_a_bundle_that_contradicts_itself_is_bad_usage(
    ended: tuple[Player, list[str]], tmp_path: Path, more: list[str]
) -> None:
    assert run(["sitting", "bundle", ended[0].sitting, "--out", str(tmp_path / "b.json"), *more]) == BAD_INPUT
    assert list(tmp_path.glob("b.json")) == []


# --- a changed key ----------------------------------------------------------------------------------------------------


@pytest.fixture
def other(clock: Clock) -> Client:
    """Another candidate."""
    return Client(headers={"Authorization": f"Bearer {create_token(add_user('grace', password=None, at=T0), at=T0).secret}"})


def rekey(said: Said, item: str, *how: object, status: int = 0) -> dict[str, Any]:
    return said("sitting", "rekey", item, "--version", 1, "--why", "A misprint", "--by", "boss", *how, status=status)


def test_a_changed_key_rescores_every_ended_sitting_and_lists_whose_result_changed(
    ended: tuple[Player, list[str]], other: Client, clock: Clock, said: Said
) -> None:
    player, items = ended  # answered items[1] with C
    theirs, _ = sit(other, clock, KEY, KEY)
    unmoved, _ = sit(other, clock, KEY, "D")

    told = rekey(said, items[1], "--key", "C")

    assert (told["before"], told["after"], told["sittings"]) == (KEY, "C", 3)
    moved = {one["user"]: (one["before"]["marks"], one["after"]["marks"], one["score_version"]) for one in told["changed"]}
    assert moved == {"ada": ("2", "3", 2), "grace": ("2", "1", 2)}
    assert {one["sitting"] for one in told["changed"]} == {player.sitting, theirs.sitting}
    versions = ScoreVersion.objects.filter(sitting_id=unmoved.sitting).order_by("number")
    assert [(one.number, one.by and one.by.username) for one in versions] == [(1, None), (2, "boss")]
    assert [one.score["marks"] for one in versions] == ["1", "1"]


def test_what_was_delivered_stays_and_still_verifies(ended: tuple[Player, list[str]], said: Said, tmp_path: Path) -> None:
    player, items = ended
    rekey(said, items[1], "--key", "C")
    assert verify_sitting(Sitting.objects.get(pk=player.sitting)).problems == ()
    assert set(SittingItem.objects.values_list("key", flat=True)) == {KEY}

    bundle = tmp_path / "bundle.json"
    made = said("sitting", "bundle", player.sitting, "--out", bundle, "--texts")
    assert (made["version"], made["score"]["marks"]) == (2, "3")
    assert said("sitting", "rescore", bundle)["is_sound"]
    assert [one["by"] for one in json.loads(bundle.read_bytes())["key_changes"]] == ["boss"]


def test_a_key_change_is_in_the_audit_without_the_key(ended: tuple[Player, list[str]], said: Said) -> None:
    rekey(said, ended[1][1], "--key", "C")
    entry = AuditEntry.objects.get(verb="key_changed")
    assert (entry.actor and entry.actor.username, entry.subject) == ("boss", str(KeyChange.objects.get().pk))
    assert (entry.detail["n_sittings"], entry.detail["n_changed"], entry.detail["reason"]) == (1, 1, "A misprint")
    assert not {"before", "after", "key"} & entry.detail.keys()


@pytest.mark.parametrize(
    ("how", "after"),
    # of twelve: two right, items[1] answered with C
    [
        (["--drop"], ("2", "11")),
        (["--drop", "--full-marks"], ("3", "12")),
        (["--key", "BC"], ("3", "12")),
    ],
)
def test_an_item_can_be_dropped_or_take_either_of_two_answers(
    ended: tuple[Player, list[str]], said: Said, how: list[str], after: tuple[str, str]
) -> None:
    (changed,) = rekey(said, ended[1][1], *how)["changed"]
    assert (changed["after"]["marks"], changed["after"]["max_marks"]) == after


def test_changes_follow_each_other_and_none_is_overwritten(ended: tuple[Player, list[str]], said: Said, tmp_path: Path) -> None:
    player, items = ended
    rekey(said, items[1], "--key", "C")
    again = rekey(said, items[1], "--key", KEY)
    assert (again["before"], again["after"]) == ("C", KEY)
    assert [one.score["marks"] for one in ScoreVersion.objects.order_by("number")] == ["2", "3", "2"]
    for change in (ScoreVersion.objects.all(), KeyChange.objects.all()):
        with pytest.raises(ConflictError):
            change.update(why="nothing")
    made = said("sitting", "bundle", player.sitting, "--out", tmp_path / "b.json")
    assert made["version"] == 3
    assert said("sitting", "rescore", tmp_path / "b.json")["is_sound"]


def test_a_sitting_whose_time_has_run_out_is_scored_anew_and_one_that_goes_on_is_not(
    client: Client, clock: Clock, said: Said
) -> None:
    over = new_player(client, clock, items=12, minutes=10)
    items = sorted(item["id"] for item in over.open_block())
    over.do("answered", item=items[0], choice=["C"], ms=1)
    clock.pass_s(1000)
    going_on = new_player(client, clock, items=12, minutes=10)
    going_on.open_block()

    told = rekey(said, items[0], "--key", "C")

    assert [one["sitting"] for one in told["changed"]] == [over.sitting]
    assert told["sittings"] == 1
    going_on.do("answered", item=items[0], choice=["C"], ms=1)
    going_on.do("finished")
    made = said("sitting", "bundle", going_on.sitting, "--out", settings.DATA / "b.json")
    assert (made["version"], made["score"]["marks"]) == (1, "1")


@pytest.mark.parametrize(
    ("how", "named"),
    [
        ({"--key": "E"}, 'has no option "E"; it has A, B, C, D'),
        ({"--key": "=7±1"}, "is letters of its options"),
        ({"--key": "b"}, "is no key"),
        ({"--key": KEY}, "already"),
        ({}, "give either"),
        ({"--key": "C", "--drop": None}, "give either"),
        ({"--key": "C", "--full-marks": None}, "give it with --drop"),
        ({"--key": "C", "--version": "2"}, "was never delivered here"),
        ({"--key": "C", "--why": " "}, "say why"),
        ({"--key": "C", "--by": "ada"}, "needs the role administrator"),
        ({"--key": "C", "--by": "nobody"}, "no user is named"),
    ],
)
def test_a_change_that_cant_be_is_refused_and_leaves_no_trace(
    ended: tuple[Player, list[str]], how: dict[str, str | None], named: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = {"--version": "1", "--why": "A misprint", "--by": "boss", **how}
    words = [word for pair in options.items() for word in pair if word is not None]
    assert run(["sitting", "rekey", ended[1][1], *words]) == BAD_INPUT
    assert named in capsys.readouterr().err
    assert (KeyChange.objects.count(), ScoreVersion.objects.count(), AuditEntry.objects.filter(verb="key_changed").count()) == (
        0,
        0,
        0,
    )


def test_the_store_refusing_leaves_neither_change_nor_score(
    ended: tuple[Player, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(**_: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column FROM servers")

    monkeypatch.setattr("bedside.site.exam.rescoring.audit", full)
    with pytest.raises(Exception, match="no_such_column"):
        run(["sitting", "rekey", ended[1][1], "--version", "1", "--why", "x", "--by", "boss", "--key", "C"])
    assert (KeyChange.objects.count(), ScoreVersion.objects.count()) == (0, 0)
