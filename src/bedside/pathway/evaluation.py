"""A record asked against every rule on a day: all reasons, never the first alone, and the first day of a yes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bedside.pathway.answer import (
    Answer,
    Due,
    NeedAnswer,
    NeedStatus,
    Reason,
    StateAnswer,
    StateStatus,
    StepAnswer,
    StepStatus,
)
from bedside.pathway.days import day_of
from bedside.pathway.entries import About, CertificateEntry, Place, WhenNotMet
from bedside.pathway.folder import Pathway
from bedside.pathway.moment import Moment, NotKnown
from bedside.pathway.record import Record
from bedside.pathway.requirement import Truth
from bedside.pathway.rule import Rule
from bedside.pathway.turning import Holds, first_day

MAX_ATTEMPTS = "max_attempts"  # the number of a rule from which the attempts left are counted


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

    def step(self, name: str) -> StepAnswer:
        rules = self._rules(About.STEP, name)
        moment = self._moment(name)
        reasons = self._reasons(rules, name)
        status = _step_status(rules, moment)
        earliest = until = None
        if status is StepStatus.NOT_YET:
            earliest = self._first(lambda m: _is_eligible(rules, m), name)
        if status is StepStatus.ELIGIBLE:
            until = self._last(lambda m: _is_eligible(rules, m), name)
        used = len(moment.attempts(name))
        return StepAnswer(
            step=name,
            status=status,
            is_certain=all(one.is_certain and one.is_met is not None for one in reasons),
            earliest=earliest,
            until=until,
            attempts_used=used,
            attempts_left=_attempts_left(rules, moment, used),
            reasons=reasons,
            information=self._information(rules, name),
        )

    def need(self, about: About, name: str) -> NeedAnswer:
        rules = self._rules(about, name)
        is_held = about is About.CERTIFICATE and bool(self._moment().held(name))
        needs = () if is_held else self._reasons(rules, None)
        earliest = self._first(lambda m: _all_met(rules, m), None) if needs else None
        status = NeedStatus.HELD if is_held else NeedStatus.MISSING if needs else NeedStatus.READY
        information = self._information(rules, None)
        return NeedAnswer(name=name, status=status, earliest=earliest, needs=needs, information=information)

    def state(self, place: Place) -> StateAnswer:
        rules = self._rules(About.STATE, place.code)
        truths = _speaking(rules, self._moment())
        reasons = self._reasons(rules, None)
        earliest = None
        status = _state_status(truths, self.on)
        if status is StateStatus.CONDITIONAL:
            earliest = self._first(lambda m: _all_met(rules, m), None)
        return StateAnswer(
            state=place.code,
            name=place.name,
            status=status,
            is_aimed_at=place.code in self.record.goals.states,
            as_of=min((rule.grounds.as_of for rule, _ in truths), default=None),
            ask=place.ask,
            earliest=earliest,
            reasons=reasons,
            information=self._information(rules, None),
        )

    def deadlines(self) -> tuple[Due, ...]:
        """Days from the day asked about on, soonest first."""
        found: list[Due] = []
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

    def certificates_with_rules(self) -> list[CertificateEntry]:
        """Those of which a rule says what they need."""
        return [one for one in self.pathway.certificates if self._rules(About.CERTIFICATE, one.name)]

    def visas(self) -> list[str]:
        """Every visa that a rule names, in the order of the files."""
        named = [name for rule in self.pathway.rules if rule.about is About.VISA for name in rule.of or ()]
        return list(dict.fromkeys(named))

    def _rules(self, about: About, name: str) -> list[Rule]:
        return [rule for rule in self.pathway.rules if rule.speaks_of(about, name)]

    def _moment(self, step: str | None = None) -> Moment:
        return Moment(self.record, self.pathway.exam, self.on.toordinal(), step)

    def _reasons(self, rules: Iterable[Rule], step: str | None) -> tuple[Reason, ...]:
        """Every rule in force that is not met, or of which it is not known."""
        able = [rule for rule in rules if rule.when_not_met is not WhenNotMet.INFORMS]
        return tuple(reason for rule in able if (reason := self._reason(rule, step)) and reason.is_met is not True)

    def _information(self, rules: Iterable[Rule], step: str | None) -> tuple[Reason, ...]:
        """Every rule in force that only informs, and concerns this person as far as is known."""
        said = [(rule, self._reason(rule, step)) for rule in rules if rule.when_not_met is WhenNotMet.INFORMS]
        return tuple(reason for rule, reason in said if reason and (rule.requires is None or reason.is_met is not True))

    def _reason(self, rule: Rule, step: str | None) -> Reason | None:
        """What the rule says; None where it is not in force."""
        moment = self._moment(step)
        if not rule.grounds.is_in_force(moment):
            return None
        truth = rule.ask(moment)
        return Reason(
            rule=rule.id,
            text=rule.text,
            source=rule.grounds.source,
            as_of=rule.grounds.as_of,
            confidence=rule.grounds.confidence.value,
            is_certain=not rule.grounds.is_weak(self.on),
            is_met=truth,
            missing=tuple(sorted(moment.missing)) if truth is None else (),
            note=rule.note,
        )

    def _first(self, holds: Holds, step: str | None) -> date | None:
        found = first_day(holds, self.record, self.pathway.exam, self.on.toordinal(), step)
        return None if found is None else day_of(found)

    def _last(self, holds: Holds, step: str | None) -> date | None:
        """The last day of what holds on the day asked about; None where it never ends."""
        found = first_day(lambda m: not holds(m), self.record, self.pathway.exam, self.on.toordinal(), step)
        return None if found is None else date.fromordinal(found - 1)


def _speaking(rules: Iterable[Rule], moment: Moment) -> list[tuple[Rule, Truth]]:
    """The rules in force that can be against something, and what they say."""
    able = [rule for rule in rules if rule.when_not_met is not WhenNotMet.INFORMS and rule.grounds.is_in_force(moment)]
    return [(rule, rule.ask(moment)) for rule in able]


def _all_met(rules: Iterable[Rule], moment: Moment) -> bool:
    return all(truth is True for _, truth in _speaking(rules, moment))


def _is_passed(moment: Moment) -> bool:
    try:
        return moment.passed(moment.step or "")
    except NotKnown as answer:
        moment.missing.add(answer.field)
        return False


def _is_eligible(rules: Sequence[Rule], moment: Moment) -> bool:
    return not _is_passed(moment) and _all_met(rules, moment)


def _step_status(rules: Sequence[Rule], moment: Moment) -> StepStatus:
    if _is_passed(moment):
        return StepStatus.PASSED
    said = _speaking(rules, moment)
    on = date.fromordinal(moment.day)
    for rule, truth in said:
        if truth is False and rule.when_not_met is WhenNotMet.NEVER and not rule.grounds.is_weak(on):
            return StepStatus.NEVER
    return StepStatus.ELIGIBLE if all(truth is True for _, truth in said) else StepStatus.NOT_YET


def _attempts_left(rules: Iterable[Rule], moment: Moment, used: int) -> int | None:
    """What the smallest limit in force leaves, whatever else stands in the way; None where no rule sets one."""
    limits = [
        int(limit)
        for rule in rules
        if isinstance(limit := rule.values.get(MAX_ATTEMPTS), int) and rule.grounds.is_in_force(moment)
    ]
    return max(min(limits) - used, 0) if limits else None


def _state_status(truths: Sequence[tuple[Rule, Truth]], on: date) -> StateStatus:
    against = [rule for rule, truth in truths if truth is False]
    never = [rule for rule in against if rule.when_not_met is WhenNotMet.NEVER]
    if any(not rule.grounds.is_weak(on) for rule in never):
        return StateStatus.CLOSED
    if never:
        return StateStatus.LIKELY_CLOSED
    its_own = [truth for rule, truth in truths if rule.of is not None]
    doubtful = any(truth is None and rule.when_not_met is WhenNotMet.NEVER for rule, truth in truths)
    if doubtful or all(truth is None for truth in its_own):
        return StateStatus.UNKNOWN
    if any(truth is not True and rule.when_not_met is WhenNotMet.NOT_YET for rule, truth in truths):
        return StateStatus.CONDITIONAL
    certain = all(truth is True and not rule.grounds.is_weak(on) for rule, truth in truths)
    return StateStatus.OPEN if certain else StateStatus.LIKELY_OPEN
