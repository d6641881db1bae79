"""Calibration: what is recovered, what is held, what is said, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.errors import UsageError
from bedside.measure import Items, LogNormal, Normal, NotIdentifiedError, Priors, Responses, TooFewResponsesError, calibrate
from tests.measure.made_responses import answers_of, planted_items, rms
from tests.support.examples import examples

SEED = 6


@pytest.fixture(scope="module")
def planted() -> tuple[Items, Responses]:
    rng = np.random.default_rng(SEED)
    items = planted_items(25, rng)
    return items, answers_of(rng.normal(size=3_000), items, rng)


def test_parameters_come_back_within_their_errors(planted: tuple[Items, Responses]) -> None:
    items, responses = planted

    found = calibrate(responses)

    assert found.converged
    assert rms((found.items.discrimination - items.discrimination) / found.items.se_discrimination) < 1.4
    assert rms((found.items.difficulty - items.difficulty) / found.items.se_difficulty) < 1.6  # all share the population's mean
    assert (found.n_persons, found.n_responses, found.n_parameters) == (3_000, 75_000, 50)


def test_plain_em_ends_where_the_accelerated_one_does(planted: tuple[Items, Responses]) -> None:
    _, responses = planted
    seen: list[float] = []

    found = calibrate(responses, errors=False, on_cycle=lambda cycle, log_likelihood, move: seen.append(log_likelihood))
    longer = calibrate(responses, errors=False, tolerance=1e-9)

    assert len(seen) == found.iterations <= 15
    np.testing.assert_allclose(found.items.discrimination, longer.items.discrimination, atol=2e-5)
    assert longer.log_likelihood == pytest.approx(max(seen), abs=1e-5)


def test_the_same_answers_give_the_same_figures_to_the_last_bit(planted: tuple[Items, Responses]) -> None:
    _, responses = planted

    assert (calibrate(responses).items.difficulty == calibrate(responses).items.difficulty).all()


def test_the_order_of_items_does_not_matter(planted: tuple[Items, Responses]) -> None:
    _, responses = planted
    table = responses.matrix().astype(float)

    forwards = calibrate(Responses.of_matrix(table), errors=False).items
    backwards = calibrate(Responses.of_matrix(table[:, ::-1]), errors=False).items

    np.testing.assert_allclose(forwards.difficulty, backwards.difficulty[::-1], atol=1e-5)


def test_errors_are_those_of_the_curvature_of_the_likelihood(planted: tuple[Items, Responses]) -> None:
    """Move one anchored parameter, let all others follow: the profile's curvature is the inverse of the variance."""
    _, responses = planted
    found = calibrate(responses, tolerance=1e-8)
    step = 0.1

    def profile(move: float) -> float:
        first = np.arange(25) == 0
        held = replace(found.items, ids=("i0",), **{name: getattr(found.items, name)[first] for name in NUMBERS})
        held = replace(held, difficulty=held.difficulty + move, discrimination=held.discrimination)
        free = calibrate(responses, anchors=held, population="standard", errors=False, tolerance=1e-8)
        return free.log_likelihood

    curvature = -(profile(step) - 2 * profile(0.0) + profile(-step)) / step**2
    covariance = found.covariance
    assert covariance is not None
    # discrimination is held too, so the difficulty's variance is that given discrimination
    given_slope = covariance[0, 1, 1] - covariance[0, 0, 1] ** 2 / covariance[0, 0, 0]
    assert curvature == pytest.approx(1 / given_slope, rel=0.02)


NUMBERS = ("discrimination", "difficulty", "guessing", "se_discrimination", "se_difficulty", "se_guessing")


def test_answers_missing_by_design_bias_nothing() -> None:
    rng = np.random.default_rng(SEED)
    items = planted_items(30, rng)
    responses = answers_of(rng.normal(size=4_000), items, rng, answered=0.4)

    found = calibrate(responses)

    assert abs(np.mean(found.items.difficulty - items.difficulty)) < 0.05
    assert abs(np.mean(found.items.discrimination - items.discrimination)) < 0.05
    assert rms((found.items.difficulty - items.difficulty) / found.items.se_difficulty) < 1.6


