"""`bedside demo`: a generated bank that means nothing, to try whole forms with."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from bedside.cli import bank_content
from bedside.cli.bank_content import data_folder
from bedside.cli.demo_folder import check_folder, write_media, write_step
from bedside.cli.demo_items import Made, make_items
from bedside.cli.demo_media import media_files
from bedside.cli.demo_plan import StepPlan, apportion, default_size, plan_step
from bedside.errors import UsageError
from bedside.findings import plural
from bedside.programme import Edition, StepEdition
from bedside.reading import did_you_mean

app = typer.Typer()

COLLECTION = "demo"
MAX_SIZE = 100_000


@dataclass(frozen=True, slots=True)
class Step:
    """A step with what was made for it."""

    plan: StepPlan
    made: Made


@app.callback()
def _noun() -> None:
    """A generated bank, to try the system with."""


@app.command()
def bank(
    *,
    programme: Annotated[str, typer.Option(help="Programme to make items for.")],
    step: Annotated[str | None, typer.Option(help="One step of it (else all).")] = None,
    size: Annotated[
        int | None,
        typer.Option(min=1, max=MAX_SIZE, help="Items in all (else enough for two full forms of each step)."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, max=2**31, help="The same seed makes the same items.")] = 1,
    into: Annotated[Path | None, typer.Option(help="Collection folder (else imported/demo in the data folder).")] = None,
    data: Annotated[Path | None, typer.Option(help="Data folder with imported/ (BEDSIDE_DATA, else ./data).")] = None,
    content: Annotated[
        Path | None, typer.Option("--content", help="Content folder (else BEDSIDE_CONTENT, ./content, the copy).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Make a bank of items that mean nothing, spread over a programme's blueprint, with every kind of item it has."""
    edition = _edition(programme, content)
    editions = _steps(edition, step)
    sizes = _sizes(editions, size)
    folder = into or data_folder(data) / "imported" / COLLECTION
    names = {one.step.name: f"{edition.name}-{one.step.name}" for one in editions}
    for name in names.values():
        check_folder(folder, name)
    steps = []
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Making items", total=2 * sum(sizes))
        write_media(folder, media_files())
        for one, n in zip(editions, sizes, strict=True):
            steps.append(_make(edition.name, one, n, seed=seed, advance=lambda n: progress.update(task, advance=n)))
            for done in write_step(folder, names[one.step.name], steps[-1].made):
                progress.update(task, advance=done)
    if as_json:
        typer.echo(json.dumps(_as_dict(edition.name, steps, folder, seed), ensure_ascii=False, indent=1))
    else:
        _tell(edition, steps, folder, is_own_folder=into is not None)


def _edition(name: str, content: Path | None) -> Edition:
    from bedside.site import clock  # noqa: PLC0415 - the site is not needed otherwise

    programmes = bank_content.surroundings(content).programmes.by_name
    if name not in programmes:
        raise UsageError(f'there is no programme "{name}"{did_you_mean(name, list(programmes))}')
    return programmes[name].on(clock.today())


def _steps(edition: Edition, name: str | None) -> list[StepEdition]:
    if name is None:
        return list(edition.steps)
    one = edition.step(name)
    if one is None:
        raise UsageError(f'{edition.name} has no step "{name}"; it has {", ".join(step.step.name for step in edition.steps)}')
    return [one]


def _sizes(editions: list[StepEdition], size: int | None) -> list[int]:
    """How many items for each step: what was asked for, shared in the proportions of what two full forms need."""
    needed = [default_size(one) for one in editions]
    return needed if size is None else apportion(size, needed)


def _make(programme: str, edition: StepEdition, n: int, *, seed: int, advance: Callable[[int], None]) -> Step:
    rng = random.Random(f"{seed} {programme} {edition.step.name}")  # noqa: S311 - nothing here is secret
    plan = plan_step(programme, edition, n, rng=rng)
    made, before = Made(), 0
    for made in make_items(plan, seed=seed, rng=rng):
        advance(len(made.items) - before)
        before = len(made.items)
    return Step(plan, made)


def _as_dict(programme: str, steps: list[Step], folder: Path, seed: int) -> dict[str, Any]:
    return {
        "programme": programme,
        "collection": folder.name,
        "into": str(folder),
        "seed": seed,
        "items": sum(one.plan.n_items for one in steps),
        "steps": [
            {
                "step": one.plan.step,
                "items": one.plan.n_items,
                "kinds": dict(Counter(item.kind.value for item in one.made.items)),
                "sets": dict(Counter(item.set.kind.value for item in one.made.items if item.set and item.set.part == 1)),
                "stimuli": len(one.made.stimuli),
                "exhibits": sum("](media:" in item.stem for item in one.made.items),
                "form_items": one.plan.form_items,
                "not_made": list(one.plan.not_made),
            }
            for one in steps
        ],
    }


def _tell(edition: Edition, steps: list[Step], folder: Path, *, is_own_folder: bool) -> None:
    for one in steps:
        plan = one.plan
        needed = f"; a full form has {plan.form_items:,}" if plan.form_items else ""
        typer.echo(f"{plan.programme} {plan.step}: {plural(plan.n_items, 'item')} without meaning{needed}")
        if plan.not_made:
            typer.echo(f"  not made: {', '.join(plan.not_made)}")
    typer.echo(f"They lie in {folder}; delete the folder to take them away.")
    if is_own_folder:
        typer.echo(f"They can be sat at once: choose {edition.title} and the collection {folder.name}.")
