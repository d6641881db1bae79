"""`bedside measure score`: abilities of persons from their answers and the parameters of the items."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.cli.whole_file import see_place, write_whole
from bedside.findings import plural
from bedside.measure import Responses, ScoreMethod, Scores, read_items, score

FIELDS = ("person", "theta", "se", "p_pass", "n_answers", "at_bound")
NAMES_SHOWN = 10
_BOUND = {-1: "lower", 0: None, 1: "upper"}


def command(  # noqa: PLR0917 - options have names
    file: Annotated[Path, typer.Argument(help="Answers: long or wide, CSV or Parquet.")],
    items: Annotated[Path, typer.Option(help="Item parameters, as `bedside measure calibrate --out` writes them.")],
    method: Annotated[ScoreMethod, typer.Option(help="How ability is estimated.")] = "eap",
    cut: Annotated[float | None, typer.Option(help="Theta from which on one passes; gives `p_pass`.")] = None,
    mean: Annotated[float, typer.Option(help="Mean of ability in the population (eap, map).")] = 0.0,
    sd: Annotated[float, typer.Option(help="Standard deviation of ability in the population (eap, map).")] = 1.0,
    out: Annotated[Path | None, typer.Option(help="Write the persons to this CSV file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Score persons: ability with its standard error, and with a cut the probability of being above it."""
    if out is not None:
        see_place(out)
    parameters = read_items(items)
    found = score(Responses.read(file), parameters, method=method, cut=cut, mean=mean, sd=sd)
    for line in _remarks(found):
        typer.echo(line, err=True)
    if out is not None:
        write_whole(out, _csv(found).encode())
    if as_json:
        json.dump({"persons": list(_persons(found))}, sys.stdout, ensure_ascii=False, allow_nan=False)
        typer.echo()
    elif out is None:
        typer.echo(_table(found), nl=False)
    else:
        typer.echo(f"{plural(found.n_persons, 'person')} scored ({found.method}), written to {out}")


def _persons(found: Scores) -> Iterator[dict[str, Any]]:
    """Each person as an object of the JSON; what there is no number for is None."""
    numbers_of = (found.theta, found.se, found.p_pass, found.n_answers, found.side)
    columns = (found.persons, *(column.tolist() for column in numbers_of))
    for person, theta, se, p, n_answers, side in zip(*columns, strict=True):
        numbers = (None if math.isnan(number) else number for number in (theta, se, p))
        yield dict(zip(FIELDS, (str(person), *numbers, n_answers, _BOUND[side]), strict=True))


def _csv(found: Scores) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_persons(found))
    return text.getvalue()


def _table(found: Scores) -> str:
    width = max((len(str(person)) for person in found.persons), default=0)
    width = max(width, len("person"))
    lines = [f"{'person':<{width}}    theta       se" + ("" if found.cut is None else "   p_pass")]
    for one in _persons(found):
        numbers = [one["theta"], one["se"], *([] if found.cut is None else [one["p_pass"]])]
        shown = "".join(f"{'-' if number is None else f'{number:.4f}':>9}" for number in numbers)
        bound = f"  (no estimate, {one['at_bound']} bound)" if one["at_bound"] else ""
        lines.append(f"{one['person']:<{width}}{shown}{bound}")
    return "\n".join(lines) + "\n"


def _remarks(found: Scores) -> Iterator[str]:
    if found.unknown_items:
        names = ", ".join(found.unknown_items[:NAMES_SHOWN]) + (" ..." if len(found.unknown_items) > NAMES_SHOWN else "")
        items, answers = plural(len(found.unknown_items), "item"), plural(found.n_left_out, "answer")
        yield f"left out: {answers} to {items} without parameters: {names}"
    n_without = int((found.n_answers == 0).sum())
    if n_without:
        yield f"{plural(n_without, 'person')} without an answer that counts"
    for side, name in ((1, "upper"), (-1, "lower")):
        n_there = int((found.side == side).sum())
        if n_there:
            people, bound = plural(n_there, "person"), found.bounds[side > 0]
            yield f"{people} without an estimate, put at the {name} bound {bound:g} and without a standard error"
