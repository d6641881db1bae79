"""How readiness moved, as a journey's story draws and says it: a line that breaks where no chance was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from django.utils.translation import gettext as _

from bedside.journeys import READY, Chance, Journey, Result, hours_until_ready
from bedside.site.journeys.lines import Line, line_of
from bedside.site.journeys.story_marks import (
    Frame,
    Mark,
    cut_for,
    lanes_of,
    marks_of,
    outcome_words,
    room_of,
    sittings_by_week,
)
from bedside.site.journeys.story_weeks import (
    chances_by_week,
    hours_words,
    n_drawn,
    point_of,
    week_columns,
    week_texts,
    week_ticks,
    week_words,
)
from bedside.site.passing.words import chance
from bedside.site.progress.drawing import Scale, Table, Tick, curve

MOST_MISSING = 1  # weeks without a chance over which the line is drawn through
LOOK_BACK = 6  # weeks; an older chance says nothing of an exam
JUMP = 100  # per mille within a week
PLOT_EM = 14.0
SHIFT = 4.0  # per cent that the words stand off the end of the line, on a phone
PERCENT = Scale(0.0, 100.0)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of the line; of a single week there is only a point."""

    line: Line
    is_point: bool


@dataclass(frozen=True, slots=True)
class Readiness:
    """The chance to pass by week, with the sittings."""

    name: str
    title: str
    said: str
    pieces: tuple[Piece, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    table: Table
    frame: Frame
    marks: tuple[Mark, ...]


def chance_picture(journey: Journey, *, mine: bool = False) -> Readiness | None:
    """The chance to pass at the end of each week in which one was told; None: there was none."""
    told = chances_by_week(journey)
    if not told:
        return None
    n = n_drawn(journey)
    marks = marks_of(journey, n, lambda week: point_of(week, n))
    frame = Frame(lanes_of(marks), PLOT_EM)
    pieces = _pieces(told, n)
    return Readiness(
        name="journey-readiness",
        title=_("How readiness moved: the chance to pass"),
        said=_said(journey, told, mine=mine),
        pieces=pieces,
        across=week_ticks(n, on_points=True),
        up=tuple(Tick(PERCENT.up(value), f"{value}%") for value in (0, 25, 50, 75, 100)),
        table=_table(journey, told),
        frame=frame,
        marks=_cut_for_label(marks, pieces[-1].line, frame),
    )


def _cut_for_label(marks: Sequence[Mark], line: Line, frame: Frame) -> tuple[Mark, ...]:
    """The marks, whose lines do not go through the words at the end of the line."""
    x, _y, _low, high = line.curve.end
    room = room_of(line.curve.label) + SHIFT
    word = (x, x + room) if line.anchor == "start" else (x - room, x)
    return cut_for(marks, word, frame.top + PLOT_EM * high / 100 - 0.4)


def chance_at(told: dict[int, Chance], week: int) -> Chance | None:
    """The chance of a week, or the last one told before; None: there is none, or it is too old."""
    found = [number for number in told if week - LOOK_BACK < number <= week]
    return told[max(found)] if found else None


def _pieces(told: dict[int, Chance], n_weeks: int) -> tuple[Piece, ...]:
    weeks = sorted(told)
    ends = [index + 1 for index, (one, other) in enumerate(pairwise(weeks)) if other - one > MOST_MISSING + 1]
    scales = (Scale(0.0, float(max(1, n_weeks - 1))), PERCENT)
    pieces = []
    for begin, end in pairwise([0, *ends, len(weeks)]):
        values = [(one.p / 10, one.low / 10, one.high / 10) for one in map(told.__getitem__, weeks[begin:end])]
        drawn = curve("now", "", [float(week) for week in weeks[begin:end]], values, scales)
        pieces.append(Piece(line_of(drawn), len(values) == 1))
    last = pieces[-1].line.curve
    label = chance(told[weeks[-1]].p / 1000)
    return (*pieces[:-1], Piece(line_of(replace(last, label=label)), is_point=pieces[-1].is_point))


def _table(journey: Journey, told: dict[int, Chance]) -> Table:
    sittings = sittings_by_week(journey, n_drawn(journey))
    columns = (*week_columns(journey), _("Chance to pass"), _("Between"), *([_("Sitting")] if sittings else []))
    rows = []
    for week in sorted({*told, *sittings}):
        texts = ("–", "–")
        if (one := told.get(week)) is not None:
            texts = (chance(one.p / 1000), f"{chance(one.low / 1000)} – {chance(one.high / 1000)}")
        rows.append((*week_texts(journey, week), *texts, *([", ".join(sittings.get(week, ()))] if sittings else [])))
    return Table(columns, tuple(rows), frozenset({len(columns) - 1} if sittings else ()))


def _said(journey: Journey, told: dict[int, Chance], *, mine: bool) -> str:
    first, last = min(told), max(told)
    texts = [_("First told in %(week)s: %(p)s.") % {"week": week_words(first), "p": chance(told[first].p / 1000)}]
    texts += [_exam_words(exam, told) for exam in journey.exams]
    is_last_said = bool(journey.exams) and chance_at(told, journey.exams[-1].week) is told[last]
    if last != first and not is_last_said:
        texts.append(_("In %(week)s: %(p)s.") % {"week": week_words(last), "p": chance(told[last].p / 1000)})
    low, high = chance(told[last].low / 1000), chance(told[last].high / 1000)
    if low != high:
        texts.append(_("Somewhere between %(low)s and %(high)s.") % {"low": low, "high": high})
    texts += _jump_words(journey, told)
    hours, is_ready = hours_until_ready(journey)
    if is_ready:
        text = _("%(ready)d%% was first reached in %(week)s, after %(hours)s.")
        week = next(week for week in sorted(told) if told[week].p >= READY)
        texts.append(text % {"ready": READY // 10, "week": week_words(week), "hours": hours_words(60 * hours)})
    return " ".join([*texts, _estimate_words(journey, mine=mine)])


def _exam_words(exam: Result, told: dict[int, Chance]) -> str:
    found = chance_at(told, exam.week)
    return _("At the exam that was %(outcome)s (%(week)s): %(p)s.") % {
        "outcome": outcome_words(exam),
        "week": week_words(exam.week),
        "p": chance(found.p / 1000) if found else _("no chance was told"),
    }


def _jump_words(journey: Journey, told: dict[int, Chance]) -> list[str]:
    """What practice tests did at once: a number that is typed in counts much beside single answers."""
    texts = []
    for week in sorted({one.week for one in journey.results if one.kind == "practice_test"}):
        before = chance_at(told, week - 1)
        if before is None or week not in told or abs(told[week].p - before.p) < JUMP:
            continue
        text = _("In %(week)s a practice test was typed in; the chance went from %(before)s to %(after)s.")
        values = {"before": chance(before.p / 1000), "after": chance(told[week].p / 1000)}
        texts.append(text % {"week": week_words(week), **values})
    return texts


def _estimate_words(journey: Journey, *, mine: bool) -> str:
    """Whose estimate it is, and that one exam does not try it."""
    if journey.is_example:
        said = _("The program's estimate from invented answers.")
    elif mine:
        said = _("The program's estimate from your answers.")
    else:
        said = _("The program's estimate from this person's answers.")
    if not journey.exams:
        return said + " " + _("It has not been checked against enough real results.")
    if journey.is_example:
        return said + " " + _("It has not been checked against enough real results, and an invented exam proves nothing.")
    return (
        said
        + " "
        + _("It has not been checked against enough real results; that this exam went the same way or not proves nothing.")
    )
