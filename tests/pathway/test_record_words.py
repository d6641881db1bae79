"""A mistake in a record: its line, its field, and what should stand there instead, in words for whoever wrote it."""

from __future__ import annotations

import pytest

from bedside.findings import Finding, Severity
from bedside.pathway import Record, read_record
from bedside.reading import Source
from tests.pathway.builder import shipped

ATTEMPT = "attempts: [{programme: usmle, step: step1, date: 2024-03-02, result: fail"


def read(text: str) -> tuple[Record | None, list[Finding]]:
    usmle = shipped().get("usmle")
    return read_record(
        Source("me.yaml", text),
        steps=usmle.steps_of_records,
        certificates=usmle.certificate_names,
        scores={one.name: one.scores for one in usmle.certificates},
        places=frozenset(one.code for one in usmle.places),
        with_doubts=True,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("persn: {}", 'unknown key "persn"; did you mean "person"?'),
        ("person: {citizen: [PK]}", 'unknown key "citizen" in person; did you mean "citizenship"?'),
        (
            ATTEMPT + ", score: 245}]",
            'unknown key "score" in attempts.0; the keys here are programme, step, date, result, reported, validity',
        ),
        ("certificates: [{name: ecfmg}]", 'missing key "date" in certificates.0: The day of the certificate, or of the test.'),
        ("permits: [{step: step1, until: 2026-12-01}]", 'missing key "from" in permits.0: Its first day.'),
        ("person: {kind: IMG}", "person.kind: should be us_md, us_do, canadian or img"),
        ("person: {mdphd: yes}", "person.mdphd: should be true or false, without quotes"),
        ("person: {credit_years: 5.5}", "person.credit_years: should be a whole number"),
        ("person: {credit_years: -1}", "person.credit_years: should be 0 or more"),
        ("person: {citizenship: PK}", "person.citizenship: should be a list, as [a, b], or lines that begin with `-`"),
        ("person: {citizenship: [Pakistan]}", "person.citizenship.0: should be two capital letters, as PK"),
        ("person: {school: Aga Khan}", "person.school: should be keys with values, below it: name, country"),
        ("goals: {sit: [step1]}", "goals.sit: should be keys with values, below it, as `key: value`"),
        (
            "certificates: [{name: oet_medicine, date: 2026-01-15, scores: {listening: B}}]",
            "certificates.0.scores.listening: should be a number from 0 to 1,000,000, without quotes",
        ),
        (
            "certificates: [{name: oet_medicine, date: 2026-01-15, scores: {listen: 370}}]",
            'certificates.0.scores.listen: oet_medicine has no score "listen"; it has listening, reading, speaking, writing',
        ),
        ("certificates: [{name: toefl, date: 2026-01-15}]", "known are ecfmg, ecfmg_pathway"),
        ("goals: {states: [ZZ]}", 'goals.states.0: no rule knows a state "ZZ"'),
        (ATTEMPT.replace("step: step1", "step: step2") + "}]", "(its steps: step1, step2ck, step2cs, step3)"),
        ("schema: record/2", "schema: should be record/1"),
        ("", "the file is empty"),
        ("- person", "a record is made of keys such as `person:` and `attempts:`"),
    ],
)
def test_a_mistake_says_what_should_stand_there(text: str, said: str) -> None:
    record, findings = read(text)

    assert record is None
    assert [one.line for one in findings] == [1]
    assert said in findings[0].text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (ATTEMPT + "}, {programme: usmle, step: step1, date: 2024-03-02, result: pass}]", "same-attempt"),
        ("person: {kind: us_md, school: {country: PK}}", "school-differs"),
        ("person: {kind: img, school: {country: US}}", "school-differs"),
    ],
)
def test_what_may_be_a_slip_is_a_warning_and_the_record_is_read(text: str, rule: str) -> None:
    record, findings = read(text)

    assert record is not None
    assert [(one.rule, one.severity) for one in findings] == [(rule, Severity.WARNING)]


@pytest.mark.parametrize("kind", ["us_md", "us_do"])
def test_a_school_where_kind_says_is_no_doubt(kind: str) -> None:
    assert read(f"person: {{kind: {kind}, school: {{country: US}}}}")[1] == []
