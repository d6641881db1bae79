"""Rows of a sitting's log and the events of the core, into each other."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from bedside.delivery import (
    Event,
    Form,
    Sitting,
    advance,
    body_as_dict,
    canonical_digest,
    fold,
    form_digest_of,
    read_body,
    sitting_as_dict,
    sitting_from_dict,
    start,
)
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import SittingEvent, Snapshot, at_or_none
from bedside.site.statements import key, new, select

SNAPSHOT_EVERY = 20  # events: a shorter tail costs less to fold than a snapshot costs to write
_EVENT = (
    "id",
    "writer",
    "seq",
    "type",
    "body",
    "elapsed_ms",
    "received_at",
    "effective_at",
    "after_disclosure",
    "after_takeover",
)


def event_of(row: SittingEvent) -> Event:
    """The event that a row keeps."""
    return Event(
        writer=row.writer_id,
        seq=row.seq,
        at=row.effective_at,
        received_at=row.received_at,
        elapsed_ms=row.elapsed_ms,
        body=read_body(row.type, row.body),
        after_disclosure=row.after_disclosure,
        after_takeover=row.after_takeover,
    )


def row_of(event: Event, *, sitting: SittingRow, arrival: int) -> SittingEvent:
    """The row that keeps an event; its outcome is not known yet."""
    made: SittingEvent = new(
        SittingEvent,
        sitting_id=sitting.pk,
        writer_id=event.writer,
        seq=event.seq,
        arrival=arrival,
        type=event.type,
        body=body_as_dict(event.body),
        elapsed_ms=event.elapsed_ms,
        received_at=event.received_at,
        effective_at=event.at,
        after_disclosure=event.after_disclosure,
        after_takeover=event.after_takeover,
    )
    return made


def digest_of(row: SittingEvent) -> str:
    """What the ledger keeps of an event: the SHA-256 of its fields, clocks and arrival, without the outcome."""
    kept = {
        "type": row.type,
        "body": row.body,
        "elapsed_ms": row.elapsed_ms,
        "received_at": at_or_none(row.received_at),
        "effective_at": at_or_none(row.effective_at),
        "after_disclosure": row.after_disclosure,
        "after_takeover": row.after_takeover,
    }
    return canonical_digest(kept)


def form_digest(row: SittingRow) -> str:
    """The digest over the salt, the form, the kept text and key of each of its items, and the marks; fixed at creation."""
    items = row.items.select_related("item_version").order_by("position")
    held = [(one.position, one.item, one.item_version.hash, one.key) for one in items]
    return form_digest_of(row.form, held, row.marking, row.salt or None)


def events_of(sitting: SittingRow, *, after: int = 0) -> list[Event]:
    """The events that arrived after the first `after`, in the order of their arrival."""
    tail = "WHERE sitting_id = %s AND arrival > %s ORDER BY arrival"
    return [event_of(row) for row in select(SittingEvent, _EVENT, tail, [key(sitting.pk), after])]


def form_of(sitting: SittingRow) -> Form:
    """The sitting's form, read where the row came without it."""
    if "form" in sitting.get_deferred_fields():
        sitting.form = select(SittingRow, ("id", "form"), "WHERE id = %s", [key(sitting.pk)])[0].form
    return sitting.delivery_form()


def folded(sitting: SittingRow, form: Form) -> Sitting:
    """The sitting as its log says, from the snapshot where that goes."""
    if sitting.n_arrivals == 0:
        return start(form)
    snapshot = next(iter(select(Snapshot, ("sitting", "arrival", "folded"), "WHERE sitting_id = %s", [key(sitting.pk)])), None)
    before = sitting_from_dict(snapshot.folded) if snapshot else None
    if snapshot is not None and before is not None:
        further = advance(form, before, events_of(sitting, after=snapshot.arrival))
        if further is not None:
            return further
    return fold(form, events_of(sitting))


def snapshot_of(sitting: SittingRow, state: Sitting, *, n_before: int, is_refolded: bool) -> list[Snapshot]:
    """The fold as it is kept: after every so many arrivals, and where the last one can't be gone on from; none in between.

    `n_before` is how many events had arrived before those that are folded now.
    """
    if is_refolded or sitting.n_arrivals // SNAPSHOT_EVERY > n_before // SNAPSHOT_EVERY:
        return [Snapshot(sitting_id=sitting.pk, arrival=sitting.n_arrivals, folded=sitting_as_dict(state))]
    return []


def reasons_of(state: Sitting) -> dict[tuple[UUID, int], str]:
    """Why events were refused, by their identity."""
    return {(refusal.writer, refusal.seq): refusal.reason.value for refusal in state.refusals}


def set_outcomes(rows: Iterable[SittingEvent], state: Sitting) -> list[SittingEvent]:
    """Write the fold's outcome into the rows; answers those that changed."""
    reasons = reasons_of(state)
    changed = []
    for row in rows:
        reason = reasons.get((row.writer_id, row.seq), "")
        outcome = "refused" if reason else "accepted"
        if (row.outcome, row.reason) != (outcome, reason):
            row.outcome, row.reason = outcome, reason
            changed.append(row)
    return changed
