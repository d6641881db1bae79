"""What a calibration starts from: the answers that it can use, what is free, and the first guess."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.measure.calibrating.em_parameters import Floats, Free, Parameters
from bedside.measure.calibrating.priors import Beta, Normal, Priors
from bedside.measure.data.responses import Responses
from bedside.measure.data.rows import NARROW, Column, blocks_of_persons, sort_items
from bedside.measure.items import Items, Model
from bedside.measure.problems import NotIdentifiedError, TooFewResponsesError, named

SHRINK = (
    1.2  # logits of proportions, spread as they are where ability varies: the square root of 1 + 1 / 1.7^2, Lord & Novick 16.9
)
GUESSING_AT_FIRST = 0.2
MOST_GUESSED = 0.6  # of right answers to an item, at first
NEVER = -40.0  # the logit of a guessing of 0


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each item was answered and how often right, (n_items,) each, and by how many persons."""

    items: tuple[str, ...]
    n_given: NDArray[np.int64]
    n_right: NDArray[np.int64]
    n_persons: int

    def of(self, which: NDArray[np.bool_]) -> Counts:
        """Those of some items."""
        names = tuple(name for name, stays in zip(self.items, which, strict=True) if stays)
        return Counts(names, self.n_given[which], self.n_right[which], self.n_persons)


@dataclass(frozen=True, slots=True)
class Setup:
    """What is known of the items that stay, the names of those `left_out`, and what is estimated from where."""

    counts: Counts
    left_out: tuple[str, ...]
    start: Parameters
    free: Free


def set_up(
    counts: Counts,
    *,
    model: Model,
    equal_slopes: bool,
    is_free: bool,
    anchors: Items | None,
    n_groups: int,
    priors: Priors,
) -> Setup:
    """See what can be estimated, and where to begin."""
    if equal_slopes and model == "rasch":
        raise UsageError('"rasch" has discrimination 1; for one discrimination that is estimated, take "2pl" with equal slopes')
    stays = _staying(counts, _anchored(counts, anchors))
    left_out = counts.of(~stays).items
    counts = counts.of(stays)
    anchored = _anchored(counts, anchors)
    is_anchor = anchored >= 0
    if equal_slopes and is_anchor.any():
        raise UsageError("equal slopes leave no room for anchors")
    _see_identified(model, is_free=is_free, has_anchors=bool(is_anchor.any()), equal_slopes=equal_slopes)
    later = np.arange(n_groups) > 0
    free = Free(
        item=~is_anchor,
        slope=model != "rasch",
        common_slope=equal_slopes,
        mean=later | (is_free and bool(is_anchor.any())),
        sd=later | is_free,
    )
    start = _start(counts, model, priors, n_groups)
    if anchors is not None:
        start = _with_anchors(start, anchors, anchored, model)
    return Setup(counts, left_out, start, free)


def _see_identified(model: Model, *, is_free: bool, has_anchors: bool, equal_slopes: bool) -> None:
    if is_free and not has_anchors and (model != "rasch" or equal_slopes):
        raise NotIdentifiedError(
            "a free population needs anchors: without them, discriminations and the population's spread can't be told apart"
        )


def _anchored(counts: Counts, anchors: Items | None) -> NDArray[np.intp]:
    """The place of each item among the anchors, (n_items,), -1 for those that are none."""
    if anchors is None:
        return np.full(len(counts.items), -1)
    places = {name: place for place, name in enumerate(anchors.ids)}
    found = np.array([places.get(name, -1) for name in counts.items], dtype=np.intp)
    if not (found >= 0).any():
        raise UsageError(f"none of the anchors was answered; they are {named(anchors.ids)}")
    return found


def _staying(counts: Counts, anchored: NDArray[np.intp]) -> NDArray[np.bool_]:
    """The items of which something can be estimated, and the anchors."""
    n_given, n_right = counts.n_given, counts.n_right
    stays = ((n_right > 0) & (n_right < n_given)) | ((anchored >= 0) & (n_given > 0))
    if not (stays & (anchored < 0)).any():
        raise TooFewResponsesError(
            f"no item is left to estimate: {named(counts.items)} are anchored, or were got right by everybody or nobody"
        )
    return np.asarray(stays)


def without_items(responses: Responses, stay: Sequence[str]) -> Responses:
    """The answers to the items that stay, which are numbered in this order; persons stay all, optional columns none.

    Items that nobody answered may be among them.
    """
    names = [str(name) for name in responses.items]
    if names == list(stay):
        return responses
    place_of = {name: place for place, name in enumerate(stay)}
    place = np.array([place_of.get(name, -1) for name in names], dtype=np.int32)
    kept = Column(np.uint16 if len(stay) <= NARROW else np.int32)
    correct, counts = Column(np.uint8), np.zeros(responses.n_persons, dtype=np.int64)
    for first, last in blocks_of_persons(responses.starts):
        rows = slice(int(responses.starts[first]), int(responses.starts[last]))
        moved = place[responses.item[rows]]
        stays = moved >= 0
        person = np.repeat(np.arange(last - first), np.diff(responses.starts[first : last + 1]))
        counts[first:last] = np.bincount(person[stays], minlength=last - first)
        kept.add(moved[stays])
        correct.add(responses.correct[rows][stays])
    starts = np.concatenate([[0], np.cumsum(counts)])
    item, was_right = kept.whole(), correct.whole()
    if (np.diff(place[place >= 0]) < 0).any():
        sort_items(starts, [item, was_right])
    return Responses(responses.persons, np.array(stay, dtype=object), starts, item, was_right)


def _start(counts: Counts, model: Model, priors: Priors, n_groups: int) -> Parameters:
    share = (counts.n_right + 0.5) / (counts.n_given + 1.0)
    guess: Floats | None = None
    if model == "3pl":
        c = GUESSING_AT_FIRST
        if isinstance(priors.guessing, Beta):
            c = float(
                np.clip((priors.guessing.alpha - 1) / max(priors.guessing.alpha + priors.guessing.beta - 2, 1e-9), 0.02, 0.5)
            )
        elif isinstance(priors.guessing, Normal):
            c = float(np.clip(1 / (1 + np.exp(-priors.guessing.mean)), 0.02, 0.5))
        # a hard item is guessed less often than others: begun with as much guessing as right answers, it never finds its place
        of_item = np.minimum(c, MOST_GUESSED * share)
        guess = np.log(of_item / (1 - of_item))
        share = (share - of_item) / (1 - of_item)
    return Parameters(
        slope=np.ones(len(share)),
        intercept=SHRINK * np.log(share / (1 - share)),
        guess=guess,
        mean=np.zeros(n_groups),
        sd=np.ones(n_groups),
    )


def _with_anchors(start: Parameters, anchors: Items, anchored: NDArray[np.intp], model: Model) -> Parameters:
    on, places = anchored >= 0, anchored[anchored >= 0]
    slope, intercept = start.slope.copy(), start.intercept.copy()
    slope[on] = anchors.discrimination[places]
    intercept[on] = -anchors.discrimination[places] * anchors.difficulty[places]
    c = anchors.guessing[places]
    if not np.isfinite(slope + intercept).all() or not np.isfinite(c).all():
        raise UsageError("an anchor lacks a parameter")
    if start.guess is None:
        if (c > 0).any():
            raise UsageError('anchors have guessing: calibrate with "3pl"')
        return replace(start, slope=slope, intercept=intercept)
    guess = start.guess.copy()
    guess[on] = np.where(c > 0, np.log(np.maximum(c, 1e-300) / (1 - c)), NEVER)
    return replace(start, slope=slope, intercept=intercept, guess=guess)
