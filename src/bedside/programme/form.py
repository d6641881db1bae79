"""How a day of the exam runs: blocks, their clocks and their items, breaks, tutorial, and other activities."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field
from pydantic.dataclasses import dataclass

from bedside.programme.values import (
    STRICT,
    UNKNOWN,
    Dated,
    Flag,
    MaybeWhole,
    Name,
    Text,
    Unknown,
    Whole,
)


class Navigation(StrEnum):
    """Where a candidate may go. A closed block is closed in all of them."""

    FREE = "free"  # any item of the open block; the block can be ended early
    NO_EARLY_END = "no_early_end"  # any item of the open block; the block lasts its full time
    FORWARD_ONLY = "forward_only"  # no way back to an earlier item
    ANY_BLOCK = "any_block"  # all blocks are open under one clock


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Part:
    """Items of one section and kind inside a block."""

    section: Name | None = Field(default=None, description="Code of the step's `sections`.")
    kind: Name = Field(description="Code of the step's `item_kinds`.")
    items: MaybeWhole = Field(description="Number of items.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class BlockGroup:
    """Blocks that follow each other and are alike."""

    blocks: Whole = Field(default=1, ge=1, le=500, description="How many blocks are like this.")
    minutes: MaybeWhole | None = Field(
        default=None, description="Minutes of one block. Absent: the block has no clock of its own, the form has."
    )
    items_min: MaybeWhole = Field(description="Fewest items of a block.")
    items_max: MaybeWhole = Field(description="Most items of a block.")
    section: Name | None = Field(default=None, description="Code of the step's `sections`.")
    parts: tuple[Part, ...] = Field(default=(), description="Its items by section and kind, see Part.")
    navigation: Navigation = Field(
        default=Navigation.FREE,
        description="`free` inside the block, `no_early_end` (free, but it lasts its full time), `forward_only`, or "
        "`any_block` (all blocks open under one clock).",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of a form, as a group describes it."""

    number: int  # from 1
    n_items_min: int | Unknown
    n_items_max: int | Unknown
    minutes: int | Unknown | None  # None: no clock of its own
    section: str | None
    navigation: Navigation
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class FixedBreak:
    """A break that stands at one place, outside the pool."""

    after_block: Whole = Field(ge=1, description="Number of the block before it.")
    minutes: MaybeWhole = Field(description="Its minutes.")
    is_counted: Flag = Field(description="Does it run on the form's clock?")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Activity:
    """Something other than items: patient cases, essays, performance tasks."""

    kind: Name = Field(description="What it is, for example `patient_cases`.")
    title: Text = Field(description="Its name for people.")
    count_min: MaybeWhole = Field(description="Fewest of them.")
    count_max: MaybeWhole = Field(description="Most of them.")
    minutes_each: tuple[Whole, ...] = Field(default=(), description="Minutes that one may last; several where they differ.")
    minutes_total: MaybeWhole | None = Field(default=None, description="Minutes of all together.")
    tutorial_minutes: MaybeWhole | None = Field(default=None, description="Minutes of its own tutorial.")
    tutorial_is_optional: Flag = Field(default=False, description="Can the tutorial be skipped?")
    comes_after_blocks: Flag = Field(default=True, description="Does it come after all blocks of items?")
    note: Text | None = Field(default=None, description="What a reader should know.")


@dataclass(frozen=True, slots=True, kw_only=True, config=STRICT)
class Form(Dated):
    """One day of a step as it runs between two dates."""

    day: Whole = Field(default=1, ge=1, description="Which day of the step.")
    title: Text | None = Field(default=None, description="Name of the day or paper.")
    layout: tuple[BlockGroup, ...] = Field(description="Blocks in their order, see BlockGroup.")
    minutes: MaybeWhole | None = Field(default=None, description="The clock of the whole form, where blocks have none.")
    items_max: MaybeWhole | None = Field(
        default=None, description="Most items in total, where that is less than the blocks could hold."
    )
    items_typical: MaybeWhole | None = Field(default=None, description="Items of a usual form.")
    items_to_answer: MaybeWhole | None = Field(
        default=None, description="Most items that may be answered, where there is a choice."
    )
    items_scored: MaybeWhole | None = Field(default=None, description="Items that count.")
    items_pretest: MaybeWhole | None = Field(default=None, description="Items on trial that do not count.")
    break_minutes: MaybeWhole | None = Field(default=None, description="The pool of break time.")
    break_is_minimum: Flag = Field(default=False, description="Does unused time of blocks and tutorial enlarge the pool?")
    breaks: tuple[FixedBreak, ...] = Field(default=(), description="Breaks at one place, see FixedBreak.")
    tutorial_minutes: MaybeWhole | None = Field(default=None, description="Minutes of the tutorial.")
    tutorial_is_optional: Flag = Field(default=False, description="Can the tutorial be skipped?")
    session_minutes: MaybeWhole | None = Field(default=None, description="Minutes of the whole day as published.")
    session_is_approximate: Flag = Field(default=False, description="Is it published as approximate?")
    grace_s: MaybeWhole | None = Field(
        default=None, description="Seconds for answers given in time and received late, when proctored."
    )
    activities: tuple[Activity, ...] = Field(default=(), description="What there is beside items, see Activity.")

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks one by one."""
        groups = [group for group in self.layout for _ in range(group.blocks)]
        return tuple(
            Block(
                number=number,
                n_items_min=group.items_min,
                n_items_max=group.items_max,
                minutes=group.minutes,
                section=group.section,
                navigation=group.navigation,
                parts=group.parts,
            )
            for number, group in enumerate(groups, start=1)
        )

    @property
    def n_items(self) -> int | Unknown:
        """Most items in total."""
        if self.items_max is not None:
            return self.items_max
        return total([group.items_max for group in self.layout], [group.blocks for group in self.layout])

    @property
    def block_minutes(self) -> int | Unknown | None:
        """Minutes of all blocks together, by their own clocks or by the form's; None without either."""
        if self.minutes is not None:
            return self.minutes
        minutes = [group.minutes for group in self.layout if group.minutes is not None]
        if len(minutes) < len(self.layout) or not minutes:
            return None
        return total(minutes, [group.blocks for group in self.layout])


def total(values: list[int | Unknown], times: list[int] | None = None) -> int | Unknown:
    """The sum, each value taken so many times; unknown where one is unknown."""
    known = [value for value in values if value is not UNKNOWN]
    if len(known) < len(values):
        return UNKNOWN
    return sum(value * n for value, n in zip(known, times or [1] * len(known), strict=True))
