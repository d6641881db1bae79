"""What could be done today, with what it is worth: memories that are due, what is new, memories that could be tested ahead."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from bedside.study.forgetting import Floats
from bedside.study.reasons import Ahead, Due, HighYield, Reason
from bedside.study.state import NO_AREA, StudyState
from bedside.study.value import gain_of_known, gain_of_unmet

Rows = NDArray[np.intp]
# What is remembered better is not tested ahead of its day, but where its area is owed: there the minutes are better left free.
AHEAD_RECALL = 0.97
EVEN = 1e-9  # relative; how far chance may move a value, so that it decides between equals alone


class Kind(StrEnum):
    """What a piece of a session is."""

    REVIEW = "review"
    NEW = "new"
    CASE = "case"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing to do. `area` is an index into the state's areas, or `NO_AREA`; `value` are points of the exam, 0 to 1."""

    kind: Kind
    name: str  # the subject, or the id of the case or block
    area: int
    minutes: float
    value: float
    reason: Reason


Make = Callable[[int, int, float, float], Piece]  # of row, area, minutes and value


@dataclass(frozen=True, slots=True)
class _Columns:
    """Things of one sort: rows of the state, and what each is worth."""

    rows: Rows  # (n,)
    area: NDArray[np.int16]  # (n,)
    minutes: Floats  # (n,)
    value: Floats  # (n,)
    by_area: dict[int, Rows]  # places in these columns, the best value a minute first; chance decides between equals


class Offers:
    """What could be done, sorted once; what was taken meanwhile is the session's affair."""

    def __init__(self, state: StudyState, on: date, rng: np.random.Generator) -> None:
        self._state, self._on, self._rng = state, on, rng
        schedule = state.known.schedule
        self._recall = schedule.recall_on(on, state.parameters)
        is_open = schedule.last_day < on.toordinal()  # once a day is enough
        is_due = state.known.due_day <= on.toordinal()
        self._due = self._known(np.flatnonzero(is_open & is_due))
        self._new = self._unmet()
        self._ahead_rows = np.flatnonzero(is_open & ~is_due)
        self._ahead: _Columns | None = None
        offering = {*self._due.by_area, *self._new.by_area, *np.unique(state.known.area[self._ahead_rows]).tolist()}
        self.n_areas = len(offering - {NO_AREA})
        minutes = (state.known.minutes[is_open], state.unmet.minutes)
        self.shortest = min(float(some.min(initial=np.inf)) for some in minutes)

    def best(self, room: float, *, ahead: bool, within: int | None = None) -> Iterator[Piece]:
        """The best value a minute first, of each area as many as could fill the room; `ahead`: those not due yet instead.

        Of all areas, only what is worth a test comes ahead of its day; of one area whatever there is.
        """
        if ahead:
            some = self._state.known.minutes[self._ahead_rows]
            if room < some.min(initial=np.inf):
                return iter(())
            sorts = [(self._worth_ahead() if within is None else self._tested_ahead(), self._review_ahead)]
        else:
            sorts = [(self._due, self._review), (self._new, self._meeting)]
        parts = [
            self._pieces(columns, order, room, make)
            for columns, make in sorts
            for area, order in columns.by_area.items()
            if within in (None, area)
        ]
        return heapq.merge(*parts, key=lambda piece: -piece.value / piece.minutes)

    def shortest_minutes(self, area: int) -> float | None:
        """The minutes of the shortest thing there is to do in an area; None where there is nothing."""
        columns = (self._due, self._new, self._tested_ahead())
        shortest = [float(one.minutes[one.by_area[area]].min()) for one in columns if area in one.by_area]
        return min(shortest, default=None)

    def _tested_ahead(self) -> _Columns:
        if self._ahead is None:
            self._ahead = self._known(self._ahead_rows)
        return self._ahead

    def _worth_ahead(self) -> _Columns:
        return self._known(self._ahead_rows[self._recall[self._ahead_rows] <= AHEAD_RECALL])

    def _known(self, rows: Rows) -> _Columns:
        known = self._state.known
        value = gain_of_known(self._state, self._on, rows, self._recall[rows])
        return self._columns(rows, known.area[rows], known.minutes[rows], value)

    def _unmet(self) -> _Columns:
        unmet = self._state.unmet
        return self._columns(np.arange(len(unmet)), unmet.area, unmet.minutes, gain_of_unmet(self._state, self._on)[unmet.area])

    def _columns(self, rows: Rows, area: NDArray[np.int16], minutes: Floats, value: Floats) -> _Columns:
        rate = value / minutes * (1 + EVEN * self._rng.random(len(rows)))
        order = np.argsort(-rate)
        order = order[np.argsort(area[order], kind="stable")]
        bounds = np.flatnonzero(np.diff(area[order])) + 1
        parts = np.split(order, bounds) if len(order) else []
        return _Columns(rows, area, minutes, value, {int(area[part[0]]): part for part in parts})

    @staticmethod
    def _pieces(columns: _Columns, order: Rows, room: float, make: Make) -> Iterator[Piece]:
        """Those of one area that fit the room, as many as could fill it."""
        used = 0.0
        for place in order:
            if used >= room:
                return
            minutes = float(columns.minutes[place])
            if minutes <= room:
                used += minutes
                yield make(int(columns.rows[place]), int(columns.area[place]), minutes, float(columns.value[place]))

    def _review(self, row: int, area: int, minutes: float, value: float) -> Piece:
        return Piece(Kind.REVIEW, self._subject(row), area, minutes, value, Due(float(self._recall[row])))

    def _review_ahead(self, row: int, area: int, minutes: float, value: float) -> Piece:
        return Piece(Kind.REVIEW, self._subject(row), area, minutes, value, Ahead(float(self._recall[row])))

    def _meeting(self, row: int, area: int, minutes: float, value: float) -> Piece:
        state = self._state
        reason = HighYield(None, None) if area == NO_AREA else HighYield(state.areas[area].weight, self._p_known(area))
        return Piece(Kind.NEW, state.unmet.subjects[row], area, minutes, value, reason)

    def _p_known(self, area: int) -> float | None:
        """What is known of an area; None as long as that rests on less than one answer."""
        asked = self._state.n_asked
        return None if asked is not None and asked[area] < 1 else float(self._state.p_unmet[area])

    def _subject(self, row: int) -> str:
        return self._state.known.schedule.subjects[row]
