"""What goes in and out of the API about cases. What goes out is named field by field, so that nothing else can."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, Strict

from bedside.site.api.schemas import MessageOut

MAX_COMMANDS_A_CALL = 100
MAX_S = 400 * 86_400  # longer than any case

Id = Annotated[str, Field(min_length=1, max_length=100)]
Seconds = Annotated[int, Strict(), Field(ge=0, le=MAX_S)]
Seq = Annotated[int, Strict(), Field(ge=1, le=2**31 - 1)]


class CaseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")


class OrderIn(CaseIn):
    """Order something, now or later."""

    do: Literal["order"]
    order: Id
    urgency: Literal["stat", "routine"] = "routine"
    mode: Literal["once", "continuous"] | None = None
    dose: Literal["low", "usual", "high"] = "usual"
    in_s: Seconds = 0


class CancelIn(CaseIn):
    """Stop every order of that id that runs or waits."""

    do: Literal["cancel"]
    order: Id


class MoveIn(CaseIn):
    """Take the patient elsewhere."""

    do: Literal["move"]
    to: Id


class ExamineIn(CaseIn):
    """Examine one part."""

    do: Literal["exam"]
    part: Id


class HistoryIn(CaseIn):
    """Ask the patient again."""

    do: Literal["history"]


class AdvanceIn(CaseIn):
    """Let virtual time pass."""

    do: Literal["advance"]
    seconds: Seconds


class ToResultIn(CaseIn):
    """Let virtual time pass until the next report."""

    do: Literal["advance_to_result"]


class UntilCalledIn(CaseIn):
    """Let virtual time pass until something happens."""

    do: Literal["advance_until_called"]


class EndIn(CaseIn):
    """End the case."""

    do: Literal["end"]
    diagnosis: Annotated[str, Field(max_length=300)] | None = None


AnyCommand = Annotated[
    OrderIn | CancelIn | MoveIn | ExamineIn | HistoryIn | AdvanceIn | ToResultIn | UntilCalledIn | EndIn,
    Field(discriminator="do"),
]


class SentIn(CaseIn):
    """A command with its number."""

    seq: Seq = Field(description="From 1, without gaps.")
    command: AnyCommand
    real_ms: Annotated[int, Strict(), Field(ge=0, le=2**53)] = Field(default=0, description="Real time since the run began.")
    typed: Annotated[str, Field(max_length=200)] = Field(default="", description="What was typed to find it.")


class CommandsIn(CaseIn):
    """Commands in the order of their numbers."""

    commands: Annotated[list[SentIn], Field(min_length=1, max_length=MAX_COMMANDS_A_CALL)]
    writer: UUID | None = Field(default=None, description="In a case of a sitting: the sitting's writer.")


class CloseIn(CaseIn):
    """Who goes to the final orders."""

    writer: UUID | None = Field(default=None, description="In a case of a sitting: the sitting's writer.")


class RunIn(CaseIn):
    """A case to be begun."""

    case: Id
    mode: Literal["practice", "exam"] = "practice"
    limit_minutes: Literal[10, 20] | None = None


class ForkIn(CaseIn):
    """From which moment another run goes on: after a command, or at a virtual time. Exactly one of the two."""

    after: Annotated[int, Strict(), Field(ge=0, le=2**31 - 1)] | None = None
    at_s: Seconds | None = None


class MadeOut(BaseModel):
    id: UUID
    server_time: str


class SignOut(BaseModel):
    id: str
    unit: str
    digits: int
    low: float | None
    high: float | None


class ReadingOut(BaseModel):
    at_s: int
    values: list[float]


class VitalsOut(BaseModel):
    is_monitored: bool
    signs: list[SignOut]
    readings: list[ReadingOut]


class LineOut(BaseModel):
    analyte: str
    name: str
    shown: str
    unit: str
    low: float | None
    high: float | None
    digits: int
    flag: Literal["L", "H", ""]


class CaseLogOut(BaseModel):
    """Something that the candidate saw happen. `n` grows, with gaps."""

    n: int
    at_s: int
    kind: Literal["note", "result", "exam", "placed", "started", "stopped", "refused", "moved", "ended"]
    order: str = ""
    name: str = ""
    category: str = ""
    number: int | None = None
    due_s: int | None = None
    from_s: int | None = None
    text: str | None = None
    lines: list[LineOut] | None = None


class OrderOut(BaseModel):
    """An order that runs, waits, or whose report is awaited."""

    order: str
    name: str
    category: str
    number: int
    dose: Literal["low", "usual", "high"]
    stage: Literal["later", "ordered", "running", "awaited"]
    placed_s: int
    due_s: int | None
    is_stoppable: bool


class ExaminationOut(BaseModel):
    part: str
    name: str
    takes_s: int


class PlaceOut(BaseModel):
    id: str
    name: str
    takes_s: int


class StepOut(BaseModel):
    """One command that was done."""

    at_s: int
    do: str
    name: str


class SatOut(BaseModel):
    """Of which sitting a case is part."""

    id: UUID
    block: int
    nth: int = Field(description="The how-manieth case of the sitting it is, from 1.")
    of: int
    is_proctored: bool
    pace: float
    messages: list[MessageOut]
    writer: UUID | None = Field(description="The player that may write now.")


class CaseStateOut(BaseModel):
    """A run as its candidate may see it."""

    id: UUID
    case: str
    title: str
    mode: Literal["practice", "exam"]
    limit_minutes: int | None
    phase: Literal["open", "closing", "suspended", "ended"]
    end_reason: str
    last_seq: int = Field(description="The number of the last command that is kept.")
    server_time: str
    spent_ms: int
    left_ms: int | None = Field(description="Real time until final orders; null without a limit.")
    final_ms: int | None = Field(description="Real time left for final orders; null while there are none.")
    sitting: SatOut | None = Field(description="Null where the case is played by itself.")
    patient: str
    now_s: int = Field(description="Virtual time, seconds since the case began.")
    start_clock: str = Field(description="Weekday and time at which it began.")
    opening: str
    location: str
    vitals: VitalsOut
    log: list[CaseLogOut]
    orders: list[OrderOut]
    examinations: list[ExaminationOut]
    places: list[PlaceOut]
    steps: list[StepOut] = Field(description="The commands so far; the first is number 1.")


class CaseRefusedOut(BaseModel):
    seq: int
    reason: Literal["case_over", "time_up", "suspended"]


class DoneOut(BaseModel):
    acknowledged: int = Field(description="Every command up to this number is kept.")
    refused: CaseRefusedOut | None = Field(description="The first command of the call that was not taken; later ones neither.")
    state: CaseStateOut


class HitOut(BaseModel):
    order: str
    shown: str
    category: str
    is_usable: bool
    is_guess: bool
    is_examination: bool
    modes: list[str]
    doses: list[str] = Field(description="`low`, `usual`, `high` where the case tells them apart, else empty.")
    report_s: int | None
    stat_s: int | None


class PieceOut(BaseModel):
    text: str
    said: str
    is_class: bool
    urgency: str | None
    preselected: str | None
    hits: list[HitOut]


class FoundOut(BaseModel):
    pieces: list[PieceOut]


def plain(command: Any) -> dict[str, Any]:
    """A command as the actions read it."""
    told: dict[str, Any] = command.model_dump()
    return told
