"""What players send at the same time is kept together: in one transaction, with one flush to the disk for all.

A call puts itself in the line. The first one leads: its thread keeps all that stand in the line, its own among them, wakes
them, and hands the lead to the first of those that came meanwhile. So a call alone waits for nobody, and under load the flush,
the lock and most statements are shared by as many as came while the one before was flushed. There is no thread of its own
that could die or be forgotten.

Calls do not feel each other. What each has to have written is computed first, and one that can't be served (no such sitting,
an event that differs, a full log) drops out before anything is written. Where the store refuses what was computed, nothing of
it is kept, and each is tried again alone, so that only the one at fault fails. A call is answered after the commit, never
before. A call whose turn ends without an answer, whatever went wrong, is told that nobody knows whether it was kept.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock, Semaphore
from uuid import UUID

from django.db import DatabaseError, connection

from bedside.delivery import Answered, Form, Mode, Reason, Sitting
from bedside.errors import NotFoundError, StoreError
from bedside.site import clock
from bedside.site.accounts.queries import Bearer, owners_later
from bedside.site.database import BUSY_TIMEOUT_MS, one_write
from bedside.site.exam.desk import Arrival, Desk
from bedside.site.exam.keeping import write
from bedside.site.exam.log import reasons_of
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import Writer
from bedside.site.exam.remembered import FOLDS
from bedside.site.exam.sealed import see_unsealed
from bedside.site.gathering import ask, is_gathering
from bedside.site.statements import among, commit_in_trip, key, later, one_trip
from bedside.site.timings import TRANSACTIONS

log = logging.getLogger(__name__)

MAX_TOGETHER = 64  # calls in one transaction: the first of them waits for the work of all

_HEAVY = {"form", "filter"}  # read only where the fold is not remembered: the form of a whole day is 30 kB
_ROW = tuple(field.name for field in SittingRow._meta.concrete_fields if field.name not in _HEAVY)
_WRITER = tuple(field.name for field in Writer._meta.concrete_fields)


@dataclass(frozen=True, slots=True)
class Refused:
    """An event of a call that does not count: refused by the rules, or not kept since one before it is missing."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the server kept.

    Every event of the writer up to `acknowledged` is on the disk. `sync` numbers this synchronisation, from which the player
    counts once it has read this. `is_superseded` tells an older player to stop.
    """

    sitting: SittingRow
    form: Form
    state: Sitting
    acknowledged: int
    refused: tuple[Refused, ...]
    head: str
    sync: int
    at: datetime
    answered: tuple[str, ...]  # items answered in this call
    is_superseded: bool


@dataclass(slots=True, eq=False)
class Call:
    """Events of one writer, and in the end either their acknowledgement or why there is none."""

    who: UUID | Bearer
    sitting_id: UUID
    writer_id: UUID
    arrivals: Sequence[Arrival]
    at: datetime
    kept: Acknowledgement | None = None
    error: BaseException | None = None
    is_chosen: bool = False  # to lead the line
    is_over: bool = False  # its turn, whether or not there is an outcome
    signal: Semaphore = field(default_factory=lambda: Semaphore(0))  # that its turn is over, or that it is chosen

    def outcome(self) -> Acknowledgement:
        """The acknowledgement.

        Raises:
            BedsideError: there is none, and why.
        """
        if self.error is not None:
            raise self.error
        if self.kept is None:
            raise StoreError("it is unknown whether this was kept; send it again, which changes nothing if it was")
        return self.kept


@dataclass(slots=True)
class Line:
    """The calls of this process that wait to be kept. One of them leads at a time: it keeps a group, and hands over."""

    _waiting: list[Call] = field(default_factory=list)
    _is_led: bool = False
    _guard: Lock = field(default_factory=Lock)  # of both, held for an instant

    def keep(self, call: Call) -> Acknowledgement:
        """Keep a call's events, with those of all that wait.

        Raises:
            BedsideError: as `actions.append_events` says; nothing was kept then, unless the text says that this is unknown.
        """
        if is_gathering():
            ask(call, have_turns)
            return call.outcome()
        with self._guard:
            self._waiting.append(call)
            must_lead, self._is_led = not self._is_led, True
        if must_lead or self._wait(call):
            self._lead(call)
        return call.outcome()

    def _wait(self, call: Call) -> bool:
        """Wait until the call is kept, or until its thread has to lead, which is answered."""
        if not call.signal.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            with self._guard:
                if call in self._waiting and not call.is_chosen:
                    self._waiting.remove(call)
                    raise StoreError("the store is busy, and nothing was kept; send it again")
            call.signal.acquire()  # it is being kept this very moment
        return call.is_chosen

    def _lead(self, call: Call) -> None:
        try:
            while not call.is_over:
                group = self._group()
                if not group:
                    raise RuntimeError("a call that leads the line does not stand in it")
                _have_turn(group)
        finally:
            with self._guard:
                if call in self._waiting:  # its thread is leaving: it can't be the next to lead
                    self._waiting.remove(call)
                self._is_led = bool(self._waiting)
                if self._waiting:
                    self._waiting[0].is_chosen = True
                    self._waiting[0].signal.release()

    def _group(self) -> list[Call]:
        """Those that waited longest; of one sitting one call at a time, since each goes on from the one before."""
        group: dict[UUID, Call] = {}
        with self._guard:
            for call in self._waiting:
                if len(group) < MAX_TOGETHER:
                    group.setdefault(call.sitting_id, call)
            taken = list(group.values())
            self._waiting = [call for call in self._waiting if group.get(call.sitting_id) is not call]  # last: none is lost
        return taken


def _have_turn(group: Sequence[Call]) -> None:
    """Keep a group; however that ends, the turn of each is over then, and its thread wakes."""
    try:
        keep_together(group)
    except Exception:
        log.exception("a turn of %d calls ended without an outcome for all of them", len(group))
    finally:
        for call in group:
            call.is_over = True
            call.signal.release()


LINE = Line()  # of this process


def have_turns(calls: Sequence[Call]) -> None:
    """Keep the calls of a thread that gathers its own; of one sitting one at a time, since each goes on from the one before."""
    left = list(calls)
    while left:
        group: dict[UUID, Call] = {}
        for call in left:
            group.setdefault(call.sitting_id, call)
        _have_turn(list(group.values()))
        left = [call for call in left if group[call.sitting_id] is not call]


@dataclass(slots=True)
class _Planned:
    """A call whose events are taken in, and what it will be told once they are written."""

    call: Call
    desk: Desk
    writer: Writer
    missing: set[int]
    answered: tuple[str, ...]
    sync: int


def keep_together(calls: Sequence[Call]) -> None:
    """Keep several calls, of different sittings, in one transaction; each ends with an acknowledgement or an error.

    Where the process is told to stop meanwhile, or the answer to what was kept can't be made, a call has neither; its
    `outcome` says so.
    """
    for call in calls:
        call.error = None
    start_s = clock.monotonic_s()
    try:
        with one_write(), one_trip():
            planned = _plan_all(calls)
            head = write([one.desk.changes() for one in planned])
            commit_in_trip()
    except Exception as error:
        if len(calls) == 1:
            calls[0].error = error
            return
        for call in calls:  # one of them is at fault, or the store is: each finds out for itself
            keep_together([call])
    else:
        for one in planned:
            _acknowledge(one, head)
        TRANSACTIONS.add((clock.monotonic_s() - start_s) * 1000)


def _acknowledge(one: _Planned, head: str) -> None:
    """Answer a call that was kept. What fails here takes no other call's answer: all were committed."""
    try:
        one.call.kept = _acknowledgement(one, head)
        FOLDS.keep(one.desk.row, one.desk.form, one.desk.state, one.desk.syncs[-1])
    except Exception:
        log.exception("events of sitting %s were kept, and what follows from that failed", one.call.sitting_id)


