"""A person's record: what they are, sat, hold and have done, each with its day. What is left out is unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, ConfigDict, Field, Strict, TypeAdapter
from pydantic.dataclasses import dataclass

from bedside.findings import Finding, Severity, has_errors, in_order
from bedside.reading import Document, Source, did_you_mean, parse_yaml, validate

STRICT: Final = ConfigDict(extra="forbid")


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise ValueError("should be a day written as 2026-05-14")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} is not a day of the calendar") from None


Day = Annotated[date, BeforeValidator(_day)]
Text = Annotated[str, Strict(), Field(min_length=1)]
Name = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]*$")]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict(), Field(ge=0)]
Country = Annotated[str, Strict(), Field(pattern=r"^[A-Z]{2}$")]


class Kind(StrEnum):
    """By which road someone comes."""

    US_MD = "us_md"
    US_DO = "us_do"
    CANADIAN = "canadian"
    IMG = "img"


class Result(StrEnum):
    """What became of an attempt."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    INCOMPLETE = "incomplete"
    PENDING = "pending"  # sat, and not yet reported


class Validity(StrEnum):
    """Whether a result stands: a thing of its own, for it can change years later."""

    VALID = "valid"
    UNDER_REVIEW = "under_review"
    INDETERMINATE = "indeterminate"
    INVALIDATED = "invalidated"


