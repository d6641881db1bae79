"""Reviews: `reviews/<id>.jsonl`, one JSON object a line, and whether they earn the status that an item claims.

A status rests on reviews of exactly the present text (its hash). `cross_checked` needs a blind review that agrees and a facts
review, by two people who are not among the authors; `clinician_reviewed` needs a clinician's review besides. Of several
reviews of one kind by one reviewer the latest counts, and one reviewer who disagrees with the present text holds the status.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bedside.bank.item import Item, Status
from bedside.bank.records import read_record
from bedside.findings import Finding, Severity
from bedside.reading import Document, Place, Source


class ReviewKind(StrEnum):
    """What a reviewer did: answered without the key, checked each fact, or read it as a licensed clinician."""

    BLIND = "blind"
    FACTS = "facts"
    CLINICIAN = "clinician"


@dataclass(frozen=True, slots=True)
class Review:
    """One review of one version; `answer` is the letter or number given blind, `hash` the content hash that was reviewed."""

    item: str
    version: int
    hash: str
    kind: ReviewKind
    reviewer: str
    on: date
    answer: str | None
    agrees: bool | None
    finding: str
    change: str
    line: int


_STRICT = ConfigDict(extra="forbid", strict=True)
_Text = Annotated[str, Field(min_length=1, max_length=4000)]


class _Review(BaseModel):
    model_config = _STRICT
    item: _Text
    version: Annotated[int, Field(ge=1)]
    hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    kind: Literal["blind", "facts", "clinician"]
    reviewer: _Text
    on: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    answer: Annotated[str, Field(pattern=r"^(?:[A-Z](,[A-Z])*|-?[0-9]{1,15}(\.[0-9]{1,15})?)$")] | None = None
    agrees: bool | None = None
    finding: Annotated[str, Field(max_length=4000)]
    change: Annotated[str, Field(max_length=4000)] | None = None


def parse_reviews(source: Source, *, item_id: str) -> tuple[tuple[Review, ...], tuple[Finding, ...]]:
    """The reviews of one file, named like the item, and what is wrong with its lines."""
    reviews: list[Review] = []
    findings: list[Finding] = []
    for number, line in enumerate(source.text.split("\n"), start=1):
        if not line.strip():
            continue
        value, problem = _json(line)
        document = Document(source.file, value, {(): Place(number, 1)}, {})
        if problem:
            findings.append(_error(source.file, number, "wrong-review", problem))
            continue
        record, problems = read_record(_Review, document, (), value)
        if record is not None and not problems:
            review, problems = _review(record, source.file, number, item_id)
            reviews += [review] if review else []
        findings += problems
    return tuple(reviews), tuple(findings)


def _json(line: str) -> tuple[Any, str | None]:
    try:
        return json.loads(line), None
    except json.JSONDecodeError as error:
        return None, f"not JSON: {error.msg} at column {error.colno}"
    except (RecursionError, ValueError):
        return None, "not JSON that can be read: too deep, or a number too long"


def _review(record: _Review, file: str, number: int, item_id: str) -> tuple[Review | None, list[Finding]]:
    def wrong(text: str) -> tuple[None, list[Finding]]:
        return None, [_error(file, number, "wrong-review", text)]

    if record.item != item_id:
        return wrong(f'the review is of "{record.item}", and the file of "{item_id}"')
    if record.kind == "blind" and record.answer is None:
        return wrong("a blind review states its answer")
    try:
        on = date.fromisoformat(record.on)
    except ValueError:
        return wrong(f"on: {record.on} is not a day")
    return (
        Review(
            record.item,
            record.version,
            record.hash,
            ReviewKind(record.kind),
            record.reviewer,
            on,
            record.answer,
            record.agrees,
            record.finding,
            record.change or "",
            number,
        ),
        [],
    )


def check_status(item: Item, reviews: Sequence[Review], *, file: str) -> list[Finding]:
    """Is the status earned by the reviews of the present text? `file` is that of the reviews."""
    present = [review for review in reviews if review.hash == item.content_hash]
    findings = [
        _error(
            file, review.line, "wrong-review", f"the answer {review.answer} is said to agree, and the key is {item.shown_key}"
        )
        for review in present
        if review.kind is ReviewKind.BLIND and review.agrees and not item.is_answered_by(review.answer or "")
    ]
    if item.status is Status.DRAFT:
        return findings
    lacking = _lacking(item, present)
    if lacking:
        place = item.document.place(("status",))
        text = f"the status {item.status.value} is not earned for this text: {'; '.join(lacking)}"
        findings.append(Finding(item.file, place.line, place.column, "unearned-status", Severity.ERROR, text))
    return findings


def _lacking(item: Item, present: Sequence[Review]) -> list[str]:
    by_kind = {kind: _latest(review for review in present if review.kind is kind) for kind in ReviewKind}
    others = {kind: [review for review in reviews if review.reviewer not in item.authors] for kind, reviews in by_kind.items()}
    blind = {r.reviewer for r in others[ReviewKind.BLIND] if item.is_answered_by(r.answer or "") and r.agrees is not False}
    facts = {r.reviewer for r in others[ReviewKind.FACTS] if r.agrees is not False}
    lacking = []
    if not blind:
        lacking.append("no blind review by another than the authors agrees with the key")
    if not facts:
        lacking.append("no facts review by another than the authors")
    if len(blind | facts) == 1 and blind and facts:
        lacking.append("the blind and the facts review are by the same person")
    if item.status is Status.CLINICIAN_REVIEWED and not any(r.agrees is not False for r in others[ReviewKind.CLINICIAN]):
        lacking.append("no review by a clinician")
    against = [r.reviewer for reviews in others.values() for r in reviews if r.agrees is False]
    if against:
        lacking.append(f"{', '.join(sorted(set(against)))} disagreed with it")
    return lacking


def _latest(reviews: Iterable[Review]) -> list[Review]:
    latest: dict[str, Review] = {}
    for review in sorted(reviews, key=lambda r: (r.on, r.line)):
        latest[review.reviewer] = review
    return list(latest.values())


def _error(file: str, line: int, rule: str, text: str) -> Finding:
    return Finding(file, line, None, rule, Severity.ERROR, text)
