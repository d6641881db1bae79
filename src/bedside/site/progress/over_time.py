"""The pictures of what changes by day: readiness, what will be remembered, what falls due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bedside.site.picture import percent_of
from bedside.site.progress.ahead import Count, DueDay, Outlook
from bedside.site.progress.drawing import (
    Curves,
    Level,
    Scale,
    Stick,
    Sticks,
    Table,
    Tick,
    curve,
    round_step,
    round_up,
    spread,
)
from bedside.site.progress.readiness import Point, Readiness
from bedside.site.progress.standards import StandardLine

MOST_TICKS = 4
PERCENT = Scale(0.0, 100.0)


def day_words(day: date) -> str:
    """14 March; the year stands in the tables."""
    return date_format(day, "j M")


def readiness_picture(found: Readiness, lines: Sequence[StandardLine]) -> Curves:
    """The share right that was to be expected on each day looked at, with its interval, and standards that are on its scale."""
    points = found.drawn
    days = [point.on for point in points]
    along = _along(days)
    values = [_percents(point) for point in points]
    now = round(values[-1][0])
    drawn = curve("now", _("%(n)d%% now") % {"n": now}, [_ordinal(day) for day in days], values, (along, PERCENT))
    return Curves(
        name="readiness",
        title=_("Readiness by week"),
        said=_readiness_said(days, values),
        curves=(drawn,),
        across=_day_ticks(days, along),
        up=tuple(Tick(PERCENT.up(value), f"{value}%") for value in (0, 25, 50, 75, 100)),
        levels=tuple(Level(PERCENT.up(100 * line.share), line.label) for line in lines),
        table=_readiness_table(found),
    )


def outlook_picture(found: Outlook, *, to_exam: bool) -> Curves:
    """How many are expected to be remembered on each day: both ways, each with its interval."""
    along = _along(found.days)
    step = round_step(float(found.n), MOST_TICKS)
    upright = Scale(0.0, round_up(float(found.n), step))
    xs = [_ordinal(day) for day in found.days]
    left, kept = found.unreviewed[-1], found.reviewed[-1]
    end = _("on the day of the exam") if to_exam else _("on %(day)s") % {"day": day_words(found.days[-1])}
    said = _(
        "Of %(n)d in memory %(left)d are likely remembered %(end)s if nothing is reviewed, and %(kept)d if what falls due is."
    ) % {"n": found.n, "left": round(left.expected), "kept": round(kept.expected), "end": end}
    is_kept_above = kept.expected >= left.expected
    scales = along, upright
    words = _("%(n)d with nothing reviewed"), _("%(n)d with what is due reviewed")
    two = (
        ("left", words[0], found.unreviewed, not is_kept_above),
        ("kept", words[1], found.reviewed, is_kept_above),
    )
    return Curves(
        name="outlook",
        title=_("What will be remembered"),
        said=said,
        curves=tuple(
            curve(name, text % {"n": round(counts[-1].expected)}, xs, _of(counts), scales, is_above=is_above)
            for name, text, counts, is_above in two
        ),
        across=_day_ticks(found.days, along),
        up=_count_ticks(upright, step),
        levels=(),
        table=_outlook_table(found),
    )


def due_picture(found: Sequence[DueDay]) -> Sticks:
    """What falls due on each day, as things stand."""
    most = max(day.n for day in found)
    width = 100 / len(found)
    labelled = {0, max(range(len(found)), key=lambda index: found[index].n)}
    sticks = tuple(
        Stick(
            x=round((index + 0.5) * width, 2),
            left=round((index + 0.1) * width, 2),
            width=round(0.8 * width, 2),
            height=percent_of(day.n, most, digits=1),
            text=str(day.n) if index in labelled else "",
        )
        for index, day in enumerate(found)
    )
    weekly = range(0, len(found), 7)
    places = [sticks[index].x for index in weekly]
    texts = [_("today") if index == 0 else day_words(found[index].on) for index in weekly]
    total = sum(day.n for day in found)
    said = _("%(today)d are due today, and %(total)d in all by %(last)s.") % {
        "today": found[0].n,
        "total": total,
        "last": day_words(found[-1].on),
    }
    ticks = tuple(Tick(*one) for one in zip(places, texts, spread(places), strict=True))
    rows = tuple((date_format(day.on, "j F Y"), str(day.n)) for day in found)
    return Sticks("due", _("What falls due, by day"), said, sticks, ticks, Table((_("Day"), _("Due")), rows))


def _readiness_said(days: Sequence[date], values: Sequence[tuple[float, float, float]]) -> str:
    now, low, high = (round(value) for value in values[-1])
    words = {"first": day_words(days[0]), "start": round(values[0][0]), "now": now, "low": low, "high": high}
    if len(days) == 1:
        return _("Now %(now)d%% right; 95%% interval from %(low)d%% to %(high)d%%. A point is added each week.") % words
    return _("%(start)d%% right on %(first)s, now %(now)d%%; 95%% interval from %(low)d%% to %(high)d%%.") % words


def _percents(point: Point) -> tuple[float, float, float]:
    assert point.score is not None  # only those are drawn
    return 100 * point.score.expected, 100 * point.score.low, 100 * point.score.high


def _readiness_table(found: Readiness) -> Table:
    columns = (_("Day"), _("Likely right"), _("Between"), _("Answers"), _("In memory"))
    return Table(columns, tuple(_readiness_row(point) for point in found.points))


def _readiness_row(point: Point) -> tuple[str, ...]:
    share, between = "–", "–"
    if point.score is not None:
        value, low, high = _percents(point)
        share, between = f"{value:.0f}%", f"{low:.0f}–{high:.0f}%"
    return date_format(point.on, "j F Y"), share, between, str(point.n_answers), str(point.n_met)


def _outlook_table(found: Outlook) -> Table:
    columns = (_("Day"), _("With nothing reviewed"), _("Between"), _("With what is due reviewed"), _("Between"))
    rows = zip(found.days, found.unreviewed, found.reviewed, strict=True)
    return Table(columns, tuple((date_format(day, "j F Y"), *_texts(one), *_texts(other)) for day, one, other in rows))


def _texts(count: Count) -> tuple[str, str]:
    return f"{count.expected:.0f}", f"{count.low:.0f}–{count.high:.0f}"


def _of(counts: Sequence[Count]) -> list[tuple[float, float, float]]:
    return [(one.expected, one.low, one.high) for one in counts]


def _along(days: Sequence[date]) -> Scale:
    """From the first day to the last; a single day stands at the right end."""
    first, last = _ordinal(days[0]), _ordinal(days[-1])
    return Scale(first if last > first else first - 1, last)


def _ordinal(day: date) -> float:
    return float(day.toordinal())


def _day_ticks(days: Sequence[date], along: Scale) -> tuple[Tick, ...]:
    """The first day, the last, and some between them."""
    n = min(len(days), MOST_TICKS)
    span = (days[-1] - days[0]).days
    chosen = [days[0] + timedelta(days=round(span * index / max(1, n - 1))) for index in range(n)] if n > 1 else [days[-1]]
    places = [along.across(_ordinal(day)) for day in chosen]
    return tuple(Tick(place, day_words(day), anchor) for day, place, anchor in zip(chosen, places, spread(places), strict=True))


def _count_ticks(upright: Scale, step: float) -> tuple[Tick, ...]:
    n = round(upright.high / step)
    return tuple(Tick(upright.up(step * index), f"{step * index:g}") for index in range(n + 1))
