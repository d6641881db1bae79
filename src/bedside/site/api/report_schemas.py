"""What the report answers, named field by field."""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from bedside.site.api.block_schemas import SetPlaceOut, TakeawayOut
from bedside.site.api.schemas import AccommodationOut, OutlineOut


class ShareOut(BaseModel):
    """A share of right answers."""

    n_correct: int = Field(description="How many were right.")
    n: int = Field(description="Of how many; an item without an answer counts as not right.")
    percent: float | None = Field(description="Null without any item.")
    low: float = Field(description="Lower end of the interval, per cent.")
    high: float = Field(description="Upper end.")
    interval: str = Field(description="Method and level.")


class EstimateOut(BaseModel):
    """A number with its interval."""

    value: float
    low: float
    high: float
    unit: str = Field(description="`points` (of per cent), `points an hour`, `ms`, `ms an hour` or `items`.")
    n: int = Field(description="How many items it rests on.")
    sign: int = Field(description="-1 or 1 where the interval leaves zero out; 0: nothing can be read.")
    interval: str = Field(description="Method and level.")


class AxisRowOut(ShareOut):
    code: str
    label: str
    against_all: EstimateOut | None = Field(
        description="This share minus the share over all items, with an interval for all rows of the axis together."
    )
    word: Literal["lower", "borderline", "higher"] | None = Field(description="Only where that interval allows it.")


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


class PartialRuleOut(BaseModel):
    per_right_option: str
    any_wrong_option: str


class MarkRuleOut(BaseModel):
    """Marks of one item, decimal text."""

    correct: str
    wrong: str
    blank: str
    partial: PartialRuleOut | None


class MarksOut(BaseModel):
    """Marks by the exam's own rules."""

    marks: str = Field(description="Decimal text, exact.")
    max_marks: str = Field(description="Decimal text, exact.")
    low: float = Field(description="Lower end of the interval, marks.")
    high: float = Field(description="Upper end.")
    n: int = Field(description="How many items they rest on.")
    interval: str = Field(description="Method and level.")
    rules: dict[str, MarkRuleOut] = Field(description="Kind of item and its marks.")


class KeyChangeOut(BaseModel):
    item: str
    version: int
    before: str = Field(description="The key as text.")
    after: str = Field(description="The key as text; empty or `dropped:…` where the item no longer counts.")
    why: str
    by: str | None


class AlteredOut(BaseModel):
    item: str
    before: str
    after: str


class ScoreVersionOut(BaseModel):
    """The score as it was reckoned at one time."""

    number: int
    at: str
    by: str | None
    why: str
    change: KeyChangeOut | None
    marks: str
    max_marks: str
    n_right: int
    digest: str = Field(description="SHA-256 of the score's canonical JSON.")
    altered: list[AlteredOut] = Field(description="Items whose outcome differs from the version before.")


class PartFigures(ShareOut):
    n_answered: int
    pace: EstimateOut | None = Field(description="Median time on an answered item.")


class BlockFinding(PartFigures):
    block: int
    section: str | None
    used_ms: int | None
    limit_ms: int | None
    closed_by: str | None


class HourFinding(PartFigures):
    hour: int = Field(description="From 1, on the exam's clock, since the first block was opened.")


class QuarterFinding(PartFigures):
    quarter: int = Field(description="From 1, the quickest fourth of the answered items, to 4.")


class FatigueOut(BaseModel):
    last_third: ShareOut
    first_third: ShareOut
    difference: EstimateOut | None = Field(description="Last minus first; null under five items a third.")
    can_be_read: bool = Field(description="The interval of `difference` lies below zero.")
    trend: EstimateOut | None = Field(description="Null under 30 items.")
    pace_first: EstimateOut | None
    pace_last: EstimateOut | None
    pace_difference: EstimateOut | None
    pace_trend: EstimateOut | None


class TimeFinding(BaseModel):
    right: EstimateOut | None
    wrong: EstimateOut | None
    longer_on_wrong: EstimateOut | None
    quarters: list[QuarterFinding] = Field(description="Empty under 20 answered items.")


class ContrastOut(BaseModel):
    these: ShareOut
    others: ShareOut
    difference: EstimateOut | None


class RushedOut(ContrastOut):
    under_ms: int


class ChangesFinding(ChangesOut):
    gained: ShareOut = Field(description="Of the changed answers, those that went from wrong to right.")
    net: EstimateOut = Field(description="Items gained by changing.")
    p: float | None = Field(description="Exact two-sided sign test; null where no change made a difference.")


