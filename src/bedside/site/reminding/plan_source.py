"""The days of study that the plan has, and what each of them is for: what the calendar shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.site.accounts.models import User
from bedside.site.accounts.page_queries import step_title
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content
from bedside.site.planning.calendars import Times, times_of
from bedside.site.planning.plan_json import plan_from
from bedside.site.planning.planned import goals_of, keep_plan
from bedside.site.study.zones import zone_of
from bedside.study import Plan, Week, study_day

MOST_AREAS = 6  # named of a week
WEEK_DAYS = 7
LEAST_MINUTES = 0.5  # what rounds to no minute is not told


@dataclass(frozen=True, slots=True)
class ExamDay:
    """An exam that has a day."""

    key: str  # the same as long as it is the same exam, whenever it is
    on: date
    title: str


@dataclass(frozen=True, slots=True)
class StudyDay:
    """A day with minutes for study, and what its week is for."""

    on: date
    minutes: int
    about: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies ahead of a person on a study day."""

    on: date
    zone: str
    exams: tuple[ExamDay, ...]
    days: tuple[StudyDay, ...]


def ahead_of(user: User, content: Content, *, at: datetime) -> Ahead:
    """The days of study up to the next exam, and all exams that have a day. The plan of the day is kept, as Today keeps it.

    Raises:
        StoreError: the store refused.
    """
    zone = zone_of(user.pk)
    on = study_day(at, zone)
    told = keep_plan(user, content, at=at)
    times = times_of(user, profile_of(user))
    days = _days(plan_from(told, told["codes"]), told["titles"], times)
    return Ahead(on, zone.key, tuple(_exams(user, content)), tuple(days))


def _exams(user: User, content: Content) -> Iterator[ExamDay]:
    profile = profile_of(user)
    if profile.exam_on is not None:
        title = step_title(content, profile.programme, profile.step) if profile.programme else ""
        yield ExamDay(f"exam {profile.programme}/{profile.step}", profile.exam_on, title)
    for goal in goals_of(user):
        if goal.exam_on is not None:
            yield ExamDay(f"goal {goal.key}", goal.exam_on, step_title(content, goal.programme, goal.step))


def _days(plan: Plan, titles: Sequence[str], times: Times) -> Iterator[StudyDay]:
    for number, week in enumerate(plan.weeks):
        about = about_week(week, titles)
        last = plan.on + timedelta(days=(number + 1) * WEEK_DAYS - 1)
        day = week.starts_on
        while day <= last and (plan.exam_on is None or day < plan.exam_on):
            minutes = round(times.minutes_on(day))
            if minutes > 0:
                yield StudyDay(day, minutes, about)
            day += timedelta(days=1)


def about_week(week: Week, titles: Sequence[str]) -> str:
    """What the minutes of a week of the plan go to, a line each; areas by their names, the largest first."""
    new = sorted(
        (
            (minutes, title)
            for minutes, title in zip(week.new_minutes.tolist(), titles, strict=True)
            if minutes >= LEAST_MINUTES
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    lines = [_("In this week of the plan:")]
    if new:
        named = [f"{title} {_minutes(minutes)}" for minutes, title in new[:MOST_AREAS]]
        n_more = len(new) - len(named)
        more = [ngettext("%(n)d more area", "%(n)d more areas", n_more) % {"n": n_more}] if n_more else []
        lines.append(_("New: %(areas)s") % {"areas": ", ".join([*named, *more])})
    for text, minutes in (
        (_("Review: %(minutes)s"), week.upkeep_minutes),
        (_("Patient case: %(minutes)s"), week.case_minutes),
        (_("Blocks as in the exam: %(minutes)s"), week.block_minutes),
    ):
        if minutes >= LEAST_MINUTES:
            lines.append(text % {"minutes": _minutes(minutes)})
    return "\n".join(lines) if len(lines) > 1 else ""


def _minutes(minutes: float) -> str:
    return _("%(n)d min") % {"n": round(minutes)}
