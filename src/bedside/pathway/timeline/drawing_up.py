"""The road of a record on a day: what is done, what is next, how long there is for it, and when all of it is over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from bedside.errors import UsageError
from bedside.pathway.folder import Pathway
from bedside.pathway.record import Record
from bedside.pathway.timeline.nodes import Node, Person, nodes_of
from bedside.pathway.timeline.passes import Bound, Length, Spot, backward, critical, forward
from bedside.pathway.timeline.plan import Grounds, Plan
from bedside.pathway.timeline.road import CostLine, Placed, Problem, ProblemKind, SeasonOf, Timeline
from bedside.pathway.timeline.spans import Span

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2100, 12, 31)


def timeline(
    pathway: Pathway,
    plan: Plan,
    record: Record,
    on: date,
    moved: Mapping[str, date] | None = None,
    *,
    chosen: Mapping[str, str] | None = None,
) -> Timeline:
    """The road of this person from the day on.

    `moved` has days that were asked for, by milestone: it does not begin before that day, nor before it can. A day before `on`
    says that it was done then, where the record can't say so. `chosen` has ways by choice; the first way else.

    Raises:
        UsageError: the day lies outside the years for which a road is made.
        ExpressionError: a rule can't be computed for this record.
    """
    if not FIRST_DAY <= on <= LAST_DAY:
        raise UsageError(f"a road is made for days from {FIRST_DAY} to {LAST_DAY}, not for {on}")
    person = Person(pathway, plan, record, on, moved or {}, chosen or {})
    nodes = nodes_of(person)
    spots = forward(person, nodes, _typical)
    end = backward(spots, nodes)
    on_path = critical(spots, end) if end is not None else frozenset()
    placed = tuple(_placed(person, node, spots.get(node.id), on_path) for node in nodes)
    costs, by_year = _totals(placed)
    return Timeline(
        on=on,
        programme=plan.programme,
        milestones=placed,
        problems=tuple(_problems(person, nodes, spots)),
        chosen={one.name: way for one in plan.choices if (way := person.way(one.name)) is not None},
        end=end,
        end_if_quick=_end(person, _least),
        end_if_slow=_end(person, _most),
        costs=costs,
        costs_by_year=by_year,
        costs_unknown=tuple(
            f"{one.title}: {cost.what}" for one in placed if not one.is_done for cost in one.costs if cost.amount is None
        ),
    )


def _typical(node: Node) -> Span:
    return node.typical


def _least(node: Node) -> Span:
    return node.least


def _most(node: Node) -> Span:
    return node.most


def _end(person: Person, length: Length) -> date | None:
    spots = forward(person, nodes_of(person), length)
    return max((spot.end for spot in spots.values() if not spot.node.milestone.is_optional), default=None)


def _placed(person: Person, node: Node, spot: Spot | None, on_path: frozenset[str]) -> Placed:
    milestone = node.milestone
    duration = person.duration(milestone)
    costs = tuple(CostLine(what=one.what, amount=one.amount, currency=one.currency, grounds=one.grounds) for one in node.costs)
    slack = (spot.latest_start - spot.start).days if spot is not None and spot.latest_start is not None else None
    return Placed(
        id=node.id,
        title=node.title,
        kind=milestone.kind.value,
        state=node.state,
        is_done=spot is None,
        done_on=node.done_on if spot is None else None,
        ready=spot.ready if spot else None,
        start=spot.start if spot else None,
        end=spot.end if spot else None,
        latest_start=spot.latest_start if spot else None,
        latest_end=spot.latest_end if spot else None,
        slack_days=slack,
        is_critical=node.id in on_path,
        is_optional=milestone.is_optional,
        bound=spot.bound if spot else None,
        bound_of=spot.bound_of if spot else "",
        asked=person.moved.get(node.id),
        can_be_done=not milestone.has_evidence,
        season=_season(spot) if spot else None,
        after=tuple(name for name, _ in node.after),
        said=spot.said if spot else (),
        costs=costs,
        documents=milestone.documents,
        grounds=duration.grounds if duration is not None else None,
        note=milestone.note,
    )


def _season(spot: Spot) -> SeasonOf | None:
    window = spot.node.milestone.window
    if window is None or spot.season is None:
        return None
    opens, closes = (window.calendar.day(name, spot.season) for name in (window.opens, window.closes))
    grounds: Grounds = closes.grounds
    return SeasonOf(
        calendar=window.calendar.name,
        number=spot.season,
        title=window.calendar.titled(spot.season),
        opens=opens.day,
        closes=closes.day,
        is_shared=window.calendar.is_one_season,
        is_projected=opens.is_projected or closes.is_projected,
        grounds=grounds,
    )


def _totals(placed: Sequence[Placed]) -> tuple[dict[str, int], dict[tuple[int, str], int]]:
    costs: dict[str, int] = {}
    by_year: dict[tuple[int, str], int] = {}
    for one in placed:
        for cost in one.costs if one.start is not None and not one.is_optional else ():
            if cost.amount is not None and one.start is not None:
                key = (one.start.year, cost.currency)
                costs[cost.currency] = costs.get(cost.currency, 0) + cost.amount
                by_year[key] = by_year.get(key, 0) + cost.amount
    return costs, dict(sorted(by_year.items()))


def _problems(person: Person, nodes: Sequence[Node], spots: Mapping[str, Spot]) -> Iterator[Problem]:
    if not nodes:
        yield Problem(kind=ProblemKind.NO_ROAD, milestone="")
        return
    titles = {node.id: node.title for node in nodes}
    for name in person.moved:
        if name not in titles:
            yield Problem(kind=ProblemKind.NO_SUCH, milestone=name, asked=person.moved[name])
    for node in nodes:
        spot = spots.get(node.id)
        if spot is not None:
            yield from _of_one(person, node, spot, titles)


def _of_one(person: Person, node: Node, spot: Spot, titles: Mapping[str, str]) -> Iterator[Problem]:
    asked = person.moved.get(node.id)
    if node.was_done_on is not None:
        season = spot.node.milestone.window.calendar.titled(spot.season or 0) if spot.node.milestone.window else ""
        yield Problem(
            kind=ProblemKind.AGAIN,
            milestone=node.id,
            title=node.title,
            asked=node.was_done_on,
            stands=spot.start,
            season=season,
        )
    elif asked is not None and asked < spot.start:
        because = titles.get(spot.bound_of, spot.bound_of) if spot.bound is Bound.AFTER else _texts(spot)
        yield Problem(
            kind=ProblemKind.TOO_EARLY, milestone=node.id, title=node.title, asked=asked, stands=spot.start, because=because
        )
    missed = _missed(node, spot)
    if missed is not None:
        yield missed
    against = tuple(one for one in spot.said if one.is_known)
    if spot.is_denied:
        yield Problem(kind=ProblemKind.DENIED, milestone=node.id, title=node.title, stands=spot.start, said=against)
    unknown = tuple(one for one in spot.said if not one.is_known)
    if unknown:
        yield Problem(kind=ProblemKind.NOT_KNOWN, milestone=node.id, title=node.title, said=unknown)
    if node.milestone.each_state and node.state is None and node.milestone.lasts_as_state_asks:
        yield Problem(kind=ProblemKind.NO_STATE, milestone=node.id, title=node.title)
    if node.milestone.needs_day and node.not_before is None:
        yield Problem(kind=ProblemKind.NO_DAY, milestone=node.id, title=node.title, stands=spot.start)


def _missed(node: Node, spot: Spot) -> Problem | None:
    """It waits for a season, and was ready nearer to the end of the one before it."""
    window, missed = node.milestone.window, spot.missed
    if window is None or missed is None or node.milestone.is_optional:
        return None
    before = window.calendar.day(window.closes, missed.season - 1).day
    if not timedelta() < missed.ready - before < spot.start - missed.ready:
        return None
    return Problem(
        kind=ProblemKind.SEASON_MISSED,
        milestone=node.id,
        title=node.title,
        asked=missed.ready,
        stands=spot.start,
        closed=before,
        season=window.calendar.titled(missed.season),
        missed=window.calendar.titled(missed.season - 1),
    )


def _texts(spot: Spot) -> str:
    window = spot.node.milestone.window
    if spot.bound is Bound.CALENDAR and window is not None:
        return window.calendar.dates[window.opens].what
    if spot.bound is Bound.RULE and spot.question is not None:
        return " ".join(rule.text for rule in spot.question.rules if rule.id in spot.bound_of.split(", "))
    return ""
