"""A person's road: where each milestone stands, how late it may be, what it costs, and what is wrong with what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bedside.pathway.timeline.asking import Said
from bedside.pathway.timeline.passes import Bound
from bedside.pathway.timeline.plan import Grounds, Plain


class ProblemKind(StrEnum):
    """What a person should know of a milestone."""

    TOO_EARLY = "too_early"  # the day asked for can't be
    SEASON_MISSED = "season_missed"  # it is ready after a season closed, and waits for the next
    DENIED = "denied"  # rules of the pathway allow it on no day
    NOT_KNOWN = "not_known"  # the record, or a rule, does not say
    NO_DAY = "no_day"  # the day hangs on something that only the person knows, and it was not said
    NO_ROAD = "no_road"  # no road is written for this person
    AGAIN = "again"  # it was done for a season that is lost, and is to be done again
    NO_STATE = "no_state"  # no state is named, so how long training must be is not known
    NO_SUCH = "no_such"  # a move names what is not on the road


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something to know. `asked` is a day that can't be, `closed` the last day of the season before that of `stands`."""

    kind: ProblemKind
    milestone: str
    title: str = ""
    asked: date | None = None
    stands: date | None = None
    closed: date | None = None
    season: str = ""  # the season waited for
    missed: str = ""  # the season missed
    because: str = ""  # a title, or the texts of rules
    said: tuple[Said, ...] = ()

    @property
    def days(self) -> int:
        """Days that were lost."""
        since = self.asked or self.closed
        return (self.stands - since).days if self.stands is not None and since is not None else 0

    def as_dict(self) -> dict[str, Plain]:
        """The problem as JSON."""
        return {
            "kind": self.kind.value,
            "milestone": self.milestone,
            "title": self.title,
            "asked": _iso(self.asked),
            "stands": _iso(self.stands),
            "closed": _iso(self.closed),
            "season": self.season,
            "missed": self.missed,
            "because": self.because,
            "rules": [{"rule": one.rule, "text": one.text, "missing": list(one.missing)} for one in self.said],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """What a milestone costs; `amount` None where no source states it."""

    what: str
    amount: int | None
    currency: str
    grounds: Grounds


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonOf:
    """The season in which a milestone stands, and its days there. Projected: nobody has published them yet."""

    calendar: str
    number: int
    title: str
    opens: date
    closes: date
    is_shared: bool  # everything of it falls into one season
    is_projected: bool
    grounds: Grounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A milestone on the road of a person.

    `ready` is the day from which nothing on the road holds it, `start` and `end` the earliest days, `latest_start` and
    `latest_end` those that leave the end of the road where it is. They are None for what is done; `done_on` where it is known.
    """

    id: str
    title: str
    kind: str
    state: str | None
    is_done: bool
    done_on: date | None
    ready: date | None
    start: date | None
    end: date | None
    latest_start: date | None
    latest_end: date | None
    slack_days: int | None
    is_critical: bool
    is_optional: bool
    bound: Bound | None
    bound_of: str
    asked: date | None  # the day asked for by a move
    can_be_done: bool  # may a day before today be given, as the day on which it was done?
    season: SeasonOf | None
    after: tuple[str, ...]
    said: tuple[Said, ...]
    costs: tuple[CostLine, ...]
    documents: tuple[str, ...]
    grounds: Grounds | None  # of how long it takes
    note: str | None

    def as_dict(self) -> dict[str, Plain]:
        """The milestone as JSON."""
        return {
            "id": self.id,
            "title": self.title,
            "kind": self.kind,
            "state": self.state,
            "done": self.is_done,
            "done_on": _iso(self.done_on),
            "ready": _iso(self.ready),
            "start": _iso(self.start),
            "end": _iso(self.end),
            "latest_start": _iso(self.latest_start),
            "latest_end": _iso(self.latest_end),
            "slack_days": self.slack_days,
            "critical": self.is_critical,
            "optional": self.is_optional,
            "held_by": self.bound.value if self.bound is not None else None,
            "held_by_what": self.bound_of,
            "asked": _iso(self.asked),
            "season": None
            if self.season is None
            else {
                "title": self.season.title,
                "opens": _iso(self.season.opens),
                "closes": _iso(self.season.closes),
                "projected": self.season.is_projected,
                **self.season.grounds.as_dict(),
            },
            "after": list(self.after),
            "rules": [{"rule": one.rule, "text": one.text, "against": one.is_known} for one in self.said],
            "costs": [
                {"what": one.what, "amount": one.amount, "currency": one.currency, **one.grounds.as_dict()}
                for one in self.costs
            ],
            "documents": list(self.documents),
            "duration": self.grounds.as_dict() if self.grounds is not None else None,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A road on a day. `end` is the earliest day on which all of it is over, None where nothing is left.

    `end_if_quick` and `end_if_slow` take the shortest and the longest that sources state, instead of the typical.
    `costs` are of what is not done yet, by currency; `costs_by_year` by year and currency, in the year of its start.
    """

    on: date
    programme: str
    milestones: tuple[Placed, ...]
    problems: tuple[Problem, ...]
    chosen: Mapping[str, str]
    end: date | None
    end_if_quick: date | None
    end_if_slow: date | None
    costs: Mapping[str, int]
    costs_by_year: Mapping[tuple[int, str], int]
    costs_unknown: tuple[str, ...]

    @property
    def critical_path(self) -> tuple[str, ...]:
        """The milestones whose delay by a day moves the end, in order."""
        return tuple(one.id for one in self.milestones if one.is_critical)

    def milestone(self, name: str) -> Placed | None:
        """The milestone of that id."""
        return next((one for one in self.milestones if one.id == name), None)

    def as_dict(self) -> dict[str, Plain]:
        """The road as the JSON object that `bedside pathway timeline --json` prints."""
        return {
            "on": self.on.isoformat(),
            "programme": self.programme,
            "end": _iso(self.end),
            "end_if_quick": _iso(self.end_if_quick),
            "end_if_slow": _iso(self.end_if_slow),
            "chosen": dict(self.chosen),
            "critical_path": list(self.critical_path),
            "milestones": [one.as_dict() for one in self.milestones],
            "problems": [one.as_dict() for one in self.problems],
            "costs": dict(self.costs),
            "costs_by_year": [
                {"year": year, "currency": currency, "amount": amount}
                for (year, currency), amount in self.costs_by_year.items()
            ],
            "costs_unknown": list(self.costs_unknown),
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
