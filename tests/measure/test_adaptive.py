"""Adaptive tests: the compiled kernel against a plain one, and what the rules promise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bedside.measure import (
    AdaptiveTest,
    ContentBalance,
    Items,
    MeasureError,
    SequentialDecision,
    SimulatedTests,
    StopReason,
    simulate_tests,
)
from bedside.measure.curves import information, probabilities

SHARES = np.array([0.4, 0.3, 0.2, 0.1])
MASK = 2**64 - 1


def bank(n: int = 120, seed: int = 5) -> Items:
    rng = np.random.default_rng(seed)
    unknown = np.full(n, np.nan)
    ids = tuple(f"item-{k}" for k in range(n))
    return Items(ids, rng.lognormal(0, 0.3, n), rng.normal(0, 1, n), rng.uniform(0, 0.25, n), unknown, unknown, unknown)


def content(n: int = 120, method: str = "penalty") -> ContentBalance:
    return ContentBalance(np.random.default_rng(6).choice(4, n, p=SHARES), SHARES, method)  # type: ignore[arg-type]


def people(n: int, seed: int = 7) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, n)


class Stream:
    """splitmix64, in whole numbers of Python."""

    def __init__(self, seed: int) -> None:
        self.state = seed

    def uniform(self) -> float:
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & MASK
        return ((mixed ^ (mixed >> 31)) >> 11) / 2**53


def one_test(items: Items, ability: float, test: AdaptiveTest, seed: int) -> tuple[list[int], list[int], float, float]:
    """A test given in plain NumPy: items, answers, estimate, and its standard error."""
    stream, nodes, weights = Stream(seed), test.nodes, test.prior.copy()
    at_cut = test.decision.cut if test.decision else 0.0
    info = information(items, np.append(nodes, at_cut))
    p_right, n_areas = probabilities(items, nodes), len(SHARES)
    closed: set[int] = set()
    given: list[int] = []
    answers: list[int] = []
    ratio = 0.0
    while True:
        theta = float(weights @ nodes / weights.sum())
        se = float(np.sqrt(weights @ (nodes - theta) ** 2 / weights.sum()))
        if len(given) >= test.max_items or (len(given) >= test.min_items and is_over(test, se, ratio)):
            return given, answers, theta, se
        node = len(nodes) if test.aim == "cut" else int(np.abs(nodes - theta).argmin())
        worth = info[:, node] / info[:, node].max()
        counts = np.bincount(test.content.area[given] if test.content else [], minlength=n_areas)
        allowed = np.ones(items.count, dtype=bool)
        if test.content and test.content.method == "multinomial":
            quotas = test.content.quotas(test.max_items)
            open_shares = np.where(counts < quotas, SHARES, 0.0)
            area = int(np.searchsorted(np.cumsum(open_shares), stream.uniform() * open_shares.sum(), side="right"))
            allowed = test.content.area == area
        elif test.content:
            behind = SHARES * (len(given) + 1) - counts
            penalty = (behind.max() - behind) / (behind.max() - behind.min())
            worth = (1 - test.content.weight) * worth - test.content.weight * penalty[test.content.area]
        while True:
            free = [k for k in np.argsort(-worth, kind="stable") if allowed[k] and k not in closed][: test.n_best]
            item = int(free[int(stream.uniform() * len(free))] if len(free) > 1 else free[0])
            closed.add(item)
            if test.keep is None or test.keep[item] >= 1 or stream.uniform() < test.keep[item]:
                break
        rising = 1 / (1 + np.exp(-items.discrimination[item] * (ability - items.difficulty[item])))
        is_right = stream.uniform() < items.guessing[item] + (1 - items.guessing[item]) * rising
        weights = weights * (p_right[item] if is_right else 1 - p_right[item])
        given.append(item)
        answers.append(int(is_right))
        ratio += log_ratio(items, item, test, is_right) if test.decision else 0.0


def is_over(test: AdaptiveTest, se: float, ratio: float) -> bool:
    if test.standard_error and se <= test.standard_error:
        return True
    return test.decision is not None and not test.decision.bounds[0] < ratio < test.decision.bounds[1]


def log_ratio(items: Items, item: int, test: AdaptiveTest, is_right: bool) -> float:
    assert test.decision is not None
    ends = test.decision.cut + np.array([-1.0, 1.0]) * test.decision.indifference
    p = probabilities(items, ends)[item]
    low, high = p if is_right else 1 - p
    return float(np.log(high / low))


def kept(n: int = 120) -> np.ndarray:
    keep = np.random.default_rng(8).uniform(0.2, 1.3, n)
    return np.minimum(keep, 1.0)


@pytest.mark.parametrize(
    "test",
    [
        AdaptiveTest(20),
        AdaptiveTest(20, n_best=5),
        AdaptiveTest(15, n_best=3, keep=kept()),
        AdaptiveTest(20, n_best=2, content=content()),
        AdaptiveTest(20, n_best=2, content=content(method="multinomial"), mean=0.3, sd=1.2),
        AdaptiveTest(40, min_items=5, standard_error=0.35),
        AdaptiveTest(40, min_items=5, decision=SequentialDecision(0.2), aim="cut"),
        AdaptiveTest(40, min_items=3, decision=SequentialDecision(-0.2, indifference=0.5), n_best=4),
    ],
    ids=["best", "randomesque", "kept", "penalty", "multinomial", "error", "at the cut", "decision"],
)
def test_the_compiled_test_gives_what_a_plain_one_gives(test):
    items, ability = bank(), people(12)
    seeds = np.random.default_rng(3).integers(0, 2**64, size=12, dtype=np.uint64)

    found = simulate_tests(items, ability, test, 3)

    for person in range(12):
        given, answers, theta, se = one_test(items, ability[person], test, int(seeds[person]))
        n = found.n_given[person]
        assert found.given[person, :n].tolist() == given
        assert found.correct[person, :n].tolist() == answers
        assert (found.given[person, n:] == -1).all()
        assert found.theta[person] == pytest.approx(theta, abs=1e-9)
        assert found.se[person] == pytest.approx(se, abs=1e-9)


def test_no_item_comes_twice():
    found = simulate_tests(bank(), people(200), AdaptiveTest(40, n_best=5, content=content()), 1)

    assert all(len(set(given)) == 40 for given in found.given.tolist())


def test_the_standard_error_is_the_error_that_is_made():
    ability = people(4_000)

    found = simulate_tests(bank(300), ability, AdaptiveTest(25), 1)

    rmse = np.sqrt(((found.theta - ability) ** 2).mean())
    assert rmse == pytest.approx(np.sqrt((found.se**2).mean()), rel=0.04)  # four standard errors of 4,000 squares


def test_an_adaptive_test_measures_better_than_items_drawn_by_chance():
    ability = people(1_000)

    best, by_chance = (simulate_tests(bank(300), ability, AdaptiveTest(20, n_best=n), 1) for n in (1, 300))

    assert np.abs(best.theta - ability).mean() < 0.8 * np.abs(by_chance.theta - ability).mean()


def test_multinomial_content_is_held_exactly_and_the_penalty_comes_within_an_item():
    for method, most in (("multinomial", 0), ("penalty", 1)):
        rules = content(method=method)
        found = simulate_tests(bank(), people(300), AdaptiveTest(20, n_best=3, content=rules), 1)
        counts = np.array([np.bincount(rules.area[given], minlength=4) for given in found.given])
        assert np.abs(counts - SHARES * 20).max() <= most


def test_what_is_left_of_a_share_goes_to_the_largest_remainder():
    assert content().quotas(25).tolist() == [10, 8, 5, 2]
    assert content().quotas(20).tolist() == [8, 6, 4, 2]


def test_a_test_stops_at_the_first_item_that_brings_the_error_down_to_the_limit():
    test = AdaptiveTest(60, min_items=5, standard_error=0.3)

    found = simulate_tests(bank(300), people(300), test, 1)
    longer = simulate_tests(bank(300), people(300), replace(test, standard_error=0.28), 1)

    by_error = found.reason == StopReason.ERROR
    assert by_error.mean() > 0.9
    assert (found.se[by_error] <= 0.3).all()
    assert (found.se[found.reason == StopReason.LENGTH] > 0.3).all()
    assert (longer.n_given >= found.n_given).all()
    one_less = simulate_tests(bank(300), people(300)[:1], AdaptiveTest(int(found.n_given[0]) - 1), 1)
    assert one_less.se[0] > 0.3


def test_the_sequential_test_errs_no_more_often_than_was_asked():
    decision = SequentialDecision(cut=0.0, indifference=0.4, alpha=0.05, beta=0.1)
    test = AdaptiveTest(300, decision=decision, aim="cut")

    below = simulate_tests(bank(300), np.full(2_000, -0.4), test, 1)
    above = simulate_tests(bank(300), np.full(2_000, 0.4), test, 2)

    error = 3 * np.sqrt(0.1 * 0.9 / 2_000)
    assert below.passed.mean() <= 0.05 + error
    assert (~above.passed).mean() <= 0.1 + error
    assert below.n_given.mean() < 60  # of 300: the test is over when it is sure


def test_where_no_item_is_left_the_test_is_over_and_says_so():
    keep = np.full(120, 0.0)
    keep[:10] = 1.0

    found = simulate_tests(bank(), people(20), AdaptiveTest(15, keep=keep), 1)

    assert (found.reason == StopReason.POOL).all()
    assert (found.n_given == 10).all()


def test_the_same_seed_gives_the_same_tests_and_more_persons_change_nothing_for_the_first():
    items, ability, test = bank(), people(50), AdaptiveTest(15, n_best=5)

    first, again, fewer, other = (
        simulate_tests(items, ability[:n], test, seed) for n, seed in ((50, 1), (50, 1), (10, 1), (50, 2))
    )

    assert (first.given == again.given).all()
    assert (first.given[:10] == fewer.given).all()
    assert (first.given != other.given).any()


def test_nobody_passes_a_test_that_decides_nothing():
    found = simulate_tests(bank(), people(20), AdaptiveTest(5), 1)

    assert isinstance(found, SimulatedTests)
    assert not found.passed.any()


@pytest.mark.parametrize(
    ("test", "words"),
    [
        (AdaptiveTest(121), "can't be given from 120"),
        (AdaptiveTest(5, min_items=6), "6 to 5"),
        (AdaptiveTest(5, n_best=0), "n_best"),
        (AdaptiveTest(5, keep=np.ones(3)), "keep must hold 120"),
        (AdaptiveTest(5, keep=np.full(120, 1.5)), "keep must hold 120"),
        (AdaptiveTest(5, standard_error=0.0), "above 0"),
        (AdaptiveTest(5, aim="cut"), "no decision names the cut"),
        (AdaptiveTest(5, decision=SequentialDecision(0.0, alpha=0.6)), "alpha and beta"),
        (AdaptiveTest(5, content=ContentBalance(np.zeros(120, dtype=int), np.array([0.5, 0.4]))), "add up to 1"),
        (AdaptiveTest(5, content=ContentBalance(np.full(120, 2), np.array([0.5, 0.5]))), "from 0 to 1"),
        (
            AdaptiveTest(5, content=ContentBalance(np.zeros(120, dtype=int), np.array([0.4, 0.6]), "multinomial")),
            "area 1 needs 3 items, and 0 are there",
        ),
    ],
)
def test_rules_that_can_not_be_are_refused(test, words):
    with pytest.raises(MeasureError, match=words):
        simulate_tests(bank(), people(3), test, 1)
