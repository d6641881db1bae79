"""What goes in and out of the API. What goes out is named here field by field, so that nothing else can."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from bedside.bank import Analyte
from bedside.site.api.event_schemas import MAX_EVENTS_A_CALL, AnyEvent
from bedside.site.practice.actions import MAX_ITEMS, MAX_MINUTES

Name = Annotated[str, Field(min_length=1, max_length=100)]
Codes = Annotated[list[Name], Field(max_length=100)]

NOT_THERE_YET = "not_there_yet"


def _unless_later(field: str, *later: str | bool) -> BeforeValidator:
    """Says of values that the design names and nothing serves yet that they are not there yet."""

    def check(value: object) -> object:
        if any(value is one or (isinstance(one, str) and value == one) for one in later):
            shown = str(value).lower() if isinstance(value, bool) else f'"{value}"'
            text = f"{field} {shown} is not there yet; a sitting is a practice block, tutor or timed, over real time"
            raise PydanticCustomError(NOT_THERE_YET, "{text}", {"text": text})
        return value

    return BeforeValidator(check)


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
    form: Annotated[Literal["block"], _unless_later("form", "full", "half")] = "block"
    mode: Annotated[Literal["tutor", "timed"], _unless_later("mode", "exam")]
    clock: Annotated[Literal["real"], _unless_later("clock", "compressed")] = "real"
    proctored: Annotated[
        bool, Strict(), _unless_later("proctored", True), WithJsonSchema({"type": "boolean", "const": False})
    ] = False
    items: Annotated[int, Strict(), Field(ge=1, le=MAX_ITEMS)] = 20
    minutes: Annotated[int, Strict(), Field(ge=1, le=MAX_MINUTES)] | None = Field(
        default=None, description="Without it a timed block has the pace of the exam, and tutor mode no clock."
    )
    filter: Annotated[FilterIn, BeforeValidator(_all_where_null, json_schema_input_type=FilterIn | None)] = FilterIn()


class EventsIn(In):
    """Events of one writer, in the order of their numbers. Without any it is a synchronisation alone."""

    writer: UUID
    events: Annotated[list[AnyEvent], Field(max_length=MAX_EVENTS_A_CALL)]


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


class BlockOutline(BaseModel):
    n: int
    items: int
    minutes: float | int | None = Field(description="With the learner's time factor; null without a clock.")


class OutlineOut(BaseModel):
    programme: str
    step: str
    form: str
    mode: str
    asked: int
    given: int
    blocks: list[BlockOutline]


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
    ms: int
    confidence: str | None


class TakeawayOut(BaseModel):
    id: str
    text: str


class RevealedOut(BaseModel):
    """Key and reasons of an item that is answered in tutor mode."""

    item: str
    key: list[str]
    explanations: dict[str, str] = Field(description="Letter and HTML.")
    takeaways: list[TakeawayOut]
    sources: list[str]
    status: str


class StateOut(BaseModel):
    id: UUID
    programme: str
    step: str
    mode: str
    state: Literal["created", "between_blocks", "on_break", "in_block", "suspended", "finished", "voided"]
    block: int | None
    deadline: str | None
    remaining_ms: int | None
    server_time: str
    outline: OutlineOut
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


class OptionOut(BaseModel):
    letter: str
    html: str


class ItemOut(BaseModel):
    id: str
    version: int
    position: int
    kind: str
    is_imported: bool
    stem_html: str
    lead_in_html: str
    options: list[OptionOut]


class BlockOut(BaseModel):
    n: int
    opened_at: str
    deadline: str | None
    limit_ms: int | None
    remaining_ms: int | None
    server_time: str
    items: list[ItemOut]


class AcknowledgedOut(BaseModel):
    acknowledged: int = Field(description="Every event of the writer up to this number is kept.")
    refused: list[RefusedOut]
    head: str = Field(description="The ledger's head after this call, hexadecimal.")
    signature: str = Field(description="The server's Ed25519 signature of the head, hexadecimal.")
    sync: int = Field(description="The number of this synchronisation.")
    server_time: str
    remaining_ms: int | None
    state: str
    revealed: list[RevealedOut]


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
    outcome: str
    reason: str | None
    ledger: LedgerOut | None


class LogOut(BaseModel):
    id: UUID
    events: list[LoggedOut]
    head: str
    signature: str
    public_key: str


class ProgrammeOut(BaseModel):
    name: str
    title: str
    owner: str
    country: str
    summary: str
    steps: list[str]


class ProgrammesOut(BaseModel):
    programmes: list[ProgrammeOut]


class ShareOut(BaseModel):
    n_correct: int
    n: int
    percent: float | None
    low: float
    high: float
    interval: str


class AxisRowOut(ShareOut):
    code: str
    label: str


class AxisOut(BaseModel):
    axis: str
    title: str
    is_partition: bool
    n_without_code: int
    rows: list[AxisRowOut]


class TimeOut(BaseModel):
    used_ms: int
    on_answered_items_ms: int
    median_ms: int | None
    longest_ms: int | None


class ChangesOut(BaseModel):
    n: int
    right_to_wrong: int
    wrong_to_right: int
    wrong_to_wrong: int
    right_to_right: int


class StatusOut(BaseModel):
    status: str
    text: str
    n: int


class RestsOnOut(BaseModel):
    collections: dict[str, int]
    statuses: list[StatusOut]
    calibration: str | None
    standard: str | None
    text: str


class ReportOptionOut(BaseModel):
    letter: str
    html: str
    is_key: bool
    is_chosen: bool
    is_struck: bool
    explanation_html: str


class ReportItemOut(BaseModel):
    id: str
    version: int
    content_hash: str
    collection: str
    position: int
    block: int
    kind: str
    codes: dict[str, list[str]]
    stem_html: str
    lead_in_html: str
    options: list[ReportOptionOut]
    key: list[str]
    choice: list[str]
    is_correct: bool
    ms: int | None
    confidence: str | None
    history: list[list[str]]
    changes: int
    change: str | None
    is_flagged: bool
    note: str
    takeaways: list[TakeawayOut]
    sources: list[str]
    status: str
    status_text: str


class ReportOut(BaseModel):
    id: UUID
    programme: str
    step: str
    mode: str
    outline: OutlineOut
    filter: dict[str, Any]
    created_at: str
    started_at: str | None
    ended_at: str
    closed_by: str | None
    n_items: int
    n_answered: int
    score: ShareOut
    scale_score: float | None
    scale_text: str
    axes: list[AxisOut]
    time: TimeOut
    changes: ChangesOut
    rests_on: RestsOnOut
    items: list[ReportItemOut]


class IntervalOut(BaseModel):
    low: float | None
    high: float | None
    op: str | None
    unit: str


class AnalyteOut(BaseModel):
    """One analyte under one condition, in conventional and in SI units."""

    id: str
    name: str
    names: list[str]
    group: str
    specimen: str
    condition: str | None
    conventional: IntervalOut
    si: IntervalOut
    note: str | None
    source: str
    as_of: str


class AnalytesOut(BaseModel):
    analytes: list[AnalyteOut]


def analyte_json(analyte: Analyte) -> dict[str, Any]:
    """A reference value as the API answers it."""
    values = asdict(analyte)
    return {name: values[name] for name in AnalyteOut.model_fields} | {"as_of": analyte.as_of.isoformat()}
