"""`bedside match`: what a rank list leads to, and the chance to match by the number of ranks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bedside.cli import match_chances
from bedside.errors import UsageError
from bedside.findings import describe, plural
from bedside.reading import read_text

if TYPE_CHECKING:
    from bedside.matching import Matching, NamedMarket

app = typer.Typer()

MarketFile = Annotated[Path, typer.Argument(metavar="FILE", help="Programmes, applicants and couples: YAML, or CSV.")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]


@app.callback()
def _noun() -> None:
    """The Match: what rank lists lead to, and what published figures say about chances. Nothing here is a promise."""


@app.command("run")
def run(
    market: MarketFile,
    as_json: AsJson = False,
    seed: Annotated[int, typer.Option(help="For the order of couples, where the first orders lead nowhere.")] = 0,
) -> None:
    """Match the rank lists of a file, couples and supplemental lists too, and check that the outcome is stable.

    Exit 1 where no stable matching was found: with couples there need not be one.
    """
    import numpy as np  # noqa: PLC0415

    from bedside.matching import blocking, clear  # noqa: PLC0415

    named = _read(market)
    cleared = clear(named.market, chance=np.random.default_rng(seed))
    if cleared.matching is None or blocking(named.market, cleared.matching):
        _say_none(cleared.n_orders, as_json=as_json)
        raise typer.Exit(1)
    typer.echo(_as_json(named, cleared.matching) if as_json else "\n".join(_lines(named, cleared.matching)))


def _read(path: Path) -> NamedMarket:
    from bedside.matching import read_market  # noqa: PLC0415

    try:
        source = read_text(path)
    except OSError as error:
        raise UsageError(f"{path} can't be read: {error.strerror}") from None
    named, findings = read_market(source)
    for finding in findings:
        typer.echo(describe(finding, lambda _, line: source.line(line)), err=True)
    if named is None:
        raise UsageError(f"{source.file} has {plural(len(findings), 'mistake')}; nothing was matched")
    return named


def _say_none(n_orders: int, *, as_json: bool) -> None:
    import json  # noqa: PLC0415

    if as_json:
        typer.echo(json.dumps({"stable": False, "orders_tried": n_orders, "matches": None}))
    else:
        typer.echo(
            f"No stable matching was found in {plural(n_orders, 'order')} of the couples. With couples there need not be one."
        )


def _matches(named: NamedMarket, matching: Matching) -> list[dict[str, object]]:
    """Of each person, by name: the programme, the place of the list, and the first year that goes with it."""
    found: list[dict[str, object]] = []
    one_person = range(named.market.n_singles, named.market.n_singles + named.market.n_one_person)
    for unit, people in enumerate(named.people):
        place = [*matching.singles.tolist(), *matching.pairs][unit]
        posts = named.posts(unit, place) if place >= 0 else (None, None)
        rank = place + 1 if place >= 0 else None
        if unit in one_person:
            found.append({"name": people[0], "programme": posts[0], "rank": None, "first_year": posts[1]})
        else:
            found += [{"name": name, "programme": post, "rank": rank} for name, post in zip(people, posts, strict=False)]
    return found


def _as_json(named: NamedMarket, matching: Matching) -> str:
    import json  # noqa: PLC0415

    from bedside.matching import filled  # noqa: PLC0415

    taken = dict(zip(named.programmes, filled(named.market, matching), strict=True))
    told = {"stable": True, "matches": _matches(named, matching), "filled": taken}
    return json.dumps(told, ensure_ascii=False, indent=2)


def _lines(named: NamedMarket, matching: Matching) -> list[str]:
    from bedside.matching import filled  # noqa: PLC0415

    lines = []
    for one in _matches(named, matching):
        where = one["programme"] or "no match"
        place = f" (place {one['rank']} of the list)" if one["rank"] and one["programme"] else ""
        first_year = f", first year at {one['first_year']}" if one.get("first_year") else ""
        lines.append(f"{one['name']}: {where}{place}{first_year}")
    lines.append("")
    quotas = named.market.quotas.tolist()
    for name, taken, quota in zip(named.programmes, filled(named.market, matching), quotas, strict=True):
        lines.append(f"{name}: {taken} of {plural(quota, 'post')} filled")
    lines += ["", "The matching is stable: nobody and no programme would rather have each other."]
    return lines


app.command("chances")(match_chances.chances)
app.command("calibrate")(match_chances.calibrate)
