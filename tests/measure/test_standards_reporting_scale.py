"""Abilities as reported: rounded, within limits, and never on the wrong side of the cut."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.measure import MeasureError, ReportingScale

SCALE = ReportingScale(slope=20.0, intercept=230.0, lowest=1.0, highest=300.0)
THETA = st.floats(-20, 20)


def test_scores_are_rounded_to_steps_with_half_a_step_up_and_kept_within_limits():
    assert SCALE.scores(np.array([0.0, 0.024, 0.025, -0.025, -30.0, 30.0])).tolist() == [230, 230, 231, 230, 1, 300]
    assert ReportingScale(10, 50, 20, 80, step=5).scores(np.array([0.24, 0.25, 9])).tolist() == [50, 55, 80]
    assert np.isnan(SCALE.scores(np.array([np.nan]), cut=0.0)).all()


def test_a_scale_goes_through_the_two_points_it_is_set_by():
    scale = ReportingScale.through((-0.8, 0.0), (214.0, 230.0), lowest=1, highest=300)
    assert scale.unrounded(np.array([-0.8, 0.0])) == pytest.approx([214.0, 230.0])
    assert scale.se(0.3) == pytest.approx(6.0)


def test_who_is_just_below_the_cut_does_not_get_the_passing_score():
    cut = -0.79
    assert SCALE.passing_score(cut) == 214
    assert SCALE.scores(np.array([cut, cut - 1e-9, cut - 0.1]), cut=cut).tolist() == [214, 213, 212]
    assert SCALE.scores(np.array([cut - 1e-9])).tolist() == [214]  # without a cut it is only rounded


@given(st.lists(THETA, min_size=1, max_size=20), st.floats(-11, 3))
def test_a_score_passes_exactly_when_the_ability_does_and_scores_keep_the_order(thetas, cut):
    theta = np.sort(thetas)
    scores = SCALE.scores(theta, cut=cut)

    assert ((scores >= SCALE.passing_score(cut)) == (theta >= cut)).all()
    assert (np.diff(scores) >= 0).all()
    assert ((scores >= 1) & (scores <= 300) & (scores == scores.round())).all()
    inside = (scores > 1) & (scores < 300)
    assert (np.abs(scores - SCALE.unrounded(theta))[inside] <= 1 + 1e-9).all()


@pytest.mark.parametrize(
    "numbers",
    [(0, 1, 0, 10, 1), (1, 0, 10, 10, 1), (1, 0, 0, 10, 0), (1, 0, 0, 10, 3), (float("nan"), 0, 0, 10, 1)],
)
def test_a_scale_that_is_none_is_refused(numbers):
    with pytest.raises(MeasureError):
        ReportingScale(*numbers)


def test_a_cut_off_the_scale_is_refused():
    for cut in (-30.0, 30.0):
        with pytest.raises(MeasureError, match="cut"):
            SCALE.passing_score(cut)
    with pytest.raises(MeasureError, match="below"):
        ReportingScale.through((0.0, 0.0), (1.0, 2.0), lowest=0, highest=10)
