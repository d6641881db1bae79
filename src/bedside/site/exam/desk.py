"""One locked sitting while events are added to it: take them in, fold, and keep events, ledger and projections together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bedside.delivery import (
    TYPES,
    Answered,
    Body,
    Cleared,
    Disclosed,
    Event,
    Flagged,
    Form,
    Sitting,
    Started,
    TimeExpired,
    WriterIssued,
    advance,
    body_as_dict,
    effective_at,
    fold,
    next_change,
)
from bedside.errors import ConflictError
from bedside.site import clock
from bedside.site.exam.admission import see_admitted
from bedside.site.exam.keeping import Changes, write
from bedside.site.exam.log import events_of, folded, form_of
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import Sync, Writer
from bedside.site.exam.refolds import REFOLDS
from bedside.site.exam.remembered import FOLDS
from bedside.site.problems import EventDiffersError, LogFullError
from bedside.site.statements import key, new, select

TICK = timedelta(microseconds=1)  # the least that the database keeps apart
MAX_EVENTS = 10_000  # of one sitting; a full day of clicking makes a third of it


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event as a player sends it. `sync` names the synchronisation from which `elapsed_ms` counts, where it says so."""

    seq: int
    body: Body
    elapsed_ms: int
    sync: int | None = None


@dataclass(slots=True)
class Desk:
    """One locked sitting while events are added to it.

    Nothing is written before `keep`, or before `keeping.write` has the `changes` of several desks. Events go in by four
    doors: `take` for a player's, `add_own` for this server's, `add_by` for a proctor's, `add_foreign` for another server's.
    """

    row: SittingRow
    form: Form
    state: Sitting
    at: datetime
    added: list[Event] = field(default_factory=list)
    must_refold: bool = False
    is_metered: bool = False  # a player's: it may not have the whole log folded as often as it likes
    is_refolded: bool = False
    touched: set[str] = field(default_factory=set)
    writers: dict[UUID, Writer] = field(default_factory=dict)  # those whose numbers have gone on
    syncs: list[Sync] = field(default_factory=list)
    own_writer: Writer | None = None
    newest_sync: Sync | None = None  # of one of its players, where it is known

    @classmethod
    def open(cls, row: SittingRow, at: datetime) -> Desk:
        """The desk of a row that is locked in this transaction and was read in it."""
        # a computer clock that was set back must not put an arrival before one that is already kept
        moment = max(at, row.clock_at)
        known = FOLDS.of(row)
        if known is not None:
            return cls(row, known.form, known.state, moment, newest_sync=known.sync)
        form = form_of(row)
        return cls(row, form, folded(row, form), moment)

    def server(self) -> Writer:
        """The row of this server as a writer."""
        if self.own_writer is None:
            self.own_writer = self.row.writers.get(kind="server", is_foreign=False)
        return self.own_writer

    def issue_writer(self) -> UUID:
        """A new player; the one before is superseded. Keeps all that was added."""
        self._see_room_for(3)
        # later than everything kept: at the very instant of an older player's last events it would take them back
        if self.row.n_arrivals:
            self.at = max(self.at, self.row.clock_at + TICK)
        self.row.writers.filter(kind="player", superseded_at__isnull=True).update(superseded_at=self.at)
        writer = Writer.objects.create(sitting=self.row, kind="player", issued_at=self.at, last_at=self.at)
        Sync.objects.create(writer=writer, number=0, acknowledged=0, at=self.at)
        self.close_expired()
        self.add_own(WriterIssued(writer.pk), self.at)
        self.keep()
        return writer.pk

    def take(self, writer: Writer, arrivals: Sequence[Arrival]) -> set[int]:
        """Add those of a player's events that are new and follow without a gap; answers the numbers of the others."""
        self._compare_known(writer, arrivals)
        fresh = [arrival for arrival in arrivals if arrival.seq > writer.last_seq]
        if any(isinstance(arrival.body, Started) for arrival in fresh):
            see_admitted(self.row, self.at)
        self._see_room_for(len(fresh))
        bases = _bases(writer, arrivals, self.newest_sync)
        missing = set()
        for arrival in fresh:
            if arrival.seq == writer.last_seq:
                continue  # the same event twice in one call
            if arrival.seq != writer.last_seq + 1:
                missing.add(arrival.seq)
                continue
            moment = effective_at(
                received_at=self.at,
                synced_at=bases[arrival.seq],
                elapsed_ms=arrival.elapsed_ms,
                not_before=max(writer.last_at, self._earliest()),
            )
            self._add(
                Event(
                    writer.pk,
                    arrival.seq,
                    moment,
                    self.at,
                    arrival.elapsed_ms,
                    arrival.body,
                    after_disclosure=self._is_disclosed(arrival.body),
                    after_takeover=writer.superseded_at is not None,
                )
            )
            writer.last_seq, writer.last_at = arrival.seq, moment
        self.writers[writer.pk] = writer
        return missing

    def synchronise(self, writer: Writer) -> int:
        """Number this synchronisation and write it down with how far the writer has come."""
        writer.n_syncs += 1
        self.syncs.append(new(Sync, writer_id=writer.pk, number=writer.n_syncs, acknowledged=writer.last_seq, at=self.at))
        self.writers[writer.pk] = writer
        return writer.n_syncs

    def close_expired(self) -> None:
        """Write down what time alone has changed by now: a block, a break or the day that is over."""
        before = None
        while True:
            state = self.folded()
            moment = next_change(self.form, state)
            if moment is None or moment > self.at or moment == before:
                return
            before = moment
            self.add_own(TimeExpired(state.open_block or min(len(state.blocks) + 1, len(self.form.blocks))), moment)

    def add_own(self, body: Body, moment: datetime) -> None:
        """Add an event of this server's."""
        self.add_by(self.server(), body, moment)

    def add_by(self, writer: Writer, body: Body, moment: datetime) -> None:
        """Add the next event of a writer that is not a player: this server, or a proctor. Its row goes on with it.

        Raises:
            LogFullError: the sitting can take no more.
        """
        if writer.kind != "server":
            self._see_room_for(1)  # what this server must write down has room kept for it
        writer.last_seq += 1
        writer.last_at = max(writer.last_at, moment)
        self.writers[writer.pk] = writer
        self._add(Event(writer.pk, writer.last_seq, moment, self.at, 0, body))

    def add_foreign(self, events: Iterable[Event]) -> int:
        """Add events that another server kept, as they are: identities, both clocks, and what was known at their arrival.

        Their writers have rows already. Those that are here already are left out; answers how many were new.

        Raises:
            EventDiffersError: one differs from the event kept under its number.
            ConflictError: a writer is not known, or events of it are missing before one of these.
            LogFullError: the sitting can take no more.
        """
        given = sorted(events, key=lambda event: (str(event.writer), event.seq))
        writers = {writer.pk: writer for writer in self.row.writers.filter(pk__in={event.writer for event in given})}
        kept = {event.identity: event for event in [*events_of(self.row), *self.added]}
        fresh: list[Event] = []
        for event in given:
            known = kept.setdefault(event.identity, event)
            if known is event:
                fresh.append(event)
            elif known != event:
                raise _differs(event.writer, event.seq)
        self._see_room_for(len(fresh))
        _see_no_gap(fresh, writers)
        for event in fresh:
            writer = writers[event.writer]
            writer.last_seq, writer.last_at = event.seq, max(writer.last_at, event.at)
            self.writers[writer.pk] = writer
            self._add(event)
        self.must_refold = self.must_refold or bool(fresh)  # they may lie anywhere in the order of the fold
        return len(fresh)

    def disclose(self, items: Iterable[str]) -> None:
        """Write down that the keys of these items are given out, those that were not yet."""
        fresh = tuple(item for item in items if item not in self.folded().disclosed)
        if fresh:
            self.add_own(Disclosed(fresh), self.at)

    def changes(self) -> Changes:
        """All that has to be written, for `keeping.write`."""
        state = self.folded()
        self.row.clock_at = self.at
        return Changes(
            row=self.row,
            form=self.form,
            state=state,
            added=self.added,
            is_refolded=self.is_refolded,
            touched=frozenset(self.touched),
            writers=tuple(self.writers.values()),
            syncs=self.syncs,
        )

    def keep(self) -> str:
        """Write events, ledger and projections; answers the ledger's head. The desk is done with then."""
        return write([self.changes()])

    def _add(self, event: Event) -> None:
        self.added.append(event)
        if isinstance(event.body, Answered | Cleared | Flagged) and self.form.block_of(event.body.item):
            self.touched.add(event.body.item)
        if self.must_refold:
            return
        further = advance(self.form, self.state, [event])
        if further is None:
            self.must_refold = True
        else:
            self.state = further

    def folded(self) -> Sitting:
        """The sitting with all that was added; an event before what was folded has the whole log folded, once.

        Raises:
            TooOftenError: a player has had the whole log folded too often.
        """
        if self.must_refold:
            if self.is_metered:
                REFOLDS.spend(self.row.user_id, self.row.n_arrivals + len(self.added), clock.monotonic_s())
            self.state = fold(self.form, [*events_of(self.row), *self.added])
            self.must_refold, self.is_refolded = False, True
        return self.state

    def _earliest(self) -> datetime:
        """Before when nothing that arrives now can have happened.

        Where the form has a grace, a player that claims more is not believed: else it could end a block, stop its clock or
        answer under a suspension long afterwards, in the name of a network that was away.
        """
        return datetime.min.replace(tzinfo=UTC) if self.form.grace_s is None else self.at - timedelta(seconds=self.form.grace_s)

    def _is_disclosed(self, body: Body) -> bool:
        """Had the key of the item been given out, or the next part of its set, by the time this arrives?"""
        if not isinstance(body, Answered | Cleared):
            return False
        work = self.state.work.get(body.item)
        return body.item in self.state.disclosed or (work is not None and work.left_at is not None)

    def _see_room_for(self, n_events: int) -> None:
        if self.row.n_arrivals + len(self.added) + n_events > MAX_EVENTS:
            raise LogFullError(f"sitting {self.row.pk} holds {MAX_EVENTS:,} events, which is all it can take")

    def _compare_known(self, writer: Writer, arrivals: Sequence[Arrival]) -> None:
        """A number that is used twice for different events would lose one of them without a word."""
        known = {arrival.seq for arrival in arrivals if arrival.seq <= writer.last_seq}
        rows = self.row.events.filter(writer=writer, seq__in=known) if known else ()
        kept: dict[int, tuple[type[Body], dict[str, Any]]] = {row.seq: (TYPES[row.type], row.body) for row in rows}
        for arrival in arrivals:
            sent = (type(arrival.body), body_as_dict(arrival.body))
            if kept.setdefault(arrival.seq, sent) != sent:
                raise _differs(writer.pk, arrival.seq)


