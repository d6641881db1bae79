"""`bedside case` on the worked example with a small catalogue."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bedside.cli import run
from tests.support.case_files import DATA

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A content folder with the worked example and its orders."""
    root = tmp_path / "content"
    shutil.copytree(DATA / "orders", root / "orders")
    (root / "cases").mkdir()
    shutil.copy(DATA / "cases" / "endo-001.yaml", root / "cases")
    shutil.copytree(REPOSITORY / "content" / "programmes", root / "programmes")
    shutil.copytree(REPOSITORY / "content" / "reference", root / "reference")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BEDSIDE_CONTENT", raising=False)
    return root


def called(capsys, *arguments):
    """Exit status, stdout and stderr."""
    status = run(["case", *arguments])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_without_a_proof_a_case_fails_the_check(folder, capsys):
    status, said, _ = called(capsys, "check", "endo-001")

    assert status == 1
    assert "[C901] no proof" in said
    assert "endo-001: not proved, 1 error" in said


def test_proving_writes_the_proof_with_which_the_check_passes(folder, capsys):
    status, said, _ = called(capsys, "check", "--prove", "--runs", "60", "--workers", "1", "--json")
    answer = json.loads(said)

    assert (status, answer["errors"]) == (0, 0), answer["findings"]
    assert answer["cases"][0]["is_proved"]
    assert json.loads((folder / "cases" / "endo-001.proof.json").read_text())["case"] == "endo-001"
    assert called(capsys, "check", "--json")[0] == 0


def test_a_case_that_was_changed_after_its_proof_fails_the_check(folder, capsys):
    called(capsys, "check", "--prove", "--runs", "40", "--workers", "1")
    path = folder / "cases" / "endo-001.yaml"
    path.write_text(path.read_text().replace("do: telemetry, full: 30m", "do: telemetry, full: 31m"))
    status, said, _ = called(capsys, "check")

    assert status == 1
    assert "[C902] the proof is stale: changed since is the case" in said


def test_a_case_that_does_not_hold_gets_no_proof(folder, capsys):
    path = folder / "cases" / "endo-001.yaml"
    path.write_text(path.read_text().replace("late: [45, 75]", "late: [55, 75]"))
    status, said, _ = called(capsys, "check", "--prove", "--runs", "40", "--workers", "1")

    assert status == 1
    assert "[C601] late scores" in said
    assert not (folder / "cases" / "endo-001.proof.json").exists()


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing(folder, capsys):
    one = called(capsys, "fuzz", "endo-001", "--runs", "200", "--workers", "1", "--json")
    two = called(capsys, "fuzz", "endo-001", "--runs", "200", "--workers", "2", "--json")

    assert one == two
    assert one[0] == 0
    assert sum(json.loads(one[1])["runs"].values()) == 200


def test_fuzzing_says_what_it_came_to(folder, capsys):
    status, said, _ = called(capsys, "fuzz", "endo-001", "--runs", "20", "--workers", "1")

    assert status == 0
    assert "endo-001: 20 candidates, 0 failures" in said
    assert "best score by chance alone" in said


def test_a_script_is_run_and_its_transcript_replayed(folder, capsys, tmp_path):
    out = tmp_path / "run.jsonl"
    status, said, _ = called(capsys, "run", "endo-001", "--script", "late", "--transcript", str(out))
    again = called(capsys, "run", "endo-001", "--replay", str(out))

    assert status == 0
    assert "score: 51.8 (fair)" in said
    assert again == (0, said, "")


def test_a_run_is_answered_as_json(folder, capsys):
    status, said, _ = called(capsys, "run", str(folder / "cases" / "endo-001.yaml"), "--script", "nothing", "--json")
    answer = json.loads(said)

    assert (status, answer["percent"], answer["end"]["reason"]) == (0, 0.0, "died")
    assert {one["id"] for one in answer["items"]} >= {"fluids", "h_vt"}


def test_an_unknown_script_and_an_unknown_case_are_named(folder, capsys):
    assert called(capsys, "run", "endo-001", "--script", "lat")[::2] == (
        2,
        'bedside: endo-001 has no script "lat"; did you mean "late"?\n',
    )
    status, _, said = called(capsys, "explain", "endo-009")
    assert status == 2
    assert 'no case "endo-009"' in said


def test_explaining_names_windows_points_and_what_orders_move(folder, capsys):
    status, said, _ = called(capsys, "explain", "endo-001", "--script", "stops_early")

    assert status == 0
    assert "do crystalloid, full until 20m, nothing from 2h" in said
    assert "kcl_iv" in said
    assert "potassium after 10m: k to [5, 4h]" in said
    assert json.loads(called(capsys, "explain", "endo-001", "--json")[1])["orders"]["kcl_iv"]


def test_the_states_are_drawn(folder, capsys, tmp_path):
    out = tmp_path / "states.svg"

    assert called(capsys, "graph", "endo-001", "--out", str(out)) == (0, f"wrote {out}\n", "")
    assert out.read_text().startswith("<svg")
    assert called(capsys, "graph", "endo-001", "--out", str(tmp_path / "no" / "x.svg"))[0] == 2
