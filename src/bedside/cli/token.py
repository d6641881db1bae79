"""`bedside token`: secrets for programs that use the API."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from bedside.cli import django_site
from bedside.errors import UsageError

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
    """Make a token with the roles of its user. It is shown this once; only its hash is kept."""
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


@app.command("list")
def list_tokens(
    user: Annotated[str | None, typer.Option(help="Only this user's.")] = None,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """The tokens there are, without their secrets."""
    django_site.start(data=data)
    from bedside.site.accounts.models import ApiToken  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415

    rows = ApiToken.objects.select_related("user").order_by("user__username", "created_at")
    if user is not None:
        rows = rows.filter(user=user_named(user))
    found = [
        {
            "id": str(row.pk),
            "user": row.user.username,
            "name": row.name,
            "created_at": row.created_at.isoformat(),
            "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        }
        for row in rows
    ]
    if as_json:
        typer.echo(json.dumps({"tokens": found}))
        return
    for one in found:
        revoked = f", revoked {one['revoked_at']}" if one["revoked_at"] else ""
        typer.echo(f"{one['id']} {one['user']} {one['name'] or '-'}: made {one['created_at']}{revoked}")


@app.command()
def revoke(
    token: Annotated[str, typer.Argument(help="The token's id, as `list` gives it.")],
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Make a token worth nothing, at once and for good."""
    try:
        token_id = UUID(token)
    except ValueError:
        raise UsageError(f'"{token}" is no id of a token; `bedside token list` names those that there are') from None
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.actions import revoke_token  # noqa: PLC0415

    row = revoke_token(token_id, at=clock.now())
    if as_json:
        typer.echo(json.dumps({"id": str(row.pk), "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None}))
    else:
        typer.echo(f"token {row.pk} is revoked")
