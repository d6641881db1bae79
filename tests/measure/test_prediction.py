"""Next answers are predicted from what came before and from nothing else, and well."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bedside.measure import (
    LearnerLog,
    MeasureError,
    TooFewResponsesError,
    fit_next_answer,
    predict_next_answers,
    prediction_quality,
)
from tests.measure.made_learner_log import made_log

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")


@pytest.fixture(scope="module")
def model():
    return fit_next_answer(made_log(120, 60, 1, times=True))


@pytest.fixture(scope="module")
def asked() -> LearnerLog:
    return made_log(20, 60, 2, times=True)


def test_changing_an_answer_changes_no_prediction_up_to_it(model, asked):
    before = predict_next_answers(model, asked)
    for row in (0, 17, 59, 600, asked.n_answers - 1):
        turned = asked.correct.copy()
        turned[row] = 1 - turned[row]

        after = predict_next_answers(model, replace(asked, correct=turned))

        end = asked.starts[np.searchsorted(asked.starts, row, side="right")]
        assert np.array_equal(after[: row + 1], before[: row + 1])
        assert np.array_equal(after[end:], before[end:]), "and none of another learner"
        assert end - row < 2 or not np.array_equal(after[row + 1 : end], before[row + 1 : end]), "but later ones of the same"


def test_a_log_that_is_cut_short_is_predicted_as_far_as_it_goes_as_the_whole(model, asked):
    whole = predict_next_answers(model, asked)
    only = asked.of_persons(np.arange(asked.n_persons) == 3)
    kept = 25
    short = replace(
        only,
        starts=np.array([0, kept]),
        item=only.item[:kept],
        correct=only.correct[:kept],
        skill_starts=only.skill_starts[: kept + 1],
        skill=only.skill[: only.skill_starts[kept]],
        at=only.at[:kept],
    )

    start = asked.starts[3]
    assert predict_next_answers(model, short) == pytest.approx(whole[start : start + kept], abs=1e-6)


def test_predictions_are_better_than_items_and_shares_alone_and_mean_what_they_say(model):
    log = made_log(120, 60, 3, times=True)

    found = prediction_quality(log.correct, predict_next_answers(model, log))

    right = np.bincount(log.item, log.correct, 60) / np.bincount(log.item, minlength=60)
    by_item = prediction_quality(log.correct, right[log.item])  # which even knows the answers
    assert found.auc > by_item.auc + 0.03
    assert found.log_loss < by_item.log_loss - 0.02
    assert found.ece < 0.03


def test_an_item_nobody_answered_is_predicted_from_its_skills():
    rng = np.random.default_rng(13)
    item = rng.integers(0, 20, 1200)
    correct = (rng.random(1200) < np.where(item % 2, 0.9, 0.2)).astype(int)
    skills = ["plain" if one % 2 else "thorny" for one in item]
    train = LearnerLog.of(np.repeat(np.arange(40), 30), item, correct, skills=skills)
    model = fit_next_answer(train)

    plain, thorny, unknown = (
        predict_next_answers(model, LearnerLog.of(["new"], ["unseen"], [1], skills=[skill]))[0]
        for skill in ("plain", "thorny", "of another kind")
    )

    assert plain > 0.8
    assert thorny < 0.4
    assert thorny < unknown < plain


def test_the_same_seed_gives_the_same_model():
    log = made_log(30, 20, 4)

    one, other = fit_next_answer(log, seed=5), fit_next_answer(log, seed=5)

    assert np.array_equal(one.weights, other.weights)


def test_the_model_can_be_read(model):
    weights = model.weight_of()

    assert set(weights) == set(model.columns.names)
    assert "skills: log right" in weights
    assert len(model.weights) == 1 + len(model.columns.names) + 2 * len(model.items) + 4 * len(model.skills)
    assert list(weights.values()) == sorted(weights.values(), key=lambda one: -abs(one))


def test_with_more_answers_than_the_limit_some_learners_teach_the_weights_and_all_the_tables():
    log = made_log(60, 20, 6)

    model = fit_next_answer(log, max_answers=600)

    assert model.tables.item_n.sum() == log.n_answers
    assert prediction_quality(log.correct, predict_next_answers(model, log)).auc > 0.7


def test_a_model_with_times_refuses_a_log_without_them(model, asked):
    with pytest.raises(MeasureError, match="times"):
        predict_next_answers(model, asked.without_times())


def test_a_model_without_times_does_not_look_at_them(asked):
    model = fit_next_answer(made_log(30, 20, 8))

    assert np.array_equal(predict_next_answers(model, asked), predict_next_answers(model, asked.without_times()))


def test_the_unit_and_the_origin_of_time_do_not_matter():
    train, test = made_log(40, 30, 9, times=True), made_log(10, 30, 10, times=True)
    in_ms = [replace(log, at=np.asarray(log.at) * 1000 + 1e9) for log in (train, test)]

    seconds = predict_next_answers(fit_next_answer(train), test)

    assert predict_next_answers(fit_next_answer(in_ms[0]), in_ms[1]) == pytest.approx(seconds, abs=2e-3)


@pytest.mark.parametrize("n_persons", [1, 7])
def test_too_few_learners_are_refused(n_persons):
    with pytest.raises(TooFewResponsesError, match="eight learners"):
        fit_next_answer(made_log(n_persons, 10, 11))


def test_answers_that_are_all_right_are_refused():
    log = made_log(10, 10, 12)

    with pytest.raises(TooFewResponsesError, match="right and wrong"):
        fit_next_answer(replace(log, correct=np.ones(log.n_answers)))


@pytest.mark.slow
@pytest.mark.samples
@pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data")
def test_engineering_statics_is_predicted_better_than_by_any_published_model_on_its_split():
    from benchmarks.prediction import lpp  # noqa: PLC0415

    folder = Path(SAMPLES or "") / "data" / "kt"
    train, test = lpp(folder, "statics_lpp", "train"), lpp(folder, "statics_lpp", "test")

    found = prediction_quality(test.correct, predict_next_answers(fit_next_answer(train), test))

    assert found.auc > 0.83, "DKT"
    assert found.n == 33_600
