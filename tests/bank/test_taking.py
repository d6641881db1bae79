"""A reviewer's rows are taken whole, and only for the texts as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from bedside.bank import ReviewKind, Taking, make_member, take_reviews
from bedside.bank.review_file import parse_reviews
from bedside.reading import Source
from tests.support.items import item_of, item_text
from tests.support.models import model_of

ITEM = item_of(item_text())  # its key is B, its author author-1
DAY = date(2026, 11, 29)


def taken(*rows: Mapping[str, Any] | str, reviewer: str | None = "reader-1", kind: ReviewKind | None = None) -> Taking:
    text = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    return take_reviews(Source("rows.jsonl", text), {ITEM.id: ITEM}, {}, reviewer=reviewer, on=DAY, kind=kind)


def test_version_hash_day_and_reviewer_are_set_and_the_answer_is_held_to_the_key() -> None:
    taking = taken(
        {"item": ITEM.id, "answer": "B", "covered": "mixed disorder", "confidence": 0.9, "finding": "One best answer."}
    )

    assert taking.findings == ()
    assert json.loads(taking.lines_of(ITEM.id)) == {
        "item": ITEM.id,
        "version": ITEM.version,
        "hash": ITEM.content_hash,
        "kind": "blind",
        "reviewer": "reader-1",
        "on": "2026-11-29",
        "answer": "B",
        "agrees": True,
        "covered": "mixed disorder",
        "confidence": 0.9,
        "finding": "One best answer.",
    }


def test_another_answer_than_the_key_is_kept_as_a_disagreement() -> None:
    assert [review.agrees for review in taken({"item": ITEM.id, "answer": "C", "finding": ""}).reviews] == [False]


def test_a_row_without_an_answer_checks_facts_unless_something_else_is_said() -> None:
    row = {"item": ITEM.id, "agrees": True, "finding": "Checked.", "change": ""}

    assert [review.kind for review in taken(row).reviews] == [ReviewKind.FACTS]
    assert [review.kind for review in taken(row, kind=ReviewKind.CLINICIAN).reviews] == [ReviewKind.CLINICIAN]
    assert [review.kind for review in taken(row | {"kind": "clinician"}).reviews] == [ReviewKind.CLINICIAN]


GOOD = {"item": ITEM.id, "answer": "B", "finding": ""}


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (GOOD | {"item": "renal-0008"}, 'there is no item "renal-0008"; did you mean "renal-0007"?'),
        (GOOD | {"hash": "0" * 64}, "was changed since"),
        (GOOD | {"version": 9}, "is in version 1, not 9"),
        (GOOD | {"reviewer": "author-1"}, "an author can't review it"),
        (GOOD | {"agrees": True, "answer": "A"}, "is said to agree"),
        (GOOD | {"anser": "B"}, 'unknown key "anser"'),
        (GOOD | {"confidence": 2}, "confidence"),
        (GOOD | {"answer": "b"}, "answer"),
        ({"item": ITEM.id, "finding": "Checked."}, "says whether it agrees"),
        ({"finding": "x"}, "names its item"),
        ("[1]", "not a JSON object"),
        ("{", "not a JSON object"),
    ],
)
def test_a_row_that_can_t_be_taken_is_named_with_its_line_and_none_is_taken(row: Mapping[str, Any] | str, text: str) -> None:
    taking = taken(GOOD | {"finding": "Sound."}, "", row)

    assert taking.reviews == ()
    assert [finding.line for finding in taking.findings] == [3]
    assert text in taking.findings[0].text


def test_rows_of_nobody_are_refused() -> None:
    assert "reviewer" in taken(GOOD, reviewer=None).findings[0].text


def test_a_review_is_taken_once() -> None:
    assert "on file already" in taken(GOOD, GOOD).findings[0].text
    first = taken(GOOD)
    again = take_reviews(
        Source("rows.jsonl", json.dumps(GOOD)), {ITEM.id: ITEM}, {ITEM.id: first.reviews}, reviewer="reader-1", on=DAY
    )
    assert "on file already" in again.findings[0].text


def test_what_is_taken_reads_back_the_same() -> None:
    taking = taken(GOOD, {"item": ITEM.id, "kind": "facts", "agrees": False, "finding": "ü 10 µg", "change": "5 µg"})
    read, findings = parse_reviews(Source("r.jsonl", taking.lines_of(ITEM.id)), item_id=ITEM.id)

    assert findings == ()
    assert [(one.kind, one.agrees, one.finding, one.change) for one in read] == [
        (one.kind, one.agrees, one.finding, one.change) for one in taking.reviews
    ]


def test_an_empty_file_is_no_review() -> None:
    assert taken("").findings[0].text == "no row"


def test_answers_to_members_of_a_model_are_held_to_their_keys() -> None:
    model = model_of()
    keys = {str(seed): make_member(model, seed).item.key[0] for seed in (1, 2, 3)}

    def agrees(members: dict[str, str]) -> list[bool | None]:
        row = json.dumps({"item": model.id, "members": members, "finding": ""})
        taking = take_reviews(Source("rows.jsonl", row), {model.id: model}, {}, reviewer="reader-1", on=DAY)
        assert taking.findings == ()
        assert json.loads(taking.lines_of(model.id))["members"] == members
        return [review.agrees for review in taking.reviews]

    assert agrees(keys) == [True]
    assert agrees(keys | {"2": "A" if keys["2"] != "A" else "B"}) == [False]
    assert agrees({"1": keys["1"]}) == [False]  # of fewer than three members nothing follows
