"""Parameters of memory fitted to one learner, and taken only if they predict what they have not seen better."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import fsrs_rs_python

from bedside.study.evaluation import predictions, quality
from bedside.study.forgetting import Parameters
from bedside.study.memory import History

MIN_REVIEWS = 400
HELD_OUT = 0.2  # of the scored reviews, the latest: on them the fit has to prove itself
MAX_FITTED = 200_000  # scored reviews, the latest: more move nothing and take seconds


@dataclass(frozen=True, slots=True)
class Fit:
    """A trial of new parameters. `parameters` are those to use from now on: the new ones only where they are better.

    The losses are those of the held-out reviews, in nats: before with the parameters in use, after with those fitted on what
    came earlier.
    """

    parameters: Parameters
    loss_before: float
    loss_after: float

    @property
    def is_better(self) -> bool:
        return self.loss_after < self.loss_before


def is_fit_due(current: Parameters, n_reviews: int, on: date, *, tried_on: date | None = None) -> bool:
    """Is there enough to fit, something new since the last fit, and was that before today?

    A trial that did not prove itself leaves no trace in the parameters; `tried_on` is the day of the last one.
    """
    return n_reviews >= MIN_REVIEWS and n_reviews != current.n_reviews and on not in (current.fitted_on, tried_on)


def fit(found: Sequence[History], current: Parameters, on: date) -> Fit | None:
    """Fit to the histories of a learner; None where there are too few reviews, or all came on one day.

    The latest fifth is held out, the rest fitted, and both sets of parameters predict it. If the new ones do better, all is
    fitted once more for use. The same histories give the same fit.
    """
    n_reviews = sum(len(history.grades) for history in found)
    made = predictions(found, current)
    if n_reviews < MIN_REVIEWS or not len(made):
        return None
    days = sorted(made.day.tolist())
    first_held_out = days[int(len(days) * (1 - HELD_OUT))]
    earlier = fitted(found, first_held_out, n_reviews=n_reviews, on=on)
    if earlier is None:
        return None
    held_out = made.day >= first_held_out
    before = quality(made.where(held_out)).log_loss
    after = quality(predictions(found, earlier).where(held_out)).log_loss
    whole = fitted(found, days[-1] + 1, n_reviews=n_reviews, on=on) if after < before else None
    return Fit(whole or current, before, after)


def fitted(found: Sequence[History], before_day: int, *, n_reviews: int, on: date) -> Parameters | None:
    """Parameters fitted to all reviews before a day (an ordinal); None where nothing can be learned from them."""
    targets = _targets(found, before_day)
    if not targets:
        return None
    items = [found[index].item(n + 1) for _day, index, n in targets]
    values = fsrs_rs_python.FSRS([]).compute_parameters(items, [index for _day, index, _n in targets])
    return Parameters(tuple(values), n_reviews, on)


def _targets(found: Sequence[History], before_day: int) -> list[tuple[int, int, int]]:
    """Day, history and place of the reviews to be predicted, in the order of time; the latest where there are too many."""
    targets = [
        (history.days[n], index, n)
        for index, history in enumerate(found)
        for n in range(1, len(history.grades))
        if history.elapsed_days[n] and history.days[n] < before_day
    ]
    return sorted(targets)[-MAX_FITTED:]
