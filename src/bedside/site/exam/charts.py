"""What a report's pictures show: shares with their intervals, on one scale from 0 to 100 per cent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Bar:
    """One share with its interval, in per cent."""

    label: str
    n_correct: int
    n: int
    percent: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars below each other on one scale."""

    name: str
    title: str
    bars: tuple[Bar, ...]
    n_left_out: int = 0  # items that belong to none of the bars, and ought to


def chart(name: str, title: str, rows: Sequence[Mapping[str, Any]], *, n_left_out: int = 0) -> Chart:
    """The picture of these shares; a share without any item is left out."""
    return Chart(
        name,
        title,
        tuple(
            Bar(str(row["label"]), row["n_correct"], row["n"], row["percent"], row["low"], row["high"])
            for row in rows
            if row["percent"] is not None
        ),
        n_left_out,
    )
