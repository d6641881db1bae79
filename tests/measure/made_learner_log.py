"""Learner logs made from a model: abilities that grow, items of several skills, and some items met twice."""

from __future__ import annotations

import numpy as np

from bedside.measure import LearnerLog


def made_log(
    n_persons: int, n_answers: int, seed: int, *, n_items: int = 60, n_skills: int = 6, times: bool = False
) -> LearnerLog:
    """Learners who answer items drawn at random; item i has skill i mod `n_skills`, every third item a second one."""
    rng = np.random.default_rng(seed)
    difficulty = np.random.default_rng(7).normal(0, 1.2, n_items)
    person = np.repeat(np.arange(n_persons), n_answers)
    item = rng.integers(0, n_items, n_persons * n_answers)
    place = np.tile(np.arange(n_answers), n_persons)
    ability = rng.normal(0, 1, n_persons)[person] + rng.normal(0, 0.7, (n_persons, n_skills))[person, item % n_skills]
    chance = 1 / (1 + np.exp(-(ability + 0.02 * place - difficulty[item])))
    skills = [f"s{i % n_skills}" + (f";t{i % 2}" if i % 3 == 0 else "") for i in item]
    at = np.cumsum(rng.exponential(30.0, len(item))) if times else None
    correct = (rng.random(len(item)) < chance).astype(int)
    return LearnerLog.of([f"p{seed}-{one}" for one in person], [f"i{one}" for one in item], correct, skills=skills, at=at)
