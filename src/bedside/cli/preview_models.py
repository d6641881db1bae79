"""Question models in the preview: members made by a seed, and what a sample of them is like."""

from __future__ import annotations

from pathlib import Path

from bedside.bank import (
    MAX_SEED,
    Bank,
    MediaFolder,
    MemberError,
    Model,
    Root,
    check_model,
    make_member,
    read_bank,
    read_model,
    render,
)
from bedside.cli import bank_content
from bedside.cli.bank_content import Surroundings
from bedside.cli.preview_item import MEDIA_URL, Shelf, Shown, shown_unread, told_of
from bedside.cli.preview_page import Look, item_page
from bedside.errors import BedsideError, ReadError
from bedside.findings import Finding, Severity

N_JUDGED = 6  # members of a model that are made and judged on every save; `bedside bank model check` makes 500


def show_model(shelf: Shelf, path: Path, seed: int) -> Shown:
    """The member of a seed, with what is wrong with the model and its first members: told, never raised."""
    try:
        around = shelf.around()
        home = next((folder.parent for folder in path.parents if folder.name == "models"), path.parent)
        bank = read_bank([], codes=around.codes, takeaways_from=[Root(around.content, bank_content.COLLECTION)])
        reading = read_model(path, codes=around.codes, takeaways=bank.takeaways, media=MediaFolder(home / "media"))
    except ReadError as error:
        return shown_unread(
            path, Finding(error.file, error.line or 1, error.column, "not-well-formed", Severity.ERROR, error.text)
        )
    except (BedsideError, OSError) as error:
        return shown_unread(path, Finding(str(path), 1, None, "unreadable", Severity.ERROR, str(error)))
    findings = list(reading.findings)
    if reading.model is None:
        return Shown(path, None, None, None, told_of(None, findings, path))
    return _member(reading.model, seed, bank, around, findings)


def _member(model: Model, seed: int, bank: Bank, around: Surroundings, findings: list[Finding]) -> Shown:
    path = Path(model.file)
    findings += check_model(model, analytes=around.analytes, n=N_JUDGED).findings
    try:
        item = make_member(model, seed).item
    except MemberError as error:
        place = model.document.place(error.path)
        findings.append(Finding(model.file, place.line, place.column, error.rule, Severity.ERROR, f"seed {seed}: {error.text}"))
        return Shown(path, None, None, None, told_of(None, findings, path))
    return Shown(path, item, render(item, media_url=MEDIA_URL), bank, told_of(None, findings, path))


def model_page(shelf: Shelf, path: Path, look: Look, *, stamp: str) -> tuple[Shown, str]:
    """A member of a question model, and the way to another."""
    shown = show_model(shelf, path, look.seed)
    another = look.address(seed=look.seed % MAX_SEED + 1)
    return shown, item_page(shelf, shown, look, stamp=stamp, more={"another": another, "seed": look.seed})
