"""`bedside pathway`: a record in, an answer out, and a clear line where the record is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bedside.cli.pathway import app
from bedside.errors import UsageError
from tests.pathway.builder import CONTENT
from tests.pathway.test_record import SOUND


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, [*arguments, "--content", str(CONTENT)], catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


@pytest.fixture
def record(tmp_path: Path) -> str:
    path = tmp_path / "me.yaml"
    path.write_text(SOUND)
    return str(path)


def test_check_answers_with_the_fields_of_the_contract(record: str) -> None:
    answer = json.loads(run("check", record, "--on", "2026-11-22", "--json"))

    assert (answer["on"], answer["programme"]) == ("2026-11-22", "usmle")
    assert [one["step"] for one in answer["steps"]] == ["step1", "step2ck", "step3"]
    assert {"step", "status", "earliest", "attempts_used", "attempts_left", "reasons"} <= set(answer["steps"][2])
    assert {"rule", "text", "source", "as_of", "confidence"} <= set(answer["steps"][2]["reasons"][0])
    assert {"name", "status", "needs"} <= set(answer["certificates"][0])
    assert {"state", "status", "as_of", "ask", "reasons"} <= set(answer["states"][0])
    assert {"date", "what", "source"} <= set(answer["deadlines"][0])


def test_check_shows_people_each_reason_with_its_source(record: str) -> None:
    page = run("check", record, "--on", "2026-11-22")

    assert "step3: not yet" in page
    assert "usmle.step3.requires_step1" in page
    assert "2026-09-28" in page
    assert "New Mexico" in page


def test_states_ranks_every_state(record: str) -> None:
    ranked = json.loads(run("states", record, "--on", "2026-11-22", "--json"))["states"]

    assert len(ranked) >= 51
    assert {one["state"] for one in ranked if one["goal"]} == {"TX", "NM"}


def test_a_record_with_a_mistake_is_not_answered(tmp_path: Path) -> None:
    path = tmp_path / "me.yaml"
    path.write_text(SOUND.replace("kind: img", "kind: IMG"))

    with pytest.raises(UsageError, match="1 mistake; nothing was answered"):
        run("check", str(path), "--on", "2026-11-22")


@pytest.mark.parametrize("day", ["22.11.2026", "2026-02-30"])
def test_a_day_that_is_none_is_refused(record: str, day: str) -> None:
    with pytest.raises(UsageError, match="--on"):
        run("check", record, "--on", day)


def test_a_record_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.yaml can't be read"):
        run("check", str(tmp_path / "none.yaml"))
