"""`bedside measure report`: the technical report of an exam, as one page."""

from __future__ import annotations

import hashlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from bedside import __version__
from bedside.cli.whole_file import see_place, write_whole

if TYPE_CHECKING:
    from bedside.measure import Made

PIECE = 1 << 20  # bytes that are hashed at a time


def command(  # noqa: PLR0917 - options have names
    file: Annotated[Path, typer.Argument(help="Responses, long or wide: CSV (also .gz) or Parquet.")],
    out: Annotated[Path, typer.Option(help="Write the page to this file.")],
    model: Annotated[Literal["rasch", "2pl", "3pl"], typer.Option(help="Of the calibration.")] = "2pl",
    cut: Annotated[
        float | None, typer.Option(help="The ability from which on one passes: says how sure decisions are.")
    ] = None,
    group: Annotated[Path | None, typer.Option(help="CSV with the columns person,group: compares two groups.")] = None,
    reference: Annotated[str | None, typer.Option(help="The reference group; without it, the larger.")] = None,
    repeats: Annotated[
        Literal["refuse", "first", "last"], typer.Option(help="Where somebody answered an item more than once.")
    ] = "refuse",
    title: Annotated[str, typer.Option(help="Of the page.")] = "Technical report",
) -> None:
    """Write the technical report of an exam: its data, items, scale, fit, information, persons, decisions and groups.

    The page stands alone: it needs no network and no script, prints well, and names the files that went in by their digests.
    """
    see_place(out)
    from bedside.measure import Responses, analyse, in_order, read_side_table, report_page, two_groups  # noqa: PLC0415

    responses = Responses.read(file, keep=(), repeats=repeats)
    groups = None
    if group is not None:
        of_persons = in_order(read_side_table(group, ("person", "group")), list(responses.persons), what="group")
        groups = two_groups(of_persons, reference)
    found = analyse(responses, model=model, cut=cut, groups=groups, on_stage=_tell)
    if not found.calibration.converged:
        print("bedside: not converged; the page says so", file=sys.stderr)  # noqa: T201
    said = ["bedside", "measure", "report", file.name, "--model", model, "--out", out.name]
    said += [] if cut is None else ["--cut", str(cut)]
    said += [] if group is None else ["--group", group.name]
    said += [] if reference is None else ["--reference", reference]
    said += [] if repeats == "refuse" else ["--repeats", repeats]
    write_whole(out, report_page(found, _made(title, [file, *([group] if group else [])], shlex.join(said))).encode())
    typer.echo(f"{out}: {responses.n_persons:,} persons, {responses.n_items:,} items, {responses.n_responses:,} answers")


def _tell(stage: str) -> None:
    if sys.stderr.isatty():
        print(f"bedside: {stage}", file=sys.stderr)  # noqa: T201


def _made(title: str, inputs: list[Path], said: str) -> Made:
    from importlib.metadata import version  # noqa: PLC0415

    from bedside.measure import Made  # noqa: PLC0415

    software = [("Bedside", __version__), *((name, version(name)) for name in ("numpy", "scipy", "numba"))]
    return Made(title, tuple((path.name, _digest(path)) for path in inputs), tuple(software), said)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as lines:
        while piece := lines.read(PIECE):
            digest.update(piece)
    return digest.hexdigest()
