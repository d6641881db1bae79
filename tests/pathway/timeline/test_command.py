"""`bedside pathway timeline` as it is called."""

from __future__ import annotations

import json
from pathlib import Path

import icalendar
import pytest

from bedside.cli import run
from tests.pathway.builder import CONTENT

RECORD = """\
person:
  kind: img
  citizenship: [PK]
  us_permanent_resident: false
  school: {in_world_directory: true, sponsor_note: true}
  credit_years: 5
  degree: {date: 2021-05-30, verified: true}
  identity_established: true
goals: {specialty: family_medicine, states: [CT]}
"""


@pytest.fixture
def record(tmp_path: Path) -> Path:
    path = tmp_path / "record.yaml"
    path.write_text(RECORD, encoding="utf-8")
    return path


def called(record: Path, *more: str) -> int:
    return run(["pathway", "timeline", str(record), "--on", "2026-11-29", "--content", str(CONTENT), *more])


def test_the_road_is_told_with_the_critical_path_marked(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(record) == 0
    told = capsys.readouterr().out
    assert "usmle from 2026-11-29, over on 2034-07-01" in told
    (line,) = [one for one in told.splitlines() if one.endswith("(rank_list)")]
    wanted = "* 2028-03-01 2028-03-01 0 days Rank order list certified [2028 Match, projected] (rank_list)"
    assert " ".join(line.split()) == wanted
    assert "  2027-04-29" in told


def test_a_move_is_answered_with_what_follows(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(record, "--move", "step2ck=2028-02-10") == 0
    assert "2028 Match becomes 2029 Match: 1 year later" in capsys.readouterr().out


def test_a_program_gets_everything(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(record, "--json", "--move", "step2ck=2028-02-10", "--choose", "visa=h1b") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["chosen"] == {"visa": "h1b"}
    assert told["follows"]["seasons"][0]["years"] == 1
    assert {one["id"] for one in told["milestones"]} >= {"step1", "visa_h1b", "licence.CT"}


def test_the_days_are_written_as_a_calendar_and_twice_the_same(record: Path, tmp_path: Path) -> None:
    path = tmp_path / "road.ics"
    assert called(record, "--ics", str(path)) == 0
    first = path.read_bytes()
    assert called(record, "--ics", str(path)) == 0
    assert path.read_bytes() == first
    assert "Step 1" in {str(one["SUMMARY"]) for one in icalendar.Calendar.from_ical(first).walk("VEVENT")}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--move", "stp1=2027-01-01"), 'no milestone "stp1"; did you mean "step1"?'),
        (("--move", "step1"), "takes a milestone and a day"),
        (("--move", "step1=soon"), "takes a day written as"),
        (("--choose", "visa=o1"), '"o1" is none of j1, h1b'),
        (("--choose", "viza=j1"), 'no choice "viza"; did you mean "visa"?'),
    ],
)
def test_a_wrong_option_is_refused(record: Path, capsys: pytest.CaptureFixture[str], more: tuple[str, str], words: str) -> None:
    assert called(record, *more) == 2
    assert words in capsys.readouterr().err
