"""The rules that the register asks, and how long a registration holds, both from the content as it is now."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bedside.errors import ConflictError, NotFoundError
from bedside.pathway import Pathway
from bedside.site.content import current_content
from bedside.site.pathway.queries import pathways

WINDOW = ".window"  # ends the id of the rule whose `months` says how long a registration holds
MOST_EXTENSIONS = 1  # where a programme states its window: "one adjoining extension" (usmle, elig.window)


class NoRulesError(ConflictError):
    """The rules about a programme do not load, so that nobody can be told to be eligible."""


@dataclass(frozen=True, slots=True)
class Window:
    """How many months a registration of a programme holds, and whose word that is."""

    months: int
    text: str
    source: str
    as_of: date

    def last_day(self, first: date) -> date:
        """The last day of a period that begins on `first`: the day before the same day of the month, so many months on."""
        month = first.month - 1 + self.months
        year, month = first.year + month // 12, month % 12 + 1
        end = date(year, month, min(first.day, calendar.monthrange(year, month)[1]))
        return end - timedelta(days=1)


def all_rules() -> list[Pathway]:
    """The rules about every programme of which there are some.

    Raises:
        NoRulesError: they have an error, without which no answer is safe.
    """
    try:
        found = pathways()
        return [found.get(name) for name in found.by_programme]
    except (NotFoundError, OSError) as error:
        raise NoRulesError(f"the rules do not load: {error}") from error


def step_rules(programme: str) -> Pathway:
    """The rules about the steps of a programme; those about certificates, states and visas are left out.

    Raises:
        NoRulesError: there are none, or they have an error, without which no answer is safe.
    """
    try:
        found = pathways().get(programme)
    except (NotFoundError, OSError) as error:
        raise NoRulesError(f"the rules do not load, and without them nobody is admitted: {error}") from error
    return replace(found, rules=tuple(rule for rule in found.rules if rule.about == "step"), places=(), deadlines=())


def window_of(programme: str, on: date) -> Window | None:
    """How long a registration holds by the programme's own rules on that day; None where no source says."""
    content = current_content()
    known = content.programmes.get(programme)
    if known is None:
        return None
    for rule in known.on(on).eligibility:
        months = rule.values.get("months")
        if rule.id.endswith(WINDOW) and isinstance(months, int):
            sources = "; ".join(f"{one.title} <{one.url}>" if one.url else one.title for one in rule.sources)
            return Window(months, str(rule.text), sources, rule.as_of)
    return None


def steps_of(programme: str) -> Mapping[str, str]:
    """The steps of a programme with their titles.

    Raises:
        NotFoundError: there is no such programme.
    """
    return {step.name: step.title for step in current_content().programme(programme).steps}
