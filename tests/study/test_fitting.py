"""Parameters fitted to a learner, and how well predictions came true."""

from __future__ import annotations

import os
from datetime import UTC, date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.study import DEFAULTS, Parameters, Predictions, fit, histories, is_fit_due, predictions, quality
from tests.study.made import NOON, ON, reviewed, steady_log

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")


def made(p, recalled, *, elapsed=None, lapses=None):
    n = len(p)
    ones = np.ones(n, dtype=np.int32)
    return Predictions(
        np.array(p, dtype=np.float64),
        np.array(recalled, dtype=np.bool_),
        ones if elapsed is None else np.array(elapsed, dtype=np.int32),
        ones,
        0 * ones if lapses is None else np.array(lapses, dtype=np.int32),
        ones,
    )


def test_the_log_loss_is_that_of_the_formula():
    found = quality(made([0.9, 0.8, 0.7], [True, True, False]))

    assert found.log_loss == pytest.approx(-(np.log(0.9) + np.log(0.8) + np.log(0.3)) / 3)


def test_the_area_under_the_curve_counts_pairs_and_halves_ties():
    found = quality(made([0.9, 0.5, 0.3, 0.5, 0.1], [True, True, False, False, True]))

    # recalled .9 .5 .1 against forgotten .3 .5: .9 beats both, .5 beats .3 and ties .5, .1 beats none
    assert found.auc == pytest.approx((2 + 1 + 0.5) / 6)


def test_without_a_lapse_there_is_no_area_under_the_curve():
    assert quality(made([0.9, 0.8], [True, True])).auc is None


def test_bins_keep_intervals_and_lapses_apart():
    # one bin: 0.9 was said and 0.5 came, by 0.4 too much
    assert quality(made([0.9, 0.9], [True, False])).rmse_bins == pytest.approx(0.4)
    # two bins, by interval or by lapses: 0.1 too little in one, 0.9 too much in the other
    expected = np.sqrt((0.1**2 + 0.9**2) / 2)
    assert quality(made([0.9, 0.9], [True, False], elapsed=[1, 30])).rmse_bins == pytest.approx(expected)
    assert quality(made([0.9, 0.9], [True, False], lapses=[0, 3])).rmse_bins == pytest.approx(expected)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_figures_stay_in_their_ranges(rows):
    found = quality(made(*zip(*rows, strict=True)))

    assert found.log_loss >= 0
    assert 0 <= found.rmse_bins <= 1
    assert found.auc is None or 0 <= found.auc <= 1


def test_only_reviews_of_a_later_day_are_predicted():
    log = [reviewed(1), reviewed(2, at=NOON.replace(hour=14)), reviewed(3, at=NOON.replace(day=9))]

    found = predictions(histories(log, UTC), DEFAULTS)

    assert (len(found), found.elapsed_days.tolist(), found.n_days.tolist()) == (1, [7], [1])


def test_fewer_than_400_reviews_are_not_fitted():
    found = histories(steady_log(20, 60, seed=1), UTC)
    assert sum(len(history.grades) for history in found) < 400

    assert fit(found, DEFAULTS, ON) is None


def test_a_log_of_one_day_is_not_fitted():
    found = histories([reviewed(n, f"renal.t{n}") for n in range(500)], UTC)

    assert fit(found, DEFAULTS, ON) is None


def test_the_same_log_gives_the_same_fit_and_it_predicts_what_it_has_not_seen_better():
    # this learner forgets one of five whatever the interval, which the published parameters don't expect
    found = histories(steady_log(60, 200, seed=1), UTC)

    one, other = fit(found, DEFAULTS, ON), fit(found, DEFAULTS, ON)

    assert one is not None
    assert one == other
    assert one.is_better
    assert one.parameters.n_reviews == sum(len(history.grades) for history in found)
    assert quality(predictions(found, one.parameters)).log_loss < quality(predictions(found, DEFAULTS)).log_loss


def test_parameters_that_do_not_prove_themselves_are_not_taken():
    found = histories(steady_log(60, 200, seed=1), UTC)
    fitted = fit(found, DEFAULTS, ON)
    assert fitted is not None

    again = fit(found, fitted.parameters, ON)  # they know the part that is held out

    assert again is not None
    assert not again.is_better
    assert again.parameters == fitted.parameters


@pytest.mark.parametrize(
    ("parameters", "n_reviews", "expected"),
    [
        (DEFAULTS, 399, False),
        (DEFAULTS, 400, True),
        (Parameters(DEFAULTS.values, 400, date(2026, 3, 1)), 450, True),
        (Parameters(DEFAULTS.values, 400, ON), 450, False),  # once a day
        (Parameters(DEFAULTS.values, 450, date(2026, 3, 1)), 450, False),  # nothing new
    ],
)
def test_a_fit_is_due_after_400_reviews_and_once_a_day(parameters, n_reviews, expected):
    assert is_fit_due(parameters, n_reviews, ON) is expected
    assert not is_fit_due(parameters, n_reviews, ON, tried_on=ON)


@pytest.mark.samples
@pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data")
def test_a_real_log_is_predicted_as_was_published():
    from benchmarks.memory import anki_log, whole_days  # noqa: PLC0415  only where the log is there

    path = Path(SAMPLES or ".") / "data" / "srs" / "anki_revlog_one_learner.csv.gz"
    if not path.exists():
        pytest.skip(f"no {path.name} in the sample data")

    found = quality(predictions(whole_days(anki_log(path)), DEFAULTS))

    # published for FSRS-6 with its default parameters: 5,329 reviews, log loss 0.4587, AUC 0.7139
    assert found.n == 5_329
    assert found.log_loss == pytest.approx(0.4587, abs=5e-5)
    assert found.auc == pytest.approx(0.7139, abs=5e-5)
