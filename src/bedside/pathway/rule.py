"""A rule, compiled: whether it is in force, how far it is to be trusted, and what it says at a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bedside.expressions import Value
from bedside.pathway.days import MONTHS_OF_A_YEAR, months_after
from bedside.pathway.entries import About, Limit, LimitIs, WhenNotMet
from bedside.pathway.moment import Moment, NotKnown
from bedside.pathway.requirement import Requirement, Truth
from bedside.pathway.vocabulary import Names, Say
from bedside.programme import Confidence, Source

THE_FACT = "the fact itself"  # the source does not say, whatever the record does
FRESH_YEARS = 1  # a fact checked longer ago still speaks, and closes nothing alone


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a rule rests on, and when it is in force."""

    sources: tuple[Source, ...]
    as_of: date
    confidence: Confidence
    valid_from: date | None
    valid_to: date | None
    is_dated: bool = True  # False: the day of its coming or going is not known, and it is never asserted to be in force

    def is_in_force(self, moment: Moment) -> bool:
        """Is it known to be in force that day?"""
        begun = self.valid_from is None or moment.since(self.valid_from.toordinal())
        ended = self.valid_to is not None and moment.since(self.valid_to.toordinal() + 1)
        return self.is_dated and begun and not ended

    def is_weak(self, on: date) -> bool:
        """Is it low in confidence, or was it checked more than a year before that day?"""
        old = on.toordinal() > months_after(self.as_of.toordinal(), FRESH_YEARS * MONTHS_OF_A_YEAR)
        return old or self.confidence is Confidence.LOW

    @property
    def source(self) -> str:
        """The sources in one line."""
        return "; ".join(f"{one.title} <{one.url}>" if one.url else one.title for one in self.sources)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule about one kind of thing; of a rule with rows there is one for each place.

    `of` is None where it is about all of its kind. `limit` is that of the place. `written` is what it asks for as it is
    written: by it two readings of a rule are told apart.
    """

    id: str
    about: About
    of: tuple[str, ...] | None
    when_not_met: WhenNotMet
    text: str
    grounds: Grounds
    vocabulary: Mapping[str, Say] = field(repr=False, compare=False)
    requires: Requirement | None = field(repr=False, compare=False)
    values: Mapping[str, Value]
    limit: Limit | None
    limit_is: LimitIs | None
    note: str | None
    written: str = field(default="", repr=False)

    def speaks_of(self, about: About, name: str) -> bool:
        """Is it about this one?"""
        return self.about is about and (self.of is None or name in self.of)

    def ask(self, moment: Moment) -> Truth:
        """Is what it asks for met at the moment? Whether it is in force is not its question.

        Raises:
            ExpressionError: a requirement that can't be computed; the examples beside it should have shown that.
        """
        if self.requires is None or (self.limit is not None and self.limit.is_none):
            return True
        if self.limit is None:
            return self.requires(Names(self.vocabulary, moment, self.values))
        return _between(self._at_limit(moment, self.requires), self.limit, self.limit_is)

    def _at_limit(self, moment: Moment, requires: Requirement) -> Callable[[int | float | None], Truth]:
        return lambda limit: requires(self._names_at(moment, limit))

    def _names_at(self, moment: Moment, limit: int | float | None) -> Names:
        def known(_: Moment) -> int | float:
            if limit is None:
                raise NotKnown(THE_FACT)
            return limit

        own: dict[str, Say] = {
            "limit": known,
            "training_reached_on": lambda m: m.training_on(round(known(m) * MONTHS_OF_A_YEAR)),
        }
        return Names(self.vocabulary, moment, self.values, own)


def _between(at: Callable[[int | float | None], Truth], limit: Limit, limit_is: LimitIs | None) -> Truth:
    """Met if it is met at the end that is hardest to meet, not met if it is not at the easiest; else not known.

    An end that no source states is not known, and what hangs on it neither.
    """
    hardest, easiest = (limit.min, limit.max) if limit_is is LimitIs.AT_MOST else (limit.max, limit.min)
    if at(hardest) is True:
        return True
    return False if at(easiest) is False else None


@dataclass(frozen=True, slots=True)
class Deadline:
    """A day by which something must be done."""

    id: str
    what: str
    grounds: Grounds
    vocabulary: Mapping[str, Say] = field(repr=False, compare=False)
    day: Callable[[Names], Value | None] = field(repr=False, compare=False)
    when: Requirement | None = field(repr=False, compare=False)
    values: Mapping[str, Value]
    written: str = field(default="", repr=False)

    def on(self, moment: Moment) -> int | None:
        """The day; None where it does not matter to the person, or can't be known."""
        names = Names(self.vocabulary, moment, self.values)
        if not self.grounds.is_in_force(moment) or (self.when is not None and self.when(names) is not True):
            return None
        day = self.day(names)
        return None if day is None or isinstance(day, str) else int(day)


@dataclass(frozen=True, slots=True)
class ResultTime:
    """How many days after the test a result comes at the latest, by the programme's own words, and what that rests on."""

    latest_days: int
    grounds: Grounds
