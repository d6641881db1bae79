"""The ledger of this server: one chain over everything that arrived, in the order of arrival.

Rows are written in the transaction that keeps the events. The head goes out with each acknowledgement, signed by a key that is
not in the database.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bedside.delivery import GENESIS, LedgerEntry, fold, next_entry, verify_chain
from bedside.site.exam.log import digest_of, events_of, form_digest, set_outcomes
from bedside.site.exam.models import LedgerRow, Server, SittingEvent
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.library.delivered import delivered_from_text, hash_of


@dataclass(frozen=True, slots=True)
class Verification:
    """What the check of a sitting against the ledger found; sound if there are no problems."""

    n_events: int
    n_rows: int
    head: str
    problems: tuple[str, ...]


def current_head() -> str:
    """The hash of the last row."""
    return Server.objects.values_list("head", flat=True).first() or GENESIS


def append_to_ledger(rows: Sequence[SittingEvent]) -> str:
    """Add rows for these events; answers the new head. Call it inside the transaction that keeps them, and last in it."""
    server, _ = Server.objects.select_for_update().get_or_create(only=True)
    if not rows:
        return server.head
    last = LedgerEntry(server.position, "", {}, server.head) if server.position else None
    added = []
    for row in rows:
        last = next_entry(last, _payload(str(row.sitting_id), str(row.writer_id), row.seq, digest_of(row)))
        added.append(
            LedgerRow(
                position=last.position,
                previous=last.previous,
                hash=last.hash,
                sitting_id=row.sitting_id,
                writer_id=row.writer_id,
                seq=row.seq,
                digest=last.payload["digest"],
            )
        )
    LedgerRow.objects.bulk_create(added)
    assert last is not None
    server.position, server.head = last.position, last.hash
    server.save(update_fields=["position", "head"])
    return last.hash


def entry_of(row: LedgerRow) -> LedgerEntry:
    """The entry that a row keeps."""
    payload = _payload(str(row.sitting_id), str(row.writer_id), row.seq, row.digest)
    return LedgerEntry(row.position, row.previous, payload, row.hash)


def verify_sitting(sitting: SittingRow, *, head: str | None = None) -> Verification:
    """Check the whole chain, that `head` (held elsewhere) occurs in it, and that the sitting's events are those it names."""
    problems = []
    broken = verify_chain(_entries(), head=head)
    if broken:
        problems.append(f"ledger row {broken.position}: {broken.reason}")
    server = Server.objects.first()
    last = LedgerRow.objects.order_by("-position").first()
    if server is not None and (last.position if last else 0, last.hash if last else GENESIS) != (server.position, server.head):
        problems.append(f"the ledger ends at row {last.position if last else 0}, but {server.position} were written")
    digests = {(row.writer_id, row.seq): row.digest for row in sitting.ledger.all()}
    n_events = 0
    for event in sitting.events.order_by("arrival"):
        n_events += 1
        digest = digests.pop((event.writer_id, event.seq), None)
        if digest is None:
            problems.append(f"event {event.seq} of writer {event.writer_id} is not in the ledger")
        elif digest != digest_of(event):
            problems.append(f"event {event.seq} of writer {event.writer_id} is not what arrived")
    problems += [
        f"event {seq} of writer {writer} is in the ledger, but its row is gone" for writer, seq in sorted(digests, key=str)
    ]
    problems += _what_it_rests_on(sitting)
    n_rows = last.position if last else 0
    return Verification(n_events, n_rows, last.hash if last else GENESIS, tuple(problems))


def _what_it_rests_on(sitting: SittingRow) -> list[str]:
    """Problems with the form, the texts, the keys and the outcomes, none of which an event's own digest covers."""
    problems = []
    fixed = sitting.events.filter(type="form_fixed").order_by("arrival").first()
    if fixed is None:
        problems.append("the log does not say what the form was")
    elif fixed.body["digest"] != form_digest(sitting):
        problems.append("the form, an item's text or a key is not what was fixed at the start")
    for item in sitting.items.select_related("item_version").order_by("position"):
        text = item.item_version.text
        if hash_of(text) != item.item_version.hash:
            problems.append(f"the kept text of item {item.item} is not what was delivered")
        elif "".join(delivered_from_text(text).key) != item.key:
            problems.append(f"the key of item {item.item} is not that of the text delivered")
    state = fold(sitting.delivery_form(), events_of(sitting))
    problems += [
        f"event {row.seq} of writer {row.writer_id} is kept with an outcome that the rules do not give"
        for row in set_outcomes(sitting.events.all(), state)
    ]
    return problems


def _entries() -> Iterator[LedgerEntry]:
    return (entry_of(row) for row in LedgerRow.objects.order_by("position").iterator(chunk_size=2000))


def _payload(sitting: str, writer: str, seq: int, digest: str) -> dict[str, str | int]:
    return {"sitting": sitting, "writer": writer, "seq": seq, "digest": digest}
