"""What a candidate keeps of a sitting: a signed paper that says what the server held at the end.

It names the form, the log and the answers by digests, so that nobody can change one of them afterwards without its showing.
Whoever has the events can compute the digests again; whoever has only the receipt can check its signature and its answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from bedside.delivery.canonical_json import digest
from bedside.delivery.carried import (
    Carried,
    Count,
    Digest,
    Instant,
    Line,
    Name,
    PublicKey,
    Signature,
    Whole,
    instant_text,
    log_digest_of,
)
from bedside.delivery.events import Event, FormFixed, Started
from bedside.delivery.form import Form
from bedside.delivery.signed import read_file
from bedside.delivery.sitting import fold
from bedside.delivery.state import Ended, MadeVoid, Sitting
from bedside.errors import UsageError
from bedside.findings import plural

RECEIPT_FORMAT = "bedside-receipt/1"


@dataclass(frozen=True, slots=True)
class Who(Carried):
    """Who sat: the account's id, or the name where the candidate chose so."""

    id: UUID | None
    name: Annotated[str, StringConstraints(min_length=1, max_length=150)] | None


@dataclass(frozen=True, slots=True)
class GivenAnswer(Carried):
    """An answer that stood at the end; `hash` is that of the text that was delivered."""

    position: Count
    item: Name
    version: Whole
    hash: Digest
    choice: Annotated[tuple[Annotated[str, StringConstraints(pattern=r"^[A-Z]$")], ...], Field(max_length=26)]
    value: Annotated[str, StringConstraints(max_length=100)] | None


@dataclass(frozen=True, slots=True)
class LedgerPlace(Carried):
    """The last row of the server's ledger when the receipt was given out; this sitting's events are in it or before it."""

    position: Whole
    head: Digest


@dataclass(frozen=True, slots=True)
class Receipt(Carried):
    """A receipt as it stands in its file."""

    format: str
    program: Line
    server: UUID
    public_key: PublicKey
    sitting: UUID
    programme: Name
    step: Name
    form: Name
    mode: Name
    who: Who
    state: str
    started_at: Instant | None
    ended_at: Instant
    n_events: Whole
    last_seq: dict[UUID, Count]
    form_digest: Digest
    log_digest: Digest
    n_answered: Whole
    answers: Annotated[tuple[GivenAnswer, ...], Field(max_length=2000)] | None
    answers_digest: Digest
    ledger: LedgerPlace
    issued_at: Instant
    signature: Signature


def what_was_answered(form: Form, sitting: Sitting, hashes: Mapping[str, str]) -> list[dict[str, Any]]:
    """The answers that stand, in the order of the form, as JSON; `hashes` are those of the texts, by item."""
    found = []
    for position, item in enumerate((item for block in form.blocks for item in block.items), start=1):
        answer = sitting.answers.get(item.id)
        if answer is not None:
            found.append(
                {
                    "position": position,
                    "item": item.id,
                    "version": item.version,
                    "hash": hashes[item.id],
                    "choice": list(answer.choice),
                    "value": answer.value,
                }
            )
    return found


def log_facts(form: Form, events: Iterable[Event], hashes: Mapping[str, str]) -> dict[str, Any]:
    """All that a receipt says of a log, as JSON; the same events give the same facts.

    Raises:
        UsageError: the sitting that the events make has not ended, or its form was never fixed.
    """
    kept = list({event.identity: event for event in events}.values())
    sitting = fold(form, kept)
    if not isinstance(sitting.phase, Ended | MadeVoid):
        raise UsageError("the sitting that these events make has not ended")
    fixed = next((event.body.digest for event in kept if isinstance(event.body, FormFixed)), None)
    if fixed is None:
        raise UsageError("the log does not say what the form was")
    answers = what_was_answered(form, sitting, hashes)
    started_at = _started_at(kept, sitting)
    last_seq: dict[str, int] = {}
    for event in kept:
        last_seq[str(event.writer)] = max(event.seq, last_seq.get(str(event.writer), 0))
    return {
        "state": sitting.state,
        "started_at": None if started_at is None else instant_text(started_at),
        "ended_at": instant_text(sitting.phase.at),
        "n_events": len(kept),
        "last_seq": last_seq,
        "form_digest": fixed,
        "log_digest": log_digest_of(kept),
        "n_answered": len(answers),
        "answers": answers,
        "answers_digest": digest(answers),
    }


def _started_at(events: Iterable[Event], sitting: Sitting) -> datetime | None:
    refused = {(refusal.writer, refusal.seq) for refusal in sitting.refusals}
    begun = [event.at for event in events if isinstance(event.body, Started) and event.identity not in refused]
    return min(begun, default=None)


def read_receipt(packed: bytes, *, file: str) -> tuple[Receipt, dict[str, Any]]:
    """A receipt from its file, and the JSON that was signed.

    Raises:
        BedsideError: the file is no receipt; says where.
    """
    return read_file(Receipt, packed, formats=(RECEIPT_FORMAT,), what="is no receipt", file=file)


def inner_problems(receipt: Mapping[str, Any]) -> list[str]:
    """What in the receipt contradicts itself, which only its own author can have brought about."""
    answers = receipt["answers"]
    if answers is None:
        return []
    problems = []
    if len(answers) != receipt["n_answered"]:
        problems.append(f"the receipt lists {plural(len(answers), 'answer')} and counts {receipt['n_answered']}")
    if digest(answers) != receipt["answers_digest"]:
        problems.append("the answers listed in the receipt are not those of its digest")
    return problems


def problems_against_log(
    receipt: Mapping[str, Any], form: Form, events: Iterable[Event], hashes: Mapping[str, str]
) -> list[str]:
    """Where a log says something else than the receipt; what came after the receipt was given out is left aside."""
    last_seq = receipt["last_seq"]
    then = [event for event in events if event.seq <= last_seq.get(str(event.writer), 0)]
    if len({event.identity for event in then}) < receipt["n_events"]:
        return [f"of the {receipt['n_events']:,} events of the receipt, {receipt['n_events'] - len(then):,} are missing"]
    try:
        found = log_facts(form, then, hashes)
    except UsageError as error:
        return [f"against the receipt: {error}"]
    words = {
        "form_digest": "the form, an item's text or a key",
        "log_digest": "the log",
        "answers_digest": "the answers",
        "started_at": "the start",
        "ended_at": "the end",
        "state": "the state",
        "n_answered": "the number of answers",
    }
    return [f"{what} is not what the receipt says" for name, what in words.items() if found[name] != receipt[name]]
