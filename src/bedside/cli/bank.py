"""`bedside bank`: check the questions, count them, show one, start one, lock versions, and import those of other programs."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from bedside.anki import is_deck
from bedside.bank import Bank, Import, Item, SourceFile, read_bank, read_import, render, slug
from bedside.cli import (
    bank_content,
    bank_decks,
    bank_figure,
    bank_import,
    bank_lock,
    bank_model,
    bank_new,
    bank_preview,
    bank_report,
    bank_reports,
    bank_review,
    bank_search,
    bank_stats,
)
from bedside.cli.bank_content import Surroundings, data_folder
from bedside.cli.blind import blind_text, draw
from bedside.errors import ConflictError, NotFoundError, ReadError, UsageError
from bedside.findings import Severity, plural

app = typer.Typer()

FAILED_CHECK = 1
UNREADABLE = 2
MAX_PACKED_BYTES = 256 * 1024 * 1024  # of a file to be imported, as it lies on the disk

_Json = Annotated[bool, typer.Option("--json", help="Answer as JSON.")]
_Content = Annotated[Path | None, typer.Option("--content", help="Content folder (else BEDSIDE_CONTENT, ./content, the copy).")]
_Path = Annotated[Path | None, typer.Argument(help="A content or collection folder, a folder of items, or one item file.")]
_Programme = Annotated[str | None, typer.Option("--programme", help="Programme the items are for.")]
_Step = Annotated[str | None, typer.Option("--step", help="Step of the programme.")]


@app.callback()
def _noun() -> None:
    """Questions: check, count, show, start, lock, import."""


@app.command()
def check(path: _Path = None, as_json: _Json = False, content: _Content = None) -> None:
    """Read everything strictly, and name all that is wrong. Exit status 1: an error; 2: a file can't be read at all."""
    with _busy("Reading and checking"):
        checked = bank_content.check(path, content)
    for error in checked.unreadable:
        typer.echo(f"bedside: {' '.join(str(error).split())}", err=True)
    if as_json:
        _print_json(
            {
                "findings": [finding.as_dict() for finding in checked.findings],
                "items": len(checked.bank.items),
                "takeaways": len(checked.bank.takeaways),
                "left_out": [{"file": file, "why": why} for file, why in sorted(checked.bank.left_out.items())],
                "unreadable": [
                    {"file": error.file, "line": error.line, "column": error.column, "text": error.text}
                    for error in checked.unreadable
                ],
                **bank_report.counts(checked.findings),
            }
        )
    else:
        for text in bank_report.finding_texts(checked.findings):
            typer.echo(text)
        typer.echo(bank_report.summary(checked.bank, checked.findings, checked.unreadable))
    if checked.unreadable:
        raise typer.Exit(UNREADABLE)
    if any(finding.severity is Severity.ERROR for finding in checked.findings):
        raise typer.Exit(FAILED_CHECK)


app.command("figure")(bank_figure.figure)
app.command("figures")(bank_figure.figures)
app.command("stats")(bank_stats.stats)
app.add_typer(bank_model.app, name="model")
app.command("preview")(bank_preview.preview)
app.command("review")(bank_review.review)
app.command("search")(bank_search.search)


@app.command()
def show(
    item_id: Annotated[str, typer.Argument(metavar="ID", help="The id of an item.")],
    *,
    blind: Annotated[bool, typer.Option("--blind", help="Without key and explanations, for whoever answers blind.")] = False,
    covered: Annotated[bool, typer.Option("--covered", help="Without the options too, to answer in one's own words.")] = False,
    figures: Annotated[Path | None, typer.Option(help="With --blind: a folder to draw its figures into.")] = None,
    as_json: _Json = False,
    content: _Content = None,
    data: Annotated[Path | None, typer.Option(help="Data folder with imported/ (BEDSIDE_DATA, else ./data).")] = None,
) -> None:
    """One item whole, with its key and explanations; or as a reviewer answers it."""
    bank, item = _find_item(item_id, bank_content.surroundings(content), data_folder(data))
    if blind or covered:
        if as_json:
            raise UsageError("--blind and --covered are for a reader; --json has the key")
        if figures is not None:
            draw([item], figures)
        typer.echo(blind_text(item, is_covered=covered))
        return
    if figures is not None:
        raise UsageError("--figures goes with --blind; `bedside bank figure` draws one by its words")
    if as_json:
        rendered = render(item)
        _print_json(
            {
                **bank_report.item_as_dict(item, bank),
                "html": {
                    "stem": rendered.stem,
                    "lead_in": rendered.lead_in,
                    "options": [{"letter": letter, "html": text} for letter, text in rendered.options],
                    "explanations": dict(rendered.explanations),
                    "answer": rendered.answer,
                    "stimulus": rendered.stimulus,
                },
            }
        )
    else:
        typer.echo(bank_report.item_as_text(item, bank))


