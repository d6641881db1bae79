"""`bedside bank reports`: errors that people reported in items, for who mends them where the files are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bedside.cli import django_site
from bedside.errors import UsageError

SHOWS = ("open", "closed", "all")


def reports(
    show: Annotated[str, typer.Option("--show", help='Which: "open" (not closed yet), "closed" or "all".')] = "open",
    data: Annotated[Path | None, typer.Option("--data", help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Errors that people reported in items, with what was answered. They are answered on the page Office, Reported errors."""
    if show not in SHOWS:
        raise UsageError(f'--show is one of {", ".join(SHOWS)}, not "{show}"')
    django_site.start(data=data)
    from bedside.site.reflection import item_reports  # noqa: PLC0415 - rows can be imported once Django has started

    found = item_reports.reports(show=show)
    if as_json:
        typer.echo(json.dumps({"reports": [one.as_dict() for one in found]}, ensure_ascii=False, indent=1))
        return
    for one in found:
        row = one.row
        typer.echo(f"{row.at:%Y-%m-%d}  {row.item} version {row.item_version}, {row.part}, {row.state}, by {row.user.username}")
        typer.echo(f"    {' '.join(row.text.split())}")
        if row.answer:
            typer.echo(f"    answer: {' '.join(row.answer.split())}")
    if not found:
        typer.echo("no reports")
