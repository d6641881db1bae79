"""A person's record: what they are, sat, hold and have done, each with its day. What is left out is unknown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, ConfigDict, Field, Strict
from pydantic.dataclasses import dataclass

STRICT: Final = ConfigDict(extra="forbid")

MAX_SCORE: Final = 1_000_000  # no test reports more; a number without an end would not survive being written down


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
Score = (
    Annotated[int, Strict(), Field(ge=0, le=MAX_SCORE)]
    | Annotated[float, Strict(), Field(ge=0, le=MAX_SCORE, allow_inf_nan=False)]
)


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


class BarReason(StrEnum):
    """Why someone is barred from the exams of a programme."""

    IRREGULAR_BEHAVIOR = "irregular_behavior"
    VALIDATION_EXAMINATION = "validation_examination"  # failed, after a result had been invalidated
    OTHER = "other"


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
    school_leaving_on: Day | None = Field(
        default=None, description="The day on which the final school examination (class 12 or its like) was or will be passed."
    )
    degree: Degree | None = Field(default=None, description="Absent until awarded, see Degree.")
    internship_completed_on: Day | None = Field(
        default=None, description="The day on which the internship after the degree was or will be complete."
    )
    identity_established: Flag | None = Field(default=None, description="Is the identity established with Intealth?")
    credit_years: Whole | None = Field(default=None, description="Years of medical education taken for credit.")
    mdphd: Flag | None = Field(default=None, description="Is it a joint degree of doctor of medicine and of philosophy?")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Attempt:
    """One attempt at a step, incomplete ones too."""

    programme: Name = Field(description="The programme, as `usmle`.")
    step: Name = Field(description="The step, or one that is no longer given.")
    date: Day = Field(description="The (first) test day.")
    result: Result = Field(description="`pass`, `fail`, `incomplete` or `pending`.")
    reported: Day | None = Field(
        default=None,
        description="The day on which the result came out; before it, it is pending. Absent: the test day.",
    )
    validity: Validity = Field(default=Validity.VALID, description="`valid`, `under_review`, `indeterminate` or `invalidated`.")
    validity_from: Day | None = Field(default=None, description="Since when; absent: since the test day.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Held:
    """A certificate."""

    name: Name = Field(description="One that the rules name.")
    date: Day = Field(description="The day of the certificate, or of the test.")
    expires: Day | None = Field(default=None, description="Its last day; absent: it does not expire.")
    scores: Mapping[Name, Score] = Field(default_factory=dict, description="Scores by name.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Training:
    """A stretch of postgraduate training."""

    start: Day = Field(description="First day.")
    end: Day | None = Field(default=None, description="Last day; absent: it goes on.")
    pgy: Whole | None = Field(default=None, description="Postgraduate year.")
    accredited: Accreditor = Field(description="`acgme`, `aoa`, `rcpsc`, `cfpc` or `none`.")
    state: Country | None = Field(default=None, description="State, two letters.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Permit:
    """A period in which a step may be sat, as the registration office gave it out."""

    step: Name = Field(description="The step.")
    from_: Day = Field(alias="from", description="Its first day.")
    until: Day = Field(description="Its last day, an extension included.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Bar:
    """A time in which a programme does not let the person sit."""

    programme: Name = Field(description="The programme.")
    from_: Day = Field(alias="from", description="Its first day.")
    until: Day | None = Field(default=None, description="Its last day; absent: none is known.")
    reason: BarReason | None = Field(
        default=None, description="`irregular_behavior`, `validation_examination` (failed) or `other`."
    )


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Goals:
    """What the person is after. No rule reads it; `sit` is what `if_planned` of a step rests on."""

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
    permits: tuple[Permit, ...] = Field(default=(), description="Eligibility periods; absent: none known. See Permit.")
    bars: tuple[Bar, ...] = Field(default=(), description="Absent: none known. See Bar.")
    goals: Goals = Field(default_factory=Goals, description="See Goals.")
