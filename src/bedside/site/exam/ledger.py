"""The ledger of this server: one chain over everything that arrived and every key that was changed, in that order.

Rows are written in the transaction that keeps the events. The head goes out with each acknowledgement, signed by a key that is
not in the database.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection

from bedside.delivery import (
    GENESIS,
    Form,
    LedgerEntry,
    Sitting,
    canonical_digest,
    fold,
    instant_text,
    key_from_text,
    next_entry,
    responses,
    verify_chain,
)
from bedside.site.exam.case_port import cases
from bedside.site.exam.log import digest_of, events_of, form_digest, set_outcomes
from bedside.site.exam.models import KeyChange, LedgerRow, Server, SittingEvent
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.library.delivered import delivered_from_text, hash_of
from bedside.site.statements import insert, later, new, update


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


def append_to_ledger(rows: Sequence[SittingEvent], lock: Callable[[], Server] | None = None) -> str:
    """Add rows for these events; answers the new head. Call it inside the transaction that keeps them, and last in it.

    Last, since it locks the server's row until the end: with PostgreSQL everything before can happen side by side. `lock` is
    what `lock_later` answered a moment before.
    """
    server = (lock or lock_later())()
    if not rows:
        return server.head
    last = LedgerEntry(server.position, "", {}, server.head) if server.position else None
    added = []
    for row in rows:
        last = next_entry(last, _payload(str(row.sitting_id), str(row.writer_id), row.seq, digest_of(row)))
        added.append(
            new(
                LedgerRow,
                position=last.position,
                previous=last.previous,
                hash=last.hash,
                sitting_id=row.sitting_id,
                writer_id=row.writer_id,
                seq=row.seq,
                digest=last.payload["digest"],
            )
        )
    insert(added)
    assert last is not None
    server.position, server.head = last.position, last.hash
    update([server], "position", "head")
    return last.hash


def append_change(change: KeyChange) -> None:
    """Add the row of a changed key. Call it inside the transaction that keeps the change, and late: it locks the server's row
    until the end."""
    server = lock_later()()
    last = LedgerEntry(server.position, "", {}, server.head) if server.position else None
    digest = _digest_of_change(change)
    entry = next_entry(last, _payload("", str(change.pk), 1, digest))
    LedgerRow.objects.create(
        position=entry.position,
        previous=entry.previous,
        hash=entry.hash,
        sitting=None,
        writer_id=change.pk,
        seq=1,
        digest=digest,
    )
    server.position, server.head = entry.position, entry.hash
    server.save(update_fields=["position", "head"])


def _digest_of_change(change: KeyChange) -> str:
    """What the ledger keeps of a changed key: the SHA-256 of all that its row says.

    The id in it is random and told to nobody but administrators, so that no key can be tried against a head given out.
    """
    return canonical_digest(
        {
            "change": str(change.pk),
            "item": change.item,
            "version": change.version,
            "before": change.before,
            "after": change.after,
            "why": change.why,
            "by": None if change.by_id is None else str(change.by_id),
            "at": instant_text(change.at),
        }
    )


def lock_later() -> Callable[[], Server]:
    """Lock the server's row until the transaction ends; it is read when what this answers is called (`statements.later`)."""
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""
    asked = later(Server, ("id", "position", "head"), lock, ())

    def read() -> Server:
        found = asked()
        return found[0] if found else Server.objects.select_for_update().get_or_create(only=True)[0]

    return read


def entry_of(row: LedgerRow) -> LedgerEntry:
    """The entry that a row keeps."""
    sitting = "" if row.sitting_id is None else str(row.sitting_id)
    payload = _payload(sitting, str(row.writer_id), row.seq, row.digest)
    return LedgerEntry(row.position, row.previous, payload, row.hash)


def verify_sitting(sitting: SittingRow, *, head: str | None = None) -> Verification:
    """Check the whole chain, that `head` (held elsewhere) occurs in it, and that the sitting's events are those it names."""
    return verify_sittings([sitting], heads=[] if head is None else [head])[0]


