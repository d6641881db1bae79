"""What an ability brings on a fresh form drawn to the blueprint: its score, the chance to pass, and what either rests on.

Each item of the form is drawn anew from its area's items. Given the abilities, right answers are independent, and their sum is
taken to be normal with its exact mean and variance (in `tests/measure` beside the exact recursion of Lord & Wingersky 1984).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, exp

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from bedside.errors import UsageError
from bedside.measure.passing.compiled import compiled
from bedside.measure.passing.filter import Ability, plain
from bedside.measure.passing.model import AbilityMotion, AreaItems, Floats
from bedside.measure.passing.weak import weak_areas

GRID: Floats = np.linspace(-6.0, 6.0, 145)  # of ability, in steps of a twelfth of a logit
N_DRAWS = 1024  # of abilities from what is believed
THINNED = slice(4, None, 8)  # of them, for the score
LEAST_ITEMS = 40  # of a form; on shorter ones the normal sum would be off by more than a hundredth
_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(11)
_NODES, _WEIGHTS = np.ascontiguousarray(_NODES), np.ascontiguousarray(_WEIGHTS / _WEIGHTS.sum())


@dataclass(frozen=True, slots=True)
class FreshForm:
    """Tables of a form that is drawn from items to a blueprint; made once for all candidates by `fresh_form`.

    `right` (n_areas, n_grid) is the chance that an answer of the area is right at each ability of the grid, over items and
    what is uncertain of them. `excess` and `spread` are mean and variance of the answer (0 or 1) less what the standard asks
    of its item.
    """

    shares: Floats  # (n_areas,), of the form, adding to 1
    n_items: int
    cut: float  # expected number right of who just passes
    is_whole: bool  # whether the cut is a number of items that is the same on every form
    right: Floats
    excess: Floats
    spread: Floats


@dataclass(frozen=True, slots=True)
class FormOutcome:
    """A fresh form at drawn abilities.

    `p_pass` (n_draws,): the chance to pass if the abilities were just these. `abilities` (n_draws, n_areas): these.
    """

    p_pass: Floats
    abilities: Floats
    right: Floats  # (n_draws, n_areas), chance of a right answer


def fresh_form(
    pool: AreaItems, shares: Floats, n_items: int, *, cut_ability: float = 0.0, cut_share: float | None = None
) -> FreshForm:
    """A form of `n_items` drawn from `pool` by `shares` (n_areas,), which need not add to 1.

    The standard is an ability, to which every form's cut is equated through its items (each asks its expected share right of
    a candidate of `cut_ability`; 0 is the judges' just-passing candidate); or, with `cut_share`, one share of items right on
    every form. Areas with a share but without items are refused.
    """
    if shares.shape != (pool.n_areas,) or not (shares >= 0).all() or shares.sum() <= 0:
        raise UsageError(f"the blueprint's shares are {pool.n_areas} numbers of at least 0, not all 0")
    if n_items < LEAST_ITEMS:
        raise UsageError(f"a form has at least {LEAST_ITEMS} items, not {n_items}")
    counts = np.bincount(pool.area, minlength=pool.n_areas)
    empty = np.flatnonzero((counts == 0) & (shares > 0))
    if len(empty):
        raise UsageError(f"no items to draw from in areas {', '.join(map(str, empty))}")
    items = pool.items
    asked = np.full(items.count, np.nan if cut_share is None else float(cut_share))
    slope, guessing = plain(items.discrimination, np.float64), plain(items.guessing, np.float64)
    difficulty, spread_of = plain(items.difficulty, np.float64), pool.spread()
    right, product, asks, squares = _tables(
        GRID, plain(pool.area, np.int16), pool.n_areas, slope, difficulty, spread_of, guessing, asked, float(cut_ability),
        _NODES, _WEIGHTS,
    )  # fmt: skip
    each = np.maximum(counts, 1).astype(np.float64)[:, None]
    right, product, asks, squares = right / each, product / each, asks[:, None] / each, squares[:, None] / each
    excess = right - asks
    part = shares / shares.sum()
    spread = np.maximum(right - 2 * product + squares - excess**2, 1e-9)
    cut = float(n_items * (part * asks[:, 0]).sum())
    return FreshForm(part, n_items, cut, cut_share is not None, right, excess, spread)


def form_outcome(ability: Ability, form: FreshForm, motion: AbilityMotion, *, seed: int = 1) -> FormOutcome:
    """The chance to pass over what is believed of the abilities on `ability.day`.

    Whether the day is good or bad is chance, as is the draw of the form. Draws are stratified along the direction in which
    the expected score grows, so that a thousand are exact to about a thousandth.
    """
    return at_abilities(_drawn(ability, form, motion, seed), form, motion)


def at_abilities(abilities: Floats, form: FreshForm, motion: AbilityMotion) -> FormOutcome:
    """The chance to pass at given abilities (n, n_areas), as if each row were known to be a candidate's."""
    place = _place(abilities)
    right, excess = _at(form.right, place), _at(form.excess, place)
    counts = form.n_items * form.shares
    steepness = _slope(form.right, place) @ counts
    variance = _at(form.spread, place) @ counts + (motion.sd_day * steepness) ** 2
    above = excess @ counts + (_whole_step(form) if form.is_whole else 0.0)
    return FormOutcome(ndtr(above / np.sqrt(variance)), abilities, right)


