"""What happens in a sitting, as frozen data. An event says what the candidate, the server or a proctor did; `sitting.py`
says what follows from it.

An event's identity is (writer, seq) within its sitting: sending it again is the same event. `at` is its effective time,
by which deadlines are judged and the log is folded; the two raw clocks are kept beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from bedside.delivery.case_events import CaseClosing, CaseCommanded, CaseEnded
from bedside.delivery.event_parts import (
    MAX_FORM_ITEMS,
    MAX_ITEM_MS,
    MAX_NOTE_CHARACTERS,
    MAX_OPTIONS,
    MAX_RANGES,
    MAX_SETTINGS,
    BlockNumber,
    Confidence,
    ItemId,
    Letter,
    Number,
    Offset,
    Reasoned,
    Seconds,
    Setting,
    StrictBody,
    TimeFactor,
)
from bedside.errors import UsageError


@dataclass(frozen=True, slots=True)
class Started(StrictBody):
    """The candidate began the sitting; the tutorial runs until the first block is opened."""


@dataclass(frozen=True, slots=True)
class BlockOpened(StrictBody):
    """A block was opened; its clock runs from here."""

    block: BlockNumber


@dataclass(frozen=True, slots=True)
class ItemShown(StrictBody):
    """An item came on the screen."""

    item: ItemId


@dataclass(frozen=True, slots=True)
class Answered(StrictBody):
    """An answer was given: options in `choice`, or for a numeric item a decimal number in `value`, as it was typed. `ms` is
    the time spent on the item so far, over all visits."""

    item: ItemId
    choice: Annotated[tuple[Letter, ...], Field(max_length=MAX_OPTIONS)] = ()
    ms: Annotated[int, Field(ge=0, le=MAX_ITEM_MS)] = 0
    confidence: Confidence | None = None
    value: Number | None = None


@dataclass(frozen=True, slots=True)
class Cleared(StrictBody):
    """The answer was taken back."""

    item: ItemId


@dataclass(frozen=True, slots=True)
class Flagged(StrictBody):
    """The item was marked for review, or the mark taken off."""

    item: ItemId
    on: bool


@dataclass(frozen=True, slots=True)
class Struck(StrictBody):
    """An option was struck out, or the stroke taken off."""

    item: ItemId
    option: Letter
    on: bool


@dataclass(frozen=True, slots=True)
class Highlighted(StrictBody):
    """The highlights of the item are now these ranges of characters, [start, end): in its stem, and from 500,000 on in what
    its set shares."""

    item: ItemId
    ranges: Annotated[tuple[tuple[Offset, Offset], ...], Field(max_length=MAX_RANGES)]


@dataclass(frozen=True, slots=True)
class Noted(StrictBody):
    """The candidate's note on the item is now this text."""

    item: ItemId
    text: Annotated[str, StringConstraints(max_length=MAX_NOTE_CHARACTERS)]


@dataclass(frozen=True, slots=True)
class MovedOn(StrictBody):
    """The candidate left a part of a sequential set, or an item of a forward-only block, for good."""

    item: ItemId


@dataclass(frozen=True, slots=True)
class Settings(StrictBody):
    """Settings of the player changed; kept, and nothing follows from them here."""

    values: Annotated[
        dict[
            Annotated[str, StringConstraints(max_length=40)],
            bool | Setting | Annotated[str, StringConstraints(max_length=100)],
        ],
        Field(max_length=MAX_SETTINGS),
    ]


@dataclass(frozen=True, slots=True)
class BlockClosed(StrictBody):
    """The candidate ended a block before its time."""

    block: BlockNumber


@dataclass(frozen=True, slots=True)
class BreakStarted(StrictBody):
    """The candidate went on a break: between blocks, or inside one where the clock may be stopped for it."""


@dataclass(frozen=True, slots=True)
class BreakEnded(StrictBody):
    """The candidate came back from a break."""


@dataclass(frozen=True, slots=True)
class Finished(StrictBody):
    """The candidate ended the sitting."""


@dataclass(frozen=True, slots=True)
class Resumed(StrictBody):
    """The player came back after a reload, a crash or a lost network; nothing else follows."""


@dataclass(frozen=True, slots=True)
class TimeExpired(StrictBody):
    """The server closed a block at its deadline; provisional while an answer given in time may still arrive."""

    block: BlockNumber


@dataclass(frozen=True, slots=True)
class WriterIssued(StrictBody):
    """The server gave the sitting to a new player; what an older one does after this does not count."""

    issued: UUID


@dataclass(frozen=True, slots=True)
class Suspended(StrictBody):
    """A proctor stopped the clock."""

    reason: Reasoned = ""


@dataclass(frozen=True, slots=True)
class Reopened(StrictBody):
    """A proctor started the clock again."""

    reason: Reasoned = ""


@dataclass(frozen=True, slots=True)
class GrantedTime(StrictBody):
    """A proctor gave the open block more time."""

    block: BlockNumber
    seconds: Annotated[int, Field(ge=1, le=24 * 3600)]
    reason: Reasoned = ""


@dataclass(frozen=True, slots=True)
class Accommodated(StrictBody):
    """A proctor changed the candidate's accommodation: the time factor, the extra break time and the time for which the clock
    may be stopped, each in whole as it is from now on. Seconds are those of the sitting's own clock."""

    time_factor: TimeFactor
    extra_break_s: Seconds = 0
    stop_clock_s: Seconds = 0
    reason: Reasoned = ""


@dataclass(frozen=True, slots=True)
class Voided(StrictBody):
    """A proctor made the sitting void; nothing counts after it."""

    reason: Reasoned = ""


