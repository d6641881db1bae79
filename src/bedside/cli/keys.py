"""`bedside keys`: the server's own keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bedside.cli import django_site

app = typer.Typer()


@app.callback()
def _noun() -> None:
    """The server's own keys."""


@app.command()
def show(
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Show the public half of the key that signs the ledger's head; made if there is none yet."""
    django_site.start(data=data, must_migrate=False)
    from django.conf import settings  # noqa: PLC0415

    from bedside.site.keys import public_key_hex  # noqa: PLC0415

    public = public_key_hex(settings.DATA)
    if as_json:
        typer.echo(json.dumps({"algorithm": "Ed25519", "public_key": public}))
    else:
        typer.echo(f"Ed25519 {public}")
