"""What a journey holds, format bedside-journey/1: a candidate's own record, coarsened to weeks since its start.

Everything about the person is optional. Times are weeks since the first studied day; a day of the calendar stands in it only
where the owner left dates in. All numbers are whole: shares and chances are per mille.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, get_args
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, TypeAdapter

from bedside.delivery import Carried, Count, PublicKey, Signature, read_file, read_json, signed_bytes
from bedside.errors import UsageError
from bedside.journeys.text import without_unseen

JOURNEY_FORMAT = "bedside-journey/1"
WITHDRAWAL_FORMAT = "bedside-journey-withdrawal/1"

Age = Literal["under 25", "25 to 29", "30 to 34", "35 to 39", "40 to 49", "50 and over"]
Years = Literal["still studying", "under 3", "3 to 5", "6 to 10", "11 to 20", "over 20"]
Work = Literal["none", "under 20", "20 to 40", "over 40"]  # hours a week, beside studying
Coaching = Literal["none", "some", "a whole course"]
Career = Literal["medicine", "something else"]  # what somebody worked in before
Tries = Literal["none", "one", "several"]  # of this exam, before the journey
AGES: tuple[Age, ...] = get_args(Age)  # in their order
YEARS_SINCE_GRADUATION: tuple[Years, ...] = get_args(Years)
WORK_HOURS: tuple[Work, ...] = get_args(Work)
COACHING: tuple[Coaching, ...] = get_args(Coaching)
CAREERS: tuple[Career, ...] = get_args(Career)
TRIES: tuple[Tries, ...] = get_args(Tries)

MAX_WEEKS = 1040  # twenty years
MAX_MINUTES = 7 * 24 * 60
MAX_NOTES, MAX_NOTE, MAX_NAME = 500, 2000, 80
MAX_RESULTS = 200
FIRST_YEAR, LAST_YEAR = 1950, 2199
KINDS = ("review", "new", "case", "block")


def _seen(text: str) -> str:
    if text != without_unseen(text):
        raise ValueError("should have no invisible signs, and no space at its ends")
    return text


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise ValueError("should be one line")
    return text


def _day(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        value = date.fromisoformat(value)
    if isinstance(value, date) and FIRST_YEAR <= value.year <= LAST_YEAR:
        return value
    raise ValueError(f"should be a day between {FIRST_YEAR} and {LAST_YEAR} written as 2026-03-02")


def _id(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        raise ValueError("should be a UUID written as 2d0cb841-215a-505d-91bf-0711b66dd9df")
    return value


Id = Annotated[UUID, BeforeValidator(_id)]
PerMille = Annotated[int, Field(ge=0, le=1000)]
Week = Annotated[int, Field(ge=0, lt=MAX_WEEKS)]
Day = Annotated[date, BeforeValidator(_day)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,60}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]  # ISO 3166-1
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]  # ISO 639
Text = Annotated[str, StringConstraints(min_length=1, max_length=MAX_NOTE), AfterValidator(_seen)]
PersonName = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_NAME), AfterValidator(_seen), AfterValidator(_one_line)
]
Minutes = Annotated[int, Field(ge=0, le=MAX_MINUTES)]
Answers = Annotated[int, Field(ge=0, le=100_000)]


@dataclass(frozen=True, slots=True)
class Start(Carried):
    """Where somebody began; None is "not told". Countries are ISO 3166-1, the language is ISO 639."""

    age: Age | None = None
    trained_in: Country | None = None
    years_since_graduation: Years | None = None
    work_hours: Work | None = None
    language: Language | None = None
    level: PerMille | None = None  # right of the first answers, as the record has it; see `LEVEL_ANSWERS`
    coaching: Coaching | None = None
    career: Career | None = None
    tries: Tries | None = None


LEVEL_ANSWERS = 40  # the first so many answers tell the starting level; fewer tell none


@dataclass(frozen=True, slots=True)
class Chance(Carried):
    """The chance to pass that was told at the end of a week, and between which chances it lay; per mille."""

    p: PerMille
    low: PerMille
    high: PerMille


@dataclass(frozen=True, slots=True)
class JourneyWeek(Carried):
    """One week: minutes by kind, on how many days, answers by area. A week in which nothing was done is left out."""

    week: Week
    minutes: dict[Literal["review", "new", "case", "block"], Minutes]
    days: Annotated[int, Field(ge=0, le=7)]
    answers: Answers
    right: Answers
    areas: Annotated[dict[Code, Answers], Field(max_length=100)]
    chance: Chance | None = None

    @property
    def all_minutes(self) -> int:
        return sum(self.minutes.values())


@dataclass(frozen=True, slots=True)
class Result(Carried):
    """A sitting and what came of it: an exam that counts, a full form in Bedside, or a practice test from elsewhere."""

    week: Week
    kind: Literal["exam", "form", "practice_test"]
    step: Code
    outcome: Literal["pass", "fail"] | None = None
    right: PerMille | None = None  # of a form
    on: Day | None = None


@dataclass(frozen=True, slots=True)
class Note(Carried):
    """What the owner wrote on the way, in their words."""

    week: Week
    text: Text
    on: Day | None = None


@dataclass(frozen=True, slots=True)
class Journey(Carried):
    """One person's way to one step. `is_example` says that it is invented: made by a simulated learner."""

    format: Literal["bedside-journey/1"]
    id: Id
    revision: Count
    is_example: bool
    programme: Code
    step: Code
    n_weeks: Annotated[int, Field(ge=1, le=MAX_WEEKS)]
    start: Start
    weeks: Annotated[tuple[JourneyWeek, ...], Field(max_length=MAX_WEEKS)]
    results: Annotated[tuple[Result, ...], Field(max_length=MAX_RESULTS)]
    notes: Annotated[tuple[Note, ...], Field(max_length=MAX_NOTES)]
    public_key: PublicKey
    signature: Signature
    name: PersonName | None = None
    begun_on: Day | None = None
    shared_on: Day | None = None

    @property
    def has_dates(self) -> bool:
        return self.begun_on is not None

    @property
    def minutes(self) -> int:
        return sum(week.all_minutes for week in self.weeks)

    @property
    def exams(self) -> tuple[Result, ...]:
        """The exams that count whose outcome is told, in their order."""
        told = [result for result in self.results if result.kind == "exam" and result.outcome]
        return tuple(sorted(told, key=lambda result: result.week))

    @property
    def outcome(self) -> str | None:
        """How the last exam that counts ended, where one is told."""
        return self.exams[-1].outcome if self.exams else None

    @property
    def n_weeks_to_exam(self) -> int:
        """Weeks up to and with the last exam that counts; afterwards somebody waits for the result. Without one all weeks."""
        return self.exams[-1].week + 1 if self.exams else self.n_weeks


