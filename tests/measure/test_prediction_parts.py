"""The parts of prediction beside plain computations: quality, regression, history, tables, and the reader."""

from __future__ import annotations

import gzip
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from bedside.errors import NotFoundError, SyntaxReadError, UsageError
from bedside.measure import CodesError, LearnerLog, ResponsesError, prediction_quality, read_learner_log
from bedside.measure.predicting.abilities import PROBIT, Loadings, fit_loadings, foretold
from bedside.measure.predicting.history import history, median_gap
from bedside.measure.predicting.regression import DesignMatrix, fit_logistic, logistic
from bedside.measure.predicting.tables import easiness, foretold_by_pairs, pair_table, share_tables
from tests.measure.made_learner_log import made_log

CHANCES = st.lists(st.tuples(st.booleans(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0])), min_size=2, max_size=30)


@given(CHANCES)
def test_auc_is_the_share_of_pairs_in_the_right_order_with_ties_half(rows):
    correct, chance = np.array([float(one) for one, _ in rows]), np.array([p for _, p in rows])
    right, wrong = chance[correct == 1], chance[correct == 0]
    pairs = [(a > b) + 0.5 * (a == b) for a in right for b in wrong]

    auc = prediction_quality(correct, chance).auc

    assert np.isnan(auc) if not pairs else auc == pytest.approx(np.mean(pairs))


def test_quality_in_figures_worked_by_hand():
    found = prediction_quality(np.array([1.0, 0.0, 1.0, 1.0]), np.array([0.8, 0.4, 0.6, 0.65]))

    assert found.log_loss == pytest.approx(-np.log([0.8, 0.6, 0.6, 0.65]).mean())
    assert found.brier == pytest.approx((0.04 + 0.16 + 0.16 + 0.1225) / 4)
    assert found.ece == pytest.approx((0.2 + 0.4 + 0.4 + 0.35) / 4)
    assert found.auc == 1
    assert found.n == 4


@pytest.mark.parametrize("chance", [[0.5], [0.5, 1.5], [0.5, np.nan]])
def test_predictions_that_are_no_chances_are_refused(chance):
    with pytest.raises(UsageError):
        prediction_quality(np.array([1.0, 0.0]), np.array(chance))


def test_the_regression_finds_the_minimum_that_a_general_optimiser_finds():
    rng = np.random.default_rng(1)
    dense, sparse = rng.normal(size=(400, 3)), sp.random(400, 20, density=0.1, random_state=2, format="csr")
    columns = np.hstack([dense, sparse.toarray()])
    correct = (rng.random(400) < logistic(columns @ rng.normal(size=23))).astype(float)
    penalty = rng.uniform(0.5, 4, 23)

    def loss(weights):
        z = columns @ weights
        return np.logaddexp(0, z).sum() - correct @ z + 0.5 * penalty @ weights**2

    exact = minimize(loss, np.zeros(23), method="BFGS", options={"gtol": 1e-6})

    found = fit_logistic(DesignMatrix.of(dense.astype(np.float32), sparse), correct, penalty)

    assert loss(found) == pytest.approx(exact.fun, abs=1e-3)
    assert found == pytest.approx(exact.x, abs=2e-2)


def test_the_regression_comes_back_from_a_start_where_plain_newton_flies_away():
    rng = np.random.default_rng(3)
    dense = rng.normal(size=(300, 2)).astype(np.float32)
    correct = (rng.random(300) < logistic(dense @ np.array([1.0, -1.0]))).astype(float)
    design, penalty = DesignMatrix.of(dense, sp.csr_matrix((300, 0))), np.full(2, 0.01)

    near, far = fit_logistic(design, correct, penalty), fit_logistic(design, correct, penalty, np.array([-30.0, 30.0]))

    assert far == pytest.approx(near, abs=2e-2)


def test_easiness_of_a_training_answer_leaves_out_what_its_own_person_said():
    log = made_log(12, 15, 3)
    person = log.person()

    found = easiness(log, share_tables(log), of_others=True)

    for row in range(0, log.n_answers, 13):
        others = log.of_persons(np.arange(log.n_persons) != person[row])
        n = (others.item == log.item[row]).sum()
        assert found.log_answers[row] == pytest.approx(np.log1p(n))
        tables = replace(share_tables(others), share=share_tables(log).share)
        apart = easiness(log, tables, of_others=False)
        assert found.skills[row] == pytest.approx(apart.skills[row])
        assert found.item[row] == pytest.approx(apart.item[row])


