"""A candidate's record asked against the rules for a period: what stands against it for sure, and what nobody knows.

A rule that is surely not met closes the step, and nobody can decide otherwise. Of one that is not certain, since its fact is
old or low in confidence, or the record or the source does not say, an administrator can decide, rule by rule. The order of the
steps is no such rule: without the pass or the degree that one asks for nobody is let in, however old its fact has grown.

A result that is awaited or under review is no such case: it will come. So the rules are asked again as if every such result
were a pass that counts, and as if none were; what is surely not met in either world can't be decided on.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bedside.pathway import Pathway, Reason, Record, StepAnswer, StepStatus, check


@dataclass(frozen=True, slots=True)
class DayAnswer:
    """What the rules say of a step on one day. `sure` are the rules that nobody can decide on."""

    on: date
    answer: StepAnswer
    sure: frozenset[str]

    @property
    def against(self) -> tuple[Reason, ...]:
        """What is surely not met."""
        return tuple(one for one in self.answer.reasons if one.rule in self.sure)

    @property
    def doubtful(self) -> tuple[Reason, ...]:
        """What is not certain."""
        return tuple(one for one in self.answer.reasons if one.rule not in self.sure)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say of a period: asked for its first and its last day."""

    programme: str
    step: str
    days: tuple[DayAnswer, ...]
    rules: tuple[Mapping[str, str], ...]  # every rule about the step, with its day and confidence

    @property
    def is_passed(self) -> bool:
        """Is the step passed already?"""
        return any(day.answer.status is StepStatus.PASSED for day in self.days)

    @property
    def is_never(self) -> bool:
        """Is it closed for good?"""
        return any(day.answer.status is StepStatus.NEVER for day in self.days)

    @property
    def against(self) -> tuple[Reason, ...]:
        """What is surely not met on one of the days, each rule once."""
        return _once(one for day in self.days for one in day.against)

    @property
    def doubtful(self) -> tuple[Reason, ...]:
        """What is not certain on one of the days, and surely not met on none."""
        sure = {one.rule for one in self.against}
        return _once(one for day in self.days for one in day.doubtful if one.rule not in sure)

    @property
    def until(self) -> date | None:
        """The last day of eligibility, where that is before the end of the period."""
        found = self.days[0].answer.until
        return found if found is not None and found < self.days[-1].on else None

    @property
    def earliest(self) -> date | None:
        """The first later day of eligibility, where one can be known."""
        return None if self.is_passed or self.is_never else self.days[0].answer.earliest

    @property
    def can_be_decided(self) -> bool:
        """Is what stands in the way uncertain, all of it?"""
        return bool(self.doubtful) and not self.against and not self.is_passed and self.until is None

    def holds(self, overridden: Collection[str] = ()) -> bool:
        """May they sit, when a person has decided on these rules?"""
        is_open = not self.against and not self.is_passed and self.until is None
        return is_open and all(one.rule in overridden for one in self.doubtful)

    def as_dict(self) -> dict[str, Any]:
        """As it is kept with a registration."""
        return {
            "days": [{"on": day.on.isoformat(), **day.answer.as_dict(), "sure": sorted(day.sure)} for day in self.days],
            "rules": [dict(rule) for rule in self.rules],
        }


def judge(pathway: Pathway, record: Record, step: str, *days: date) -> Judgement:
    """What the rules about a step say of a record on these days, in their order."""
    return Judgement(
        programme=pathway.exam.programme,
        step=step,
        days=tuple(_ask(pathway, record, step, on) for on in dict.fromkeys(days)),
        rules=tuple(
            {"rule": rule.id, "as_of": rule.grounds.as_of.isoformat(), "confidence": rule.grounds.confidence.value}
            for rule in pathway.rules
            if rule.of is None or step in rule.of
        ),
    )


def _ask(pathway: Pathway, record: Record, step: str, on: date) -> DayAnswer:
    answer = _answer(pathway, record, step, on)
    worlds = [answer, *(_answer(pathway, world, step, on) for world in _worlds(record, on))]
    order = _order(pathway)
    unmet = [one for world in worlds for one in world.reasons if one.is_met is False]
    sure = {one.rule for one in unmet if one.is_certain or one.rule in order}
    return DayAnswer(on, answer, frozenset(sure & {one.rule for one in answer.reasons}))


def _order(pathway: Pathway) -> frozenset[str]:
    """The rules that ask for a pass of a step, or for the degree."""
    steps = "|".join(re.escape(step) for step in (*pathway.exam.steps, "all"))
    asks = re.compile(rf"\b(?:(?:{steps})_passed|degree_held|degree_on)\b")
    return frozenset(rule.id for rule in pathway.rules if asks.search(rule.written))


def _answer(pathway: Pathway, record: Record, step: str, on: date) -> StepAnswer:
    return next(one for one in check(pathway, record, on).steps if one.step == step)


def _worlds(record: Record, on: date) -> list[Record]:
    """The record as if all that is awaited or under review that day were passes, and as if it were none."""
    if not any(_is_awaited(one, on) or _is_in_review(one, on) for one in record.attempts):
        return []
    return [replace(record, attempts=tuple(_settled(one, on, is_pass) for one in record.attempts)) for is_pass in (True, False)]


def _is_awaited(attempt: Any, on: date) -> bool:
    return attempt.result == "pending" or (attempt.reported is not None and attempt.reported > on)


def _is_in_review(attempt: Any, on: date) -> bool:
    return attempt.validity in ("under_review", "indeterminate") and (attempt.validity_from or attempt.date) <= on


def _settled(attempt: Any, on: date, is_pass: bool) -> Any:
    if _is_awaited(attempt, on):
        return replace(attempt, result=type(attempt.result)("pass" if is_pass else "fail"), reported=None)
    if _is_in_review(attempt, on):
        return replace(attempt, validity=type(attempt.validity)("valid" if is_pass else "invalidated"))
    return attempt


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Each rule once, as it speaks on the first of the days."""
    found: dict[str, Reason] = {}
    for one in reasons:
        found.setdefault(one.rule, one)
    return tuple(found.values())
