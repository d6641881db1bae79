"""The pictures of a journey, week by week: hours, days and areas. The chance to pass is drawn in story_chances.py."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.journeys import Journey, JourneyWeek
from bedside.site.journeys.story_marks import APART, Frame, Mark, cut_for, lanes_of, marks_of, room_of, sittings_by_week
from bedside.site.journeys.story_weeks import (
    all_weeks,
    first_up,
    hours_number,
    hours_words,
    listed,
    middle_of,
    n_drawn,
    span_words,
    stretches,
    week_columns,
    week_texts,
    week_ticks,
    week_words,
    weeks_since_exam,
)
from bedside.site.picture import percent_of
from bedside.site.progress.drawing import Cell, Level, MapRow, Stick, Table, Tick

__all__ = [
    "AreaMap",
    "WeekSticks",
    "areas_picture",
    "by_kind",
    "days_picture",
    "hours_picture",
    "kinds",
    "round_below",
    "short_names",
    "week_words",
]

MOST_COLUMNS = 24  # of the map; of a longer way several weeks share one
MOST_NUMBERED = 12  # columns with room for a number
MOST_GAPS = 12  # that are named; of more the longest
MOST_NAME = 40  # letters of the name of an area in a sentence
LEAST_KIND = 3  # minutes of a kind that are worth a word
ROW_EM = 1.6
PLOT_EM = 8.0
ROUND = (1.0, 2.0, 5.0)
HIGH = 0.85  # of the highest; a line above that would go through its words
NARROW = 0.8  # of its column, which a stick fills


@dataclass(frozen=True, slots=True)
class Word:
    """Words on a picture; where they stand in per cent, and on which side of that."""

    at: float
    text: str
    anchor: str

    def reach(self) -> tuple[float, float]:
        """From where to where they go."""
        room = room_of(self.text)
        low = {"start": self.at, "middle": self.at - room / 2, "end": self.at - room}[self.anchor]
        return low, low + room


@dataclass(frozen=True, slots=True)
class Gap:
    """Weeks without study: where they begin and how far they go, in per cent, and words where there is room."""

    x: float
    width: float
    text: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)

    @property
    def end(self) -> float:
        return round(self.x + self.width, 2)


@dataclass(frozen=True, slots=True)
class WeekSticks:
    """A stick a week, with a line at a round value, the weeks without study, and the sittings."""

    name: str
    title: str
    said: str
    sticks: tuple[Stick, ...]
    across: tuple[Tick, ...]
    table: Table
    frame: Frame
    marks: tuple[Mark, ...]
    level: Level
    level_word: Word
    top_word: Word | None = None  # above the highest stick
    gaps: tuple[Gap, ...] = ()


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


def hours_picture(journey: Journey) -> WeekSticks:
    """Hours of study by week."""
    minutes = [week.all_minutes if week else 0 for week in all_weeks(journey)]
    n, most = len(minutes), max(minutes)
    busiest = minutes.index(most)
    marks = marks_of(journey, n, lambda week: middle_of(week, n))
    sticks = _sticks(minutes, most or 1)
    top_word = _top_word(middle_of(busiest, n), hours_words(most), marks)
    frame = Frame(lanes_of(marks), PLOT_EM)
    round_hours = round_below(HIGH * most / 60)
    level = Level(round(100 - percent_of(60 * round_hours, most), 1), _("%(n)s hours") % {"n": f"{round_hours:g}"})
    return WeekSticks(
        name="journey-hours",
        title=_("Hours by week"),
        said=_hours_said(journey, minutes, busiest),
        sticks=sticks,
        across=week_ticks(n),
        table=_hours_table(journey),
        frame=frame,
        marks=cut_for(marks, top_word.reach(), frame.top - 0.3),
        level=level,
        level_word=_level_word(level, sticks, marks),
        top_word=top_word,
    )


def days_picture(journey: Journey) -> WeekSticks:
    """On how many days of each week there was study, with the weeks without."""
    days = [week.days if week else 0 for week in all_weeks(journey)]
    n = len(days)
    # the last week may not be over yet, or is the one of the exam
    lost = stretches(week for week in range(n - 1) if not days[week])
    return WeekSticks(
        name="journey-days",
        title=_("Days kept and weeks without study"),
        said=_days_said(journey, days),
        sticks=_sticks(days, 7),
        across=week_ticks(n),
        table=Table(
            (*week_columns(journey), _("Days with study")),
            tuple((*week_texts(journey, week), str(number)) for week, number in enumerate(days)),
        ),
        frame=Frame(0, PLOT_EM),
        marks=(),
        level=Level(0.0, _("7 days")),
        level_word=Word(0.0, _("7 days"), "start"),
        gaps=tuple(_gap(span, n) for span in lost),
    )


def areas_picture(journey: Journey, titles: Mapping[str, str]) -> AreaMap | None:
    """Which areas were answered when, those first whose answers came earliest on the whole. None: nothing is told of areas."""
    weeks = [week for week in all_weeks(journey) if week]
    totals = Counter({code: 0 for week in weeks for code in week.areas})
    moments = dict.fromkeys(totals, 0.0)
    for week in weeks:
        for code, n in week.areas.items():
            totals[code] += n
            moments[code] += n * week.week
    order = sorted((code for code in totals if totals[code]), key=lambda code: (moments[code] / totals[code], code))
    if not order:
        return None
    n_weeks = n_drawn(journey)
    each = -(-n_weeks // MOST_COLUMNS)
    columns = [(first, min(first + each, n_weeks) - 1) for first in range(0, n_weeks, each)]
    counts = {code: [0] * len(columns) for code in order}
    for week in weeks:
        for code in set(week.areas) & set(counts):
            counts[code][week.week // each] += week.areas[code]
    most = max(max(row) for row in counts.values())
    names = {code: titles.get(code, code) for code in order}
    return AreaMap(
        name="journey-areas",
        title=_("What was studied, in which order"),
        said=_areas_said(order, totals, short_names(names), sum(week.answers for week in weeks)),
        rows=tuple(_area_row(names[code], counts[code], columns, most) for code in order),
        across=week_ticks(n_weeks),
        table=_areas_table(order, names, totals, counts, columns),
    )


def round_below(value: float) -> float:
    """The largest of 1, 2 and 5, and of their tens, hundreds and tenths, that is no more than this."""
    powers = [10.0**power for power in range(-2, 4)]
    return max((one * power for power in powers for one in ROUND if one * power <= value), default=ROUND[0])


def short_names(names: Mapping[str, str]) -> dict[str, str]:
    """The names of areas as a sentence says them: up to a comma or a bracket, and not too long; in full if two became one."""
    short = {code: _shortened(re.split(r"[,(]", name)[0].strip() or name) for code, name in names.items()}
    n = Counter(short.values())
    return {code: short[code] if n[short[code]] == 1 else name for code, name in names.items()}


def _shortened(name: str) -> str:
    return name if len(name) <= MOST_NAME else f"{name[: MOST_NAME + 1].rsplit(' ', 1)[0][:MOST_NAME]}…"


def kinds() -> list[tuple[str, str]]:
    """The kinds of study, with their words."""
    return [("review", _("reviews")), ("new", _("new questions")), ("case", _("patient cases")), ("block", _("timed blocks"))]


def by_kind(week: JourneyWeek | None) -> dict[str, int]:
    """Minutes of a week by kind."""
    return {str(kind): minutes for kind, minutes in week.minutes.items()} if week else {}


def _hours_said(journey: Journey, minutes: Sequence[int], busiest: int) -> str:
    said = _("%(total)s in all; half of the weeks with study had %(middle)s or more, and %(week)s had most, %(most)s.") % {
        "total": first_up(hours_words(sum(minutes))),
        "middle": hours_words(median([one for one in minutes if one] or [0])),
        "week": week_words(busiest),
        "most": hours_words(minutes[busiest]),
    }
    totals = [(name, sum(by_kind(week).get(kind, 0) for week in all_weeks(journey))) for kind, name in kinds()]
    parts = [f"{name} {hours_number(total)}" for name, total in totals if total >= LEAST_KIND]
    if parts:
        said += " " + _("Hours by kind: %(parts)s.") % {"parts": ", ".join(parts)}
    return said


def _days_said(journey: Journey, days: Sequence[int]) -> str:
    """How many days, and every gap by its weeks. Of weeks after the exam only those with study are told."""
    n = journey.n_weeks_to_exam
    total = sum(days[:n])
    said = ngettext("Study on %(n)d day, %(mean).1f a week.", "Study on %(n)d days, %(mean).1f a week.", total)
    texts = [said % {"n": total, "mean": total / n}, _gap_words(stretches(week for week in range(n - 1) if not days[week]))]
    n_left = journey.n_weeks - n
    if weeks_since_exam(journey):
        more = sum(days[n:])
        text = ngettext(
            "It counts up to the last exam; after it there was study on %(n)d day more.",
            "It counts up to the last exam; after it there was study on %(n)d days more.",
            more,
        )
        texts.append(text % {"n": more})
    elif n_left:
        text = ngettext(
            "The week after the exam, of waiting for the result, is left out.",
            "The %(n)d weeks after the exam, of waiting for the result, are left out.",
            n_left,
        )
        texts.append(text % {"n": n_left})
    return " ".join(texts)


def _gap_words(lost: Sequence[tuple[int, int]]) -> str:
    if not lost:
        return _("No week went by without study.")
    longest = sorted(sorted(lost, key=lambda span: span[0] - span[1])[:MOST_GAPS])
    said = _("No study in %(weeks)s") % {"weeks": listed([span_words(span) for span in longest])}
    n_more = sum(last - first + 1 for first, last in lost) - sum(last - first + 1 for first, last in longest)
    if n_more:
        said += ngettext(", nor in %(n)d week more", ", nor in %(n)d weeks more", n_more) % {"n": n_more}
    return said + "."


def _gap(span: tuple[int, int], n_weeks: int) -> Gap:
    first, last = span
    width = 100 * (last - first + 1) / n_weeks
    texts = (_("no study"), "0")
    return Gap(
        round(100 * first / n_weeks, 2),
        round(width, 2),
        next((text for text in texts if room_of(text) - APART <= width), ""),
    )


def _top_word(at: float, text: str, marks: Sequence[Mark]) -> Word:
    """The words above the highest stick, so that no line of a sitting goes through them."""
    for anchor in ("middle", "start", "end"):
        word = Word(at, text, anchor)
        low, high = word.reach()
        if low >= 0 and high <= 100 and not any(low < mark.at < high for mark in marks):
            return word
    return Word(at, text, "start" if at < 15 else "end" if at > 85 else "middle")


def _level_word(level: Level, sticks: Sequence[Stick], marks: Sequence[Mark]) -> Word:
    """The words of the line where no higher stick and no sitting stands behind them; else at its beginning."""
    room = room_of(level.text)
    for low in (stick.left for stick in sticks):
        high = low + room
        behind = [one for one in sticks if one.left < high and low < one.left + one.width]
        is_free = high <= 100 and all(one.top >= level.at for one in behind)
        if is_free and not any(low < mark.at < high for mark in marks):
            return Word(low, level.text, "start")
    return Word(0.0, level.text, "start")


def _sticks(values: Sequence[float], most: float) -> tuple[Stick, ...]:
    width = 100 / len(values)
    return tuple(
        Stick(
            x=round((index + 0.5) * width, 2),
            left=round((index + (1 - NARROW) / 2) * width, 2),
            width=round(NARROW * width, 2),
            height=percent_of(value, most, digits=1),
        )
        for index, value in enumerate(values)
    )


def _hours_table(journey: Journey) -> Table:
    weeks = all_weeks(journey)
    sittings = sittings_by_week(journey, len(weeks))
    names = [first_up(name) for _kind, name in kinds()]
    columns = (*week_columns(journey), _("Hours"), *names, _("Answers"), _("Right"), *([_("Sitting")] if sittings else []))
    rows = []
    for number, week in enumerate(weeks):
        minutes = by_kind(week)
        hours = [sum(minutes.values()), *(minutes.get(kind, 0) for kind, _name in kinds())]
        answers = (str(week.answers), str(week.right)) if week else ("0", "0")
        row = (*week_texts(journey, number), *(f"{one / 60:.1f}" for one in hours), *answers)
        rows.append((*row, ", ".join(sittings.get(number, ()))) if sittings else row)
    return Table(columns, tuple(rows), frozenset({len(columns) - 1} if sittings else ()))


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
    said = _("%(title)s: %(n)d answers, most of them in %(when)s") % {
        "title": title,
        "n": sum(counts),
        "when": span_words(columns[max(range(len(counts)), key=lambda index: counts[index])]),
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
