"""Writing what became of sittings: events, ledger and projections of one or several of them, in one transaction.

Everything that is to be written is computed before, so that several sittings share their statements, and a sitting that can't
go on has written nothing when that shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bedside.delivery import Event, Form, Sitting
from bedside.site.exam.ledger import append_to_ledger, lock_later
from bedside.site.exam.log import row_of, set_outcomes, snapshot_of
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import SittingEvent, Snapshot, Sync, Writer
from bedside.site.exam.projection import items_named_later, items_of, keep_projected, project_items, project_state
from bedside.site.statements import insert, key, one_trip, select, update, upsert

MAX_SYNCS = 200  # of one player; an older acknowledgement that was lost on the way is not waited for any longer


@dataclass(frozen=True, slots=True)
class Changes:
    """What one sitting, locked in this transaction, has to have written."""

    row: SittingRow  # its `n_arrivals` still without the events added, its `clock_at` with them
    form: Form
    state: Sitting
    added: Sequence[Event]
    is_refolded: bool  # one of the events came before what had been folded, so that any outcome may have changed
    touched: frozenset[str]  # items whose response or flag may have changed
    writers: Sequence[Writer]
    syncs: Sequence[Sync]


def write(changes: Sequence[Changes]) -> str:
    """Write everything; answers the ledger's head. Call it inside the transaction that locked the sittings, and last in it."""
    events: list[SittingEvent] = []
    snapshots: list[Snapshot] = []
    for one in changes:
        n_before = one.row.n_arrivals
        rows = [row_of(event, sitting=one.row, arrival=n) for n, event in enumerate(one.added, start=n_before + 1)]
        set_outcomes(rows, one.state)
        events += rows
        one.row.n_arrivals += len(rows)
        project_state(one.row, one.form, one.state)
        snapshots += snapshot_of(one.row, one.state, n_before=n_before, is_refolded=one.is_refolded)
    touched = [one for one in changes if one.touched and not one.is_refolded]
    with one_trip():
        items = items_named_later((one.row.pk, name) for one in touched for name in sorted(one.touched))
        insert(events)
        upsert(snapshots, by=("sitting",), change=("arrival", "folded"))
        update([one.row for one in changes], *_STATE)
        update([writer for one in changes for writer in one.writers], "last_seq", "last_at", "n_syncs")
        _keep_syncs([sync for one in changes for sync in one.syncs])
        for one in changes:
            if one.is_refolded:
                project_all(one.row, one.form, one.state)
        lock = lock_later()
        known = items()
        keep_projected([project_items(one.row, one.form, one.state, known.get(one.row.pk, ())) for one in touched])
        return append_to_ledger(events, lock)


_STATE = (
    "state",
    "block",
    "deadline",
    "ended_at",
    "n_answered",
    "break_ms",
    "break_ends_at",
    "n_arrivals",
    "clock_at",
    "is_disclosed",
)


_OUTCOME = ("id", "writer", "seq", "outcome", "reason")  # and not their bodies, which cost most of the time to read


def project_all(row: SittingRow, form: Form, state: Sitting) -> None:
    """Make every projection of the sitting, and the outcome of each of its events, what the fold says."""
    project_state(row, form, state)
    keep_projected([project_items(row, form, state, items_of(row.pk))])
    changed = set_outcomes(select(SittingEvent, _OUTCOME, "WHERE sitting_id = %s", [key(row.pk)]), state)
    SittingEvent.objects.bulk_update(changed, ["outcome", "reason"], batch_size=500)


def _keep_syncs(syncs: Sequence[Sync]) -> None:
    insert(syncs)
    for sync in syncs:
        if sync.number % MAX_SYNCS == 0:
            Sync.objects.filter(writer_id=sync.writer_id, number__gt=0, number__lte=sync.number - MAX_SYNCS).delete()
