"""The compiled loops give what plain matrix products give."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bedside.measure import Items, Model, Responses, calibrate
from bedside.measure.calibrating.em_data import Persons, parts_of
from bedside.measure.calibrating.em_dense import blocks_of, expect_dense
from bedside.measure.calibrating.em_parameters import Parameters
from bedside.measure.calibrating.em_scores import scores_of
from bedside.measure.calibrating.size import Size
from tests.measure.made_responses import answers_of, planted_items

NODES = np.linspace(-6, 6, 61)


def made(answered: float, *, guessing: bool, n_persons: int = 700, n_items: int = 40) -> tuple[Items, Responses, Parameters]:
    rng = np.random.default_rng(11)
    items = planted_items(n_items, rng, guessing=guessing)
    responses = answers_of(rng.normal(0.3, 1.2, n_persons), items, rng, answered=answered)
    guess = np.log(items.guessing / (1 - items.guessing)) if guessing else None
    slope = items.discrimination.copy()
    slope[4] = -0.4
    parameters = Parameters(slope, -slope * items.difficulty, guess, np.array([0.0, 0.4]), np.array([1.0, 1.3]))
    return items, responses, parameters


def compiled(responses: Responses, group: np.ndarray, *, two_rows: bool) -> Persons:
    """As for data that are large, in 64 bits."""
    whole = Size(20_000, responses.n_items, 20_000 * responses.n_items if responses.is_complete else 180_000)
    persons = Persons(responses, group, NODES, two_rows=two_rows, size=whole)
    persons.kind = np.float64
    return persons


@pytest.mark.parametrize(("answered", "guessing"), [(1.0, False), (0.3, False), (1.0, True), (0.3, True)])
def test_the_compiled_e_step_is_that_of_matrix_products(answered: float, guessing: bool) -> None:
    _, responses, parameters = made(answered, guessing=guessing)
    group = np.arange(responses.n_persons) % 2
    plain = expect_dense(responses, group, NODES, parameters, two_rows=guessing, size=Size.of(responses))
    persons = compiled(responses, group, two_rows=guessing)

    for _ in range(2):  # the second time, windows are where the posteriors were
        found = persons.expect(parameters)

        assert found.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-9)
        np.testing.assert_allclose(found.node_sum, plain.node_sum, atol=1e-4)
        np.testing.assert_allclose(np.broadcast_to(found.given, plain.given.shape), plain.given, atol=1e-4)
        np.testing.assert_allclose(found.right, plain.right, atol=1e-4)
        if not guessing:
            assert found.moment is not None
            assert plain.moment is not None
            np.testing.assert_allclose(found.moment, plain.moment, atol=1e-4)


def test_a_window_that_the_posterior_has_left_is_given_up() -> None:
    _, responses, parameters = made(0.5, guessing=False)
    persons = compiled(responses, np.zeros(responses.n_persons, dtype=int), two_rows=False)
    away = Parameters(parameters.slope, parameters.intercept - 5, None, parameters.mean, parameters.sd)
    persons.expect(away)

    found, plain = (
        persons.expect(parameters),
        expect_dense(responses, persons.group, NODES, parameters, size=Size.of(responses), two_rows=False),
    )

    assert found.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-9)
    np.testing.assert_allclose(found.given, plain.given, atol=1e-4)


def test_a_posterior_narrower_than_the_space_between_nodes_is_found() -> None:
    """Hundreds of steep items: what lies eight nodes away from the peak is nothing, yet the peak may be at the edge of its
    block."""
    rng = np.random.default_rng(2)
    items = planted_items(400, rng)
    slope = np.full(400, 3.0)
    responses = answers_of(rng.normal(size=300), replace(items, discrimination=slope), rng, answered=0.9)
    parameters = Parameters(slope, -slope * items.difficulty, None, np.zeros(1), np.ones(1))
    group = np.zeros(0, dtype=int)

    found, plain = (
        compiled(responses, group, two_rows=False).expect(parameters),
        expect_dense(responses, group, NODES, parameters, size=Size.of(responses), two_rows=False),
    )

    assert found.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-9)
    np.testing.assert_allclose(found.node_sum, plain.node_sum, atol=1e-4)


def test_sums_in_32_bits_are_good_to_six_digits() -> None:
    _, responses, parameters = made(0.3, guessing=True)
    group = np.zeros(responses.n_persons, dtype=int)
    persons = compiled(responses, group, two_rows=True)
    persons.kind = np.float32

    found, plain = (
        persons.expect(parameters),
        expect_dense(responses, group, NODES, parameters, size=Size.of(responses), two_rows=True),
    )

    assert found.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-6)
    np.testing.assert_allclose(found.given.sum(axis=1), plain.given.sum(axis=1), rtol=1e-5)


@pytest.mark.parametrize("guessing", [False, True])
def test_the_compiled_products_of_scores_are_those_of_matrices(guessing: bool) -> None:
    _, responses, parameters = made(0.5, guessing=guessing)
    scores = scores_of(parameters, NODES)
    group = np.zeros(responses.n_persons, dtype=int)
    n = scores.n
    plain = np.zeros((responses.n_items, n, n))
    for block in blocks_of(responses, group, NODES, parameters, size=Size.of(responses)):
        expected = np.stack(
            [
                block.answered * (block.posterior @ scores.wrong[q].T)
                + block.right * (block.posterior @ (scores.right[q] - scores.wrong[q]).T)
                for q in range(n)
            ]
        )
        plain += np.einsum("qpi,spi->iqs", expected, expected)

    found = compiled(responses, group, two_rows=True).score_products(parameters)

    np.testing.assert_allclose(found, plain, rtol=1e-4, atol=1e-6)


def test_the_figures_do_not_depend_on_how_many_work_at_once() -> None:
    rng = np.random.default_rng(8)
    items = planted_items(100, rng)
    responses = answers_of(rng.normal(size=8_000), items, rng, answered=0.9)

    one, three = calibrate(responses, errors=False, threads=1), calibrate(responses, errors=False, threads=3)

    assert one.log_likelihood == three.log_likelihood
    assert (one.items.difficulty == three.items.difficulty).all()


def test_parts_hold_each_person_once() -> None:
    starts = np.array([0, 0, 5, 5, 6, 20, 20, 21])

    for n_parts in range(1, 9):
        parts = parts_of(starts, n_parts)
        assert [person for first, last in parts for person in range(first, last)] == list(range(7))


def test_errors_of_each_item_by_itself_are_near_those_of_all_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many items, few of them answered by each person: what is left out is little."""
    rng = np.random.default_rng(5)
    items = planted_items(110, rng)
    responses = answers_of(rng.normal(size=2_000), items, rng, answered=0.3)
    full = calibrate(responses)
    monkeypatch.setattr("bedside.measure.calibrating.standard_errors.MAX_FULL_ITEMS", 100)

    by_item = calibrate(responses)

    assert (full.errors, by_item.errors) == ("full", "by item")
    ratio = by_item.items.se_difficulty / full.items.se_difficulty
    assert 0.9 < ratio.min() < ratio.max() < 1.0 + 1e-6
    np.testing.assert_allclose(by_item.items.se_discrimination / full.items.se_discrimination, 1.0, atol=0.1)


@pytest.mark.parametrize(("answered", "model"), [(1.0, "2pl"), (0.5, "2pl"), (1.0, "3pl")])
def test_the_border_between_matrices_and_compiled_loops_is_not_seen(
    monkeypatch: pytest.MonkeyPatch, answered: float, model: Model
) -> None:
    rng = np.random.default_rng(5)
    items = planted_items(30, rng, guessing=model == "3pl")
    responses = answers_of(rng.normal(size=2_000), items, rng, answered=answered)
    plain = calibrate(responses, model=model)
    monkeypatch.setattr("bedside.measure.calibrating.size.DENSE_BELOW", 0)

    compiled = calibrate(responses, model=model)

    assert compiled.log_likelihood == pytest.approx(plain.log_likelihood, abs=1e-4)
    np.testing.assert_allclose(compiled.items.difficulty, plain.items.difficulty, atol=1e-4)
    np.testing.assert_allclose(compiled.items.se_difficulty, plain.items.se_difficulty, rtol=1e-3)
