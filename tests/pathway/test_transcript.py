"""A transcript of the FSMB: what becomes of each status and note, hostile texts, and how it goes into a record."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.findings import Severity
from bedside.pathway import Record, Transcript, merge_transcript, read_transcript
from bedside.reading import Source, read_text
from tests.pathway.builder import ADAPTER, attempt, record

FOLDER = Path(__file__).parents[1] / "data" / "transcripts"


def read(name: str) -> Transcript:
    transcript, findings = read_transcript(read_text(FOLDER / name))
    assert transcript is not None, findings
    return transcript


def exam(**fields: Any) -> dict[str, Any]:
    sound = {"examCode": "STEP1", "examDate": "2024-03-02T00:00:00", "passFailStatus": "Pass", "hasIrregularBehavior": False}
    return {**sound, "scoreAvailableDate": "2024-04-03T00:00:00", **fields}


def told(*exams: Any, **fields: Any) -> tuple[Transcript | None, list[str]]:
    text = json.dumps({"exams": [*exams], **fields})
    transcript, findings = read_transcript(Source("t.json", text))
    return transcript, [f"{one.severity.value} {one.rule}: {one.text}" for one in findings]


def test_a_board_s_transcript_is_read_whole() -> None:
    transcript, findings = read_transcript(read_text(FOLDER / "board.json"))

    assert findings == []
    assert transcript is not None
    assert (transcript.person.name, transcript.person.born) == ("Test Person", date(1990, 1, 1))
    assert [(one.step, one.date.isoformat(), one.result.value) for one in transcript.attempts()] == [
        ("step1", "2020-03-01", "pass"),
        ("step2ck", "2021-03-02", "fail"),
        ("step2ck", "2022-03-03", "pass"),
    ]
    assert {one.reported for one in transcript.attempts()} == {date(2020, 4, 1), date(2021, 4, 1), date(2022, 4, 1)}


def test_every_note_becomes_a_result_or_is_named() -> None:
    transcript, findings = read_transcript(read_text(FOLDER / "annotated.json"))

    assert transcript is not None
    assert [(one.step, one.date.year, one.result.value, one.validity.value) for one in transcript.attempts()] == [
        ("step2cs", 2019, "pass", "valid"),
        ("step1", 2021, "incomplete", "valid"),
        ("step1", 2022, "pass", "valid"),
        ("step2ck", 2022, "pass", "indeterminate"),
        ("step2ck", 2023, "pending", "valid"),
        ("step2ck", 2023, "pending", "valid"),
    ]
    assert {one.severity for one in findings} == {Severity.WARNING}
    rules = [one.rule for one in findings]
    assert [rule for rule in rules if rule != "annotation"] == [
        "no-result",
        "unknown-status",
        "unknown-code",
        "attempts-differ",
    ]
    words = " | ".join(one.text for one in findings)
    for said in (
        "Incomplete",
        "Indeterminate",
        "See the letter of 2020-02-03",
        "Withheld",
        "FLEX1",
        "counts 4 attempts and the",
    ):
        assert said in words


def test_a_name_of_one_part_has_no_first_name_and_an_exam_of_no_step_stays_on_the_transcript() -> None:
    transcript = read("annotated.json")

    assert transcript.person.name == "Sample"
    assert [one.code for one in transcript.exams if one.step is None] == ["FLEX1"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not well-formed JSON"),
        ('"' + '\\"' * 400_000, "not well-formed JSON"),
        ("[]", "the file: should be an object"),
        ("{}", "exams: should be a list"),
        ('{"exams": {}}', "exams: should be a list"),
        ('{"exams": [], "exams": []}', 'the key "exams" is given twice'),
        ('{"exams": [], "fid": NaN}', "NaN is no number"),
        ('{"exams": [], "fid": ' + "9" * 5_000 + "}", "more than 18 digits"),
        ('{"exams": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested deeper than 12"),
        ('{"exams": ' + "[" * 100_000, "nested deeper than 12"),
        ('{"exams": "' + "x" * 1_000_000 + '"}', "more than 1,000,000 characters"),
        ('{"exams": ' + json.dumps([{}] * 201) + "}", "201 are more than 200"),
        ('{"exams": [1]}', "exams.0: should be an object"),
        ('{"exams": [], "examSummary": []}', "examSummary: should be an object"),
        ('{"exams": [], "examSummary": {"step1": {"attempts": true}}}', "examSummary.step1.attempts"),
        ('{"exams": [], "legalName": "x"}', "legalName: should be an object"),
        ('{"exams": [], "identity": {"birthDate": "29.2.1996"}}', "identity.birthDate: should be a day"),
        ('{"exams": [], "usmleId": 12}', "usmleId: should be a text"),
        ('{"exams": [], "usmleId": "a\\u0000b"}', "usmleId: should be a text"),
        ('{"exams": [], "hasNonAdministrativeIrregularBehavior": 1}', "should be true or false"),
        ('{"exams": [], "nonAdministrativeIrregularBehavior": {}}', "should be a list of at most"),
    ],
)
def test_a_text_that_is_no_transcript_is_refused_with_its_field(text: str, says: str) -> None:
    transcript, findings = read_transcript(Source("t.json", text))

    assert transcript is None
    assert {one.rule for one in findings} == {"transcript-format"}
    assert says in findings[0].text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"examDate": "2024-02-30T00:00:00"}, "exams.0.examDate: should be a day"),
        ({"examDate": None}, "exams.0: examCode and examDate are needed"),
        ({"examCode": None}, "exams.0: examCode and examDate are needed"),
        ({"examCode": ["STEP1"]}, "exams.0.examCode: should be a text"),
        ({"note": "x" * 1_001}, "exams.0.note: should be a text of at most 1,000"),
        ({"note": "a\u0007b"}, "exams.0.note"),
        ({"hasIrregularBehavior": "no"}, "exams.0.hasIrregularBehavior: should be true or false"),
        ({"scoreAvailableDate": "2024-03-01T00:00:00"}, "2024-03-01 is before the exam on 2024-03-02"),
        ({"irregularBehavior": ["x"]}, "irregularBehavior: should be an object"),
    ],
)
def test_each_mistake_of_an_exam_names_its_field(fields: dict[str, Any], says: str) -> None:
    transcript, findings = told(exam(**fields))

    assert transcript is None
    assert says in findings[0]


def test_one_exam_twice_is_taken_once_and_two_results_of_one_day_are_refused() -> None:
    transcript, findings = told(exam(), exam())
    assert transcript is not None
    assert len(transcript.attempts()) == 1
    assert "STEP1 on 2024-03-02 stands there twice" in findings[0]

    assert told(exam(), exam(passFailStatus="Fail"))[0] is None


def test_irregular_behavior_that_stands_at_no_exam_is_named() -> None:
    words = [{"description": "Irregular behavior", "note": "2024"}]
    transcript, findings = told(hasNonAdministrativeIrregularBehavior=True, nonAdministrativeIrregularBehavior=words)

    assert transcript is not None
    assert transcript.has_irregular_behavior
    assert "Irregular behavior: 2024" in findings[0]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(st.text() | st.sampled_from(["exams", "examCode", "examDate", "note", "legalName"]), inner)
        ),
    )
)
def test_no_json_makes_the_reader_stumble(value: Any) -> None:
    transcript, findings = read_transcript(Source("t.json", json.dumps({"exams": [value], "identity": value})))

    assert (transcript is None) == any(one.severity is Severity.ERROR for one in findings)


def test_a_new_record_has_the_attempts_and_the_day_of_birth() -> None:
    merged, findings = merge_transcript(Record(), read("board.json"))

    assert findings == []
    assert merged.person.born == date(1990, 1, 1)
    assert [one.step for one in merged.attempts] == ["step1", "step2ck", "step2ck"]
    assert merge_transcript(merged, read("board.json")) == (merged, [])


def test_what_the_record_says_stays_and_a_conflict_is_named() -> None:
    whose = record(
        person={"kind": "img", "born": "1990-01-02"},
        attempts=[attempt("step1", "2020-03-01", "fail"), attempt("step2ck", "2020-09-09", "fail")],
        certificates=[{"name": "ecfmg", "date": "2023-01-01"}],
    )

    merged, findings = merge_transcript(whose, read("board.json"))

    assert [(one.rule, one.severity) for one in findings] == [
        ("attempt-conflict", Severity.ERROR),
        ("not-on-transcript", Severity.WARNING),
        ("birth-conflict", Severity.ERROR),
    ]
    assert "the record says fail and the transcript pass" in findings[0].text
    assert [(one.step, one.date.year, one.result.value) for one in merged.attempts] == [
        ("step1", 2020, "fail"),
        ("step2ck", 2020, "fail"),
        ("step2ck", 2021, "fail"),
        ("step2ck", 2022, "pass"),
    ]
    assert merged.person == whose.person
    assert merged.certificates == whose.certificates


def test_a_result_that_was_pending_is_taken_over_and_said() -> None:
    whose = record(
        attempts=[attempt("step2ck", "2022-03-03", "pending"), attempt("plab1", "2022-03-03", "fail", programme="plab1")]
    )

    merged, findings = merge_transcript(whose, read("board.json"))

    assert [(one.rule, one.severity) for one in findings] == [("result-came", Severity.NOTE)]
    assert [one.result.value for one in merged.attempts if one.date == date(2022, 3, 3)] == ["fail", "pass"]


def test_another_validity_is_a_conflict() -> None:
    sat = attempt("step1", "2020-03-01", "pass", validity="invalidated", validity_from="2024-01-31")

    merged, findings = merge_transcript(record(attempts=[sat]), read("board.json"))

    assert [one.rule for one in findings] == ["attempt-conflict"]
    assert merged.attempts[0].validity.value == "invalidated"


@given(st.lists(st.sampled_from(["2020-03-01", "2021-03-02", "2019-01-01"]), max_size=3, unique=True))
def test_nothing_that_stands_in_a_record_is_lost(days: list[str]) -> None:
    whose = record(attempts=[attempt("step1", day, "fail") for day in days])

    merged, _ = merge_transcript(whose, read("board.json"))

    assert {*whose.attempts} <= {*merged.attempts}
    assert ADAPTER.validate_python(merged) == merged