@dataclass(frozen=True, slots=True)
class Withdrawal(Carried):
    """Says that a journey is to be shown no longer; signed by the key that signed the journey."""

    format: Literal["bedside-journey-withdrawal/1"]
    id: Id
    public_key: PublicKey
    signature: Signature


def read_journey(packed: bytes, *, file: str) -> tuple[Journey | Withdrawal, bytes]:
    """What a file holds, and the bytes that its signature is over. Whether the signature fits is for the caller to see.

    Raises:
        BedsideError: the file is neither, or contradicts itself; says where.
    """
    named = read_json(packed, file=file).get("format")
    if isinstance(named, str) and named.startswith("bedside-journey") and named not in (JOURNEY_FORMAT, WITHDRAWAL_FORMAT):
        raise UsageError(f"{file}: it is written as {named}, and this version reads {JOURNEY_FORMAT} and {WITHDRAWAL_FORMAT}")
    if named == WITHDRAWAL_FORMAT:
        withdrawal, told = read_file(Withdrawal, packed, formats=(WITHDRAWAL_FORMAT,), what="withdrawal", file=file)
        return withdrawal, signed_bytes(told)
    journey, told = read_file(Journey, packed, formats=(JOURNEY_FORMAT,), what="journey", file=file)
    for problem in contradictions(journey):
        raise UsageError(f"{file}: {problem}")
    return journey, signed_bytes(told)


def journey_as_dict(journey: Journey | Withdrawal) -> dict[str, Any]:
    """The JSON of a journey; what is not told is left out."""
    told = TypeAdapter(type(journey)).dump_python(journey, mode="json", exclude_none=True)
    return dict(told)


def contradictions(journey: Journey) -> Iterable[str]:
    """What can't be so: weeks out of order or beyond the end, more right than answered, a day where dates are left out."""
    numbers = [week.week for week in journey.weeks]
    if numbers != sorted(set(numbers)):
        yield "its weeks are not in order, each once"
    last = max([*numbers, *(one.week for one in journey.results), *(one.week for one in journey.notes)], default=0)
    if last >= journey.n_weeks:
        yield f"it tells of week {last}, and has {journey.n_weeks}"
    yield from _wrong_results(journey)
    for week in journey.weeks:
        if sum(week.areas.values()) > week.answers:
            yield f"week {week.week}: more answers went to areas than were given"
        if (week.all_minutes or week.answers) and not week.days:
            yield f"week {week.week}: something was done, and on no day"
        if week.all_minutes > week.days * 24 * 60:
            yield f"week {week.week}: more minutes than its days have"
        if week.right > week.answers:
            yield f"week {week.week}: more answers were right than were given"
        if week.chance and not week.chance.low <= week.chance.p <= week.chance.high:
            yield f"week {week.week}: the chance does not lie in its interval"
    days = [journey.shared_on, *(one.on for one in journey.results), *(one.on for one in journey.notes)]
    if not journey.has_dates and any(day is not None for day in days):
        yield "it has a day though its dates are left out"


def _wrong_results(journey: Journey) -> Iterable[str]:
    for name, found in (("results", [one.week for one in journey.results]), ("notes", [one.week for one in journey.notes])):
        if found != sorted(found):
            yield f"its {name} are not in the order of their weeks"
    if any(one.step != journey.step for one in journey.results):
        yield "a result is of another step"
    if journey.begun_on is None:
        return
    if any(one.on is not None and (one.on - journey.begun_on).days // 7 != one.week for one in journey.results):
        yield "the day of a result does not lie in its week"
    if journey.shared_on is not None and journey.shared_on < journey.begun_on:
        yield "it was shared before it began"
