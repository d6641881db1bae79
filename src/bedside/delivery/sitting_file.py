"""A whole sitting as a file, format bedside-sitting/2: row, form, texts, writers, synchronisations and events.

What is read here is checked as far as it can be without a database: that the form is the one that was fixed in the log, that
every item has its text and its key, and that each event was written by somebody who may write such an event.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any, Literal
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
    read_events,
)
from bedside.delivery.case_events import CaseEnded
from bedside.delivery.digests import form_digest_of
from bedside.delivery.event_parts import MAX_FORM_ITEMS
from bedside.delivery.events import CLIENT_TYPES, Disclosed, Event, FormFixed, TimeExpired, WriterIssued
from bedside.delivery.form import Form, form_from_dict
from bedside.delivery.scoring import marking_from_dict
from bedside.delivery.signed import read_file
from bedside.errors import UsageError

SITTING_FORMAT = "bedside-sitting/2"
SITTING_FORMATS = (SITTING_FORMAT, "bedside-sitting/1")  # the first ones had no salt

_OF_SERVERS = (FormFixed, TimeExpired, WriterIssued, Disclosed, CaseEnded)  # all else that is no player's is a proctor's

MAX_WRITERS = 1000  # tabs, computers, servers and proctors of one sitting
MAX_SYNCS = 100_000
MAX_MEDIA = 2000
MAX_CASES = 100


@dataclass(frozen=True, slots=True)
class CarriedUser(Carried):
    """Whose sitting it is, on the server that it comes from."""

    id: UUID
    name: Annotated[str, StringConstraints(min_length=1, max_length=150)]


@dataclass(frozen=True, slots=True)
class CarriedSitting(Carried):
    """The sitting as it was made. What follows from the events is not carried."""

    id: UUID
    user: CarriedUser
    programme: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    step: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    day: Annotated[int, Field(ge=1, le=100)]
    kind: Annotated[str, StringConstraints(min_length=1, max_length=20)]
    mode: Literal["tutor", "timed", "exam"]
    clock: Literal["real", "compressed"]
    is_proctored: bool
    filter: dict[str, Any]
    seed: Annotated[str, StringConstraints(pattern=r"^-?[0-9]{1,18}$|^[0-8][0-9]{18}$")]
    n_asked: Annotated[int, Field(ge=0, le=32_767)]
    created_at: Instant
    marking: dict[Name, dict[str, Any]]
    salt: Digest | None = None  # of the form's digest; a sitting of before there were salts has none


@dataclass(frozen=True, slots=True)
class CarriedItem(Carried):
    """One item of the form: which text was delivered, and its key."""

    position: Count
    block: Count
    item: Name
    version: Whole
    hash: Digest
    key: Annotated[str, StringConstraints(min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class CarriedText(Carried):
    """A text as it was delivered."""

    hash: Digest
    kept_at: Instant
    text: str


@dataclass(frozen=True, slots=True)
class CarriedMedium(Carried):
    """A picture or a sound as it was delivered: its name (digest and kind) and its bytes in base64."""

    name: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}\.[a-z0-9]{1,8}$")]
    base64: str


@dataclass(frozen=True, slots=True)
class CarriedWriter(Carried):
    """Who wrote events of the sitting. A proctor is named: what they did has to be answered for by somebody."""

    id: UUID
    kind: Literal["player", "server", "proctor"]
    issued_at: Instant
    who: Annotated[str, StringConstraints(min_length=1, max_length=150)] | None = None  # the proctor's name; of no other


@dataclass(frozen=True, slots=True)
class CarriedSync(Carried):
    """A synchronisation of a player, from which it counts its time."""

    writer: UUID
    number: Annotated[int, Field(ge=0, le=2**31 - 1)]
    acknowledged: Annotated[int, Field(ge=0, le=2**31 - 1)]
    at: Instant


@dataclass(frozen=True, slots=True)
class SittingFile(Carried):
    """A sitting as it stands in its file."""

    format: str
    program: Line
    server: UUID
    public_key: PublicKey
    exported_at: Instant
    sitting: CarriedSitting
    form: dict[str, Any]
    items: Annotated[tuple[CarriedItem, ...], Field(min_length=1, max_length=MAX_FORM_ITEMS)]
    texts: Annotated[tuple[CarriedText, ...], Field(max_length=MAX_FORM_ITEMS)]
    media: Annotated[tuple[CarriedMedium, ...], Field(max_length=MAX_MEDIA)]
    writers: Annotated[tuple[CarriedWriter, ...], Field(max_length=MAX_WRITERS)]
    syncs: Annotated[tuple[CarriedSync, ...], Field(max_length=MAX_SYNCS)]
    events: Annotated[tuple[CarriedEvent, ...], Field(min_length=1, max_length=MAX_CARRIED_EVENTS)]
    signature: Signature
    case_texts: Annotated[tuple[CarriedText, ...], Field(max_length=MAX_CASES)] = ()  # of the cases of the form


@dataclass(frozen=True, slots=True)
class CarriedLog:
    """The checked contents of a sitting's file, as the core has them."""

    form: Form
    events: tuple[Event, ...]


def read_sitting_file(packed: bytes, *, file: str) -> tuple[SittingFile, dict[str, Any]]:
    """A sitting from its file, and the JSON that was signed.

    Raises:
        BedsideError: the file is no sitting; says where.
    """
    return read_file(SittingFile, packed, formats=SITTING_FORMATS, what="is no sitting", file=file)


