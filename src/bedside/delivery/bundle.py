"""Everything that a result rests on, in one file: whoever has it can compute the same score elsewhere, byte for byte.

A bundle holds the form, what was delivered (by digest, and its text where asked for), the keys, every change of a key with who
and why, the rules of marking, the events with both clocks, and the score that was given. Nothing outside it is needed.

Keys can be held back. The bundle then has a commitment for each, a digest over the keys and a salt of 32 bytes, so that
the keys that are supplied later can be shown to be those. The result of each item is held back with them: beside the answers it
would tell the keys.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from bedside.delivery.canonical_json import canonical, digest
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
    read_json,
    read_record,
)
from bedside.delivery.events import MAX_FORM_ITEMS
from bedside.delivery.receipt import Who
from bedside.errors import UsageError

BUNDLE_FORMAT = "bedside-bundle/1"
KEYS_FORMAT = "bedside-keys/1"
_PREFIX = b"bedside bundle 1\n"  # so that a signature can never be taken for one over something else

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
    the commitment to both."""

    position: Count
    item: Name
    version: Whole
    hash: Digest
    delivered_key: VerdictText | None
    verdict: VerdictText | None
    commitment: Digest | None
    text: str | None


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
    score_digest: Digest
    signature: Signature

    @property
    def is_redacted(self) -> bool:
        """Were the keys held back?"""
        return any(item.commitment is not None for item in self.items)


@dataclass(frozen=True, slots=True)
class HeldKey(Carried):
    """The keys of one item, and the salt of their commitment."""

    item: Name
    salt: Digest  # 32 bytes
    delivered_key: VerdictText
    verdict: VerdictText


@dataclass(frozen=True, slots=True)
class KeysFile(Carried):
    """The keys that were held back from a bundle."""

    format: str
    sitting: UUID
    keys: Annotated[tuple[HeldKey, ...], Field(max_length=MAX_FORM_ITEMS)]


def commitment(salt: str, item: str, version: int, delivered_key: str, verdict: str) -> str:
    """The digest that binds to keys without telling them; `salt` is 32 random bytes as hexadecimal."""
    return digest([salt, item, version, delivered_key, verdict])


def form_digest_of(form: Mapping[str, Any], items: Sequence[tuple[int, str, str, str]], marking: Mapping[str, Any]) -> str:
    """The SHA-256 over the form, for each item its position, id, the digest of its text and its key, and the marking."""
    fixed: list[Any] = [form, [list(item) for item in items]]
    return digest([*fixed, marking] if marking else fixed)


def signed_bundle_bytes(told: Mapping[str, Any]) -> bytes:
    """What the signature of a bundle is over: a line that says so, and its canonical JSON without the signature."""
    return _PREFIX + canonical({name: value for name, value in told.items() if name != "signature"})


def read_bundle(packed: bytes, *, file: str) -> tuple[Bundle, dict[str, Any]]:
    """A bundle from its file, and the JSON that was signed.

    Raises:
        BedsideError: the file is no bundle; says where.
    """
    told = read_json(packed, file=file)
    if told.get("format") != BUNDLE_FORMAT:
        raise UsageError(f'{file}: this is no bundle: field "format" is not "{BUNDLE_FORMAT}"')
    return read_record(Bundle, told, file=file), told


def read_keys(packed: bytes, *, file: str) -> KeysFile:
    """The keys that were held back, from their file.

    Raises:
        BedsideError: the file holds no such keys; says where.
    """
    told = read_json(packed, file=file)
    if told.get("format") != KEYS_FORMAT:
        raise UsageError(f'{file}: this holds no keys: field "format" is not "{KEYS_FORMAT}"')
    return read_record(KeysFile, told, file=file)
