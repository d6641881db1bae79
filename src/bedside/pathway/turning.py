"""The first day on which something holds, found exactly: only days are tried on which an answer can turn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from bedside.pathway.moment import Exam, Moment
from bedside.pathway.record import Record

T = TypeVar("T")

Holds = Callable[[Moment], bool]


def first_day(holds: Holds, record: Record, exam: Exam, day: int, step: str | None = None) -> int | None:
    """The first day from `day` on for which `holds` is true, or None where there is none in the whole calendar.

    Between two neighbouring turns that a moment has collected nothing that was asked can change, because every comparison
    with the day asked about left its turn there.
    """
    while True:
        moment = Moment(record, exam, day, step)
        if holds(moment):
            return day
        if not moment.turns:
            return None
        day = min(moment.turns)
