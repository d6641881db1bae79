"""A person's record: what is wrong is said with its line and field, and nothing is answered."""

from __future__ import annotations

import pytest

from bedside.findings import Finding
from bedside.pathway import Record, read_record
from bedside.reading import Source
from tests.pathway.builder import usmle

SOUND = """\
person:
  citizenship: [PK]
  school: {name: "King Edward", country: PK, in_world_directory: true, sponsor_note: true}
  degree: {name: MBBS, date: 2021-05-30}
  kind: img
attempts:
  - {programme: usmle, step: step1, date: 2024-03-02, result: fail}
  - {programme: usmle, step: step2cs, date: 2019-03-02, result: pass}
certificates:
  - {name: oet_medicine, date: 2025-01-15, scores: {listening: 370, reading: 360, speaking: 380, writing: 340}}
  - {name: ecfmg, date: 2025-11-03, expires: 2030-01-01}
training:
  - {start: 2026-07-01, end: 2027-06-30, pgy: 1, accredited: acgme, state: TX}
goals: {specialty: family_medicine, states: [TX, NM], sit: {step2ck: 2026-12-10}}
"""


def read(text: str) -> tuple[Record | None, list[Finding]]:
    return read_record(Source("me.yaml", text), steps=usmle().steps_of_records, certificates=usmle().certificate_names)


def test_a_sound_record_is_read_whole() -> None:
    record, findings = read(SOUND)

    assert findings == []
    assert record is not None
    assert [one.step for one in record.attempts] == ["step1", "step2cs"]
    assert record.person.us_permanent_resident is None
    assert record.goals.states == ("TX", "NM")


@pytest.mark.parametrize(
    ("old", "new", "line", "rule", "text"),
    [
        ("kind: img", "kind: IMG", 5, "record-format", "person.kind"),
        ("kind: img", "kin: img", 5, "record-format", 'unknown key "kin"'),
        ("date: 2021-05-30", "date: 2021-05-32", 4, "record-format", "not a day of the calendar"),
        ("date: 2021-05-30", "date: 30.5.2021", 4, "record-format", "2026-05-14"),
        ("in_world_directory: true", 'in_world_directory: "yes"', 3, "record-format", "in_world_directory"),
        ("step: step1", "step: step4", 7, "unknown-step", 'no step "step4"; did you mean'),
        ("programme: usmle, step: step1", "programme: usmel, step: step1", 7, "unknown-programme", '"usmle"'),
        ("result: fail", "result: failed", 7, "record-format", "attempts.0.result"),
        ("name: ecfmg", "name: ecfgm", 11, "unknown-certificate", 'did you mean "ecfmg"'),
        ("expires: 2030-01-01", "expires: 2020-01-01", 11, "days-reversed", "certificates.1.expires"),
        ("end: 2027-06-30", "end: 2025-06-30", 13, "days-reversed", "training.0.end"),
        ("accredited: acgme", "accredited: ACGME", 13, "record-format", "training.0.accredited"),
    ],
)
def test_each_mistake_names_its_line_and_field(old: str, new: str, line: int, rule: str, text: str) -> None:
    record, findings = read(SOUND.replace(old, new, 1))

    assert record is None
    assert [(one.line, one.rule) for one in findings] == [(line, rule)]
    assert text in findings[0].text


def test_an_empty_record_is_one_of_which_nothing_is_known() -> None:
    record, findings = read("{}")

    assert findings == []
    assert record == Record()
