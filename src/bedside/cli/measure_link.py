"""`bedside measure link`: two calibrations put on one scale through the items they share."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.cli.whole_file import see_place, write_whole
from bedside.findings import plural
from bedside.measure import Drift, Linking, LinkMethod, Sides, items_text, link_scales, read_items


def command(  # noqa: PLR0917 - options have names
    origin: Annotated[Path, typer.Option("--from", help="Item parameters on the scale to leave.")],
    target: Annotated[Path, typer.Option("--to", help="Item parameters on the scale to arrive at.")],
    method: Annotated[LinkMethod, typer.Option(help="How the line is found.")] = "stocking-lord",
    sides: Annotated[Sides, typer.Option(help="On which scale curves are compared (haebara, stocking-lord).")] = "to",
    without: Annotated[
        list[str] | None, typer.Option(help="An item that both have and the link must not rest on; may be repeated.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the items of --from on the scale of --to to this CSV file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Link scales: theta on the scale of --to is slope times theta on that of --from, plus intercept.

    Drift says of every shared item how far it has moved; one that is flagged should be looked at, and left out with
    --without if it is not the same item any more.
    """
    if out is not None:
        see_place(out)
    items = read_items(origin)
    found = link_scales(items, read_items(target), method=method, sides=sides, without=without or ())
    if out is not None:
        write_whole(out, items_text(found.link.items(items)).encode())
    if as_json:
        typer.echo(json.dumps(_told(found), ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(_text(found))


def _told(found: Linking) -> dict[str, Any]:
    return {
        "method": found.method,
        "slope": found.link.slope,
        "intercept": found.link.intercept,
        "anchors": list(found.anchors),
        "drift": [_drift(one) for one in found.drift],
    }


def _drift(one: Drift) -> dict[str, Any]:
    numbers = {
        "displacement": one.displacement,
        "se": one.se,
        "z": one.z,
        "z_discrimination": one.z_discrimination,
        "distance": one.distance,
    }
    finite = {name: None if math.isnan(number) else number for name, number in numbers.items()}
    return {"item": one.item, **finite, "flagged": one.is_flagged, "used": one.is_used}


def _text(found: Linking) -> str:
    link = found.link
    lines = [f"{found.method}, {plural(len(found.anchors), 'anchor')}: slope {link.slope:.4f}, intercept {link.intercept:.4f}"]
    width = max(len("item"), *(len(one.item) for one in found.drift))
    lines.append(f"{'item':<{width}}   moved by        z    z of a  distance")
    for one in found.drift:
        marks = [*(["flagged"] if one.is_flagged else []), *([] if one.is_used else ["not used"])]
        numbers = f"{one.displacement:>11.4f}{_shown(one.z)}{_shown(one.z_discrimination)}{one.distance:>10.4f}"
        lines.append(f"{one.item:<{width}}{numbers}  {', '.join(marks)}".rstrip())
    return "\n".join(lines)


def _shown(number: float) -> str:
    return f"{'-' if math.isnan(number) else f'{number:.2f}':>9}"
