"""The reasons of the core in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.study import Ahead, Breadth, Due, Grade, HighYield, LeftOut, RealConditions, Reason, WeeklyCase, Why


def grade_name(grade: int) -> str:
    """The word on the button of a grade."""
    return {Grade.AGAIN: _("again"), Grade.HARD: _("hard"), Grade.GOOD: _("good"), Grade.EASY: _("easy")}[Grade(grade)]


def interval_words(days: int) -> str:
    """How long that is, short enough for a button."""
    if days < 31:
        return _("%(n)d d") % {"n": days}
    if days < 365:
        return _("%(n)s mo") % {"n": f"{days / 30.44:.2g}"}
    return _("%(n)s y") % {"n": f"{days / 365.25:.2g}"}


def reason_words(reason: Reason, area: str) -> str:
    """Why something is in a session, in one short line; `area` is its area's name, or empty."""
    match reason:
        case Due(p_recall):
            return _("due: %(percent)d%% likely remembered") % {"percent": round(100 * p_recall)}
        case Ahead(p_recall):
            return _("ahead of its day: %(percent)d%% likely remembered") % {"percent": round(100 * p_recall)}
        case HighYield(weight, p_known):
            return _new(weight, p_known, area)
        case Breadth(n_days):
            text = ngettext("%(area)s was not met for %(n)d day", "%(area)s was not met for %(n)d days", n_days)
            return text % {"area": area, "n": n_days}
        case WeeklyCase(n_days):
            return _("a patient case every week")
        case RealConditions(days):
            text = ngettext(
                "a block as in the exam, which is in %(n)d day", "a block as in the exam, which is in %(n)d days", days
            )
            return text % {"n": days}


def left_out_words(one: LeftOut, area: str) -> str:
    """What was owed and did not fit into the minutes."""
    values = {"area": area, "minutes": round(one.minutes)}
    match one.why:
        case Why.CASE_TOO_LONG:
            return _("a patient case, which takes %(minutes)d min") % values
        case Why.BLOCK_TOO_LONG:
            return _("a timed block, which takes %(minutes)d min") % values
        case Why.AREA_DID_NOT_FIT:
            return _("something of %(area)s, which takes %(minutes)d min") % values


def _new(weight: float | None, p_known: float | None, area: str) -> str:
    if weight is None:
        return _("new")
    values: dict[str, object] = {"area": area, "share": round(100 * weight)}
    if p_known is None:
        return _("new: %(area)s, %(share)d%% of the step, not asked yet") % values
    values["known"] = round(100 * p_known)
    return _("new: %(area)s, %(share)d%% of the step, %(known)d%% of it known by now") % values