def score_chances(found: FormOutcome, form: FreshForm, motion: AbilityMotion) -> Floats:
    """The chance of each number right, shape (n_items + 1,), adding to 1; from every eighth draw, still in even strata."""
    counts, right = form.n_items * form.shares, found.right[THINNED]
    mean = right @ counts
    steepness = _slope(form.right, _place(found.abilities[THINNED])) @ counts
    sd = np.sqrt((right * (1 - right)) @ counts + (motion.sd_day * steepness) ** 2)
    edges = np.arange(form.n_items, dtype=np.float64) + 0.5
    below = ndtr((edges[None, :] - mean[:, None]) / sd[:, None]).mean(axis=0)
    chances: Floats = np.diff(np.concatenate([[0.0], below, [1.0]]))
    return chances


def narrowing(ability: Ability, found: FormOutcome, form: FreshForm, motion: AbilityMotion, n_answers: int = 10) -> Floats:
    """By area, how much of the variance of the chance to pass `n_answers` more answers of it would take away, shape (n_areas,).

    The best linear guess at the chance to pass from a measurement of the area's ability explains
    cov(p, theta_k)² / (var theta_k + error²) of its variance; the error is that of `n_answers` new items on one day.
    """
    place = _place(found.abilities.mean(axis=0)[None, :])
    p, steepness = _at(form.right, place)[0], _slope(form.right, place)[0]
    information = n_answers * steepness**2 / np.maximum(p * (1 - p), 1e-9)
    error = 1 / np.maximum(information, 1e-9) + motion.sd_day**2
    centred = found.abilities - found.abilities.mean(axis=0)
    together = (found.p_pass - found.p_pass.mean()) @ centred / len(centred)
    explained: Floats = together**2 / ((centred**2).mean(axis=0) + error)
    return explained


def _whole_step(form: FreshForm) -> float:
    """How far below the least whole number that passes the normal sum still passes, less the cut."""
    return form.cut - (ceil(form.cut - 1e-9) - 0.5)


def _drawn(ability: Ability, form: FreshForm, motion: AbilityMotion, seed: int) -> Floats:
    """Abilities from what is believed, shape (N_DRAWS, n_areas)."""
    k = ability.n_areas
    mean = ability.mean[:k]
    values, vectors = np.linalg.eigh(ability.covariance[:k, :k])
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    towards = root.T @ (form.shares * _slope(form.right, _place(mean[None, :]))[0])
    length = float(np.linalg.norm(towards))
    direction = towards / length if length > 0 else np.eye(k)[0]
    strata, noise = _strata(k, seed)
    z = noise + np.outer(strata - noise @ direction, direction)
    drawn: Floats = mean + z @ root.T + weak_areas(ability, form.shares, motion).drawn(N_DRAWS)
    return drawn


@lru_cache(maxsize=8)
def _strata(n_areas: int, seed: int) -> tuple[Floats, Floats]:
    """Normal quantiles in even steps, and normal numbers in pairs of opposite sign for the other directions."""
    strata = ndtri((np.arange(N_DRAWS) + 0.5) / N_DRAWS)
    half = np.random.default_rng(seed).standard_normal((N_DRAWS // 2, n_areas))
    noise = np.concatenate([half, -half[::-1]])
    return strata, noise


Place = tuple[NDArray[np.intp], Floats]


def _place(abilities: Floats) -> Place:
    """Where abilities (n, n_areas) lie on the grid: the point before each, and how far after it (0 to 1)."""
    steps = np.clip((abilities - GRID[0]) / (GRID[1] - GRID[0]), 0.0, len(GRID) - 1.000001)
    before = steps.astype(np.intp)
    return before, steps - before


def _at(table: Floats, place: Place) -> Floats:
    """A table (n_areas, n_grid) at these places, shape (n, n_areas)."""
    before, part = place
    rows = np.arange(len(table))
    value: Floats = table[rows, before] * (1 - part) + table[rows, before + 1] * part
    return value


def _slope(table: Floats, place: Place) -> Floats:
    """The slope of a table there, per logit."""
    rows = np.arange(len(table))
    slope: Floats = (table[rows, place[0] + 1] - table[rows, place[0]]) / (GRID[1] - GRID[0])
    return slope


@compiled()
def _tables(  # noqa: PLR0917 - for the compiler
    grid: Floats, area: NDArray[np.int16], n_areas: int, slope: Floats, difficulty: Floats, spread: Floats, guessing: Floats,
    asked: Floats, cut_ability: float, nodes: Floats, weights: Floats,
) -> tuple[Floats, Floats, Floats, Floats]:  # fmt: skip
    """Sums over the items of each area: chance right by ability, times what is asked; what is asked, and its square."""
    right, product = np.zeros((n_areas, len(grid))), np.zeros((n_areas, len(grid)))
    asks, squares = np.zeros(n_areas), np.zeros(n_areas)
    for i in range(len(area)):
        k = area[i]
        q = (
            asked[i]
            if asked[i] == asked[i]
            else _chance(cut_ability, slope[i], difficulty[i], spread[i], guessing[i], nodes, weights)
        )
        asks[k] += q
        squares[k] += q * q
        for g in range(len(grid)):
            p = _chance(grid[g], slope[i], difficulty[i], spread[i], guessing[i], nodes, weights)
            right[k, g] += p
            product[k, g] += p * q
    return right, product, asks, squares


@compiled()
def _chance(  # noqa: PLR0917 - for the compiler
    ability: float, slope: float, difficulty: float, spread: float, guessing: float, nodes: Floats, weights: Floats
) -> float:
    """The chance of a right answer over a normal difficulty."""
    if spread == 0.0:
        return guessing + (1.0 - guessing) / (1.0 + exp(-slope * (ability - difficulty)))
    total = 0.0
    for j in range(len(nodes)):
        total += weights[j] / (1.0 + exp(-slope * (ability - difficulty - spread * nodes[j])))
    return guessing + (1.0 - guessing) * total
