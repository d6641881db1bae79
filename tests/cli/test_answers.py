"""`bedside responses` and `bedside sitting`."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from uuid import UUID, uuid4

import polars
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from bedside.cli import BAD_INPUT, FAILED_CHECK, run
from bedside.site import clock as site_clock
from bedside.site.accounts.actions import add_user, create_token
from bedside.site.exam.actions import rebuild
from bedside.site.exam.export import neutral
from bedside.site.exam.models import SittingEvent
from tests.support.site import KEY, Clock, Player, get, new_player, write_content
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def player(db: None, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Player:
    """A player who has answered two of four items, one of them right."""
    monkeypatch.setattr(settings, "CONTENT", write_content(tmp_path_factory.mktemp("content") / "content"))
    clock = Clock()
    monkeypatch.setattr(site_clock, "now", clock.now)
    secret = create_token(add_user("ada", password=None, at=T0), at=T0).secret
    made = new_player(Client(headers={"Authorization": f"Bearer {secret}"}), clock)
    items = made.open_block()
    clock.pass_s(30)
    made.note("answered", item=items[0]["id"], choice=["A"], ms=9000, confidence="unsure")
    made.note("answered", item=items[0]["id"], choice=[KEY], ms=12_000, confidence="sure")
    made.note("answered", item=items[2]["id"], choice=["D"], ms=3000)
    made.send()
    return made


def test_answers_are_written_in_the_long_format(player: Player, tmp_path: Path) -> None:
    out = tmp_path / "answers.csv"
    assert run(["responses", "export", "--out", str(out)]) == 0
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    head = (
        "person item version programme step competency discipline system options choice key correct ms changes confidence mode"
    )
    assert list(rows[0]) == [*head.split(), "at", "sitting", "position", "value", "model"]
    first = rows[0]
    assert (first["choice"], first["key"], first["correct"], first["ms"], first["changes"]) == (KEY, KEY, "1", "12000", "1")
    assert (first["options"], first["confidence"], first["mode"], first["position"]) == ("A;B;C;D", "sure", "timed", "1")
    assert (first["discipline"], first["at"], first["sitting"]) == ("physiology", "2026-03-02T09:00:30Z", player.sitting)
    assert [row["correct"] for row in rows] == ["1", "0"]


def test_parquet_holds_the_same_with_numbers_as_numbers(player: Player, tmp_path: Path) -> None:
    out = tmp_path / "answers.parquet"
    assert run(["responses", "export", "--out", str(out)]) == 0
    frame = polars.read_parquet(out)
    assert frame["correct"].to_list() == [1, 0]
    assert frame["ms"].sum() == 15_000


def test_what_a_learner_takes_out_holds_nothing_before_its_time(player: Player, tmp_path: Path) -> None:
    out = tmp_path / "own.csv"
    assert run(["responses", "export", "--user", "ada", "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").count("\n") == 1
    player.do("finished")
    assert run(["responses", "export", "--user", "ada", "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").count("\n") == 1
    get(player.client, f"{player.path}/report")
    assert run(["responses", "export", "--user", "ada", "--out", str(out)]) == 0
    assert out.read_text(encoding="utf-8").count("\n") == 3


def test_no_answers_give_a_table_without_rows(tmp_path: Path) -> None:
    for name in ("none.csv", "none.parquet"):
        assert run(["responses", "export", "--out", str(tmp_path / name)]) == 0
    assert polars.read_parquet(tmp_path / "none.parquet").height == 0


@pytest.mark.parametrize(
    ("cell", "written"), [("=1+1", "'=1+1"), ("@x", "'@x"), ("-1", "'-1"), ("+1", "'+1"), ("a=1", "a=1"), (-1, -1)]
)
def test_no_cell_is_taken_for_a_formula(cell: str | int, written: str | int) -> None:
    assert neutral(cell) == written


@pytest.mark.parametrize("name", ["answers.xlsx", "no/such/folder/answers.csv"])
def test_a_file_that_cant_be_written_is_refused_before_any_work(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["responses", "export", "--out", str(tmp_path / name)]) == BAD_INPUT
    assert capsys.readouterr().err.startswith("bedside: ")


def test_a_failed_export_leaves_the_older_file_as_it_was(
    player: Player, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "answers.csv"
    out.write_text("older", encoding="utf-8")

    def fail(_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bedside.site.exam.export.csv_text", fail)
    assert run(["responses", "export", "--out", str(out)]) == BAD_INPUT
    assert [path.name for path in tmp_path.iterdir()] == ["answers.csv"]
    assert out.read_text(encoding="utf-8") == "older"


def test_a_sound_sitting_is_verified_against_a_signed_head(player: Player, capsys: pytest.CaptureFixture[str]) -> None:
    log = get(player.client, f"{player.path}/events")
    arguments = ["sitting", "verify", player.sitting, "--head", log["head"], "--signature", log["signature"], "--json"]
    assert run(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["is_sound"], told["events"], told["head"], told["problems"]) == (True, 7, log["head"], [])


def test_a_changed_event_is_status_1_and_is_named(player: Player, capsys: pytest.CaptureFixture[str]) -> None:
    SittingEvent.objects.filter(type="answered", seq=5).update(elapsed_ms=1)
    assert run(["sitting", "verify", player.sitting]) == FAILED_CHECK
    shown = capsys.readouterr().out
    assert f"event 5 of writer {player.writer} is not what arrived" in shown
    assert "is NOT sound" in shown


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE sitting_items SET key = 'A'", "is not what was fixed at the start"),
        ("UPDATE sittings SET form = replace(form, '\"1\"', '\"2\"')", "is not what was fixed at the start"),
        ("UPDATE item_versions SET text = replace(text, 'true', 'false')", "is not what was delivered"),
        ("UPDATE sitting_events SET outcome = 'refused', reason = 'Finished' WHERE type = 'answered'", "the rules do not give"),
    ],
)
def test_a_change_of_what_a_result_rests_on_is_found(
    player: Player, capsys: pytest.CaptureFixture[str], change: str, named: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(change)
        assert cursor.rowcount > 0
    assert run(["sitting", "verify", player.sitting]) == FAILED_CHECK
    assert named in capsys.readouterr().out


def test_a_rewritten_ledger_is_found_against_a_head_from_elsewhere(player: Player, capsys: pytest.CaptureFixture[str]) -> None:
    head = get(player.client, f"{player.path}/events")["head"]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ledger_rows WHERE position = 7")
        cursor.execute("UPDATE servers SET position = 6, head = (SELECT hash FROM ledger_rows WHERE position = 6)")
        cursor.execute("DELETE FROM sitting_events WHERE arrival = 7")
    rebuild(UUID(player.sitting))  # whoever rewrites the log makes anew what is made of it, too
    assert run(["sitting", "verify", player.sitting]) == 0  # the chain alone can't know
    capsys.readouterr()
    assert run(["sitting", "verify", player.sitting, "--head", head]) == FAILED_CHECK
    assert "the head held elsewhere does not occur in this chain" in capsys.readouterr().out


def test_a_signature_by_another_key_is_found(player: Player) -> None:
    head = get(player.client, f"{player.path}/events")["head"]
    assert run(["sitting", "verify", player.sitting, "--head", head, "--signature", "ab" * 64]) == FAILED_CHECK


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nonsense"], "is no id of a sitting"),
        ([str(uuid4())], "there is no sitting"),
        ([str(uuid4()), "--head", "12"], "64 hexadecimal digits"),
        ([str(uuid4()), "--signature", "12"], "give it with --head"),
    ],
)
def test_what_cant_be_verified_is_status_2(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sitting", "verify", *arguments]) == BAD_INPUT
    assert told in capsys.readouterr().err
