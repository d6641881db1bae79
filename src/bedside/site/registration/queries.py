"""What the office's pages read: who is registered, one candidate's file, and what the rules say of it today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from bedside.pathway import Reason, Record, StepStatus, check
from bedside.site.accounts.models import LOCAL_LEARNER, User
from bedside.site.accounts.page_queries import step_title
from bedside.site.accounts.roles import Role
from bedside.site.content import Content
from bedside.site.exam.models import Sitting
from bedside.site.pathway.words import source_links, step_status_words
from bedside.site.registration.judging import Judgement
from bedside.site.registration.models import (
    ENDED,
    OPEN,
    STANDING,
    SUSPENDED,
    USED,
    WITHDRAWN,
    Registration,
    RegistrationDeed,
    RegistrationRule,
)
from bedside.site.registration.record_rows import newest_record, record_in
from bedside.site.registration.required import rule_of
from bedside.site.registration.rules import NoRulesError, Window, step_rules, window_of
from bedside.site.registration.words import field_words, missing_words

MAX_ROWS = 500
SHOWS: Mapping[str, str | Promise] = {
    "open": lazy("Standing or suspended"),
    "suspended": lazy("Suspended"),
    "over": lazy("Over"),
    "all": lazy("All"),
}
STATE_WORDS: Mapping[str, str | Promise] = {
    STANDING: lazy("stands"),
    SUSPENDED: lazy("suspended"),
    WITHDRAWN: lazy("withdrawn"),
    USED: lazy("used: its attempt has a result"),
    ENDED: lazy("ended"),
}
DEED_WORDS: Mapping[str, str | Promise] = {
    "made": lazy("registered"),
    "extended": lazy("extended"),
    "suspended": lazy("suspended"),
    "reinstated": lazy("stands again"),
    "withdrawn": lazy("withdrawn"),
    "used": lazy("used up"),
    "ended": lazy("ended"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One registration in a list."""

    row: Registration
    step: str  # its title
    state: str  # in words
    needs_a_look: bool
    why: str  # of a suspended one


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A rule that is against something, as a page shows it."""

    rule: str
    text: str
    says: str
    sources: tuple[tuple[str, str], ...]
    as_of: date
    note: str


@dataclass(frozen=True, slots=True)
class StepLine:
    """What the rules say of one step today."""

    step: str
    title: str
    status: str
    earliest: date | None
    until: date | None
    used: int
    reasons: tuple[ReasonLine, ...]


@dataclass(frozen=True, slots=True)
class ProgrammeLine:
    """One programme in the list of what is required. `problem` says why its rules don't load."""

    name: str
    title: str
    rule: RegistrationRule | None
    window: Window | None
    problem: str

    @property
    def is_required(self) -> bool:
        return self.rule is not None and self.rule.is_required


def registrations(content: Content, *, show: str, name: str, on: date) -> list[Line]:
    """Registrations, those that are suspended first."""
    rows = Registration.objects.select_related("candidate")
    if name:
        rows = rows.filter(Q(candidate__username__icontains=name) | Q(candidate__first_name__icontains=name))
    if show == "open":
        rows = rows.filter(state__in=OPEN, last_day__gte=on)
    elif show == "suspended":
        rows = rows.filter(state=SUSPENDED, last_day__gte=on)
    elif show == "over":
        rows = rows.exclude(state__in=OPEN, last_day__gte=on)
    found = list(rows.order_by("-registered_at")[:MAX_ROWS])
    return lines_of(sorted(found, key=lambda row: row.state != SUSPENDED), content, on=on)


def lines_of(rows: Iterable[Registration], content: Content, *, on: date) -> list[Line]:
    """Registrations as a list shows them."""
    rows = list(rows)
    why = {
        deed.registration_id: deed.reason
        for deed in RegistrationDeed.objects.filter(registration__in=[row.pk for row in rows], verb="suspended").order_by(
            "number"
        )
    }
    return [_line(row, content, why, on) for row in rows]


def _line(row: Registration, content: Content, why: Mapping[Any, str], on: date) -> Line:
    is_over = row.state in OPEN and row.last_day < on
    return Line(
        row=row,
        step=step_title(content, row.programme, row.step),
        state=_("its last day is over") if is_over else str(STATE_WORDS[row.state]),
        needs_a_look=row.state == SUSPENDED and not is_over,
        why=why.get(row.pk, "") if row.state == SUSPENDED else "",
    )


def programmes(content: Content, *, on: date) -> list[ProgrammeLine]:
    """Every programme, those that require a registration or have rules first."""
    found = []
    for programme in content.programmes.values():
        problem = ""
        try:
            step_rules(programme.name)
        except NoRulesError as error:
            problem = str(error)
        found.append(
            ProgrammeLine(programme.name, programme.title, rule_of(programme.name), window_of(programme.name, on), problem)
        )
    gone = RegistrationRule.objects.exclude(programme__in=content.programmes).values_list("programme", flat=True).distinct()
    for name in gone:
        found.append(ProgrammeLine(name, name, rule_of(name), None, _("the programme is not in the content any more")))
    return sorted(found, key=lambda one: (not one.is_required, bool(one.problem), one.title))


