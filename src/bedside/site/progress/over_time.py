"""The pictures of what changes by day: the chance to pass, what will be remembered, what falls due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bedside.measure import Readiness
from bedside.site.passing.words import chance
from bedside.site.picture import percent_of
from bedside.site.progress.ahead import Count, DueDay, Outlook
from bedside.site.progress.drawing import (
    Curve,
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
from bedside.site.progress.readiness import OverTime
from bedside.site.progress.standards import StandardLine

MOST_TICKS = 4
PERCENT = Scale(0.0, 100.0)
_PER_CENT = tuple(Tick(PERCENT.up(value), f"{value}%") for value in (0, 25, 50, 75, 100))


def day_words(day: date) -> str:
    """14 March; the year stands in the tables."""
    return date_format(day, "j M")


def chance_picture(found: OverTime) -> Curves:
    """The chance to pass on each day looked at, and what was not known yet could make of it."""
    values = [(100 * one.p_pass, 100 * one.low, 100 * one.high) for _day, one in found.drawn]
    now, low, high = (chance(value / 100) for value in values[-1])
    said = _("Now %(now)s; what is not known of you yet could make it %(low)s to %(high)s.")
    return Curves(
        name="chance",
        title=_("Chance to pass, by week"),
        said=said % {"now": now, "low": low, "high": high} + _since(found),
        curves=(_weekly(found, _("%(p)s now") % {"p": now}, values),),
        across=_day_ticks(_days(found), _along(_days(found))),
        up=_PER_CENT,
        levels=(),
        table=_chance_table(found),
    )


def share_picture(found: OverTime, lines: Sequence[StandardLine]) -> Curves:
    """The share right on a fresh form on each day looked at, beside what passes."""
    values = [_shares(one) for _day, one in found.drawn]
    now, low, high = (round(value) for value in values[-1])
    said = _("Now about %(now)d%% right; nine forms in ten between %(low)d%% and %(high)d%%.")
    return Curves(
        name="share",
        title=_("Right on a form, by week"),
        said=said % {"now": now, "low": low, "high": high} + _since(found),
        curves=(_weekly(found, _("%(n)d%% now") % {"n": now}, values),),
        across=_day_ticks(_days(found), _along(_days(found))),
        up=_PER_CENT,
        levels=tuple(Level(PERCENT.up(100 * line.share), line.label) for line in lines),
        table=_share_table(found),
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


def _weekly(found: OverTime, label: str, values: Sequence[tuple[float, float, float]]) -> Curve:
    days = _days(found)
    return curve("now", label, [_ordinal(day) for day in days], values, (_along(days), PERCENT))


def _days(found: OverTime) -> list[date]:
    return [day for day, _one in found.drawn]


def _since(found: OverTime) -> str:
    """Where the line begins."""
    first, n = found.drawn[0][0], len(found.drawn)
    return " " + (_("A point is added each week.") if n == 1 else _("The line begins on %(day)s.") % {"day": day_words(first)})


def _shares(one: Readiness) -> tuple[float, float, float]:
    """The share right and the limits that hold nine forms in ten, in per cent."""
    n = (len(one.score.chances) - 1) / 100
    return one.score.mean / n, one.score.low / n, one.score.high / n


def _chance_table(found: OverTime) -> Table:
    columns = (_("Day"), _("Chance to pass"), _("Between"), _("Answers"), _("New questions"))
    rows = []
    for point in found.points:
        one, evidence = point.readiness, point.found.evidence
        words = (chance(one.p_pass), f"{chance(one.low)} – {chance(one.high)}") if one else ("–", "–")
        rows.append((date_format(point.on, "j F Y"), *words, str(evidence.n_answers), str(evidence.n_first)))
    return Table(columns, tuple(rows))


def _share_table(found: OverTime) -> Table:
    columns = (_("Day"), _("Likely right"), _("Between"), _("Who just passes"))
    rows = []
    for point in found.points:
        words = ("–", "–", "–")
        if point.readiness:
            value, low, high = _shares(point.readiness)
            cut = 100 * point.readiness.score.cut / (len(point.readiness.score.chances) - 1)
            words = (f"{value:.0f}%", f"{low:.0f}–{high:.0f}%", f"{cut:.0f}%")
        rows.append((date_format(point.on, "j F Y"), *words))
    return Table(columns, tuple(rows))


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
