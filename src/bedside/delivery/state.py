"""Where a sitting stands: its phase, the work on each item, the blocks behind it and what was refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID

from bedside.delivery.event_parts import Confidence


class Reason(StrEnum):
    """Why the rules say no to an event. The event is kept with its refusal and changes nothing."""

    NOT_STARTED = "NotStarted"
    FINISHED = "Finished"
    VOIDED = "Voided"
    SUSPENDED = "Suspended"
    BLOCK_CLOSED = "BlockClosed"
    TIME_EXPIRED = "TimeExpired"
    TOO_LATE = "TooLate"
    UNKNOWN_ITEM = "UnknownItem"
    UNKNOWN_OPTION = "UnknownOption"
    UNKNOWN_BLOCK = "UnknownBlock"
    OUT_OF_ORDER = "OutOfOrder"
    NOT_A_VALUE = "NotAValue"
    ANSWER_LOCKED = "AnswerLocked"
    ITEM_LOCKED = "ItemLocked"
    ON_BREAK = "OnBreak"
    NO_EARLY_END = "NoEarlyEnd"
    UNKNOWN_CASE = "UnknownCase"
    OUT_OF_STEP = "OutOfStep"
    FINAL_ORDERS_ONLY = "FinalOrdersOnly"
    NO_BREAK_IN_CASE = "NoBreakInCase"
    WRITER_SUPERSEDED = "WriterSuperseded"


REASONS: Mapping[Reason, str] = {
    Reason.NOT_STARTED: "the sitting has not started",
    Reason.FINISHED: "the sitting has ended",
    Reason.VOIDED: "the sitting was made void by a proctor",
    Reason.SUSPENDED: "the clock is stopped by a proctor",
    Reason.BLOCK_CLOSED: "the block was ended by the candidate and can't be opened again",
    Reason.TIME_EXPIRED: "the time of the block was over",
    Reason.TOO_LATE: "the answer arrived after the grace that follows the deadline",
    Reason.UNKNOWN_ITEM: "the form has no such item",
    Reason.UNKNOWN_OPTION: "the item has no such option, or takes one option only",
    Reason.UNKNOWN_BLOCK: "the form has no such block",
    Reason.OUT_OF_ORDER: "the event does not follow from where the sitting stands",
    Reason.NOT_A_VALUE: "a numeric item takes a number, and no other item does",
    Reason.ITEM_LOCKED: "the candidate has moved on from the item, and it stays as it is",
    Reason.ON_BREAK: "the candidate has stopped the clock for a break",
    Reason.NO_EARLY_END: "the block lasts its full time",
    Reason.UNKNOWN_CASE: "the form has no such case",
    Reason.OUT_OF_STEP: "the command does not follow the one before it: its number came before, or one is missing",
    Reason.FINAL_ORDERS_ONLY: "the time of the case was over, and only final orders are taken",
    Reason.NO_BREAK_IN_CASE: "there are no breaks inside a case",
    Reason.ANSWER_LOCKED: "the key of the item, or the next part of its set, had been given out, so the answer stays",
    Reason.WRITER_SUPERSEDED: "another tab or computer had taken over by then",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that the rules refused, by its identity."""

    writer: UUID
    seq: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Answer:
    """What is chosen on an item now, and how it came about."""

    choice: tuple[str, ...]  # letters in file order; empty after it was taken back, and of a numeric item
    ms: int  # on the item up to this answer
    confidence: Confidence | None
    at: datetime
    history: tuple[tuple[str, ...], ...]  # every choice, or the number alone, in turn, this one last
    value: str | None = None  # of a numeric item, as it was typed

    @property
    def is_given(self) -> bool:
        """Is there an answer now? False after it was taken back."""
        return bool(self.choice) or self.value is not None

    @property
    def changes(self) -> int:
        """How often the choice was altered after the first, taking it back included."""
        return len(self.history) - 1


@dataclass(frozen=True, slots=True)
class ItemWork:
    """All that a candidate did on one item."""

    answer: Answer | None = None
    is_flagged: bool = False
    struck: tuple[str, ...] = ()
    highlights: tuple[tuple[int, int], ...] = ()
    note: str = ""
    shown_at: datetime | None = None
    left_at: datetime | None = None  # moved on from, in a sequential set or a forward-only block


@dataclass(frozen=True, slots=True)
class CaseWork:
    """What a candidate did in one case: how many commands, and a digest that tells this row of commands from any other.

    `closing_at` is when the candidate went to the final orders, and `is_over` whether the server saw the course to be over.
    """

    n: int = 0
    digest: str = ""
    last_at: datetime | None = None  # of the last command
    closing_at: datetime | None = None
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class BlockRun:
    """A block that is closed."""

    block: int
    opened_at: datetime
    closed_at: datetime
    used_ms: int  # without pauses
    closed_by: Literal["candidate", "clock"]


