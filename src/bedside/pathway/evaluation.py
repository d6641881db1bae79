"""A record asked against every rule on a day: all reasons, never the first alone, and the first day of a yes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from bedside.errors import NotFoundError
from bedside.pathway.answer import Answer, Due, NeedAnswer, StateAnswer, StateStatus, StepAnswer, StepStatus
from bedside.pathway.days import day_of
from bedside.pathway.entries import About, CertificateEntry, Place
from bedside.pathway.folder import Pathway
from bedside.pathway.moment import Moment
from bedside.pathway.planning import as_planned
from bedside.pathway.record import Record
from bedside.pathway.rule import Rule
from bedside.pathway.saying import (
    Said,
    all_met,
    attempts_left,
    information,
    is_closed,
    is_eligible,
    need_status,
    not_needed,
    reasons,
    say,
    state_status,
    step_status,
)
from bedside.pathway.turning import Holds, first_day

RECORD = "the record"  # the source of a day that the person wrote down


def check(pathway: Pathway, record: Record, on: date) -> Answer:
    """What stands between this person and each step, certificate, state and visa on that day.

    What the record dates later has not happened on the day, and is used for the first day of a yes.

    Raises:
        ExpressionError: a rule can't be computed for this record.
    """
    asking = _Asking(pathway, record, on)
    return Answer(
        on=on,
        programme=pathway.exam.programme,
        steps=tuple(asking.step(name) for name in pathway.exam.steps),
        certificates=tuple(asking.need(About.CERTIFICATE, one.name) for one in asking.certificates_with_rules()),
        states=tuple(asking.state(place) for place in pathway.places),
        visas=tuple(asking.need(About.VISA, name) for name in asking.visas()),
        deadlines=asking.deadlines(),
    )


def check_step(pathway: Pathway, record: Record, on: date, step: str) -> StepAnswer:
    """One step of `check` alone: what is asked before someone is registered for it.

    Raises:
        NotFoundError: the programme has no such step.
        ExpressionError: a rule can't be computed for this record.
    """
    if step not in pathway.exam.steps:
        raise NotFoundError(f'{pathway.exam.programme} has no step "{step}"; it has: {", ".join(pathway.exam.steps)}')
    return _Asking(pathway, record, on).step(step)


def states(pathway: Pathway, record: Record, on: date) -> tuple[StateAnswer, ...]:
    """The states, best first: by status, then by how little is not known, then by how lately it was checked."""
    asking = _Asking(pathway, record, on)
    order = list(StateStatus)

    def rank(one: StateAnswer) -> tuple[int, int, int, str]:
        return order.index(one.status), len(one.unknown), -(one.as_of or date.min).toordinal(), one.name

    return tuple(sorted((asking.state(place) for place in pathway.places), key=rank))


@dataclass(frozen=True, slots=True)
class _Asking:
    pathway: Pathway
    record: Record
    on: date
    moments: dict[str | None, Moment] = field(default_factory=dict)

    def step(self, name: str) -> StepAnswer:
        rules = self.pathway.rules_about(About.STEP, name)
        moment = self._moment(name)
        said = say(rules, moment)
        status = step_status(said, moment, self.on)
        against = reasons(said, self.on)
        earliest = until = closes = if_planned = None
        if status is StepStatus.NOT_YET:
            first = _against_first(rules, said)
            earliest = self._first(lambda m: is_eligible(first, m), name)
            if_planned = self._if_planned(rules, name, earliest)
        if status is StepStatus.ELIGIBLE:
            until = self._last(lambda m: is_eligible(rules, m), name)
        if status in {StepStatus.NOT_YET, StepStatus.ELIGIBLE}:
            closes = self._first(lambda m: is_closed(rules, m, self.on), name)
        used = len(moment.attempts(name))
        return StepAnswer(
            step=name,
            title=self.pathway.title_of(name),
            status=status,
            is_certain=all(one.is_certain and one.is_met is not None for one in against),
            earliest=earliest,
            until=until,
            closes=closes,
            if_planned=if_planned,
            attempts_used=used,
            attempts_left=attempts_left(said, used),
            reasons=against,
            information=information(said, self.on),
        )

    def _if_planned(self, rules: Iterable[Rule], name: str, earliest: date | None) -> date | None:
        planned = as_planned(self.pathway, self.record, self.on, name)
        if planned is None:
            return None
        ordinal = first_day(lambda m: is_eligible(rules, m), planned, self.pathway.exam, self.on.toordinal(), name)
        found = None if ordinal is None else day_of(ordinal)
        return None if found == earliest else found

    def need(self, about: About, name: str) -> NeedAnswer:
        rules = self.pathway.rules_about(about, name)
        said = say(rules, self._moment())
        is_held = about is About.CERTIFICATE and bool(self._moment().held(name))
        is_over = is_held or bool(not_needed(said))
        needs = () if is_over else reasons(said, self.on)
        first = _against_first(rules, said)
        return NeedAnswer(
            name=name,
            title=self.pathway.title_of(name),
            status=need_status(said, needs, is_held=is_held),
            earliest=self._first(lambda m: all_met(first, m), None) if needs else None,
            needs=needs,
            information=information(not_needed(said) or said, self.on),
            expired_on=self._moment().expired_on(name) if about is About.CERTIFICATE and not is_held else None,
        )

    def state(self, place: Place) -> StateAnswer:
        rules = self.pathway.rules_about(About.STATE, place.code)
        said = say(rules, self._moment())
        status = state_status(said, self.on)
        earliest = None
        if status is StateStatus.CONDITIONAL:
            first = _against_first(rules, said)
            earliest = self._first(lambda m: all_met(first, m), None)
        return StateAnswer(
            state=place.code,
            name=place.name,
            status=status,
            is_aimed_at=place.code in self.record.goals.states,
            as_of=_oldest(said),
            ask=place.ask,
            earliest=earliest,
            reasons=reasons(said, self.on),
            information=information(said, self.on),
        )

    def deadlines(self) -> tuple[Due, ...]:
        """Days from the day asked about on, soonest first: those of the rules, and the last days of what is held."""
        found = self._last_days()
        for deadline in self.pathway.deadlines:
            ordinal = deadline.on(self._moment())
            day = None if ordinal is None or ordinal < self.on.toordinal() else day_of(ordinal)
            if day is not None:
                grounds = deadline.grounds
                found.append(
                    Due(
                        id=deadline.id,
                        day=day,
                        what=deadline.what,
                        source=grounds.source,
                        as_of=grounds.as_of,
                        is_certain=not grounds.is_weak(self.on),
                    )
                )
        return tuple(sorted(found, key=lambda one: (one.day, one.id)))

    def _last_days(self) -> list[Due]:
        """The last day of each certificate, of several of a name the latest; of one that does not end there is none."""
        found: list[Due] = []
        for name in dict.fromkeys(one.name for one in self.record.certificates):
            held = self._moment().held(name)
            if held and all(one.expires for one in held):
                last = max(held, key=lambda one: one.expires or date.min)
                assert last.expires is not None
                what = f"Last day in your record: {self.pathway.title_of(name)}"
                found.append(
                    Due(id=f"{name}.expires", day=last.expires, what=what, source=RECORD, as_of=last.date, is_certain=True)
                )
        return found

    def certificates_with_rules(self) -> list[CertificateEntry]:
        """Those of which a rule says what they need."""
        return [one for one in self.pathway.certificates if self.pathway.rules_about(About.CERTIFICATE, one.name)]

    def visas(self) -> list[str]:
        """Every visa that a rule names, in the order of the files."""
        named = [name for rule in self.pathway.rules if rule.about is About.VISA for name in rule.of or ()]
        return list(dict.fromkeys(named))

    def _moment(self, step: str | None = None) -> Moment:
        # one for all: what it has looked up in the record need not be looked up for every state again
        if step not in self.moments:
            self.moments[step] = Moment(self.record, self.pathway.exam, self.on.toordinal(), step)
        return self.moments[step]

    def _first(self, holds: Holds, step: str | None) -> date | None:
        found = first_day(holds, self.record, self.pathway.exam, self.on.toordinal(), step)
        return None if found is None else day_of(found)

    def _last(self, holds: Holds, step: str | None) -> date | None:
        """The last day of what holds on the day asked about; None where it never ends."""
        found = first_day(lambda m: not holds(m), self.record, self.pathway.exam, self.on.toordinal(), step)
        return None if found is None else date.fromordinal(found - 1)


def _oldest(said: Iterable[Said]) -> date | None:
    return min((one.rule.grounds.as_of for one in said if not one.informs), default=None)


def _against_first(rules: Iterable[Rule], said: Iterable[Said]) -> list[Rule]:
    """The rules, those first that are against now: as long as one of them is, no other need be asked."""
    against = {one.rule.id for one in said if one.is_against}
    return sorted(rules, key=lambda rule: rule.id not in against)