app.command("new")(bank_new.new)


@app.command()
def lock(
    path: Annotated[Path | None, typer.Argument(help="A content or collection folder.")] = None,
    retire: Annotated[list[str] | None, typer.Option(help="Id of an item that is gone for good; may be repeated.")] = None,
    content: _Content = None,
    as_json: _Json = False,
) -> None:
    """Write versions.lock: the text of each item under its version. Refused while a meaning changed under its old version."""
    around = bank_content.surroundings(content, path)
    root = bank_content.root_of(path, around)
    if root.only is not None:
        raise UsageError(f"{path}: versions are locked for a whole folder, the one that holds items/")
    bank = bank_content.read(root, around)
    for error in bank.unreadable:
        typer.echo(f"bedside: {' '.join(str(error).split())}", err=True)
    update = bank_lock.plan(root.path, bank, retire=frozenset(retire or ()))
    if update.obstacles or bank.unreadable:
        for text in bank_report.finding_texts(update.obstacles):
            typer.echo(text, err=True)
        typer.echo("bedside: nothing was locked; mend these first", err=True)
        raise typer.Exit(UNREADABLE if bank.unreadable else FAILED_CHECK)
    bank_lock.write(update)
    if as_json:
        _print_json({"file": str(update.file), "items": len(bank.items), "changed": update.n_changed})
    else:
        items, lines = plural(len(bank.items), "item"), plural(update.n_changed, "line")
        typer.echo(f"{update.file}: {items} locked, {lines} new or changed")


