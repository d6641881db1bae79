"""`bedside bank new`: start an item, under the next free number where none is given."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Annotated

import typer

from bedside.bank import LOCK_NAME, parse_lock
from bedside.cli import bank_content, bank_skeleton
from bedside.errors import ConflictError, UsageError
from bedside.findings import Severity
from bedside.reading import read_text

MOST_TRIES = 20  # numbers that others took at the same moment


def new(  # noqa: PLR0917 - the command line gives them by name
    item_id: Annotated[
        str, typer.Option("--id", help="Id of the item, as in renal-0007; or its area alone, as in renal, for the next number.")
    ],
    programme: Annotated[str, typer.Option(help="Programme it is for.")],
    step: Annotated[str, typer.Option(help="Step of the programme.")],
    system: Annotated[str | None, typer.Option(help="Code on the axis system.")] = None,
    competency: Annotated[str | None, typer.Option(help="Code on the axis competency.")] = None,
    code: Annotated[list[str] | None, typer.Option(help="Code on another axis: AXIS=CODE; may be repeated.")] = None,
    into: Annotated[Path | None, typer.Option(help="Folder that has, or gets, items/ (else the content folder).")] = None,
    content: Annotated[
        Path | None, typer.Option("--content", help="Content folder (else BEDSIDE_CONTENT, ./content, the copy).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """Start an item: a file with what is known, in which everything else is missing and said to be."""
    around = bank_content.surroundings(content)
    given = {axis: value for axis, value in (("system", system), ("competency", competency)) if value}
    for pair in code or ():
        axis, sign, value = pair.partition("=")
        if not sign or not axis or not value:
            raise UsageError(f'--code takes AXIS=CODE, as in discipline=pathology, not "{pair}"')
        given[axis] = value
    folder = into or around.content

    def write(name: str) -> Path:
        return bank_skeleton.write(name, (programme, step), given, folder=folder, codes=around.codes)

    path = _first_free(item_id, folder, write) if bank_skeleton.AREA.fullmatch(item_id) else write(item_id)
    checked = bank_content.check(path, around.content)
    missing = [finding for finding in checked.findings if finding.severity is Severity.ERROR]
    see = f"bedside bank preview {shlex.quote(str(path))}"
    if as_json:
        told = {"file": str(path), "id": path.stem, "preview": see, "missing": [finding.as_dict() for finding in missing]}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    typer.echo(f"made {path}; still missing:")
    for finding in missing:
        typer.echo(f"  line {finding.line}: {finding.text}")
    typer.echo(f"See it while you write: {see}")


def _first_free(area: str, folder: Path, write: bank_skeleton.Writer) -> Path:
    """Start the item under the first number above all that the area ever had; another author may take it at the same moment."""
    number = next_number(area, folder)
    for taken in range(MOST_TRIES):
        try:
            return write(f"{area}-{number + taken:04d}")
        except ConflictError:
            continue
    raise ConflictError(f"no free number was found for {area}; name one, as in {area}-{number:04d}")


def next_number(area: str, folder: Path) -> int:
    """One more than the highest number of an item of the area: of its files, and of those that are gone but in the lock."""
    names = {path.stem for path in (folder / "items" / area).glob("*.md")}
    names |= {path.stem for path in (folder / "reviews").glob(f"{area}-*.jsonl")}
    lock = folder / LOCK_NAME
    if lock.is_file():
        names |= set(parse_lock(read_text(lock)).locked)
    numbers = [int(form[2]) for name in names if (form := bank_skeleton.ID.fullmatch(name)) and form[1] == area]
    return max(numbers, default=0) + 1
