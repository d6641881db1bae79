"""What goes in and out of the API about sittings. What goes out is named field by field, so that nothing else can.

A block's items are in `block_schemas`, the report in `report_schemas`, events in `event_schemas`, what is known in
`reference_schemas`.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, model_validator
from pydantic_core import PydanticCustomError

from bedside.site.api.block_schemas import PartOut, RevealedOut
from bedside.site.api.event_schemas import MAX_EVENTS_A_CALL, AnyEvent
from bedside.site.practice.actions import MAX_ITEMS, MAX_MINUTES

Name = Annotated[str, Field(min_length=1, max_length=100)]
Codes = Annotated[list[Name], Field(max_length=100)]


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class FilterIn(In):
    """Which items: in each axis one of the codes, where any are given."""

    system: Codes = Field(default=[], description="Codes of the axis `system`; the same as in `axes`.")
    competency: Codes = Field(default=[], description="Codes of the axis `competency`; the same as in `axes`.")
    axes: Annotated[dict[Name, Codes], Field(max_length=20)] = Field(default={}, description="Axis and its codes.")
    state: Literal["any", "unused", "missed", "flagged"] = Field(
        default="any", description="What the learner did with the item. `any` takes the unused ones first."
    )
    collection: Name | None = Field(default=None, description="Only items of this collection.")

    @model_validator(mode="after")
    def _each_axis_once(self) -> Self:
        for name, codes in (("system", self.system), ("competency", self.competency)):
            if codes and self.axes.get(name):
                raise PydanticCustomError("given_twice", "give the codes of {axis} once: here or in axes", {"axis": name})
        return self


def _all_where_null(value: object) -> object:
    return {} if value is None else value


class SittingIn(In):
    """A sitting to be made."""

    programme: Name
    step: Name
    form: Literal["full", "half", "block"] = Field(
        default="block", description="A whole day of the step, half of it, or a practice block."
    )
    mode: Literal["tutor", "timed", "exam"] = Field(
        description="A practice block is sat in `tutor` or `timed`, a day in `exam` or `timed`."
    )
    clock: Literal["real", "compressed"] = Field(
        default="real", description="`compressed`: all times of a day divided by one pace, told in the outline."
    )
    proctored: Annotated[bool, Strict()] = Field(
        default=False, description="A day under a proctor's eyes: on the real clock, with approved accommodations only."
    )
    day: Annotated[int, Strict(), Field(ge=1, le=20)] = Field(default=1, description="Which day of the step.")
    items: Annotated[int, Strict(), Field(ge=1, le=MAX_ITEMS)] | None = Field(
        default=None,
        description="Items of a practice block, 20 without it; of a day those of each block, only where no source states them.",
    )
    minutes: Annotated[int, Strict(), Field(ge=1, le=MAX_MINUTES)] | None = Field(
        default=None, description="Of a block. Without it a timed block has the pace of the exam, and tutor mode no clock."
    )
    accept_shorter: Annotated[bool, Strict()] = Field(
        default=False, description="Take the longest form that the bank can carry, where it is too thin for the whole day."
    )
    filter: Annotated[FilterIn, BeforeValidator(_all_where_null, json_schema_input_type=FilterIn | None)] = FilterIn()


class MissingOut(BaseModel):
    """What a form needs and the bank does not have. `axis` is `items` where codes don't matter."""

    axis: str
    code: str
    label: str
    needed: int
    there: int
    kind: str | None = None
    section: str | None = None


class OfferOut(BaseModel):
    """The longest form that the bank can carry."""

    form: Literal["block-list"] = "block-list"
    blocks: int
    items: int
    balanced: bool = Field(description="Is it within every range of the blueprint?")


class EventsIn(In):
    """Events of one writer, in the order of their numbers. Without any it is a synchronisation alone."""

    writer: UUID
    events: Annotated[list[AnyEvent], Field(max_length=MAX_EVENTS_A_CALL)]


class TakeOverIn(In):
    """From which player the sitting is taken over."""

    supersedes: UUID | None = Field(
        default=None, description="The `writer` of the state as read. Where another has the sitting by now, nothing is done."
    )


class Problem(BaseModel):
    """Why the call was not served."""

    detail: str = Field(description="For people: what is wrong and what to do.")
    code: str = Field(description="For programs.")


class RefusedOut(BaseModel):
    seq: int
    reason: str = Field(description="Name of the rule; `OutOfOrder` above `acknowledged`: an earlier event is missing.")


class Conflict(Problem):
    """Why the call was not served; `writer_superseded` also says what was kept before the writer stops."""

    acknowledged: int | None = None
    refused: list[RefusedOut] | None = None


class NotMade(Problem):
    """Why no sitting was made; `bank_too_thin` also says what is missing and what can be had instead."""

    missing: list[MissingOut] | None = None
    offer: OfferOut | None = None


