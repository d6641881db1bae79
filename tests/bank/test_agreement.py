"""How far reviews agree with the bank, and what becomes of a disagreement."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.bank import Outcome, Reread, Review, Share, Trust, make_member, record_of, trust_of
from bedside.bank.review_file import parse_reviews
from bedside.reading import Source
from tests.support.items import item_of, item_text, review
from tests.support.models import model_of

ITEM = item_of(item_text())  # its key is B
OLD = "0" * 64


def reviews(*rows: Mapping[str, Any]) -> tuple[Review, ...]:
    source = Source("reviews/renal-0007.jsonl", "\n".join(json.dumps(row) for row in rows))
    found, findings = parse_reviews(source, item_id="renal-0007")
    assert findings == ()
    return found


def blind(answer: str = "B", reviewer: str = "reader-1", **changes: Any) -> dict[str, Any]:
    return review(ITEM, "blind", reviewer, answer=answer, agrees=answer == "B", **changes)


def facts(reviewer: str = "checker-1", **changes: Any) -> dict[str, Any]:
    return review(ITEM, "facts", reviewer, **{"agrees": True, **changes})


def test_the_first_reading_is_the_first_blind_review_on_file() -> None:
    first = blind("A", on="2026-10-01", hash=OLD)
    record = record_of(ITEM, reviews(blind(reviewer="reader-2"), first))

    assert (record.first_agreed, record.first_choice) == (False, "A")


def test_a_blind_review_that_says_nothing_of_agreeing_is_held_to_the_key() -> None:
    assert record_of(ITEM, reviews(blind("A") | {"agrees": None})).first_agreed is False
    assert record_of(ITEM, reviews(blind("B") | {"agrees": None})).first_agreed is True
    assert record_of(ITEM, reviews(blind("B") | {"agrees": None, "hash": OLD})).first_agreed is None


@pytest.mark.parametrize(
    ("finding", "agreed", "choice"),
    [
        ("Another reader (reader-0) had chosen B before the item was mended.", True, "B"),
        ("Another reader (reader-0) had chosen A with the options covered before the item was mended.", False, "A"),
        ("Before the last changes: one best answer. After them: the same.", None, ""),
        ("No error found.", True, "B"),
    ],
)
def test_a_row_that_tells_of_an_earlier_reading_is_taken_at_its_words(finding: str, agreed: bool | None, choice: str) -> None:
    record = record_of(ITEM, reviews(blind(finding=finding)))

    assert (record.first_agreed, record.first_choice) == (agreed, choice)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"covered": "Mixed disorder", "covered_agrees": False}, (False,)),
        ({"covered": "Mixed disorder"}, (None,)),
        ({"finding": "Answered with the options covered: mixed; then the same among the options."}, (True,)),
        ({"finding": "Answered with the options covered: mixed; then B among the options."}, (None,)),
        ({"finding": "The options were seen before the stem."}, ()),
    ],
)
def test_an_answer_given_with_the_options_covered_is_counted_as_far_as_it_was_judged(
    row: dict[str, Any], told: tuple[bool | None, ...]
) -> None:
    assert record_of(ITEM, reviews(blind(**row))).covered == told


@pytest.mark.parametrize(
    ("rows", "outcomes"),
    [
        ([blind("A")], [Outcome.OPEN]),
        ([blind("A", hash=OLD)], [Outcome.CHANGED]),
        ([blind("A", on="2026-10-01"), blind("B")], [Outcome.HELD]),
        ([blind("A", on="2026-10-01"), blind("B", reviewer="reader-2")], [Outcome.OPEN]),
        ([facts(agrees=False)], [Outcome.OPEN]),
        ([facts(finding="Did not agree until this was changed, which was done.")], [Outcome.CHANGED]),
        ([blind(), facts()], []),
    ],
)
def test_what_became_of_a_disagreement(rows: list[dict[str, Any]], outcomes: list[Outcome]) -> None:
    assert [one.outcome for one in record_of(ITEM, reviews(*rows)).disagreements] == outcomes


@pytest.mark.parametrize(
    ("rows", "reread"),
    [
        ([facts(change="10 mg")], [Reread.UNREAD]),
        ([facts(change="10 mg"), facts("checker-2", on="2026-11-02")], [Reread.READ]),
        ([facts(change="10 mg"), facts("checker-2", change="20 mg", on="2026-11-02")], [Reread.READ, Reread.UNREAD_AGAIN]),
        (
            [facts(change="x"), facts("checker-2", on="2026-11-02", finding="Read before mending, not after it. y")],
            [Reread.UNREAD],
        ),
        ([facts()], []),
    ],
)
def test_whether_somebody_read_the_text_after_a_change(rows: list[dict[str, Any]], reread: list[Reread]) -> None:
    assert [one.reread for one in record_of(ITEM, reviews(*rows)).changes] == reread


def test_areas_are_counted_apart_and_together() -> None:
    other = replace(ITEM, id="blood-0001")
    agreeing, against = reviews(blind()), reviews(blind("A"))

    trust = trust_of([ITEM, other], {"renal-0007": agreeing, "blood-0001": against})

    assert [(area.area, area.first.k, area.first.n) for area in trust.areas] == [("blood", 0, 1), ("renal", 1, 1)]
    assert (trust.total.first.k, trust.total.first.n, trust.total.n_disagreements["open"]) == (1, 2, 1)
    assert trust.as_dict()["disagreements"][0]["became"] == "open"


def test_an_item_without_a_blind_review_has_no_first_reading() -> None:
    total = trust_of([ITEM], {"renal-0007": reviews(facts())}).total

    assert (total.first.n, total.n_unread, total.n_first_untold) == (0, 1, 0)
    assert total.first.as_dict() == {"agreed": 0, "of": 0, "share": None, "low": 0.0, "high": 1.0}


def test_the_interval_is_that_of_wilson() -> None:
    # Newcombe, Stat Med 1998;17:857-872, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29
    known = {(81, 263): (0.2553, 0.3662), (15, 148): (0.0624, 0.1605), (0, 20): (0.0, 0.1611), (1, 29): (0.0061, 0.1718)}
    for (k, n), interval in known.items():
        assert Share(k, n).interval == pytest.approx(interval, abs=5e-5)


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_mirrors(pair: tuple[int, int]) -> None:
    k, n = pair
    low, high = Share(k, n).interval
    assert 0 <= low <= k / n <= high <= 1
    assert Share(n - k, n).interval == pytest.approx((1 - high, 1 - low))


def test_a_model_is_read_by_its_members_and_counted_apart_from_the_items() -> None:
    model = model_of()
    keys = {seed: make_member(model, seed).item.key[0] for seed in (1, 2, 3)}
    wrong = keys | {3: "A" if keys[3] != "A" else "B"}
    row = {"item": model.id, "version": model.version, "hash": model.content_hash, "kind": "blind", "on": "2026-11-29"}
    row |= {"finding": "", "agrees": None}

    def told(answers: dict[int, str]) -> Trust:
        members = {str(seed): letter for seed, letter in answers.items()}
        text = json.dumps({**row, "reviewer": "reader-1", "members": members})
        found, findings = parse_reviews(Source("r.jsonl", text), item_id=model.id)
        assert findings == ()
        return trust_of([ITEM], {model.id: found}, models=[model])

    assert (told(keys).models.first.k, told(keys).models.first.n, told(keys).total.n_items) == (1, 1, 1)
    (against,) = told(wrong).disagreements
    assert (against.outcome, against.key) == (Outcome.OPEN, "")