def _differs(writer: UUID, seq: int) -> EventDiffersError:
    return EventDiffersError(
        f"event {seq} of writer {writer} differs from the one that was kept under this number; "
        "ask for a new writer and send it under that"
    )


def _see_no_gap(fresh: Iterable[Event], writers: Mapping[UUID, Writer]) -> None:
    """Events of each writer go on from where its row stands, since a number that is acknowledged stands for all before it."""
    last = {pk: writer.last_seq for pk, writer in writers.items()}
    for event in fresh:
        if event.writer not in last:
            raise ConflictError(f"writer {event.writer} of event {event.seq} is not known here; keep its row first")
        if event.seq != last[event.writer] + 1:
            raise ConflictError(
                f"event {last[event.writer] + 1} of writer {event.writer} is missing, so event {event.seq} can't be kept"
            )
        last[event.writer] = event.seq


def _bases(writer: Writer, arrivals: Sequence[Arrival], newest: Sync | None) -> dict[int, datetime]:
    """The server's time from which each event counts.

    A player that does not say so counts from the last acknowledgement that it has read. Which that is shows in what it sends:
    it drops what was acknowledged, so it has read one up to the event before its first, and none beyond. Where the newest is
    known, it is mostly that.
    """
    known = newest if newest is not None and (newest.writer_id, newest.number) == (writer.pk, writer.n_syncs) else None
    found: dict[int | None, datetime] = {}
    for arrival in arrivals:
        if arrival.sync in found:
            continue
        if arrival.sync is None:
            is_known = known is not None and known.acknowledged < arrivals[0].seq
            found[None] = known.at if known and is_known else _newest_sync(writer, "acknowledged < %s", arrivals[0].seq)
        else:
            # one that is not known, after a restore from a backup, counts as the newest before it: earlier, never later
            is_known = known is not None and known.number <= arrival.sync
            found[arrival.sync] = known.at if known and is_known else _newest_sync(writer, "number <= %s", arrival.sync)
    return {arrival.seq: found[arrival.sync] for arrival in arrivals}


def _newest_sync(writer: Writer, condition: str, value: int) -> datetime:
    tail = f"WHERE writer_id = %s AND {condition} ORDER BY number DESC LIMIT 1"
    rows = select(Sync, ("number", "at"), tail, [key(writer.pk), value])
    return rows[0].at if rows else writer.issued_at
