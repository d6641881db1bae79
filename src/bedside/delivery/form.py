"""What one candidate is given: blocks of items under a clock. The form never holds a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from bedside.errors import UsageError


class Mode(StrEnum):
    """How a sitting is taken: with the explanation after each answer, against the clock, or as the exam itself."""

    TUTOR = "tutor"
    TIMED = "timed"
    EXAM = "exam"


@dataclass(frozen=True, slots=True)
class FormItem:
    """One item of a form, by id and version, with its options in the order shown."""

    id: str
    version: int
    kind: str
    options: tuple[str, ...]  # letters


@dataclass(frozen=True, slots=True)
class FormBlock:
    """Items that are worked on together. `limit_s` is None where no clock runs."""

    items: tuple[FormItem, ...]
    limit_s: int | None


@dataclass(frozen=True, slots=True)
class Form:
    """One sitting's blocks and clock.

    `break_s` and `tutorial_s` fill the break bank; `break_s` None means that breaks are unlimited and cost nothing, as in
    practice. `grace_s` is how long after a deadline an answer given in time may still arrive; None means without limit.
    `time_factor` multiplies every block's minutes (an accommodation: 1, 5/4, 3/2 or 2).
    """

    id: str
    mode: Mode
    blocks: tuple[FormBlock, ...]
    break_s: int | None = None
    tutorial_s: int = 0
    grace_s: int | None = None
    time_factor: Fraction = Fraction(1)
    _home: Mapping[str, int] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        home: dict[str, int] = {}
        for number, block in enumerate(self.blocks, start=1):
            for item in block.items:
                if item.id in home:
                    raise UsageError(f'form {self.id}: item "{item.id}" stands in it twice')
                home[item.id] = number
        object.__setattr__(self, "_home", home)

    def block_of(self, item_id: str) -> int | None:
        """The number (from 1) of the block that holds the item, or None."""
        return self._home.get(item_id)

    def item(self, item_id: str) -> FormItem:
        """The item by its id.

        Raises:
            KeyError: the form has no such item.
        """
        return next(item for item in self.blocks[self._home[item_id] - 1].items if item.id == item_id)

    def limit_ms(self, block: int) -> int | None:
        """Milliseconds of block `block` (from 1) with the candidate's time factor, or None without a clock."""
        limit_s = self.blocks[block - 1].limit_s
        return None if limit_s is None else int(limit_s * 1000 * self.time_factor)

    def as_dict(self) -> dict[str, Any]:
        """The form as JSON; `form_from_dict` reads it back."""
        return {
            "id": self.id,
            "mode": self.mode.value,
            "blocks": [
                {
                    "limit_s": block.limit_s,
                    "items": [
                        {"id": item.id, "version": item.version, "kind": item.kind, "options": list(item.options)}
                        for item in block.items
                    ],
                }
                for block in self.blocks
            ],
            "break_s": self.break_s,
            "tutorial_s": self.tutorial_s,
            "grace_s": self.grace_s,
            "time_factor": str(self.time_factor),
        }


def form_from_dict(data: Mapping[str, Any]) -> Form:
    """The form that `Form.as_dict` wrote."""
    return Form(
        id=data["id"],
        mode=Mode(data["mode"]),
        blocks=tuple(
            FormBlock(
                items=tuple(
                    FormItem(item["id"], item["version"], item["kind"], tuple(item["options"])) for item in block["items"]
                ),
                limit_s=block["limit_s"],
            )
            for block in data["blocks"]
        ),
        break_s=data["break_s"],
        tutorial_s=data["tutorial_s"],
        grace_s=data["grace_s"],
        time_factor=Fraction(data["time_factor"]),
    )
