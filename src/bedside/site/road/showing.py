"""What the page of the timeline shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.pathway.timeline import Following, Placed, ProblemKind, Timeline
from bedside.site.content import current_content
from bedside.site.pathway.queries import rules
from bedside.site.pathway.reasons import Telling
from bedside.site.road.costs import cost_rows, links_of, totals
from bedside.site.road.first_post import first_post
from bedside.site.road.picture import picture_of
from bedside.site.road.queries import Road, plan, posts
from bedside.site.road.words import bound_words, day_words, days_words, problem_words, slack_words


@dataclass(frozen=True, slots=True)
class Row:
    """A milestone in the table behind the picture."""

    id: str
    title: str
    start: date
    end: date
    latest: date | None
    slack: str
    bound: str
    is_critical: bool
    documents: str
    notes: tuple[str, ...]
    sources: tuple[tuple[str, str], ...]
    as_of: date | None


@dataclass(frozen=True, slots=True)
class SetDay:
    """A day that the person set."""

    id: str
    title: str
    day: date
    is_done: bool


def road_page(road: Road) -> dict[str, Any]:
    """Everything on the page but the forms' own values."""
    found = road.timeline
    titles = {one.id: one.title for one in found.milestones}
    left = sorted(
        (one for one in found.milestones if one.start is not None), key=lambda one: (one.start or date.max, one.title)
    )
    sums, by_year = totals(found)
    fields = Telling.of(rules(), current_content(), road.on).fields
    return {
        "on": road.on,
        "timeline": found,
        "next": _next(left, road.on),
        "summary": _summary(found),
        "picture": picture_of(found),
        "rows": [_row(one, titles) for one in left],
        "done": [one for one in found.milestones if one.is_done],
        "problems": [problem_words(one, fields) for one in found.problems if one.kind is not ProblemKind.NO_ROAD],
        "has_road": bool(found.milestones),
        "follows": list(_follows(road.follows)),
        "set_days": [SetDay(name, titles.get(name, name), day, day < road.on) for name, day in road.moved.items()],
        "movable": [one for one in left if not one.is_optional],
        "choices": list(_choices(road)),
        "costs": list(cost_rows(found)),
        "sums": sums,
        "by_year": by_year,
        "costs_unknown": found.costs_unknown,
        "post": first_post(posts(), road.record, rules()) if found.milestones else None,
    }


def _next(left: list[Placed], on: date) -> Placed | None:
    """What can be begun now and has least time; else what comes first."""
    now = [one for one in left if one.start is not None and one.start <= on and not one.is_optional and one.kind != "result"]
    return min(now or left, key=lambda one: (one.slack_days or 0, one.title), default=None)


def _summary(found: Timeline) -> str:
    if found.end is None:
        return _("Everything on your road is done.")
    licences = [one for one in found.milestones if one.kind == "licence" and one.end is not None]
    said = []
    residency = found.milestone("residency_start")
    if residency is not None and residency.start is not None:
        said.append(_("Residency from %(day)s.") % {"day": day_words(residency.start)})
    said += [_("%(title)s from %(day)s.") % {"title": one.title, "day": day_words(one.end)} for one in licences]
    said.append(_("All of it is over on %(day)s.") % {"day": day_words(found.end)})
    if found.end_if_slow is not None and found.end_if_quick is not None and found.end_if_slow != found.end_if_quick:
        values = {"quick": day_words(found.end_if_quick), "slow": day_words(found.end_if_slow)}
        said.append(_("With the shortest and longest times that sources state: between %(quick)s and %(slow)s.") % values)
    return " ".join(said)


def _row(one: Placed, titles: dict[str, str]) -> Row:
    assert one.start is not None
    assert one.end is not None
    grounds = one.grounds
    notes = [one.note, grounds.note if grounds is not None else None]
    return Row(
        id=one.id,
        title=one.title,
        start=one.start,
        end=one.end,
        latest=one.latest_start,
        slack=slack_words(one),
        bound=bound_words(one, titles),
        is_critical=one.is_critical,
        documents="; ".join(one.documents),
        notes=tuple(note for note in notes if note),
        sources=links_of(grounds) if grounds is not None else (),
        as_of=grounds.as_of if grounds is not None else None,
    )


def _choices(road: Road) -> Iterator[dict[str, Any]]:
    for one in plan().choices:
        if one.name in road.timeline.chosen:
            way = road.timeline.chosen[one.name]
            yield {"name": one.name, "title": one.title, "ways": [(name, title, name == way) for name, title in one.ways]}


def _follows(found: Following) -> Iterator[str]:
    """What follows from the days that were set, the weightiest first."""
    for season in found.seasons:
        years = ngettext("%(n)d year", "%(n)d years", abs(season.years)) % {"n": abs(season.years)}
        if season.years > 0:
            yield _("The %(before)s becomes the %(after)s: %(years)s later.") % {
                "before": season.before,
                "after": season.after,
                "years": years,
            }
    if found.end_days and found.end_after is not None:
        values = {"days": days_words(abs(found.end_days)), "day": day_words(found.end_after)}
        later, earlier = _("The end comes %(days)s later, on %(day)s."), _("The end comes %(days)s earlier, on %(day)s.")
        yield (later if found.end_days > 0 else earlier) % values
    elif found.shifts:
        yield _("The end stays where it was.")
    for currency, amount in found.costs.items():
        yield _("What is left costs %(amount)s more.") % {"amount": f"{amount:,} {currency}"}
    for shift in found.shifts:
        if shift.days is not None:
            values = {
                "title": shift.title,
                "before": day_words(shift.before),
                "after": day_words(shift.after),
                "days": days_words(abs(shift.days)),
            }
            later, earlier = (
                _("%(title)s: %(before)s becomes %(after)s, %(days)s later."),
                _("%(title)s: %(before)s becomes %(after)s, %(days)s earlier."),
            )
            yield (later if shift.days > 0 else earlier) % values
