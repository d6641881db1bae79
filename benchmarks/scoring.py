"""How long scoring takes, beside a peer in the same run, and how exact it is.

    python -m benchmarks.scoring [--persons 100000] [--items 200] [--repeats 5]

Answers are simulated from the model. Complete data first, then as many answers to a bank five times as large, a fifth of it
given to each person at random; then the other estimators. The first call of each kind, which loads the compiled loops, is not
counted. The peer is girth's `ability_eap` with 61 nodes, on complete data of the first persons, its time told for as many
persons. The R package mirt took 36 s for 100,000 persons and 200 items where the goals were set; the goal is 200 times that.
Exactness is the largest difference of an ability or standard error to sums over 12,001 nodes, for the first persons.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from functools import partial

import girth
import numpy as np
from numpy.typing import NDArray

from bedside.measure import SCORE_METHODS, Items, Responses, Scores, score

MIRT_S, MIRT_ANSWERS = 36.0, 100_000 * 200
GOAL = 200.0
PEER_PERSONS = 5_000
BANK_TIMES = 5  # so many times larger than a form
CUT = 0.5
PIECE = 5_000


def bank(n_items: int, rng: np.random.Generator, *, guessing: float) -> Items:
    """Items as they are often found."""
    unknown = np.full(n_items, np.nan)
    return Items(
        tuple(str(n) for n in range(n_items)),
        rng.lognormal(0.0, 0.3, n_items),
        rng.normal(0.0, 1.0, n_items),
        np.full(n_items, guessing),
        unknown,
        unknown,
        unknown,
    )


def sample(items: Items, theta: NDArray[np.float64], rng: np.random.Generator, *, n_given: int) -> Responses:
    """Answers of each person to `n_given` of the items, drawn at random."""
    n_persons, given, correct = len(theta), [], []
    for first in range(0, n_persons, PIECE):
        some = theta[first : first + PIECE, None]
        order = np.argsort(rng.random((len(some), items.count)), axis=1)[:, :n_given] if n_given < items.count else None
        item = np.tile(np.arange(items.count), (len(some), 1)) if order is None else np.sort(order, axis=1)
        chance = items.guessing[item]
        p = chance + (1 - chance) / (1 + np.exp(-items.discrimination[item] * (some - items.difficulty[item])))
        given.append(item.astype(np.uint16))
        correct.append((rng.random(item.shape) < p).astype(np.uint8))
    return Responses(
        persons=np.arange(n_persons).astype(object),
        items=np.array(items.ids, dtype=object),
        starts=np.arange(n_persons + 1, dtype=np.int64) * n_given,
        item=np.concatenate(given).ravel(),
        correct=np.concatenate(correct).ravel(),
    )


def first_of(responses: Responses, n: int) -> Responses:
    """The first persons alone."""
    end = responses.starts[n]
    return Responses(
        responses.persons[:n], responses.items, responses.starts[: n + 1], responses.item[:end], responses.correct[:end]
    )


def timed(work: Callable[[], Scores], repeats: int) -> tuple[float, float, Scores]:
    """Median wall and processor time in seconds, and the scores."""
    found = work()
    wall, processor = [], []
    for _ in range(repeats):
        start, start_processor = time.perf_counter(), time.process_time()
        found = work()
        wall.append(time.perf_counter() - start)
        processor.append(time.process_time() - start_processor)
    return statistics.median(wall), statistics.median(processor), found


def inexactness(found: Scores, responses: Responses, items: Items, n: int = 50) -> float:
    """Largest difference of theta or standard error to a fine sum, for the first persons."""
    nodes = np.linspace(-6, 6, 12_001)
    z = items.discrimination[:, None] * (nodes - items.difficulty[:, None])
    chance = items.guessing[:, None]
    wrong = np.log1p(-chance) - np.logaddexp(0, z)
    right = np.log(chance + (1 - chance) / (1 + np.exp(-z)))
    worst = 0.0
    for person in range(n):
        mine = slice(responses.starts[person], responses.starts[person + 1])
        item, correct = responses.item[mine], responses.correct[mine, None]
        log_posterior = np.where(correct == 1, right[item], wrong[item]).sum(axis=0) - nodes**2 / 2
        density = np.exp(log_posterior - log_posterior.max())
        density /= density.sum()
        mean = density @ nodes
        sd = np.sqrt(density @ (nodes - mean) ** 2)
        worst = max(worst, abs(found.theta[person] - mean), abs(found.se[person] - sd))
    return worst


def peer_s(responses: Responses, items: Items, n_persons: int) -> float:
    """What girth takes for as many persons, by its time for the first."""
    table = first_of(responses, PEER_PERSONS).matrix().T.astype(int)
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        girth.ability_eap(table, items.difficulty, items.discrimination, options={"quadrature_n": 61})
    return (time.perf_counter() - start) * n_persons / PEER_PERSONS


def line(name: str, wall: float, processor: float, n_answers: int, note: str = "") -> None:
    """One line of the table."""
    mirt = MIRT_S * n_answers / MIRT_ANSWERS
    print(f"{name:44} {wall:7.3f} s ({processor:6.3f} s of processor)  {mirt / wall:6.0f} × mirt's {mirt:.1f} s{note}")


def estimators(n_items: int, n_persons: int = 20_000) -> None:
    """Error of each estimator, over all and where ability is far from the mean; who is at a bound is left out."""
    rng = np.random.default_rng(12)
    items, theta = bank(n_items, rng, guessing=0.0), rng.normal(size=n_persons)
    responses = sample(items, theta, rng, n_given=n_items)
    for method in SCORE_METHODS:
        found = score(responses, items, method=method)
        use, error = found.side == 0, found.theta - theta
        rmse, low, high = (np.sqrt(np.mean(error[use] ** 2)), *(error[use & far].mean() for far in (theta < -1.5, theta > 1.5)))
        spread, n_off = found.theta[use].std(), (~use).sum()
        print(f"{n_items:4} items  {method:4} RMSE {rmse:.3f}, bias below -1.5 {low:+.3f}, above 1.5 {high:+.3f}, ", end="")
        print(f"standard deviation {spread:.3f}, {n_off} at a bound")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--persons", type=int, default=100_000)
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    n_persons, n_items, repeats = arguments.persons, arguments.items, arguments.repeats
    rng = np.random.default_rng(1)
    theta = rng.normal(size=n_persons)
    n_answers = n_persons * n_items
    print(f"{n_persons:,} persons × {n_items} answers; the goal is {GOAL:.0f} times mirt")
    for name, guessing in (("2PL", 0.0), ("3PL", 0.2)):
        form, large = bank(n_items, rng, guessing=guessing), bank(BANK_TIMES * n_items, rng, guessing=guessing)
        complete, sparse = (sample(items, theta, rng, n_given=n_items) for items in (form, large))
        for kind, data, items in (("complete", complete, form), (f"of {large.count:,} items", sparse, large)):
            for cut in (None, CUT):
                wall, processor, found = timed(partial(score, data, items, cut=cut), repeats)
                worst = inexactness(found, data, items)
                rmse = np.sqrt(np.mean((found.theta - theta) ** 2))
                note = f"  {found.n_nodes} nodes, RMSE {rmse:.4f}, inexact by {worst:.0e}"
                line(f"EAP, {name}, {kind}{', with a cut' if cut else ''}", wall, processor, n_answers, note)
        for method in SCORE_METHODS[1:]:
            wall, processor, found = timed(partial(score, complete, form, method=method), 1)
            use = found.side == 0
            rmse = np.sqrt(np.mean((found.theta - theta)[use] ** 2))
            line(
                f"{method.upper()}, {name}, complete",
                wall,
                processor,
                n_answers,
                f"  RMSE {rmse:.4f}, {(~use).sum()} at a bound",
            )
        if guessing == 0.0:
            took, (own, _, _) = peer_s(complete, form, n_persons), timed(partial(score, complete, form), repeats)
            times = f"(from {PEER_PERSONS:,} persons), {took / own:.0f} times ours"
            print(f"{'EAP, 2PL, complete, girth':44} {took:7.3f} s {times}")

    for n_form in (20, 100):
        estimators(n_form)


if __name__ == "__main__":
    main()
