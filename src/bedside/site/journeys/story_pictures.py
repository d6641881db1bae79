"""The pictures of a journey, week by week: hours, days, areas, and the chance to pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from statistics import median

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.journeys import READY, Journey, JourneyWeek, hours_until_ready
from bedside.site.journeys.lines import Lines, line_of
from bedside.site.passing.words import chance
from bedside.site.picture import percent_of
from bedside.site.progress.drawing import Cell, MapRow, Scale, Stick, Sticks, Table, Tick, curve, spread

MOST_TICKS = 4
MOST_COLUMNS = 24  # of the map; of a longer way several weeks share one
MOST_NUMBERED = 12  # columns with room for a number
MOST_LABELLED = 30  # weeks with room for words above those that were lost
ROW_EM = 1.6
PERCENT = Scale(0.0, 100.0)


@dataclass(frozen=True, slots=True)
class AreaMap:
    """Areas by weeks, each cell the darker the more was answered."""

    name: str
    title: str
    said: str
    rows: tuple[MapRow, ...]
    across: tuple[Tick, ...]
    table: Table

    @property
    def is_numbered(self) -> bool:
        """Is there room for numbers in its cells?"""
        return len(self.rows[0].cells) <= MOST_NUMBERED


def week_words(week: int) -> str:
    """A week as a reader counts them, from 1."""
    return _("week %(n)d") % {"n": week + 1}


def hours_words(minutes: float) -> str:
    """Minutes as hours, without a false precision."""
    if minutes < 60:
        n = round(minutes)
        return ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}
    hours = minutes / 60
    return _("%(hours)s hours") % {"hours": f"{hours:,.0f}" if hours >= 10 else f"{hours:.1f}"}


def hours_picture(journey: Journey) -> Sticks:
    """Hours of study by week."""
    minutes = [week.all_minutes if week else 0 for week in _all_weeks(journey)]
    busiest = max(range(len(minutes)), key=lambda index: minutes[index])
    studied = [one for one in minutes if one]
    said = _("%(total)s in all; half of the weeks with study had %(middle)s or more, and %(week)s had most, %(most)s.") % {
        "total": _first_up(hours_words(sum(minutes))),
        "middle": hours_words(median(studied or [0])),
        "week": week_words(busiest),
        "most": hours_words(minutes[busiest]),
    }
    kinds = [(name, sum(_by_kind(week).get(kind, 0) for week in journey.weeks)) for kind, name in _kinds()]
    parts = [f"{name} {total / 60:.1f}" for name, total in kinds if total >= 3]
    if parts:
        said += " " + _("Hours by kind: %(parts)s.") % {"parts": ", ".join(parts)}
    return Sticks(
        name="journey-hours",
        title=_("Hours by week"),
        said=said,
        sticks=_sticks(minutes, {busiest: f"{minutes[busiest] / 60:.1f}"}),
        across=_week_ticks(journey.n_weeks),
        table=_hours_table(journey),
    )


def days_picture(journey: Journey) -> Sticks:
    """On how many days of each week there was study, with the weeks that were lost."""
    days = [week.days if week else 0 for week in _all_weeks(journey)]
    total = sum(days)
    # the last week may not be over yet, and is nobody's loss
    lost = [week for week in range(journey.n_weeks - 1) if not days[week]]
    said = ngettext("Study on %(n)d day, %(mean).1f a week.", "Study on %(n)d days, %(mean).1f a week.", total) % {
        "n": total,
        "mean": total / journey.n_weeks,
    }
    words = dict.fromkeys(lost, "0") if journey.n_weeks <= MOST_LABELLED else {}
    return Sticks(
        name="journey-days",
        title=_("Days kept and weeks lost"),
        said=f"{said} {_lost_words(lost, journey.n_weeks)}",
        sticks=_sticks(days, words, most=7),
        across=_week_ticks(journey.n_weeks),
        table=Table(
            (*_week_columns(journey), _("Days with study")),
            tuple((*_week_texts(journey, week), str(n)) for week, n in enumerate(days)),
        ),
    )


def areas_picture(journey: Journey, titles: Mapping[str, str]) -> AreaMap | None:
    """Which areas were answered when, those first whose answers came earliest on the whole. None: nothing is told of areas."""
    totals = {code: 0 for week in journey.weeks for code in week.areas}
    moments = dict.fromkeys(totals, 0.0)
    for week in journey.weeks:
        for code, n in week.areas.items():
            totals[code] += n
            moments[code] += n * week.week
    order = sorted((code for code in totals if totals[code]), key=lambda code: (moments[code] / totals[code], code))
    if not order:
        return None
    each = -(-journey.n_weeks // MOST_COLUMNS)
    columns = [(first, min(first + each, journey.n_weeks) - 1) for first in range(0, journey.n_weeks, each)]
    counts = {code: [0] * len(columns) for code in order}
    for week in journey.weeks:
        for code, n in week.areas.items():
            if code in counts:
                counts[code][week.week // each] += n
    most = max(max(row) for row in counts.values())
    names = {code: titles.get(code, code) for code in order}
    return AreaMap(
        name="journey-areas",
        title=_("What was studied, in which order"),
        said=_areas_said(order, totals, names, sum(week.answers for week in journey.weeks)),
        rows=tuple(_area_row(names[code], counts[code], columns, most) for code in order),
        across=_week_ticks(journey.n_weeks),
        table=_areas_table(order, names, totals, counts, columns),
    )


def chance_picture(journey: Journey) -> Lines | None:
    """The chance to pass at the end of each week in which one was told; None: there was none."""
    told = [(week.week, week.chance) for week in journey.weeks if week.chance is not None]
    if not told:
        return None
    last = max(1, journey.n_weeks - 1)
    values = [(one.p / 10, one.low / 10, one.high / 10) for _week, one in told]
    week, now = told[-1]
    label = _("%(p)s in %(week)s") % {"p": chance(now.p / 1000), "week": week_words(week)}
    drawn = curve("now", label, [float(week) for week, _one in told], values, (Scale(0.0, float(last)), PERCENT))
    return Lines(
        name="journey-readiness",
        title=_("How readiness moved: the chance to pass"),
        said=_chance_said(journey, told[0][0]),
        lines=(line_of(drawn),),
        across=_week_ticks(journey.n_weeks, on_points=True),
        up=tuple(Tick(PERCENT.up(value), f"{value}%") for value in (0, 25, 50, 75, 100)),
        table=Table(
            (*_week_columns(journey), _("Chance to pass"), _("Between")),
            tuple(
                (
                    *_week_texts(journey, week),
                    chance(one.p / 1000),
                    f"{chance(one.low / 1000)} – {chance(one.high / 1000)}",
                )
                for week, one in told
            ),
        ),
    )


def _chance_said(journey: Journey, first: int) -> str:
    """What the curve says, and that it is this bank's word."""
    told = {week.week: week.chance for week in journey.weeks if week.chance is not None}
    last = max(told)
    words = {name: chance(getattr(told[last], name) / 1000) for name in ("p", "low", "high")}
    said = _("First told in %(first)s: %(p)s.") % {"first": week_words(first), "p": chance(told[first].p / 1000)}
    if last != first:
        said += " " + _("In %(last)s: %(p)s.") % {"last": week_words(last), "p": words["p"]}
    if words["low"] != words["high"]:
        said += " " + _("What was not known then could make it %(low)s to %(high)s.") % words
    hours_until, is_ready = hours_until_ready(journey)
    if is_ready:
        ready = next(week for week in sorted(told) if told[week].p >= READY)
        said += " " + _("%(ready)d%% was first reached in %(week)s, after %(hours)s.") % {
            "ready": READY // 10,
            "week": week_words(ready),
            "hours": hours_words(60 * hours_until),
        }
    return said + " " + _("It is this program's own reckoning; no real result was compared with it yet.")


