"""What a person remembers on a study day, takeaways and own cards, and the day on which each falls due.

To level the days of tens of thousands of subjects takes a good part of a second, and one review changes one of them: what is
kept of the day is stepped on by what was reviewed on it, and the days of all others stay as they were found in the morning.
The next day all are levelled anew.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bedside.bank import Bank
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import profile_of
from bedside.site.content import Content
from bedside.site.study.log import Memories, remembering_of, schedule_from
from bedside.site.study.own_cards import OwnCards, own_cards_of
from bedside.site.study.zones import zone_of
from bedside.study import (
    Memory,
    Parameters,
    Schedule,
    Subject,
    desired_retention,
    due_days,
    interval_days,
    study_day,
    takeaway,
)

Floats = NDArray[np.float64]

MOST_KEPT = 50  # people for whom the day is kept in this process


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a person remembers on a study day of the bank's takeaways and of their own cards, and when each falls due."""

    on: date
    zone: ZoneInfo
    exam_on: date | None
    schedule: Schedule
    due: Sequence[int]  # ordinals
    parameters: Parameters
    memories: Memories  # of all subjects that were ever reviewed
    own: OwnCards

    def recall(self) -> Floats:
        """How likely each subject of the schedule is remembered on the day, 0 to 1."""
        return self.schedule.recall_on(self.on, self.parameters)

    def row_of(self, subject: Subject) -> int | None:
        """The row of a subject in the schedule; None where nothing is known of it."""
        row = bisect_left(self.schedule.subjects, subject)
        return row if row < len(self.schedule) and self.schedule.subjects[row] == subject else None

    def open_rows(self) -> list[int]:
        """The rows of the schedule that are due and were not reviewed on the day, the least remembered first."""
        today = self.on.toordinal()
        rows = np.flatnonzero((np.asarray(self.due, dtype=np.int64) <= today) & (self.schedule.last_day < today))
        found: list[int] = rows[np.lexsort((rows, self.recall()[rows]))].tolist()  # of equals the first by name
        return found


@dataclass(frozen=True, slots=True)
class _Day:
    """What is kept: the day found so far, what it rests on, and the earlier memories and due days of what was reviewed."""

    rests_on: tuple[Any, ...]
    own: OwnCards
    bank: Bank
    known: Set[Subject]
    found: Remembered
    earlier: Mapping[Subject, tuple[tuple[Memory, int], ...]]


_KEPT: dict[UUID, _Day] = {}
_LOCK = Lock()


def remembered_of(user: User, content: Content, *, at: datetime) -> Remembered:
    """The memories of a person now, without those of takeaways that the bank no longer has and of cards not to be asked."""
    zone = zone_of(user.pk)
    on = study_day(at, zone)
    profile = profile_of(user)
    exam_on = profile.exam_on if profile.exam_on and profile.exam_on >= on else None
    now = remembering_of(user.pk, zone)
    own = own_cards_of(user.pk)
    rests_on = on, zone.key, exam_on, now.parameters
    kept = _KEPT.get(user.pk)
    day = None
    if kept is not None and kept.rests_on == rests_on and kept.own is own and kept.bank is content.bank:
        day = _stepped(kept, now.memories)
    if day is None:
        empty = Remembered(on, zone, exam_on, schedule_from({}), (), Parameters(now.parameters), now.memories, own)
        day = _levelled(empty, rests_on, content.bank)
    with _LOCK:
        _KEPT.pop(user.pk, None)
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[user.pk] = day
    return day.found


def _levelled(empty: Remembered, rests_on: tuple[Any, ...], bank: Bank) -> _Day:
    """All of it, found anew."""
    known = {takeaway(name) for name in bank.takeaways}.union(empty.own)
    schedule = schedule_from({one: memory for one, memory in empty.memories.items() if one in known})
    due = due_days(schedule, empty.parameters, empty.exam_on).tolist()
    for row, subject in enumerate(schedule.subjects):
        due[row] = _with_imported(due[row], int(schedule.last_day[row]), subject, empty.own)
    return _Day(rests_on, empty.own, bank, known, replace(empty, schedule=schedule, due=due), {})


