"""The log of reviews, and its merge."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.study import EntriesDifferError, Grade, Withdrawal, merged, standing
from tests.study.made import NOON, reviewed

ENTRIES = st.builds(
    lambda n, minutes: reviewed(n, f"renal.{n % 5}", Grade(n % 4 + 1), NOON + timedelta(minutes=minutes)),
    st.integers(0, 30),
    st.just(0),
)
LOGS = st.lists(ENTRIES, max_size=20)


@given(LOGS, LOGS, LOGS)
def test_logs_merge_to_the_same_in_any_order_and_however_often(one, two, three):
    whole = merged(one, two, three)

    assert merged(three, merged(two, one)) == whole
    assert merged(whole, whole) == whole
    assert {entry.uuid for entry in whole} == {entry.uuid for entry in [*one, *two, *three]}


def test_two_entries_under_one_uuid_are_refused_and_named():
    with pytest.raises(EntriesDifferError) as refused:
        merged([reviewed(7)], [replace(reviewed(7), grade=Grade.AGAIN)])

    assert refused.value.uuid == UUID(int=7)


def test_a_review_that_was_taken_back_no_longer_stands_wherever_the_two_were_written():
    undo = Withdrawal(UUID(int=9), UUID(int=1), NOON)

    assert [review.uuid.int for review in standing(merged([reviewed(1)], [undo, reviewed(2)]))] == [2]


def test_reviews_stand_in_the_order_of_time():
    late, early = reviewed(1, at=NOON + timedelta(hours=1)), reviewed(2)

    assert standing([late, early]) == [early, late]