@pytest.mark.slow  # the 3PL is held by anchors below
def test_guessing_comes_back_with_its_prior() -> None:
    rng = np.random.default_rng(SEED)
    items = planted_items(25, rng, guessing=True)
    responses = answers_of(rng.normal(size=6_000), items, rng)

    found = calibrate(responses, model="3pl").items

    assert rms(found.guessing - items.guessing) < 0.06
    assert rms(found.difficulty - items.difficulty) < 0.25
    assert (found.se_guessing > 0).all()


def test_anchors_keep_their_parameters_and_put_a_stronger_population_on_their_scale() -> None:
    rng = np.random.default_rng(SEED)
    items = planted_items(30, rng)
    responses = answers_of(rng.normal(0.8, 1.3, 4_000), items, rng)
    ten = replace(items, ids=items.ids[:10], **{name: getattr(items, name)[:10] for name in NUMBERS})

    found = calibrate(responses, anchors=ten)

    np.testing.assert_allclose(found.items.discrimination[:10], items.discrimination[:10])
    np.testing.assert_allclose(found.items.difficulty[:10], items.difficulty[:10])
    assert np.isnan(found.items.se_difficulty[:10]).all()
    group = found.groups[0]
    assert abs(group.mean - 0.8) < 3 * group.se_mean
    assert abs(group.sd - 1.3) < 3 * group.se_sd
    assert abs(np.mean(found.items.difficulty[10:] - items.difficulty[10:])) < 0.1


def test_anchors_with_guessing_hold_the_scale_of_the_3pl() -> None:
    rng = np.random.default_rng(SEED)
    items = planted_items(20, rng, guessing=True)
    items = replace(items, guessing=np.where(np.arange(20) == 3, 0.0, items.guessing))
    responses = answers_of(rng.normal(0.5, 1.0, 3_000), items, rng)
    ten = replace(items, ids=items.ids[:10], **{name: getattr(items, name)[:10] for name in NUMBERS})

    found = calibrate(responses, model="3pl", anchors=ten)

    np.testing.assert_allclose(found.items.guessing[:10], items.guessing[:10], atol=1e-12)
    assert found.groups[0].mean == pytest.approx(0.5, abs=0.12)


def test_groups_have_populations_of_their_own() -> None:
    rng = np.random.default_rng(SEED)
    items = planted_items(25, rng)
    strong = np.arange(4_000) % 2 == 1
    responses = answers_of(np.where(strong, rng.normal(0.7, 0.8, 4_000), rng.normal(size=4_000)), items, rng)

    found = calibrate(responses, groups=["b-strong" if is_strong else "a-other" for is_strong in strong])

    reference, other = found.groups
    assert (reference.name, reference.mean, reference.sd) == ("a-other", 0.0, 1.0)
    assert abs(other.mean - 0.7) < 3 * other.se_mean < 0.3
    assert abs(other.sd - 0.8) < 3 * other.se_sd < 0.3
    assert rms((found.items.difficulty - items.difficulty) / found.items.se_difficulty) < 1.6


def test_a_rasch_population_may_have_its_own_spread() -> None:
    rng = np.random.default_rng(SEED)
    items = replace(planted_items(20, rng), discrimination=np.ones(20))
    responses = answers_of(rng.normal(0.0, 1.6, 4_000), items, rng)

    found = calibrate(responses, model="rasch", population="free")

    assert abs(found.groups[0].sd - 1.6) < 3 * found.groups[0].se_sd
    assert abs(np.mean(np.abs(found.items.difficulty) - np.abs(items.difficulty))) < 0.05


