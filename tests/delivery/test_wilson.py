"""The interval of a share against its laws and published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.delivery import (
    wilson,
)


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_wilson_interval_holds_its_share_and_stays_within_bounds(correct, more):
    share = wilson(correct, correct + more)

    assert 0 <= share.low <= share.high <= 1
    if share.share is not None:
        assert share.low <= share.share <= share.high


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3 (score without continuity correction)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_wilson_interval_equals_published_values(correct, n, low, high):
    share = wilson(correct, n)

    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


def test_a_share_of_more_than_all_is_an_error():
    with pytest.raises(ValueError, match="5 right answers out of 4"):
        wilson(5, 4)
