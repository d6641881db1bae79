"""One's own course and another's on one picture: hours by week, and how readiness moved where both have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.journeys import Journey
from bedside.site.journeys.lines import Lines, count_ticks, line_of, thinned
from bedside.site.passing.words import chance
from bedside.site.progress.drawing import Curve, Scale, Table, Tick, curve, round_step, round_up

MOST_POINTS, MOST_ROWS, MOST_TICKS = 120, 26, 4
NEAR = 15.0  # per cent of the height, which two lines of words need
PERCENT = Scale(0.0, 100.0)
NONE = "–"


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the page shows of two courses."""

    said: str
    hours: Lines
    chance: Lines | None


@dataclass(frozen=True, slots=True)
class _Course:
    """One of the two: its words, the class of its line, and by week from 0 the hours so far."""

    name: str
    label: str
    journey: Journey
    hours: tuple[float, ...]


def comparison(mine: Journey, theirs: Journey) -> Comparison:
    """Both courses, week for week since each began."""
    other = _("the invented one") if theirs.is_example else _("they")
    two = (_course("mine", _("you"), mine), _course("left", other, theirs))
    return Comparison(_said(*two), _hours(two), _chances(two))


def _course(name: str, label: str, journey: Journey) -> _Course:
    minutes = {week.week: week.all_minutes for week in journey.weeks}
    total, hours = 0, [0.0]
    for week in range(journey.n_weeks):
        total += minutes.get(week, 0)
        hours.append(total / 60)
    return _Course(name, label, journey, tuple(hours))


def _said(mine: _Course, theirs: _Course) -> str:
    n = min(mine.journey.n_weeks, theirs.journey.n_weeks)
    words = ngettext(
        "After %(n)d week you had studied %(mine)s hours, and %(them)s %(theirs)s.",
        "After %(n)d weeks you had studied %(mine)s hours, and %(them)s %(theirs)s.",
        n,
    )
    return words % {"n": n, "mine": _number(mine.hours[n]), "theirs": _number(theirs.hours[n]), "them": theirs.label}


def _hours(two: tuple[_Course, _Course]) -> Lines:
    n_weeks = max(course.journey.n_weeks for course in two)
    most = max(1.0, *(course.hours[-1] for course in two))
    step = round_step(most, MOST_TICKS)
    along, upright = Scale(0.0, float(n_weeks)), Scale(0.0, round_up(most, step))
    places = [upright.across(course.hours[-1]) for course in two]
    lines = []
    for course, is_above in zip(two, sides(*places), strict=True):
        xs = thinned(range(len(course.hours)), MOST_POINTS)
        values = [(course.hours[x],) * 3 for x in xs]
        text = _("%(who)s, %(n)s hours") % {"who": course.label, "n": _number(course.hours[-1])}
        drawn = curve(course.name, text, [float(x) for x in xs], values, (along, upright), is_above=is_above)
        lines.append(line_of(replace(drawn, band="")))  # hours are counted, so that there is no interval
    return Lines(
        name="beside-hours",
        title=_("Hours so far, by week"),
        said=_("Each line begins in the week in which its owner began."),
        lines=tuple(lines),
        across=week_ticks(n_weeks, along),
        up=count_ticks(upright, step),
        table=_table(two, n_weeks, [[_number(value) for value in course.hours] for course in two]),
    )


def _chances(two: tuple[_Course, _Course]) -> Lines | None:
    told = [[(week.week + 1, week.chance) for week in course.journey.weeks if week.chance] for course in two]
    if not all(told):
        return None
    n_weeks = max(course.journey.n_weeks for course in two)
    along = Scale(0.0, float(n_weeks))
    places = [weeks[-1][1].high / 10 for weeks in told]
    curves: list[Curve] = []
    texts: list[list[str]] = []
    for course, weeks, is_above in zip(two, told, sides(*places), strict=True):
        points = thinned(weeks, MOST_POINTS)
        values = [(one.p / 10, one.low / 10, one.high / 10) for _week, one in points]
        text = _("%(who)s, %(p)s") % {"who": course.label, "p": chance(weeks[-1][1].p / 1000)}
        curves.append(
            curve(course.name, text, [float(week) for week, _one in points], values, (along, PERCENT), is_above=is_above)
        )
        by_week = {
            week: f"{chance(one.p / 1000)} ({chance(one.low / 1000)} – {chance(one.high / 1000)})" for week, one in weeks
        }
        texts.append([by_week.get(week, NONE) for week in range(n_weeks + 1)])
    return Lines(
        name="beside-chance",
        title=_("Chance to pass, by week"),
        said=_("As this program reckoned it at the end of each week; the bands say between which chances it lay."),
        lines=tuple(line_of(one) for one in curves),
        across=week_ticks(n_weeks, along),
        up=tuple(Tick(PERCENT.up(value), f"{value}%") for value in (0, 25, 50, 75, 100)),
        table=_table(two, n_weeks, texts),
    )


def sides(first: float, second: float) -> tuple[bool, bool]:
    """Whether the words of each line stand above its end: both do, or where the ends are near, those of the higher one."""
    if abs(first - second) > NEAR:
        return True, True
    return first >= second, first < second


def week_ticks(n_weeks: int, along: Scale) -> tuple[Tick, ...]:
    """Whole weeks along the axis, the last with its word."""
    step = max(1, round(round_step(float(n_weeks), MOST_TICKS)))
    numbers = list(range(0, n_weeks + 1, step))
    texts = [str(n) if n != numbers[-1] else _("week %(n)d") % {"n": n} for n in numbers]
    places = [along.across(n) for n in numbers]
    anchors = ["start" if place < 8 else "end" if place > 88 else "middle" for place in places]
    return tuple(Tick(*one) for one in zip(places, texts, anchors, strict=True))


def _table(two: tuple[_Course, _Course], n_weeks: int, texts: Sequence[Sequence[str]]) -> Table:
    weeks = thinned(range(1, n_weeks + 1), MOST_ROWS)
    rows = tuple((str(week), *(column[week] if week < len(column) else NONE for column in texts)) for week in weeks)
    return Table((_("Weeks since the start"), *(_capital(course.label) for course in two)), rows)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _number(hours: float) -> Any:
    return f"{hours:,.0f}"
