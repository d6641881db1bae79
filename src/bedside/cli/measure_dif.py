"""`bedside measure dif`: items that are harder for one group than for persons of another who are as able."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bedside.findings import plural

Method = Literal["mh", "lr", "irt", "lord"]


def command(  # noqa: PLR0917 - options have names
    file: Annotated[Path, typer.Argument(help="Responses, long or wide: CSV (also .gz) or Parquet.")],
    group: Annotated[Path, typer.Option(help="CSV with the columns person,group; there must be two groups.")],
    method: Annotated[
        Method,
        typer.Option(help="mh: Mantel-Haenszel. lr: logistic regression. irt: likelihood ratio. lord: Lord's chi-square."),
    ] = "mh",
    reference: Annotated[str | None, typer.Option(help="The reference group; without it, the larger.")] = None,
    kind: Annotated[
        Literal["both", "uniform", "nonuniform"], typer.Option(help="Of logistic regression: which difference to test.")
    ] = "both",
    model: Annotated[Literal["rasch", "2pl"], typer.Option(help="Of irt and lord.")] = "2pl",
    purify: Annotated[bool, typer.Option(help="Match persons on items that show no DIF.")] = True,
    alpha: Annotated[
        float, typer.Option(help="Items are flagged where the adjusted p-value is under this.", min=0, max=1)
    ] = 0.05,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Look for differential item functioning (DIF): which items work otherwise in two groups of equally able persons.

    A flag says that an item should be read again by people who know both groups. It does not say that the item is unfair.
    """
    from bedside.measure import Responses, dif, in_order, read_side_table, two_groups  # noqa: PLC0415

    groups = read_side_table(group, ("person", "group"))
    responses = Responses.read(file, keep=())
    name, focal_name, focal = two_groups(in_order(groups, list(responses.persons), what="group"), reference)
    found = dif(responses, focal, method, purify=purify, alpha=alpha, kind=kind, model=model)
    items = [
        {
            "item": item.item,
            "effect": _number(item.effect),
            "se": _number(item.se),
            "class": item.dif_class,
            "size": item.size,
            "harder_for": {"focal": focal_name, "reference": name, "": ""}[item.harder_for],
            "chi_square": _number(item.chi_square),
            "df": item.df,
            "p": _number(item.p),
            "p_adjusted": _number(item.p_adjusted),
            "flagged": item.flagged,
            "n_reference": item.n_reference,
            "n_focal": item.n_focal,
        }
        for item in found.items
    ]
    told = {
        "method": method,
        "reference": name,
        "focal": focal_name,
        "effect": found.effect,
        "alpha": alpha,
        "purified": purify,
        "rounds": found.rounds,
        "converged": found.converged,
        "anchors": list(found.anchors),
        "items": items,
    }
    typer.echo(json.dumps(told) if as_json else _text(told))


def _text(told: dict[str, Any]) -> str:
    flagged = [item for item in told["items"] if item["flagged"]]
    lines = [
        f"{plural(len(told['items']), 'item')}, {len(flagged)} flagged; {told['focal']} against {told['reference']}.",
        f"Effect: {told['effect']}.",
    ]
    if told["purified"] and not told["converged"]:
        lines.append("The items that persons are matched on still changed in the last round: read the result with care.")
    lines += [
        f"  {item['item']}: effect {item['effect']:.3f}, class {item['class']}, adjusted p {item['p_adjusted']:.4f},"
        f" harder for {item['harder_for']}"
        for item in flagged
    ]
    untested = [item["item"] for item in told["items"] if item["p"] is None]
    if untested:
        lines.append(f"No test was possible of {plural(len(untested), 'item')}: {', '.join(untested[:10])}.")
    lines.append("A flag is a reason to read the item again, not a finding that it is unfair.")
    return "\n".join(lines)


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
