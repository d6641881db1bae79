"""What the page of the pathway shows: the next day to keep, then each step, certificate and visa with every reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from bedside.pathway import (
    Answer,
    Due,
    NeedAnswer,
    NeedStatus,
    Pathway,
    Reason,
    Record,
    StateAnswer,
    StepAnswer,
    StepStatus,
)
from bedside.site.pathway.reasons import ReasonRow, Telling, unique
from bedside.site.pathway.words import (
    attempts_words,
    day_words,
    days_ahead_words,
    need_status_words,
    source_links,
    state_status_words,
    step_status_words,
    visa_title,
)

Page = dict[str, Any]

STEP, INFORMS = "step", "informs"  # as the rules name them
US_KINDS = ("us_md", "us_do")
US = "US"


@dataclass(frozen=True, slots=True)
class Block:
    """One step, certificate, visa or state with what stands against it."""

    name: str
    title: str
    status: str  # by its name, for the style
    status_words: str
    said: str
    more: str
    reasons: list[ReasonRow]
    told: list[ReasonRow]


@dataclass(frozen=True, slots=True)
class Day:
    """A day to keep."""

    day: date
    ahead: str
    what: str
    sources: list[tuple[str, str]]
    as_of: date
    is_certain: bool


def pathway_page(answer: Answer, record: Record, rules: Pathway, telling: Telling) -> Page:
    """The answer as the page's template reads it. What concerns others is folded away, and asks for nothing."""
    person = record.person
    is_of_us_school = person.kind in US_KINDS
    days = [_day(one, answer.on) for one in answer.deadlines]
    steps = [step_block(one, telling, is_ruled=_is_ruled(rules, one.step)) for one in answer.steps]
    certificates = [need_block(one, telling) for one in answer.certificates]
    visas = [need_block(one, telling, is_visa=True) for one in answer.visas]
    aimed = [state_block(one, telling) for one in answer.states if one.is_aimed_at]
    return {
        "on": answer.on,
        "next": days[0] if days else None,
        "days": days[1:],
        "steps": steps,
        "certificates": certificates,
        "visas": visas,
        "aimed": aimed,
        "has_states": bool(answer.states),
        "is_of_us_school": is_of_us_school,
        "needs_no_visa": bool(person.us_permanent_resident or US in (person.citizenship or ())),
        "missing": telling.missing(unique(_against(answer, with_certificates=not is_of_us_school))),
        "all_reasons": [(block.title, row) for block in (*steps, *certificates, *visas, *aimed) for row in block.reasons],
    }


def _is_ruled(rules: Pathway, step: str) -> bool:
    """Does any rule speak of the step that could stand against it?"""
    found = (rule for rule in rules.rules if rule.about == STEP and (rule.of is None or step in rule.of))
    return any(rule.when_not_met != INFORMS for rule in found)


def _against(answer: Answer, *, with_certificates: bool) -> list[Reason]:
    """Everything that speaks against a step, a certificate or a state that is aimed at, or is not known of them."""
    return [
        *(reason for step in answer.steps for reason in step.reasons),
        *(reason for need in answer.certificates if with_certificates for reason in need.needs),
        *(reason for state in answer.states if state.is_aimed_at for reason in state.reasons),
    ]


def step_block(step: StepAnswer, telling: Telling, *, is_ruled: bool = True) -> Block:
    """A step. Where no rule could stand against it nothing is known, and that it may be sat is not said."""
    is_over = step.status in {StepStatus.PASSED, StepStatus.NEVER}
    is_known = is_ruled or step.status is not StepStatus.ELIGIBLE
    return Block(
        name=step.step,
        title=step.title,
        status=step.status.value if is_known else "not_known",
        status_words=step_status_words(step.status) if is_known else _("not known"),
        said=_step_said(step) if is_known else _("No rule about it is known here that could stand against it."),
        more=attempts_words(step.attempts_used, None if is_over else step.attempts_left),
        reasons=[] if step.status is StepStatus.PASSED else telling.rows(step.reasons),
        told=telling.told(step.information),
    )


def _step_said(step: StepAnswer) -> str:
    """When it may be sat, in a sentence or two."""
    said: list[str] = []
    match step.status:
        case StepStatus.PASSED:
            said.append(_("It is passed."))
        case StepStatus.ELIGIBLE:
            said.append(_("Every rule that is known is met."))
            if step.until:
                said.append(_("The last day of that is %(day)s.") % {"day": day_words(step.until)})
        case StepStatus.NOT_YET if step.earliest:
            said.append(_("From %(day)s on, with the record as it is.") % {"day": day_words(step.earliest)})
        case StepStatus.NOT_YET if any(one.is_met is False for one in step.reasons):
            said.append(_("No first day can be named before what is missing is there."))
        case StepStatus.NOT_YET:
            said.append(_("Whether you may sit it can't be told from what is known."))
        case StepStatus.NEVER:
            said.append(_("A rule that nothing mends is not met."))
    if step.closes:
        said.append(
            _("From %(day)s on it can't be taken any more, with the record as it is.") % {"day": day_words(step.closes)}
        )
    if step.if_planned:
        planned = _("If all that you plan is passed, and reported as late as can be: from %(day)s on.")
        said.append(planned % {"day": day_words(step.if_planned)})
    return " ".join(said)


def need_block(need: NeedAnswer, telling: Telling, *, is_visa: bool = False) -> Block:
    """A certificate or a visa."""
    said = ""
    if need.status is NeedStatus.MISSING:
        said = _("No day can be named on which nothing is missing.")
        if need.earliest:
            said = _("Nothing known is missing from %(day)s on.") % {"day": day_words(need.earliest)}
    if need.expired_on:
        said = " ".join([_("The one in the record expired on %(day)s.") % {"day": day_words(need.expired_on)}, said])
    return Block(
        name=need.name,
        title=visa_title(need.name) if is_visa and need.title == need.name else need.title,
        status=need.status.value,
        status_words=need_status_words(need.status),
        said=said,
        more="",
        reasons=telling.rows(need.needs),
        told=telling.told(need.information),
    )


def state_block(state: StateAnswer, telling: Telling) -> Block:
    """A state."""
    when = _("from %(day)s, with the record as it is") % {"day": day_words(state.earliest)} if state.earliest else ""
    return Block(
        name=state.state,
        title=state.name,
        status=state.status.value,
        status_words=state_status_words(state.status),
        said=when,
        more=facts_words(state),
        reasons=telling.rows(state.reasons),
        told=telling.told(state.information),
    )


def facts_words(state: StateAnswer) -> str:
    """How old the facts are."""
    return _("oldest fact of %(year)d") % {"year": state.as_of.year} if state.as_of else _("no facts were found")


def _day(due: Due, on: date) -> Day:
    return Day(due.day, days_ahead_words(due.day, on), due.what, source_links(due.source), due.as_of, due.is_certain)
