"""`bedside user export` and `import`: all that a person owns, in one file and back."""

from __future__ import annotations

import json
import string
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bedside.cli import django_site
from bedside.cli.whole_file import see_place
from bedside.errors import UsageError
from bedside.findings import plural

DataOption = Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)]
JsonOption = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


def add_to(app: typer.Typer) -> None:
    """Add these verbs to the noun."""
    app.command("export")(export_data)
    app.command("import")(import_data)


def export_data(
    name: Annotated[str, typer.Argument(help="The user's name.")],
    *,
    out: Annotated[Path, typer.Option(help="The file to write, a ZIP.")],
    with_keys: Annotated[
        bool,
        typer.Option("--with-keys", help="With sittings whose keys were not given out, and cases that have not ended."),
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write all that a user owns to one file. It appears whole or not at all; Ctrl+C leaves nothing behind.

    In local mode `--with-keys` goes without saying: whoever sits at the computer has the bank as files.
    """
    see_place(out)
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.carrying.writing import export_person  # noqa: PLC0415

    written = export_person(user_named(name), out, at=clock.now(), with_keys=True if with_keys else None, progress=_progress())
    _clear()
    left_out = [{"what": one.what, "why": one.why} for one in written.left_out]
    if as_json:
        typer.echo(json.dumps({"file": str(out), "bytes": written.n_bytes, "counts": written.counts, "left_out": left_out}))
        return
    told = ", ".join(plural(written.counts[one], one[:-1]) for one in ("reviews", "cards", "sittings"))
    typer.echo(f"{out}: {written.n_bytes:,} bytes; {told}; it may hold keys, so keep it as you keep an exam")
    for one in written.left_out:
        typer.echo(f"left out: {one.what}: {one.why}")


def import_data(
    file: Annotated[Path, typer.Argument(help="What `bedside user export` or the page wrote.")],
    *,
    user: Annotated[str | None, typer.Option(help="Whose it becomes; else the name in the file.")] = None,
    from_key: Annotated[
        list[str] | None,
        typer.Option(help="The key of a server whose sittings are to be merged, hexadecimal; may be given several times."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would come, and write nothing.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a user's file back: all of it or nothing. The same file twice changes nothing."""
    keys = [_key(one) for one in from_key or []]
    django_site.start(data=data)
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.carrying.archive import opened  # noqa: PLC0415
    from bedside.site.carrying.bringing import import_person  # noqa: PLC0415

    if user is None:
        with opened(file) as archive:
            user = archive.manifest.user.name
    brought = import_person(user_named(user), file, at=clock.now(), from_keys=keys, is_dry_run=dry_run)
    counts = {
        name: {"new": one.n_new, "changed": one.n_changed, "known": one.n_known, "left_out": one.n_left_out}
        for name, one in brought.counts.items()
    }
    if as_json:
        left_out = [{"what": one.what, "why": one.why} for one in brought.left_out]
        answer = {"user": user, "made_for": brought.whose, "is_dry_run": dry_run, "counts": counts, "left_out": left_out}
        typer.echo(json.dumps(answer))
        return
    verb = "would come" if dry_run else "came"
    for name, one in counts.items():
        if one["new"] or one["changed"]:
            typer.echo(
                f"{name.replace('_', ' ')}: {one['new']:,} new, {one['changed']:,} changed, {one['known']:,} here already"
            )
    if brought.changes_nothing:
        typer.echo("all of it is here already: nothing changed")
    else:
        typer.echo(f'{verb} to "{user}" from a file made for "{brought.whose}"')
    for left in brought.left_out:
        typer.echo(f"left out: {left.what}: {left.why}")


def _progress() -> Callable[[str, int], None]:
    """Says on a terminal what is being written, in one line that goes on."""

    def told(what: str, n: int) -> None:
        if sys.stderr.isatty():
            typer.echo(f"\r{what.replace('_', ' ')}: {n:,}\033[K", nl=False, err=True)

    return told


def _clear() -> None:
    if sys.stderr.isatty():
        typer.echo("\r\033[K", nl=False, err=True)


def _key(text: str) -> str:
    if len(text) != 64 or not set(text) <= set(string.hexdigits):
        raise UsageError("--from-key must be 64 hexadecimal digits")
    return text.lower()
