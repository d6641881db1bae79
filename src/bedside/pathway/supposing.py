"""What if: a record with things that have not happened, what they change, and which of them can't be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final

from bedside.findings import Finding, Severity
from bedside.pathway.answer import Answer, Plain, StepAnswer, StepStatus
from bedside.pathway.differences import Difference, compare
from bedside.pathway.evaluation import check, check_step
from bedside.pathway.folder import Pathway
from bedside.pathway.record import Accreditor, Attempt, Degree, Held, Record, Result, Training

SUPPOSED: Final = "supposed"  # the name of the file in findings about what is supposed

SUPPOSED_RULES = {
    "supposed-unknown": "In a what-if: it names a step or certificate that does not exist.",
    "supposed-order": "In a what-if: it lies before what the record already says.",
    "supposed-not-eligible": "In a what-if: a step is sat on a day on which a rule forbids it.",
    "supposed-not-known": "In a what-if: whether the step may be sat on that day is not known. A warning.",
}


class SupposedKind(StrEnum):
    """What is supposed to happen."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    INCOMPLETE = "incomplete"
    CERTIFICATE = "certificate"
    DEGREE = "degree"
    TRAINING = "training"  # it begins, and goes on

    @property
    def is_attempt(self) -> bool:
        """Is a step sat?"""
        return self in {SupposedKind.PASS, SupposedKind.FAIL, SupposedKind.INCOMPLETE}


@dataclass(frozen=True, slots=True)
class Supposed:
    """One thing that is supposed to happen on a day. `name` is the step or certificate, and empty for the others."""

    kind: SupposedKind
    name: str
    on: date

    def __post_init__(self) -> None:
        """Plain words are taken for the kind; one that is none raises ValueError."""
        object.__setattr__(self, "kind", SupposedKind(self.kind))

    @property
    def words(self) -> str:
        """As people read it: `fail step1 on 2027-06-15`."""
        return " ".join(part for part in (self.kind.value, self.name, f"on {self.on}") if part)

    def as_dict(self) -> dict[str, Plain]:
        """It as JSON."""
        return {"kind": self.kind.value, "name": self.name, "on": self.on.isoformat()}


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """Two answers of one day, without and with what is supposed. `objections` say what in it can't be; see `objections`."""

    on: date
    supposed: tuple[Supposed, ...]
    before: Answer
    after: Answer
    differences: tuple[Difference, ...]
    objections: tuple[Finding, ...]

    def as_dict(self) -> dict[str, Plain]:
        """It as JSON, without the two whole answers."""
        return {
            "on": self.on.isoformat(),
            "programme": self.after.programme,
            "supposed": [one.as_dict() for one in self.supposed],
            "objections": [{"rule": one.rule, "severity": one.severity.value, "text": one.text} for one in self.objections],
            "differences": [one.as_dict() for one in self.differences],
        }


def suppose(record: Record, supposed: Sequence[Supposed], programme: str) -> Record:
    """The record in which it all happened.

    A result supposed on the day of an attempt whose result is pending is the result of that attempt.
    """
    for one in sorted(supposed, key=lambda one: one.on):
        record = _with(record, one, programme)
    return record


def what_if(pathway: Pathway, record: Record, supposed: Sequence[Supposed], on: date) -> WhatIf:
    """What is answered on that day with and without what is supposed, whether or not it can be.

    Raises:
        ExpressionError: a rule can't be computed for this record.
    """
    before = check(pathway, record, on)
    after = check(pathway, suppose(record, supposed, pathway.exam.programme), on)
    return WhatIf(
        on=on,
        supposed=tuple(supposed),
        before=before,
        after=after,
        differences=compare(before, after),
        objections=objections(pathway, record, supposed),
    )


