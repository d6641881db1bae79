"""`bedside pathway`: what stands between a person and the licence."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bedside.cli.content_folder import find_content
from bedside.errors import UsageError
from bedside.findings import Finding, describe, plural
from bedside.pathway import (
    Answer,
    NeedAnswer,
    Pathway,
    Reason,
    Record,
    StateAnswer,
    StepAnswer,
    StepStatus,
    read_pathways,
    read_record,
)
from bedside.pathway import check as check_record
from bedside.pathway import states as rank_states
from bedside.programme import read_programmes
from bedside.reading import Source, read_text
from bedside.site import clock

app = typer.Typer()

RecordFile = Annotated[Path, typer.Argument(metavar="RECORD", help="The person's record, a YAML file.")]
On = Annotated[str | None, typer.Option(metavar="DATE", help="The day, as 2026-05-14; today where none is given.")]
ProgrammeName = Annotated[str | None, typer.Option("--programme", help="The exam; needed where there are rules about several.")]
Content = Annotated[
    Path | None,
    typer.Option("--content", help="Content folder; else BEDSIDE_CONTENT, ./content, or the copy that came along."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@app.callback()
def _noun() -> None:
    """What stands between a person and the licence, and until when. Rules change: every answer names its source and its age."""


@app.command()
def check(
    record: RecordFile,
    on: On = None,
    programme: ProgrammeName = None,
    content: Content = None,
    as_json: AsJson = False,
) -> None:
    """Each step, certificate and state: may it be, why not, from when, with the source and date of every rule."""
    pathway = _rules(content, programme)
    answer = check_record(pathway, _record(record, pathway), _day(on))
    if as_json:
        typer.echo(json.dumps(answer.as_dict(), ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(_page(answer)))


@app.command()
def states(
    record: RecordFile,
    on: On = None,
    programme: ProgrammeName = None,
    content: Content = None,
    as_json: AsJson = False,
) -> None:
    """The states, best first by what is known, each with the year of its oldest fact and whom to ask."""
    pathway = _rules(content, programme)
    day = _day(on)
    ranked = rank_states(pathway, _record(record, pathway), day)
    if as_json:
        listed = {"on": day.isoformat(), "programme": pathway.exam.programme, "states": [one.as_dict() for one in ranked]}
        typer.echo(json.dumps(listed, ensure_ascii=False, indent=2))
    else:
        typer.echo("\n".join(line for one in ranked for line in _state_lines(one)))


def _rules(content: Path | None, programme: str | None) -> Pathway:
    folder = find_content(content)
    pathways = read_pathways(folder / "pathways", read_programmes(folder / "programmes").by_name)
    if programme is None and len(pathways.by_programme) > 1:
        raise UsageError(f"--programme must say which: {', '.join(pathways.by_programme)}")
    return pathways.get(programme or next(iter(pathways.by_programme), "any programme"))


def _record(path: Path, pathway: Pathway) -> Record:
    try:
        source = read_text(path)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from None
    record, findings = read_record(source, steps=pathway.steps_of_records, certificates=pathway.certificate_names)
    for finding in findings:
        typer.echo(describe(finding, lambda _, line: source.line(line)), err=True)
    if record is None:
        raise UsageError(_first(findings, source))
    return record


def _first(findings: list[Finding], source: Source) -> str:
    return f"{source.file} has {plural(len(findings), 'mistake')}; nothing was answered"


def _day(text: str | None) -> date:
    if text is None:
        return clock.today()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise UsageError(f'--on takes a day written as 2026-05-14, not "{text}"')
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--on {text}: there is no such day") from None


def _page(answer: Answer) -> Iterable[str]:
    yield f"{answer.programme} on {answer.on}"
    for step in answer.steps:
        yield from _step_lines(step)
    for heading, needs in (("Certificates", answer.certificates), ("Visas", answer.visas)):
        if needs:
            yield f"\n{heading}"
        for need in needs:
            yield from _need_lines(need)
    if answer.states:
        yield "\nStates (aimed at; `bedside pathway states` ranks them all)"
    for state in answer.states:
        if state.is_aimed_at:
            yield from _state_lines(state)
    if answer.deadlines:
        yield "\nDays to keep"
    for due in answer.deadlines:
        yield f"  {due.day}  {due.what} [{due.source}, {due.as_of}]"


def _step_lines(step: StepAnswer) -> Iterable[str]:
    is_over = step.status in {StepStatus.PASSED, StepStatus.NEVER}
    left = "" if step.attempts_left is None or is_over else f", {step.attempts_left} left"
    when = f" from {step.earliest}" if step.earliest else f" until {step.until}" if step.until else ""
    yield f"\n{step.step}: {step.status.value.replace('_', ' ')}{when} ({plural(step.attempts_used, 'attempt')} used{left})"
    yield from _reason_lines(step.reasons, step.information)


def _need_lines(need: NeedAnswer) -> Iterable[str]:
    yield f"  {need.name}: {need.status.value}" + (f", all there from {need.earliest}" if need.earliest else "")
    yield from _reason_lines(need.needs, need.information)


def _state_lines(state: StateAnswer) -> Iterable[str]:
    when = f" from {state.earliest}" if state.earliest else ""
    year = f"facts of {state.as_of.year}" if state.as_of else "no facts"
    yield f"  {state.name}: {state.status.value.replace('_', ' ')}{when} ({year}; ask the {state.ask.removeprefix('the ')})"
    yield from _reason_lines(state.reasons, state.information)


def _reason_lines(reasons: Iterable[Reason], information: Iterable[Reason]) -> Iterable[str]:
    for reason in reasons:
        doubt = "" if reason.is_certain else " Not certain: old, or low in confidence."
        unknown = f" Not known: {', '.join(reason.missing)}." if reason.missing else ""
        yield f"    - {reason.text}{unknown}{doubt} [{reason.rule}; {reason.source}, {reason.as_of}]"
    for told in information:
        yield f"    i {told.text} [{told.rule}; {told.source}, {told.as_of}]"