class UnansweredOut(BaseModel):
    n_blank: int
    n: int
    percent: float | None
    low: float
    high: float
    interval: str
    by_guessing: float = Field(description="How many of them a blind guess each would get right on average.")
    n_guessable: int


class ConfidenceFinding(BaseModel):
    sure: ShareOut
    unsure: ShareOut
    unmarked: ShareOut
    difference: EstimateOut | None


class SaidOut(BaseModel):
    """A finding in words."""

    about: str
    title: str
    text: str
    rests_on: str


class FindingsOut(BaseModel):
    """What the sitting shows beyond its score."""

    n_items: int
    n_answered: int
    blocks: list[BlockFinding]
    hours: list[HourFinding]
    fatigue: FatigueOut
    time: TimeFinding
    last_minutes: ContrastOut | None = Field(description="Answered in the last two minutes of a block; null without a clock.")
    rushed: RushedOut | None
    changes: ChangesFinding
    unanswered: UnansweredOut
    flagged: ContrastOut
    confidence: ConfidenceFinding
    said: list[SaidOut]


class StatusOut(BaseModel):
    status: str
    text: str
    n: int


class StandardOut(BaseModel):
    kind: str
    score: float | None
    group: str | None
    text: str
    sources: list[str]
    as_of: str
    confidence: str


class RestsOnOut(BaseModel):
    collections: dict[str, int]
    statuses: list[StatusOut]
    calibration: str | None
    standard: str | None = Field(description="The first of `standards`, in words.")
    standards: list[StandardOut] = Field(description="In force on that day.")
    on: str
    text: str
    said: list[str] = Field(description="All of it in words.")


class ReportOptionOut(BaseModel):
    letter: str
    html: str
    is_key: bool
    is_chosen: bool
    is_struck: bool
    explanation_html: str


class NumericOut(BaseModel):
    value: str | None
    tolerance: str
    unit: str
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
    set: SetPlaceOut | None
    set_html: str
    earlier_html: list[str]
    stem_html: str
    lead_in_html: str
    options: list[ReportOptionOut]
    key: list[str]
    key_text: str
    key_delivered: str | None = Field(description="The key it was delivered with, where that was changed since.")
    numeric: NumericOut | None
    choice: list[str]
    value: str | None
    is_answered: bool
    is_correct: bool
    is_counted: bool = Field(description="False where the item no longer counts.")
    outcome: str = Field(description="`right`, `wrong`, `partial`, `blank` or `dropped`.")
    marks: str
    max_marks: str
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


class CaseMeanOut(BaseModel):
    percent: float
    low: float
    high: float
    n: int
    interval: str = Field(description="What `low` and `high` are: an interval, or of few cases their range.")


class ReportCaseOut(BaseModel):
    """One case of the form; `run` is null where it was not begun, and then it counts 0."""

    nth: int
    block: int
    run: UUID | None = Field(description="Its debrief is at /cases/{run}/debrief.")
    case: str | None
    title: str
    minutes: int | None
    percent: float | None = Field(description="Null where the orders or the engine have changed since.")
    band: str
    band_text: str
    end_reason: str
    ended_text: str
    used_ms: int | None
    ended_at: str | None


class ReportCasesOut(BaseModel):
    """The cases, which are no part of the score of the items."""

    n: int
    n_begun: int
    mean: CaseMeanOut | None
    is_reliable: bool
    said: list[str]
    cases: list[ReportCaseOut]


class ReportOut(BaseModel):
    id: UUID
    programme: str
    step: str
    day: int
    mode: str
    clock: str
    proctored: bool
    outline: OutlineOut
    accommodation: AccommodationOut
    filter: dict[str, Any]
    created_at: str
    started_at: str | None
    ended_at: str
    closed_by: str | None
    n_items: int
    n_answered: int
    score: ShareOut
    marks: MarksOut | None = Field(description="Null where every item counts 1 for a right answer and nothing else.")
    n_wrong: int
    n_blank: int
    n_dropped: int
    score_digest: str = Field(description="SHA-256 of the score's canonical JSON; a bundle of the sitting gives the same.")
    scale_score: float | None
    scale_text: str
    versions: list[ScoreVersionOut] = Field(description="The newest first.")
    axes: list[AxisOut]
    time: TimeOut
    changes: ChangesOut
    findings: FindingsOut
    cases: ReportCasesOut | None = Field(description="Null where the form has none.")
    rests_on: RestsOnOut
    items: list[ReportItemOut]
