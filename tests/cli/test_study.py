"""`bedside study today`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bedside.cli import BAD_INPUT, run

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _content(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.CONTENT", content)


def test_today_meets_what_is_new_with_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "today", "--minutes", "20"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(": 1 piece, 2 of 20 min")
    assert lines[1].startswith("new      2.5 min  Renal")
    assert "winter formula (" in lines[1]


def test_today_as_json_says_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "today", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["user"], told["zone"], told["minutes"]) == ("learner", "UTC", 30.0)
    (piece,) = told["pieces"]
    assert (piece["kind"], piece["name"]) == ("new", "takeaway:renal.winter_formula")
    assert piece["text"]


def test_today_of_nobody_says_how_to_make_somebody(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "today", "--user", "bob"]) == BAD_INPUT
    assert 'no user is named "bob"' in capsys.readouterr().err


def test_minutes_below_none_are_bad_usage() -> None:
    assert run(["study", "today", "--minutes", "-1"]) == BAD_INPUT
