"""What happens in a run, as frozen values in the order in which it happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bedside.cases.normal_reports import Report

EndReason = Literal["died", "met", "time", "candidate"]
NoteSource = Literal["state", "alert", "orders"]


@dataclass(frozen=True, slots=True)
class Placed:
    """An order was accepted. `number` tells orders of one id apart; `due_s` is when its report will be there, if any."""

    at_s: int
    number: int
    order: str
    due_s: int | None


@dataclass(frozen=True, slots=True)
class Started:
    """A treatment began."""

    at_s: int
    number: int
    order: str


@dataclass(frozen=True, slots=True)
class Collected:
    """What a test looks at was taken: its finding is that of this instant."""

    at_s: int
    number: int
    order: str


@dataclass(frozen=True, slots=True)
class Resulted:
    """A report is there."""

    at_s: int
    number: int
    order: str
    report: Report


@dataclass(frozen=True, slots=True)
class Stopped:
    """A treatment or an order that had not begun was ended."""

    at_s: int
    number: int
    order: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A command had no effect, and why."""

    at_s: int
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Words that the candidate hears at once, and that cut an advance short."""

    at_s: int
    text: str
    source: NoteSource


@dataclass(frozen=True, slots=True)
class Moved:
    """The patient arrived."""

    at_s: int
    to: str


@dataclass(frozen=True, slots=True)
class Examined:
    """The finding of an examination, or of asking the patient again (`part` is then `history`), as of `collected_s`."""

    at_s: int
    part: str
    report: Report
    collected_s: int


@dataclass(frozen=True, slots=True)
class EventReached:
    """An event's guard was true for the first time. The candidate is not told."""

    at_s: int
    event: str


@dataclass(frozen=True, slots=True)
class StateEntered:
    """A region went to another state. The candidate is not told."""

    at_s: int
    region: str
    state: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The case is over; nothing changes from here on."""

    at_s: int
    reason: EndReason
    diagnosis: str | None = None


Emitted = (
    Placed | Started | Collected | Resulted | Stopped | Refused | Note | Moved | Examined | EventReached | StateEntered | Ended
)
