"""A file of `content/pathways/` as it is written: its fields, before names and expressions are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, Strict
from pydantic.dataclasses import dataclass

from bedside.pathway.record import STRICT, Day, Name, Record, Text
from bedside.programme import Confidence, Source

Id = Annotated[str, Strict(), Field(pattern=r"^[a-z0-9_][a-zA-Z0-9_.-]*$")]
Code = Annotated[str, Strict(), Field(pattern=r"^[A-Z]{2}$")]
Number = Annotated[int, Strict()] | Annotated[float, Strict()]


class About(StrEnum):
    """What a rule speaks of."""

    STEP = "step"
    CERTIFICATE = "certificate"
    STATE = "state"
    TRAINING = "training"
    VISA = "visa"


class WhenNotMet(StrEnum):
    """What it means where what a rule asks for is not there."""

    NOT_YET = "not_yet"  # it can still be met
    NEVER = "never"  # nothing mends it
    INFORMS = "informs"  # it is said, and is against nothing
    NOT_NEEDED = "not_needed"  # the certificate or visa that it is about is not needed

    @property
    def is_against(self) -> bool:
        """Can a rule of the kind be against something?"""
        return self in {WhenNotMet.NOT_YET, WhenNotMet.NEVER}


class LimitIs(StrEnum):
    """On which side of a limit a rule is met: where it is met at a limit, so it is at every higher one, or every lower one."""

    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Limit:
    """A number that a place sets: both ends the same where it is known, an end absent where only the other is known."""

    min: Number | None = Field(default=None, description="Lowest value it may have.")
    max: Number | None = Field(default=None, description="Highest value it may have.")
    note: Text | None = Field(default=None, description="As the source words it.")
    is_none: Annotated[bool, Strict()] = Field(default=False, description="There is no limit.")

    @property
    def words(self) -> str:
        """The limit as people read it."""
        if self.note:
            return self.note
        if self.is_none:
            return "no limit"
        ends = sorted({end for end in (self.min, self.max) if end is not None})
        return " to ".join(f"{end:g}" for end in ends) or "unknown"


def _limit(value: object) -> object:
    if value == "none":
        return {"is_none": True}
    if value == "unknown":
        return {}
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"min": value, "max": value}
    if isinstance(value, dict) and "is_none" not in value:
        return value
    if isinstance(value, Limit):
        return value
    raise ValueError("should be a number, `none`, `unknown`, or {min, max, note}")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Row:
    """The limit of one place, with what it rests on."""

    limit: Annotated[Limit, BeforeValidator(_limit)] | None = Field(
        default=None,
        description="A number, `none` (there is no limit), `unknown`, or `{min, max, note}`; absent where the rule asks "
        "the same of every place.",
    )
    sources: tuple[Name, ...] = Field(min_length=1, description="Keys of the file's `sources`.")
    as_of: Day = Field(description="The day on which the source states it, or on which it was checked.")
    confidence: Confidence = Field(description="`high`, `medium` or `low`.")
    valid_from: Day | None = Field(default=None, description="First day in force.")
    valid_to: Day | None = Field(default=None, description="Last day in force.")
    note: Text | None = Field(default=None, description="Doubts, disagreements, exceptions.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Example:
    """A record on a day, and what the rule says of it."""

    on: Day = Field(description="The day asked about.")
    of: Name | None = Field(default=None, description="The step, certificate or visa asked about, where there are several.")
    place: Code | None = Field(default=None, description="The row, where the rule has rows.")
    record: Record = Field(default_factory=Record, description="A record; what it leaves out is unknown.")
    comes: Literal["met", "not_met", "unknown"] = Field(description="`met`, `not_met` or `unknown`.")
    from_: Day | Literal["never"] | None = Field(
        default=None, alias="from", description="With `not_met`: the first day on which it is met, or `never`."
    )
    because: Text | None = Field(default=None, description="Why, in words.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class RuleEntry:
    """A rule."""

    id: Id = Field(description="Unique over all files.")
    about: About = Field(description="`step`, `certificate`, `state`, `training` or `visa`.")
    of: tuple[Name, ...] | Literal["all"] | None = Field(
        default=None, description="Which steps, certificates or visas; `all`; absent where rows name the places."
    )
    when_not_met: WhenNotMet = Field(
        description="`not_yet` (can still be met), `never`, `informs` (against nothing) or `not_needed`."
    )
    requires: Any = Field(default=None, description="What must hold: an expression, or all, any, not, some.")
    text: Text | None = Field(default=None, description="The rule in words; else that of the fact.")
    fact: Id | None = Field(default=None, description="A rule of the programme that gives text, sources, dates and numbers.")
    sources: tuple[Name, ...] = Field(default=(), description="Keys of the file's `sources`, where no fact is named.")
    as_of: Day | None = Field(default=None, description="The day on which it was checked, where no fact is named.")
    confidence: Confidence | None = Field(default=None, description="`high`, `medium` or `low`, where no fact is named.")
    valid_from: Day | None = Field(default=None, description="First day in force; absent: that of the fact, or always.")
    valid_to: Day | None = Field(default=None, description="Last day in force; absent: that of the fact, or still.")
    values: Mapping[Name, Number | Text] = Field(default_factory=dict, description="Numbers and days by name, for `requires`.")
    limit_is: LimitIs | None = Field(default=None, description="With rows: `at_most` or `at_least`.")
    rows: Mapping[Code, Row] = Field(default_factory=dict, description="Place and Row.")
    examples: tuple[Example, ...] = Field(default=(), description="At least two, see Example.")
    note: Text | None = Field(default=None, description="What a reader should know.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class DeadlineEntry:
    """A day by which something must be done."""

    id: Id = Field(description="Unique over all files.")
    what: Text = Field(description="What must be done, or ends.")
    day: Text = Field(description="An expression that gives the day.")
    when: Any = Field(default=None, description="What must hold for it to matter; absent: always.")
    fact: Id | None = Field(default=None, description="A rule of the programme that gives sources, dates and numbers.")
    sources: tuple[Name, ...] = Field(default=(), description="Keys of the file's `sources`, where no fact is named.")
    as_of: Day | None = Field(default=None, description="The day on which it was checked.")
    confidence: Confidence | None = Field(default=None, description="`high`, `medium` or `low`.")
    valid_from: Day | None = Field(default=None, description="First day in force.")
    valid_to: Day | None = Field(default=None, description="Last day in force.")
    values: Mapping[Name, Number | Text] = Field(default_factory=dict, description="Numbers and days by name.")
    note: Text | None = Field(default=None, description="What a reader should know.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class CertificateEntry:
    """A certificate that records and rules may name."""

    name: Name = Field(description="Its name in records and rules.")
    title: Text = Field(description="Its name for people.")
    scores: tuple[Name, ...] = Field(default=(), description="Names of its scores.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Place:
    """A state or territory, and whom to ask."""

    code: Code = Field(description="Two letters.")
    name: Text = Field(description="Its name.")
    ask: Text = Field(description="The board to ask.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ResultsEntry:
    """How late a result may come."""

    fact: Id = Field(description="A rule of the programme that says it.")
    latest_days: Name = Field(description="The name of its number of days from the test to a result at the latest.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class PathwayFile:
    """A file of rules."""

    schema: Literal["pathway/1"] = Field(description="`pathway/1`.")
    name: Name = Field(description="The file's name without `.yaml`.")
    title: Text = Field(description="What it is about.")
    programme: Name = Field(description="The programme whose steps and facts it uses.")
    checked_on: Day = Field(description="The day on which the file was last compared with its sources.")
    sources: Mapping[Name, Source] = Field(default_factory=dict, description="Key and Source of everything that rules name.")
    results: ResultsEntry | None = Field(default=None, description="How late a result may come, see ResultsEntry.")
    former_steps: tuple[Name, ...] = Field(default=(), description="Steps no longer given, whose attempts still count.")
    certificates: tuple[CertificateEntry, ...] = Field(default=(), description="See CertificateEntry.")
    places: tuple[Place, ...] = Field(default=(), description="Every state and territory, see Place.")
    rules: tuple[RuleEntry, ...] = Field(default=(), description="See RuleEntry.")
    deadlines: tuple[DeadlineEntry, ...] = Field(default=(), description="See DeadlineEntry.")
