"""The picture of readiness by area: what would be right of each, beside what somebody gets who only just passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

import numpy as np
from django.utils.translation import gettext as _

from bedside.measure import Readiness
from bedside.site.passing.state import Passing
from bedside.site.progress.drawing import Table

LIMITS = (0.05, 0.95)  # of intervals, as of all that is said of passing
SURE = 0.9  # how likely an area must lie on one side of the standard for a word to be said of it


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area: places on the scale from 0 to 100, and words."""

    label: str
    at: float
    low: float
    high: float
    asked: float
    value: str
    word: str  # "below", "above", or empty where that is open

    @property
    def said(self) -> str:
        words = {"value": self.value, "low": round(self.low), "high": round(self.high), "asked": round(self.asked)}
        return _("%(value)s, between %(low)d%% and %(high)d%%; who just passes: %(asked)d%%") % words


@dataclass(frozen=True, slots=True)
class AreaPicture:
    """The areas of the form in the order of the blueprint."""

    name: str
    title: str
    said: str
    rows: tuple[AreaRow, ...]
    table: Table


def area_picture(passing: Passing, found: Readiness, titles: Sequence[str]) -> AreaPicture:
    """Readiness by area."""
    right = passing.right
    rows = [_row(titles[area], right[:, area], float(passing.asked[area])) for area in passing.areas]
    n_below = sum(row.word == _("below") for row in rows)
    said = _("Of %(n)d areas %(below)d are likely below what passes; the mark across each line is what passes there.")
    return AreaPicture(
        "areas",
        _("Right, by area"),
        said % {"n": len(rows), "below": n_below},
        tuple(rows),
        _table(passing, found, rows, titles),
    )


def _row(label: str, right: np.ndarray[tuple[int, ...], np.dtype[np.float64]], asked: float) -> AreaRow:
    low, high = np.quantile(right, LIMITS)
    below = float((right < asked).mean())
    word = _("below") if below >= SURE else _("above") if below <= 1 - SURE else ""
    mean = float(right.mean())
    at, low, high, asked = (round(100 * float(share), 1) for share in (mean, low, high, asked))
    return AreaRow(label, at, low, high, asked, f"{100 * mean:.0f}%", word)


def _table(passing: Passing, found: Readiness, rows: Sequence[AreaRow], titles: Sequence[str]) -> Table:
    columns = (
        _("Area"),
        _("Likely right"),
        _("Between"),
        _("Who just passes"),
        _("Against that"),
        _("Answers"),
        _("Days since the last"),
        _("Ten more would tell"),
    )
    cells = tuple(_cells(passing, found, *pair) for pair in zip(passing.areas, rows, strict=True))
    return Table(columns, cells, texts=frozenset({4}))


def _cells(passing: Passing, found: Readiness, area: int, row: AreaRow) -> tuple[str, ...]:
    age = float(found.evidence.last_age_days[area])
    return (
        row.label,
        row.value,
        f"{row.low:.0f}–{row.high:.0f}%",
        f"{row.asked:.0f}%",
        row.word or _("open"),
        str(found.evidence.by_area[area]),
        "–" if isnan(age) else f"{age:.0f}",
        f"{100 * float(found.narrowing[area]):.0f}%",
    )
