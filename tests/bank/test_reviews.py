from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bedside.bank import Bank, Root, read_bank
from tests.support.items import CODES, item_of, item_text, numeric_text, review, write_item, write_reviews, write_takeaways

CROSS_CHECKED = item_text({"status": "cross_checked"})
ITEM = item_of(CROSS_CHECKED)
BLIND = review(ITEM, "blind", "reviewer-1")
FACTS = review(ITEM, "facts", "reviewer-2")
CLINICIAN = review(ITEM, "clinician", "doctor-1")


def bank_with(root: Path, text: str, *reviews: dict[str, Any]) -> Bank:
    write_takeaways(root)
    write_item(root, text=text)
    write_reviews(root, "renal-0007", *reviews)
    return read_bank([Root(root, "own")], codes=CODES)


def test_a_blind_and_a_facts_review_of_this_text_earn_cross_checked(tmp_path: Path) -> None:
    bank = bank_with(tmp_path, CROSS_CHECKED, BLIND, FACTS)

    assert bank.findings == ()
    assert [one.reviewer for one in bank.reviews["renal-0007"]] == ["reviewer-1", "reviewer-2"]


def test_a_clinician_besides_earns_clinician_reviewed(tmp_path: Path) -> None:
    text = item_text({"status": "clinician_reviewed"})

    assert bank_with(tmp_path, text, BLIND, FACTS, CLINICIAN).findings == ()


@pytest.mark.parametrize(
    ("reviews", "why"),
    [
        ([], "no blind review"),
        ([BLIND], "no facts review"),
        ([FACTS], "no blind review"),
        ([BLIND | {"answer": "A", "agrees": False}, FACTS], "no blind review"),
        ([BLIND | {"hash": "0" * 64}, FACTS], "no blind review"),
        ([BLIND | {"reviewer": "author-1"}, FACTS], "no blind review"),
        ([BLIND, FACTS | {"reviewer": "author-1"}], "no facts review"),
        ([BLIND, FACTS | {"reviewer": "reviewer-1"}], "the same person"),
        ([BLIND, FACTS | {"agrees": False}], "disagreed"),
        ([BLIND, FACTS, CLINICIAN | {"agrees": False}], "doctor-1 disagreed"),
    ],
)
def test_a_status_that_is_not_earned_is_an_error(tmp_path: Path, reviews: list[dict[str, Any]], why: str) -> None:
    bank = bank_with(tmp_path, CROSS_CHECKED, *reviews)

    assert [(finding.rule, why in finding.text) for finding in bank.findings] == [("unearned-status", True)]
    assert bank.items == {}


def test_without_a_clinician_the_highest_status_is_not_earned(tmp_path: Path) -> None:
    bank = bank_with(tmp_path, item_text({"status": "clinician_reviewed"}), BLIND, FACTS)

    assert "no review by a clinician" in bank.findings[0].text


def test_a_later_review_by_the_same_person_replaces_the_earlier_one(tmp_path: Path) -> None:
    first = BLIND | {"answer": "A", "agrees": False, "on": "2026-10-01"}

    assert bank_with(tmp_path, CROSS_CHECKED, BLIND, first, FACTS).findings == ()


def test_a_draft_needs_no_review(tmp_path: Path) -> None:
    assert bank_with(tmp_path, item_text()).findings == ()


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ({"item": "renal-0008"}, "the file of"),
        ({"kind": "other"}, "kind"),
        ({"hash": "abc"}, "hash"),
        ({"on": "2026-02-30"}, "is not a day"),
        ({"on": "yesterday"}, "on"),
        ({"answer": None}, "states its answer"),
        ({"answer": "A"}, "said to agree"),
        ({"reviwer": "x"}, "reviewer"),
    ],
)
def test_a_review_that_is_not_one_is_named_with_its_line(tmp_path: Path, line: dict[str, Any], text: str) -> None:
    bank = bank_with(tmp_path, item_text(), FACTS, BLIND | line)

    finding = bank.findings[0]
    assert text in finding.text
    assert (finding.file, finding.line) == (str(tmp_path / "reviews" / "renal-0007.jsonl"), 2)


@pytest.mark.parametrize("line", ["{", "[" * 100_000, "3", '{"version": ' + "9" * 5000 + "}"])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    write_takeaways(tmp_path)
    write_item(tmp_path)
    path = write_reviews(tmp_path, "renal-0007")
    path.write_text("\n" + line + "\n")

    bank = read_bank([Root(tmp_path, "own")], codes=CODES)

    assert [finding.line for finding in bank.findings] == [2]


def test_reviews_of_an_item_that_is_not_there_are_a_warning(tmp_path: Path) -> None:
    write_takeaways(tmp_path)
    write_reviews(tmp_path, "renal-0099", FACTS)

    assert [finding.rule for finding in read_bank([Root(tmp_path, "own")], codes=CODES).findings] == ["stray-file"]


@pytest.mark.parametrize(("answer", "is_earned"), [("26", True), ("24.5", True), ("28", True), ("28.1", False), ("B", False)])
def test_a_blind_answer_within_the_tolerance_agrees_with_a_numeric_key(tmp_path: Path, answer: str, is_earned: bool) -> None:
    text = numeric_text(changes={"status": "cross_checked"})
    blind = review(item_of(text), "blind", "reviewer-1", answer=answer, agrees=is_earned)
    facts = review(item_of(text), "facts", "reviewer-2")

    rules = [finding.rule for finding in bank_with(tmp_path, text, blind, facts).findings]

    assert rules == ([] if is_earned else ["unearned-status"])


def test_a_blind_answer_outside_the_tolerance_can_not_be_said_to_agree(tmp_path: Path) -> None:
    text = numeric_text()
    blind = review(item_of(text), "blind", "reviewer-1", answer="28.1", agrees=True)

    finding = bank_with(tmp_path, text, blind).findings[0]

    assert (finding.rule, finding.text) == ("wrong-review", "the answer 28.1 is said to agree, and the key is 26 ± 2 mm Hg")
