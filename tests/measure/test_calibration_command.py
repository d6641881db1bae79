"""`bedside measure calibrate`: what it answers, what it writes, what it says on stderr, and how it fails."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from bedside.cli import run
from bedside.measure import read_items
from tests.measure.made_responses import answers_of, planted_items

CONTRACT = {"model", "n_persons", "n_items", "n_responses", "log_likelihood", "iterations", "converged", "seconds", "items"}
OF_ITEMS = {"item", "discrimination", "difficulty", "guessing", "se_discrimination", "se_difficulty", "se_guessing"}


@pytest.fixture
def responses(tmp_path: Path) -> Path:
    rng = np.random.default_rng(3)
    made = answers_of(rng.normal(size=400), planted_items(8, rng), rng, answered=0.9)
    path = tmp_path / "responses.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["person", "item", "correct", "ward"])
        for person, item, correct in zip(made.person(), made.items[made.item], made.correct, strict=True):
            writer.writerow([f"p{person}", item, correct, "A"])
        writer.writerows([[f"p{n}", "easy", 1, "A"] for n in range(50)])
    return path


def test_the_answer_is_the_contract_and_the_file_holds_the_same_items(
    responses: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "items.csv"

    assert run(["measure", "calibrate", str(responses), "--out", str(out), "--json"]) == 0

    said = capsys.readouterr()
    told = json.loads(said.out)
    assert set(told) >= CONTRACT
    assert all(set(item) == OF_ITEMS for item in told["items"])
    assert (told["model"], told["n_persons"], told["n_items"], told["converged"]) == ("2pl", 400, 8, True)
    assert told["left_out"] == ["easy"]
    assert told["items"][0]["se_guessing"] is None
    written = read_items(out)
    assert written.ids == tuple(item["item"] for item in told["items"])
    assert written.difficulty.tolist() == [item["difficulty"] for item in told["items"]]
    assert "1 item that everybody got right: easy" in said.err
    assert "ward" in said.err


@pytest.mark.parametrize(
    "options",
    [
        ["--model", "rasch"],
        ["--model", "rasch", "--free-population"],
        ["--equal-slopes"],
        ["--model", "3pl", "--prior", "guessing=normal:-1.4,0.5", "--prior", "discrimination=lognormal:0,0.5"],
        ["--nodes", "31", "--range", "-5", "5", "--no-errors"],
        ["--prior", "difficulty=normal:0,2", "--max-cycles", "3"],
    ],
)
def test_models_and_options_are_taken(responses: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "calibrate", str(responses), *options, "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["n_items"] == 8
    assert (told["standard_errors"] == "none") == ("--no-errors" in options)
    assert told["converged"] == ("--max-cycles" not in options)


def test_without_json_people_read_a_table(responses: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["measure", "calibrate", str(responses)]) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("2pl: 400 persons, 8 items, ")
    assert re.fullmatch(r"fingerprint of the answers: [0-9a-f]{32}", lines[1])
    assert len(lines) == 11


def test_several_files_and_folders_are_one_set_of_answers(
    responses: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["measure", "calibrate", str(responses), "--json", "--threads", "1"]) == 0
    whole = json.loads(capsys.readouterr().out)
    head, *lines = responses.read_text(encoding="utf-8").splitlines()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "odd.csv").write_text("\n".join([head, *lines[1::2]]) + "\n", encoding="utf-8")
    (tmp_path / "even.csv").write_text("\n".join([head, *lines[::2]]) + "\n", encoding="utf-8")

    assert run(["measure", "calibrate", str(tmp_path / "even.csv"), str(tmp_path / "folder"), "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert told["fingerprint"] == whole["fingerprint"]
    assert {item["item"] for item in told["items"]} == {item["item"] for item in whole["items"]}
    assert told["log_likelihood"] == pytest.approx(whole["log_likelihood"], rel=1e-9)


def test_anchors_and_groups_come_from_files(responses: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    items, groups = tmp_path / "items.csv", tmp_path / "groups.csv"
    run(["measure", "calibrate", str(responses), "--out", str(items), "--json"])
    first = json.loads(capsys.readouterr().out)
    groups.write_text("person,group\n" + "".join(f"p{n},{'new' if n % 2 else 'old'}\n" for n in range(400)), encoding="utf-8")
    kept = items.read_text(encoding="utf-8").splitlines()[:4]
    items.write_text("\n".join(kept) + "\n", encoding="utf-8")

    assert run(["measure", "calibrate", str(responses), "--anchors", str(items), "--groups", str(groups), "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert [item["difficulty"] for item in told["items"][:3]] == [item["difficulty"] for item in first["items"][:3]]
    assert told["items"][0]["se_difficulty"] is None
    assert [group["group"] for group in told["groups"]] == ["new", "old"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--prior", "guessing=lognormal:0,1"], "of guessing this can be beta or normal"),
        (["--prior", "colour=normal:0,1"], "a prior is of discrimination, difficulty or guessing"),
        (["--prior", "guessing=beta:0.2,5"], "beta prior"),
        (["--free-population"], "anchors"),
        (["--out", "/nowhere/at/all.csv"], "no folder"),
        (["--scratch", "."], "--scratch is for --workers or --scheduler"),
        (["--workers", "2", "--scheduler", "tcp://127.0.0.1:9"], "not both"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    responses: Path, options: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["measure", "calibrate", str(responses), *options]) == 2

    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err.splitlines()[-1]


def test_nothing_is_left_behind_when_it_fails(responses: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bedside.measure.calibrate", interrupted)
    before = sorted(tmp_path.iterdir())

    assert run(["measure", "calibrate", str(responses), "--out", str(tmp_path / "items.csv")]) == 130
    assert sorted(tmp_path.iterdir()) == before
