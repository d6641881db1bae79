"""Standard setting: the cut score that a panel of judges arrives at, and its standard error.

Angoff asks how likely a borderline candidate is to get each item right, the bookmark method where in a booklet from easy to
hard such a candidate would stop being likely to, Hofstee which cuts and which shares of failures would be acceptable. What
stands here is the arithmetic; who judges, and what a borderline candidate is, the panel settles before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc

from bedside.measure.items import Items
from bedside.measure.problems import MeasureError, named

RESPONSE_PROBABILITY = 2.0 / 3.0  # the most usual; Huynh (2006), Educational Measurement: Issues and Practice 25(2), 19-20
IMPACT_STEPS_SE = (-2.0, -1.0, 0.0, 1.0, 2.0)
HALVINGS = 100

Numbers = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]
Place = Literal["before", "between", "at"]
PLACES: tuple[Place, ...] = ("before", "between", "at")
Centre = Literal["mean", "median"]
CENTRES: tuple[Centre, ...] = ("mean", "median")
Missed = Literal["above", "below"]


@dataclass(frozen=True, slots=True)
class Angoff:
    """A cut as a number-correct score.

    `by_judge` (n_judges,): the cut that each judge alone would set. `se` is the standard error over judges, for these items.
    `se_judges_and_items` is wider: what it would be if another panel rated another sample of items.
    """

    cut: float
    se: float
    se_judges_and_items: float
    by_judge: NDArray[np.float64]


def angoff(ratings: NDArray[np.float64]) -> Angoff:
    """The Angoff cut: the sum over items of the mean rating.

    Args:
        ratings: (n_judges, n_items), the probability from 0 to 1 that a borderline candidate gets the item right (0 and 1
            alone for the yes/no variant).

    Raises:
        MeasureError: fewer than two judges, no items, or a rating that is missing or not from 0 to 1.

    Sources: Angoff (1971), in Thorndike (ed.), Educational Measurement, 508-600; the second standard error: Brennan &
    Lockwood (1980), Applied Psychological Measurement 4, 219-240, for judges crossed with items.
    """
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] < 2 or table.shape[1] < 1:
        raise MeasureError("ratings must be a table of two judges or more by one item or more")
    if not ((table >= 0) & (table <= 1)).all():
        judge, item = np.argwhere(~((table >= 0) & (table <= 1)))[0]
        raise MeasureError(f"judge {judge + 1} gives item {item + 1} {table[judge, item]:g}; a rating goes from 0 to 1")
    n_judges, n_items = table.shape
    by_judge = table.sum(axis=1)
    cut = float(by_judge.mean())
    of_judges, of_items = table.mean(axis=1), table.mean(axis=0)
    rest = table - of_judges[:, None] - of_items + table.mean()
    ms_judges = n_items * of_judges.var(ddof=1)
    ms_items = n_judges * of_items.var(ddof=1) if n_items > 1 else 0.0
    ms_rest = float((rest**2).sum()) / max((n_judges - 1) * (n_items - 1), 1)
    variance = max(ms_judges + ms_items - ms_rest, ms_judges, 0.0) / (n_judges * n_items)
    return Angoff(cut, float(by_judge.std(ddof=1) / np.sqrt(n_judges)), n_items * float(np.sqrt(variance)), by_judge)


@dataclass(frozen=True, slots=True)
class Impact:
    """What a cut does to those who sat: the share of them below each of `cuts`, both (n,)."""

    cuts: NDArray[np.float64]
    share_failing: NDArray[np.float64]


def impact(scores: Numbers, cut: float, se: float = 0.0) -> Impact:
    """The share of persons who fail at the cut, and at one and two standard errors to both sides: data for the panel to see.

    Args:
        scores: (n_persons,), on the scale of the cut. Who is below fails; at the cut one passes.

    Raises:
        MeasureError: there is nobody, or a score, the cut or its error is no number.
    """
    taken = np.asarray(scores, dtype=np.float64)
    if not len(taken) or not np.isfinite(taken).all() or not np.isfinite([cut, se]).all() or se < 0:
        raise MeasureError("impact needs finite scores, a finite cut, and a standard error from 0 on")
    cuts = cut + se * np.array(IMPACT_STEPS_SE if se > 0 else (0.0,))
    return Impact(cuts, np.searchsorted(np.sort(taken), cuts, side="left") / len(taken))


@dataclass(frozen=True, slots=True)
class Booklet:
    """Items from easy to hard by where they are answered rightly with the response probability; `locations` in logits."""

    ids: tuple[str, ...]
    locations: NDArray[np.float64]
    response_probability: float


def ordered_booklet(
    items: Items, *, response_probability: float = RESPONSE_PROBABILITY, is_guessing_counted: bool = True
) -> Booklet:
    """The booklet that a bookmark is placed in.

    Args:
        is_guessing_counted: the response probability is that of a right answer however it came about; else that of
            knowing it, with guessing taken off (Beretvas 2004).

    Raises:
        MeasureError: a discrimination is not over 0, or guessing alone reaches the response probability; names the items.

    Source: Mitzel, Lewis, Patz & Green (2001), in Cizek (ed.), Setting Performance Standards, 249-281.
    """
    if not 0 < response_probability < 1:
        raise MeasureError(f"a response probability lies between 0 and 1, not at {response_probability:g}")
    chance = items.guessing if is_guessing_counted else np.zeros(items.count)
    unfit = (items.discrimination <= 0) | (chance >= response_probability)
    if unfit.any():
        raise MeasureError(
            f"no ability has a response probability of {response_probability:.3g} on "
            f"{named(np.array(items.ids, dtype=object)[unfit])}"
        )
    odds = (response_probability - chance) / (1.0 - response_probability)
    locations = items.difficulty + np.log(odds) / items.discrimination
    order = np.argsort(locations, kind="stable")
    return Booklet(tuple(items.ids[place] for place in order), locations[order], response_probability)


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A cut in logits, on the scale of the items; `by_judge` (n_judges,) is what each judge alone would set."""

    cut: float
    se: float
    by_judge: NDArray[np.float64]


