"""What is told of groups: the product-limit estimate against a published example, and never of few."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.journeys import (
    MIN_GROUP,
    READY,
    Chance,
    Journey,
    JourneyWeek,
    Result,
    SmallGroupError,
    group_of,
    hours_to_ready,
    hours_until_ready,
)
from tests.journeys.test_journey import WHOLE

# Freireich EJ, Gehan E, Frei E, et al. The effect of 6-mercaptopurine on the duration of steroid-induced remissions in acute
# leukemia. Blood 1963;21:699-716: weeks of remission under 6-mercaptopurine, 9 of 21 relapsed
WEEKS = [6, 6, 6, 7, 10, 13, 16, 22, 23]
CENSORED = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
# the estimate as it stands in textbooks, to three digits
PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def journey(minutes: int, p: int, *, outcome: str | None = None) -> Journey:
    week = JourneyWeek(0, {"new": minutes}, 3, 20, 9, {"renal": 20}, Chance(p, max(0, p - 100), min(1000, p + 100)))
    results = (Result(0, "exam", "step2ck", outcome),) if outcome else ()  # type: ignore[arg-type]
    return replace(WHOLE, weeks=(week,), results=results, n_weeks=1, notes=())


def test_the_estimate_is_that_of_the_published_example() -> None:
    found = hours_to_ready([*((float(week), True) for week in WEEKS), *((float(week), False) for week in CENSORED)])

    assert {step.hours: round(1 - step.share, 3) for step in found.steps} == PUBLISHED
    assert found.quarters == (13.0, 23.0, None)  # the upper quartile was not reached
    assert (found.n, found.n_ready, found.longest) == (21, 9, 35.0)
    assert [step.n_at_risk for step in found.steps] == [21, 17, 15, 12, 11, 7, 6]


@given(st.lists(st.tuples(st.floats(0, 2000), st.booleans()), min_size=1))
def test_the_share_only_grows_and_never_passes_1(observed: list[tuple[float, bool]]) -> None:
    shares = [step.share for step in hours_to_ready(observed).steps]

    assert shares == sorted(shares)
    assert all(0 < share <= 1 + 1e-9 for share in shares)


def test_without_censoring_it_is_the_share_itself() -> None:
    found = hours_to_ready([(float(hours), True) for hours in range(1, 5)])

    assert [step.share for step in found.steps] == pytest.approx([0.25, 0.5, 0.75, 1.0])
    assert found.quarters == (1.0, 2.0, 3.0)


def test_hours_count_to_the_end_of_the_first_ready_week() -> None:
    assert hours_until_ready(journey(600, READY)) == (10.0, True)
    assert hours_until_ready(journey(600, READY - 1)) == (10.0, False)
    assert hours_until_ready(replace(WHOLE, weeks=())) == (0.0, False)


def test_a_group_is_told_of_from_twenty_on() -> None:
    many = [journey(60 * n, READY if n % 2 else 300, outcome="pass" if n % 3 else None) for n in range(1, MIN_GROUP + 1)]

    found = group_of(many, n_all=MIN_GROUP)
    assert found.n == MIN_GROUP == 20
    assert found.outcomes == {"pass": 14, "fail": 0, "not told": 6}
    assert found.hours.middle == pytest.approx(10.5)
    with pytest.raises(SmallGroupError):
        group_of(many[1:], n_all=MIN_GROUP - 1)


@pytest.mark.parametrize(("n_left_out", "is_told"), [(0, True), (1, False), (19, False), (20, True)])
def test_a_group_that_leaves_out_few_is_not_told_of(n_left_out: int, is_told: bool) -> None:
    many = [journey(60 * n, READY) for n in range(MIN_GROUP)]

    if is_told:
        assert group_of(many, n_all=MIN_GROUP + n_left_out).n == MIN_GROUP
    else:
        with pytest.raises(SmallGroupError, match="leaves out"):
            group_of(many, n_all=MIN_GROUP + n_left_out)


def test_an_example_is_in_no_group() -> None:
    many = [journey(60, READY) for _ in range(MIN_GROUP - 1)]

    with pytest.raises(ValueError, match="nobody's"):
        group_of([*many, replace(many[0], is_example=True)], n_all=MIN_GROUP)
