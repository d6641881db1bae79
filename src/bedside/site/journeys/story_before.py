"""The last weeks before each exam: what was done in them, and the chance at their beginning and at the exam."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.journeys import Journey, JourneyWeek, Result
from bedside.site.journeys.story_chances import chance_at
from bedside.site.journeys.story_marks import outcome_words
from bedside.site.journeys.story_pictures import by_kind, kinds
from bedside.site.journeys.story_weeks import chances_by_week, first_up, hours_words, listed, week_words
from bedside.site.passing.words import chance
from bedside.site.progress.drawing import Table

N_WEEKS = 6


@dataclass(frozen=True, slots=True)
class Before:
    """An exam with the weeks up to it, its own among them."""

    exam: Result
    first: int
    weeks: tuple[JourneyWeek, ...]

    @property
    def n_weeks(self) -> int:
        return self.exam.week - self.first + 1

    @property
    def minutes(self) -> int:
        return sum(week.all_minutes for week in self.weeks)

    @property
    def days_a_week(self) -> float:
        return sum(week.days for week in self.weeks) / self.n_weeks


def before_exams(journey: Journey) -> tuple[str, Table] | None:
    """A sentence and a table with a column for each exam; None: no exam is told."""
    found = [_before(journey, exam) for exam in journey.exams]
    return (_said(found), _table(journey, found)) if found else None


def _before(journey: Journey, exam: Result) -> Before:
    first = max(0, exam.week - N_WEEKS + 1)
    return Before(exam, first, tuple(week for week in journey.weeks if first <= week.week <= exam.week))


def _said(found: Sequence[Before]) -> str:
    if len(found) == 1:
        (one,) = found
        text = ngettext(
            "In the week up to the exam (%(outcome)s in %(week)s): %(hours)s, study on %(days).1f days a week.",
            "In the %(n)d weeks up to the exam (%(outcome)s in %(week)s): %(hours)s, study on %(days).1f days a week.",
            one.n_weeks,
        )
        return text % {"n": one.n_weeks, "days": one.days_a_week, **_named(one)}
    told = [_("%(hours)s before the one %(outcome)s in %(week)s") % _named(one) for one in found]
    return _("In the %(n)d weeks up to each exam: %(told)s.") % {"n": N_WEEKS, "told": listed(told)}


def _named(one: Before) -> dict[str, str]:
    return {
        "outcome": outcome_words(one.exam),
        "week": week_words(one.exam.week),
        "hours": hours_words(one.minutes),
    }


def _table(journey: Journey, found: Sequence[Before]) -> Table:
    heads = [f"{first_up(outcome_words(one.exam))}, {week_words(one.exam.week)}" for one in found]
    rows = [
        (_("Weeks"), *(str(one.n_weeks) for one in found)),
        (_("Study"), *(hours_words(one.minutes) for one in found)),
        (_("Days with study a week"), *(f"{one.days_a_week:.1f}" for one in found)),
        *_shares(found),
        (_("Practice tests"), *(str(_n_tests(journey, one)) for one in found)),
        (_("Chance at their beginning"), *(_chance(journey, one.first - 1) for one in found)),
        (_("Chance at the exam"), *(_chance(journey, one.exam.week) for one in found)),
    ]
    return Table((_("The weeks up to the exam"), *heads), tuple(rows))


def _shares(found: Sequence[Before]) -> list[tuple[str, ...]]:
    """How much of the time went to which kind; patient cases only where there were some."""
    rows = []
    for kind, name in kinds():
        minutes = [sum(by_kind(week).get(kind, 0) for week in one.weeks) for one in found]
        if any(minutes) or kind != "case":
            texts = [f"{round(100 * n / one.minutes)}%" if one.minutes else "–" for n, one in zip(minutes, found, strict=True)]
            rows.append((_("%(kind)s, of the time") % {"kind": first_up(name)}, *texts))
    return rows


def _n_tests(journey: Journey, one: Before) -> int:
    return sum(result.kind == "practice_test" and one.first <= result.week <= one.exam.week for result in journey.results)


def _chance(journey: Journey, week: int) -> str:
    found = chance_at(chances_by_week(journey), week)
    return chance(found.p / 1000) if found else _("not told")
