"""The session for today: the best set of things under the minutes there are, and why each is in it.

What is worth most a minute comes first, within bounds that no value overrides: no area is left for longer than two weeks, none
takes more than three fifths of a session, a patient case comes every week, and before the exam blocks are sat as they will be.
What has fallen due and what is new compete with each other; what is remembered well enough waits until there is nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from bedside.errors import UsageError
from bedside.study.interleaving import interleaved
from bedside.study.offers import Kind, Offers, Piece
from bedside.study.reasons import Breadth, LeftOut, RealConditions, Reason, WeeklyCase, Why
from bedside.study.state import NO_AREA, Offer, StudyState

BREADTH_DAYS = 14  # every area is met at least so often
BREADTH_NOTICE_DAYS = 3  # and comes up so many days before, since not every day is a day of study
MOST_OF_ONE_AREA = 0.6  # of the minutes of a session
CASE_DAYS = 7
REAL_CONDITIONS_DAYS = 14  # before the exam
BLOCK_EVERY_DAYS = 2  # then; assumed


@dataclass(frozen=True, slots=True)
class Session:
    """What to do today, in this order, and which bounds could not be held with these minutes."""

    on: date
    minutes: float  # that there were
    seed: int
    pieces: tuple[Piece, ...]
    left_out: tuple[LeftOut, ...]

    @property
    def planned_minutes(self) -> float:
        return sum(piece.minutes for piece in self.pieces)


def build_session(state: StudyState, minutes: float, on: date, seed: int = 0) -> Session:
    """The session of a study day. The same state, minutes, day and seed give the same session.

    Raises:
        UsageError: the minutes are negative.
    """
    if minutes < 0:
        raise UsageError(f"a session can't have {minutes} minutes")
    whole, left_out = _wholes(state, minutes, on)
    filling = _Filling(state, minutes, on, seed)
    for piece in whole:
        filling.add(piece)
    filling.add_breadth(meets_all=any(piece.kind is Kind.BLOCK for piece in whole))
    filling.fill(ahead=False)
    filling.fill(ahead=True)
    return Session(on, minutes, seed, (*whole, *interleaved(filling.parts, seed=seed)), (*left_out, *filling.left_out))


def _wholes(state: StudyState, minutes: float, on: date) -> tuple[list[Piece], list[LeftOut]]:
    """The case and the timed block that are owed, as far as they fit; the case first, which is owed more seldom."""
    pieces: list[Piece] = []
    left_out: list[LeftOut] = []
    room = minutes
    since = on.toordinal() - state.case_day
    if state.cases and since >= CASE_DAYS:
        case = next((one for one in state.cases if one.minutes <= room), None)
        if case:
            pieces.append(_whole(Kind.CASE, case, WeeklyCase(since if state.case_day else None)))
            room -= case.minutes
        else:
            left_out.append(LeftOut(Why.CASE_TOO_LONG, min(one.minutes for one in state.cases)))
    to_exam = None if state.exam_on is None else (state.exam_on - on).days
    if to_exam is not None and 0 < to_exam <= REAL_CONDITIONS_DAYS and on.toordinal() - state.block_day >= BLOCK_EVERY_DAYS:
        block = max((one for one in state.blocks if one.minutes <= room), key=lambda one: one.minutes, default=None)
        if block:
            pieces.append(_whole(Kind.BLOCK, block, RealConditions(to_exam)))
        elif state.blocks:
            left_out.append(LeftOut(Why.BLOCK_TOO_LONG, min(one.minutes for one in state.blocks)))
    return pieces, left_out


def _whole(kind: Kind, offer: Offer, reason: Reason) -> Piece:
    return Piece(kind, offer.id, NO_AREA, offer.minutes, 0.0, reason)


class _Filling:
    """A session while it is filled. It changes; nothing of it leaves `build_session` but its parts."""

    def __init__(self, state: StudyState, minutes: float, on: date, seed: int) -> None:
        self.state, self.on = state, on
        self.room = minutes
        self.parts: list[Piece] = []
        self.taken: set[str] = set()
        self.by_area = np.zeros(len(state.areas) + 1)
        self.left_out: list[LeftOut] = []
        self.offers = Offers(state, on, np.random.default_rng(seed))
        self.most = MOST_OF_ONE_AREA * minutes if self.offers.n_areas > 1 else minutes

    def add(self, piece: Piece) -> None:
        self.taken.add(piece.name)
        self.room -= piece.minutes
        self.by_area[piece.area] += piece.minutes

    def add_breadth(self, *, meets_all: bool) -> None:
        """The best piece of each area that was not met for long, the longest first.

        With `meets_all` a timed block comes anyway, which has something of every area: what does not fit beside it is not owed.
        """
        left_out = len(self.left_out)
        since = self.on.toordinal() - self.state.area_met_day
        soon = BREADTH_DAYS - BREADTH_NOTICE_DAYS
        for area in np.argsort(-since, kind="stable").tolist():
            if since[area] >= soon and self.state.areas[area].weight > 0:
                self._add_of(area, Breadth(int(since[area])))
        if meets_all:
            del self.left_out[left_out:]

    def _add_of(self, area: int, reason: Breadth) -> None:
        for ahead in (False, True):
            for offer in self.offers.best(self.room, within=area, ahead=ahead):
                if self._fits(offer):
                    self._take(replace(offer, reason=reason))
                    return
        shortest = self.offers.shortest_minutes(area)
        if shortest is not None:
            self.left_out.append(LeftOut(Why.AREA_DID_NOT_FIT, shortest, area))

    def fill(self, *, ahead: bool) -> None:
        """Take what is worth most a minute, as long as there is room."""
        for offer in self.offers.best(self.room, ahead=ahead):
            if self.room < self.offers.shortest:
                return
            if self._fits(offer):
                self._take(offer)

    def _fits(self, piece: Piece) -> bool:
        used = 0.0 if piece.area == NO_AREA else float(self.by_area[piece.area])
        is_within = used == 0.0 or used + piece.minutes <= self.most
        return is_within and piece.name not in self.taken and piece.minutes <= self.room

    def _take(self, piece: Piece) -> None:
        self.add(piece)
        self.parts.append(piece)
