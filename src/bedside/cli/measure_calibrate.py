"""`bedside measure calibrate`: item parameters from responses."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bedside.cli.whole_file import see_place, write_whole
from bedside.errors import UsageError
from bedside.findings import plural

if TYPE_CHECKING:
    from bedside.measure import Beta, Calibration, LogNormal, Normal, Priors, Responses

SHOWN = 20  # items of the table that people read


def command(  # noqa: PLR0917 - options have names
    file: Annotated[Path, typer.Argument(help="Responses, long or wide: CSV (also .gz) or Parquet.")],
    model: Annotated[Literal["rasch", "2pl", "3pl"], typer.Option(help="rasch: discrimination 1. 3pl: with guessing.")] = "2pl",
    out: Annotated[Path | None, typer.Option(help="Write the items to this CSV file.")] = None,
    nodes: Annotated[int, typer.Option(help="Points of ability that are summed over.", min=5, max=1000)] = 61,
    span: Annotated[tuple[float, float], typer.Option("--range", help="The lowest and the highest of these points.")] = (-6, 6),
    equal_slopes: Annotated[bool, typer.Option("--equal-slopes", help="One discrimination for all items, estimated.")] = False,
    free: Annotated[
        bool, typer.Option("--free-population", help="Estimate the spread of ability (rasch) instead of holding it at 1.")
    ] = False,
    anchors: Annotated[Path | None, typer.Option(help="Items that keep their parameters; the population is then free.")] = None,
    groups: Annotated[
        Path | None, typer.Option(help="CSV with the columns person,group: a population of its own for each group.")
    ] = None,
    prior: Annotated[
        list[str] | None,
        typer.Option(help="E.g. guessing=beta:5,17, guessing=normal:-1.4,0.5, guessing=none, discrimination=lognormal:0,0.5,"
                          " difficulty=normal:0,2; may be repeated. Without it, 3pl has guessing=beta:5,17."),
    ] = None,
    repeats: Annotated[
        Literal["refuse", "first", "last"], typer.Option(help="Where somebody answered an item more than once.")
    ] = "refuse",
    errors: Annotated[bool, typer.Option(help="Take standard errors.")] = True,
    max_cycles: Annotated[int, typer.Option(help="Give up after so many cycles.", min=1)] = 500,
    workers: Annotated[
        int | None, typer.Option(help="Parts of the work done at the same time; without it, as many as there are cores.", min=1)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:  # fmt: skip
    """Calibrate items: estimate their parameters, with standard errors, by marginal maximum likelihood.

    Ability is N(0, 1), unless --free-population, --anchors or --groups say otherwise. What was left out, and persons and items
    without variance, are named on stderr.
    """
    if out is not None:
        see_place(out)
    from bedside.measure import (  # noqa: PLC0415
        Responses,
        calibrate,
        in_order,
        items_text,
        prepare_calibration,
        read_items,
        read_side_table,
    )  # fmt: skip

    priors = _priors(prior or [], model)
    held = None if anchors is None else read_items(anchors)
    began = time.perf_counter()
    responses = Responses.read(file, keep=(), repeats=repeats)
    read_s = time.perf_counter() - began
    of_persons = None
    if groups is not None:
        of_persons = in_order(read_side_table(groups, ("person", "group")), list(responses.persons), what="group")
    _tell(responses)
    prepare_calibration(responses, model=model, errors=errors)
    began = time.perf_counter()
    with _progress() as on_cycle:
        found = calibrate(
            responses, model=model, nodes=nodes, bounds=span, priors=priors, equal_slopes=equal_slopes,
            population="free" if free else None, anchors=held, groups=of_persons, errors=errors, max_cycles=max_cycles,
            workers=workers, on_cycle=on_cycle,
        )  # fmt: skip
    took_s = time.perf_counter() - began
    if not found.converged:
        print(f"bedside: not converged after {plural(found.iterations, 'cycle')}", file=sys.stderr)  # noqa: T201
    if out is not None:
        write_whole(out, items_text(found.items).encode())
    if as_json:
        typer.echo(json.dumps(_told(found, responses, took_s, read_s), ensure_ascii=False, allow_nan=False))
    else:
        typer.echo(_text(found, took_s))


def _tell(responses: Responses) -> None:
    said = list(responses.no_variance().sentences())
    if responses.unknown_columns:
        said.append(f"columns that the format does not know, not used: {', '.join(responses.unknown_columns)}")
    if responses.n_empty:
        said.append(f"{responses.n_empty:,} empty answers")
    if responses.n_repeats:
        said.append(f"{plural(responses.n_repeats, 'repeated answer')} left out")
    for sentence in said:
        print(f"bedside: {sentence}", file=sys.stderr)  # noqa: T201


@contextmanager
def _progress() -> Iterator[Any]:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("calibrating", total=None)

        def on_cycle(cycle: int, log_likelihood: float, move: float) -> None:
            bar.update(task, description=f"cycle {cycle}: log-likelihood {log_likelihood:,.3f}, largest move {move:.1g}")

        yield on_cycle


def _priors(said: list[str], model: str) -> Priors | None:
    """Priors as they are named on the command line; None where none is."""
    from bedside.measure import FIVE_OPTIONS, NO_PRIORS  # noqa: PLC0415

    if not said:
        return None
    from dataclasses import replace  # noqa: PLC0415

    priors = FIVE_OPTIONS if model == "3pl" else NO_PRIORS
    for one in said:
        name, _, law = one.partition("=")
        if name not in {"discrimination", "difficulty", "guessing"}:
            raise UsageError(f"{one}: a prior is of discrimination, difficulty or guessing")
        changed: dict[str, Any] = {name: _law(one, name, law)}
        priors = replace(priors, **changed)
    return priors


def _law(said: str, name: str, law: str) -> Normal | LogNormal | Beta | None:
    from bedside.measure import Beta, LogNormal, Normal  # noqa: PLC0415

    if law == "none":
        return None
    laws: dict[str, dict[str, type[Normal] | type[LogNormal] | type[Beta]]] = {
        "discrimination": {"normal": Normal, "lognormal": LogNormal},
        "difficulty": {"normal": Normal},
        "guessing": {"beta": Beta, "normal": Normal},
    }
    kind, _, numbers = law.partition(":")
    try:
        first, second = (float(number) for number in numbers.split(","))
        if kind not in laws[name] or not (math.isfinite(first) and math.isfinite(second)):
            raise ValueError
    except ValueError:
        raise UsageError(f"{said}: of {name} this can be {' or '.join(laws[name])}, as {name}=normal:0,1") from None
    return laws[name][kind](first, second)


def _told(found: Calibration, responses: Responses, took_s: float, read_s: float) -> dict[str, Any]:
    items = found.items
    return {
        "model": found.model,
        "n_persons": found.n_persons,
        "n_items": items.count,
        "n_responses": found.n_responses,
        "log_likelihood": found.log_likelihood,
        "iterations": found.iterations,
        "converged": found.converged,
        "seconds": took_s,
        "seconds_reading": read_s,
        "n_parameters": found.n_parameters,
        "aic": found.aic,
        "bic": found.bic,
        "nodes": found.nodes,
        "range": list(found.bounds),
        "standard_errors": found.errors,
        "groups": [
            {"group": g.name, "n_persons": g.n_persons, "mean": g.mean, "sd": g.sd, "se_mean": _number(g.se_mean),
             "se_sd": _number(g.se_sd)} for g in found.groups
        ],
        "left_out": list(found.left_out),
        "unknown_columns": list(responses.unknown_columns),
        "items": [
            {
                "item": items.ids[place],
                "discrimination": float(items.discrimination[place]),
                "difficulty": _number(float(items.difficulty[place])),
                "guessing": float(items.guessing[place]),
                "se_discrimination": _number(float(items.se_discrimination[place])),
                "se_difficulty": _number(float(items.se_difficulty[place])),
                "se_guessing": _number(float(items.se_guessing[place])),
            }
            for place in range(items.count)
        ],
    }  # fmt: skip


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _text(found: Calibration, took_s: float) -> str:
    items = found.items
    lines = [
        ", ".join(
            (
                f"{found.model}: {plural(found.n_persons, 'person')}",
                plural(items.count, "item"),
                f"{plural(found.n_responses, 'answer')}; log-likelihood {found.log_likelihood:,.3f}",
                f"{plural(found.iterations, 'cycle')}",
                f"{took_s:.2f} s",
            )
        ),
        f"{'item':20} {'discrimination':>18} {'difficulty':>18} {'guessing':>18}",
    ]
    for place in range(min(items.count, SHOWN)):
        cells = [
            f"{value[place]:9.3f} ({error[place]:.3f})" if math.isfinite(error[place]) else f"{value[place]:9.3f}        "
            for value, error in (
                (items.discrimination, items.se_discrimination),
                (items.difficulty, items.se_difficulty),
                (items.guessing, items.se_guessing),
            )
        ]
        lines.append(f"{items.ids[place]:20} " + " ".join(f"{cell:>18}" for cell in cells))
    if items.count > SHOWN:
        lines.append(f"and {items.count - SHOWN:,} more; --out writes all of them")
    return "\n".join(lines)