def _kinds() -> list[tuple[str, str]]:
    return [("review", _("reviews")), ("new", _("new questions")), ("case", _("patient cases")), ("block", _("timed blocks"))]


def _by_kind(week: JourneyWeek | None) -> dict[str, int]:
    return {str(kind): minutes for kind, minutes in week.minutes.items()} if week else {}


def _all_weeks(journey: Journey) -> list[JourneyWeek | None]:
    told = {week.week: week for week in journey.weeks}
    return [told.get(number) for number in range(journey.n_weeks)]


def _sticks(values: Sequence[float], words: Mapping[int, str], *, most: float | None = None) -> tuple[Stick, ...]:
    highest = most or max(values) or 1
    width = 100 / len(values)
    return tuple(
        Stick(
            x=round((index + 0.5) * width, 2),
            left=round((index + 0.1) * width, 2),
            width=round(0.8 * width, 2),
            height=percent_of(value, highest, digits=1),
            text=words.get(index, ""),
        )
        for index, value in enumerate(values)
    )


def _week_ticks(n_weeks: int, *, on_points: bool = False) -> tuple[Tick, ...]:
    """The first week, the last, and some between them; in the middle of their column, or on the points of a line."""
    n = min(n_weeks, MOST_TICKS)
    chosen = [round((n_weeks - 1) * index / max(1, n - 1)) for index in range(n)]
    if on_points:
        places = [percent_of(week, max(1, n_weeks - 1)) for week in chosen]
    else:
        places = [round(100 * (week + 0.5) / n_weeks, 2) for week in chosen]
    return tuple(Tick(place, week_words(week), to) for place, week, to in zip(places, chosen, spread(places), strict=True))


