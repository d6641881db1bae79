"""What each progress page shows: the pictures where there is enough to draw, and sentences where there is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.delivery import Share, wilson
from bedside.site.passing.forms import PracticeScoreForm
from bedside.site.passing.state import Passing
from bedside.site.planning.keeping_days import WEEK_DAYS, Days
from bedside.site.planning.queries import days_of
from bedside.site.progress import answer_pictures, over_time
from bedside.site.progress.ahead import due_by_day, outlook
from bedside.site.progress.answering import by_confidence, latest, times_of
from bedside.site.progress.base import Base, memories_of, passing_at
from bedside.site.progress.columns import answer_columns, budgets_s
from bedside.site.progress.day_picture import days_picture
from bedside.site.progress.kept import known_now, readiness_of, spent_by_day
from bedside.site.progress.map_picture import map_picture
from bedside.site.progress.mastery import THIN_ANSWERS, MasteryMap, mastery_map, second_axis
from bedside.site.progress.readiness_parts import chance_part, practice_scores_part
from bedside.site.reflection.queries import reasons_of
from bedside.study import Kind, Spent, ledger

Page = dict[str, Any]

LEAST_HOURS = 0.05  # that are shown as a tenth
MIN_TIMED = 20  # answers for the pictures of time and confidence; assumed
MIN_REASONS = 10  # for the picture of reasons; assumed


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the progress pages."""

    name: str
    text: str
    is_here: bool


def tabs(here: str) -> list[Tab]:
    """The pages, with the one that is open marked."""
    names = (
        ("progress", _("Readiness")),
        ("blueprint", _("Blueprint")),
        ("memory", _("Memory")),
        ("answers", _("Answers")),
    )
    return [Tab(f"progress:{name}", text, name == here) for name, text in names]


def readiness_page(base: Base, form: PracticeScoreForm | None = None) -> Page:
    """Would I pass? `form` is a practice test that could not be taken."""
    passing = passing_at(base, memories_of(base))
    minutes, spent = spent_by_day(base, passing)
    days = days_of(base.user, spent, base.times, base.zone, at=base.at)
    return {
        "step_title": base.blueprint.title,
        "has_exam": passing is not None,
        "wanted": _wanted(base, passing),
        **(chance_part(base, passing, readiness_of(base, passing)) if passing else {}),
        **practice_scores_part(base, form),
        "days_said": _days_said(days),
        "days": days_picture(minutes, base.on) if minutes else None,
        "hours_said": _hours_said(spent),
    }


def blueprint_page(base: Base) -> Page:
    """Where am I strong, and where is there too little to say?"""
    if base.axis is None or base.edition is None:
        return {"step_title": base.blueprint.title, "map": None}
    found = mastery_map(base.step(), base.axis, second_axis(base.edition.axes, base.axis), latest(answer_columns(base.user)))
    n = sum(cell.share.n for row in found.cells for cell in row)
    return {
        "step_title": base.blueprint.title,
        "map": map_picture(found) if n and found.rows.shares else None,
        "n": n,
        "lead": _least_right(found),
        "weights": _weights_said(found),
    }


def memory_page(base: Base) -> Page:
    """What will still be there on the day?"""
    mine = memories_of(base)
    if not len(mine.schedule):
        return {"outlook": None, "exam_on": base.exam_on}
    known = known_now(base, mine)
    ahead = outlook(known, mine.parameters, base.on, base.exam_on)
    due = due_by_day(known, base.on, base.exam_on)
    return {
        "exam_on": base.exam_on,
        "n": ahead.n,
        "n_now": round(ahead.unreviewed[0].expected),
        "outlook": over_time.outlook_picture(ahead, to_exam=base.exam_on == ahead.days[-1]),
        "due": over_time.due_picture(due) if any(day.n for day in due) else None,
    }


def answers_page(base: Base) -> Page:
    """What do my answers cost me beside knowledge?"""
    answers = answer_columns(base.user)
    times = times_of(answers, budgets_s(base.content, answers))
    confidence = by_confidence(answers)
    reasons = reasons_of(base.user)
    has_enough = times.n >= MIN_TIMED
    n_marked = confidence["sure"].n + confidence["unsure"].n
    return {
        "n": len(answers),
        "lead": _right_words(wilson(int(answers.is_right.sum()), len(answers))),
        "n_wanted": MIN_TIMED,
        "confidence": answer_pictures.confidence_picture(confidence) if n_marked >= MIN_TIMED else None,
        "n_marked": n_marked,
        "times": answer_pictures.time_picture(times) if has_enough else None,
        "by_time": answer_pictures.share_by_time_picture(times) if has_enough else None,
        "reasons": answer_pictures.reasons_picture(reasons.counts) if reasons.n_said >= MIN_REASONS else None,
        "reasons_lead": _reasons_lead(reasons.n_not_knowledge, reasons.n_said, reasons.n_wrong),
        "n_reasons": reasons.n_said,
        "n_reasons_wanted": MIN_REASONS,
    }