def test_items_that_everybody_got_right_are_left_out_by_name(planted: tuple[Items, Responses]) -> None:
    _, responses = planted
    table = responses.matrix().astype(float)
    table[:, 3] = 1
    table[:, 7] = np.nan

    found = calibrate(Responses.of_matrix(table, items=tuple(responses.items)), errors=False)

    assert found.left_out == ("i3", "i7")
    assert found.items.count == 23
    assert "i3" not in found.items.ids
    same = calibrate(Responses.of_matrix(np.delete(table, [3, 7], axis=1)), errors=False)
    np.testing.assert_allclose(found.items.difficulty, same.items.difficulty, atol=1e-6)


def test_an_item_keyed_wrong_gets_a_negative_discrimination(planted: tuple[Items, Responses]) -> None:
    items, responses = planted
    table = responses.matrix().astype(float)
    table[:, 5] = 1 - table[:, 5]

    found = calibrate(Responses.of_matrix(table), errors=False).items

    assert found.discrimination[5] == pytest.approx(-items.discrimination[5], abs=0.2)
    assert (np.delete(found.discrimination, 5) > 0).all()


def test_priors_pull_and_more_answers_pull_harder(planted: tuple[Items, Responses]) -> None:
    _, responses = planted
    few = Responses.of_matrix(responses.matrix()[:200].astype(float))
    priors = Priors(discrimination=LogNormal(0.0, 0.1), difficulty=Normal(0.0, 0.3))

    def pulled(answers: Responses) -> float:
        free, held = calibrate(answers, errors=False).items, calibrate(answers, priors=priors, errors=False).items
        return rms(held.difficulty) / rms(free.difficulty)

    assert pulled(few) < pulled(responses) < 1.0


def test_a_run_that_was_cut_short_says_so(planted: tuple[Items, Responses]) -> None:
    _, responses = planted

    found = calibrate(responses, max_cycles=2, errors=False)

    assert not found.converged
    assert found.iterations == 2


def test_what_cannot_be_estimated_is_refused(planted: tuple[Items, Responses]) -> None:
    items, responses = planted
    with pytest.raises(TooFewResponsesError, match="no item is left"):
        calibrate(Responses.of_matrix(np.ones((5, 3))))
    with pytest.raises(NotIdentifiedError, match="anchors"):
        calibrate(responses, population="free")
    with pytest.raises(UsageError, match="none of the anchors"):
        calibrate(responses, anchors=replace(items, ids=tuple(f"x{n}" for n in range(25))))
    with pytest.raises(UsageError, match="guessing"):
        calibrate(responses, anchors=replace(items, ids=("i0", *(f"x{n}" for n in range(24))), guessing=np.full(25, 0.2)))
    with pytest.raises(UsageError, match="nodes"):
        calibrate(responses, nodes=3)
    with pytest.raises(UsageError, match="lower to a higher"):
        calibrate(responses, bounds=(4.0, -4.0))
    with pytest.raises(UsageError, match="have a group"):
        calibrate(responses, groups=["a"])
    with pytest.raises(UsageError, match="equal slopes"):
        calibrate(responses, model="rasch", equal_slopes=True)


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1), st.sampled_from(["rasch", "2pl", "3pl"]))
def test_any_small_table_gives_finite_items_or_a_named_refusal(seed: int, model: str) -> None:
    rng = np.random.default_rng(seed)
    table = rng.choice([0.0, 1.0, np.nan], (int(rng.integers(2, 12)), int(rng.integers(1, 5))), p=[0.45, 0.45, 0.1])
    try:
        found = calibrate(Responses.of_matrix(table), model=model, max_cycles=60)  # type: ignore[arg-type]
    except TooFewResponsesError:
        return

    assert np.isfinite(found.items.discrimination).all()
    assert ((found.items.guessing >= 0) & (found.items.guessing < 1)).all()
    assert np.isfinite(found.log_likelihood)
    assert found.log_likelihood <= 0