def verify_sittings(sittings: Iterable[SittingRow], *, heads: Collection[str] = ()) -> list[Verification]:
    """Check the chain once, that all the heads occur in it, the changed keys and each sitting against it.

    What is wrong with the chain or with a changed key is a problem of every sitting: whose item a tampered change was of can't
    be told from what is left of it.
    """
    missing = set(heads) - {GENESIS}
    broken = verify_chain(_seen(_entries(), missing))
    of_chain = [f"ledger row {broken.position}: {broken.reason}"] if broken else []
    last = LedgerRow.objects.order_by("-position").first()
    n_rows, head = (last.position, last.hash) if last else (0, GENESIS)
    if missing and not broken:
        of_chain.append(f"ledger row {n_rows}: the head held elsewhere does not occur in this chain")
    server = Server.objects.first()
    if server is not None and (n_rows, head) != (server.position, server.head):
        of_chain.append(f"the ledger ends at row {n_rows}, but {server.position} were written")
    of_chain += _changes_against_ledger()
    found = []
    for sitting in sittings:
        n_events, own = _events_against_ledger(sitting)
        found.append(Verification(n_events, n_rows, head, (*of_chain, *own, *_what_it_rests_on(sitting))))
    return found


def _seen(entries: Iterable[LedgerEntry], missing: set[str]) -> Iterator[LedgerEntry]:
    """The entries as they come; those whose hash is missing no longer are."""
    for entry in entries:
        missing.discard(entry.hash)
        yield entry


def _changes_against_ledger() -> list[str]:
    """Which changed keys are not what the ledger names."""
    problems = []
    digests = {row.writer_id: row.digest for row in LedgerRow.objects.filter(sitting=None)}
    for change in KeyChange.objects.order_by("at", "id"):
        named = f"change {change.pk} of the key of item {change.item}, version {change.version}"
        digest = digests.pop(change.pk, None)
        if digest is None:
            problems.append(f"{named} is not in the ledger")
        elif digest != _digest_of_change(change):
            problems.append(f"{named} is not what was written down")
    return problems + [f"change {change} of a key is in the ledger, but its row is gone" for change in sorted(digests, key=str)]


def _events_against_ledger(sitting: SittingRow) -> tuple[int, list[str]]:
    """How many events the sitting has, and which of them are not what the ledger names."""
    problems = []
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
    return n_events, problems


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
        elif delivered_from_text(text).scoring_key.as_text() != item.key:
            problems.append(f"the key of item {item.item} is not that of the text delivered")
    form = sitting.delivery_form()
    state = fold(form, events_of(sitting))
    problems += _what_was_made_of_it(sitting, form, state)
    problems += [
        f"event {row.seq} of writer {row.writer_id} is kept with an outcome that the rules do not give"
        for row in set_outcomes(sitting.events.all(), state)
    ]
    return problems


def _what_was_made_of_it(sitting: SittingRow, form: Form, state: Sitting) -> list[str]:
    """Problems with the rows of responses and of scores: both are made of the log, and say nothing that it does not."""
    keys = {item.item: key_from_text(item.key) for item in sitting.items.all()}
    made = {one.item: ("".join(one.choice), one.value or "", one.correct) for one in responses(form, state, keys)}
    kept = {row.item: (row.choice, row.value, row.correct) for row in sitting.responses.all()}
    problems = [
        f"the response to item {item} is not what the log says"
        for item in sorted(made.keys() | kept.keys())
        if made.get(item) != kept.get(item)
    ]
    problems += cases().problems(sitting, form, state)
    return problems + [
        f"score {version.number} is not what was reckoned: it does not fit its digest"
        for version in sitting.scores.order_by("number")
        if canonical_digest(version.score) != version.digest
    ]


def _entries() -> Iterator[LedgerEntry]:
    return (entry_of(row) for row in LedgerRow.objects.order_by("position").iterator(chunk_size=2000))


def _payload(sitting: str, writer: str, seq: int, digest: str) -> dict[str, str | int]:
    return {"sitting": sitting, "writer": writer, "seq": seq, "digest": digest}
