"""Hours, days kept, and coming back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.study import DaysKept, Kind, Spent, days_kept, days_missed, ledger, lighter

MARCH = date(2026, 3, 1)


def days(*numbers):
    return {date(2026, 3, number) for number in numbers}


@pytest.mark.parametrize(
    ("finished", "today", "expected"),
    [
        (days(), 1, DaysKept(0, 0, 2)),
        (days(1, 2, 3), 3, DaysKept(3, 3, 2)),
        (days(1, 2, 3), 4, DaysKept(3, 3, 2)),  # today may still come
        (days(1, 2, 3), 5, DaysKept(3, 3, 1)),
        (days(1, 3, 5), 5, DaysKept(3, 3, 0)),
        (days(1, 3, 5, 7), 7, DaysKept(1, 3, 0)),  # the third rest day of the month
        (days(1, 2, 20), 20, DaysKept(1, 2, 0)),
    ],
)
def test_two_rest_days_a_month_never_break_a_run(finished, today, expected):
    assert days_kept(finished, date(2026, 3, today)) == expected


def test_each_month_brings_its_own_rest_days():
    finished = {MARCH + timedelta(days=n) for n in range(60)} - days(30, 31) - {date(2026, 4, 1), date(2026, 4, 2)}

    assert days_kept(finished, date(2026, 4, 29)).n_days == 56


@given(st.sets(st.integers(1, 28)), st.integers(1, 28))
def test_a_run_counts_no_day_twice_and_no_day_without_a_session(numbers, today):
    kept = days_kept(days(*numbers), date(2026, 3, today))

    assert kept.n_days <= kept.longest <= sum(number <= today for number in numbers)


@pytest.mark.parametrize(("today", "off", "expected"), [(4, (), 0), (5, (), 1), (11, (), 7), (11, (5, 6), 5)])
def test_missed_days_are_those_since_the_last_session_that_are_no_days_off(today, off, expected):
    assert days_missed(days(1, 2, 3), date(2026, 3, today), days(*off)) == expected


def test_whoever_never_began_has_missed_nothing():
    assert days_missed(days(), MARCH) == 0


@given(st.floats(0, 600), st.integers(0, 400))
def test_after_missed_days_a_day_is_lighter_and_never_longer(minutes, n_missed):
    assert 0 <= lighter(minutes, n_missed) <= minutes
    assert lighter(minutes, n_missed + 1) <= lighter(minutes, n_missed)


def test_a_day_after_one_missed_is_three_quarters_and_after_three_a_half():
    assert [lighter(60, n) for n in (0, 1, 2, 3, 30)] == [60, 45, 45, 30, 30]


def test_the_ledger_adds_hours_by_kind_and_by_week():
    spent = [
        Spent(date(2026, 3, 1), Kind.CASE, 30),
        Spent(date(2026, 3, 2), Kind.NEW, 60),
        Spent(date(2026, 3, 8), Kind.NEW, 30),
    ]

    found = ledger(spent)

    assert found.hours == 2
    assert found.by_kind == {Kind.CASE: 0.5, Kind.NEW: 1.5}
    assert found.by_week == {date(2026, 2, 23): 0.5, date(2026, 3, 2): 1.5}
