"""The weeks ahead as a picture: what their minutes go to, each in a strip of its own on one axis, and the score they lead to.

A strip runs from x = 0 to `WIDTH` over all weeks and from y = 0 (top) to `HEIGHT`; the page stretches it to its width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bedside.site.planning.words import phase_name
from bedside.study import Phase, Plan, Week

WIDTH = 1000
HEIGHT = 60
GAP = 0.15  # of a week's width, between two bars


@dataclass(frozen=True, slots=True)
class Bar:
    """One week in a strip."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Strip:
    """What one kind of work takes, week by week. `said` is the picture in words."""

    name: str
    label: str
    most: str
    said: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """The expected score by week with its interval, as points of a line and of a band."""

    line: str
    band: str
    said: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Row:
    """A week in the table."""

    starts_on: date
    phase: str
    minutes: int
    review: int
    new: int
    case: int
    block: int
    left: int  # minutes that nothing is worth yet
    completed: tuple[str, ...]
    expected: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The strips, the score, the dates below them, and the table."""

    strips: tuple[Strip, ...]
    score: ScoreLine | None
    dates: tuple[date, ...]
    rows: tuple[Row, ...]


def picture_of(plan: Plan, titles: Sequence[str]) -> Picture | None:
    """The picture of a plan; None where it has no week."""
    if not plan.weeks:
        return None
    kinds = (
        ("review", _("Reviews"), [week.upkeep_minutes for week in plan.weeks]),
        ("new", _("New"), [float(week.new_minutes.sum()) for week in plan.weeks]),
        ("case", _("Patients"), [week.case_minutes for week in plan.weeks]),
        ("block", _("Timed blocks"), [week.block_minutes for week in plan.weeks]),
    )
    top = max(1.0, *(max(minutes) for _name, _label, minutes in kinds))
    strips = tuple(_strip(name, label, minutes, plan.weeks, top) for name, label, minutes in kinds if max(minutes) >= 1)
    first, last = plan.weeks[0].starts_on, phases_of(plan)[-1][2]
    dates = (first, first + (last - first) / 2, last)
    return Picture(strips, _score(plan), dates, tuple(_row(week, titles) for week in plan.weeks))


def _strip(name: str, label: str, minutes: Sequence[float], weeks: Sequence[Week], top: float) -> Strip:
    width = WIDTH / len(minutes)
    bars = tuple(
        Bar(
            round((n + GAP / 2) * width, 1),
            round(HEIGHT * (1 - value / top), 1),
            round(width * (1 - GAP), 1),
            round(HEIGHT * value / top, 1),
        )
        for n, value in enumerate(minutes)
        if value > 0
    )
    most = max(range(len(minutes)), key=lambda n: minutes[n])
    day = date_format(weeks[most].starts_on, "j F Y")
    said = _("%(label)s: at most %(minutes)d minutes a week, in the week from %(day)s; %(total)d hours in all.")
    values = {"label": label, "minutes": round(minutes[most]), "day": day, "total": round(sum(minutes) / 60)}
    return Strip(name, label, _("at most %(minutes)d min a week") % values, said % values, bars)


def _score(plan: Plan) -> ScoreLine | None:
    """From 0 at the bottom to 100% at the top."""
    scores = [week.score for week in plan.weeks]
    if not len(scores[0].by_area):
        return None
    width = WIDTH / len(scores)
    xs = [round((n + 0.5) * width, 1) for n in range(len(scores))]
    if len(xs) == 1:  # one week is a stretch, and not a point
        xs, scores = [0.0, float(WIDTH)], scores * 2
    line = _points(xs, [one.expected for one in scores])
    band = f"{_points(xs, [one.high for one in scores])} {_points(xs[::-1], [one.low for one in scores[::-1]])}"
    first, last = scores[0], scores[-1]
    said = _("The expected share right goes from %(first)d%% to %(last)d%%, in the end between %(low)d%% and %(high)d%%.") % {
        "first": round(100 * first.expected),
        "last": round(100 * last.expected),
        "low": round(100 * last.low),
        "high": round(100 * last.high),
    }
    return ScoreLine(line, band, said, f"{round(100 * first.expected)}%", f"{round(100 * last.expected)}%")


def _points(xs: Sequence[float], values: Sequence[float]) -> str:
    return " ".join(f"{x:g},{HEIGHT * (1 - value):.1f}" for x, value in zip(xs, values, strict=True))


def _row(week: Week, titles: Sequence[str]) -> Row:
    return Row(
        week.starts_on,
        phase_name(week.phase),
        round(week.minutes),
        round(week.upkeep_minutes),
        round(float(week.new_minutes.sum())),
        round(week.case_minutes),
        round(week.block_minutes),
        max(0, round(week.minutes - week.upkeep_minutes - week.case_minutes - week.block_minutes - week.new_minutes.sum())),
        tuple(titles[area] for area in week.completed),
        round(100 * week.score.expected),
        round(100 * week.score.low),
        round(100 * week.score.high),
    )


def phases_of(plan: Plan) -> list[tuple[Phase, date, date]]:
    """The phases of a plan, each with its first and its last day."""
    found: list[tuple[Phase, date, date]] = []
    for week in plan.weeks:
        last = week.starts_on + timedelta(days=6)
        last = min(last, plan.exam_on - timedelta(days=1)) if plan.exam_on else last
        if found and found[-1][0] is week.phase:
            found[-1] = (week.phase, found[-1][1], last)
        else:
            found.append((week.phase, week.starts_on, last))
    return found
