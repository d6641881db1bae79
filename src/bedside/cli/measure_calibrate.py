"""`bedside measure calibrate`: item parameters from responses."""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from bedside.cli.whole_file import see_place, write_whole
from bedside.errors import UsageError
from bedside.findings import plural

if TYPE_CHECKING:
    from bedside.measure import Beta, Calibration, LogNormal, Normal, Partitions, Priors, Responses

Repeats = Literal["refuse", "first", "last"]

SHOWN = 20  # items of the table that people read


def command(  # noqa: PLR0917 - options have names
    data: Annotated[
        list[Path],
        typer.Argument(metavar="DATA...", help="Responses, long or wide: CSV (also .gz) or Parquet; files, or folders of them."
                                               " A person's answers may be in several."),
    ],
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
        Repeats, typer.Option(help="Where somebody answered an item more than once.")
    ] = "refuse",
    errors: Annotated[bool, typer.Option(help="Take standard errors.")] = True,
    max_cycles: Annotated[int, typer.Option(help="Give up after so many cycles.", min=1)] = 500,
    threads: Annotated[
        int | None,
        typer.Option(help="Parts of the work done at the same time in one process; without it, as many as there are cores (with"
                          " --workers or --scheduler, 1).", min=1),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Share the work out to so many processes of this computer (Dask, the extra `cluster`). The figures"
                          " are the same, and if one dies the others do its part.", min=1),
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option(help="Share the work out to the workers of this Dask scheduler, e.g. tcp://host:8786. They must see DATA"
                          " and --scratch by the same names."),
    ] = None,
    scratch: Annotated[
        Path | None,
        typer.Option(help="With --workers or --scheduler: the folder to put partitions into meanwhile, 6 to 14 bytes an answer;"
                          " without it, the system's for temporary files."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:  # fmt: skip
    """Calibrate items: estimate their parameters, with standard errors, by marginal maximum likelihood.

    Ability is N(0, 1), unless --free-population, --anchors or --groups say otherwise. What was left out, and persons and items
    without variance, are named on stderr.
    """
    if out is not None:
        see_place(out)
    where = _Where(threads, workers, scheduler, scratch)
    from bedside.measure import calibrate, items_text, prepare_calibration, read_items, read_side_table  # noqa: PLC0415

    priors = _priors(prior or [], model)
    held = None if anchors is None else read_items(anchors)
    of_persons = None if groups is None else read_side_table(groups, ("person", "group"))
    began = time.perf_counter()
    with _progress() as show, _answers(data, repeats, where, show) as answers:
        read_s = time.perf_counter() - began
        _tell(answers)
        prepare_calibration(answers, model=model, errors=errors)
        began = time.perf_counter()
        found = calibrate(
            answers, model=model, nodes=nodes, bounds=span, priors=priors, equal_slopes=equal_slopes,
            population="free" if free else None, anchors=held, groups=of_persons, errors=errors, max_cycles=max_cycles,
            threads=threads, on_cycle=show.on_cycle,
        )  # fmt: skip
        told = _told(found, answers, time.perf_counter() - began, read_s)
    _warn(told)
    if out is not None:
        write_whole(out, items_text(found.items).encode())
    typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False) if as_json else _text(found, told["seconds"]))


@dataclass(frozen=True, slots=True)
class _Where:
    """Who does the work."""

    threads: int | None
    workers: int | None
    scheduler: str | None
    scratch: Path | None

    def __post_init__(self) -> None:
        if self.scratch is not None and not self.is_shared_out:
            raise UsageError("--scratch is for --workers or --scheduler: one process needs none")

    @property
    def is_shared_out(self) -> bool:
        """Is it others than this process?"""
        return self.workers is not None or self.scheduler is not None


@contextmanager
def _answers(data: list[Path], repeats: Repeats, where: _Where, show: _Shown) -> Iterator[Responses | Partitions]:
    """The answers, read; workers are held as long as they are in use."""
    if not where.is_shared_out:
        from bedside.measure import Responses  # noqa: PLC0415

        yield Responses.read(data, keep=(), repeats=repeats)
        return
    from bedside.measure import Partitions  # noqa: PLC0415

    with Partitions.open(
        data, workers=where.workers, scheduler=where.scheduler, repeats=repeats, scratch=where.scratch,
        threads=where.threads or 1, on_stage=show.on_stage,
    ) as partitions:  # fmt: skip
        yield partitions


def _warn(told: dict[str, Any]) -> None:
    if not told["converged"]:
        print(f"bedside: not converged after {plural(told['iterations'], 'cycle')}", file=sys.stderr)  # noqa: T201
    if told.get("workers_lost"):
        print(f"bedside: {plural(told['workers_lost'], 'worker')} died; others did their part", file=sys.stderr)  # noqa: T201


def _tell(answers: Responses | Partitions) -> None:
    said = list(answers.no_variance().sentences())
    if answers.unknown_columns:
        said.append(f"columns that the format does not know, not used: {', '.join(answers.unknown_columns)}")
    if answers.n_empty:
        said.append(f"{answers.n_empty:,} empty answers")
    if answers.n_repeats:
        said.append(f"{plural(answers.n_repeats, 'repeated answer')} left out")
    for sentence in said:
        print(f"bedside: {sentence}", file=sys.stderr)  # noqa: T201


class _Shown:
    """What is under way, as people see it."""

    def __init__(self, update: Callable[[str], None]) -> None:
        self._update = update

    def on_stage(self, stage: str, done: int, of: int) -> None:
        """While reading."""
        self._update(f"{stage}: {done} of {of}")

    def on_cycle(self, cycle: int, log_likelihood: float, move: float) -> None:
        """While estimating."""
        self._update(f"cycle {cycle}: log-likelihood {log_likelihood:,.3f}, largest move {move:.1g}")


@contextmanager
def _progress() -> Iterator[_Shown]:
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("reading", total=None)
        yield _Shown(lambda said: bar.update(task, description=said))


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


def _told(found: Calibration, answers: Responses | Partitions, took_s: float, read_s: float) -> dict[str, Any]:
    from bedside.measure import Responses  # noqa: PLC0415

    items = found.items
    shared = {}
    if not isinstance(answers, Responses):
        shared = {"partitions": answers.n_partitions, "workers": answers.n_workers, "workers_lost": answers.n_lost()}
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
        "fingerprint": found.fingerprint,
        **shared,
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
        "unknown_columns": list(answers.unknown_columns),
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
        f"fingerprint of the answers: {found.fingerprint}",
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
