"""`bedside pathway timeline`: the road from the day asked about to the licence and the first post."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated
from uuid import NAMESPACE_URL, uuid5

import typer

from bedside.cli.content_folder import find_content
from bedside.cli.pathway_files import AsJson, Content, On, ProgrammeName, RecordFile, day_of, record_of
from bedside.errors import UsageError
from bedside.findings import plural
from bedside.pathway import read_pathways
from bedside.pathway.timeline import (
    Bound,
    Following,
    Placed,
    Plan,
    Problem,
    ProblemKind,
    Timeline,
    following,
    read_timelines,
    timeline,
)
from bedside.programme import read_programmes
from bedside.reading import did_you_mean
from bedside.site.calendar_text import Event, calendar_text

Move = Annotated[list[str] | None, typer.Option("--move", metavar="ID=DATE", help="A milestone is not before that day.")]
Choose = Annotated[list[str] | None, typer.Option("--choose", metavar="NAME=WAY", help="Where the road forks, as visa=h1b.")]
Ics = Annotated[Path | None, typer.Option("--ics", metavar="FILE", help="Write the days that are left as a calendar.")]


def command(  # noqa: PLR0917 - options have names
    record: RecordFile,
    on: On = None,
    move: Move = None,
    choose: Choose = None,
    ics: Ics = None,
    programme: ProgrammeName = None,
    content: Content = None,
    as_json: AsJson = False,
) -> None:
    """What is done, what is next, how late each thing may be, what it costs; `*` marks what moves the end if it is late.

    A move to a day before --on says that the thing was done then. Moves are answered with what follows from them.
    """
    folder = find_content(content)
    pathways = read_pathways(folder / "pathways", read_programmes(folder / "programmes").by_name)
    name = programme or pathways.licensing
    pathway = pathways.get(name)
    plan = read_timelines(folder / "timelines", pathways.by_programme).get(name)
    known, day = record_of(record, pathway), day_of(on)
    chosen = _chosen(choose, plan)
    before = timeline(pathway, plan, known, day, chosen=chosen)
    moved = _moved(move, before)
    found = timeline(pathway, plan, known, day, moved, chosen=chosen) if moved else before
    follows = following(before, found) if moved else None
    if ics is not None:
        _write(ics, found)
    if as_json:
        told = {**found.as_dict(), "follows": follows.as_dict() if follows is not None else None}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_page(found, follows)))


def _pairs(option: str, given: list[str] | None, example: str) -> Iterable[tuple[str, str]]:
    for one in given or []:
        name, sign, value = one.partition("=")
        if not sign or not name or not value:
            raise UsageError(f'{option} takes {example}, not "{one}"')
        yield name, value


def _chosen(given: list[str] | None, plan: Plan) -> dict[str, str]:
    chosen = dict(_pairs("--choose", given, "a choice and a way, as visa=h1b"))
    ways = {one.name: [name for name, _ in one.ways] for one in plan.choices}
    for name, way in chosen.items():
        if name not in ways:
            raise UsageError(f'--choose: the road has no choice "{name}"{did_you_mean(name, list(ways))}')
        if way not in ways[name]:
            raise UsageError(f'--choose {name}: "{way}" is none of {", ".join(ways[name])}')
    return chosen


def _moved(given: list[str] | None, found: Timeline) -> dict[str, date]:
    ids = [one.id for one in found.milestones]
    moved: dict[str, date] = {}
    for name, text in _pairs("--move", given, "a milestone and a day, as step2ck=2027-08-12"):
        if name not in ids:
            raise UsageError(f'--move: this road has no milestone "{name}"{did_you_mean(name, ids)}')
        moved[name] = day_of(text, f"--move {name}")
    return moved


def _page(found: Timeline, follows: Following | None) -> Iterable[str]:
    yield f"{found.programme} from {found.on}" + (f", over on {found.end}" if found.end else "")
    if found.end and (found.end_if_quick, found.end_if_slow) != (found.end, found.end):
        yield f"between {found.end_if_quick} and {found.end_if_slow}, with the shortest and longest times that sources state"
    for name, way in found.chosen.items():
        yield f"{name}: {way}"
    if found.milestones:
        yield "\n  earliest     latest       slack"
    for one in sorted(found.milestones, key=lambda one: one.start or found.on):
        if not one.is_done:
            yield from _lines(one)
    done = [one.title + (f" ({one.done_on})" if one.done_on else "") for one in found.milestones if one.is_done]
    if done:
        yield f"\nDone: {'; '.join(done)}"
    if found.problems:
        yield "\nTo know"
    for problem in found.problems:
        yield f"  - {problem_text(problem)}"
    yield from _costs(found)
    if follows is not None:
        yield from _follows(follows)


def _lines(one: Placed) -> Iterable[str]:
    mark = "*" if one.is_critical else " "
    slack = "" if one.slack_days is None else plural(one.slack_days, "day")
    until = f" to {one.end}" if one.end != one.start else ""
    season = f" [{one.season.title}{', projected' if one.season.is_projected else ''}]" if one.season else ""
    yield f"{mark} {one.start}   {one.latest_start}   {slack:>11}  {one.title}{until}{season} ({one.id})"


def _costs(found: Timeline) -> Iterable[str]:
    if found.costs or found.costs_unknown:
        yield "\nCosts of what is left"
    for currency, total in found.costs.items():
        years = [(year, part) for (year, name), part in found.costs_by_year.items() if name == currency]
        yield f"  {total:,} {currency} ({', '.join(f'{year}: {part:,}' for year, part in years)})"
    for one in found.milestones:
        for cost in () if one.is_done or one.is_optional else one.costs:
            amount = "not known" if cost.amount is None else f"{cost.amount:,} {cost.currency}"
            yield f"  {amount:>12}  {one.title}: {cost.what} [{cost.grounds.source}, {cost.grounds.as_of}]"


def _follows(follows: Following) -> Iterable[str]:
    yield "\nWhat follows"
    for season in follows.seasons:
        yield f"  {season.before} becomes {season.after}: {plural(abs(season.years), 'year')} {_later(season.years)}"
    for shift in follows.shifts:
        days = shift.days
        told = f"{plural(abs(days), 'day')} {_later(days)}" if days is not None else "done, or no longer on the road"
        yield f"  {shift.title}: {shift.before or 'done'} becomes {shift.after or 'done'}, {told}"
    for currency, amount in follows.costs.items():
        yield f"  costs: {amount:+,} {currency}"
    end = follows.end_days
    yield "  the end stays where it was" if not end else f"  the end is {plural(abs(end), 'day')} {_later(end)}"


def _later(n: float) -> str:
    return "later" if n >= 0 else "earlier"


def problem_text(one: Problem) -> str:
    """A problem in words."""
    texts = " ".join(said.text for said in one.said)
    missing = ", ".join(dict.fromkeys(name for said in one.said for name in said.missing))
    words = {
        ProblemKind.TOO_EARLY: f"{one.title} can't be on {one.asked}; the first day is {one.stands}"
        + (f", because of: {one.because}" if one.because else ""),
        ProblemKind.SEASON_MISSED: f"{one.title}: ready on {one.asked}, and the {one.missed} closed for it on {one.closed}. "
        f"The next is the {one.season}, on {one.stands}: {plural(one.days, 'day')} of waiting",
        ProblemKind.AGAIN: f"{one.title} of {one.asked} was for a season that is lost; it is to be done again for the "
        f"{one.season}, from {one.stands}",
        ProblemKind.DENIED: f"{one.title}: the rules allow it on no day. {texts}",
        ProblemKind.NOT_KNOWN: f"{one.title}: not known whether it is allowed. {texts}"
        + (f" Not said: {missing}." if missing else ""),
        ProblemKind.NO_DAY: f"{one.title}: the record does not say when. It stands at the earliest day, and so does all that "
        "waits for it",
        ProblemKind.NO_STATE: "No state is aimed at, so how much training a licence needs is not known",
        ProblemKind.NO_ROAD: "No road is written for this record: it must say by which road someone comes (person.kind), and "
        "there are roads for img, us_md and us_do",
        ProblemKind.NO_SUCH: f'nothing on this road is called "{one.milestone}"',
    }
    return words[one.kind]


def _write(path: Path, found: Timeline) -> None:
    """The days that are left, a whole day each. The same road gives the same file."""
    changed_at = datetime.combine(found.on, time(), tzinfo=UTC)
    events = [
        Event(
            uid=str(uuid5(NAMESPACE_URL, f"bedside/timeline/{one.id}")),
            on=one.start,
            begins_at=None,
            zone="",
            minutes=0,
            summary=one.title,
            description="" if one.bound is not Bound.CALENDAR or one.season is None else one.season.title,
            is_busy=False,
            sequence=0,
            changed_at=changed_at,
        )
        for one in found.milestones
        if one.start is not None and one.start >= found.on
    ]
    try:
        path.write_bytes(calendar_text("Bedside: pathway", events))
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}") from None