def bookmark(
    booklet: Booklet, pages: NDArray[np.integer[Any]], *, place: Place = "before", centre: Centre = "median"
) -> Bookmark:
    """The cut that judges' bookmarks stand for.

    Args:
        pages: (n_judges,), from 1: the first page with an item that a borderline candidate would not get right with the
            response probability; the number of pages plus 1 if there is none.
        place: the cut is the location of the last item before the bookmark (as Mitzel et al. have it), midway between
            the two, or that of the item at it.
        centre: of the judges' cuts, the median with the standard error of Maritz & Jarrett (1978), or the mean.

    Raises:
        MeasureError: fewer than two judges, an unknown place or centre, or a page with no item where `place` needs one.
    """
    if place not in PLACES or centre not in CENTRES:
        raise MeasureError(f'unknown place or centre: "{place}", "{centre}"')
    at, n_pages = np.asarray(pages), len(booklet.ids)
    first, last = (1 if place == "at" else 2), (n_pages + 1 if place == "before" else n_pages)
    if at.ndim != 1 or len(at) < 2 or not np.issubdtype(at.dtype, np.integer):
        raise MeasureError("bookmarks are whole numbers of pages, of two judges or more")
    if at.min() < first or at.max() > last:
        raise MeasureError(f"with {n_pages} pages a bookmark can be at page {first} to {last} here")
    lower = booklet.locations[np.maximum(at - 2, 0)]
    upper = booklet.locations[np.minimum(at - 1, n_pages - 1)]
    by_judge: NDArray[np.float64] = {"before": lower, "between": (lower + upper) / 2.0, "at": upper}[place]
    if centre == "mean":
        return Bookmark(float(by_judge.mean()), float(by_judge.std(ddof=1) / np.sqrt(len(at))), by_judge)
    return Bookmark(float(np.median(by_judge)), _se_of_median(by_judge), by_judge)


