"""The road as a picture: a lane for each kind of thing, in it a row for each milestone, from today to the end.

A bar goes from the earliest start to the earliest end, a thin line on to the latest day. A thick one has no days to spare.
`WIDTH` by `height`, in units of the picture; a day is `unit` of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from bedside.pathway.timeline import Placed, Timeline
from bedside.site.road.words import day_words, days_words, lane_names

WIDTH = 1000
MARGIN = 12
ROW, HEAD, AXIS = 24, 26, 30
BAR, CRITICAL_BAR = 8, 13
LEAST_WIDTH = 6  # of a bar of one day
LETTER, BOLD_LETTER = 6.3, 7.2  # about the width of one, to put a name where it has room
BESIDE = 6  # between a bar and its name
YEARS_APART = 60  # units between two years that are named, and from the edge where today stands


@dataclass(frozen=True, slots=True)
class Bar:
    """One milestone: its bar, the line to its latest day, and its name beside it."""

    id: str
    x: float
    y: float
    width: float
    height: int
    until: float
    middle: float
    label: str
    label_x: float
    label_y: float
    is_end: bool  # the name stands before the bar, and ends there
    is_critical: bool
    start: date
    title: str
    said: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of thing."""

    name: str
    y: float
    label_y: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A year on the axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """The lanes, the years above them, and the picture in words."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    today: float
    height: int
    unit: float
    first: date
    said: str


def picture_of(found: Timeline) -> Picture | None:
    """The picture of a road; None where nothing is left of it."""
    left = [one for one in found.milestones if one.start is not None and one.end is not None]
    if not left or found.end is None:
        return None
    first = min(found.on, *(one.start for one in left if one.start is not None))
    last = max(found.end, *(one.end for one in left if one.end is not None))
    scale = _Scale(first, (WIDTH - 2 * MARGIN) / max((last - first).days, 1))
    lanes = tuple(_lanes(left, scale))
    height = round(AXIS + sum(HEAD + ROW * len(lane.bars) for lane in lanes) + MARGIN)
    return Picture(
        lanes, tuple(_ticks(first, last, scale)), scale.x(found.on), height, round(scale.unit, 4), first, _said(found)
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    first: date
    unit: float

    def x(self, day: date) -> float:
        return round(MARGIN + (day - self.first).days * self.unit, 1)


def _lanes(left: Sequence[Placed], scale: _Scale) -> Iterator[Lane]:
    y: float = AXIS
    for name, kinds in lane_names().items():
        rows = sorted((one for one in left if one.kind in kinds), key=lambda one: (one.start or date.max, one.end or date.max))
        if rows:
            bars = tuple(_bar(one, y + HEAD + n * ROW, scale) for n, one in enumerate(rows))
            yield Lane(name, y, y + HEAD - 9, bars)
            y += HEAD + ROW * len(rows)


def _bar(one: Placed, y: float, scale: _Scale) -> Bar:
    assert one.start is not None
    assert one.end is not None
    x, end = scale.x(one.start), scale.x(one.end)
    width = max(end - x, LEAST_WIDTH)
    until = min(max(scale.x(one.latest_end or one.end), x + width), WIDTH - MARGIN)
    height = CRITICAL_BAR if one.is_critical else BAR
    middle = y + ROW / 2
    label, label_x, is_end = _label(one, x, until)
    return Bar(
        id=one.id,
        x=x,
        y=round(middle - height / 2, 1),
        width=round(width, 1),
        height=height,
        until=until,
        middle=middle,
        label=label,
        label_x=label_x,
        label_y=middle + 4,
        is_end=is_end,
        is_critical=one.is_critical,
        start=one.start,
        title=one.title,
        said=_bar_said(one),
    )


def _label(one: Placed, x: float, until: float) -> tuple[str, float, bool]:
    """The fullest name that has room behind the bar or before it, where it begins, and whether it ends there instead."""
    dated = f"{one.title} · {day_words(one.start)}"
    full = _("%(label)s · no days to spare") % {"label": dated} if one.is_critical else dated
    letter = BOLD_LETTER if one.is_critical else LETTER
    for label in (full, dated, one.title):
        room = len(label) * letter
        if until + BESIDE + room <= WIDTH:
            return label, round(until + BESIDE, 1), False
        if room <= x - BESIDE:
            return label, round(x - BESIDE, 1), True
    return one.title, float(WIDTH), True  # over its own bar


def _bar_said(one: Placed) -> str:
    return _("%(title)s: from %(start)s, at the latest %(latest)s") % {
        "title": one.title,
        "start": day_words(one.start),
        "latest": day_words(one.latest_start),
    }


def _ticks(first: date, last: date, scale: _Scale) -> Iterator[Tick]:
    every = 1
    while every * 365 * scale.unit < YEARS_APART:
        every += 1
    for year in range(first.year + 1, last.year + 1):
        x = scale.x(date(year, 1, 1))
        if (year - first.year - 1) % every == 0 and x > YEARS_APART:
            yield Tick(x, str(year))


def _said(found: Timeline) -> str:
    critical = [one.title for one in found.milestones if one.is_critical]
    assert found.end is not None
    values = {
        "on": day_words(found.on),
        "end": day_words(found.end),
        "days": days_words((found.end - found.on) // timedelta(days=1)),
        "n": sum(1 for one in found.milestones if not one.is_done),
        "critical": "; ".join(critical),
    }
    return _("From %(on)s to %(end)s, %(days)s, with %(n)d things left. A day lost moves the end at: %(critical)s.") % values
