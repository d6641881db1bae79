"""What the debrief's pictures show, as places on one time axis: x runs from 0 to 1000 over the whole case, y from 0 to 100."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from bedside.cases import Series, Wait
from bedside.site.cases.debrief import Analysis, WhatIf
from bedside.site.cases.debrief_words import item_title, mark_words, span
from bedside.site.picture import percent_of

WIDTH = 1000
HEIGHT = 100
MOST_TRACKS = 8
VITAL = ("hr", "sbp", "rr", "spo2")
_TICKS_S = (
    60,
    300,
    600,
    1_800,
    3_600,
    7_200,
    14_400,
    21_600,
    43_200,
    86_400,
    172_800,
    604_800,
    1_209_600,
    2_419_200,
    4_838_400,
)
_MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve of a track: whose it is, and its points as a picture has them."""

    name: str
    points: str


@dataclass(frozen=True, slots=True)
class Track:
    """One quantity over time. `band`: y and height of its reference interval where that is known and in the picture."""

    id: str
    label: str
    unit: str
    said: str
    band: tuple[float, float] | None
    curves: tuple[Curve, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """Things that happened at instants, on one line; x in per cent."""

    name: str
    label: str
    said: str
    xs: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class WindowRow:
    """The window of an item in per cent of the axis: where full credit lies, where less, and when it was done."""

    title: str
    said: str
    full: tuple[float, float] | None
    less: tuple[float, float] | None
    done: float | None


@dataclass(frozen=True, slots=True)
class Tick:
    """A time on the axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Axis:
    """The time axis."""

    end_s: int
    ticks: tuple[Tick, ...]

    def x(self, at_s: float) -> float:
        """A place on the axis in per cent."""
        return percent_of(at_s, self.end_s)


@dataclass(frozen=True, slots=True)
class Moment:
    """All that happened at one instant, and the values then."""

    at_s: int
    time: str
    texts: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaitBar:
    """Time to one action, in per cent of its own scale. None: it was not done."""

    title: str
    is_critical: bool
    full: float
    less: float
    mine: float | None
    theirs: float | None
    mine_text: str
    theirs_text: str
    full_text: str
    less_text: str


def axis_of(end_s: int) -> Axis:
    """The axis up to an instant."""
    step_s = next((one for one in _TICKS_S if end_s / one <= _MOST_TICKS), _TICKS_S[-1])
    ticks = tuple(Tick(percent_of(at_s, end_s), span(at_s)) for at_s in range(0, end_s + 1, step_s)) if end_s else ()
    return Axis(end_s, ticks)


def value_text(one: Series, value: float) -> str:
    """A value with as many digits as reports show."""
    digits = one.digits if one.digits is not None else 1 if abs(value) < 100 else 0
    return f"{value:.{digits}f}".replace("-", "−")


def main_series(series: Sequence[Series]) -> list[Series]:
    """Those that are drawn at once: vital signs and variables that change, at most eight."""
    return [one for one in series if not one.is_constant and (one.name in VITAL or one.is_variable)][:MOST_TRACKS]


def other_series(series: Sequence[Series]) -> list[Series]:
    """Those that are drawn on demand."""
    shown = {one.name for one in main_series(series)}
    return [one for one in series if not one.is_constant and one.name not in shown]


def constant_words(series: Sequence[Series]) -> str:
    """What did not change, in a sentence; empty where all did."""
    return ", ".join(f"{one.label} {value_text(one, one.points[0][1])} {one.unit}".strip() for one in series if one.is_constant)


def tracks(series: Sequence[Series], axis: Axis) -> list[Track]:
    """Each as a track of its own."""
    return [_track([("mine", one)], axis) for one in series]


def compared_tracks(analysis: Analysis, changed: WhatIf, axis: Axis) -> list[Track]:
    """What was played and both replays over each other, of what differs anywhere."""
    fixed, anchored = ({one.name: one for one in some} for some in (changed.fixed_series, changed.anchored_series))
    names = [one.name for one in main_series(analysis.series)]
    names += [one.name for one in main_series([*changed.fixed_series, *changed.anchored_series]) if one.name not in names]
    mine = {one.name: one for one in analysis.series}
    triples = [(mine[name], fixed[name], anchored[name]) for name in names]
    return [
        _track([("mine", one), ("fixed", two), ("anchored", three)], axis)
        for one, two, three in triples
        if len({one.points, two.points, three.points}) > 1
    ][:MOST_TRACKS]


def lanes(analysis: Analysis, axis: Axis) -> list[Lane]:
    """What was done, said and reported, and what the body did."""
    kinds = (
        ("action", _("You did")),
        ("note", _("You were told")),
        ("report", _("Reports came")),
        ("state", _("The body turned")),
    )
    found = []
    for kind, label in kinds:
        at = sorted({mark.at_s for mark in analysis.marks if mark.kind == kind and not mark.was_refused})
        said = _("at %(times)s") % {"times": ", ".join(span(at_s) for at_s in at)} if at else _("never")
        found.append(Lane(kind, label, said, tuple(axis.x(at_s) for at_s in at)))
    return found


def window_rows(analysis: Analysis, axis: Axis) -> list[WindowRow]:
    """The windows on the axis."""
    rows = []
    for window in analysis.windows:
        done = axis.x(window.done_s) if window.done_s is not None else None
        done_text = _("done at %(time)s") % {"time": span(window.done_s)} if window.done_s is not None else _("not done")
        if window.opens_s is None or window.full_s is None or window.zero_s is None:
            rows.append(WindowRow(item_title(analysis.case, window.id), _("never opened"), None, None, done))
            continue
        opens, full, zero = (axis.x(at_s) for at_s in (window.opens_s, window.full_s, window.zero_s))
        told = {"from": span(window.opens_s), "full": span(window.full_s), "done": done_text}
        said = _("%(from)s to %(full)s, %(done)s") % told
        less = (full, round(zero - full, 2)) if zero > full else None
        rows.append(WindowRow(item_title(analysis.case, window.id), said, (opens, round(full - opens, 2)), less, done))
    return rows


def wait_bars(analysis: Analysis) -> list[WaitBar]:
    """Time to action, each on the scale of its own window."""
    return [_wait_bar(item_title(analysis.case, one.id), one) for one in analysis.waits]


def moments(analysis: Analysis, series: Sequence[Series]) -> list[Moment]:
    """What happened, instant by instant, with the values of these curves."""
    told = sorted(analysis.marks, key=lambda mark: mark.at_s)
    return [
        Moment(
            at_s,
            span(at_s),
            tuple(dict.fromkeys(mark_words(analysis.case, mark) for mark in some)),
            tuple(value_text(one, one.at(at_s)) for one in series),
        )
        for at_s, some in groupby(told, key=lambda mark: mark.at_s)
    ]


def scrubber_json(analysis: Analysis, series: Sequence[Series], axis: Axis) -> dict[str, Any]:
    """What the script needs to say the values at a moment."""
    return {
        "end_s": axis.end_s,
        "units": [[604_800, _("wk")], [86_400, _("d")], [3600, _("h")], [60, _("min")]],
        "series": [
            {
                "id": one.name,
                "unit": one.unit,
                "digits": one.digits if one.digits is not None else 1,
                "points": [[at_s, float(f"{value:.5g}")] for at_s, value in one.points],
            }
            for one in series
        ],
        "moments": [
            {"at_s": moment.at_s, "texts": moment.texts} for moment in moments(analysis, ())
        ],
        "words": {"nothing": _("Nothing happened at this moment. Last:"), "at": _("At this moment:")},
    }  # fmt: skip


def _track(named: Sequence[tuple[str, Series]], axis: Axis) -> Track:
    values = [value for _name, one in named for _at_s, value in one.points]
    low, high = min(values), max(values)
    if high == low:
        low, high = low - 1, high + 1
    mine = named[0][1]
    seen = [value for _at_s, value in mine.points]
    told = {
        "first": value_text(mine, seen[0]),
        "low": value_text(mine, min(seen)),
        "high": value_text(mine, max(seen)),
        "last": value_text(mine, seen[-1]),
    }
    said = _("from %(first)s at the start to %(last)s at the end; lowest %(low)s, highest %(high)s") % told
    curves = tuple(Curve(name, _points(one, axis.end_s, low, high)) for name, one in named)
    return Track(mine.name, mine.label, mine.unit, said, _band(mine, low, high), curves)


def _points(one: Series, end_s: int, low: float, high: float) -> str:
    placed: list[str] = []
    for at_s, value in one.points:
        x = round(WIDTH * at_s / end_s, 1) if end_s else 0.0
        y = round(HEIGHT * (0.94 - 0.88 * (value - low) / (high - low)), 1)
        text = f"{x:g},{y:g}"
        if not placed or placed[-1] != text:
            placed.append(text)
    return " ".join(placed)


def _band(one: Series, low: float, high: float) -> tuple[float, float] | None:
    """Where the reference interval lies, as far as it is in the picture."""
    if one.low is None and one.high is None:
        return None
    from_ = max(one.low if one.low is not None else low, low - 0.07 * (high - low))
    to = min(one.high if one.high is not None else high, high + 0.07 * (high - low))
    if to <= from_:
        return None
    top, bottom = (HEIGHT * (0.94 - 0.88 * (value - low) / (high - low)) for value in (to, from_))
    return round(top, 1), round(bottom - top, 1)


def _wait_bar(title: str, one: Wait) -> WaitBar:
    end_s = 1.15 * one.zero_s

    def place(lag_s: int | None) -> float | None:
        return None if lag_s is None else percent_of(lag_s, end_s, digits=1)

    def text(lag_s: int | None) -> str:
        return _("not done") if lag_s is None else _("at once") if lag_s == 0 else span(lag_s)

    return WaitBar(
        title=title,
        is_critical=one.is_critical,
        full=percent_of(one.full_s, end_s, digits=1),
        less=percent_of(one.zero_s, end_s, digits=1),
        mine=place(one.lag_s),
        theirs=place(one.expert_s),
        mine_text=text(one.lag_s) if one.has_opened else _("the window never opened"),
        theirs_text=text(one.expert_s),
        full_text=span(one.full_s),
        less_text=span(one.zero_s),
    )
