"""`bedside bank review`: what reviewers answered and found, how far they agreed, and the taking in of their rows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bedside.bank import Bank, Item, Model, ReviewKind, Status, check_status, record_of, take_reviews, trust_of
from bedside.cli import bank_content, bank_report, bank_review_text, whole_files
from bedside.errors import NotFoundError, UsageError
from bedside.findings import plural
from bedside.reading import did_you_mean, read_text

FAILED_CHECK = 1


def review(  # noqa: PLR0917 - the command line gives them by name
    what: Annotated[
        str | None, typer.Argument(metavar="[ITEM|FILE]", help="The id of an item or model, or a reviewer's rows (.jsonl).")
    ] = None,
    disagreements: Annotated[bool, typer.Option("--disagreements", help="Only who disagreed, and what became of it.")] = False,
    take: Annotated[
        bool, typer.Option("--take", help="Write the rows of FILE to reviews/; without it they are only checked.")
    ] = False,
    reviewer: Annotated[str | None, typer.Option(help="Who read, where a row doesn't say.")] = None,
    kind: Annotated[ReviewKind | None, typer.Option(help="What was done, where a row doesn't say.")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day, where a row doesn't say; today.")] = None,
    content: Annotated[Path | None, typer.Option(help="Content folder (else BEDSIDE_CONTENT, ./content, the copy).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON.")] = False,
) -> None:
    """How far reviewers agreed, by area; all that is on file of an item; or a reviewer's rows, checked and taken whole."""
    around = bank_content.surroundings(content)
    bank = bank_content.read(bank_content.root_of(None, around), around)
    if what is not None and what.endswith(".jsonl"):
        if disagreements:
            raise UsageError("--disagreements is for what is on file; leave the file of rows out")
        _take(Path(what), bank, around.content, (reviewer, kind, on.date() if on else _today()), writes=take, as_json=as_json)
        return
    if take or reviewer or kind or on:
        raise UsageError("--take, --reviewer, --kind and --on go with a file of rows that ends in .jsonl")
    if what is not None:
        record = record_of(_item(bank, what), bank.reviews.get(what, ()))
        _print(record.as_dict(), bank_review_text.record_lines(record), as_json=as_json)
        return
    trust = trust_of(bank.all_items, bank.reviews, models=bank.models.values())
    if disagreements:
        told = {"disagreements": [one.as_dict() for one in trust.disagreements]}
        _print(told, bank_review_text.disagreement_lines(trust.disagreements), as_json=as_json)
    else:
        _print(trust.as_dict(), bank_review_text.trust_lines(trust), as_json=as_json)


def _take(
    file: Path, bank: Bank, folder: Path, given: tuple[str | None, ReviewKind | None, date], *, writes: bool, as_json: bool
) -> None:
    """Check a reviewer's rows against the texts as they are, and write them where all are sound."""
    if not file.is_file():
        raise NotFoundError(f"{file}: no such file")
    items = _all(bank)
    reviewer, kind, on = given
    taking = take_reviews(read_text(file), items, bank.reviews, reviewer=reviewer, on=on, kind=kind)
    named = sorted({review.item for review in taking.reviews})
    if not taking.findings and writes:
        whole_files.append_all({folder / "reviews" / f"{name}.jsonl": taking.lines_of(name) for name in named})
    state = dict(_standing(items[name], bank, taking.reviews) for name in named)
    if as_json:
        told = {
            "taken": len(taking.reviews) if writes else 0,
            "sound": len(taking.reviews),
            "items": [{"item": name, "stands": state[name]} for name in named],
            "findings": [finding.as_dict() for finding in taking.findings],
        }
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        for text in bank_report.finding_texts(taking.findings):
            typer.echo(text, err=True)
        for name in named:
            typer.echo(f"{name}: {state[name]}")
        typer.echo(_done(len(taking.reviews), len(named), len(taking.findings), writes=writes))
    if taking.findings:
        raise typer.Exit(FAILED_CHECK)


def _done(n_rows: int, n_items: int, n_wrong: int, *, writes: bool) -> str:
    if n_wrong:
        return f"nothing was taken: {plural(n_wrong, 'row')} can't be"
    said = f"{plural(n_rows, 'review')} of {plural(n_items, 'item')}"
    return f"took {said}" if writes else f"{said} can be taken; --take writes them"


def _standing(item: Item | Model, bank: Bank, new: tuple[Any, ...]) -> tuple[str, str]:
    """What an item's reviews earn with the new ones."""
    reviews = [*bank.reviews.get(item.id, ()), *(review for review in new if review.item == item.id)]
    wanted = item.status if item.status is not Status.DRAFT else Status.CROSS_CHECKED
    if isinstance(item, Item):
        raised: Item | Model = replace(item, status=wanted)
    else:
        raised = replace(item, head=replace(item.head, status=wanted))
    lacking = [one for one in check_status(raised, reviews, file="") if one.rule == "unearned-status"]
    if lacking:
        why = lacking[0].text.partition(": ")[2]
        return item.id, f"{item.status.value}; {wanted.value} is not earned: {why}"
    return item.id, f"{item.status.value}; {wanted.value} is earned"


def _all(bank: Bank) -> dict[str, Item | Model]:
    """All that can be reviewed, by id."""
    return {**{item.id: item for item in bank.all_items}, **bank.models}


def _item(bank: Bank, name: str) -> Item | Model:
    known = _all(bank)
    if name not in known:
        raise NotFoundError(f'no item "{name}"{did_you_mean(name, list(known))}')
    return known[name]


def _print(told: dict[str, Any], lines: Iterator[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for line in lines:
        typer.echo(line)


def _today() -> date:
    from bedside.site import clock  # noqa: PLC0415 - the site is not needed otherwise

    return clock.today()
