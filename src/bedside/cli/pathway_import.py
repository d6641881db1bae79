"""`bedside pathway import`: a record from a score transcript, or a record to which it is added."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bedside.cli.pathway_files import Content, print_findings, record_of, rules_of, source_of
from bedside.cli.whole_file import PRIVATE, see_place, write_whole
from bedside.errors import UsageError
from bedside.findings import has_errors, plural
from bedside.pathway import Record, merge_transcript, read_transcript, record_as_yaml

FAILED_CHECK = 1
PROGRAMME = "usmle"  # the only one whose transcripts have this shape


def command(
    transcript: Annotated[Path, typer.Argument(metavar="TRANSCRIPT", help="A score transcript of the FSMB, a JSON file.")],
    record: Annotated[
        Path | None, typer.Option(metavar="RECORD", help="A record, to which it is added; else a new one.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the record goes; must not be there yet. Else it is printed.")
    ] = None,
    content: Content = None,
) -> None:
    """Write a record from a transcript. What a record already says stays; where the two disagree, that is named (exit 1)."""
    if out is not None and out.exists():
        raise UsageError(f"{out} is there already; nothing is overwritten")
    if out is not None:
        see_place(out)
    pathway = rules_of(content, PROGRAMME)
    found, findings = read_transcript(source_of(transcript))
    n_errors = print_findings(findings)
    if found is None:
        raise UsageError(f"{transcript} has {plural(n_errors, 'mistake')}; nothing was written")
    mine = Record(schema="record/1") if record is None else record_of(record, pathway)
    merged, told = merge_transcript(mine, found)
    print_findings(told)
    text = record_as_yaml(merged)
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_whole(out, text.encode(), mode=PRIVATE)
    if has_errors(told):
        raise typer.Exit(FAILED_CHECK)
