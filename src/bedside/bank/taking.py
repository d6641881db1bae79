"""Taking a reviewer's rows into `reviews/<id>.jsonl`: all of them, or none.

A row says what the reviewer found of an item; version and hash are set here, those of the text as it is on the disk, so that
no review can stand for a text that nobody read. Where a row names a hash itself, it must be that of the present text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bedside.bank.agreement import review_as_dict
from bedside.bank.item import Item
from bedside.bank.models import Model
from bedside.bank.review_file import Review, ReviewKind, is_met_by, parse_reviews
from bedside.findings import Finding, Severity, has_errors
from bedside.reading import Source, did_you_mean

_OWN = frozenset(
    {"item", "kind", "answer", "members", "agrees", "finding", "change", "covered", "covered_agrees", "confidence"}
)
_MAY = _OWN | {"version", "hash", "reviewer", "on"}


@dataclass(frozen=True, slots=True)
class Taking:
    """The new reviews in the order of their file, and what is wrong; with an error nothing may be written."""

    reviews: tuple[Review, ...]
    findings: tuple[Finding, ...]

    def lines_of(self, item_id: str) -> str:
        """The lines that the file of an item gets at its end."""
        rows = (review_as_dict(review) for review in self.reviews if review.item == item_id)
        return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def take_reviews(
    source: Source,
    items: Mapping[str, Item | Model],
    reviews: Mapping[str, Sequence[Review]],
    *,
    reviewer: str | None,
    on: date,
    kind: ReviewKind | None = None,
) -> Taking:
    """Read the rows of a reviewer, one JSON object a line.

    Args:
        items: all items and question models that may be reviewed, items with errors too.
        reviews: what is on file already; a row that is there is refused.
        reviewer: who read, where a row doesn't say so itself.
        on: the day, where a row doesn't say so itself.
        kind: what was done, where a row doesn't say so itself; else one with an answer is blind, one without checks facts.
    """
    taken: list[Review] = []
    findings: list[Finding] = []
    for number, line in enumerate(source.text.split("\n"), start=1):
        if not line.strip():
            continue
        row, problem = _row(line)
        if row is None:
            findings.append(_wrong(source, number, problem))
            continue
        item = items.get(str(row["item"]))
        if item is None:
            known = did_you_mean(str(row["item"]), list(items))
            findings.append(_wrong(source, number, f'there is no item "{row["item"]}"{known}'))
            continue
        full = _full(row, item, reviewer=reviewer, on=on, kind=kind)
        text = "\n" * (number - 1) + json.dumps(full, ensure_ascii=False)  # so that its findings have its line
        found, problems = parse_reviews(Source(source.file, text), item_id=item.id)
        read = tuple(_judged(review, item) for review in found)
        known_ones = [*reviews.get(item.id, ()), *taken]
        problems = (*problems, *(_wrong(source, number, why) for review in read for why in _against(review, item, known_ones)))
        findings += problems
        taken += read
    if not taken and not findings:
        findings.append(_wrong(source, 1, "no row"))
    return Taking(() if has_errors(findings) else tuple(taken), tuple(findings))


def _row(line: str) -> tuple[dict[str, Any] | None, str]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None, "not a JSON object on one line"
    if not isinstance(row, dict):
        return None, "not a JSON object on one line"
    if not isinstance(row.get("item"), str):
        return None, 'a row names its item: "item"'
    if unknown := sorted(set(row) - _MAY):
        return None, f'unknown key "{unknown[0]}"{did_you_mean(unknown[0], sorted(_MAY))}'
    return row, ""


def _full(
    row: Mapping[str, Any], item: Item | Model, *, reviewer: str | None, on: date, kind: ReviewKind | None
) -> dict[str, Any]:
    """The row as it will stand in the file. An empty change or covered answer is none."""
    own = {name: value for name, value in row.items() if name in _OWN and value not in (None, "")}
    answered = ReviewKind.BLIND if {"answer", "members"} & set(own) else ReviewKind.FACTS
    done = own.get("kind", (kind or answered).value)
    return {
        "version": row.get("version", item.version),
        "hash": row.get("hash", item.content_hash),
        "reviewer": row.get("reviewer") or reviewer or "",
        "on": row.get("on", on.isoformat()),
        **own,
        "kind": done,
        "finding": own.get("finding", ""),
    }


def _judged(review: Review, item: Item | Model) -> Review:
    """A blind review that doesn't say whether it agrees is held to the key."""
    if review.kind is not ReviewKind.BLIND or review.agrees is not None:
        return review
    return replace(review, agrees=is_met_by(item, review))


def _against(review: Review, item: Item | Model, known: Sequence[Review]) -> list[str]:
    """Why a sound row can't be taken."""
    problems = []
    if review.reviewer in item.authors:
        problems.append(f"{review.reviewer} is an author of {item.id}, and an author can't review it")
    if review.hash != item.content_hash:
        problems.append(f"{item.id} was changed since: its text has the hash {item.content_hash}, not {review.hash}")
    elif review.version != item.version:
        problems.append(f"{item.id} is in version {item.version}, not {review.version}")
    if review.kind is not ReviewKind.BLIND and review.agrees is None:
        problems.append('a check of facts says whether it agrees with the text: "agrees"')
    if review.kind is ReviewKind.BLIND and review.agrees and not is_met_by(item, review):
        key = f", and the key is {item.shown_key}" if isinstance(item, Item) else " with every member's key, and does not"
        problems.append(f"the answer {review.answer or ''}".rstrip() + f" is said to agree{key}")
    there = [one for one in known if one.item == review.item and one.kind is review.kind and one.reviewer == review.reviewer]
    if any((one.hash, one.answer, one.finding) == (review.hash, review.answer, review.finding) for one in there):
        problems.append(f"this review of {review.item} by {review.reviewer} is on file already")
    return problems


def _wrong(source: Source, number: int, text: str) -> Finding:
    return Finding(source.file, number, None, "wrong-review", Severity.ERROR, text)
