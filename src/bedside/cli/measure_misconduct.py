"""`bedside measure misconduct`: answers that do not go with honest work, and the dossiers of what is flagged."""

from __future__ import annotations

import hashlib
import json
import math
import platform
import shlex
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bedside.cli.whole_file import write_whole
from bedside.errors import StoreError, UsageError
from bedside.findings import plural

if TYPE_CHECKING:
    from bedside.measure import Misconduct, SimilarPairs

SHOWN = 10
BLOCK = 1 << 20


def command(  # noqa: PLR0917 - options have names
    file: Annotated[Path, typer.Argument(help="Responses, long or wide: CSV (also .gz) or Parquet.")],
    key: Annotated[
        Path | None,
        typer.Option(help="CSV with the columns item,key: scores the choices anew. Not needed where `correct` is right."),
    ] = None,
    compromised: Annotated[
        Path | None, typer.Option(help="CSV with the column item: items that are known to have leaked.")
    ] = None,
    centres: Annotated[
        Path | None, typer.Option(help="CSV with the columns person,centre: looks for clusters at a centre.")
    ] = None,
    alpha: Annotated[
        float,
        typer.Option(
            help="What share of the flags may be false: flagged is what has an adjusted p-value under it.", min=0, max=1
        ),
    ] = 0.01,
    pairs: Annotated[bool, typer.Option(help="Compare all pairs of persons.")] = True,
    seed: Annotated[int, typer.Option(help="Of the shuffles of persons among centres.")] = 1,
    dossier: Annotated[
        Path | None,
        typer.Option(help="A folder, which is made: a page and JSON of each flagged person and pair, and a page of all."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Look for misconduct: answers alike, right answers too fast, items known beforehand, patterns that do not fit.

    A flag is not proof, and nothing may be decided from it alone.
    """
    from bedside.measure import Responses, in_order, misconduct, read_side_table  # noqa: PLC0415

    responses = Responses.read(file)
    found = misconduct(
        responses,
        key=read_side_table(key, ("item", "key")) if key is not None else None,
        leaked=tuple(read_side_table(compromised, ("item",))) if compromised is not None else (),
        centres=in_order(read_side_table(centres, ("person", "centre")), list(responses.persons), what="centre")
        if centres
        else None,
        alpha=alpha,
        seed=seed,
        compare_pairs=pairs,
    )
    if dossier is not None:
        options = {"--key": key, "--compromised": compromised, "--centres": centres}
        _write_dossiers(found, dossier, file, options, f"--alpha {alpha:g}{'' if pairs else ' --no-pairs'} --seed {seed}")
    told = _told(found)
    typer.echo(json.dumps(told) if as_json else _text(told, dossier))


def check(
    file: Annotated[Path, typer.Argument(help="A dossier's JSON.")],
) -> None:
    """Work a dossier out again from its own rows, without any other file; status 1 where a figure does not follow."""
    from bedside.cli import FAILED_CHECK  # noqa: PLC0415
    from bedside.cli.whole_file import read_whole  # noqa: PLC0415
    from bedside.errors import SyntaxReadError  # noqa: PLC0415
    from bedside.measure import dossier_differences  # noqa: PLC0415

    try:
        data = json.loads(read_whole(file))
    except ValueError:
        raise SyntaxReadError(str(file), "it is not JSON") from None
    if not isinstance(data, dict):
        raise SyntaxReadError(str(file), "it is not a dossier")
    wrong = dossier_differences(data)
    for line in wrong:
        typer.echo(line)
    typer.echo(
        "Every figure that can be checked follows from the rows." if not wrong else f"{plural(len(wrong), 'figure')} differ."
    )
    if wrong:
        raise typer.Exit(FAILED_CHECK)


def _told(found: Misconduct) -> dict[str, Any]:
    from bedside.measure import NOT_PROOF  # noqa: PLC0415

    return {
        "what_a_flag_is_not": NOT_PROOF,
        "alpha": found.alpha,
        "n_persons": len(found.exam.persons),
        "n_items": len(found.exam.items),
        "compared_by": "options chosen" if found.exam.by_choice else "right and wrong only",
        "n_pairs": found.pairs.n_pairs if found.pairs is not None else 0,
        "omega_mean": _number(found.pairs.omega_mean) if found.pairs is not None else None,
        "omega_sd": _number(found.pairs.omega_sd) if found.pairs is not None else None,
        "indices": [{"name": i.name, "units": i.units, "centre": i.centre, "spread": i.spread} for i in found.indices],
        "persons": [_person(found, person) for person in range(len(found.exam.persons))],
        "pairs": _pairs(found, found.pairs) if found.pairs is not None else [],
        "rings": [[found.exam.persons[person] for person in ring] for ring in found.rings],
        "centres": [
            {
                "centre": cluster.centre,
                "n_persons": cluster.n_persons,
                "n_pairs": cluster.n_pairs,
                "similar": cluster.similar,
                "expected": cluster.expected,
                "ratio": _number(cluster.ratio),
                "p": cluster.p,
                "p_adjusted": cluster.p_adjusted,
                "flagged": cluster.flagged,
            }
            for cluster in found.centres
        ],
    }


def _person(found: Misconduct, person: int) -> dict[str, Any]:
    return {
        "person": found.exam.persons[person],
        "indices": {
            index.name: {
                "z": _number(index.z[person]),
                "effect": _number(index.effect[person]),
                "p": _number(index.p[person]),
                "p_adjusted": _number(index.p_adjusted[person]),
            }
            for index in found.indices
        },
        "p": _number(found.p[person]),
        "p_adjusted": _number(found.p_adjusted[person]),
        "flagged": bool(found.flagged[person]),
    }


def _pairs(found: Misconduct, pairs: SimilarPairs) -> list[dict[str, Any]]:
    """The flagged pairs and the next few, most surprising first."""
    order = sorted(range(len(pairs.p)), key=lambda n: (pairs.p[n], pairs.a[n], pairs.b[n]))
    shown = order[: int(found.pair_flagged.sum()) + SHOWN]
    return [
        {
            "persons": [found.exam.persons[pairs.a[n]], found.exam.persons[pairs.b[n]]],
            "common": int(pairs.common[n]),
            "matches": int(pairs.matches[n]),
            "expected": _number(pairs.expected[n]),
            "same_wrong": int(pairs.same_wrong[n]),
            "expected_wrong": _number(pairs.expected_wrong[n]),
            "effect": _number(pairs.excess[n]),
            "indices": {
                "omega": {
                    "first_copied": _number(pairs.omega_ab[n]),
                    "second_copied": _number(pairs.omega_ba[n]),
                    "p": _number(pairs.p_omega[n]),
                },
                "gbt": {"p": _number(pairs.p_gbt[n])},
                "m4": {"p": _number(pairs.p_m4[n])},
            },
            "p": _number(pairs.p[n]),
            "p_adjusted": _number(pairs.p_adjusted[n]),
            "flagged": bool(found.pair_flagged[n]),
        }
        for n in shown
    ]


def _write_dossiers(found: Misconduct, folder: Path, file: Path, options: dict[str, Path | None], settings: str) -> None:
    """Raises StoreError where the folder can't be made."""
    from bedside import __version__  # noqa: PLC0415
    from bedside.measure import Origin, dossier_page, dossiers, misconduct_page  # noqa: PLC0415

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: it is there already, and not an empty folder")
    given = [(name, path) for name, path in options.items() if path is not None]
    command = " ".join(
        [
            "bedside measure misconduct",
            shlex.quote(file.name),
            *(f"{name} {shlex.quote(path.name)}" for name, path in given),
            settings,
        ]
    )
    software = {"bedside": __version__, "Python": platform.python_version()}
    software |= {name: version(name) for name in ("numpy", "scipy", "numba")}
    sources = tuple(_source(path) for path in (file, *(path for _, path in given)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: can't be made: {error.strerror or error}") from error
    whole = dossiers(found, Origin(sources, f"{command} --dossier dossiers", software))
    for made in whole:
        write_whole(folder / f"{made.stem}.json", made.json().encode())
        write_whole(folder / f"{made.stem}.html", dossier_page(made.data).encode())
    write_whole(folder / "index.html", misconduct_page(found, whole).encode())


def _source(path: Path) -> Any:
    from bedside.measure import Source  # noqa: PLC0415

    digest, n_bytes = hashlib.sha256(), 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            n_bytes += len(block)
    return Source(path.name, n_bytes, digest.hexdigest())


def _text(told: dict[str, Any], folder: Path | None) -> str:
    persons = [person for person in told["persons"] if person["flagged"]]
    pairs = [pair for pair in told["pairs"] if pair["flagged"]]
    size = f"{plural(told['n_persons'], 'person')}, {plural(told['n_items'], 'item')}"
    some = f"{plural(len(persons), 'person')}, {plural(len(pairs), 'pair')}"
    lines = [
        f"{size}; {plural(told['n_pairs'], 'pair')} compared by {told['compared_by']}.",
        f"Flagged at a false discovery rate of {told['alpha']:g}: {some}.",
    ]
    for person in persons:
        least = min((index["p"], name) for name, index in person["indices"].items() if index["p"] is not None)[1]
        lines.append(f"  {person['person']}: adjusted p {person['p_adjusted']:.2g}, mostly by {least}")
    lines += [
        f"  {pair['persons'][0]} and {pair['persons'][1]}: {pair['matches']} of {pair['common']} answers alike where"
        f" {pair['expected']:.1f} were to be expected, adjusted p {pair['p_adjusted']:.2g}"
        for pair in pairs
    ]
    lines += [
        f"  centre {centre['centre']}: {centre['similar']} similar pairs where {centre['expected']:.1f} were to be expected,"
        f" adjusted p {centre['p_adjusted']:.2g}"
        for centre in told["centres"]
        if centre["flagged"]
    ]
    if folder is not None:
        lines.append(f"Dossiers are in {folder}.")
    lines.append(told["what_a_flag_is_not"])
    return "\n".join(lines)


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
