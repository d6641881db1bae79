"""`bedside token`: secrets for programs that use the API."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bedside.cli import django_site

app = typer.Typer()


@app.callback()
def _noun() -> None:
    """Secrets for programs that use the API."""


@app.command()
def create(
    user: Annotated[str, typer.Option(help='Whose programs; "learner" is the one of this computer.')],
    name: Annotated[str, typer.Option(help="What the token is for, to know it by later.")] = "",
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Make a token. It is shown this once; only its hash is kept."""
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.actions import create_token  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415

    made = create_token(user_named(user), name=name, at=clock.now())
    if as_json:
        found = asdict(made)
        typer.echo(json.dumps({"id": found["id"], "user": found["user"], "token": found["secret"]}))
        return
    typer.echo(made.secret)
    typer.echo("It is not shown again. Send it as `Authorization: Bearer TOKEN`.", err=True)