@app.command("import")
def import_file(
    file: Annotated[
        Path,
        typer.Argument(help="A file of questions (CSV, JSON lines; .gz too), or an Anki deck (.apkg, .colpkg, notes as text)."),
    ],
    *,
    user: Annotated[str, typer.Option(help="Whose cards a deck becomes; the learner of this computer.")] = bank_decks.LEARNER,
    into: Annotated[Path | None, typer.Option(help="Collection folder (else imported/NAME in the data folder).")] = None,
    programme: _Programme = None,
    step: _Step = None,
    licence: Annotated[str | None, typer.Option(help="Licence of the questions, kept with each.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the collection (else that of the file).")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Report only; write nothing.")] = False,
    data: Annotated[Path | None, typer.Option(help="Data folder with imported/ (BEDSIDE_DATA, else ./data).")] = None,
    content: _Content = None,
    as_json: _Json = False,
) -> None:
    """Take the questions of a file as items, or a deck as cards. All that is not taken is named with the reason."""
    if is_deck(file):
        if into or programme or step or licence or name:
            raise UsageError("--into, --programme, --step, --licence and --name are for questions; a deck becomes cards")
        if dry_run:
            bank_decks.look(file, as_json=as_json)
        else:
            bank_decks.take(file, user=user, data=data, content=content, as_json=as_json)
        return
    if (programme is None) != (step is None):
        raise UsageError("--programme and --step go together")
    around = bank_content.surroundings(content)
    collection = slug(name or file.name.split(".")[0])
    folder = into or data_folder(data) / "imported" / collection
    with _busy(f"Importing {file.name}"):
        imported = read_import(
            _source(file),
            collection=collection,
            codes=around.codes,
            step=(programme, step) if programme and step else None,
            licence=licence,
        )
        plan = bank_import.plan(imported, folder, codes=around.codes)
        if not dry_run:
            bank_import.write(plan, folder)
    if as_json:
        _print_json(_import_as_dict(imported, plan, folder, dry_run=dry_run))
    else:
        for line in bank_report.import_lines(imported, plan.skipped, file):
            typer.echo(line)
        _tell_import(imported, plan, folder, verb="would take" if dry_run else "took")
        if plan.files and not dry_run and not into:
            typer.echo(f"They can be practised at once: choose the collection {collection} on the Practice page.")
    if not plan.files:
        raise typer.Exit(FAILED_CHECK)


def _tell_import(imported: Import, plan: bank_import.Plan, folder: Path, *, verb: str) -> None:
    items, rows = plural(len(plan.files), "item"), plural(len(plan.skipped), "row")
    typer.echo(f"{imported.format}: {verb} {items} into {folder}, {len(plan.new):,} of them new or changed; {rows} not taken")


app.command("reports")(bank_reports.reports)


@app.command("export")
def export_deck(
    *,
    form: Annotated[str, typer.Option("--format", help="anki: a package that every Anki imports.")] = "anki",
    out: Annotated[Path, typer.Option(help="The file to write, as in cards.apkg.")],
    user: Annotated[str, typer.Option(help="Whose cards; those of the learner of this computer.")] = bank_decks.LEARNER,
    takeaways: Annotated[bool, typer.Option("--takeaways", help="The takeaways of the bank as cards with gaps, too.")] = False,
    items: Annotated[bool, typer.Option("--items", help="The questions of the bank with their answers, too.")] = False,
    data: Annotated[Path | None, typer.Option(help="Data folder with the cards (BEDSIDE_DATA, else ./data).")] = None,
    content: _Content = None,
    as_json: _Json = False,
) -> None:
    """Write one's cards as a deck. Imported again in another program, it updates what it brought before."""
    if form != "anki":
        raise UsageError(f'--format takes anki, not "{form}"')
    bank_decks.write(out, user=user, with_takeaways=takeaways, with_items=items, data=data, content=content, as_json=as_json)


def _import_as_dict(imported: Import, plan: bank_import.Plan, folder: Path, *, dry_run: bool) -> dict[str, Any]:
    return {
        "format": imported.format,
        "items": len(plan.files),
        "new": len(plan.new),
        "skipped": [{"where": f"{imported.unit} {row.row}", "why": row.why} for row in plan.skipped],
        "notes": [{"where": f"{imported.unit} {note.row}", "text": note.text} for note in imported.notes],
        "not_read": list(imported.unused),
        "into": str(folder),
        "files": [str(folder / "items" / name) for name in plan.files],
        "dry_run": dry_run,
    }


def _source(file: Path) -> SourceFile:
    try:
        size = file.stat().st_size
        if not file.is_file():
            raise UsageError(f"{file}: not a file")
        if size > MAX_PACKED_BYTES:
            raise ReadError(str(file), f"{size:,} bytes are over the limit of {MAX_PACKED_BYTES:,} bytes for an import")
        return SourceFile(file.name, file.read_bytes())
    except FileNotFoundError:
        raise NotFoundError(f"{file}: no such file") from None
    except OSError as error:
        raise ReadError(str(file), f"can't be read: {error.strerror}") from None


def _find_item(item_id: str, around: Surroundings, data: Path) -> tuple[Bank, Item]:
    roots = [bank_content.root_of(None, around), *bank_content.imported_roots(data)]
    bank = read_bank(roots, codes=around.codes)
    if (found := bank.find(item_id)) is not None:
        return bank, found
    for item in bank.faulty:
        if item.id == item_id:
            typer.echo(f"bedside: {item.file} has errors and is left out: {bank.left_out[item.file]}", err=True)
            return bank, item
    for file, why in bank.left_out.items():
        if Path(file).stem == item_id:
            raise ConflictError(f"{file} can't be shown: {why}")
    raise NotFoundError(f'no item "{item_id}" in {", ".join(str(root.path) for root in roots)}')


def _busy(text: str) -> AbstractContextManager[object]:
    """A sign on stderr that work goes on, where a person looks at it."""
    return Console(stderr=True).status(text)


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
