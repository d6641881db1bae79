"""The ledger of arrivals: each row holds the hash of the row before, so that a later change is found.

A chain proves order and integrity against a head that someone else holds (a signed acknowledgement). A complete rewrite of
the database, hashes included, is found only against such a head; no chain can do more.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One arrival: its place in the chain, what arrived, and the hash over both and the row before."""

    position: int  # from 1
    previous: str  # hex SHA-256 of the row before, GENESIS for the first
    payload: Mapping[str, Any]  # JSON values only
    hash: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where a chain does not hold, and why."""

    position: int
    reason: str


def entry_hash(position: int, previous: str, payload: Mapping[str, Any]) -> str:
    """Hex SHA-256 over position, the previous hash and the payload in canonical JSON (sorted keys, no spaces)."""
    packed = json.dumps([position, previous, payload], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(packed.encode()).hexdigest()


def next_entry(last: LedgerEntry | None, payload: Mapping[str, Any]) -> LedgerEntry:
    """The entry that follows `last` (None: the first)."""
    position = last.position + 1 if last else 1
    previous = last.hash if last else GENESIS
    return LedgerEntry(position, previous, payload, entry_hash(position, previous, payload))


def verify_chain(entries: Iterable[LedgerEntry], *, head: str | None = None) -> Break | None:
    """The first place where the chain does not hold, or None. With `head`, that hash must occur in the chain."""
    previous, position, seen_head = GENESIS, 0, head is None or head == GENESIS
    for entry in entries:
        if entry.position != position + 1:
            return Break(entry.position, f"row {position + 1} is missing")
        if entry.previous != previous:
            return Break(entry.position, "the row before it is not the one it was written after")
        if entry.hash != entry_hash(entry.position, entry.previous, entry.payload):
            return Break(entry.position, "its content is not what was hashed")
        previous, position = entry.hash, entry.position
        seen_head = seen_head or entry.hash == head
    return None if seen_head else Break(position, "the head held elsewhere does not occur in this chain")
