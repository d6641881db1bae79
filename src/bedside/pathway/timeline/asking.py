"""What the rules of the pathway say of a day on the road: the first and the last day on which none of them says no.

No rule is written here. The record is taken as it will be when everything that comes before is over, and the rules are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bedside.pathway.entries import About
from bedside.pathway.folder import Pathway
from bedside.pathway.moment import Moment, NotKnown
from bedside.pathway.record import Accreditor, Attempt, Degree, Held, Record, Result, Training
from bedside.pathway.rule import Rule
from bedside.pathway.timeline.entries import GivesEntry
from bedside.pathway.turning import first_day

DAYS_OF_A_YEAR = 366  # at most: a day more is a year begun


@dataclass(frozen=True, slots=True)
class Said:
    """A rule against a day, or of which it is not known whether it is. `missing` is what the record does not say."""

    rule: str
    text: str
    is_known: bool
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Given:
    """What becomes true on the road: `gives` at a start and an end."""

    gives: GivesEntry
    start: date
    end: date


def record_with(record: Record, given: Iterable[Given], *, programme: str, on: date) -> Record:
    """The record as it will be when all that is given is there."""
    for one in given:
        gives = one.gives
        if gives.pass_ is not None:
            record = replace(
                record, attempts=(*_settled(record, gives.pass_, one.start), _pass(programme, gives.pass_, one.start))
            )
        if gives.certificate is not None:
            held = Held(name=gives.certificate, date=one.end, scores=gives.scores)
            record = replace(record, certificates=(*record.certificates, held))
        if gives.degree:
            degree = record.person.degree
            degree = replace(degree, date=one.end) if degree is not None else Degree(date=one.end)
            credit = _credit_years(record, one.end, on)
            record = replace(record, person=replace(record.person, degree=degree, credit_years=credit))
        if gives.verified:
            degree = record.person.degree or Degree(date=on)
            record = replace(record, person=replace(record.person, degree=replace(degree, verified=True)))
        if gives.identity:
            record = replace(record, person=replace(record.person, identity_established=True))
        if gives.training:
            record = replace(record, training=(*_trained(record, on), *_further(record, one.start, on)))
    return record


def _credit_years(record: Record, graduation: date, on: date) -> int | None:
    """Years of medical education by the day of graduation: those of today, and each year begun until then."""
    years = record.person.credit_years
    return None if years is None else years + max(-(-(graduation - on).days // DAYS_OF_A_YEAR), 0)


def _pass(programme: str, step: str, day: date) -> Attempt:
    return Attempt(programme=programme, step=step, date=day, result=Result.PASS)


def _settled(record: Record, step: str, day: date) -> tuple[Attempt, ...]:
    """The attempts without a result that is still out and is supposed to be this pass."""
    return tuple(one for one in record.attempts if not (one.step == step and one.result is Result.PENDING and one.date == day))


def _trained(record: Record, on: date) -> tuple[Training, ...]:
    """The training of the record; what is under way is supposed to go on."""
    return tuple(
        replace(one, end=None) if one.accredited is Accreditor.ACGME and (one.end is None or one.end >= on) else one
        for one in record.training
    )


def _further(record: Record, start: date, on: date) -> tuple[Training, ...]:
    """Training from the start on, where none is under way."""
    goes_on = any(one.accredited is Accreditor.ACGME and (one.end is None or one.end >= on) for one in record.training)
    return () if goes_on else (Training(start=start, accredited=Accreditor.ACGME),)


@dataclass(frozen=True, slots=True)
class Question:
    """A day of a step, certificate or state, asked of the rules with a record."""

    pathway: Pathway
    record: Record
    about: About
    name: str
    only: str = ""  # rules whose id begins so

    @property
    def rules(self) -> Sequence[Rule]:
        """The rules that can be against it."""
        rules = self.pathway.rules_about(self.about, self.name)
        return [rule for rule in rules if rule.when_not_met.is_against and rule.id.startswith(self.only)]

    def first(self, day: date) -> date | None:
        """The first day from `day` on that no rule denies; None where there is none.

        Where every rule can be met the first such day is taken: what a state asks for "two or three" years of is not known to
        be enough before the third. Where that never comes, the first day on which none says no.
        """
        rules = self.rules
        sure = self._first(day, lambda moment: all(rule.ask(moment) is True for rule in _in_force(rules, moment)))
        return sure or self._first(day, lambda moment: not _denied(rules, moment))

    def last(self, first: date, day: date) -> date:
        """The last day from `first` to `day` on which no rule says no; `first` is such a day."""
        rules = self.rules
        found, start = first, first
        while True:
            ends = self._first(start, lambda moment: _denied(rules, moment))
            if ends is None or ends > day:
                return day
            found = date.fromordinal(ends.toordinal() - 1)
            again = self._first(ends, lambda moment: not _denied(rules, moment))
            if again is None or again > day:
                return found
            start = again

    def said(self, day: date) -> tuple[Said, ...]:
        """Every rule that denies the day, or of which it is not known."""
        found: list[Said] = []
        for rule in self.rules:
            moment = self._moment(day)
            if not rule.grounds.is_in_force(moment):
                continue
            truth = rule.ask(moment)
            if truth is not True:
                missing = tuple(sorted(moment.missing)) if truth is None else ()
                found.append(Said(rule.id, rule.text, truth is False, missing))
        return tuple(found)

    def _moment(self, day: date) -> Moment:
        step = self.name if self.about is About.STEP else None
        return Moment(self.record, self.pathway.exam, day.toordinal(), step)

    def _first(self, day: date, holds: Callable[[Moment], bool]) -> date | None:
        step = self.name if self.about is About.STEP else None
        found = first_day(holds, self.record, self.pathway.exam, day.toordinal(), step)
        return None if found is None or found >= date.max.toordinal() else date.fromordinal(found)


def _in_force(rules: Iterable[Rule], moment: Moment) -> list[Rule]:
    return [rule for rule in rules if rule.grounds.is_in_force(moment)]


def _denied(rules: Iterable[Rule], moment: Moment) -> bool:
    return any(rule.ask(moment) is False for rule in _in_force(rules, moment))


def passed_on(record: Record, pathway: Pathway, step: str, on: date) -> date | None:
    """The day of the pass that counts on the day; a result that is out counts as a pass that is supposed."""
    moment = Moment(record, pathway.exam, on.toordinal(), step)
    try:
        found = moment.first_pass(step)
    except NotKnown:
        found = next((one for one in moment.attempts(step) if one.result is Result.PENDING), None)
    return found.date if found is not None else None
