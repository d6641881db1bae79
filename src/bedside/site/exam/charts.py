"""What a report's pictures show: values with their intervals, below each other on one scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.utils.translation import gettext as _

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Bar:
    """One value with its interval: in words, and as places on the scale from 0 to 100."""

    label: str
    of: str  # what it rests on: "12/20", or "20"
    value: str
    between: str
    at: float
    low: float
    high: float
    word: str = ""  # "lower", "borderline" or "higher", translated


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars below each other on one scale, with a line across all of them where `mark` is."""

    name: str
    title: str
    columns: tuple[str, str, str, str]  # of the table: what, of how many, value, between
    scale: tuple[str, str, str]  # its left end, its middle, its right end
    bars: tuple[Bar, ...]
    mark: float | None = None
    n_left_out: int = 0  # items that belong to none of the bars, and ought to

    @property
    def has_words(self) -> bool:
        return any(bar.word for bar in self.bars)


def chart(
    name: str, title: str, rows: Sequence[Row], *, what: str = "", mark: float | None = None, n_left_out: int = 0
) -> Chart:
    """The picture of these shares, in per cent; a share without any item is left out. `what` heads the names of the rows."""
    words = {"lower": _("lower"), "borderline": _("borderline"), "higher": _("higher")}
    return Chart(
        name,
        title,
        (what or _("Area"), _("Right"), _("Per cent"), _("Between")),
        ("0", "50%", "100%"),
        tuple(
            Bar(
                label=str(row["label"]),
                of=f"{row['n_correct']}/{row['n']}",
                value=f"{row['percent']:.0f}%",
                between=f"{row['low']:.0f}–{row['high']:.0f}%",
                at=row["percent"],
                low=row["low"],
                high=row["high"],
                word=words.get(row.get("word") or "", ""),
            )
            for row in rows
            if row["percent"] is not None
        ),
        mark,
        n_left_out,
    )


def pace_chart(name: str, title: str, rows: Iterable[Row], *, what: str) -> Chart:
    """The picture of median times on an item; a row without one is left out."""
    paces = [(str(row["label"]), row["pace"]) for row in rows if row["pace"]]
    end_s = _round_up(max((pace["high"] / 1000 for _label, pace in paces), default=1))
    return Chart(
        name,
        title,
        (what, _("Answers"), _("Median"), _("Between")),
        ("0", f"{end_s / 2:g} s", f"{end_s:g} s"),
        tuple(
            Bar(
                label=label,
                of=str(pace["n"]),
                value=_seconds(pace["value"]),
                between=f"{_seconds(pace['low'], unit='')}–{_seconds(pace['high'])}",
                at=_place(pace["value"], end_s),
                low=_place(pace["low"], end_s),
                high=_place(pace["high"], end_s),
            )
            for label, pace in paces
        ),
    )


def _place(ms: float, end_s: float) -> float:
    return round(ms / 10 / end_s, 1)


def _seconds(ms: float, unit: str = " s") -> str:
    return f"{ms / 1000:.0f}{unit}" if ms >= 10_000 else f"{ms / 1000:.1f}{unit}"


def _round_up(seconds: float) -> float:
    """The end of a scale: a round number of seconds that holds them."""
    step = 10 if seconds > 20 else 2
    return max(step, step * ceil(seconds / step))