class FixedBreakOut(BaseModel):
    minutes: float | int | None = Field(description="Null: as long as the candidate likes.")
    is_counted: bool = Field(description="Does it run on the form's clock or the break time?")


class CaseOutline(BaseModel):
    """A patient case, without a word of what it is."""

    nth: int = Field(description="The how-manieth case of the sitting it is, from 1.")
    of: int
    minutes: float | int | None = Field(description="Until final orders.")
    final_minutes: float | int | None = Field(description="For final orders, after those minutes.")


class BlockOutline(BaseModel):
    n: int
    items: int
    minutes: float | int | None = Field(description="With the learner's time factor; null without a clock of its own.")
    section: str | None
    navigation: Literal["free", "no_early_end", "forward_only"]
    break_after: FixedBreakOut | None
    tutorial_minutes: float | int | None = Field(description="Of the time before it that costs nothing, for a tutorial.")
    case: CaseOutline | None = Field(description="Null in a block of items.")


class OutlineOut(BaseModel):
    programme: str
    step: str
    title: str = Field(description="What people call the step.")
    form: str
    mode: str
    asked: int
    given: int
    blocks: list[BlockOutline]
    day: int = Field(description="Of the step, from 1.")
    clock: Literal["real", "compressed"]
    pace: float = Field(description="How many times faster than real the clock runs; the minutes are those of this clock.")
    minutes: float | int | None = Field(description="Of one clock over all blocks; null where each block has its own.")
    tutorial_minutes: float | int
    break_minutes: float | int | None = Field(description="Null: breaks are unlimited and cost nothing.")
    is_unused_kept: bool = Field(description="Does the break time gain what is left of a block or of the tutorial?")
    stop_clock_minutes: float | int


class SittingOut(BaseModel):
    id: UUID
    writer: UUID
    outline: OutlineOut
    server_time: str


class WriterOut(BaseModel):
    writer: UUID
    server_time: str


class AnswerOut(BaseModel):
    choice: list[str]
    value: str | None = Field(description="Of a numeric item, as it was typed.")
    ms: int
    confidence: str | None


class MessageOut(BaseModel):
    """A proctor's words to the candidate."""

    n: int = Field(description="From 1.")
    at: str
    text: str


class AccommodationOut(BaseModel):
    time_factor: str
    extra_break_s: int
    stop_clock_s: int


State = Literal["created", "between_blocks", "on_break", "in_block", "paused", "suspended", "finished", "voided"]


class StateOut(BaseModel):
    id: UUID
    programme: str
    step: str
    mode: str
    day: int
    clock: Literal["real", "compressed"]
    proctored: bool
    state: State = Field(description="`paused`: the candidate stopped the clock of the open block; `suspended`: a proctor did.")
    block: int | None
    deadline: str | None
    remaining_ms: int | None
    break_ms: int | None = Field(description="Left of the break time now; negative: overrun; null: breaks cost nothing.")
    tutorial_ms: int | None = Field(description="Left of the tutorial before the first block; null where there is none.")
    fixed_break_ms: int | None = Field(description="Left of a break at this place that costs nothing; null without an end.")
    stop_clock_ms: int = Field(description="For how long the candidate may still stop the clock inside blocks.")
    server_time: str
    outline: OutlineOut
    blocks_closed: int
    left: list[str] = Field(description="Items that were moved on from.")
    messages: list[MessageOut]
    suspended_reason: str | None
    accommodation: AccommodationOut
    answers: dict[str, AnswerOut]
    flagged: list[str]
    struck: dict[str, list[str]]
    highlights: dict[str, list[tuple[int, int]]]
    notes: dict[str, str]
    settings: dict[str, bool | int | str]
    last_seq: dict[str, int] = Field(description="Writer and the number of its last event that was kept.")
    current_item: str | None
    writer: UUID | None = Field(description="The player that may write now.")
    revealed: list[RevealedOut]


class AcknowledgedOut(BaseModel):
    acknowledged: int = Field(description="Every event of the writer up to this number is kept.")
    refused: list[RefusedOut]
    head: str = Field(description="The ledger's head after this call, hexadecimal.")
    signature: str = Field(description="The server's Ed25519 signature of the head, hexadecimal.")
    sync: int = Field(description="The number of this synchronisation.")
    server_time: str
    remaining_ms: int | None
    break_ms: int | None
    state: State
    revealed: list[RevealedOut | PartOut]


class LedgerOut(BaseModel):
    position: int
    previous: str
    hash: str
    digest: str


class LoggedOut(BaseModel):
    writer: UUID
    by: str
    seq: int
    type: str
    fields: dict[str, Any]
    elapsed_ms: int
    received_at: str
    effective_at: str
    after_disclosure: bool
    after_takeover: bool
    outcome: str
    reason: str | None
    ledger: LedgerOut | None


class LogOut(BaseModel):
    id: UUID
    events: list[LoggedOut]
    head: str
    signature: str
    public_key: str
