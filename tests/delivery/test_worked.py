"""What a candidate did on each item, from a sitting that was folded."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import Change, Form, Key, Outcome, Worked, fold, score, worked_items
from bedside.delivery.event_parts import Confidence
from tests.support.sittings import Log, form, in_block, minutes

UNTIMED = settings(deadline=None)  # a busy machine is no failure
FORM = form(blocks=1, items=3, limit_min=30)
KEYS = {name: Key(("B",)) for name in ("test-101", "test-102", "test-103")}


def worked(log: Log, *, a_form: Form = FORM) -> tuple[Worked, ...]:
    return worked_items(a_form, fold(a_form, log.events), KEYS)


def answered(item: str, choice: str, *, ms: int = 1000, confidence: Confidence | None = None) -> delivery.Body:
    return delivery.Answered(item, (choice,), ms=ms, confidence=confidence)


def test_an_item_has_its_outcome_its_time_and_what_was_left_on_the_clock():
    log = in_block(at=0).add(answered("test-101", "B", ms=40_000, confidence="sure"), at=10)
    log.add(delivery.Flagged("test-102", on=True), at=11).add(delivery.BlockClosed(1), at=29)

    first, second, third = worked(log)

    assert (first.is_right, first.ms, first.at, first.left_ms) == (True, 40_000, minutes(10), 20 * 60_000)
    assert (first.confidence, first.n_options, first.is_flagged) == ("sure", 5, False)
    # without an answer an item belongs to the end of its block, here a minute before the clock would have run out
    assert (second.is_answered, second.is_right, second.at, second.left_ms) == (False, False, minutes(29), 60_000)
    assert second.is_flagged
    assert (third.ms, third.change) == (None, None)


def test_a_block_that_the_clock_closed_ended_at_its_deadline():
    log = in_block(at=0).add(answered("test-101", "B"), at=29).add(delivery.TimeExpired(1), at=30)

    assert worked(log)[0].left_ms == 60_000


def test_without_a_clock_nothing_is_left_on_it():
    log = in_block(at=0).add(answered("test-101", "B"), at=29).add(delivery.BlockClosed(1), at=30)

    assert worked(log, a_form=form(blocks=1, items=3, limit_min=None))[0].left_ms is None


@pytest.mark.parametrize(
    ("choices", "change"),
    [
        ("B", None),
        ("BB", None),
        ("AB", Change.WRONG_TO_RIGHT),
        ("BA", Change.RIGHT_TO_WRONG),
        ("AC", Change.WRONG_TO_WRONG),
        ("BAB", Change.RIGHT_TO_RIGHT),
        ("A-B", Change.WRONG_TO_RIGHT),
        ("B-B", None),
        ("A-", None),
    ],
)
def test_a_change_goes_from_the_first_choice_to_the_last_and_taking_back_is_none(choices, change):
    log = in_block()
    for at, choice in enumerate(choices, start=1):
        log.add(delivery.Cleared("test-101") if choice == "-" else answered("test-101", choice), at=at)

    assert worked(log.add(delivery.BlockClosed(1), at=29))[0].change is change


def test_a_change_from_one_accepted_option_to_another_stays_right():
    log = in_block().add(answered("test-101", "A"), at=1).add(answered("test-101", "B"), at=2)
    log.add(delivery.BlockClosed(1), at=3)

    first = worked_items(FORM, fold(FORM, log.events), {**KEYS, "test-101": Key(("A", "B"))})[0]

    assert first.change is Change.RIGHT_TO_RIGHT


def test_a_number_that_was_changed_is_judged_by_its_tolerance():
    numeric = delivery.FormItem("test-101", 1, "numeric", ())
    a_form = replace(FORM, blocks=(delivery.FormBlock((numeric,), 1800),))
    log = in_block().add(delivery.Answered("test-101", (), ms=1, value="7.3"), at=1)
    log.add(delivery.Answered("test-101", (), ms=2, value="7.36"), at=2).add(delivery.BlockClosed(1), at=3)

    only = worked_items(a_form, fold(a_form, log.events), {"test-101": Key(value="7.35", tolerance="0.02")})[0]

    assert (only.change, only.is_right, only.n_options) == (Change.WRONG_TO_RIGHT, True, 0)


def test_a_dropped_item_is_not_among_them_and_the_others_keep_their_positions():
    log = in_block().add(delivery.BlockClosed(1), at=3)

    left = worked_items(FORM, fold(FORM, log.events), KEYS, dropped=["test-101"])

    assert [(one.item, one.position) for one in left] == [("test-102", 2), ("test-103", 3)]


@UNTIMED
@given(st.lists(st.sampled_from(["", "A", "B", "C"]), min_size=3, max_size=3), st.sampled_from(["B", "AB"]))
def test_an_item_is_right_exactly_where_its_score_says_so(choices, key):
    log = in_block()
    for number, choice in enumerate(choices, start=1):
        if choice:
            log.add(answered(f"test-10{number}", choice), at=number)
    sitting = fold(FORM, log.add(delivery.BlockClosed(1), at=9).events)
    keys = {item: Key(tuple(key)) for item in KEYS}

    outcomes = [one.outcome is Outcome.RIGHT for one in score(FORM, sitting, keys, {}).items]

    assert [one.is_right for one in worked_items(FORM, sitting, keys)] == outcomes