def _se_of_median(values: NDArray[np.float64]) -> float:
    """Maritz & Jarrett (1978), Journal of the American Statistical Association 73, 194-196."""
    n = len(values)
    half = (n + 1) / 2.0
    weights = np.diff(betainc(half, half, np.arange(n + 1) / n))
    ordered = np.sort(values)
    first = weights @ ordered
    return float(np.sqrt(weights @ (ordered - first) ** 2))


@dataclass(frozen=True, slots=True)
class Hofstee:
    """A compromise between what judges accept and how candidates did.

    `share_failing` is the share below `cut`. `se` is the jackknife standard error over judges. `missed` says that no
    cut is acceptable: `above` where even the lowest acceptable cut fails more than the panel accepts, `below` where even the
    highest fails fewer. The cut is the acceptable one that comes nearest then, and the panel must be asked again before it
    is used.
    """

    cut: float
    share_failing: float
    se: float
    missed: Missed | None


def hofstee(
    scores: Numbers,
    *,
    lowest_cut: Numbers,
    highest_cut: Numbers,
    lowest_failing: Numbers,
    highest_failing: Numbers,
) -> Hofstee:
    """The Hofstee cut: where the curve of failures meets the line from the lenient to the strict corner of the panel's box.

    Args:
        scores: (n_persons,), whole or not. Who is below the cut fails.
        lowest_cut, highest_cut: (n_judges,), acceptable even if everybody failed, or nobody: on the scale of scores.
        lowest_failing, highest_failing: (n_judges,), acceptable shares of failures, 0 to 1.

    The box is the judges' mean. Failures grow in steps with the cut, so the highest cut that does not fail more than the line
    is taken.

    Raises:
        MeasureError: nobody sat, fewer than two judges, or a judge's limits out of order or range.

    Source: Hofstee (1983), in Anderson & Helmick (eds.), On Educational Testing, 109-127.
    """
    taken = np.sort(np.asarray(scores, dtype=np.float64))
    limits = np.array([lowest_cut, highest_cut, lowest_failing, highest_failing], dtype=np.float64)
    if not len(taken) or not np.isfinite(taken).all():
        raise MeasureError("Hofstee's method needs finite scores of those who sat")
    if limits.ndim != 2 or limits.shape[1] < 2 or not np.isfinite(limits).all():
        raise MeasureError("each of two judges or more must name two cuts and two shares")
    unfit = (limits[0] >= limits[1]) | (limits[2] > limits[3]) | (limits[2] < 0) | (limits[3] > 1)
    if unfit.any():
        raise MeasureError(
            f"judge {int(np.argmax(unfit)) + 1}: the lowest cut must be below the highest, and the shares in order from 0 to 1"
        )
    n_judges = limits.shape[1]
    cut, missed = _crossing(taken, limits.mean(axis=1))
    left_out = np.array([_crossing(taken, np.delete(limits, n, axis=1).mean(axis=1))[0] for n in range(n_judges)])
    se = float(np.sqrt((n_judges - 1) / n_judges * ((left_out - left_out.mean()) ** 2).sum()))
    return Hofstee(cut, _share_below(taken, cut), se, missed)


def _share_below(ordered: NDArray[np.float64], cut: float) -> float:
    return float(np.searchsorted(ordered, cut, side="left")) / len(ordered)


def _crossing(ordered: NDArray[np.float64], box: NDArray[np.float64]) -> tuple[float, Missed | None]:
    low, high, least, most = (float(edge) for edge in box)

    def is_accepted(cut: float) -> bool:
        return _share_below(ordered, cut) <= most - (most - least) * (cut - low) / (high - low)

    if _share_below(ordered, low) > most:
        return low, "above"
    if _share_below(ordered, high) <= least:
        return high, "below" if _share_below(ordered, high) < least else None
    accepted, refused = low, high
    for _ in range(HALVINGS):
        middle = (accepted + refused) / 2.0
        accepted, refused = (middle, refused) if is_accepted(middle) else (accepted, middle)
    return accepted, None
