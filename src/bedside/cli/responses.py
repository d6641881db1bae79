"""`bedside responses`: answers given."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.cli import django_site
from bedside.errors import StoreError, UsageError
from bedside.findings import plural

if TYPE_CHECKING:
    from bedside.site.exam.export import Table

app = typer.Typer()


@app.callback()
def _noun() -> None:
    """Answers given."""


@app.command()
def export(
    out: Annotated[Path, typer.Option(help="The file to write: .csv or .parquet.")],
    *,
    models: Annotated[
        bool, typer.Option("--models", help="A question model as one item: of each person the first answer to a member.")
    ] = False,
    user: Annotated[str | None, typer.Option(help="Only this user's, and only what they may see already.")] = None,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
) -> None:
    """Write all answers in the long format: one row for each item answered. The file appears whole or not at all."""
    if out.suffix not in {".csv", ".parquet"}:
        raise UsageError(f"{out}: the name must end in .csv or .parquet")
    if not out.absolute().parent.is_dir():
        raise UsageError(f"{out}: there is no folder {out.absolute().parent}")
    django_site.start(data=data)
    from bedside.site.accounts.queries import user_named  # noqa: PLC0415
    from bedside.site.exam.export import response_table, with_models  # noqa: PLC0415

    table = response_table(user_named(user) if user is not None else None)
    table = with_models(table) if models else table
    n = _write(table, out)
    typer.echo(f"{plural(n, 'answer')} written to {out}", err=True)


def _write(table: Table, out: Path) -> int:
    """Write beside the place and put it there when it is whole; answers the number of rows."""
    try:
        handle, name = tempfile.mkstemp(dir=out.absolute().parent, prefix=f".{out.name}.")
        os.close(handle)
        part = Path(name)
        try:
            n = _write_csv(table, part) if out.suffix == ".csv" else _write_parquet(table, part)
            part.chmod(0o644)
            part.replace(out)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(f"{out}: can't be written: {error.strerror or error}") from error
    return n


def _write_csv(table: Table, part: Path) -> int:
    from bedside.site.exam.export import csv_text  # noqa: PLC0415

    text = csv_text(table)
    part.write_text(text, encoding="utf-8")
    return text.count("\n") - 1


def _write_parquet(table: Table, part: Path) -> int:
    import polars  # noqa: PLC0415 - heavy, and needed here only

    numbers = {"version", "correct", "ms", "changes", "position"}
    schema = {column: polars.Int64 if column in numbers else polars.String for column in table.columns}
    frame = polars.DataFrame(list(table.rows), schema=schema)
    frame.write_parquet(part)
    return frame.height
