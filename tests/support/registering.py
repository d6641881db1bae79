"""An exam of three steps with rules of its own, a candidate and an administrator, and the deeds of an office in short."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from bedside.pathway import Record, record_from
from bedside.site.accounts.models import User
from bedside.site.exam.models import Sitting
from bedside.site.registration.models import OfficeRecord, Registration
from bedside.site.registration.record_rows import names_of_records
from bedside.site.registration.records import keep_record
from bedside.site.registration.registering import register
from bedside.site.registration.required import require_registration
from tests.support.items import write_takeaways
from tests.support.site import AREAS, ITEMS_AN_AREA, write_plain_item
from tests.support.sittings import T0

TODAY = T0.date()
_RECORD = "sources: [page], as_of: 2026-01-01, confidence: high"
STEPS = ("first", "second", "third")

_STEP = """\
  - name: {name}
    title: "{title} step"
    days: {days}
    item_kinds:
      - {{id: kind.{name}, code: one_best_answer, title: "One best answer", form: one_best_answer, {record}}}
    forms:
{forms}
    axes:
      - name: system
        title: "System"
        is_partition: true
        codes: {{renal: "Renal", cardiovascular: "Heart and vessels", blood: "Blood"}}
      - name: competency
        title: "Competency"
        is_partition: true
        codes: {{diagnosis: "Diagnosis", management: "Management"}}
      - name: discipline
        title: "Discipline"
        is_partition: false
        codes: {{physiology: "Physiology", pathology: "Pathology"}}
    marking:
      - {{id: mark.{name}, kinds: [one_best_answer], correct: 1, wrong: 0, {record}}}
    standards:
      - {{id: standard.{name}, kind: none, {record}}}
"""
_FORM = (
    "      - {{id: form.{name}.{day}, day: {day}, layout: [{{blocks: 1, minutes: 10, items_min: 3, items_max: 3}}], {record}}}"
)

_HEAD = f"""\
schema: programme/1
name: exam
title: "The Exam"
owner: "A board"
country: "Nowhere"
summary: "An exam that exists for tests."
checked_on: 2026-01-01
sources:
  page: {{title: "A page", kind: official, url: "https://example.org/page"}}
eligibility:
  - {{id: elig.window, text: "A period holds three months.", values: {{months: 3}}, {_RECORD}}}
steps:
"""

RULES = """\
schema: pathway/1
name: exam
title: "Rules that exist for tests"
programme: exam
checked_on: 2026-01-01
sources: {page: {title: "A page", url: "https://example.org/page", kind: official}}
certificates: [{name: paper, title: "A paper"}]
rules:
  - id: exam.limit
    about: step
    of: all
    when_not_met: never
    text: "At most two attempts at a step."
    sources: [page]
    as_of: 2026-01-01
    confidence: high
    requires: {any: [this_attempts < 2, this_passed]}
    examples:
      - {on: 2026-03-02, of: first, record: {}, comes: met}
      - on: 2026-03-02
        of: first
        record:
          attempts:
            - {programme: exam, step: first, date: 2025-03-02, result: fail}
            - {programme: exam, step: first, date: 2025-09-02, result: fail}
        comes: not_met
        from: never
  - id: exam.no_retake
    about: step
    of: all
    when_not_met: not_yet
    text: "A step that is passed is not taken again."
    sources: [page]
    as_of: 2026-01-01
    confidence: high
    requires: not this_passed
    examples:
      - {on: 2026-03-02, of: first, record: {}, comes: met}
      - on: 2026-03-02
        of: first
        record: {attempts: [{programme: exam, step: first, date: 2025-03-02, result: pass}]}
        comes: not_met
        from: never
  - id: exam.third.degree
    about: step
    of: [third]
    when_not_met: not_yet
    text: "The third step needs the degree."
    sources: [page]
    as_of: 2026-01-01
    confidence: high
    requires: degree_held
    examples:
      - {on: 2026-03-02, record: {person: {degree: {date: 2025-05-30}}}, comes: met}
      - {on: 2026-03-02, record: {person: {degree: {date: 2026-05-30}}}, comes: not_met, from: 2026-05-30}
  - id: exam.third.first
    about: step
    of: [third]
    when_not_met: not_yet
    text: "The third step needs the first."
    sources: [page]
    as_of: 2026-01-01
    confidence: high
    requires: first_passed
    examples:
      - {on: 2026-03-02, record: {attempts: [{programme: exam, step: first, date: 2025-03-02, result: pass}]}, comes: met}
      - {on: 2026-03-02, record: {}, comes: not_met, from: never}
  - id: exam.third.identity
    about: step
    of: [third]
    when_not_met: not_yet
    text: "The third step needs an identity that is established."
    sources: [page]
    as_of: 2026-01-01
    confidence: high
    requires: identity_established
    examples:
      - {on: 2026-03-02, record: {person: {identity_established: true}}, comes: met}
      - {on: 2026-03-02, record: {}, comes: unknown}
  - id: exam.second.old
    about: step
    of: [second]
    when_not_met: not_yet
    text: "The second step needs a paper, as a page said long ago."
    sources: [page]
    as_of: 2020-01-01
    confidence: low
    requires: paper_held
    examples:
      - {on: 2026-03-02, record: {certificates: [{name: paper, date: 2025-01-01}]}, comes: met}
      - {on: 2026-03-02, record: {}, comes: not_met, from: never}
