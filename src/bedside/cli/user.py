"""`bedside user`: people who sign in."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bedside.cli import django_site

app = typer.Typer()


@app.callback()
def _noun() -> None:
    """People who sign in."""


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name to sign in with.")],
    password: Annotated[bool, typer.Option(help="Ask for a password; without one, only tokens sign in.")] = False,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Make a user. The password is asked for, or read as one line where the input is no terminal."""
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.actions import add_user  # noqa: PLC0415

    user = add_user(name, password=_password() if password else None, at=clock.now())
    if as_json:
        typer.echo(json.dumps({"id": str(user.pk), "name": user.username}))
    else:
        typer.echo(f'made the user "{user.username}"')


def _password() -> str:
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\n")