def _plan_all(calls: Sequence[Call]) -> list[_Planned]:
    owners = owners_later([call.who for call in calls if isinstance(call.who, Bearer)])
    rows, writers = _rows(calls)
    users = owners()
    planned = []
    for call in calls:
        try:
            user_id = users.get(call.who) if isinstance(call.who, Bearer) else call.who
            planned.append(_plan(call, user_id, rows.get(call.sitting_id), writers.get(call.writer_id)))
        except DatabaseError:
            raise  # the transaction may be lost with it, and what the others read
        except Exception as error:  # whatever it is, it is this call's alone, and its caller is told
            call.error = error
    return planned


def _rows(calls: Sequence[Call]) -> tuple[Mapping[UUID, SittingRow], Mapping[UUID, Writer]]:
    """The sittings and writers of these calls, locked until the transaction ends.

    In the order of their keys, so that two processes that want the same ones can't wait for each other in a circle.
    """
    among_sittings, sittings = among("id", [key(call.sitting_id) for call in calls])
    among_writers, writers = among("id", [key(call.writer_id) for call in calls])
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    rows = later(SittingRow, _ROW, f"WHERE {among_sittings} ORDER BY id{lock}", sittings)
    # read after the sittings are locked: a writer changes only under the lock of its sitting
    found = later(Writer, _WRITER, f"WHERE {among_writers}", writers)
    return {row.pk: row for row in rows()}, {writer.pk: writer for writer in found()}


def _plan(call: Call, user_id: UUID | None, row: SittingRow | None, writer: Writer | None) -> _Planned:
    if row is None or row.user_id != user_id:
        raise NotFoundError(f"there is no sitting {call.sitting_id}")
    if writer is None or writer.sitting_id != row.pk or writer.kind != "player":
        raise NotFoundError(f"sitting {row.pk} has no writer {call.writer_id}; ask for one with POST writers")
    desk = Desk.open(row, call.at)
    if desk.form.mode is Mode.TUTOR:
        see_unsealed(row.user_id, desk.at)
    desk.is_metered = True
    missing = desk.take(writer, sorted(call.arrivals, key=lambda arrival: arrival.seq))
    desk.close_expired()
    answered = tuple(dict.fromkeys(arrival.body.item for arrival in call.arrivals if isinstance(arrival.body, Answered)))
    if desk.form.mode is Mode.TUTOR:
        desk.disclose(item for item in answered if desk.folded().answer_to(item))
    return _Planned(call, desk, writer, missing, answered, desk.synchronise(writer))


def _acknowledgement(one: _Planned, head: str) -> Acknowledgement:
    return Acknowledgement(
        sitting=one.desk.row,
        form=one.desk.form,
        state=one.desk.state,
        acknowledged=one.writer.last_seq,
        refused=_refused(one),
        head=head,
        sync=one.sync,
        at=one.desk.at,
        answered=one.answered,
        is_superseded=one.writer.superseded_at is not None,
    )


def _refused(one: _Planned) -> tuple[Refused, ...]:
    reasons = reasons_of(one.desk.state)
    found = []
    for seq in sorted({arrival.seq for arrival in one.call.arrivals}):
        reason = Reason.OUT_OF_ORDER.value if seq in one.missing else reasons.get((one.writer.pk, seq))
        if reason:
            found.append(Refused(seq, reason))
    return tuple(found)