def objections(pathway: Pathway, record: Record, supposed: Sequence[Supposed]) -> tuple[Finding, ...]:
    """What in it can't be: each a finding whose line is the number of the supposed thing, from 1.

    Each is looked at with what is supposed before it. Only what a rule is known to forbid is an error; what can't be known,
    because the record leaves something out, is a warning.
    """
    found: list[Finding] = []
    numbered = sorted(enumerate(supposed, 1), key=lambda pair: pair[1].on)
    for number, one in numbered:
        for rule, severity, text in _offences(pathway, record, one):
            found.append(Finding(SUPPOSED, number, None, rule, severity, f"{one.words}: {text}"))
        record = _with(record, one, pathway.exam.programme)
    return tuple(found)


def _with(record: Record, one: Supposed, programme: str) -> Record:
    if one.kind.is_attempt:
        return replace(record, attempts=_attempts(record, one, programme))
    if one.kind is SupposedKind.CERTIFICATE:
        return replace(record, certificates=(*record.certificates, Held(name=one.name, date=one.on)))
    if one.kind is SupposedKind.TRAINING:
        return replace(record, training=(*record.training, Training(start=one.on, accredited=Accreditor.ACGME)))
    degree = record.person.degree
    awarded = replace(degree, date=one.on) if degree is not None else Degree(date=one.on)
    return replace(record, person=replace(record.person, degree=awarded))


def _attempts(record: Record, one: Supposed, programme: str) -> tuple[Attempt, ...]:
    result = Result(one.kind.value)
    waiting = _waiting(record, one, programme)
    if waiting is not None:
        return tuple(replace(each, result=result) if each is waiting else each for each in record.attempts)
    return (*record.attempts, Attempt(programme=programme, step=one.name, date=one.on, result=result))


def _waiting(record: Record, one: Supposed, programme: str) -> Attempt | None:
    """The attempt of that day whose result is not out."""
    for each in _sat(record, programme):
        if each.step == one.name and each.date == one.on and each.result is Result.PENDING:
            return each
    return None


def _sat(record: Record, programme: str) -> list[Attempt]:
    return [one for one in record.attempts if one.programme == programme]


_Offence = tuple[str, Severity, str]


def _offences(pathway: Pathway, record: Record, one: Supposed) -> list[_Offence]:
    if one.kind.is_attempt:
        return _offences_of_attempt(pathway, record, one)
    if one.kind is SupposedKind.CERTIFICATE:
        if one.name not in [each.name for each in pathway.certificates]:
            return [("supposed-unknown", Severity.ERROR, f'no rule knows a certificate "{one.name}"')]
        later = [held.date for held in record.certificates if held.name == one.name and held.date >= one.on]
        return [("supposed-order", Severity.ERROR, f"the record has that certificate from {min(later)}")] if later else []
    return []


def _offences_of_attempt(pathway: Pathway, record: Record, one: Supposed) -> list[_Offence]:
    if one.name not in pathway.exam.steps:
        return [("supposed-unknown", Severity.ERROR, f'{pathway.exam.programme} has no step "{one.name}"')]
    if _waiting(record, one, pathway.exam.programme) is not None:
        return []
    later = [each for each in _sat(record, pathway.exam.programme) if each.date >= one.on]
    later = [each for each in later if each.date > one.on or each.step == one.name]
    if later:
        last = max(later, key=lambda each: each.date)
        return [("supposed-order", Severity.ERROR, f"the record already has an attempt at {last.step} on {last.date}")]
    return _forbidden(check_step(pathway, record, one.on, one.name))


def _forbidden(step: StepAnswer) -> list[_Offence]:
    if step.status is StepStatus.ELIGIBLE:
        return []
    against = [reason for reason in step.reasons if reason.is_met is False]
    rules = "; ".join(f"{reason.text} [{reason.rule}]" for reason in against or step.reasons)
    if against:
        return [("supposed-not-eligible", Severity.ERROR, f"it may not be sat on that day: {rules}")]
    return [("supposed-not-known", Severity.WARNING, f"whether it may be sat on that day is not known: {rules}")]
