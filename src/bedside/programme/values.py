"""The scalars of a programme file: days, numbers and text, each of which may be `unknown`, and the dated record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import Enum, StrEnum
from typing import Annotated, Any, Final, TypeVar, Union, get_args

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, Strict
from pydantic.dataclasses import dataclass
from pydantic_core import CoreSchema, core_schema

T = TypeVar("T")

STRICT: Final = ConfigDict(extra="forbid", arbitrary_types_allowed=False)


class Unknown(Enum):
    """What no source states. Never a guess, never left out: it is shown as the word."""

    UNKNOWN = "unknown"

    def __str__(self) -> str:
        return self.value


UNKNOWN: Final = Unknown.UNKNOWN


class _OrUnknown:
    """Lets the word `unknown` stand for a value, with one finding, not one for each kind, where neither fits."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        known: Any = Union[tuple(kind for kind in get_args(source) if kind is not Unknown)]  # noqa: UP007

        def check(value: Any, inner: core_schema.ValidatorFunctionWrapHandler) -> Any:
            return UNKNOWN if value == "unknown" or value is UNKNOWN else inner(value)

        return core_schema.no_info_wrap_validator_function(check, handler.generate_schema(known))


def _day(value: object) -> object:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("should be a day written as 2026-05-14")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{value} is not a day of the calendar") from None


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("should be a number")
    return value


def _number_or_text(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or value == "":
        raise ValueError("should be a number or text")
    return value


_Details = int | float | bool | str | tuple[int | float | bool | str, ...]


def _detail(value: object) -> object:
    if not all(isinstance(one, int | float | str) for one in (value if isinstance(value, list | tuple) else [value])):
        raise ValueError("should be a number, a word or a truth value, or a list of them")
    return value


def _some(values: tuple[T, ...]) -> tuple[T, ...]:
    # not pydantic's own minimum: that complains a second time where a member is wrong
    if not values:
        raise ValueError("should have at least one")
    return values


Some = Annotated[tuple[T, ...], AfterValidator(_some)]
Text = Annotated[str, Strict(), Field(min_length=1)]
Name = Annotated[str, Strict(), Field(pattern=r"^[a-z][a-z0-9_]*$")]  # also a part of addresses and of codes in items
Id = Annotated[str, Strict(), Field(pattern=r"^[a-z0-9_][a-z0-9_.-]*$")]
Flag = Annotated[bool, Strict()]
Whole = Annotated[int, Strict(), Field(ge=0)]
Number = Annotated[Annotated[int, Strict()] | Annotated[float, Strict()], BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]
Percent = Annotated[Number, Field(ge=0, le=100)]

NumberOrText = Annotated[int | float | str, BeforeValidator(_number_or_text)]

MaybeText = Annotated[Text | Unknown, _OrUnknown()]
MaybeWhole = Annotated[Whole | Unknown, _OrUnknown()]
MaybeNumber = Annotated[Number | Unknown, _OrUnknown()]
MaybePercent = Annotated[Percent | Unknown, _OrUnknown()]
MaybeDay = Annotated[Day | Unknown, _OrUnknown()]
MaybeValue = Annotated[NumberOrText | Unknown, _OrUnknown()]

# a number, day or word of a rule, for programs; several where the rule names several
Detail = Annotated[Annotated[_Details, BeforeValidator(_detail)] | Unknown, _OrUnknown()] | None


class Confidence(StrEnum):
    """How far a fact is to be trusted, from its sources alone."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class SourceKind(StrEnum):
    """What stands behind a source."""

    OFFICIAL = "official"  # published by the exam's owner, a board or a court
    OFFICIAL_COPY = "official_copy"  # the same, read through a mirror or a transcription
    SECONDARY = "secondary"  # a third party's report
    DERIVED = "derived"  # arithmetic from other records
    GENERAL_KNOWLEDGE = "general_knowledge"  # no page was found; verify before use
    NONE = "none"  # looked for, nothing found


@dataclass(frozen=True, slots=True, config=STRICT)
class Source:
    """Where a fact was read."""

    title: Text = Field(description="Title of the page, with its date where it has one.")
    kind: SourceKind = Field(
        description="`official`, `official_copy` (read through a mirror or transcription), `secondary`, `derived` "
        "(arithmetic), `general_knowledge` (no page found) or `none` (looked for, nothing found)."
    )
    url: Text | None = Field(default=None, description="Its address.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Record:
    """A fact with what it rests on."""

    id: Id = Field(description="Unique in the file.")
    sources: Some[Source] = Field(description="Keys of the file's `sources`; at least one.")
    as_of: Day = Field(description="The day on which the source states it, or on which it was checked.")
    confidence: Confidence = Field(description="`high`, `medium` or `low`.")
    note: Text | None = Field(default=None, description="What a reader should know: doubts, disagreements, derivations.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Dated(Record):
    """A record with the days on which it is in force."""

    valid_from: MaybeDay | None = Field(
        default=None, description="First day in force. Absent: always was. `unknown`: it is never asserted to be in force."
    )
    valid_to: MaybeDay | None = Field(
        default=None, description="Last day in force. Absent: until something else is said. `unknown`: as above."
    )

    def is_in_force(self, on: date) -> bool:
        """Is it known to be in force that day?"""
        if self.valid_from is UNKNOWN or self.valid_to is UNKNOWN:
            return False
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Rule(Dated):
    """A rule in words, with its numbers by name; `bedside.pathway` will add the expressions that evaluate them."""

    text: MaybeText = Field(description="The rule in plain words, or `unknown`.")
    steps: tuple[Name, ...] = Field(default=(), description="Steps it is about; none means all.")
    values: Mapping[Name, Detail] = Field(
        default_factory=dict, description="The rule's numbers, days and words by name, for programs."
    )


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Statement(Record):
    """A short sourced sentence."""

    text: Text = Field(description="The sentence.")
    steps: tuple[Name, ...] = Field(default=(), description="Steps it is about; none means all.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Fact(Dated):
    """A number or a word about the exam."""

    label: Text = Field(description="What it is.")
    value: MaybeValue = Field(description="A number, text, or `unknown`.")
    unit: Text | None = Field(default=None, description="Unit of the number.")
    steps: tuple[Name, ...] = Field(default=(), description="Steps it is about; none means all.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Happening(Record):
    """Something that changed or took place on a day."""

    on: MaybeDay = Field(description="The day.")
    text: Text = Field(description="What changed or took place.")
    steps: tuple[Name, ...] = Field(default=(), description="Steps it is about; none means all.")
    values: Mapping[Name, Detail] = Field(default_factory=dict, description="Its numbers by name, for programs.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Myth(Record):
    """What is often claimed and is not so."""

    claim: Text = Field(description="What is claimed.")
    truth: Text = Field(description="What is so.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Fee(Dated):
    """What something costs."""

    what: Text = Field(description="What is paid for.")
    amount: MaybeNumber = Field(description="The amount, or `unknown`.")
    currency: Annotated[str, Strict(), Field(pattern="^[A-Z]{3}$")] = Field(description="ISO 4217 code.")
    surcharge: MaybeNumber | None = Field(default=None, description="An amount on top.")
    surcharge_for: Text | None = Field(default=None, description="Who pays the surcharge.")
    steps: tuple[Name, ...] = Field(default=(), description="Steps it is for; none means all or none in particular.")
