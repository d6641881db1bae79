"""Sittings as files: how an event is written down, what digest a log has, and how a file that was carried here is read.

Such a file is hostile until read. It is one JSON document; what is over a limit, repeated, unknown or of the wrong type is
refused with the place where it stands, before anything is done with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, NoReturn, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from bedside.delivery.canonical_json import digest
from bedside.delivery.events import Event, body_as_dict, read_body
from bedside.errors import ConflictError, SyntaxReadError, TooLargeError, UsageError
from bedside.reading import decode

MAX_CARRIED_BYTES = 64 * 1024 * 1024  # a full day with the texts of 400 items and 10,000 events takes about 8 MB
MAX_CARRIED_DEPTH = 32
MAX_CARRIED_EVENTS = 10_000  # as many as a sitting can hold
MAX_ELAPSED_MS = 366 * 24 * 3600 * 1000  # a year without a network, as the API has it
MAX_WHOLE = 2**53 - 1  # the largest whole number that every JSON reader keeps exactly
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")

T = TypeVar("T")


def instant_text(at: datetime) -> str:
    """An instant as it is written: UTC, six digits of microseconds or none, `Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _instant(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("should be an instant written as 2026-03-02T09:00:00Z")
    return datetime.fromisoformat(value)


def _elapsed(value: int) -> int:
    if value > MAX_ELAPSED_MS:
        raise ValueError(f"a player's clock counts {MAX_ELAPSED_MS:,} ms (a year) at most since it last reached a server")
    return value


Instant = Annotated[datetime, BeforeValidator(_instant)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PublicKey = Digest  # 32 bytes
Signature = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{128}$")]
Whole = Annotated[int, Field(ge=0, le=MAX_WHOLE)]
Count = Annotated[int, Field(ge=1, le=2**31 - 1)]
Elapsed = Annotated[int, Field(ge=0), AfterValidator(_elapsed)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Line = Annotated[str, StringConstraints(max_length=1000)]


class Carried:
    """What every record of a carried file has: no field that is not known."""

    __slots__ = ()
    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class CarriedEvent(Carried):
    """One event as it is written down, with both clocks and what its arrival was."""

    writer: UUID
    seq: Count
    type: Annotated[str, StringConstraints(max_length=30)]
    fields: dict[str, Any]
    elapsed_ms: Elapsed
    received_at: Instant
    effective_at: Instant
    after_disclosure: bool
    after_takeover: bool

    def event(self) -> Event:
        """The event itself.

        Raises:
            UsageError: its fields are not those of its type, or it counts from later than it arrived; names the event.
        """
        if self.effective_at > self.received_at:
            raise UsageError(f"event {self.seq} of writer {self.writer}: it can't have happened after it arrived")
        try:
            body = read_body(self.type, self.fields)
        except UsageError as error:
            raise UsageError(f"event {self.seq} of writer {self.writer}: {error}") from None
        return Event(
            self.writer,
            self.seq,
            self.effective_at,
            self.received_at,
            self.elapsed_ms,
            body,
            self.after_disclosure,
            self.after_takeover,
        )


@dataclass(frozen=True, slots=True)
class PlayersEvent(Carried):
    """One event that a player could not send."""

    seq: Count
    type: Annotated[str, StringConstraints(max_length=30)]
    fields: dict[str, Any]
    elapsed_ms: Elapsed
    sync: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


@dataclass(frozen=True, slots=True)
class PlayersLog(Carried):
    """What one writer could not send."""

    writer: UUID
    events: Annotated[tuple[PlayersEvent, ...], Field(max_length=MAX_CARRIED_EVENTS)]


@dataclass(frozen=True, slots=True)
class PlayersFile(Carried):
    """What a player saved as a file while no server could be reached: format bedside-events/1."""

    format: str
    sitting: UUID
    exported_at: Instant
    writers: Annotated[tuple[PlayersLog, ...], Field(max_length=100)]


EVENTS_FORMAT = "bedside-events/1"


def event_as_dict(event: Event) -> dict[str, Any]:
    """The event as JSON."""
    return {
        "writer": str(event.writer),
        "seq": event.seq,
        "type": event.type,
        "fields": body_as_dict(event.body),
        "elapsed_ms": event.elapsed_ms,
        "received_at": instant_text(event.received_at),
        "effective_at": instant_text(event.at),
        "after_disclosure": event.after_disclosure,
        "after_takeover": event.after_takeover,
    }


def event_digest(event: Event) -> str:
    """The SHA-256 that the ledger keeps of an event: type, fields, clocks and arrival, without who wrote it."""
    written = event_as_dict(event)
    body = written.pop("fields")
    return digest({**{name: value for name, value in written.items() if name not in {"writer", "seq"}}, "body": body})


def log_digest(digests: Mapping[tuple[UUID, int], str]) -> str:
    """The digest of a log: the SHA-256 over its events' identities and digests, by writer and number."""
    return digest(sorted([str(writer), seq, one] for (writer, seq), one in digests.items()))


def log_digest_of(events: Iterable[Event]) -> str:
    """The digest of the log that holds these events."""
    return log_digest({event.identity: event_digest(event) for event in events})


def read_events(carried: Iterable[CarriedEvent]) -> tuple[Event, ...]:
    """The events of a file.

    Raises:
        UsageError: an event is not what its type asks for.
        ConflictError: two events stand under one identity, or a writer's numbers have a gap; names them.
    """
    found: dict[tuple[UUID, int], Event] = {}
    counts: dict[UUID, int] = {}
    for one in carried:
        event = one.event()
        if event.identity in found:
            raise ConflictError(f"event {event.seq} of writer {event.writer} stands in the file twice")
        found[event.identity] = event
        counts[event.writer] = counts.get(event.writer, 0) + 1
    for event in found.values():
        if event.seq > counts[event.writer]:
            raise ConflictError(f"events of writer {event.writer} are missing before event {event.seq}")
    return tuple(found.values())


def read_json(packed: bytes, *, file: str) -> dict[str, Any]:
    """The JSON object that a carried file holds.

    Raises:
        ReadError: too large, too deep, not UTF-8, not JSON as its standard has it, or a name given twice; says where.
    """
    if len(packed) > MAX_CARRIED_BYTES:
        raise TooLargeError(file, f"{len(packed):,} bytes are over the limit of {MAX_CARRIED_BYTES:,} bytes")
    text = decode(packed, file=file).text
    try:
        told = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise SyntaxReadError(file, f"this is no JSON: {error.msg}", line=error.lineno, column=error.colno) from None
    except RecursionError:
        raise TooLargeError(file, f"it is nested more than {MAX_CARRIED_DEPTH} deep") from None
    except ValueError as error:
        why = (
            "a number is larger than any that stands in such a file" if "digits" in str(error) else f"this is no JSON: {error}"
        )
        raise SyntaxReadError(file, why) from None
    if not isinstance(told, dict):
        raise SyntaxReadError(file, "this is no JSON object")
    _see_values(told, file)
    return told


def read_record(record: type[T], told: Mapping[str, Any], *, file: str) -> T:
    """The record that a JSON object is, strictly.

    Raises:
        UsageError: a field is missing, unknown or of the wrong type; names the first.
    """
    adapter = _adapter_of(record)
    try:
        return adapter.validate_json(json.dumps(told), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise UsageError(f'{file}: field "{where}": {first["msg"]}{more}') from None


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}  # making one takes longer than reading with it


def _adapter_of(record: type[T]) -> TypeAdapter[T]:
    if record not in _ADAPTERS:
        _ADAPTERS[record] = TypeAdapter(record)
    return _ADAPTERS[record]


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f'the name "{twice[:50]}" is given twice in one object')
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _see_values(told: object, file: str) -> None:
    """No value too deep, no text that can't be stored: an escape can spell a NUL or half a character."""
    to_see: list[tuple[object, int]] = [(told, 1)]
    while to_see:
        value, depth = to_see.pop()
        if depth > MAX_CARRIED_DEPTH:
            raise TooLargeError(file, f"it is nested more than {MAX_CARRIED_DEPTH} deep")
        match value:
            case str():
                _see_text(value, file)
            case int() if not isinstance(value, bool) and abs(value) > MAX_WHOLE:
                raise SyntaxReadError(file, "a number is larger than any that stands in such a file")
            case list():
                to_see += [(one, depth + 1) for one in value]
            case dict():
                to_see += [(one, depth + 1) for one in value.values()]
                for name in value:
                    _see_text(name, file)
            case _:
                pass


def _see_text(text: str, file: str) -> None:
    if _UNSTORABLE.search(text):
        raise SyntaxReadError(file, "a text holds a NUL or half a character")