def _right_words(share: Share) -> str:
    """The share of all answers."""
    return _("%(right)d of %(n)d answers right: %(percent)d%%, between %(low)d%% and %(high)d%%.") % {
        "right": share.n_correct,
        "n": share.n,
        "percent": round(100 * (share.share or 0)),
        "low": round(100 * share.low),
        "high": round(100 * share.high),
    }


def _least_right(found: MasteryMap) -> str:
    """The area with the lowest share of those of which enough was answered; empty where there are not two to compare."""
    wholes = [sum(cell.share.n for cell in row) for row in found.cells]
    shares = [wilson(sum(cell.share.n_correct for cell in row), n) for row, n in zip(found.cells, wholes, strict=True)]
    enough = [index for index, share in enumerate(shares) if share.n >= THIN_ANSWERS]
    if len(enough) < 2:
        return ""
    least = min(enough, key=lambda index: shares[index].n_correct / shares[index].n)
    share = shares[least]
    return _(
        "Least right of the areas with %(few)d questions or more: %(area)s, %(percent)d%%, between %(low)d%% and %(high)d%%."
    ) % {
        "few": THIN_ANSWERS,
        "area": found.rows.titles[least],
        "percent": round(100 * share.n_correct / share.n),
        "low": round(100 * share.low),
        "high": round(100 * share.high),
    }


def _wanted(base: Base, passing: Passing | None) -> str:
    """Why nobody can be judged at all."""
    if not base.is_of_a_step or not base.areas:
        return _("Choose the exam that you study for under Me; its blueprint says what a forecast has to weigh.")
    if passing is None:
        return _("The bank has no questions of its own for this exam yet, so there is nothing to judge by.")
    return ""


def _days_said(days: Days) -> str:
    text = ngettext(
        "You studied on %(n)d of the last %(days)d days.",
        "You studied on %(n)d of the last %(days)d days.",
        days.n_of_last_week,
    )
    return text % {"n": days.n_of_last_week, "days": WEEK_DAYS}


def _hours_said(spent: Sequence[Spent]) -> str:
    """The hours of the calendar by what they went to; empty where there are none."""
    names = {
        Kind.REVIEW: _("reviews"),
        Kind.NEW: _("new questions"),
        Kind.CASE: _("patient cases"),
        Kind.BLOCK: _("timed blocks"),
    }
    hours = ledger(spent).by_kind
    parts = [f"{names[kind]} {hours[kind]:.1f}" for kind in names if hours.get(kind, 0.0) >= LEAST_HOURS]
    return _("Hours: %(parts)s.") % {"parts": ", ".join(parts)} if parts else ""


def _weights_said(found: MasteryMap) -> str:
    """Where the sizes come from."""
    sides = [found.rows, *([found.columns] if found.columns else [])]
    if all(side.is_published for side in sides):
        text = _("Sizes are the middles of the published ranges.")
    elif any(side.is_published for side in sides):
        text = _(
            "Sizes are the middles of the published ranges, and where none are published the shares of the bank's questions."
        )
    else:
        text = _("No ranges are published: sizes are the shares of the bank's questions.")
    if found.columns is None:
        return text
    return text + " " + _("What both axes together weigh is not published, so a cell is as large as its row times its column.")


def _reasons_lead(n_not_knowledge: int, n_said: int, n_wrong: int) -> str:
    if n_said < MIN_REASONS:
        return ""
    share = wilson(n_not_knowledge, n_said)
    return _(
        "%(percent)d%% of the lost points with a reason were not lost for want of knowledge: misread, or changed from right; "
        "between %(low)d%% and %(high)d%%. %(said)d of %(wrong)d wrong answers have a reason."
    ) % {
        "percent": round(100 * n_not_knowledge / n_said),
        "low": round(100 * share.low),
        "high": round(100 * share.high),
        "said": n_said,
        "wrong": n_wrong,
    }
