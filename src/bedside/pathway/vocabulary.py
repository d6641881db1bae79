"""The names and functions that rules may use, and what each says of a record on a day."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bedside.expressions import Function, Value
from bedside.pathway import days
from bedside.pathway.days import MONTHS_OF_A_YEAR, NEVER
from bedside.pathway.moment import Asked, Exam, Moment, NotKnown
from bedside.pathway.record import Kind, Person

Say = Callable[[Moment], Value]

TRAINING_YEARS = range(1, 8)
AGES = range(16, 46)  # years at which programmes set limits


def _plain(value: object) -> int:
    if isinstance(value, Asked):
        raise ValueError("`on` can only be compared")
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("a day or a whole number is needed")
    return value


def _day(text: str) -> int:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise ValueError("a day is written as 2026-05-14")
    return date.fromisoformat(text).toordinal()


def _days_after(day: int, n: int) -> int:
    return min(_plain(day) + _plain(n), NEVER) if day < NEVER else NEVER


def _months_after(day: int, n: int) -> int:
    return days.months_after(_plain(day), _plain(n))


def _years_after(day: int, n: int) -> int:
    return days.months_after(_plain(day), MONTHS_OF_A_YEAR * _plain(n))


def _start_of_year(day: int) -> int:
    return NEVER if _plain(day) >= NEVER else date(date.fromordinal(day).year, 1, 1).toordinal()


def _end_of_year(day: int) -> int:
    return NEVER if _plain(day) >= NEVER else date(date.fromordinal(day).year, 12, 31).toordinal()


def _earlier(day: int, *others: int) -> int:
    return min(_plain(one) for one in (day, *others))


def _later(day: int, *others: int) -> int:
    return max(_plain(one) for one in (day, *others))


FUNCTIONS: Mapping[str, Function] = {
    "day": _day,
    "days_after": _days_after,
    "months_after": _months_after,
    "years_after": _years_after,
    "start_of_year": _start_of_year,
    "end_of_year": _end_of_year,
    "earlier": _earlier,
    "later": _later,
}


@dataclass(frozen=True, slots=True)
class Names(Mapping[str, Value]):
    """The names of one rule at one moment: the vocabulary, worked out when asked for and once, and what the rule adds.

    `added` are values; `own` are names that are worked out too, and go before the vocabulary.
    """

    vocabulary: Mapping[str, Say]
    moment: Moment
    added: Mapping[str, Value]
    own: Mapping[str, Say] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Value:
        if name in self.added:
            return self.added[name]
        if name in self.own:
            return self.own[name](self.moment)
        known = self.moment.known
        if name not in known:
            known[name] = self.vocabulary[name](self.moment)
        return known[name]

    def __contains__(self, name: object) -> bool:
        return name in self.added or name in self.own or name in self.vocabulary

    def __iter__(self) -> Iterator[str]:
        return iter({*self.added, *self.own, *self.vocabulary})

    def __len__(self) -> int:
        return len({*self.added, *self.own, *self.vocabulary})


def vocabulary(exam: Exam, certificates: Iterable[str]) -> Mapping[str, Say]:
    """Every name that any rule about the exam may use."""
    says: dict[str, Say] = {
        "on": Asked.of,
        "never": lambda moment: NEVER,
        "all_attempts": lambda moment: sum(len(moment.attempts(step)) for step in moment.exam.steps),
        "all_passed": _all_passed,
        "first_passed_on": lambda moment: min(_passed_on(moment, step) for step in moment.exam.steps),
        "last_passed_on": lambda moment: max(_passed_on(moment, step) for step in moment.exam.steps),
        "is_in_training": Moment.is_in_training,
        "is_barred": Moment.is_barred,
        "validation_bar_on": Moment.validation_bar_on,
    }
    for step in (*exam.steps, *exam.former_steps):
        says |= _of_step(step)
    says |= _of_step(None)
    for name in certificates:
        says |= _of_certificate(name)
    for years in TRAINING_YEARS:
        says[f"training_{years}y_on"] = lambda moment, y=years: moment.training_on(y * MONTHS_OF_A_YEAR)  # type: ignore[misc]
    for years in AGES:
        says[f"age_{years}_on"] = lambda moment, y=years: _birthday(moment, y)  # type: ignore[misc]
    return says | _of_person()


def _of_step(named: str | None) -> dict[str, Say]:
    def step(moment: Moment) -> str:
        chosen = named or moment.step
        if chosen is None:
            raise NotKnown("which step is asked about")
        return chosen

    def nth_latest(n: int) -> Say:
        def say(moment: Moment) -> Value:
            attempts = moment.attempts(step(moment))
            return attempts[-n].date.toordinal() if len(attempts) >= n else NEVER

        return say

    def first_on(moment: Moment) -> Value:
        attempts = moment.attempts(step(moment))
        return attempts[0].date.toordinal() if attempts else NEVER

    prefix = named or "this"
    return {
        f"{prefix}_attempts": lambda moment: len(moment.attempts(step(moment))),
        f"{prefix}_passed": lambda moment: moment.passed(step(moment)),
        f"{prefix}_passed_on": lambda moment: _passed_on(moment, step(moment)),
        f"{prefix}_first_on": first_on,
        f"{prefix}_latest_on": nth_latest(1),
        f"{prefix}_third_latest_on": nth_latest(3),
        f"{prefix}_last_passed_on": lambda moment: _last_passed_on(moment, step(moment)),
        f"{prefix}_attempts_needed": lambda moment: _attempts_needed(moment, step(moment)),
        f"{prefix}_attempts_needed_least": lambda moment: _attempts_needed_least(moment, step(moment)),
        f"{prefix}_permit_from": lambda moment: moment.permit(step(moment))[0],
        f"{prefix}_permit_until": lambda moment: moment.permit(step(moment))[1],
    }


def _of_certificate(name: str) -> dict[str, Say]:
    def newest(moment: Moment) -> Value:
        held = moment.held(name)
        return held[-1].date.toordinal() if held else NEVER

    return {f"{name}_held": lambda moment: bool(moment.held(name)), f"{name}_on": newest}


def _of_person() -> dict[str, Say]:
    def known(value: bool | int | None, where: str) -> Value:
        if value is None:
            raise NotKnown(where)
        return value

    def kind(wanted: Kind) -> Say:
        def say(moment: Moment) -> Value:
            found = moment.record.person.kind
            return known(None if found is None else found is wanted, "person.kind")

        return say

    def on_day(field: Callable[[Person], date | None], where: str) -> Say:
        def say(moment: Moment) -> Value:
            day = field(moment.record.person)
            return known(None if day is None else day.toordinal(), where)

        return say

    def citizen(moment: Moment) -> Value:
        countries = moment.record.person.citizenship
        return known(None if countries is None else "US" in countries, "person.citizenship")

    def verified(moment: Moment) -> Value:
        degree = moment.record.person.degree
        return _degree_held(moment) and known(degree.verified if degree else None, "person.degree.verified")

    return {
        **{f"is_{one.value}": kind(one) for one in Kind},
        "is_us_citizen": citizen,
        "is_us_permanent_resident": lambda m: known(m.record.person.us_permanent_resident, "person.us_permanent_resident"),
        "school_in_world_directory": lambda m: known(
            m.record.person.school.in_world_directory, "person.school.in_world_directory"
        ),
        "school_sponsor_note": lambda m: known(m.record.person.school.sponsor_note, "person.school.sponsor_note"),
        "school_lcme": lambda m: known(m.record.person.school.lcme, "person.school.lcme"),
        "identity_established": lambda m: known(m.record.person.identity_established, "person.identity_established"),
        "credit_years": lambda m: known(m.record.person.credit_years, "person.credit_years"),
        "is_mdphd": lambda m: known(m.record.person.mdphd, "person.mdphd"),
        "school_leaving_on": on_day(lambda person: person.school_leaving_on, "person.school_leaving_on"),
        "internship_completed_on": on_day(lambda person: person.internship_completed_on, "person.internship_completed_on"),
        "degree_held": _degree_held,
        "degree_on": lambda m: m.record.person.degree.date.toordinal() if m.record.person.degree else NEVER,
        "degree_verified": verified,
    }


def _degree_held(moment: Moment) -> bool:
    degree = moment.record.person.degree
    return degree is not None and moment.since(degree.date.toordinal())


def _passed_on(moment: Moment, step: str) -> int:
    attempt = moment.first_pass(step)
    return attempt.date.toordinal() if attempt else NEVER


def _last_passed_on(moment: Moment, step: str) -> int:
    """The day of the newest pass that counts; not known while a later result is out."""
    for attempt in reversed(moment.attempts(step)):
        passed = moment.stands(attempt)
        if passed is None:
            raise NotKnown(f"the result of {step} on {attempt.date}")
        if passed:
            return attempt.date.toordinal()
    return NEVER


def _attempts_needed(moment: Moment, step: str) -> int:
    attempt = moment.first_pass(step)
    attempts = moment.attempts(step)
    return attempts.index(attempt) + 1 if attempt else len(attempts) + 1


def _attempts_needed_least(moment: Moment, step: str) -> int:
    """The same if every result that is not known turns out to be a pass."""
    verdicts = [moment.stands(attempt) for attempt in moment.attempts(step)]
    return next((n for n, verdict in enumerate(verdicts, 1) if verdict is not False), len(verdicts) + 1)


def _all_passed(moment: Moment) -> bool:
    verdicts: list[bool] = []
    unknown: NotKnown | None = None
    for step in moment.exam.steps:
        try:
            verdicts.append(moment.passed(step))
        except NotKnown as error:
            unknown = error
    if unknown is not None and False not in verdicts:
        raise unknown
    return unknown is None and all(verdicts)


def _birthday(moment: Moment, years: int) -> int:
    born = moment.record.person.born
    if born is None:
        raise NotKnown("person.born")
    return days.months_after(born.toordinal(), years * MONTHS_OF_A_YEAR)
