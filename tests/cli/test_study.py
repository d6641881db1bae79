"""`bedside study`: today, plan, rebuild, set and answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bedside.cli import BAD_INPUT, run
from bedside.site import clock as site_clock
from bedside.site.accounts.queries import user_named
from bedside.site.planning.models import DaySession, KeptPlan
from bedside.site.study.models import StudyReview
from tests.support.plans import write_many
from tests.support.site import PROGRAMME

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 20, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _content(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.CONTENT", content)


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Twenty-four takeaways, and a clock that stands."""
    folder = tmp_path / "many"
    (folder / "programmes").mkdir(parents=True)
    (folder / "takeaways").mkdir()
    (folder / "programmes" / "exam.yaml").write_text(PROGRAMME, encoding="utf-8")
    names = write_many(folder)
    monkeypatch.setattr("django.conf.settings.CONTENT", folder)
    monkeypatch.setattr(site_clock, "now", lambda: NOW)
    return names


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run(["study", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def answers(folder: Path, *lines: dict[str, Any]) -> str:
    path = folder / "answers.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    return str(path)


# --- today ------------------------------------------------------------------------------------------------------------------


def test_today_meets_what_is_new_with_a_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "today", "--minutes", "20"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith(": 1 piece, 2 of 20 min")
    assert lines[1].startswith("new      2.5 min  Renal")
    assert "winter formula" not in lines[1]  # it is what the question asks
    assert lines[-1] == "days kept: 0 in a row, 0 of the last 7; rest days left: 2"


def test_today_as_json_says_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "today")
    assert (found["user"], found["zone"], found["minutes"]) == ("learner", "UTC", 30.0)
    (piece,) = found["pieces"]
    assert (piece["kind"], piece["name"], piece["is_done"]) == ("new", "takeaway:renal.winter_formula", False)
    assert piece["item"]
    assert piece["text"]


def test_today_of_nobody_says_how_to_make_somebody(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["study", "today", "--user", "bob"]) == BAD_INPUT
    assert 'no user is named "bob"' in capsys.readouterr().err


def test_minutes_below_none_are_bad_usage() -> None:
    assert run(["study", "today", "--minutes", "-1"]) == BAD_INPUT


def test_another_day_is_looked_at_and_nothing_of_it_is_kept(capsys: pytest.CaptureFixture[str], many: list[str]) -> None:
    found = told(capsys, "today", "--on", "2027-02-01")
    assert (found["on"], len(found["pieces"]) > 5) == ("2027-02-01", True)
    assert told(capsys, "plan", "--on", "2027-02-01")["on"] == "2027-02-01"
    assert not DaySession.objects.exists()
    assert not KeptPlan.objects.exists()
    assert run(["study", "today", "--on", "soon"]) == BAD_INPUT


# --- a life -----------------------------------------------------------------------------------------------------------------


def test_a_life_can_be_lived_by_the_command_line(capsys: pytest.CaptureFixture[str], many: list[str], tmp_path: Path) -> None:
    held = told(
        capsys, "set", "--programme", "exam", "--step", "first", "--exam-on", "2027-03-20", "--week", "20,20,20,20,20,40,0"
    )
    assert held["weekday_minutes"] == [20, 20, 20, 20, 20, 40, 0]
    on, n_known = (NOW - timedelta(days=10)).date(), []
    for _ in range(8):
        found = told(capsys, "today", "--on", on.isoformat())
        assert found["planned_minutes"] <= found["minutes"]
        n_known.append(sum(piece["kind"] == "review" for piece in found["pieces"]))
        at = datetime(on.year, on.month, on.day, 17, tzinfo=UTC)
        lines: list[dict[str, Any]] = []
        for n, piece in enumerate(found["pieces"]):
            when = (at + timedelta(minutes=2 * n)).isoformat()
            if piece["kind"] == "block":
                lines += [{"item": one, "chosen": "B", "seconds": 60, "timed": True, "at": when} for one in piece["items"]]
            elif piece["item"]:
                lines.append({"item": piece["item"], "chosen": "B", "seconds": 60, "at": when})
            else:
                lines.append({"takeaway": piece["name"].partition(":")[2], "grade": 3, "at": when})
        if lines:
            assert told(capsys, "answer", answers(tmp_path, *lines))["lines"] == len(lines)
        on += timedelta(days=1)
    assert n_known[0] == 0
    assert sum(n_known) > 0
    after = told(capsys, "plan")
    assert after["days_kept"]["n_days"] == 6  # of eight days one is off, and on one there is nothing to do
    assert after["days_kept"]["rest_days_left"] == 2
    assert told(capsys, "today", "--on", (on - timedelta(days=1)).isoformat())["n_missed"] == 0
    assert after["ledger"]["hours"] > 0.5
    assert [week["phase"] for week in after["weeks"]][-1] == "rehearsing"
    assert set(after["score"]) == {"low", "mid", "high", "n_answers"}
    assert after["areas"]["renal"] == "Renal"


def test_a_file_with_a_mistake_says_where_and_keeps_nothing(
    capsys: pytest.CaptureFixture[str], many: list[str], tmp_path: Path
) -> None:
    at = (NOW - timedelta(hours=1)).isoformat()
    file = answers(tmp_path, {"item": "renal-0001", "chosen": "B", "seconds": 9, "at": at}, {"item": "renal-0002", "at": at})
    assert run(["study", "answer", file]) == BAD_INPUT
    assert "line 2: chosen: Field required" in capsys.readouterr().err
    assert not StudyReview.objects.exists()
    assert run(["study", "answer", str(tmp_path / "none.jsonl")]) == BAD_INPUT


# --- set, plan, rebuild -----------------------------------------------------------------------------------------------------


def test_what_is_set_holds_and_is_told(capsys: pytest.CaptureFixture[str], many: list[str]) -> None:
    first = told(capsys, "set", "--minutes", "45", "--day-off", "2027-04-01", "--day-off", "2027-05-01/2027-05-09")
    assert first["weekday_minutes"] == [45] * 7
    assert first["days_off"] == [["2027-04-01", "2027-04-01"], ["2027-05-01", "2027-05-09"]]
    second = told(capsys, "set", "--goal", "exam/first=2028-01-09", "--zone", "America/New_York", "--exam-on", "none")
    assert (second["weekday_minutes"], second["zone"], second["exam_on"]) == ([45] * 7, "America/New_York", None)
    assert second["goals"] == [{"exam": "exam/first", "exam_on": "2028-01-09"}]


@pytest.mark.parametrize(
    "wrong",
    [
        ("--exam-on", "soon"),
        ("--week", "60,60"),
        ("--week", "a,b"),
        ("--minutes", "20", "--week", "60,60,60,60,60,60,60"),
        ("--day-off", "2027-05-09/2027-05-01"),
        ("--goal", "exam"),
        ("--programme", "none", "--step", "first"),
        ("--zone", "Nowhere/City"),
    ],
)
def test_what_cannot_be_set_is_refused(many: list[str], wrong: tuple[str, ...]) -> None:
    assert run(["study", "set", *wrong]) == BAD_INPUT


def test_the_plan_in_words_says_weeks_and_hours(capsys: pytest.CaptureFixture[str], many: list[str]) -> None:
    told(capsys, "set", "--programme", "exam", "--step", "first", "--exam-on", "2027-03-06", "--minutes", "5")
    assert run(["study", "plan"]) == 0
    text = capsys.readouterr().out
    assert "2027-03-01: The Exam: First step, exam on 2027-03-06" in text
    assert "too little to say whether you would pass: new questions answered 0 of 30; share of the exam met 0 of 0.5" in text
    assert "not everything is met by then" in text
    assert "hours so far: 0.0" in text


def test_rebuild_makes_the_plans_of_all_who_study(capsys: pytest.CaptureFixture[str], many: list[str]) -> None:
    told(capsys, "set", "--programme", "exam", "--step", "first", "--exam-on", "2027-05-06")
    assert told(capsys, "rebuild") == {"n_people": 1, "n_failed": 0}
    assert KeptPlan.objects.get().user == user_named("learner")
    assert run(["study", "rebuild", "--user", "bob"]) == BAD_INPUT
