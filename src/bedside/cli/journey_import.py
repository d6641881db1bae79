"""`bedside journey import`: journeys of others, and withdrawals, into the library of this machine or school."""

from __future__ import annotations

import json
import string
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from bedside.cli import BAD_INPUT, django_site
from bedside.cli.whole_file import read_whole
from bedside.errors import BedsideError, UsageError

# what came of a file, in words: as it was done, and as it would be
DONE = {
    "new": "new",
    "replaced": "took the place of its earlier revision",
    "unchanged": "came before: nothing changed",
    "withdrawn": "withdrawn",
    "kept": "withdraws nothing that is here; kept, so that the journey is refused if it comes",
}
WOULD = {
    "new": "would be new",
    "replaced": "would take the place of its earlier revision",
    "withdrawn": "would be withdrawn",
    "kept": "would be kept",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a file; of one that was refused, why."""

    file: str
    came: str
    id: str | None = None
    why: str = ""


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="journey.json, the ZIP with it, or a withdrawal.")],
    from_key: Annotated[
        list[str] | None,
        typer.Option(help="The key of who gave it to you, as `bedside journey key` prints it there; several times for more."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come, and write nothing.")] = False,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Bring others' journeys into the library, and make disappear what a withdrawal names; each file by itself.

    Exit status 2: a file was refused; the others were taken. The same file twice changes nothing.
    """
    keys = [_key(one) for one in from_key or []]
    django_site.start(data=data)
    from django.db import transaction  # noqa: PLC0415

    from bedside.site import clock  # noqa: PLC0415

    at = clock.now()
    with transaction.atomic():
        outcomes = [_taken(file, keys, at) for file in files]
        if dry_run:
            transaction.set_rollback(True)
    n_refused = sum(one.came == "refused" for one in outcomes)
    if as_json:
        told = [{"file": one.file, "came": one.came, "id": one.id, "why": one.why or None} for one in outcomes]
        typer.echo(json.dumps({"is_dry_run": dry_run, "n_refused": n_refused, "files": told}))
    else:
        _tell(outcomes, is_dry_run=dry_run)
    if n_refused:
        raise typer.Exit(BAD_INPUT)


def remove(
    journey_id: Annotated[str, typer.Argument(metavar="ID", help="Of a journey in the library; `journey list` shows them.")],
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Take another's journey out of the library of this machine. Its file can be imported again."""
    try:
        wanted = UUID(journey_id)
    except ValueError:
        raise UsageError(f'"{journey_id}" is no id of a journey; `bedside journey list` shows them') from None
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.journeys.taking import remove as remove_one  # noqa: PLC0415

    remove_one(wanted, actor=None, at=clock.now())
    typer.echo(json.dumps({"id": str(wanted)}) if as_json else f"{wanted}: taken out of the library")


def _taken(file: Path, keys: list[str], at: datetime) -> Outcome:
    from bedside.site.journeys.files import JOURNEY_FILE, signed_part  # noqa: PLC0415
    from bedside.site.journeys.taking import take  # noqa: PLC0415

    file = file / JOURNEY_FILE if file.is_dir() else file  # the folder that `journey export` wrote
    name = str(file)
    try:
        taken = take(signed_part(read_whole(file), file=name), file=name, actor=None, at=at, from_keys=keys)
    except BedsideError as error:
        return Outcome(name, "refused", why=_plain(str(error)))
    return Outcome(name, taken.came.value, id=str(taken.id))


def _tell(outcomes: list[Outcome], *, is_dry_run: bool) -> None:
    words = {**DONE, **WOULD} if is_dry_run else DONE
    for one in outcomes:
        if one.came == "refused":
            typer.echo(f"bedside: refused: {one.why}", err=True)
        else:
            typer.echo(f"{one.file}: journey {one.id}: {words[one.came]}")


def _plain(text: str) -> str:
    """One line without signs that a terminal obeys: a file's own field names stand in what is said of it."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _key(text: str) -> str:
    if len(text) != 64 or not set(text) <= set(string.hexdigits):
        raise UsageError("--from-key must be 64 hexadecimal digits")
    return text.lower()