@dataclass(frozen=True, slots=True)
class Message(StrictBody):
    """A proctor's words to the candidate; nothing else follows."""

    text: Annotated[str, StringConstraints(max_length=1000)]


@dataclass(frozen=True, slots=True)
class FormFixed(StrictBody):
    """The server fixed the form: `digest` is the SHA-256 of a salt and the form with the text and key of every item."""

    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True)
class Disclosed(StrictBody):
    """The server gave out the keys of these items; what arrives after that can't change their answers."""

    items: Annotated[tuple[ItemId, ...], Field(min_length=1, max_length=MAX_FORM_ITEMS)]


CaseBody = CaseCommanded | CaseClosing
ItemBody = ItemShown | Answered | Cleared | Flagged | Struck | Highlighted | Noted | MovedOn
MoveBody = Started | BlockOpened | Settings | BlockClosed | BreakStarted | BreakEnded | Finished | Resumed
ClientBody = MoveBody | ItemBody | CaseBody
ServerBody = (
    FormFixed
    | TimeExpired
    | WriterIssued
    | Disclosed
    | CaseEnded
    | Suspended
    | Reopened
    | GrantedTime
    | Accommodated
    | Voided
    | Message
)
Body = ClientBody | ServerBody

CLIENT_TYPES: Mapping[str, type[ClientBody]] = {
    "started": Started,
    "block_opened": BlockOpened,
    "item_shown": ItemShown,
    "answered": Answered,
    "cleared": Cleared,
    "flagged": Flagged,
    "struck": Struck,
    "highlighted": Highlighted,
    "noted": Noted,
    "moved_on": MovedOn,
    "case_command": CaseCommanded,
    "case_closing": CaseClosing,
    "settings": Settings,
    "block_closed": BlockClosed,
    "break_started": BreakStarted,
    "break_ended": BreakEnded,
    "finished": Finished,
    "resumed": Resumed,
}
SERVER_TYPES: Mapping[str, type[ServerBody]] = {
    "form_fixed": FormFixed,
    "time_expired": TimeExpired,
    "writer_issued": WriterIssued,
    "disclosed": Disclosed,
    "case_ended": CaseEnded,
    "suspended": Suspended,
    "reopened": Reopened,
    "granted_time": GrantedTime,
    "accommodated": Accommodated,
    "voided": Voided,
    "message": Message,
}
TYPES: Mapping[str, type[Body]] = {**CLIENT_TYPES, **SERVER_TYPES}
_NAMES: Mapping[type[Body], str] = {body: name for name, body in TYPES.items()}
_ADAPTERS: Mapping[str, TypeAdapter[Any]] = {name: TypeAdapter(body) for name, body in TYPES.items()}


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a sitting's log.

    `seq` counts from 1 for each writer. `at` is the effective time (UTC, aware), `received_at` the server's clock at the
    arrival and `elapsed_ms` the player's monotonic clock since its last acknowledged synchronisation.

    Two facts about the arrival are kept with the event, since effective times can't tell them: `after_disclosure`, the key
    of its item had been given out when it arrived; and `after_takeover`, its writer had been superseded by then.
    """

    writer: UUID
    seq: int
    at: datetime
    received_at: datetime
    elapsed_ms: int
    body: Body
    after_disclosure: bool = False
    after_takeover: bool = False

    @property
    def type(self) -> str:
        return _NAMES[type(self.body)]

    @property
    def order(self) -> tuple[datetime, int, str, int]:
        """The order of the fold: effective time, the server's own events first, then writer, then sequence.

        The server goes first so that a player's first event may carry the very instant at which its writer was issued; a
        disclosure and the end of a case go last, since they answer to the events that arrived with them.
        """
        rank = 2 if isinstance(self.body, Disclosed | CaseEnded) else int(self.type in CLIENT_TYPES)
        return (self.at, rank, str(self.writer), self.seq)

    @property
    def identity(self) -> tuple[UUID, int]:
        """The same identity is the same event."""
        return (self.writer, self.seq)


def read_body(type_: str, data: Mapping[str, Any]) -> Body:
    """The fields of an event as they come from outside, checked.

    Raises:
        UsageError: an unknown type, an unknown, missing or ill-formed field; names the field.
    """
    adapter = _ADAPTERS.get(type_)
    if adapter is None:
        raise UsageError(f'unknown event type "{type_}"')
    try:
        body: Body = adapter.validate_python(dict(data))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise UsageError(f'event "{type_}", field "{where}": {first["msg"]}') from None
    if isinstance(body, Answered) and bool(body.choice) == (body.value is not None):
        raise UsageError('event "answered": give either "choice", at least one letter, or "value", a number')
    return body


def body_as_dict(body: Body) -> dict[str, Any]:
    """The fields of an event as JSON; `read_body` reads them back."""
    data: dict[str, Any] = _ADAPTERS[_NAMES[type(body)]].dump_python(body, mode="json")
    if isinstance(body, Answered) and body.value is None:
        del data["value"]  # so that an answer by options reads as it did before there were numbers
    if isinstance(body, Reopened) and not body.reason:
        del data["reason"]
    return data


def event_fields() -> list[tuple[str, str, str, str]]:
    """The table of event types for the documentation: type, who writes it, fields, what it says."""
    return [
        (
            name,
            "player" if name in CLIENT_TYPES else "server",
            ", ".join(field.name for field in fields(body)),
            " ".join((body.__doc__ or "").split()),
        )
        for name, body in TYPES.items()
    ]
