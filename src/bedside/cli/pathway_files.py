"""What every verb of `bedside pathway` reads: the rules, the record and the day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from bedside.cli.content_folder import find_content
from bedside.errors import UsageError
from bedside.findings import Finding, Severity, describe, plural
from bedside.pathway import Pathway, Record, read_pathways, read_record
from bedside.programme import read_programmes
from bedside.reading import Source, read_text
from bedside.site import clock

RecordFile = Annotated[Path, typer.Argument(metavar="RECORD", help="The person's record, a YAML file.")]
On = Annotated[str | None, typer.Option(metavar="DATE", help="The day, as 2026-05-14; today where none is given.")]
ProgrammeName = Annotated[str | None, typer.Option("--programme", help="The exam; that of the licence where none is named.")]
Content = Annotated[
    Path | None,
    typer.Option("--content", help="Content folder; else BEDSIDE_CONTENT, ./content, or the copy that came along."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def rules_of(content: Path | None, programme: str | None) -> Pathway:
    """The rules of the content folder about one programme.

    Raises:
        UsageError: there is no such folder.
        NotFoundError: there are none, a file of them has an error, or none is named and none leads to a licence.
    """
    folder = find_content(content)
    pathways = read_pathways(folder / "pathways", read_programmes(folder / "programmes").by_name)
    return pathways.get(programme or pathways.licensing)


def record_of(path: Path, pathway: Pathway) -> Record:
    """The record of a file; what is wrong in it is printed.

    Raises:
        UsageError: it can't be read, or has a mistake.
    """
    source = source_of(path)
    record, findings = read_record(
        source,
        steps=pathway.steps_of_records,
        certificates=pathway.certificate_names,
        scores={one.name: one.scores for one in pathway.certificates},
        places=frozenset(one.code for one in pathway.places),
        with_doubts=True,
    )
    for finding in findings:
        typer.echo(describe(finding, lambda _, line: source.line(line)), err=True)
    if record is None:
        n_mistakes = sum(one.severity is Severity.ERROR for one in findings)
        raise UsageError(f"{source.file} has {plural(n_mistakes, 'mistake')}; nothing was answered")
    return record


def source_of(path: Path) -> Source:
    """The text of a file.

    Raises:
        UsageError: it can't be read.
        ReadError: it is no text, or over a limit.
    """
    try:
        return read_text(path)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from None


def day_of(text: str | None, option: str = "--on") -> date:
    """The day of an option; today where none is given.

    Raises:
        UsageError: it is no day of the calendar.
    """
    if text is None:
        return clock.today()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise UsageError(f'{option} takes a day written as 2026-05-14, not "{text}"')
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{option} {text}: there is no such day") from None


def print_findings(findings: Iterable[Finding]) -> int:
    """Findings that belong to no line of a file, one a line, to stderr; answers how many are errors."""
    told = list(findings)
    for finding in told:
        typer.echo(f"{finding.severity.value} [{finding.rule}] {finding.text}", err=True)
    return sum(finding.severity is Severity.ERROR for finding in told)