def see_sitting(carried: SittingFile, *, key_of_text: Callable[[str], tuple[str, int, str]]) -> CarriedLog:
    """The form and the events of a sitting's file, once they are shown to hang together.

    `key_of_text` reads id, version and key out of the text of an item, or raises a `ValueError`.

    Raises:
        UsageError: the form is none, a text or key is not that of its item, the form is not the one that was fixed in the log,
            or a writer wrote what it may not; says which.
        ConflictError: events contradict each other, or some are missing.
    """
    try:
        form = form_from_dict(carried.form)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f'field "form": this is no form: {error}') from None
    marking_from_dict(carried.sitting.marking)
    if form.mode.value != carried.sitting.mode:
        raise UsageError(f'the sitting is in mode "{carried.sitting.mode}", its form in mode "{form.mode.value}"')
    _see_items(carried, form)
    _see_texts(carried, key_of_text)
    _see_case_texts(carried, form)
    events = read_events(carried.events)
    _see_form_is_fixed(carried, events)
    _see_writers(carried, events)
    return CarriedLog(form, events)


def _see_items(carried: SittingFile, form: Form) -> None:
    held = [(item.id, item.version, number) for number, block in enumerate(form.blocks, start=1) for item in block.items]
    listed = [(item.item, item.version, item.block) for item in carried.items]
    if held != listed or [item.position for item in carried.items] != list(range(1, len(held) + 1)):
        raise UsageError('field "items": these are not the items of the form, in its order')


def _see_texts(carried: SittingFile, key_of_text: Callable[[str], tuple[str, int, str]]) -> None:
    texts = {one.hash: one.text for one in carried.texts}
    if len(texts) != len(carried.texts):
        raise UsageError('field "texts": one text stands in it twice')
    for item in carried.items:
        text = texts.get(item.hash)
        if text is None:
            raise UsageError(f"the text of item {item.item} is missing")
        if sha256(text.encode()).hexdigest() != item.hash:
            raise UsageError(f"the text of item {item.item} is not that of its digest")
        try:
            name, version, key = key_of_text(text)
        except ValueError:
            raise UsageError(f"the text of item {item.item} is no item") from None
        if (name, version) != (item.item, item.version):
            raise UsageError(f"the text of item {item.item} is that of {name}, version {version}")
        if key != item.key:
            raise UsageError(f"the key of item {item.item} is not that of its text")
    if spare := texts.keys() - {item.hash for item in carried.items}:
        raise UsageError(f'field "texts": the text {min(spare)} belongs to no item')


def _see_case_texts(carried: SittingFile, form: Form) -> None:
    texts = {one.hash: one.text for one in carried.case_texts}
    for case in form.cases.values():
        text = texts.get(case.digest)
        if text is None:
            raise UsageError(f"the text of case {case.id} is missing")
        if sha256(text.encode()).hexdigest() != case.digest:
            raise UsageError(f"the text of case {case.id} is not that of its digest")
    if spare := texts.keys() - {case.digest for case in form.cases.values()}:
        raise UsageError(f'field "case_texts": the text {min(spare)} belongs to no case')


def _see_form_is_fixed(carried: SittingFile, events: tuple[Event, ...]) -> None:
    found = form_digest_of(
        carried.form,
        [(item.position, item.item, item.hash, item.key) for item in carried.items],
        carried.sitting.marking,
        carried.sitting.salt,
    )
    fixed = {event.body.digest for event in events if isinstance(event.body, FormFixed)}
    if not fixed:
        raise UsageError("the log does not say what the form was")
    if fixed != {found}:
        raise UsageError("the form, the marks, an item's text or a key is not what was fixed in the log")


def _may_write(event: Event) -> str:
    """The only kind of writer that writes such an event."""
    if event.type in CLIENT_TYPES:
        return "player"
    return "server" if isinstance(event.body, _OF_SERVERS) else "proctor"


def _see_proctors(carried: SittingFile) -> None:
    for writer in carried.writers:
        is_proctor = writer.kind == "proctor"
        if is_proctor and not carried.sitting.is_proctored:
            raise UsageError(f"writer {writer.id} is a proctor, but the sitting is not proctored")
        if is_proctor and writer.who is None:
            raise UsageError(
                f'writer {writer.id} is a proctor without a name in field "who"; export the sitting again with this version'
            )
        if not is_proctor and writer.who is not None:
            raise UsageError(f'writer {writer.id} is a {writer.kind}, and field "who" names proctors only')


def _see_writers(carried: SittingFile, events: tuple[Event, ...]) -> None:
    kinds = {writer.id: writer.kind for writer in carried.writers}
    if len(kinds) != len(carried.writers):
        raise UsageError('field "writers": one writer stands in it twice')
    _see_proctors(carried)
    for event in events:
        kind = kinds.get(event.writer)
        if kind is None:
            raise UsageError(f"event {event.seq} is of writer {event.writer}, which is not listed")
        if _may_write(event) != kind:
            raise UsageError(f'event {event.seq} of writer {event.writer}: a {kind} does not write "{event.type}"')
        if isinstance(event.body, WriterIssued) and kinds.get(event.body.issued) != "player":
            raise UsageError(f"event {event.seq} of writer {event.writer} issues a writer that is no player listed")
    seen = set()
    for sync in carried.syncs:
        if kinds.get(sync.writer) != "player" or (sync.writer, sync.number) in seen:
            raise UsageError(
                f'field "syncs": number {sync.number} of writer {sync.writer} is of no player, or stands in it twice'
            )
        seen.add((sync.writer, sync.number))
