"""What an exam is about: axes that each classify the same items, their codes, and the share of items a row may have."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import Field
from pydantic.dataclasses import dataclass

from bedside.programme.values import STRICT, Dated, Flag, MaybeDay, MaybePercent, Name, Percent, Some, Text, Unknown


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class OtherRange:
    """A range that another source gives for the same row."""

    low: Percent = Field(description="Per cent of the items.")
    high: Percent = Field(description="Per cent of the items.")
    text: Text = Field(description="Who gives it, and when.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Range(Dated):
    """One published row: the per cent of the items that its codes have together."""

    covers: Some[Name] = Field(description="Codes of the axis that the row bounds together.")
    label: Text = Field(description="The row's heading.")
    low: MaybePercent = Field(description="Per cent of the items. Published ranges are guidance: soft bounds.")
    high: MaybePercent = Field(description="Per cent of the items.")
    also_reported: tuple[OtherRange, ...] = Field(default=(), description="Where sources disagree: the other ranges.")

    @property
    def midpoint(self) -> float | None:
        """Per cent; None where an end is unknown."""
        if isinstance(self.low, Unknown) or isinstance(self.high, Unknown):
            return None
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Axis:
    """One way of classifying the items. Every axis classifies the same items again: never add across axes."""

    name: Name = Field(description="The key under which items carry its codes.")
    title: Text = Field(description="Heading for people.")
    is_partition: Flag = Field(
        description="true: an item has exactly one code, and the rows add to about 100. "
        "false: an item may have several or none, and nothing is summed."
    )
    valid_from: MaybeDay | None = Field(default=None, description="First day on which the axis exists; absent: always.")
    codes: Mapping[Name, Text] = Field(min_length=1, description="Code and label of each value.")
    ranges: tuple[Range, ...] = Field(default=(), description="Rows, see Range; none where none is published.")
    note: Text | None = Field(default=None, description="How the axis is to be read.")

    def midpoint_sum(self) -> float | None:
        """The sum of the rows' midpoints in per cent; None without rows, or where an end of one is unknown."""
        midpoints = [row.midpoint for row in self.ranges]
        known = [midpoint for midpoint in midpoints if midpoint is not None]
        return sum(known) if known and len(known) == len(midpoints) else None
