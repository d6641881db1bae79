"""`bedside bank figure` and `bedside bank figures`: draw a computed figure by itself, and list the kinds."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path
from typing import Annotated

import typer

from bedside.bank import FIGURE_KINDS, Figure, figure_alone, figure_parameters, read_figure, svg_of
from bedside.cli.whole_file import write_whole
from bedside.errors import UsageError


def figure(
    words: Annotated[list[str], typer.Argument(help='Kind and parameters, as in "ecg rhythm=vt rate=180".')],
    out: Annotated[Path | None, typer.Option("--out", help="SVG file to write (else the drawing goes to the screen).")] = None,
    title: Annotated[str, typer.Option("--title", help="Alternative text of the drawing.")] = "",
) -> None:
    """Draw a computed figure as SVG that stands alone. Exit status 2: the words name none."""
    target = words[0] if len(words) == 1 else shlex.join(words)
    found = read_figure(target)
    if not isinstance(found, Figure):
        raise UsageError(found)
    drawn = figure_alone(svg_of(target, title or found.kind.name)) + "\n"
    if out is None:
        sys.stdout.write(drawn)
        return
    write_whole(out, drawn.encode("utf-8"))
    typer.echo(f"made {out}")


def figures(as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False) -> None:
    """The kinds of computed figures, with an example and the parameters of each."""
    known = [
        {"kind": kind.name, "about": kind.about, "example": kind.example, "parameters": dict(figure_parameters(kind))}
        for kind in FIGURE_KINDS.values()
    ]
    if as_json:
        typer.echo(json.dumps({"figures": known}, ensure_ascii=False, indent=1))
        return
    for kind in FIGURE_KINDS.values():
        typer.echo(f"{kind.name}: {kind.about}")
        typer.echo(f"    bedside bank figure {kind.example}")
        for name, takes in figure_parameters(kind):
            typer.echo(f"    {name}: {takes}")