def _with_imported(due: int, last: int, subject: Subject, own: OwnCards) -> int:
    """The day that Anki had set holds until the card was reviewed on it or later."""
    due_on = own[subject].due_on if subject in own else None
    return due_on.toordinal() if due_on is not None and last < due_on.toordinal() else due


def _stepped(day: _Day, memories: Memories) -> _Day | None:
    """The day with what was reviewed or taken back since; None where more than that has changed."""
    before = day.found.memories
    if memories is before:
        return day
    changed = [one for one, memory in memories.items() if before.get(one) is not memory and one in day.known]
    n_new = sum(one not in before for one in memories) if len(memories) != len(before) else 0
    gone = [one for one in before if one not in memories] if len(before) + n_new != len(memories) or not changed else []
    columns, earlier = _Columns.of(day.found), dict(day.earlier)
    for one in gone:
        if (was := columns.take_out(one)) is not None:
            earlier[one] = (*earlier.get(one, ()), (before[one], was))
    for one in changed:
        memory, was = memories[one], columns.due_of(one)
        if was is not None:
            earlier[one] = (*earlier.get(one, ()), (before[one], was))
        due = next((then for known, then in earlier.get(one, ()) if known == memory), None)
        if due is None and memory.last_on != day.found.on:
            return None  # it came from elsewhere
        columns.put(one, memory, _due_alone(one, memory, day.found) if due is None else due)
    found = replace(day.found, schedule=columns.schedule(), due=columns.due, memories=memories)
    return replace(day, found=found, earlier=earlier)


def _due_alone(one: Subject, memory: Memory, found: Remembered) -> int:
    """The day of something that was reviewed today, before days are levelled; it is only asked whether that is later."""
    wanted = desired_retention(None if found.exam_on is None else (found.exam_on - memory.last_on).days)
    interval = float(interval_days(found.parameters, np.array([memory.stability_days]), wanted)[0])
    due = memory.last_on.toordinal() + max(1, round(interval))
    return _with_imported(due, memory.last_on.toordinal(), one, found.own)


@dataclass(slots=True)
class _Columns:
    """A schedule that is changed here and there; its rows stay in the order of their names."""

    subjects: list[Subject]
    columns: list[NDArray[Any]]
    due: list[int]

    @classmethod
    def of(cls, found: Remembered) -> _Columns:
        one = found.schedule
        columns: list[NDArray[Any]] = [one.stability_days, one.difficulty, one.last_day, one.n_reviews, one.n_lapses]
        return cls(list(one.subjects), [column.copy() for column in columns], list(found.due))

    def schedule(self) -> Schedule:
        return Schedule(tuple(self.subjects), *self.columns)

    def due_of(self, one: Subject) -> int | None:
        row = self._row(one)
        return self.due[row] if self._is_at(row, one) else None

    def put(self, one: Subject, memory: Memory, due: int) -> None:
        row = self._row(one)
        if not self._is_at(row, one):
            self.subjects.insert(row, one)
            self.due.insert(row, 0)
            self.columns = [np.insert(column, row, 0) for column in self.columns]
        self.due[row] = due
        values = memory.stability_days, memory.difficulty, memory.last_on.toordinal(), memory.n_reviews, memory.n_lapses
        for column, value in zip(self.columns, values, strict=True):
            column[row] = value

    def take_out(self, one: Subject) -> int | None:
        """Its due day; None where it is not there."""
        row = self._row(one)
        if not self._is_at(row, one):
            return None
        del self.subjects[row]
        self.columns = [np.delete(column, row) for column in self.columns]
        return self.due.pop(row)

    def _row(self, one: Subject) -> int:
        return bisect_left(self.subjects, one)

    def _is_at(self, row: int, one: Subject) -> bool:
        return row < len(self.subjects) and self.subjects[row] == one
