"""What a candidate can do. A command acts at the run's present time; advances, examinations and moves take time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Urgency = Literal["stat", "routine"]
Mode = Literal["once", "continuous"]
Dose = Literal["low", "usual", "high"]


@dataclass(frozen=True, slots=True)
class Order:
    """Order something, now or in `in_s` seconds.

    `mode` None means the usual one: see `treatment`. `dose` counts only in cases that have doses.
    """

    order: str
    urgency: Urgency = "routine"
    mode: Mode | None = None
    dose: Dose = "usual"
    in_s: int = 0


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop every order of that id that runs or has not begun."""

    order: str


@dataclass(frozen=True, slots=True)
class Move:
    """Take the patient to another place."""

    to: str


@dataclass(frozen=True, slots=True)
class Examine:
    """Examine one part: `general`, `abdomen`."""

    part: str


@dataclass(frozen=True, slots=True)
class History:
    """Ask the patient again."""


@dataclass(frozen=True, slots=True)
class Advance:
    """Let time pass; a note cuts it short."""

    seconds: int


@dataclass(frozen=True, slots=True)
class AdvanceToResult:
    """Let time pass until the next report is there; a note cuts it short."""


@dataclass(frozen=True, slots=True)
class AdvanceUntilCalled:
    """Let time pass until there is a note or a report, or to the end."""


@dataclass(frozen=True, slots=True)
class End:
    """Say that the case is over, and what the patient has."""

    diagnosis: str | None = None


Command = Order | Cancel | Move | Examine | History | Advance | AdvanceToResult | AdvanceUntilCalled | End
