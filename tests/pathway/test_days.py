"""Months and years after a day, and when training reaches a number of months."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.pathway.days import NEVER, day_of, merged, months_after, reached

DAYS = st.dates(date(1950, 1, 1), date(2150, 1, 1))


def number(text: str) -> int:
    return date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        ("2011-09-15", 6, "2012-03-15"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2018-06-02", 84, "2025-06-02"),
        ("2026-12-31", 1, "2027-01-31"),
    ],
)
def test_so_many_months_after_a_day_is_the_same_day_of_the_month_or_its_last(day: str, months: int, after: str) -> None:
    assert months_after(number(day), months) == number(after)


def test_never_stays_never() -> None:
    assert months_after(NEVER, 12) == NEVER
    assert months_after(number("9999-06-01"), 12) == NEVER
    assert day_of(NEVER) is None


@given(DAYS, DAYS, st.integers(0, 200))
def test_a_later_day_never_lands_earlier(one: date, other: date, months: int) -> None:
    first, second = sorted([one.toordinal(), other.toordinal()])
    assert months_after(first, months) <= months_after(second, months)


def test_a_year_of_training_is_reached_the_day_after_its_last() -> None:
    assert reached([(number("2026-07-01"), number("2027-07-01"))], 12) == number("2027-07-01")


def test_years_that_follow_each_other_add_up_and_overlaps_count_once() -> None:
    stretches = merged(
        [
            (number("2027-07-01"), number("2028-07-01")),
            (number("2026-07-01"), number("2027-07-01")),
            (number("2027-01-01"), number("2027-07-01")),
        ]
    )

    assert stretches == [(number("2026-07-01"), number("2028-07-01"))]
    assert reached(stretches, 24) == number("2028-07-01")
    assert reached(stretches, 25) == NEVER


def test_what_is_left_of_a_stretch_counts_in_days_towards_the_next() -> None:
    stretches = [(number("2026-07-01"), number("2026-12-16")), (number("2027-07-01"), number("2028-07-01"))]

    # five months and fifteen days, then seven months from 2027-07-01 less fifteen days
    assert reached(stretches, 12) == number("2028-02-01") - 15


def test_training_that_goes_on_reaches_every_number() -> None:
    assert reached([(number("2026-07-01"), NEVER)], 36) == number("2029-07-01")


@given(st.lists(st.tuples(DAYS, st.integers(1, 900)), min_size=1, max_size=5), st.integers(1, 60))
def test_at_least_so_many_months_lie_behind_on_the_day_they_are_reached(stretches: list[tuple[date, int]], months: int) -> None:
    periods = merged((day.toordinal(), (day + timedelta(n)).toordinal()) for day, n in stretches)
    day = reached(periods, months)

    trained = sum(min(end, day) - start for start, end in periods if start < day)
    if day == NEVER:
        assert trained < 31 * months + 31 * len(periods)
    else:
        assert 28 * months <= trained <= 31 * months
        assert any(start < day <= end for start, end in periods)