def test_a_pair_of_items_foretells_what_others_left_over_after_it():
    log = LearnerLog.of(np.repeat(["a", "b", "c"], 2), ["x", "y"] * 3, [1, 1, 1, 0, 1, 1])
    flat = np.zeros(6)

    found = foretold_by_pairs(log, pair_table(log, flat, 1), flat, of_others=True)

    # of the two others, and 5 units of nothing foretold; each answer has a variance of 1/4
    assert found == pytest.approx([0, 0, 0, (0.5 + 0.5) / 5.5, 0, 0])


def test_history_counts_what_came_before_overall_by_skill_and_by_item():
    log = LearnerLog.of(
        ["a"] * 5 + ["b"], ["x", "y", "x", "z", "x", "x"], [1, 0, 1, 1, 0, 1], skills=["s", "t", "s", "s;t", "s", "s"],
        at=[0, 10, 20, 30, 1030, 0],
    )  # fmt: skip

    found = history(log, np.zeros(6), 10.0)

    assert np.expm1(found["answers: log right"]) == pytest.approx([0, 1, 1, 2, 3, 0])
    assert np.expm1(found["answers: log wrong"]) == pytest.approx([0, 0, 1, 1, 1, 0])
    assert found["item: never met"].tolist() == [1, 1, 0, 1, 0, 1]
    assert np.expm1(found["item: log right"]) == pytest.approx([0, 0, 1, 0, 2, 0])
    assert np.expm1(found["skills: log right"][[0, 2, 4]]) == pytest.approx([0, 1, 3])
    assert found["skills: log wrong"][3] == pytest.approx(np.log1p(1) / 2)  # none in s, one in t
    assert np.expm1(found["time: log pause"]) == pytest.approx([0, 1, 1, 1, 100, 0])
    assert np.expm1(found["time: log answers of the session"]) == pytest.approx([0, 1, 2, 3, 0, 0])
    assert found["answers: run of wrong"].tolist() == [0, 0, 0.1, 0, 0, 0]


def test_what_was_practised_fades_in_answers_and_in_time():
    log = LearnerLog.of(["a"] * 3, ["x", "y", "z"], [1, 1, 1], skills=["s"] * 3, at=[0, 10, 30])

    found = history(log, np.zeros(3), 10.0)

    expected = (0.5 * np.exp(-1 / 3) * (1 + np.exp(-1 / 3))) / (np.exp(-1 / 3) * (1 + np.exp(-1 / 3)) + 1)
    assert found["answers: better than expected, last 3"][2] == pytest.approx(expected)
    assert np.expm1(found["skills: log right, last 10 gaps"][2]) == pytest.approx(np.exp(-0.3) + np.exp(-0.2))


def test_the_median_gap_is_within_persons_and_above_zero():
    log = LearnerLog.of(["a", "a", "a", "b", "b"], ["x"] * 5, [1, 0, 1, 0, 1], at=[0, 0, 5, 1000, 1007], merge=False)

    assert median_gap(log) == 6
    assert median_gap(log.without_times()) == 1


def test_the_filter_is_the_plain_extended_kalman_filter():
    log = made_log(3, 12, 4)
    rng = np.random.default_rng(5)
    loadings = Loadings(rng.normal(size=(60, 2)), rng.normal(size=60), np.zeros((1, 2)))
    easy = rng.normal(size=log.n_answers)

    mean, variance = foretold(log, easy, np.array([True, False, True]), loadings)

    for person in range(3):
        theta, spread = np.zeros(2), np.eye(2)
        for row in range(log.starts[person], log.starts[person + 1]):
            a = loadings.slope[log.item[row]]
            expected = (a @ theta, a @ spread @ a) if person != 1 else (0, 0)
            assert (mean[row], variance[row]) == pytest.approx(expected)
            v = a @ spread @ a
            p = logistic((easy[row] + loadings.intercept[log.item[row]] + a @ theta) / np.sqrt(1 + PROBIT * v))
            gain = spread @ a / (1 + p * (1 - p) * v)
            theta = theta + gain * (log.correct[row] - p)
            spread = spread - np.outer(gain, spread @ a) * p * (1 - p) + 0.003 * np.eye(2)


