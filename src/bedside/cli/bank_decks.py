"""Decks on the command line: take one in, look at one without keeping it, write one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bedside.anki import open_package, survey
from bedside.cli import django_site
from bedside.errors import StoreError
from bedside.findings import plural

LEARNER = "learner"  # the one of this computer
_MOST_LINES = 20  # of what was not taken; all of it is in the JSON


def look(file: Path, *, as_json: bool) -> None:
    """Go through a deck and say what it gives. Nothing is kept, and no database is needed."""
    with _shown_progress() as progress, open_package(file) as package:
        found = survey(package, progress=progress)
    if as_json:
        _print_json(found.as_dict())
        return
    _tell(found.as_dict(), "would take")


def take(file: Path, *, user: str, data: Path | None, content: Path | None, as_json: bool) -> None:
    """Take a deck in as the cards of a person, whole or not at all."""
    django_site.start(data=data, content=content)
    from bedside.site import clock  # noqa: PLC0415 - rows can be imported once Django has started
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.decks.actions import import_deck  # noqa: PLC0415

    person = user_named(user)
    with _shown_progress() as progress:
        taken = import_deck(person, file, at=clock.now(), progress=progress)
    if as_json:
        _print_json(taken.as_dict())
        return
    _tell(taken.as_dict(), "took")
    counts = f"{taken.n_new:,} new, {taken.n_changed:,} changed, {taken.n_same:,} as before"
    kept = f", {taken.n_own_kept:,} left as they are here" if taken.n_own_kept else ""
    typer.echo(f"notes: {counts}{kept}")


def write(
    out: Path, *, user: str, with_takeaways: bool, with_items: bool, data: Path | None, content: Path | None, as_json: bool
) -> None:
    """Write the cards of a person, and by choice what the bank teaches, as a package for Anki."""
    if not out.parent.is_dir():
        raise StoreError(f"{out.parent}: no such folder")
    django_site.start(data=data, content=content)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.content import current_content  # noqa: PLC0415
    from bedside.site.decks.actions import export_deck  # noqa: PLC0415

    person = user_named(user)
    with Console(stderr=True).status("Writing the deck"):
        content_now = current_content() if with_takeaways or with_items else None
        written = export_deck(
            person, out, at=clock.now(), content=content_now, with_takeaways=with_takeaways, with_items=with_items
        )
    counts = {
        "notes": written.n_notes,
        "cards": written.n_cards,
        "reviews": written.n_reviews,
        "media": written.n_media,
    }
    if as_json:
        _print_json({"file": str(out), **counts, "skipped": [one.as_dict() for one in written.skipped]})
        return
    typer.echo(f"{out}: {_counted(counts)}")
    if written.skipped:
        typer.echo(f"not written: {plural(len(written.skipped), 'takeaway')} without gaps; --json names them")


def _tell(found: dict[str, Any], verb: str) -> None:
    typer.echo(f"{found['format']}: {verb} {_counted(found)}, from {plural(len(found['decks']), 'deck')}")
    for one in found["skipped"][:_MOST_LINES]:
        typer.echo(f"not taken: {one['where']}: {one['why']}")
    rest = len(found["skipped"]) - _MOST_LINES
    if rest > 0:
        typer.echo(f"and {plural(rest, 'more line')} of this kind; --json has all")


def _counted(counts: dict[str, Any]) -> str:
    media = "1 file" if counts["media"] == 1 else f"{counts['media']:,} files"
    parts = [plural(counts[noun + "s"], noun) for noun in ("note", "card", "review")]
    return ", ".join([*parts, f"{media} of media"])


@contextmanager
def _shown_progress() -> Iterator[Any]:
    """A bar on stderr, where a person looks at it."""
    columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    tasks: dict[str, TaskID] = {}
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:

        def step(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield step


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
