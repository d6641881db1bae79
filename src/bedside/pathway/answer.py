"""What the pathway answers: for each step, certificate, state and visa a status, with every reason, its source and age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

Plain = None | bool | int | float | str | Sequence["Plain"] | dict[str, "Plain"]


class StepStatus(StrEnum):
    """How someone stands with a step."""

    PASSED = "passed"
    ELIGIBLE = "eligible"
    NOT_YET = "not_yet"
    NEVER = "never"


class NeedStatus(StrEnum):
    """How someone stands with a certificate or visa."""

    HELD = "held"
    READY = "ready"  # nothing that is known is missing
    MISSING = "missing"


class StateStatus(StrEnum):
    """How a state stands open, best first."""

    OPEN = "open"
    CONDITIONAL = "conditional"  # something is still to be done
    LIKELY_OPEN = "likely_open"
    LIKELY_CLOSED = "likely_closed"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A rule that is not met, or of which it is not known whether it is; or one that only informs.

    `is_certain` is False where the fact is low in confidence or was checked more than a year before the day asked about.
    `missing` is what the record, or the rule, does not say; empty where the rule is not met.
    """

    rule: str
    text: str
    source: str
    as_of: date
    confidence: str
    is_certain: bool
    is_met: bool | None
    missing: tuple[str, ...]
    note: str | None

    def as_dict(self) -> dict[str, Plain]:
        """The reason as JSON."""
        return {
            "rule": self.rule,
            "text": self.text,
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "confidence": self.confidence,
            "certain": self.is_certain,
            "says": {True: "met", False: "not_met", None: "unknown"}[self.is_met],
            "missing": list(self.missing),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAnswer:
    """A step on the day. `earliest` is the first later day of eligibility, `until` the last day of the present one."""

    step: str
    status: StepStatus
    is_certain: bool
    earliest: date | None
    until: date | None
    attempts_used: int
    attempts_left: int | None
    reasons: tuple[Reason, ...]
    information: tuple[Reason, ...]

    def as_dict(self) -> dict[str, Plain]:
        """The answer as JSON."""
        return {
            "step": self.step,
            "status": self.status.value,
            "certain": self.is_certain,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "until": self.until.isoformat() if self.until else None,
            "attempts_used": self.attempts_used,
            "attempts_left": self.attempts_left,
            "reasons": [one.as_dict() for one in self.reasons],
            "information": [one.as_dict() for one in self.information],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAnswer:
    """A certificate or visa on the day. `earliest` is the first later day on which nothing known is missing."""

    name: str
    status: NeedStatus
    earliest: date | None
    needs: tuple[Reason, ...]
    information: tuple[Reason, ...]

    def as_dict(self) -> dict[str, Plain]:
        """The answer as JSON."""
        return {
            "name": self.name,
            "status": self.status.value,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "needs": [one.as_dict() for one in self.needs],
            "information": [one.as_dict() for one in self.information],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class StateAnswer:
    """A state on the day. `as_of` is the day of its oldest fact, `unknown` the rules whose fact or record is not known."""

    state: str
    name: str
    status: StateStatus
    is_aimed_at: bool
    as_of: date | None
    ask: str
    earliest: date | None
    reasons: tuple[Reason, ...]
    information: tuple[Reason, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Rules that say neither yes nor no."""
        return tuple(one.rule for one in self.reasons if one.is_met is None)

    def as_dict(self) -> dict[str, Plain]:
        """The answer as JSON."""
        return {
            "state": self.state,
            "name": self.name,
            "status": self.status.value,
            "goal": self.is_aimed_at,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "ask": self.ask,
            "earliest": self.earliest.isoformat() if self.earliest else None,
            "unknown": list(self.unknown),
            "reasons": [one.as_dict() for one in self.reasons],
            "information": [one.as_dict() for one in self.information],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day by which something must be done."""

    id: str
    day: date
    what: str
    source: str
    as_of: date
    is_certain: bool

    def as_dict(self) -> dict[str, Plain]:
        """The day as JSON."""
        return {
            "id": self.id,
            "date": self.day.isoformat(),
            "what": self.what,
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "certain": self.is_certain,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything that is known of a record on a day."""

    on: date
    programme: str
    steps: tuple[StepAnswer, ...]
    certificates: tuple[NeedAnswer, ...]
    states: tuple[StateAnswer, ...]
    visas: tuple[NeedAnswer, ...]
    deadlines: tuple[Due, ...]

    def as_dict(self) -> dict[str, Plain]:
        """The answer as the JSON object that `bedside pathway check --json` prints."""
        return {
            "on": self.on.isoformat(),
            "programme": self.programme,
            "steps": [one.as_dict() for one in self.steps],
            "certificates": [one.as_dict() for one in self.certificates],
            "states": [one.as_dict() for one in self.states],
            "visas": [one.as_dict() for one in self.visas],
            "deadlines": [one.as_dict() for one in self.deadlines],
        }
