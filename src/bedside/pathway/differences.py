"""What differs between two answers: of each step, certificate, visa, state and deadline, how it stood and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from bedside.pathway.answer import Answer, Due, NeedAnswer, Plain, Reason, StateAnswer, StepAnswer


class DueStatus(StrEnum):
    """How it stands with a day by which something must be done."""

    DUE = "due"
    PAST = "past"
    NONE = "none"  # it does not concern the person


class Subject(StrEnum):
    """What differs."""

    STEP = "step"
    CERTIFICATE = "certificate"
    VISA = "visa"
    STATE = "state"
    DEADLINE = "deadline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How one thing stands in one answer.

    `day` is the first day of a step that is not yet open, or the last of one that is; of all others the first day on which
    nothing is missing, and of a deadline the deadline itself. `left` is the number of attempts left, for steps only.
    """

    about: Subject
    name: str
    title: str
    status: str
    day: date | None
    left: int | None
    is_certain: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that stands otherwise. `gained` are the reasons against that came, `gone` those that went.

    Status is that of the answers: of a step, certificate, visa or state its own words, of a deadline `due`, `past` or `none`.
    What an answer does not have at all has the status `none`.
    """

    about: Subject
    name: str
    title: str
    status_before: str
    status_after: str
    day_before: date | None
    day_after: date | None
    gained: tuple[Reason, ...]
    gone: tuple[Reason, ...]
    left_before: int | None = None
    left_after: int | None = None
    certain_before: bool = True
    certain_after: bool = True

    def as_dict(self) -> dict[str, Plain]:
        """The difference as JSON."""
        return {
            "about": self.about.value,
            "name": self.name,
            "title": self.title,
            "status_before": self.status_before,
            "status_after": self.status_after,
            "day_before": self.day_before.isoformat() if self.day_before else None,
            "day_after": self.day_after.isoformat() if self.day_after else None,
            "attempts_left_before": self.left_before,
            "attempts_left_after": self.left_after,
            "certain_before": self.certain_before,
            "certain_after": self.certain_after,
            "gained": [one.as_dict() for one in self.gained],
            "gone": [one.as_dict() for one in self.gone],
        }


def compare(before: Answer, after: Answer) -> tuple[Difference, ...]:
    """What stands otherwise in the second answer, in the order of the answers; nothing where they say the same.

    Rules that only inform are no difference, nor is the wording of a reason.
    """
    then = {(one.about, one.name): one for one in _standings(before)}
    now = {(one.about, one.name): one for one in _standings(after)}
    found = []
    for key in sorted({**then, **now}, key=lambda key: list(Subject).index(key[0])):
        one, other = then.get(key), now.get(key)
        one = one or _absent(other, after.on)
        other = other or _absent(one, after.on)
        if one is not None and other is not None and _differ(one, other):
            found.append(_difference(one, other))
    return tuple(found)


def _standings(answer: Answer) -> Iterator[Standing]:
    yield from (_of_step(one) for one in answer.steps)
    yield from (_of_need(Subject.CERTIFICATE, one) for one in answer.certificates)
    yield from (_of_need(Subject.VISA, one) for one in answer.visas)
    yield from (_of_state(one) for one in answer.states)
    yield from (_of_due(one) for one in answer.deadlines)


def _of_step(step: StepAnswer) -> Standing:
    return Standing(
        about=Subject.STEP,
        name=step.step,
        title=step.title,
        status=step.status.value,
        day=step.earliest or step.until,
        left=step.attempts_left,
        is_certain=step.is_certain,
        reasons=step.reasons,
    )


def _of_need(about: Subject, need: NeedAnswer) -> Standing:
    return Standing(
        about=about,
        name=need.name,
        title=need.title,
        status=need.status.value,
        day=need.earliest,
        left=None,
        is_certain=_are_certain(need.needs),
        reasons=need.needs,
    )


def _of_state(state: StateAnswer) -> Standing:
    return Standing(
        about=Subject.STATE,
        name=state.state,
        title=state.name,
        status=state.status.value,
        day=state.earliest,
        left=None,
        is_certain=_are_certain(state.reasons),
        reasons=state.reasons,
    )


def _of_due(due: Due) -> Standing:
    return Standing(
        about=Subject.DEADLINE,
        name=due.id,
        title=due.what,
        status=DueStatus.DUE.value,
        day=due.day,
        left=None,
        is_certain=due.is_certain,
        reasons=(),
    )


def _are_certain(reasons: Iterable[Reason]) -> bool:
    return all(one.is_certain and one.is_met is not None for one in reasons)


def _absent(there: Standing | None, on: date) -> Standing | None:
    """The thing as an answer has it that does not speak of it."""
    if there is None:
        return None
    is_past = there.about is Subject.DEADLINE and there.day is not None and there.day < on
    status = DueStatus.PAST if is_past else DueStatus.NONE
    return replace(there, status=status.value, day=there.day if is_past else None, left=None, reasons=())


def _differ(one: Standing, other: Standing) -> bool:
    return _essence(one) != _essence(other)


def _essence(one: Standing) -> tuple[object, ...]:
    return one.status, one.day, one.left, one.is_certain, {_kind(reason) for reason in one.reasons}


def _kind(reason: Reason) -> tuple[object, ...]:
    return reason.rule, reason.is_met, reason.missing


def _difference(one: Standing, other: Standing) -> Difference:
    then = {_kind(reason) for reason in one.reasons}
    now = {_kind(reason) for reason in other.reasons}
    return Difference(
        about=other.about,
        name=other.name,
        title=other.title,
        status_before=one.status,
        status_after=other.status,
        day_before=one.day,
        day_after=other.day,
        gained=tuple(reason for reason in other.reasons if _kind(reason) not in then),
        gone=tuple(reason for reason in one.reasons if _kind(reason) not in now),
        left_before=one.left,
        left_after=other.left,
        certain_before=one.is_certain,
        certain_after=other.is_certain,
    )
