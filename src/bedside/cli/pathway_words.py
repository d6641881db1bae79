"""Answers of the pathway as lines for people."""

from __future__ import annotations

from collections.abc import Iterable

from bedside.findings import plural
from bedside.pathway import (
    THE_FACT,
    Answer,
    Cause,
    CauseKind,
    Difference,
    NeedAnswer,
    Reason,
    StateAnswer,
    StepAnswer,
    StepStatus,
    Subject,
)

_MISSING = {THE_FACT: "no source says it"}

_CAUSES = {
    CauseKind.RULE_BEGAN: "came into force",
    CauseKind.RULE_ENDED: "is no longer in force",
    CauseKind.FACT_OLD: "was checked more than a year ago",
    CauseKind.RULE_NEW: "is new",
    CauseKind.RULE_GONE: "was taken out",
    CauseKind.RULE_REWRITTEN: "was written anew",
}


def page(answer: Answer) -> Iterable[str]:
    """Everything that was answered."""
    yield f"{answer.programme} on {answer.on}"
    for step in answer.steps:
        yield from step_lines(step)
    for heading, needs in (("Certificates", answer.certificates), ("Visas", answer.visas)):
        if needs:
            yield f"\n{heading}"
        for need in needs:
            yield from _need_lines(need)
    if answer.states:
        yield "\nStates (aimed at; `bedside pathway states` ranks them all)"
    for state in answer.states:
        if state.is_aimed_at:
            yield from state_lines(state)
    if answer.deadlines:
        yield "\nDays to keep"
    for due in answer.deadlines:
        yield f"  {due.day}  {due.what} [{due.source}, {due.as_of}]"


def step_lines(step: StepAnswer) -> Iterable[str]:
    """One step with its reasons."""
    is_over = step.status in {StepStatus.PASSED, StepStatus.NEVER}
    left = "" if step.attempts_left is None or is_over else f", {step.attempts_left} left"
    when = f" from {step.earliest}" if step.earliest else f" until {step.until}" if step.until else ""
    planned = f", from {step.if_planned} if all goes as planned" if step.if_planned else ""
    closes = f", never from {step.closes}" if step.closes else ""
    used = plural(step.attempts_used, "attempt")
    yield f"\n{step.step}: {_plain(step.status.value)}{when}{planned}{closes} ({used} used{left})"
    yield from _reason_lines(step.reasons, step.information)


def state_lines(state: StateAnswer) -> Iterable[str]:
    """One state with its reasons."""
    when = f" from {state.earliest}" if state.earliest else ""
    year = f"facts of {state.as_of.year}" if state.as_of else "no facts"
    yield f"  {state.name}: {_plain(state.status.value)}{when} ({year}; ask the {state.ask.removeprefix('the ')})"
    yield from _reason_lines(state.reasons, state.information)


def difference_lines(differences: Iterable[Difference]) -> Iterable[str]:
    """What stands otherwise, by what it is about."""
    heading = None
    for one in differences:
        if one.about is not heading:
            heading = one.about
            yield f"\n{_HEADINGS[heading]}"
        yield from _difference_lines(one)


def cause_line(cause: Cause) -> str:
    """One cause on a line."""
    day = f"{cause.day}  " if cause.day else ""
    if cause.rule is None:
        return f"  {day}record: {cause.text}"
    return f"  {day}{cause.rule} {_CAUSES[cause.kind]}: {cause.text} [{cause.source}]"


_HEADINGS = {
    Subject.STEP: "Steps",
    Subject.CERTIFICATE: "Certificates",
    Subject.VISA: "Visas",
    Subject.STATE: "States",
    Subject.DEADLINE: "Days to keep",
}


def _difference_lines(one: Difference) -> Iterable[str]:
    name = one.name if one.about in {Subject.STEP, Subject.CERTIFICATE, Subject.VISA} else one.title
    then = _standing(one.status_before, one.day_before, one.left_before)
    now = _standing(one.status_after, one.day_after, one.left_after)
    if one.certain_before and not one.certain_after:
        now += ", no longer certain"
    elif one.certain_after and not one.certain_before:
        now += ", now certain"
    yield f"  {name}: {then} -> {now}"
    for sign, reasons in (("+", one.gained), ("-", one.gone)):
        for reason in reasons:
            yield f"    {sign} {_reason(reason)}"


def _standing(status: str, day: object, left: int | None) -> str:
    words = _plain(status)
    if day is not None:
        words += f" until {day}" if status == "eligible" else f" {day}" if status in {"due", "past"} else f" from {day}"
    return words if left is None else f"{words}, {plural(left, 'attempt')} left"


def _need_lines(need: NeedAnswer) -> Iterable[str]:
    expired = f", the one in the record expired on {need.expired_on}" if need.expired_on else ""
    when = f", all there from {need.earliest}" if need.earliest else ""
    yield f"  {need.name}: {_plain(need.status.value)}{expired}{when}"
    yield from _reason_lines(need.needs, need.information)


def _reason_lines(reasons: Iterable[Reason], information: Iterable[Reason]) -> Iterable[str]:
    for reason in reasons:
        yield f"    - {_reason(reason)}"
    for told in information:
        yield f"    i {told.text} [{told.rule}; {told.source}, {told.as_of}]"


def _reason(reason: Reason) -> str:
    doubt = "" if reason.is_certain else " Not certain: old, or low in confidence."
    unknown = f" Not known: {', '.join(_MISSING.get(one, one) for one in reason.missing)}." if reason.missing else ""
    return f"{reason.text}{unknown}{doubt} [{reason.rule}; {reason.source}, {reason.as_of}]"


def _plain(word: str) -> str:
    return word.replace("_", " ")
