"""Reviews: `reviews/<id>.jsonl`, one JSON object a line, and whether they earn the status that an item claims.

A status rests on reviews of exactly the present text (its hash). `cross_checked` needs a blind review that agrees and a facts
review, by two people who are not among the authors; `clinician_reviewed` needs a clinician's review besides. Of several
reviews of one kind by one reviewer the latest counts, and one reviewer who disagrees with the present text holds the status.

A question model is reviewed by its hash too. Its blind reviews answer members, at least three of them: `"members": {"1": "B"}`
has the letter by seed, and agrees where all letters are the members' keys.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bedside.bank.item import Item, Status
from bedside.bank.models import MemberError, Model, make_member
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
    """One review of one version; `answer` is the letter or number given blind, `hash` the content hash that was reviewed.

    `covered` is what was answered before the options were seen, `covered_agrees` whether that was the key's meaning, and
    `confidence` how sure the reviewer was of the answer, from 0 to 1; each as far as it was written down.
    """

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
    covered: str = ""
    covered_agrees: bool | None = None
    confidence: float | None = None
    members: Mapping[int, str] = field(default_factory=dict)  # of a question model: seed → letter given blind


FEWEST_MEMBERS = 3  # of a model that a blind review answers

_STRICT = ConfigDict(extra="forbid", strict=True)
_Text = Annotated[str, Field(min_length=1, max_length=4000)]
_Seed = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,8}$")]
_Letter = Annotated[str, Field(pattern=r"^[A-Z]$")]


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
    covered: Annotated[str, Field(max_length=4000)] | None = None
    covered_agrees: bool | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    members: dict[_Seed, _Letter] = {}


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
    if record.kind == "blind" and record.answer is None and not record.members:
        return wrong("a blind review states its answer, or that to each of several members of a model")
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
            covered=record.covered or "",
            covered_agrees=record.covered_agrees,
            confidence=record.confidence,
            members={int(seed): letter for seed, letter in record.members.items()},
        ),
        [],
    )


def check_status(item: Item | Model, reviews: Sequence[Review], *, file: str) -> list[Finding]:
    """Is the status of an item or model earned by the reviews of the present text? `file` is that of the reviews."""
    present = [review for review in reviews if review.hash == item.content_hash]
    findings = [
        _error(file, review.line, "wrong-review", problem)
        for review in present
        if review.kind is ReviewKind.BLIND and review.agrees and (problem := _against(item, review))
    ]
    if item.status is Status.DRAFT:
        return findings
    lacking = _lacking(item, present)
    if lacking:
        place = item.document.place(("status",))
        text = f"the status {item.status.value} is not earned for this text: {'; '.join(lacking)}"
        findings.append(Finding(item.file, place.line, place.column, "unearned-status", Severity.ERROR, text))
    return findings


def is_met_by(item: Item | Model, review: Review) -> bool:
    """Did a blind review come to the key: of an item, or of every member of a model that it answered, at least three?"""
    return not _against(item, review)


def _against(item: Item | Model, review: Review) -> str:
    """How the answer of a blind review differs from the key; nothing where it is the key."""
    if isinstance(item, Item):
        if item.is_answered_by(review.answer or ""):
            return ""
        return f"the answer {review.answer} is said to agree, and the key is {item.shown_key}"
    if len(review.members) < FEWEST_MEMBERS:
        return f"a blind review of a model answers at least {FEWEST_MEMBERS} members, not {len(review.members)}"
    for seed, letter in review.members.items():
        try:
            key = make_member(item, seed).item.shown_key
        except MemberError as error:
            return error.text
        if letter != key:
            return f"the answer {letter} to seed {seed} is said to agree, and the key is {key}"
    return ""


def _lacking(item: Item | Model, present: Sequence[Review]) -> list[str]:
    by_kind = {kind: _latest(review for review in present if review.kind is kind) for kind in ReviewKind}
    others = {kind: [review for review in reviews if review.reviewer not in item.authors] for kind, reviews in by_kind.items()}
    blind = {r.reviewer for r in others[ReviewKind.BLIND] if r.agrees is not False and is_met_by(item, r)}
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
