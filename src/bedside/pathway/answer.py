"""What the pathway answers: for each step, certificate, state and visa a status, with every reason, its source and age."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from bedside.errors import UsageError

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
    NOT_NEEDED = "not_needed"


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

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """The reason that `as_dict` told."""
        return cls(
            rule=told["rule"],
            text=told["text"],
            source=told["source"],
            as_of=date.fromisoformat(told["as_of"]),
            confidence=told["confidence"],
            is_certain=told["certain"],
            is_met={"met": True, "not_met": False, "unknown": None}[told["says"]],
            missing=tuple(told["missing"]),
            note=told["note"],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepAnswer:
    """A step on the day. `earliest` is the first later day of eligibility, `until` the last day of the present one.

    `closes` is the first later day on which it can never be taken any more, with the record as it is. `if_planned` is the
    first day if every sitting of `goals.sit` is passed and its result comes as late as the programme lets it; None where
    that changes nothing.
    """

    step: str
    title: str
    status: StepStatus
    is_certain: bool
    earliest: date | None
    until: date | None
    closes: date | None
    if_planned: date | None
    attempts_used: int
    attempts_left: int | None
    reasons: tuple[Reason, ...]
    information: tuple[Reason, ...]

    def as_dict(self) -> dict[str, Plain]:
        """The answer as JSON."""
        return {
            "step": self.step,
            "title": self.title,
            "status": self.status.value,
            "certain": self.is_certain,
            "earliest": _text(self.earliest),
            "until": _text(self.until),
            "closes": _text(self.closes),
            "if_planned": _text(self.if_planned),
            "attempts_used": self.attempts_used,
            "attempts_left": self.attempts_left,
            "reasons": [one.as_dict() for one in self.reasons],
            "information": [one.as_dict() for one in self.information],
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """The answer that `as_dict` told."""
        return cls(
            step=told["step"],
            title=told["title"],
            status=StepStatus(told["status"]),
            is_certain=told["certain"],
            earliest=_day(told["earliest"]),
            until=_day(told["until"]),
            closes=_day(told["closes"]),
            if_planned=_day(told["if_planned"]),
            attempts_used=told["attempts_used"],
            attempts_left=told["attempts_left"],
            reasons=_reasons(told["reasons"]),
            information=_reasons(told["information"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedAnswer:
    """A certificate or visa on the day. `earliest` is the first later day on which nothing known is missing.

    `expired_on` is the last day of the newest one that the record has, where that lies before the day asked about.
    """

    name: str
    title: str
    status: NeedStatus
    earliest: date | None
    needs: tuple[Reason, ...]
    information: tuple[Reason, ...]
    expired_on: date | None = None

    def as_dict(self) -> dict[str, Plain]:
        """The answer as JSON."""
        return {
            "name": self.name,
            "title": self.title,
            "status": self.status.value,
            "earliest": _text(self.earliest),
            "needs": [one.as_dict() for one in self.needs],
            "information": [one.as_dict() for one in self.information],
            "expired_on": _text(self.expired_on),
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """The answer that `as_dict` told."""
        return cls(
            name=told["name"],
            title=told["title"],
            status=NeedStatus(told["status"]),
            earliest=_day(told["earliest"]),
            needs=_reasons(told["needs"]),
            information=_reasons(told["information"]),
            expired_on=_day(told.get("expired_on")),  # answers that were stored before it was told lack it
        )


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
            "as_of": _text(self.as_of),
            "ask": self.ask,
            "earliest": _text(self.earliest),
            "unknown": list(self.unknown),
            "reasons": [one.as_dict() for one in self.reasons],
            "information": [one.as_dict() for one in self.information],
        }

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """The answer that `as_dict` told."""
        return cls(
            state=told["state"],
            name=told["name"],
            status=StateStatus(told["status"]),
            is_aimed_at=told["goal"],
            as_of=_day(told["as_of"]),
            ask=told["ask"],
            earliest=_day(told["earliest"]),
            reasons=_reasons(told["reasons"]),
            information=_reasons(told["information"]),
        )


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

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """The day that `as_dict` told."""
        return cls(
            id=told["id"],
            day=date.fromisoformat(told["date"]),
            what=told["what"],
            source=told["source"],
            as_of=date.fromisoformat(told["as_of"]),
            is_certain=told["certain"],
        )


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

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Self:
        """The answer that `as_dict` told, as it was stored.

        Raises:
            UsageError: it is not such an answer, or that of a version that told other things.
        """
        try:
            return cls(
                on=date.fromisoformat(told["on"]),
                programme=told["programme"],
                steps=tuple(StepAnswer.from_dict(one) for one in told["steps"]),
                certificates=tuple(NeedAnswer.from_dict(one) for one in told["certificates"]),
                states=tuple(StateAnswer.from_dict(one) for one in told["states"]),
                visas=tuple(NeedAnswer.from_dict(one) for one in told["visas"]),
                deadlines=tuple(Due.from_dict(one) for one in told["deadlines"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise UsageError(f"this is no stored answer of this version: {type(error).__name__} {error}") from None


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _reasons(told: Sequence[Mapping[str, Any]]) -> tuple[Reason, ...]:
    return tuple(Reason.from_dict(one) for one in told)
