"""Models among the other files of a bank: found, locked, reviewed, and left out where they have an error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bedside.bank import Bank, Model, Root, lock_text, make_member, parse_lock, read_bank
from bedside.findings import Severity
from bedside.reading import Source
from tests.support.items import CODES, write_item, write_reviews, write_takeaways
from tests.support.models import model_of, model_text, write_model

CROSS_CHECKED = model_text(status="cross_checked")
MODEL = model_of()


def _bank(root: Path, text: str | None = None, *reviews: dict[str, Any]) -> Bank:
    write_takeaways(root)
    write_model(root, text=text)
    if reviews:
        write_reviews(root, "renal-m001", *reviews)
    return read_bank([Root(root, "own")], codes=CODES)


def _keys(model: Model, *seeds: int) -> dict[str, str]:
    return {str(seed): make_member(model, seed).item.shown_key for seed in seeds}


def _review(kind: str, reviewer: str, **changes: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"item": MODEL.id, "version": 1, "hash": MODEL.content_hash, "kind": kind, "reviewer": reviewer}
    return {**row, "on": "2026-11-30", "finding": "", "change": "", "agrees": True, **changes}


BLIND = _review("blind", "reader-1", members=_keys(MODEL, 1, 2, 3))
FACTS = _review("facts", "checker-1")
WRONG = {**_keys(MODEL, 1, 2), "3": "D"}


def test_models_stand_beside_the_items_and_members_are_found(tmp_path: Path) -> None:
    write_item(tmp_path)
    bank = _bank(tmp_path)

    assert bank.findings == ()
    assert (list(bank.items), list(bank.models)) == (["renal-0007"], ["renal-m001"])
    assert bank.collection_of["renal-m001"] == "own"
    found = bank.find("renal-m001:17")
    assert found is not None
    assert found.content_hash == make_member(MODEL, 17).item.content_hash
    assert bank.find("renal-0007") is bank.items["renal-0007"]
    assert [bank.find(name) for name in ("renal-m002:17", "renal-m001", "renal-0008", "renal-m001:0")] == [None] * 4


def test_a_model_with_an_error_is_left_out_and_named(tmp_path: Path) -> None:
    bank = _bank(tmp_path, model_text(check=None))

    assert not bank.models
    assert list(bank.left_out.values()) == ['line 1: missing key "check": the key computed a second way']


def test_a_model_that_is_no_yaml_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    write_item(tmp_path)
    bank = _bank(tmp_path, "id: [")

    assert list(bank.items) == ["renal-0007"]
    assert [error.file for error in bank.unreadable] == [str(tmp_path / "models" / "renal" / "renal-m001.yaml")]


def test_the_id_of_an_item_is_none_of_a_model(tmp_path: Path) -> None:
    write_model(tmp_path, "renal-0007")
    write_item(tmp_path)
    bank = _bank(tmp_path)

    assert [finding.rule for finding in bank.findings] == ["duplicate-id"]


@pytest.mark.parametrize(
    ("line", "changes", "rule"),
    [
        (f"renal-m001 1 {MODEL.content_hash}\n", {}, None),
        (f"renal-m001 1 {MODEL.content_hash}\n", {"check": "expected"}, None),
        (f"renal-m001 1 {MODEL.content_hash}\n", {"offer": "5"}, "changed-meaning"),
        (f"renal-m001 1 {MODEL.content_hash}\n", {"offer": "5", "version": "2"}, "not-locked"),
        (f"renal-m001 2 {MODEL.content_hash}\n", {}, "version-back"),
        (f"renal-m001 1 {MODEL.content_hash} retired\n", {}, "id-reused"),
        (f"renal-m001 1 {MODEL.content_hash}\nrenal-m009 1 {MODEL.content_hash}\n", {}, "item-gone"),
    ],
)
def test_a_model_is_locked_as_an_item_is(tmp_path: Path, line: str, changes: dict[str, str], rule: str | None) -> None:
    (tmp_path / "versions.lock").write_text(line)
    bank = _bank(tmp_path, model_text(**changes))

    assert [finding.rule for finding in bank.findings] == ([rule] if rule else [])


def test_the_lock_takes_models_up(tmp_path: Path) -> None:
    bank = _bank(tmp_path)

    assert lock_text(parse_lock(Source("versions.lock", "")), bank.models.values()) == f"renal-m001 1 {MODEL.content_hash}\n"


def test_three_members_answered_blind_and_a_check_of_facts_earn_cross_checked(tmp_path: Path) -> None:
    bank = _bank(tmp_path, CROSS_CHECKED, BLIND, FACTS)

    assert bank.findings == ()
    assert bank.reviews["renal-m001"][0].members == {int(seed): key for seed, key in BLIND["members"].items()}


@pytest.mark.parametrize(
    ("reviews", "why"),
    [
        ([FACTS], "no blind review"),
        ([BLIND], "no facts review"),
        ([_review("blind", "author-1", members=BLIND["members"]), FACTS], "no blind review"),
        ([BLIND, _review("facts", "reader-1")], "the same person"),
        ([_review("blind", "reader-1", members=WRONG, agrees=False), FACTS], "reader-1 disagreed"),
        ([{**BLIND, "hash": "0" * 64}, FACTS], "no blind review"),
        ([{**BLIND, "members": _keys(MODEL, 1, 2), "agrees": None}, FACTS], "no blind review"),
        ([_review("blind", "reader-1", answer="B", agrees=None), FACTS], "no blind review"),
    ],
)
def test_a_status_that_is_not_earned_leaves_the_model_out(tmp_path: Path, reviews: list[dict[str, Any]], why: str) -> None:
    bank = _bank(tmp_path, CROSS_CHECKED, *reviews)

    assert not bank.models
    assert any(finding.rule == "unearned-status" and why in finding.text for finding in bank.findings)


@pytest.mark.parametrize(
    ("review", "words"),
    [
        (_review("blind", "reader-1", members=WRONG), "the answer D to seed 3 is said to agree"),
        (_review("blind", "reader-1", members=_keys(MODEL, 1, 2)), "at least 3 members, not 2"),
        (_review("blind", "reader-1", members={"0": "A"}), "members.0"),
        (_review("blind", "reader-1", members={"1": "AB"}), "members.1"),
        (_review("blind", "reader-1"), "to each of several members"),
    ],
)
def test_a_review_that_contradicts_the_members_is_found(tmp_path: Path, review: dict[str, Any], words: str) -> None:
    bank = _bank(tmp_path, None, review)

    assert any(finding.severity is Severity.ERROR and words in finding.text for finding in bank.findings), json.dumps(
        [finding.as_dict() for finding in bank.findings]
    )