def candidates(*, name: str = "") -> list[User]:
    """Those who sit exams, by name."""
    rows = User.objects.filter(role_grants__role=Role.CANDIDATE, is_active=True).exclude(username=LOCAL_LEARNER)
    if name:
        rows = rows.filter(Q(username__icontains=name) | Q(first_name__icontains=name))
    return list(rows.order_by("username")[:MAX_ROWS])


def sittings_to_certify(candidate: User, content: Content) -> list[tuple[Sitting, str]]:
    """Whole days on the real clock that have ended and whose result nobody has certified, each with the title of its step."""
    rows = Sitting.objects.filter(
        user=candidate, is_proctored=True, kind="full", clock="real", state="finished", certified__isnull=True
    )
    return [(row, step_title(content, row.programme, row.step)) for row in rows.order_by("-created_at").defer("form")]


def steps_today(programme: str, record: Record, content: Content, *, on: date) -> list[StepLine]:
    """What the rules say of each step of a programme.

    Raises:
        NoRulesError: they do not load.
    """
    titles = {step.name: step.title for step in content.programmes[programme].steps}
    return [
        StepLine(
            step=one.step,
            title=titles.get(one.step, one.step),
            status=step_status_words(one.status),
            earliest=one.earliest if one.status is StepStatus.NOT_YET else None,
            until=one.until,
            used=one.attempts_used,
            reasons=() if one.status is StepStatus.PASSED else reason_lines(one.reasons),
        )
        for one in check(step_rules(programme), record, on).steps
    ]


def reason_lines(reasons: Iterable[Reason], *, is_office: bool = True) -> tuple[ReasonLine, ...]:
    """Reasons in words, for the office or for the candidate.

    Raises:
        NoRulesError: the rules do not load.
    """
    fields = field_words(is_office=is_office)
    return tuple(
        ReasonLine(one.rule, one.text, _says(one, fields), tuple(source_links(one.source)), one.as_of, one.note or "")
        for one in reasons
    )


def _says(reason: Reason, fields: Mapping[str, str]) -> str:
    said = [_("not met") if reason.is_met is False else _("not known")]
    if reason.missing:
        said.append(_("missing: %(names)s") % {"names": "; ".join(missing_words(one, fields) for one in reason.missing)})
    if not reason.is_certain:
        said.append(_("not certain: the fact is old, or low in confidence"))
    return "; ".join(said)


def said_days(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The answer that was kept with a deed, day by day."""
    return [
        {**day, "on": date.fromisoformat(day["on"]), "status": step_status_words(StepStatus(day["status"]))}
        for day in answer.get("days", [])
    ]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a registration was refused, and what can be done about it."""

    text: str
    against: tuple[ReasonLine, ...]
    doubtful: tuple[ReasonLine, ...]
    earliest: date | None
    is_never: bool
    can_be_decided: bool


def refusal_of(text: str, judgement: Judgement) -> Refusal:
    """A refusal in words."""
    return Refusal(
        text=text,
        against=reason_lines(judgement.against),
        doubtful=reason_lines(judgement.doubtful),
        earliest=judgement.earliest,
        is_never=judgement.is_never,
        can_be_decided=judgement.can_be_decided,
    )


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """How a candidate stands with the register for one step: what the page `/exam` says before a sitting is made."""

    registration: Registration | None
    is_suspended: bool
    is_covered: bool  # the day lies within a registration that stands
    has_record: bool
    status: str
    earliest: date | None
    reasons: tuple[ReasonLine, ...]
    problem: str  # why the rules don't load


def own_standing(user: User, programme: str, step: str, *, at: datetime) -> OwnStanding:
    """What the register says of a candidate and a step today."""
    today = at.date()
    row = (
        Registration.objects.filter(candidate=user, programme=programme, step=step, state__in=OPEN, last_day__gte=today)
        .order_by("-registered_at")
        .first()
    )
    version = newest_record(user)
    status, earliest, problem = "", None, ""
    reasons: tuple[ReasonLine, ...] = ()
    try:
        answer = next(one for one in check(step_rules(programme), record_in(version), today).steps if one.step == step)
    except NoRulesError as error:
        problem = str(error)
    else:
        status, reasons = step_status_words(answer.status), reason_lines(answer.reasons, is_office=False)
        earliest = answer.earliest if answer.status is StepStatus.NOT_YET else None
    return OwnStanding(
        registration=row,
        is_suspended=row is not None and row.state == SUSPENDED,
        is_covered=row is not None and row.state == STANDING and row.first_day <= today <= row.last_day,
        has_record=version is not None,
        status=status,
        earliest=earliest,
        reasons=reasons,
        problem=problem,
    )
