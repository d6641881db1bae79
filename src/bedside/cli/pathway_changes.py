"""`bedside pathway changes`: what differs between then and now, and why."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from bedside.cli.pathway_files import AsJson, Content, On, ProgrammeName, RecordFile, day_of, record_of, rules_of
from bedside.cli.pathway_words import cause_line, difference_lines
from bedside.errors import UsageError
from bedside.pathway import Changes, changes


def command(  # noqa: PLR0917 - options have names
    record: RecordFile,
    since: Annotated[str, typer.Option(metavar="DATE", help="The earlier day.")],
    on: On = None,
    before: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="An older content folder: its rules are those of the earlier day.")
    ] = None,
    programme: ProgrammeName = None,
    content: Content = None,
    as_json: AsJson = False,
) -> None:
    """What stands otherwise than on an earlier day, and why: rules that came and went, facts that grew old, the record."""
    then, now = day_of(since, "--since"), day_of(on)
    if then > now:
        raise UsageError(f"--since {then} is after {now}")
    pathway = rules_of(content, programme)
    older = None if before is None else rules_of(before, programme or pathway.exam.programme)
    found = changes(pathway, record_of(record, pathway), then, now, pathway_before=older)
    typer.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2) if as_json else "\n".join(_page(found)))


def _page(found: Changes) -> Iterable[str]:
    yield f"From {found.since} to {found.on}"
    if not found.differences:
        yield "\nNothing differs."
    yield from difference_lines(found.differences)
    if found.causes:
        yield "\nWhat happened in between"
    yield from (cause_line(cause) for cause in found.causes)