@dataclass(frozen=True, slots=True)
class Created:
    """Made, and not begun."""


@dataclass(frozen=True, slots=True)
class BetweenBlocks:
    """No block is open; `closed` blocks lie behind. Time since `since` is taken from the break bank."""

    closed: int
    since: datetime


@dataclass(frozen=True, slots=True)
class OnBreak:
    """As between blocks, and the candidate said so."""

    closed: int
    since: datetime
    break_since: datetime


@dataclass(frozen=True, slots=True)
class InBlock:
    """The candidate works in a block. `deadline` is None where no clock runs; `paused_ms` lies behind,
    and `granted_ms` of the time until the deadline were a proctor's gift."""

    block: int
    opened_at: datetime
    deadline: datetime | None
    item: str | None = None
    paused_ms: int = 0
    granted_ms: int = 0


@dataclass(frozen=True, slots=True)
class Paused:
    """The candidate stopped the clock of the open block, as an accommodation; it goes on by itself when that time is used."""

    inner: InBlock
    since: datetime


@dataclass(frozen=True, slots=True)
class ClockStopped:
    """A proctor stopped the clock, in a block or between blocks."""

    inner: InBlock | Paused | BetweenBlocks | OnBreak
    since: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """All is done; nothing follows."""

    at: datetime


@dataclass(frozen=True, slots=True)
class MadeVoid:
    """A proctor made it void."""

    at: datetime
    reason: str


Phase = Created | BetweenBlocks | OnBreak | InBlock | Paused | ClockStopped | Ended | MadeVoid

PHASE_NAMES: Mapping[type[Phase], str] = {
    Created: "created",
    BetweenBlocks: "between_blocks",
    OnBreak: "on_break",
    InBlock: "in_block",
    Paused: "paused",
    ClockStopped: "suspended",
    Ended: "finished",
    MadeVoid: "voided",
}


@dataclass(frozen=True, slots=True)
class Accommodation:
    """What a candidate is given beside the form: a factor on the time, and seconds of the sitting's own clock."""

    time_factor: str  # "1", "5/4", "3/2" or "2"
    extra_break_s: int
    stop_clock_s: int


NO_ACCOMMODATION = Accommodation("1", 0, 0)


@dataclass(frozen=True, slots=True)
class Told:
    """A proctor's words to the candidate."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """A sitting as folded so far.

    `break_ms` is what the break bank holds (None: unlimited), `debt_ms` what an overrun break still takes from the blocks
    that follow, `total_ms` what is left on the clock over all blocks while no block is open (None: there is none), and
    `stop_ms` for how long the candidate may still stop the clock. `accommodation` is in force. `last` is the order of the
    last event folded, by which `advance` knows whether a further one comes after it.
    """

    phase: Phase = field(default_factory=Created)
    work: Mapping[str, ItemWork] = field(default_factory=dict)
    cases: Mapping[str, CaseWork] = field(default_factory=dict)  # by the id of the case
    blocks: tuple[BlockRun, ...] = ()
    break_ms: int | None = None
    debt_ms: int = 0
    total_ms: int | None = None
    stop_ms: int = 0
    accommodation: Accommodation = field(default_factory=lambda: NO_ACCOMMODATION)
    messages: tuple[Told, ...] = ()
    writer: UUID | None = None
    disclosed: frozenset[str] = frozenset()  # items whose keys were given out
    settings: Mapping[str, str | int | bool] = field(default_factory=dict)
    refusals: tuple[Refusal, ...] = ()
    last: tuple[datetime, int, str, int] | None = None

    @property
    def state(self) -> str:
        """The name of the phase, as the API and the pages say it."""
        return PHASE_NAMES[type(self.phase)]

    @property
    def open_block(self) -> int | None:
        match self.phase:
            case InBlock(block=block) | Paused(inner=InBlock(block=block)):
                return block
            case ClockStopped(inner=InBlock(block=block)) | ClockStopped(inner=Paused(inner=InBlock(block=block))):
                return block
            case _:
                return None

    @property
    def deadline(self) -> datetime | None:
        """When the open block ends, or None without an open block or a clock."""
        return self.phase.deadline if isinstance(self.phase, InBlock) else None

    @property
    def answers(self) -> Mapping[str, Answer]:
        """The answers that stand, by item; what was taken back is not there."""
        return {item: work.answer for item, work in self.work.items() if work.answer and work.answer.is_given}

    @property
    def n_answered(self) -> int:
        """How many answers stand."""
        return sum(work.answer is not None and work.answer.is_given for work in self.work.values())

    def answer_to(self, item: str) -> Answer | None:
        """The answer to an item that stands, or None."""
        work = self.work.get(item)
        return work.answer if work is not None and work.answer is not None and work.answer.is_given else None