def test_loadings_of_one_ability_are_recovered():
    rng = np.random.default_rng(6)
    person, item = np.repeat(np.arange(400), 40), np.tile(np.arange(40), 400)
    slope = np.where(np.arange(40) < 20, 0.4, 1.6)
    correct = rng.random(16_000) < logistic(slope[item] * rng.normal(size=400)[person])
    log = LearnerLog.of(person, item, correct)

    group = (np.arange(40) >= 20).astype(np.int64)

    found = fit_loadings(log, np.zeros(16_000), np.ones(400, dtype=bool), group, n_groups=2, k=1, seed=0)

    assert found.slope[:20, 0].mean() == pytest.approx(0.4, abs=0.15)
    assert found.slope[20:, 0].mean() == pytest.approx(1.6, abs=0.25)
    assert found.slope[:20, 0].max() < found.slope[20:, 0].min()


TEXT = """person,item,correct,skills,at,other
b,x,1,s;t,2026-01-02T00:00:00,1
a,x,0,,2026-01-01T00:00:10,1
a,y,1,s,2026-01-01T00:00:00,1
"""


def test_a_file_is_read_in_order_of_time_within_a_person(tmp_path):
    (tmp_path / "log.csv").write_text(TEXT)
    (tmp_path / "log.csv.gz").write_bytes(gzip.compress(TEXT.encode()))
    pl.read_csv(tmp_path / "log.csv").write_parquet(tmp_path / "log.parquet")

    for name in ("log.csv", "log.csv.gz", "log.parquet"):
        log = read_learner_log(tmp_path / name)

        assert log.persons.tolist() == ["b", "a"]
        assert log.items[log.item].tolist() == ["x", "y", "x"]
        assert log.correct.tolist() == [1, 1, 0]
        assert log.skills[log.skill].tolist() == ["s", "t", "s"]
        assert log.skill_starts.tolist() == [0, 2, 3, 3]
        assert log.at is not None
        assert (log.at[2] - log.at[1]) == 10


def test_rows_of_one_answer_under_several_skills_are_one_answer():
    person, item, correct = ["a"] * 6, ["x", "x", "x", "x", "y", "y"], [1, 1, 1, 1, 1, 0]
    skills = ["s", "t", "s", "t", "s", "t"]

    log = LearnerLog.of(person, item, correct, skills=skills)

    assert log.n_answers == 4, "x twice, for the skills come again, and y twice, for it was wrong and right"
    assert log.n_merged == 2
    assert log.skill_starts.tolist() == [0, 2, 4, 5, 6]
    assert LearnerLog.of(person, item, correct, skills=skills, merge=False).n_answers == 6
    assert LearnerLog.of(person, item, correct).n_answers == 6, "without skills, a repeat is a repeat"
    assert LearnerLog.of(person, item, correct, skills=skills, at=range(6)).n_answers == 6, "and so it is at another time"


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("person,item\na,x\n", ResponsesError, "no column correct"),
        ("person,item,correct\na,x,2\na,y,yes\n", CodesError, "2 rows have 2, yes"),
        ("person,item,correct\n,x,1\n", ResponsesError, "1 rows without person"),
        ("person,item,correct\na,x,\n", ResponsesError, "no answers"),
        ("person,item,correct,at\na,x,1,noon\na,y,0,1\n", ResponsesError, "neither a number nor a time"),
        ("person,item,correct,at\na,x,1,\na,y,0,1\n", ResponsesError, "no `at`"),
        ("", SyntaxReadError, "not a table"),
    ],
)
def test_what_a_file_can_not_hold_is_named(tmp_path, text, error, said):
    (tmp_path / "log.csv").write_text(text)

    with pytest.raises(error, match=said):
        read_learner_log(tmp_path / "log.csv")


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(NotFoundError, match="nowhere"):
        read_learner_log(tmp_path / "nowhere.csv")


@pytest.mark.parametrize("correct", [[1], [1, 2]])
def test_columns_that_are_no_log_are_refused(correct):
    with pytest.raises(UsageError):
        LearnerLog.of(["a", "a"], ["x", "y"], correct)
