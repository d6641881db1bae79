"""The road as read: milestones whose names and expressions are proven, before anybody's record is put on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from bedside.expressions import Value
from bedside.pathway.requirement import Requirement
from bedside.pathway.rule import Rule
from bedside.pathway.timeline.entries import GivesEntry, MilestoneKind
from bedside.pathway.timeline.spans import Span
from bedside.pathway.vocabulary import Names, Say
from bedside.programme import Confidence, Source

if TYPE_CHECKING:
    from bedside.pathway.timeline.seasons import Calendar, Window

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a duration, a day or a price rests on."""

    sources: tuple[Source, ...]
    as_of: date
    confidence: Confidence
    note: str | None = None

    @property
    def source(self) -> str:
        """The sources in one line."""
        return "; ".join(f"{one.title} <{one.url}>" if one.url else one.title for one in self.sources)

    def as_dict(self) -> dict[str, Plain]:
        """The grounds as JSON."""
        return {
            "source": self.source,
            "as_of": self.as_of.isoformat(),
            "confidence": self.confidence.value,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Duration:
    """How long something takes; the ends are those that a source states, else the typical length."""

    least: Span
    typical: Span
    most: Span
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class Cost:
    """What is to be paid; `amount` None where no source states it."""

    what: str
    amount: int | None
    currency: str
    when: Requirement | None = field(repr=False, compare=False)
    grounds: Grounds


@dataclass(frozen=True, slots=True)
class After:
    """What must be over before, and how long before."""

    id: str
    gap: Span
    grounds: Grounds | None


@dataclass(frozen=True, slots=True)
class Milestone:
    """One thing on the road; see the entry of the same name for what each field says."""

    id: str
    title: str
    kind: MilestoneKind
    when: Requirement | None = field(repr=False, compare=False)
    choice: tuple[str, str] | None
    unless: tuple[str, str] | None
    visa: str | None
    after: tuple[After, ...]
    duration: Duration | None
    durations: Mapping[str, Duration]
    window: Window | None
    done_on: Callable[[Names], Value | None] | None = field(repr=False, compare=False)
    done: Requirement | None = field(repr=False, compare=False)
    done_if_met: tuple[Rule, ...] = field(repr=False, compare=False)
    gives: GivesEntry | None
    asks: str | None
    each_state: bool
    lasts_as_state_asks: bool
    runs_on: bool
    is_optional: bool
    needs_day: bool
    costs: tuple[Cost, ...]
    documents: tuple[str, ...]
    note: str | None

    def is_on(self, ways: Mapping[str, str | None]) -> bool:
        """Is it on the road where these ways are taken?"""
        is_there = self.choice is None or ways.get(self.choice[0]) == self.choice[1]
        return is_there and (self.unless is None or ways.get(self.unless[0]) != self.unless[1])

    @property
    def has_evidence(self) -> bool:
        """Does the record say whether it is done?"""
        of_gives = self.gives is not None and (self.gives.pass_ is not None or self.gives.training)
        return of_gives or self.done_on is not None or self.done is not None or bool(self.done_if_met)


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the road forks; the first way is taken where nothing is chosen."""

    name: str
    title: str
    when: Requirement | None = field(repr=False, compare=False)
    ways: tuple[tuple[str, str], ...]  # name and title


@dataclass(frozen=True, slots=True)
class Plan:
    """Every milestone on the road of a programme, whichever way is taken where it forks."""

    programme: str
    vocabulary: Mapping[str, Say] = field(repr=False, compare=False)
    calendars: Mapping[str, Calendar]
    choices: tuple[Choice, ...]
    milestones: tuple[Milestone, ...]
