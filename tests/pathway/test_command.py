"""`bedside pathway`: a record in, an answer out, and a clear line where the record is wrong."""

from __future__ import annotations

import json
import shutil
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


def refused(*arguments: str) -> str:
    """What is said of a call that is refused."""
    with pytest.raises(UsageError) as error:
        CliRunner().invoke(app, [*arguments, "--content", str(CONTENT)], catch_exceptions=False)
    return str(error.value)


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
    # and none of the Match, which is not a resident's
    assert [one["what"] for one in answer["deadlines"]] == ["Last day in your record: ECFMG certificate"]


def test_days_to_keep_have_what_and_source(tmp_path: Path) -> None:
    path = tmp_path / "graduate.yaml"
    path.write_text("person: {kind: img, degree: {date: 2021-05-30}}")

    answer = json.loads(run("check", str(path), "--on", "2026-11-22", "--json"))

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


FAILED = """\
person: {kind: img, school: {in_world_directory: true, sponsor_note: true}, degree: {date: 2021-05-30}}
attempts:
  - {programme: usmle, step: step1, date: 2024-03-02, result: fail}
  - {programme: usmle, step: step1, date: 2024-08-20, result: pass}
goals: {states: [TX], sit: {step2ck: 2027-01-26}}
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    path = tmp_path / "mine.yaml"
    path.write_text(FAILED)
    return str(path)


def test_what_if_shows_only_what_differs_on_the_day_after(mine: str) -> None:
    page = run("what-if", mine, "--fail", "step2ck=2027-01-26")

    assert page.startswith("usmle on 2027-01-27, if: fail step2ck on 2027-01-26")
    assert "step2ck: eligible, 4 attempts left -> eligible, 3 attempts left" in page
    assert "step1" not in page.replace("fail step2ck", "")
    assert "Texas" not in page


def test_what_if_as_json_has_the_differences_of_the_day_asked_for(mine: str) -> None:
    told = json.loads(
        run(
            "what-if", mine, "--pass", "step2ck=2027-01-26", "--certificate", "ecfmg=2027-04-01", "--on", "2027-05-01", "--json"
        )
    )

    assert told["on"] == "2027-05-01"
    assert told["supposed"][1] == {"kind": "certificate", "name": "ecfmg", "on": "2027-04-01"}
    (step3,) = [one for one in told["differences"] if one["name"] == "step3"]
    assert (step3["status_before"], step3["status_after"]) == ("not_yet", "eligible")
    assert {"rule", "text", "source", "as_of"} <= set(step3["gone"][0])


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((), "nothing is supposed"),
        (("--fail", "step2ck"), "step1=2027-06-15"),
        (("--fail", "=2027-01-01"), "step1=2027-06-15"),
        (("--fail", "step2ck=26.1.2027"), "2026-05-14"),
        (("--degree", "2027-02-30"), "no such day"),
        (("--pass", "step3=2027-01-26"), "1 thing in it can't be; nothing was answered"),
        (("--fail", "step1=2024-01-26", "--fail", "step9=2027-01-01"), "2 things in it can't be"),
    ],
)
def test_what_cant_be_supposed_is_refused(mine: str, arguments: tuple[str, ...], text: str) -> None:
    assert text in refused("what-if", mine, *arguments)


def test_the_rule_that_forbids_a_sitting_is_printed(mine: str) -> None:
    result = CliRunner().invoke(app, ["what-if", mine, "--pass", "step3=2027-01-26", "--content", str(CONTENT)])

    assert "error [supposed-not-eligible] pass step3 on 2027-01-26" in result.stderr
    assert "usmle.step3.requires_step2ck" in result.stderr


def test_changes_tells_what_differs_and_what_happened(mine: str) -> None:
    page = run("changes", mine, "--since", "2024-01-01", "--on", "2026-11-29")

    assert page.startswith("From 2024-01-01 to 2026-11-29")
    assert "step1: eligible until 2024-08-19, 4 attempts left -> passed, 2 attempts left" in page
    assert "2024-03-02  record: step1: fail" in page
    assert "2026-02-01  ecfmg.communication came into force" in page


def test_changes_against_older_rules_names_those_that_were_written_anew(mine: str, tmp_path: Path) -> None:
    older = tmp_path / "older"
    shutil.copytree(CONTENT / "programmes", older / "programmes")
    shutil.copytree(CONTENT / "pathways", older / "pathways")
    rules = older / "pathways" / "usmle.yaml"
    rules.write_text(rules.read_text().replace("Step 3 needs Step 1 passed.", "Step 1 comes before Step 3."))

    told = json.loads(run("changes", mine, "--since", "2026-11-29", "--on", "2026-11-29", "--before", str(older), "--json"))

    assert told["differences"] == []
    assert [(one["kind"], one["rule"]) for one in told["causes"]] == [("rule_rewritten", "usmle.step3.requires_step1")]


def test_the_earlier_day_of_changes_comes_first(mine: str) -> None:
    assert "2026-11-30 is after 2026-11-29" in refused("changes", mine, "--since", "2026-11-30", "--on", "2026-11-29")


TRANSCRIPTS = Path(__file__).parents[1] / "data" / "transcripts"


def test_import_writes_a_record_that_check_takes(tmp_path: Path) -> None:
    out = tmp_path / "record.yaml"

    run("import", str(TRANSCRIPTS / "board.json"), "--out", str(out))

    assert out.stat().st_mode & 0o077 == 0
    answer = json.loads(run("check", str(out), "--on", "2026-11-29", "--json"))
    assert [one["status"] for one in answer["steps"][:2]] == ["passed", "passed"]
    assert "is there already" in refused("import", str(TRANSCRIPTS / "board.json"), "--out", str(out))


def test_import_adds_to_a_record_and_names_what_is_not_understood(mine: str) -> None:
    arguments = ["import", str(TRANSCRIPTS / "annotated.json"), "--record", mine, "--content", str(CONTENT)]

    result = CliRunner().invoke(app, arguments, catch_exceptions=False)

    assert result.exit_code == 0
    assert "FLEX1" in result.stderr
    assert "warning [not-on-transcript]" not in result.stderr
    assert "  - {programme: usmle, step: step1, date: 2024-03-02, result: fail}" in result.stdout
    assert "step: step2cs" in result.stdout


def test_import_names_a_conflict_and_keeps_what_the_record_says(tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("attempts: [{programme: usmle, step: step1, date: 2020-03-01, result: fail}]")
    arguments = ["import", str(TRANSCRIPTS / "board.json"), "--record", str(mine), "--content", str(CONTENT)]

    result = CliRunner().invoke(app, arguments)

    assert result.exit_code == 1
    assert "error [attempt-conflict] step1 on 2020-03-01" in result.stderr
    assert "{programme: usmle, step: step1, date: 2020-03-01, result: fail}" in result.stdout


def test_a_file_that_is_no_transcript_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    path.write_text('{"exams": 1}')

    assert "1 mistake; nothing was written" in refused("import", str(path), "--out", str(tmp_path / "out.yaml"))
    assert not (tmp_path / "out.yaml").exists()


def test_a_certificate_that_is_over_says_so(tmp_path: Path) -> None:
    path = tmp_path / "me.yaml"
    path.write_text("person: {kind: img}\ncertificates: [{name: ecfmg, date: 2023-03-01, expires: 2026-06-30}]\n")

    assert "ecfmg: missing, the one in the record expired on 2026-06-30\n" in run("check", str(path), "--on", "2026-11-29")


def test_what_may_be_a_slip_is_told_and_the_record_answered(tmp_path: Path) -> None:
    path = tmp_path / "me.yaml"
    path.write_text("person: {kind: us_md, school: {country: PK}}\n")

    told = run("check", str(path), "--on", "2026-11-29")
    assert "warning [school-differs] person.school.country: the school is in PK, and kind says us_md" in told
    assert "usmle on 2026-11-29" in told


def test_what_no_source_states_is_told_in_plain_words(tmp_path: Path) -> None:
    path = tmp_path / "me.yaml"
    attempts = [("2025-01-10", "fail"), ("2025-06-10", "pass")]
    rows = ", ".join(f"{{programme: usmle, step: step1, date: {day}, result: {result}}}" for day, result in attempts)
    path.write_text(f"person: {{kind: img}}\nattempts: [{rows}]\ngoals: {{states: [VT]}}\n")

    assert "Not known: no source says it." in run("check", str(path), "--on", "2026-11-29")
