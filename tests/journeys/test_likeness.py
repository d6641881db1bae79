"""How alike two beginnings are, by Gower's coefficient."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.journeys import AGES, WORK_HOURS, YEARS_SINCE_GRADUATION, Beginning, Start, likeness, most_alike
from tests.journeys.test_journey import WHOLE

STARTS = st.builds(
    Start,
    age=st.none() | st.sampled_from(AGES),
    trained_in=st.none() | st.sampled_from(["IN", "PH", "PK"]),
    years_since_graduation=st.none() | st.sampled_from(YEARS_SINCE_GRADUATION),
    work_hours=st.none() | st.sampled_from(WORK_HOURS),
    language=st.none() | st.sampled_from(["hi", "tl"]),
    level=st.none() | st.integers(0, 1000),
)
BEGINNINGS = st.builds(Beginning, programme=st.just("usmle"), step=st.sampled_from(["step1", "step2ck"]), start=STARTS)
NOBODY = Beginning("usmle", "step1", Start())


@given(BEGINNINGS, BEGINNINGS)
def test_it_is_the_same_in_both_directions_and_lies_between_0_and_1(one: Beginning, other: Beginning) -> None:
    found = likeness(one, other)

    assert found == likeness(other, one)
    assert found.alike is None or 0 <= found.alike <= 1


@given(BEGINNINGS)
def test_somebody_is_wholly_like_themselves(one: Beginning) -> None:
    assert likeness(one, one).alike in (None, 1.0)


def test_what_one_of_them_does_not_tell_is_not_compared() -> None:
    theirs = Beginning("usmle", "step1", Start(age="50 and over", trained_in="PH"))

    assert likeness(NOBODY, theirs).alike is None
    assert likeness(NOBODY, theirs).by_feature == {"step": 1.0}


def test_of_what_has_an_order_the_distance_counts() -> None:
    one = Beginning("usmle", "step1", Start(age="under 25", work_hours="none", level=400))
    other = Beginning("usmle", "step2ck", Start(age="30 to 34", work_hours="over 40", level=500))

    found = likeness(one, other)

    assert found.by_feature == {"step": 0.0, "age": pytest.approx(0.6), "work_hours": 0.0, "level": pytest.approx(0.75)}
    assert found.alike == pytest.approx((0 + 0.6 + 0 + 0.75) / 4)


def test_the_most_alike_come_first_and_of_as_alike_the_one_of_which_more_was_compared() -> None:
    near = replace(WHOLE, start=Start(age="50 and over", trained_in="PH"))
    nearer = replace(WHOLE, start=Start(age="50 and over", trained_in="PH", language="tl"))
    far = replace(WHOLE, start=Start(age="under 25", trained_in="US"))
    mine = Beginning("usmle", "step2ck", Start(age="50 and over", trained_in="PH", language="tl"))

    assert [journey for journey, _ in most_alike(mine, [far, near, nearer])] == [nearer, near, far]


def test_those_of_the_same_step_stand_before_others_however_alike_these_are() -> None:
    start = Start(age="50 and over", trained_in="PH", language="tl", level=500)
    other = replace(WHOLE, id=UUID(int=1), step="step1", start=start)
    same = replace(WHOLE, id=UUID(int=2), start=Start(age="under 25", trained_in="US", language="en", level=500))

    found = most_alike(Beginning("usmle", "step2ck", start), [other, same])

    assert [journey.step for journey, _ in found] == ["step2ck", "step1"]
    assert (found[1][1].alike or 0) > (found[0][1].alike or 0)


def test_a_feature_is_alike_from_three_quarters_of_nearness_on() -> None:
    mine = Beginning("usmle", "step1", Start("under 25", "IN", "still studying", "none", "hi", 400))
    theirs = Beginning("usmle", "step1", Start("25 to 29", "PH", "3 to 5", "under 20", None, 500))

    found = likeness(mine, theirs)

    assert found.like == ("step", "age", "level")
    assert found.different == ("trained_in", "years_since_graduation", "work_hours")
    assert likeness(NOBODY, NOBODY).like == ("step",)


def test_where_nothing_else_is_told_those_of_the_same_step_come_first() -> None:
    other = replace(WHOLE, id=UUID(int=1), step="step1", start=Start())
    same = replace(WHOLE, id=UUID(int=2), start=Start())

    assert [journey.step for journey, _ in most_alike(Beginning("usmle", "step2ck", Start()), [other, same])] == [
        "step2ck",
        "step1",
    ]