class Accreditor(StrEnum):
    """Who accredited a year of training."""

    ACGME = "acgme"
    AOA = "aoa"
    RCPSC = "rcpsc"
    CFPC = "cfpc"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class School:
    """A medical school, as far as rules ask about it."""

    name: Text | None = Field(default=None, description="Its name.")
    country: Country | None = Field(default=None, description="Its country, ISO 3166 code of two letters.")
    in_world_directory: Flag | None = Field(default=None, description="Does the World Directory of Medical Schools list it?")
    sponsor_note: Flag | None = Field(
        default=None, description="Does its entry carry the sponsor note for the year of graduation?"
    )
    lcme: Flag | None = Field(default=None, description="Is it accredited by the LCME?")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Degree:
    """The medical degree."""

    name: Text | None = Field(default=None, description="As on the diploma.")
    date: Day = Field(description="The day on which it was awarded.")
    verified: Flag | None = Field(default=None, description="Did the school itself verify diploma and transcript?")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Person:
    """Who it is, as far as rules ask."""

    born: Day | None = Field(default=None, description="Day of birth.")
    citizenship: tuple[Country, ...] | None = Field(default=None, description="ISO 3166 codes of two letters.")
    us_permanent_resident: Flag | None = Field(default=None, description="Lawful permanent resident of the US?")
    kind: Kind | None = Field(default=None, description="`us_md`, `us_do`, `canadian` or `img`.")
    school: School = Field(default_factory=School, description="The medical school, see School.")
    degree: Degree | None = Field(default=None, description="Absent until awarded, see Degree.")
    identity_established: Flag | None = Field(default=None, description="Is the identity established with Intealth?")
    credit_years: Whole | None = Field(default=None, description="Years of medical education taken for credit.")
    mdphd: Flag | None = Field(default=None, description="Is it a joint degree of doctor of medicine and of philosophy?")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Attempt:
    """One attempt at a step, incomplete ones too."""

    programme: Name = Field(description="The programme.")
    step: Name = Field(description="The step, or one that is no longer given.")
    date: Day = Field(description="The (first) test day.")
    result: Result = Field(description="`pass`, `fail`, `incomplete` or `pending`.")
    validity: Validity = Field(default=Validity.VALID, description="`valid`, `under_review`, `indeterminate` or `invalidated`.")
    validity_from: Day | None = Field(default=None, description="Since when; absent: since the test day.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Held:
    """A certificate."""

    name: Name = Field(description="One that the rules name.")
    date: Day = Field(description="The day of the certificate, or of the test.")
    expires: Day | None = Field(default=None, description="Its last day; absent: it does not expire.")
    scores: Mapping[Name, int | float] = Field(default_factory=dict, description="Scores by name.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Training:
    """A stretch of postgraduate training."""

    start: Day = Field(description="First day.")
    end: Day | None = Field(default=None, description="Last day; absent: it goes on.")
    pgy: Whole | None = Field(default=None, description="Postgraduate year.")
    accredited: Accreditor = Field(description="`acgme`, `aoa`, `rcpsc`, `cfpc` or `none`.")
    state: Country | None = Field(default=None, description="State, two letters.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Goals:
    """What the person is after. No rule reads it."""

    specialty: Name | None = Field(default=None, description="The specialty aimed at.")
    states: tuple[Country, ...] = Field(default=(), description="States aimed at, two letters each.")
    sit: Mapping[Name, Day] = Field(default_factory=dict, description="Step and day on which it is to be sat.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Record:
    """Everything known of a person that a rule can ask about."""

    schema: Literal["record/1"] | None = Field(default=None, description="`record/1`, or nothing.")
    person: Person = Field(default_factory=Person, description="See Person.")
    attempts: tuple[Attempt, ...] = Field(default=(), description="All of them; absent: none. See Attempt.")
    certificates: tuple[Held, ...] = Field(default=(), description="All of them; absent: none. See Held.")
    training: tuple[Training, ...] = Field(default=(), description="All of it; absent: none. See Training.")
    goals: Goals = Field(default_factory=Goals, description="See Goals.")


_RECORD = TypeAdapter(Record)


def read_record(
    source: Source, *, steps: Mapping[str, frozenset[str]], certificates: frozenset[str]
) -> tuple[Record | None, list[Finding]]:
    """The record of a file, or None where a finding is an error; and all findings, each with its line and field.

    `steps` has the steps of each programme that attempts may name, `certificates` those that rules know.

    Raises:
        ReadError: the text is not well-formed YAML, or over a limit.
    """
    document = parse_yaml(source)
    checked = validate(_RECORD, document, rule="record-format")
    record = checked[0]
    findings = [*document.findings, *checked[1]]
    if record is not None:
        findings += check_record(record, document, (), steps=steps, certificates=certificates)
    findings = in_order(set(findings))
    return (None if has_errors(findings) else record), findings


def check_record(
    record: Record,
    document: Document,
    at: tuple[str | int, ...],
    *,
    steps: Mapping[str, frozenset[str]],
    certificates: frozenset[str],
) -> list[Finding]:
    """What is wrong in a record whose fields are sound: names that lead nowhere, days that disagree."""
    findings: list[Finding] = []

    def add(rule: str, path: tuple[str | int, ...], text: str) -> None:
        place = document.place((*at, *path))
        where = ".".join(str(part) for part in path)
        findings.append(Finding(document.file, place.line, place.column, rule, Severity.ERROR, f"{where}: {text}"))

    for index, attempt in enumerate(record.attempts):
        known = steps.get(attempt.programme)
        if known is None:
            hint = did_you_mean(attempt.programme, sorted(steps))
            add("unknown-programme", ("attempts", index, "programme"), f'no programme "{attempt.programme}"{hint}')
        elif attempt.step not in known:
            hint = did_you_mean(attempt.step, sorted(known))
            add("unknown-step", ("attempts", index, "step"), f'the programme has no step "{attempt.step}"{hint}')
        if attempt.validity_from is not None and attempt.validity_from < attempt.date:
            add("days-reversed", ("attempts", index, "validity_from"), f"it is before the attempt on {attempt.date}")
    for index, held in enumerate(record.certificates):
        if held.name not in certificates:
            hint = did_you_mean(held.name, sorted(certificates))
            add("unknown-certificate", ("certificates", index, "name"), f'no rule knows a certificate "{held.name}"{hint}')
        if held.expires is not None and held.expires < held.date:
            add("days-reversed", ("certificates", index, "expires"), f"it is before {held.date}")
    for index, stretch in enumerate(record.training):
        if stretch.end is not None and stretch.end < stretch.start:
            add("days-reversed", ("training", index, "end"), f"it is before {stretch.start}")
    return findings
