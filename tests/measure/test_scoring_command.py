"""`bedside measure score`: what it answers, writes and says."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from bedside.cli import run
from bedside.measure import Responses, items_text, score
from tests.measure.made_items import items_of

ITEMS = items_of([0.8, 1.2, 1.0], [-1.0, 0.0, 1.0], [0.0, 0.2, 0.0], ids=("a", "b", "c"))
TABLE = np.array([[1.0, 1, 1], [0, 0, 0], [1, 0, np.nan]])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "items.csv").write_text(items_text(ITEMS))
    (tmp_path / "wide.csv").write_text("person,a,b,c\nann,1,1,1\nbob,0,0,0\ncy,1,0,\n")
    (tmp_path / "long.csv").write_text("person,item,correct\nann,a,1\nann,b,1\nann,x,0\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = run(["measure", "score", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.parametrize("method", ["eap", "map", "ml", "wle"])
def test_json_gives_each_person_what_the_library_gives(folder: Path, capsys: pytest.CaptureFixture[str], method) -> None:
    status, out, _ = answer(capsys, "wide.csv", "--items", "items.csv", "--method", method, "--cut", "0.5", "--json")

    expected = score(Responses.of_matrix(TABLE, items=ITEMS.ids), ITEMS, method=method, cut=0.5)
    persons = json.loads(out)["persons"]
    assert status == 0
    assert [one["person"] for one in persons] == ["ann", "bob", "cy"]
    for name in ("theta", "se", "p_pass"):
        told = np.array([np.nan if one[name] is None else one[name] for one in persons])
        np.testing.assert_allclose(told, getattr(expected, name))
    assert [one["n_answers"] for one in persons] == [3, 3, 2]
    bounds = ["upper", "lower", None] if method == "ml" else [None] * 3
    assert [one["at_bound"] for one in persons] == bounds


def test_without_a_cut_there_is_no_probability_of_passing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, err = answer(capsys, "wide.csv", "--items", "items.csv", "--json")
    assert {one["p_pass"] for one in json.loads(out)["persons"]} == {None}
    assert err == ""


def test_what_has_no_estimate_or_no_parameters_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = answer(capsys, "long.csv", "--items", "items.csv", "--method", "ml")

    assert status == 0
    assert "left out: 1 answer to 1 item without parameters: x" in err
    assert "1 person without an estimate, put at the upper bound 6" in err
    assert "no estimate, upper bound" in out


def test_out_writes_a_table_with_the_same_numbers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = answer(capsys, "wide.csv", "--items", "items.csv", "--method", "ml", "--cut", "0", "--out", "s.csv", "--json")

    with (folder / "s.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    told = json.loads(out)["persons"]
    assert [{name: "" if one[name] is None else str(one[name]) for name in one} for one in told] == rows


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.csv", "--items", "items.csv"], "none.csv"),
        (["wide.csv", "--items", "none.csv"], "none.csv"),
        (["wide.csv", "--items", "wide.csv"], "wide.csv:1:1"),
        (["wide.csv", "--items", "items.csv", "--method", "best"], "best"),
        (["wide.csv", "--items", "items.csv", "--sd", "0"], "standard deviation"),
        (["wide.csv", "--items", "items.csv", "--out", "no/s.csv"], "no folder"),
    ],
)
def test_bad_input_is_refused_in_words_with_status_2(folder: Path, capsys, arguments, said) -> None:
    status, out, err = answer(capsys, *arguments)
    assert (status, out) == (2, "")
    assert said in err
