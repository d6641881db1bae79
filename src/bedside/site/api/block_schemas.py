"""What goes out of the API of a block: its items without a key, and what is revealed of them in tutor mode."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class OptionOut(BaseModel):
    letter: str
    html: str


class SetPlaceOut(BaseModel):
    """The set that an item belongs to, and its place there."""

    id: str
    kind: Literal["sequential", "shared"]
    n: int
    of: int


class ItemOut(BaseModel):
    id: str
    version: int
    position: int
    kind: str
    is_imported: bool
    is_hidden: Literal[False]
    set: SetPlaceOut | None
    earlier_html: list[str] = Field(description="Stems of the earlier parts of its sequential set.")
    unit: str | None = Field(description="Of a numeric item.")
    stem_html: str
    lead_in_html: str
    options: list[OptionOut]


class HiddenItemOut(BaseModel):
    """A later part of a sequential set, before the candidate has moved on to it."""

    position: int
    is_hidden: Literal[True]
    set: SetPlaceOut


class SetOut(BaseModel):
    """What the items of a set share. A sequential set has no stimulus."""

    id: str
    kind: Literal["sequential", "shared"]
    stimulus_kind: str
    title: str
    stimulus_html: str


class PartOut(BaseModel):
    """The next part of a sequential set, once the candidate has moved on from `item`."""

    item: str
    part: ItemOut


class BlockOut(BaseModel):
    n: int
    opened_at: str
    deadline: str | None
    limit_ms: int | None
    remaining_ms: int | None
    server_time: str
    navigation: Literal["free", "no_early_end", "forward_only"]
    sets: list[SetOut]
    items: list[ItemOut | HiddenItemOut]


class TakeawayOut(BaseModel):
    id: str
    text: str


class RevealedOut(BaseModel):
    """Key and reasons of an item that is answered in tutor mode."""

    item: str
    key: list[str]
    value: str | None = Field(default=None, description="Of a numeric item: the right value,")
    tolerance: str | None = Field(default=None, description="how far an answer may lie from it,")
    unit: str | None = Field(default=None, description="and its unit.")
    explanations: dict[str, str] = Field(description='Letter and HTML; of a numeric item under "=".')
    takeaways: list[TakeawayOut]
    sources: list[str]
    status: str