"""


def write_three_steps(folder: Path) -> Path:
    """A content folder with the exam, its rules, and items for each step; the third has two days."""
    (folder / "programmes").mkdir(parents=True)
    steps = ""
    for name in STEPS:
        days = 2 if name == "third" else 1
        forms = "\n".join(_FORM.format(name=name, day=day, record=_RECORD) for day in range(1, days + 1))
        steps += _STEP.format(name=name, title=name.capitalize(), days=days, forms=forms, record=_RECORD)
    (folder / "programmes" / "exam.yaml").write_text(_HEAD + steps, encoding="utf-8")
    (folder / "pathways").mkdir()
    (folder / "pathways" / "exam.yaml").write_text(RULES, encoding="utf-8")
    write_takeaways(folder)
    for area, competency in AREAS.items():
        lines = "".join(
            f"\n  - {{programme: exam, step: {step}, system: {area}, competency: {competency}, discipline: [physiology]}}"
            for step in STEPS
        )
        for number in range(1, ITEMS_AN_AREA + 1):
            write_plain_item(folder, f"{area}-{number:04d}", head={"blueprint": lines})
    return folder


def record(**fields: Any) -> Record:
    """A record in the shape of the file."""
    made, findings = record_from(fields, **names_of_records())
    assert made is not None, findings
    return made


def passed(step: str, day: str = "2025-03-02", **more: Any) -> dict[str, Any]:
    """An attempt that is passed."""
    return {"programme": "exam", "step": step, "date": day, "result": "pass", **more}


def failed(step: str, day: str = "2025-03-02") -> dict[str, Any]:
    """An attempt that is not."""
    return {**passed(step, day), "result": "fail"}


READY: dict[str, Any] = {  # whom nothing keeps from the third step
    "person": {"degree": {"date": "2025-05-30"}, "identity_established": True},
    "attempts": [passed("first"), passed("second", "2025-09-02")],
}


def know(root: User, candidate: User, *, at: datetime = T0, **fields: Any) -> OfficeRecord:
    """The office keeps a record."""
    return keep_record(root, candidate, record(**fields), how="form", reason="a paper", at=at)


def enrol(root: User, candidate: User, step: str = "third", **changes: Any) -> Registration:
    """The office registers somebody from today on."""
    wish: dict[str, Any] = {"programme": "exam", "step": step, "first": TODAY, "last": None, "at": T0, "reason": "applied"}
    return register(root, candidate, **{**wish, **changes})


def require(root: User, *, programme: str = "exam", at: datetime = T0) -> None:
    """Proctored sittings need a registration from now on."""
    require_registration(root, programme, True, reason="we are its office", at=at)


def day_after(n: int) -> date:
    """So many days after the tests begin."""
    return date.fromordinal(TODAY.toordinal() + n)


def sittings_of(user: User) -> list[Sitting]:
    return list(Sitting.objects.filter(user=user).order_by("created_at"))
