"""What follows from a move: two roads of the same person, and what differs between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bedside.pathway.timeline.plan import Plain
from bedside.pathway.timeline.road import Timeline


@dataclass(frozen=True, slots=True)
class Shift:
    """A milestone that stands elsewhere; a day None: it is not on the road, or done."""

    id: str
    title: str
    before: date | None
    after: date | None

    @property
    def days(self) -> int | None:
        """So many days later; below zero: earlier."""
        return (self.after - self.before).days if self.before is not None and self.after is not None else None


@dataclass(frozen=True, slots=True)
class SeasonShift:
    """A season that is another one now."""

    calendar: str
    before: str
    after: str
    years: int


@dataclass(frozen=True, slots=True)
class Following:
    """What differs. `costs` is how much more all that is left costs, by currency."""

    shifts: tuple[Shift, ...]
    seasons: tuple[SeasonShift, ...]
    end_before: date | None
    end_after: date | None
    costs: Mapping[str, int]

    @property
    def end_days(self) -> int | None:
        """By how many days the end comes later."""
        if self.end_before is None or self.end_after is None:
            return None
        return (self.end_after - self.end_before).days

    def as_dict(self) -> dict[str, Plain]:
        """What follows as JSON."""
        return {
            "shifts": [
                {
                    "id": one.id,
                    "before": one.before.isoformat() if one.before else None,
                    "after": one.after.isoformat() if one.after else None,
                    "days": one.days,
                }
                for one in self.shifts
            ],
            "seasons": [{"before": one.before, "after": one.after, "years": one.years} for one in self.seasons],
            "end_days": self.end_days,
            "costs": dict(self.costs),
        }


def following(before: Timeline, after: Timeline) -> Following:
    """What follows where the road of before has become that of after."""
    was = {one.id: one for one in before.milestones}
    now = {one.id: one for one in after.milestones}
    shifts = []
    for name in dict.fromkeys([*now, *was]):
        old, new = was.get(name), now.get(name)
        days = (old.start if old else None, new.start if new else None)
        if days[0] != days[1]:
            one = new or old
            assert one is not None
            shifts.append(Shift(name, one.title, *days))
    currencies = sorted({*before.costs, *after.costs})
    more = {name: after.costs.get(name, 0) - before.costs.get(name, 0) for name in currencies}
    return Following(
        tuple(shifts),
        tuple(_seasons(before, after)),
        before.end,
        after.end,
        {name: amount for name, amount in more.items() if amount},
    )


def _seasons(before: Timeline, after: Timeline) -> list[SeasonShift]:
    found: dict[str, SeasonShift] = {}
    was = {one.id: one.season for one in before.milestones if one.season is not None and one.season.is_shared}
    for one in after.milestones:
        old, new = was.get(one.id), one.season
        if old is not None and new is not None and old.number != new.number and old.calendar not in found:
            found[old.calendar] = SeasonShift(old.calendar, old.title, new.title, new.number - old.number)
    return list(found.values())
