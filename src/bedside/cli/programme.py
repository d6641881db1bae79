"""`bedside programme`: exams as they are on a date."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bedside.cli.content_folder import find_content
from bedside.cli.programme_page import print_edition, print_list
from bedside.errors import UsageError
from bedside.findings import Severity
from bedside.programme import Programmes, read_programmes
from bedside.site import clock

app = typer.Typer()

Content = Annotated[
    Path | None,
    typer.Option("--content", help="Content folder; else BEDSIDE_CONTENT, ./content, or the copy that came along."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@app.callback()
def _noun() -> None:
    """Exams as they are on a date."""


@app.command("list")
def list_(content: Content = None, as_json: AsJson = False) -> None:
    """The programmes there are."""
    folder = find_content(content)
    programmes = _read(folder)
    if as_json:
        listed = [
            {
                "name": one.name,
                "title": one.title,
                "owner": one.owner,
                "country": one.country,
                "steps": [step.name for step in one.steps],
                "checked_on": one.checked_on.isoformat(),
            }
            for one in programmes.by_name.values()
        ]
        typer.echo(json.dumps({"programmes": listed}, ensure_ascii=False, indent=2))
    elif programmes.by_name:
        print_list(_console(), programmes.by_name.values())
    else:
        typer.echo(f"There are no programmes in {folder / 'programmes'}.")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Name of the programme, as `list` gives it.")],
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day, as 2026-05-14; today where none is given.")] = None,
    content: Content = None,
    as_json: AsJson = False,
) -> None:
    """One exam as it is on a date: its forms, blueprint, marks, standard, rules, fees and rates, each with its source."""
    day = clock.today() if on is None else _day(on)
    edition = _read(find_content(content)).get(name).on(day)
    if as_json:
        typer.echo(json.dumps(edition.as_dict(), ensure_ascii=False, indent=2))
    else:
        print_edition(_console(), edition)


def _read(folder: Path) -> Programmes:
    programmes = read_programmes(folder / "programmes")
    for error in programmes.unreadable:
        typer.echo(f"left out: {error}", err=True)
    for file in sorted({one.file for one in programmes.findings if one.severity is Severity.ERROR}):
        errors = [one for one in programmes.findings if one.file == file and one.severity is Severity.ERROR]
        first = errors[0]
        more = f" ({len(errors) - 1} more)" if len(errors) > 1 else ""
        typer.echo(f"left out: {file}:{first.line}: {first.text}{more}", err=True)
    return programmes


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        raise UsageError(f'--on takes a day written as 2026-05-14, not "{text}"')
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"--on {text}: there is no such day") from None


def _console() -> Console:
    # content is printed as it stands: brackets and colons in it mean nothing to the console
    return Console(markup=False, emoji=False, highlight=False)
