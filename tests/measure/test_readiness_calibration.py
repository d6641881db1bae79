"""Of those told 70%, 70% pass: the measures of that, and the model held to them on simulated candidates."""

from __future__ import annotations

import numpy as np
import pytest

from bedside.errors import UsageError
from bedside.measure import (
    AbilityMotion,
    CandidateTruth,
    EvidenceFloor,
    ToldChances,
    WorldTwist,
    fresh_form,
    reliability,
    simulated_candidates,
    simulated_world,
    told_chances,
)

ECE_GOAL = 0.02
PER_WORLD = 125


def told_in(truth: CandidateTruth, n_worlds: int, twist: WorldTwist = WorldTwist.NONE, per_world: int = PER_WORLD):
    found = []
    for number in range(n_worlds):
        rng = np.random.default_rng([11, list(CandidateTruth).index(truth), number])
        world = simulated_world(rng, twist=twist)
        form = fresh_form(world.pool, world.shares, world.n_items)
        everyone = simulated_candidates(world, truth, per_world, rng)
        found.append(told_chances(everyone, world.pool, form, AbilityMotion(), EvidenceFloor()))
    return found


def given_of(found: list[ToldChances]) -> list[np.ndarray]:
    """Chances told, whether it was passed, whether the score lay within its interval and the chance within its own."""
    names = ("p_pass", "passed", "within", "holds")
    return [np.concatenate([getattr(one, name)[one.is_given] for one in found]) for name in names]


def test_the_calibration_error_is_the_mean_gap_of_the_bins_weighted_by_how_many_they_hold():
    told = np.array([0.05, 0.05, 0.75, 0.75, 0.75, 0.75])
    happened = np.array([False, True, True, True, False, True])
    found = reliability(told, happened)
    assert found.ece == pytest.approx((2 * 0.45 + 4 * 0.0) / 6)
    assert found.brier == pytest.approx(((told - happened) ** 2).mean())
    assert [(one.n, round(one.told, 2), round(one.passed, 2)) for one in found.bins] == [(2, 0.05, 0.5), (4, 0.75, 0.75)]
    assert found.base_rate == pytest.approx(4 / 6)


def test_chances_that_are_exactly_right_have_the_calibration_error_of_chance_alone():
    rng = np.random.default_rng(42)
    told = rng.random(10_000)
    found = reliability(told, rng.random(10_000) < told)
    assert found.ece == pytest.approx(found.by_chance, abs=0.006)
    assert found.ece < 0.02
    assert reliability(told, rng.random(10_000) < told**2).ece > 0.1


def test_a_chance_of_one_belongs_to_the_last_bin():
    assert reliability(np.ones(3), np.ones(3, dtype=np.bool_)).bins[0].low == pytest.approx(0.9)


def test_chances_outside_0_to_1_are_refused():
    for told in (np.array([1.2]), np.array([]), np.array([np.nan])):
        with pytest.raises(UsageError, match="0 to 1"):
            reliability(told, np.ones(len(told), dtype=np.bool_))


def test_simulated_candidates_live_as_they_are_said_to():
    rng = np.random.default_rng(3)
    world = simulated_world(rng)
    for truth in CandidateTruth:
        everyone = simulated_candidates(world, truth, 20, rng)
        assert len(everyone) == 20
        for one in everyone:
            assert len(one.told_on) == len(one.passed) == len(one.n_right) == 4
            assert list(one.told_on) == sorted(one.told_on)
            assert max(one.n_right) <= world.n_items
    crammer = simulated_candidates(world, CandidateTruth.CRAMMING, 30, rng)
    late = np.mean([(one.answers.day > one.answers.day[-1] - 26).mean() for one in crammer])
    assert late > 0.5


def test_a_few_hundred_simulated_candidates_pass_as_often_as_they_are_told():
    found = [one for truth in CandidateTruth for one in told_in(truth, 1, per_world=40)]
    p, passed, within, holds = given_of(found)
    assert p.mean() == pytest.approx(passed.mean(), abs=0.05)
    assert within.mean() > 0.82
    assert holds.mean() > 0.8
    assert reliability(p, passed).brier < 0.15  # 0.24 for those who tell everybody the share that passes


@pytest.mark.slow
def test_of_those_told_a_chance_as_many_pass():
    found = {truth: told_in(truth, 5) for truth in CandidateTruth}
    p, passed, within, holds = given_of([one for told in found.values() for one in told])
    assert len(p) > 9_000
    assert reliability(p, passed).ece < ECE_GOAL
    assert within.mean() == pytest.approx(0.9, abs=0.04)
    assert holds.mean() == pytest.approx(0.9, abs=0.06)
    for one in found.values():  # nobody is told too much or too little for how they live
        told, happened, *_ = given_of(one)
        assert abs(told.mean() - happened.mean()) < 0.03


def test_areas_are_left_alone_or_weak_as_the_world_says():
    chosen = {}
    for twist in (WorldTwist.UNEVEN, WorldTwist.PRACTISED):
        rng = np.random.default_rng(5)
        world = simulated_world(rng, twist=twist)
        everyone = simulated_candidates(world, CandidateTruth.STEADY, 40, rng)
        n = np.array([np.bincount(world.pool.area[one.answers.item], minlength=18) for one in everyone])
        ability = np.array([one.abilities[0] - one.abilities[0].mean() for one in everyone])
        chosen[twist] = ((n / n.sum(axis=1, keepdims=True) < 0.25 * world.shares).mean(), (ability < -1.2).mean())
    assert chosen[WorldTwist.UNEVEN][0] > 0.05 > chosen[WorldTwist.PRACTISED][0]
    assert chosen[WorldTwist.PRACTISED][1] > 0.05 > chosen[WorldTwist.UNEVEN][1]


def test_abilities_that_move_by_the_calendar_gain_the_same_in_every_area():
    rng = np.random.default_rng(5)
    world = simulated_world(rng, twist=WorldTwist.BY_DAY)
    for truth in CandidateTruth:
        for one in simulated_candidates(world, truth, 10, rng):
            gained = one.abilities - one.abilities[0]
            assert gained == pytest.approx(np.repeat(gained[:, :1], 18, axis=1))


def test_an_exam_that_is_harder_than_the_bank_is_not_foreseen():
    found = [one for truth in CandidateTruth for one in told_in(truth, 1, WorldTwist.HARDER, per_world=40)]
    p, passed, *_ = given_of(found)
    assert p.mean() - passed.mean() > 0.05
