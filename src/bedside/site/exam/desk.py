"""One locked sitting while events are added to it: take them in, fold, and keep events, ledger and projections together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
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
    InBlock,
    Sitting,
    TimeExpired,
    WriterIssued,
    advance,
    body_as_dict,
    effective_at,
    fold,
)
from bedside.site.exam.ledger import append_to_ledger
from bedside.site.exam.log import events_of, folded, keep_snapshot, row_of, set_outcomes
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import SittingEvent, Sync, Writer
from bedside.site.exam.projection import project_items, project_state
from bedside.site.problems import EventDiffersError, LogFullError

MAX_EVENTS = 10_000  # of one sitting; a full day of clicking makes a third of it
MAX_SYNCS = 200  # of one player; an older acknowledgement that was lost on the way is not waited for any longer


@dataclass(frozen=True, slots=True)
class Arrival:
    """One event as a player sends it. `sync` names the synchronisation from which `elapsed_ms` counts, where it says so."""

    seq: int
    body: Body
    elapsed_ms: int
    sync: int | None = None


@dataclass(slots=True)
class Desk:
    """One locked sitting while events are added to it."""

    row: SittingRow
    form: Form
    state: Sitting
    at: datetime
    added: list[Event] = field(default_factory=list)
    must_refold: bool = False
    is_refolded: bool = False
    touched: set[str] = field(default_factory=set)

    @classmethod
    def open(cls, row: SittingRow, at: datetime) -> Desk:
        form = row.delivery_form()
        # a computer clock that was set back must not put an arrival before one that is already kept
        return cls(row, form, folded(row, form), max(at, row.clock_at))

    def issue_writer(self) -> UUID:
        self._see_room_for(3)
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
        self._see_room_for(len(fresh))
        bases = _bases(writer, arrivals)
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
                not_before=writer.last_at,
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
        return missing

    def close_expired(self) -> None:
        match self.folded().phase:
            case InBlock(block=block, deadline=deadline) if deadline is not None and deadline <= self.at:
                self.add_own(TimeExpired(block), deadline)
            case _:
                pass

    def add_own(self, body: Body, moment: datetime) -> None:
        """Add an event of this server's."""
        server = self.row.writers.get(kind="server")
        server.last_seq += 1
        server.save(update_fields=["last_seq"])
        self._add(Event(server.pk, server.last_seq, moment, self.at, 0, body))

    def disclose(self, items: Iterable[str]) -> None:
        """Write down that the keys of these items are given out, those that were not yet."""
        fresh = tuple(item for item in items if item not in self.folded().disclosed)
        if fresh:
            self.add_own(Disclosed(fresh), self.at)

    def keep(self) -> str:
        """Write events, ledger and projections; answers the ledger's head."""
        state = self.folded()
        rows = [row_of(event, sitting=self.row, arrival=self.row.n_arrivals + n) for n, event in enumerate(self.added, start=1)]
        set_outcomes(rows, state)
        SittingEvent.objects.bulk_create(rows)
        self.row.n_arrivals += len(rows)
        self.row.clock_at = self.at
        if self.is_refolded:
            project_all(self.row, self.form, state)
        else:
            project_state(self.row, state)
            if self.touched:
                project_items(self.row, self.form, state, self.touched)
        keep_snapshot(self.row, state, is_refolded=self.is_refolded)
        self.row.save(
            update_fields=["state", "block", "deadline", "ended_at", "n_answered", "n_arrivals", "clock_at", "is_disclosed"],
        )
        return append_to_ledger(rows)

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
        """The sitting with all that was added; an event before what was folded has the whole log folded, once."""
        if self.must_refold:
            self.state = fold(self.form, [*events_of(self.row), *self.added])
            self.must_refold, self.is_refolded = False, True
        return self.state

    def _is_disclosed(self, body: Body) -> bool:
        return isinstance(body, Answered | Cleared) and body.item in self.state.disclosed

    def _see_room_for(self, n_events: int) -> None:
        if self.row.n_arrivals + len(self.added) + n_events > MAX_EVENTS:
            raise LogFullError(f"sitting {self.row.pk} holds {MAX_EVENTS:,} events, which is all it can take")

    def _compare_known(self, writer: Writer, arrivals: Sequence[Arrival]) -> None:
        """A number that is used twice for different events would lose one of them without a word."""
        known = {arrival.seq: arrival for arrival in arrivals if arrival.seq <= writer.last_seq}
        rows = self.row.events.filter(writer=writer, seq__in=known)
        kept: dict[int, tuple[type[Body], dict[str, Any]]] = {row.seq: (TYPES[row.type], row.body) for row in rows}
        for arrival in arrivals:
            sent = (type(arrival.body), body_as_dict(arrival.body))
            if kept.setdefault(arrival.seq, sent) != sent:
                raise EventDiffersError(
                    f"event {arrival.seq} of writer {writer.pk} differs from the one that was kept under this number; "
                    "ask for a new writer and send it under that"
                )


def project_all(row: SittingRow, form: Form, state: Sitting) -> None:
    """Make every projection of the sitting, and the outcome of each of its events, what the fold says."""
    project_state(row, state)
    project_items(row, form, state)
    changed = set_outcomes(row.events.all(), state)
    SittingEvent.objects.bulk_update(changed, ["outcome", "reason"], batch_size=500)


def _bases(writer: Writer, arrivals: Sequence[Arrival]) -> dict[int, datetime]:
    """The server's time from which each event counts.

    A player that does not say so counts from the last acknowledgement that it has read. Which that is shows in what it sends:
    it drops what was acknowledged, so it has read one up to the event before its first, and none beyond.
    """
    if not arrivals:
        return {}
    syncs = list(writer.syncs.order_by("number").values_list("number", "acknowledged", "at"))
    read = [at for _, acknowledged, at in syncs if acknowledged < arrivals[0].seq]
    base = read[-1] if read else writer.issued_at

    def named(number: int) -> datetime:
        # one that is not known, after a restore from a backup, counts as the newest before it: earlier, never later
        return next((at for known, _, at in reversed(syncs) if known <= number), writer.issued_at)

    return {arrival.seq: base if arrival.sync is None else named(arrival.sync) for arrival in arrivals}


def next_sync(writer: Writer, at: datetime) -> int:
    """Number this synchronisation and write it down with how far the writer has come."""
    writer.n_syncs += 1
    Sync.objects.create(writer=writer, number=writer.n_syncs, acknowledged=writer.last_seq, at=at)
    if writer.n_syncs % MAX_SYNCS == 0:
        writer.syncs.filter(number__gt=0, number__lte=writer.n_syncs - MAX_SYNCS).delete()
    writer.save(update_fields=["last_seq", "last_at", "n_syncs"])
    return writer.n_syncs
