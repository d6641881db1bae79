"""A file of `content/timelines/` as it is written: calendars with their known days, and milestones on the road."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Field, Strict
from pydantic.dataclasses import dataclass

from bedside.pathway.entries import Id
from bedside.pathway.record import STRICT, Day, Flag, Name, Text, Whole
from bedside.programme import Confidence, Source

Seasons = Annotated[int, Field(ge=1990, le=2200)]


class MilestoneKind(StrEnum):
    """What sort of thing a milestone is; pages draw a lane for each."""

    STUDY = "study"
    EXAM = "exam"
    RESULT = "result"
    CERTIFICATE = "certificate"
    DOCUMENT = "document"
    APPLICATION = "application"
    SEASON = "season"
    TRAINING = "training"
    LICENCE = "licence"
    VISA = "visa"
    POST = "post"


class Repeats(StrEnum):
    """Where a day of the calendar stands in a year of which nothing is known yet."""

    WEEKDAY_OF_MONTH = "weekday_of_month"  # the first Wednesday of September stays the first Wednesday of September
    SAME_DAY = "same_day"  # 1 July stays 1 July


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class SpanEntry:
    """A length of time."""

    days: Whole = Field(default=0, description="Days.")
    weeks: Whole = Field(default=0, description="Weeks.")
    months: Whole = Field(default=0, description="Months of the calendar.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class DurationEntry:
    """How long something takes."""

    min: SpanEntry | None = Field(default=None, description="The shortest that the source states.")
    typical: SpanEntry = Field(description="What the plan reckons with.")
    max: SpanEntry | None = Field(default=None, description="The longest that the source states.")
    sources: tuple[Name, ...] = Field(min_length=1, description="Keys of the file's `sources`.")
    as_of: Day = Field(description="The day on which the source states it, or on which it was checked.")
    confidence: Confidence = Field(description="`high`, `medium` or `low`.")
    note: Text | None = Field(default=None, description="Doubts, disagreements, exceptions.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class GapEntry:
    """The least time between two milestones."""

    days: Whole = Field(default=0, description="Days.")
    weeks: Whole = Field(default=0, description="Weeks.")
    months: Whole = Field(default=0, description="Months of the calendar.")
    sources: tuple[Name, ...] = Field(min_length=1, description="Keys of the file's `sources`.")
    as_of: Day = Field(description="The day on which the source states it, or on which it was checked.")
    confidence: Confidence = Field(description="`high`, `medium` or `low`.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class AfterEntry:
    """What must be over before."""

    id: Id = Field(description="The milestone that comes before.")
    gap: GapEntry | None = Field(default=None, description="The least time between its end and this start, see Gap.")
    overlap: GapEntry | None = Field(default=None, description="Or: it may begin so long before that ends.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class WindowEntry:
    """Between which days of a calendar it can start."""

    calendar: Name = Field(description="The calendar.")
    opens: Name = Field(description="The day of the calendar on which it opens.")
    closes: Name = Field(description="The last day; the same as `opens` where there is one day.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ChoiceEntry:
    """It belongs to one way of several."""

    of: Name = Field(description="The choice.")
    is_: Name = Field(alias="is", description="The way.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class GivesEntry:
    """What the record will have when it is over: the rules of the pathway are asked with it."""

    pass_: Name | None = Field(default=None, alias="pass", description="A pass of this step.")
    certificate: Name | None = Field(default=None, description="This certificate.")
    scores: Mapping[Name, int | float] = Field(default_factory=dict, description="With these scores.")
    degree: Flag = Field(default=False, description="The medical degree.")
    verified: Flag = Field(default=False, description="The degree verified by the school.")
    identity: Flag = Field(default=False, description="The identity established.")
    training: Flag = Field(default=False, description="Accredited training from its start on.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class CostEntry:
    """What is to be paid."""

    what: Text = Field(description="What for.")
    amount: Whole | Literal["unknown"] = Field(description="In whole units of the currency, or `unknown`.")
    currency: Annotated[str, Strict(), Field(pattern=r"^[A-Z]{3}$")] = Field(default="USD", description="ISO 4217 code.")
    when: Any = Field(default=None, description="For whom; absent: for everybody.")
    sources: tuple[Name, ...] = Field(min_length=1, description="Keys of the file's `sources`.")
    as_of: Day = Field(description="The day on which the source states it, or on which it was checked.")
    confidence: Confidence = Field(description="`high`, `medium` or `low`.")
    note: Text | None = Field(default=None, description="What it depends on.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class MilestoneEntry:
    """One thing on the road."""

    id: Id = Field(description="Unique over all files.")
    title: Text = Field(description="What it is; `{state}` is put in where there is one for each state.")
    kind: MilestoneKind = Field(description="`study`, `exam`, `result` and so on.")
    when: Any = Field(default=None, description="For whom: an expression over the record; absent: for everybody.")
    choice: ChoiceEntry | None = Field(default=None, description="The way to which it belongs, see Choice.")
    unless: ChoiceEntry | None = Field(default=None, description="The way to which it does not belong.")
    visa: Name | None = Field(default=None, description="The visa whose rules are asked.")
    after: tuple[AfterEntry, ...] = Field(default=(), description="What must be over before, see After.")
    duration: DurationEntry | None = Field(default=None, description="How long it takes; absent: a day, see Duration.")
    durations: Mapping[Name, DurationEntry] = Field(default_factory=dict, description="By specialty aimed at.")
    window: WindowEntry | None = Field(default=None, description="When it can start, see Window.")
    done_on: Text | None = Field(default=None, description="An expression that gives the day on which the record has it.")
    done: Any = Field(default=None, description="What holds where it is done, and no day is known.")
    done_if_met: Id | None = Field(default=None, description="The rule of the pathway that is met where it is done.")
    gives: GivesEntry | None = Field(default=None, description="What the record has afterwards, see Gives.")
    asks: Literal["step", "certificate", "state", "visa"] | None = Field(
        default=None, description="The rules of what it gives (or of the state) are asked, and it stands on no day they deny."
    )
    each: Literal["state"] | None = Field(default=None, description="One for each state aimed at.")
    lasts: Literal["training_of_state"] | None = Field(
        default=None, description="It takes as long as the state's rules ask for accredited training."
    )
    runs_on: Flag = Field(default=False, description="Once begun it goes on by itself, whatever day it is today.")
    optional: Flag = Field(default=False, description="It leads nowhere: the end does not wait for it.")
    needs_day: Flag = Field(default=False, description="Only the person knows its day; where it was not said, that is told.")
    costs: tuple[CostEntry, ...] = Field(default=(), description="See Cost.")
    documents: tuple[Text, ...] = Field(default=(), description="Papers that it needs.")
    note: Text | None = Field(default=None, description="What a reader should know.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class KnownDay:
    """A day of a season, as published."""

    day: Day = Field(description="The day.")
    sources: tuple[Name, ...] = Field(min_length=1, description="Keys of the file's `sources`.")
    as_of: Day = Field(description="The day on which the source states it, or on which it was checked.")
    confidence: Confidence = Field(description="`high`, `medium` or `low`.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class DateEntry:
    """A day that comes back each season."""

    what: Text = Field(description="What happens.")
    repeats: Repeats | None = Field(default=None, description="`weekday_of_month` or `same_day`: where it is in later seasons.")
    offset_of: Name | None = Field(default=None, description="Or: so many days from this one, in later seasons.")
    offset_days: int = Field(default=0, description="With `offset_of`.")
    known: Mapping[Seasons, KnownDay] = Field(min_length=1, description="By season, as published; see KnownDay.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class CalendarEntry:
    """Days that come back each year."""

    name: Name = Field(description="Its name in windows.")
    title: Text = Field(description="What a season is called, with `{season}`.")
    is_one_season: Flag = Field(description="Must everything of it fall into one season, as all of one Match does?")
    dates: Mapping[Name, DateEntry] = Field(min_length=1, description="See Date.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class WayEntry:
    """One way of a choice."""

    name: Name = Field(description="Its name.")
    title: Text = Field(description="What it is.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class ChoicesEntry:
    """Where the road forks, and the person decides."""

    name: Name = Field(description="Its name.")
    title: Text = Field(description="What is to be chosen.")
    when: Any = Field(default=None, description="For whom there is a choice; absent: for everybody.")
    ways: tuple[WayEntry, ...] = Field(min_length=2, description="The first is taken where nothing is chosen.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class TimelineFile:
    """A file of milestones."""

    schema: Literal["timeline/1"] = Field(description="`timeline/1`.")
    name: Name = Field(description="The file's name without `.yaml`.")
    title: Text = Field(description="What it is about.")
    programme: Name = Field(description="The programme on whose road it lies.")
    checked_on: Day = Field(description="The day on which the file was last compared with its sources.")
    sources: Mapping[Name, Source] = Field(default_factory=dict, description="Key and Source of all that is named.")
    calendars: tuple[CalendarEntry, ...] = Field(default=(), description="See Calendar.")
    choices: tuple[ChoicesEntry, ...] = Field(default=(), description="See Choices.")
    milestones: tuple[MilestoneEntry, ...] = Field(default=(), description="See Milestone.")
