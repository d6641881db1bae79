"""What rules say at a moment, and the status that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from bedside.pathway.answer import NeedStatus, Reason, StateStatus, StepStatus
from bedside.pathway.entries import WhenNotMet
from bedside.pathway.moment import Moment, NotKnown
from bedside.pathway.requirement import Truth
from bedside.pathway.rule import Rule

MAX_ATTEMPTS = "max_attempts"  # the number of a rule from which the attempts left are counted


@dataclass(frozen=True, slots=True)
class Said:
    """What one rule in force says, and what it would have to know."""

    rule: Rule
    truth: Truth
    missing: tuple[str, ...]

    @property
    def informs(self) -> bool:
        """Is it against nothing?"""
        return not self.rule.when_not_met.is_against

    @property
    def is_told(self) -> bool:
        """Is it told as information? Where it concerns the person, as far as is known."""
        return self.informs and (self.rule.requires is None or self.truth is not True)

    @property
    def is_against(self) -> bool:
        """Is it a reason? Where it is not met, or that is not known."""
        return not self.informs and self.truth is not True

    def reason(self, on: date) -> Reason:
        """It as a reason on the day asked about."""
        grounds = self.rule.grounds
        return Reason(
            rule=self.rule.id,
            text=self.rule.text,
            source=grounds.source,
            as_of=grounds.as_of,
            confidence=grounds.confidence.value,
            is_certain=not grounds.is_weak(on),
            is_met=self.truth,
            missing=self.missing,
            note=self.rule.note,
        )


def say(rules: Iterable[Rule], moment: Moment) -> list[Said]:
    """Every rule in force, asked."""
    return [_say(rule, moment) for rule in rules if rule.grounds.is_in_force(moment)]


def _say(rule: Rule, moment: Moment) -> Said:
    moment.missing.clear()
    truth = rule.ask(moment)
    return Said(rule, truth, tuple(sorted(moment.missing)) if truth is None else ())


def reasons(said: Iterable[Said], on: date) -> tuple[Reason, ...]:
    """Every rule that is not met, or of which it is not known."""
    return tuple(one.reason(on) for one in said if one.is_against)


def information(said: Iterable[Said], on: date) -> tuple[Reason, ...]:
    """Every rule that only informs, and concerns this person as far as is known."""
    return tuple(one.reason(on) for one in said if one.is_told)


def all_met(rules: Iterable[Rule], moment: Moment) -> bool:
    """Is every rule in force met that can be against something?"""
    able = (rule for rule in rules if rule.when_not_met.is_against)
    return all(rule.ask(moment) is True for rule in able if rule.grounds.is_in_force(moment))


def is_passed(moment: Moment) -> bool:
    """Does a pass count, as far as is known?"""
    try:
        return moment.passed(moment.step or "")
    except NotKnown:
        return False


def is_eligible(rules: Iterable[Rule], moment: Moment) -> bool:
    """May the step be sat?"""
    return not is_passed(moment) and all_met(rules, moment)


def is_forbidden(rules: Iterable[Rule], moment: Moment) -> bool:
    """Is the step passed, or some rule known not to be met?"""
    able = (rule for rule in rules if rule.when_not_met.is_against)
    return is_passed(moment) or any(rule.ask(moment) is False for rule in able if rule.grounds.is_in_force(moment))


def is_closed(rules: Iterable[Rule], moment: Moment, on: date) -> bool:
    """Can the step never be sat any more, by a rule whose fact is certain on the day asked about?"""
    able = (rule for rule in rules if rule.when_not_met is WhenNotMet.NEVER and not rule.grounds.is_weak(on))
    return not is_passed(moment) and any(rule.ask(moment) is False for rule in able if rule.grounds.is_in_force(moment))


def step_status(said: Sequence[Said], moment: Moment, on: date) -> StepStatus:
    """How someone stands with the step of the moment."""
    if is_passed(moment):
        return StepStatus.PASSED
    against = [one for one in said if one.is_against]
    for one in against:
        if one.truth is False and one.rule.when_not_met is WhenNotMet.NEVER and not one.rule.grounds.is_weak(on):
            return StepStatus.NEVER
    return StepStatus.NOT_YET if against else StepStatus.ELIGIBLE


def not_needed(said: Iterable[Said]) -> list[Said]:
    """The rules by which a certificate or visa is not needed; none where it is, or where that is not known."""
    return [one for one in said if one.truth is False and one.rule.when_not_met is WhenNotMet.NOT_NEEDED]


def need_status(said: Iterable[Said], needs: Sequence[Reason], *, is_held: bool) -> NeedStatus:
    """How someone stands with a certificate or visa."""
    if is_held:
        return NeedStatus.HELD
    if not_needed(said):
        return NeedStatus.NOT_NEEDED
    return NeedStatus.MISSING if needs else NeedStatus.READY


def attempts_left(said: Iterable[Said], used: int) -> int | None:
    """What the smallest limit in force leaves, whatever else stands in the way; None where no rule sets one."""
    limits = [int(limit) for one in said if isinstance(limit := one.rule.values.get(MAX_ATTEMPTS), int)]
    return max(min(limits) - used, 0) if limits else None


def state_status(everything: Iterable[Said], on: date) -> StateStatus:
    """How a state stands open."""
    said = [one for one in everything if not one.informs]
    never = [one for one in said if one.truth is False and one.rule.when_not_met is WhenNotMet.NEVER]
    if any(not one.rule.grounds.is_weak(on) for one in never):
        return StateStatus.CLOSED
    if never:
        return StateStatus.LIKELY_CLOSED
    its_own = [one.truth for one in said if one.rule.of is not None]
    doubtful = any(one.truth is None and one.rule.when_not_met is WhenNotMet.NEVER for one in said)
    if doubtful or all(truth is None for truth in its_own):
        return StateStatus.UNKNOWN
    if any(one.is_against and one.rule.when_not_met is WhenNotMet.NOT_YET for one in said):
        return StateStatus.CONDITIONAL
    certain = all(one.truth is True and (one.rule.of is None or not one.rule.grounds.is_weak(on)) for one in said)
    return StateStatus.OPEN if certain else StateStatus.LIKELY_OPEN
