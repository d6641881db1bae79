"""What happens in a patient case of a sitting, as frozen data. See `events.py`, of which these are a part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field, StringConstraints

from bedside.delivery.event_parts import MAX_CASE_COMMANDS, MAX_ITEM_MS, CaseId, CommandFields, Hex, StrictBody


@dataclass(frozen=True, slots=True)
class CaseCommanded(StrictBody):
    """The candidate did something in the patient case of the open block: command `n` of the case, from 1 without a gap. What
    `command` means only the case knows; `typed` is what was typed to find it, and `real_ms` the time since the block was
    opened, as the page measured it."""

    case: CaseId
    n: Annotated[int, Field(ge=1, le=MAX_CASE_COMMANDS)]
    command: CommandFields
    typed: Annotated[str, StringConstraints(max_length=200)] = ""
    real_ms: Annotated[int, Field(ge=0, le=MAX_ITEM_MS)] = 0


@dataclass(frozen=True, slots=True)
class CaseClosing(StrictBody):
    """The candidate went to the final orders of a case before its time; what is left of that time is gone."""

    case: CaseId


@dataclass(frozen=True, slots=True)
class CaseEnded(StrictBody):
    """The server saw the patient's course to be over, by the commands whose digest is `after`; it ends the block."""

    case: CaseId
    after: Hex
