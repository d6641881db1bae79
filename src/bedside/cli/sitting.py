"""`bedside sitting`: sittings and their ledger."""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from bedside.cli import django_site
from bedside.errors import NotFoundError, UsageError

app = typer.Typer()


@app.callback()
def _noun() -> None:
    """Sittings and their ledger."""


@app.command()
def verify(
    sitting: Annotated[str, typer.Argument(help="The sitting's id.")],
    head: Annotated[str | None, typer.Option(help="A head of the ledger that somebody else kept, hexadecimal.")] = None,
    signature: Annotated[str | None, typer.Option(help="The signature that came with that head, hexadecimal.")] = None,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Check this server's chain of arrivals, and that the sitting's events are those that arrived; exit status 1 if not.

    Without a head from elsewhere a complete rewrite of the database can't be found.
    """
    if signature is not None and head is None:
        raise UsageError("--signature is of a head; give it with --head")
    sitting_id, known_head = _id(sitting), _hash(head)
    django_site.start(data=data)
    from django.conf import settings  # noqa: PLC0415

    from bedside.site.exam.ledger import verify_sitting  # noqa: PLC0415
    from bedside.site.exam.models import Sitting  # noqa: PLC0415
    from bedside.site.keys import is_signed, public_key_hex  # noqa: PLC0415

    row = Sitting.objects.filter(pk=sitting_id).first()
    if row is None:
        raise NotFoundError(f"there is no sitting {sitting}")
    found = verify_sitting(row, head=known_head)
    problems = list(found.problems)
    if known_head and signature is not None and not is_signed(public_key_hex(settings.DATA), known_head, signature):
        problems.append("the signature of the head is not by this server's key")
    if as_json:
        answer = {"sitting": str(row.pk), "events": found.n_events, "rows": found.n_rows, "head": found.head}
        typer.echo(json.dumps({**answer, "is_sound": not problems, "problems": problems}))
    else:
        for problem in problems:
            typer.echo(problem)
        verdict = "is NOT sound" if problems else "is sound"
        typer.echo(f"sitting {row.pk} {verdict}: {found.n_events:,} events, ledger of {found.n_rows:,} rows, head {found.head}")
    if problems:
        raise typer.Exit(1)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UsageError(f'"{text}" is no id of a sitting; it looks like 6f1c2e0a-1b2c-4d3e-8f90-123456789abc') from None


def _hash(text: str | None) -> str | None:
    if text is not None and (len(text) != 64 or not set(text) <= set(string.hexdigits)):
        raise UsageError("--head must be 64 hexadecimal digits")
    return text.lower() if text else None
