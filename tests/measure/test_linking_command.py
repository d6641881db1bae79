"""`bedside measure link`: what it answers and writes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bedside.cli import run
from bedside.measure import Link, items_text, link_scales, read_items
from tests.measure.made_items import items_of

ORIGIN = items_of([1.0, 1.3, 0.8, 1.1], [-1.0, 0.0, 1.0, 0.5], ids=("a", "b", "c", "own"))
TARGET = Link(1.2, -0.4).items(
    replace(ORIGIN, difficulty=ORIGIN.difficulty + np.array([0.0, 0.1, 0.0, 0.0]), ids=("a", "b", "c", "new"))
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "x.csv").write_text(items_text(ORIGIN))
    (tmp_path / "y.csv").write_text(items_text(TARGET))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = run(["measure", "link", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


@pytest.mark.parametrize("method", ["mean-mean", "mean-sigma", "haebara", "stocking-lord"])
def test_json_gives_the_line_its_anchors_and_their_drift(folder: Path, capsys, method) -> None:
    status, out, err = answer(capsys, "--from", "x.csv", "--to", "y.csv", "--method", method, "--json")

    told, expected = json.loads(out), link_scales(ORIGIN, TARGET, method=method)
    assert (status, err) == (0, "")
    assert (told["slope"], told["intercept"]) == pytest.approx((expected.link.slope, expected.link.intercept))
    assert told["anchors"] == ["a", "b", "c"]
    assert [one["item"] for one in told["drift"]] == ["a", "b", "c"]
    assert [one["displacement"] for one in told["drift"]] == pytest.approx([one.displacement for one in expected.drift])
    assert told["drift"][0]["se"] is None  # neither file has standard errors


def test_out_writes_the_items_on_the_other_scale(folder: Path, capsys) -> None:
    status, _, _ = answer(capsys, "--from", "x.csv", "--to", "y.csv", "--without", "b", "--out", "linked.csv")

    linked = read_items(folder / "linked.csv")
    assert status == 0
    assert linked.ids == ORIGIN.ids
    np.testing.assert_allclose(linked.difficulty, 1.2 * ORIGIN.difficulty - 0.4, atol=1e-6)


def test_people_are_told_the_line_and_what_was_not_used(folder: Path, capsys) -> None:
    _, out, _ = answer(capsys, "--from", "x.csv", "--to", "y.csv", "--without", "b")
    assert "stocking-lord, 2 anchors: slope 1.2000, intercept -0.4000" in out
    assert next(line for line in out.splitlines() if line.startswith("b ")).endswith("not used")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--from", "x.csv", "--to", "none.csv"], "none.csv"),
        (["--from", "x.csv", "--to", "y.csv", "--without", "own"], "own"),
        (["--from", "x.csv", "--to", "y.csv", "--method", "mean"], "mean"),
        (["--from", "x.csv", "--to", "y.csv", "--without", "a", "--without", "b"], "more anchors"),
    ],
)
def test_a_link_that_cannot_be_had_is_refused_with_status_2(folder: Path, capsys, arguments, said) -> None:
    status, out, err = answer(capsys, *arguments)
    assert (status, out) == (2, "")
    assert said in err
