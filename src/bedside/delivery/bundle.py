"""Everything that a result rests on, in one file: whoever has it can compute the same score elsewhere, byte for byte.

A bundle holds the form, what was delivered (by digest, and its text where asked for), the keys, every change of a key with who
and why, the rules of marking, the events with both clocks, and the score that was given. Nothing outside it is needed.

Keys can be held back. The bundle then has a commitment for each, a digest over the keys and a salt of 32 bytes, so that
the keys that are supplied later can be shown to be those. What would tell the keys is held back with them: beside the answers
the result of each item, and beside everything else whatever is digested with them without a salt that the bundle lacks. That is
the score, and the text of an item, which somebody may know but for its key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from bedside.delivery.carried import (
    MAX_CARRIED_EVENTS,
    Carried,
    CarriedEvent,
    Count,
    Digest,
    Instant,
    Line,
    Name,
    PublicKey,
    Signature,
    Whole,
)
from bedside.delivery.event_parts import MAX_FORM_ITEMS
from bedside.delivery.receipt import Who
from bedside.delivery.signed import read_file

BUNDLE_FORMAT = "bedside-bundle/2"
KEYS_FORMAT = "bedside-keys/2"
BUNDLE_FORMATS = (BUNDLE_FORMAT, "bedside-bundle/1")  # the first ones had no salt, and one digest of the score in any case
KEYS_FORMATS = (KEYS_FORMAT, "bedside-keys/1")

MAX_CASES = 100

VerdictText = Annotated[str, StringConstraints(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class BundledSitting(Carried):
    """Which sitting it was."""

    id: UUID
    programme: Name
    step: Name
    kind: Name
    mode: Name
    day: Count
    clock: Name
    is_proctored: bool
    created_at: Instant


@dataclass(frozen=True, slots=True)
class BundledItem(Carried):
    """One item: which text was delivered, the key of that text and what counts as right now. Or, where keys are held back,
    the commitment to all three."""

    position: Count
    item: Name
    version: Whole
    hash: Digest | None
    delivered_key: VerdictText | None
    verdict: VerdictText | None
    commitment: Digest | None
    text: str | None


@dataclass(frozen=True, slots=True)
class BundledCase(Carried):
    """One case of the form that was begun: its text, which holds its rubric and is held back with the keys, and its score.

    The form binds to the text by its digest.
    """

    block: Count
    case: Name
    text: str | None
    percent: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,3}([.][0-9]{1,4})?$")] | None
    band: Annotated[str, StringConstraints(max_length=20)]


@dataclass(frozen=True, slots=True)
class BundledChange(Carried):
    """One change of a key, in the order in which they were made."""

    item: Name
    version: Whole
    before: VerdictText | None
    after: VerdictText | None
    why: Line
    by: Name
    at: Instant


@dataclass(frozen=True, slots=True)
class BundledDigests(Carried):
    """Of the form with its items and delivered keys, the log, and the rules of marking."""

    form: Digest
    log: Digest
    marking: Digest


@dataclass(frozen=True, slots=True)
class BundledVersion(Carried):
    """Which version of the score it is: the first, or one after keys changed."""

    number: Count
    at: Instant
    why: Line


@dataclass(frozen=True, slots=True)
class Bundle(Carried):
    """A bundle as it stands in its file."""

    format: str
    program: Line
    server: UUID
    public_key: PublicKey
    made_at: Instant
    sitting: BundledSitting
    who: Who
    form: dict[str, Any]
    items: Annotated[tuple[BundledItem, ...], Field(min_length=1, max_length=MAX_FORM_ITEMS)]
    key_changes: Annotated[tuple[BundledChange, ...], Field(max_length=10_000)]
    marking: dict[Name, dict[str, Any]]
    conversion: dict[str, Any]
    standard: dict[str, Any]
    events: Annotated[tuple[CarriedEvent, ...], Field(min_length=1, max_length=MAX_CARRIED_EVENTS)]
    digests: BundledDigests
    score_version: BundledVersion
    score: dict[str, Any]
    score_digest: Digest | None
    signature: Signature
    score_commitment: Digest | None = None  # in place of the digest, where keys are held back
    salt: Digest | None = None  # of the form's digest; held back with the keys
    cases: Annotated[tuple[BundledCase, ...], Field(max_length=MAX_CASES)] = ()  # not there in bundles of before there were any

    @property
    def is_redacted(self) -> bool:
        """Were the keys held back?"""
        return any(item.commitment is not None for item in self.items)


@dataclass(frozen=True, slots=True)
class HeldKey(Carried):
    """The keys of one item, the digest of its text, and the salt of their commitment."""

    item: Name
    salt: Digest  # 32 bytes
    delivered_key: VerdictText
    verdict: VerdictText
    hash: Digest | None = None


@dataclass(frozen=True, slots=True)
class KeysFile(Carried):
    """What was held back from a bundle: the keys, and the salts of the digests that are made over them."""

    format: str
    sitting: UUID
    keys: Annotated[tuple[HeldKey, ...], Field(max_length=MAX_FORM_ITEMS)]
    salt: Digest | None = None  # of the form's digest
    score_salt: Digest | None = None
    case_texts: Annotated[tuple[str, ...], Field(max_length=MAX_CASES)] = ()


def read_bundle(packed: bytes, *, file: str) -> tuple[Bundle, dict[str, Any]]:
    """A bundle from its file, and the JSON that was signed.

    Raises:
        BedsideError: the file is no bundle; says where.
    """
    return read_file(Bundle, packed, formats=BUNDLE_FORMATS, what="is no bundle", file=file)


def read_keys(packed: bytes, *, file: str) -> KeysFile:
    """The keys that were held back, from their file.

    Raises:
        BedsideError: the file holds no such keys; says where.
    """
    return read_file(KeysFile, packed, formats=KEYS_FORMATS, what="holds no keys", file=file)[0]
