"""Sets, forward-only blocks and numeric items: what locks, and what is right."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import (
    Answer,
    Form,
    FormBlock,
    FormSet,
    Key,
    Mode,
    Navigation,
    Reason,
    SetKind,
    fold,
    key_from_text,
)
from bedside.errors import UsageError
from tests.support.sittings import T0, form, in_block, item, reasons

PARTS = form(set_kind=SetKind.SEQUENTIAL)


def test_a_later_part_is_out_of_reach_until_the_candidate_moves_on() -> None:
    log = in_block().add(delivery.Answered("test-102", ("A",)), at=1).add(delivery.MovedOn("test-101"), at=2)
    log.add(delivery.Answered("test-102", ("B",)), at=3)

    sitting = fold(PARTS, log.events)

    assert reasons(sitting) == [Reason.OUT_OF_ORDER]
    assert sitting.answers["test-102"].choice == ("B",)


def test_a_part_that_was_left_keeps_its_answer_and_can_still_be_read_and_flagged() -> None:
    log = in_block().add(delivery.Answered("test-101", ("A",)), at=1).add(delivery.MovedOn("test-101"), at=2)
    log.add(delivery.Answered("test-101", ("B",)), at=3).add(delivery.Cleared("test-101"), at=4)
    log.add(delivery.ItemShown("test-101"), at=5).add(delivery.Flagged("test-101", on=True), at=6)

    sitting = fold(PARTS, log.events)

    assert reasons(sitting) == [Reason.ITEM_LOCKED, Reason.ITEM_LOCKED]
    assert sitting.answers["test-101"].choice == ("A",)
    assert sitting.work["test-101"].is_flagged


def test_in_a_forward_only_block_an_item_that_was_left_is_behind() -> None:
    forward = form(navigation=Navigation.FORWARD_ONLY)
    log = in_block().add(delivery.MovedOn("test-101"), at=1).add(delivery.ItemShown("test-101"), at=2)

    assert reasons(fold(forward, log.events)) == [Reason.ITEM_LOCKED]


def test_the_items_of_a_shared_set_are_answered_in_any_order_and_never_left() -> None:
    shared = form(set_kind=SetKind.SHARED)
    log = in_block().add(delivery.Answered("test-103", ("A",)), at=1).add(delivery.MovedOn("test-101"), at=2)

    sitting = fold(shared, log.events)

    assert set(sitting.answers) == {"test-103"}
    assert reasons(sitting) == [Reason.OUT_OF_ORDER]


def test_a_set_stands_together_and_an_item_names_a_set_that_is_there() -> None:
    one = FormSet("s", SetKind.SEQUENTIAL)
    apart = (item(1, 1, in_set="s"), item(1, 2), item(1, 3, in_set="s"))
    with pytest.raises(UsageError, match="do not stand together"):
        Form("f", Mode.EXAM, (FormBlock(apart, 60, sets=(one,)),))
    with pytest.raises(UsageError, match='names the set "s", which is not there'):
        Form("f", Mode.EXAM, (FormBlock(apart[:1], 60),))


def test_a_numeric_item_takes_a_number_and_no_other_item_does() -> None:
    log = in_block().add(delivery.Answered("test-101", ("A",)), at=1).add(delivery.Answered("test-101", value="7.4"), at=2)

    numeric = fold(form(kind="numeric"), log.events)
    lettered = fold(form(), log.events)

    assert (numeric.answers["test-101"].value, reasons(numeric)) == ("7.4", [Reason.NOT_A_VALUE])
    assert (lettered.answers["test-101"].choice, reasons(lettered)) == (("A",), [Reason.NOT_A_VALUE])


def test_a_number_can_be_changed_and_taken_back() -> None:
    log = in_block().add(delivery.Answered("test-101", value="7.4"), at=1).add(delivery.Answered("test-101", value="7.5"), at=2)
    log.add(delivery.Cleared("test-101"), at=3)

    sitting = fold(form(kind="numeric"), log.events)

    assert not sitting.answers
    answer = sitting.work["test-101"].answer
    assert answer is not None
    assert answer.history == (("7.4",), ("7.5",), ())


def given_number(value: str) -> Answer:
    return Answer((), 0, None, T0, ((value,),), value)


@pytest.mark.parametrize(
    ("value", "is_right"), [("7.33", True), ("7.37", True), ("7.329", False), ("7.3700001", False), ("+7.35", True)]
)
def test_a_number_is_right_within_the_tolerance_both_ends_included(value, is_right) -> None:
    assert Key(value="7.35", tolerance="0.02").is_right(given_number(value)) is is_right


@given(st.decimals(-(10**6), 10**6, places=3), st.decimals(0, 100, places=2), st.decimals(-(10**6), 10**6, places=4))
def test_numbers_are_compared_exactly_as_decimals(key, tolerance, answer) -> None:
    expected = abs(Decimal(answer) - Decimal(key)) <= tolerance

    assert Key(value=f"{key:f}", tolerance=f"{tolerance:f}").is_right(given_number(f"{answer:f}")) is expected


@given(st.sets(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), min_size=1).map(lambda some: Key(tuple(sorted(some)))))
def test_a_key_of_letters_reads_back_from_its_text(key) -> None:
    assert key_from_text(key.as_text()) == key


@given(st.decimals(-(10**9), 10**9, places=3), st.decimals(0, 10, places=2))
def test_a_key_of_a_number_reads_back_from_its_text(value, tolerance) -> None:
    key = Key(value=f"{value:f}", tolerance=f"{tolerance:f}")

    assert key_from_text(key.as_text()) == key


@pytest.mark.parametrize("text", ["", "b", "AA", "A B", "=", "=7", "=7±", "=1e5±1", "=7.35±0.02x"])
def test_what_is_no_key_is_refused(text) -> None:
    with pytest.raises(UsageError, match="is no key"):
        key_from_text(text)