def _week_columns(journey: Journey) -> tuple[str, ...]:
    return (_("Week"), _("Begins")) if journey.begun_on is not None else (_("Week"),)


def _week_texts(journey: Journey, week: int) -> tuple[str, ...]:
    if journey.begun_on is None:
        return (str(week + 1),)
    return str(week + 1), date_format(journey.begun_on + timedelta(weeks=week), "j M Y")


def _hours_table(journey: Journey) -> Table:
    names = [_first_up(name) for _kind, name in _kinds()]
    columns = (*_week_columns(journey), _("Hours"), *names, _("Answers"), _("Right"))
    rows = []
    for number, week in enumerate(_all_weeks(journey)):
        minutes = _by_kind(week)
        hours = [sum(minutes.values()), *(minutes.get(kind, 0) for kind, _name in _kinds())]
        answers = (str(week.answers), str(week.right)) if week else ("0", "0")
        rows.append((*_week_texts(journey, number), *(f"{one / 60:.1f}" for one in hours), *answers))
    return Table(columns, tuple(rows))


def _lost_words(lost: Sequence[int], n_weeks: int) -> str:
    if not lost:
        return _("No week went by without study.")
    stretches = [[week for _place, week in group] for _key, group in groupby(enumerate(lost), lambda one: one[1] - one[0])]
    longest = max(stretches, key=len)
    said = _("No study in %(n)d of %(weeks)d weeks") % {"n": len(lost), "weeks": n_weeks}
    if len(longest) == 1:
        return said + "."
    return said + _("; at most %(n)d together, from %(week)s on.") % {"n": len(longest), "week": week_words(longest[0])}


def _areas_said(order: Sequence[str], totals: Mapping[str, int], names: Mapping[str, str], n_answers: int) -> str:
    busiest = max(order, key=lambda code: totals[code])
    n = sum(totals.values())
    said = _("Most answers went to %(area)s: %(most)s of %(n)s.") % {
        "area": names[busiest],
        "most": f"{totals[busiest]:,}",
        "n": f"{n:,}",
    }
    if n_answers > n:
        said += " " + _("%(n)s answers to other questions are not drawn.") % {"n": f"{n_answers - n:,}"}
    if len(order) > 1:
        said += " " + _("Areas stand in the order in which they came on the whole: %(first)s first, %(last)s last.") % {
            "first": names[order[0]],
            "last": names[order[-1]],
        }
    return said + " " + _("The fuller its colour, the more answers a week had.")


def _area_row(title: str, counts: Sequence[int], columns: Sequence[tuple[int, int]], most: int) -> MapRow:
    total = sum(counts)
    busiest = columns[max(range(len(counts)), key=lambda index: counts[index])]
    said = _("%(title)s: %(n)d answers, most of them in %(when)s") % {
        "title": title,
        "n": total,
        "when": _span_words(busiest),
    }
    return MapRow(title, said, ROW_EM, tuple(_area_cells(counts, most)))


def _area_cells(counts: Sequence[int], most: int) -> Iterator[Cell]:
    width = 100 / len(counts)
    for index, n in enumerate(counts):
        yield Cell(
            x=round(index * width, 2),
            width=round(width, 2),
            middle=round((index + 0.5) * width, 2),
            fill=f"m{min(4, 5 * n // most)}" if n else "none",
            text=str(n) if n and len(counts) <= MOST_NUMBERED else "",
            is_narrow=len(counts) > MOST_NUMBERED // 2,
        )


def _span_words(span: tuple[int, int]) -> str:
    first, last = span
    return week_words(first) if first == last else _("weeks %(first)d to %(last)d") % {"first": first + 1, "last": last + 1}


def _areas_table(
    order: Sequence[str],
    names: Mapping[str, str],
    totals: Mapping[str, int],
    counts: Mapping[str, Sequence[int]],
    columns: Sequence[tuple[int, int]],
) -> Table:
    heads = [str(first + 1) if first == last else f"{first + 1}–{last + 1}" for first, last in columns]
    rows = tuple((names[code], f"{totals[code]:,}", *map(str, counts[code])) for code in order)
    return Table((_("Area, answers by week"), _("All"), *heads), rows)


def _first_up(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
