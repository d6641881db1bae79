"""What differs between two answers, as pages show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from bedside.pathway import Difference, NeedStatus, StateStatus, StepStatus
from bedside.site.pathway.reasons import ReasonRow, Telling
from bedside.site.pathway.words import (
    day_words,
    need_status_words,
    state_status_words,
    step_status_words,
    visa_title,
)

STEP, CERTIFICATE, VISA, STATE, DEADLINE = "step", "certificate", "visa", "state", "deadline"


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One thing that stands otherwise."""

    title: str
    before: str
    after: str
    gained: list[ReasonRow]
    gone: list[ReasonRow]


@dataclass(frozen=True, slots=True)
class DifferenceGroup:
    """Things of one kind that stand otherwise."""

    title: str
    rows: list[DifferenceRow]


def difference_groups(differences: Iterable[Difference], telling: Telling) -> list[DifferenceGroup]:
    """By kind, in the order of the page; kinds without a difference are left out."""
    found = list(differences)
    titles = {
        STEP: _("Steps"),
        CERTIFICATE: _("Certificates"),
        STATE: _("States"),
        VISA: _("Visas"),
        DEADLINE: _("Days to keep"),
    }
    groups = [(title, [one for one in found if one.about == about]) for about, title in titles.items()]
    return [DifferenceGroup(title, [_row(one, telling) for one in ones]) for title, ones in groups if ones]


def _row(one: Difference, telling: Telling) -> DifferenceRow:
    return DifferenceRow(
        title=visa_title(one.name) if one.about == VISA and one.title == one.name else one.title,
        before=_standing(one, one.status_before, one.day_before, one.left_before, is_certain=one.certain_before),
        after=_standing(one, one.status_after, one.day_after, one.left_after, is_certain=one.certain_after),
        gained=telling.rows(one.gained),
        gone=telling.rows(one.gone),
    )


def _standing(one: Difference, status: str, day: date | None, left: int | None, *, is_certain: bool) -> str:
    """`not yet, from 3 May 2027, 3 attempts left`. What both sides say alike of attempts and certainty is left out."""
    parts = [_status(one.about, status)]
    if day is not None:
        until = one.about == STEP and status == StepStatus.ELIGIBLE.value
        words = _("until %(day)s") if until else _("on %(day)s") if one.about == DEADLINE else _("from %(day)s")
        parts.append(words % {"day": day_words(day)})
    if left is not None and one.left_before != one.left_after:
        parts.append(_("attempts left: %(n)d") % {"n": left})
    if one.certain_before != one.certain_after:
        parts.append(_("certain") if is_certain else _("not certain"))
    return ", ".join(parts)


def _status(about: str, status: str) -> str:
    if status == "none":
        return _("does not concern you") if about == DEADLINE else _("nothing was said")
    match about:
        case "step":
            return step_status_words(StepStatus(status))
        case "certificate" | "visa":
            return need_status_words(NeedStatus(status))
        case "state":
            return state_status_words(StateStatus(status))
        case _:
            return {"due": _("to be kept"), "past": _("past")}.get(status, status)
