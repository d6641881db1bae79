"""What the model of readiness takes: answers in time, items by area, scores from elsewhere, and how abilities may move.

A candidate's ability in area k on day t is theta_k(t) = g(t) + d_k(t), general and by area, Gaussian at first meeting and
moving from day to day. The scale is the logit scale of the items. Where items come from judges, 0 is a candidate who only just
passes, since that is whom the judges thought of.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.measure.items import Items

Floats = NDArray[np.float64]
Days = NDArray[np.int32]

JUDGED_SD = 0.9  # of an item's difficulty around what its judges said, in logits; assumed: judges order items only roughly
JUDGED_DISCRIMINATION = 1.0  # of an item that was never calibrated; assumed


@dataclass(frozen=True, slots=True)
class AbilityMotion:
    """How abilities start and move, in logits; the defaults were fitted to simulated candidates (see `fit_motion`).

    Per day means per calendar day; a *day of study* is one on which something was answered. A candidate's own number lies
    around the mean of all, and is learned from their answers.
    """

    mean: float = -0.62  # of overall ability at the first answer
    sd_overall: float = 0.74  # between candidates, at the first answer
    sd_area: float = 0.5  # of an area around the candidate's overall ability, at the first answer
    growth: float = 0.041  # mean gain of an area from the first answer in it
    sd_growth: float = 0.024  # of a candidate's own gain around that mean
    growth_answers: float = 7.0  # after so many answers in an area one more brings half as much
    growth_days: float = 97.0  # after so many days a candidate's own gain has come back to the mean by 63%
    noise_overall: float = 0.006  # sd of a day's unforeseen change of overall ability
    noise_area: float = 0.011  # the same of one area alone
    noise_answer: float = 0.009  # sd of an answer's unforeseen change of its area
    rest_days: float = 3.0  # so many days in a row without study take nothing
    loss: float = 0.012  # share of what was gained that is lost on each further day; it comes back as quickly as it came
    sd_loss: float = 0.009  # of a candidate's own loss around that mean
    tutor_gain: float = 0.08  # easier without a clock and with each explanation at once
    sd_tutor_gain: float = 0.25  # of a candidate's own gain around that mean
    sd_day: float = 0.11  # good and bad days, of all areas together; the day of the exam has one too
    repeat_gain: float = 0.55  # easier when the candidate had met this very item before
    sd_repeat_gain: float = 0.47  # of a candidate's own gain around that mean
    sd_repeat_item: float = 0.37  # of that gain from item to item
    weak_odds: float = -4.0  # log-odds that an area is far weaker than the others, where it was practised like them
    weak_least: float = 0.25  # by so many e-folds less than its share of the exam asks an area may be practised like the others
    weak_alone: float = 9.0  # what these log-odds grow by for each e-fold less than that
    weak_most: float = 1.2  # what they do not exceed, since an area may be left alone for other reasons
    weak_by: float = 1.8  # how far below it then was at the first answer
    weak_answers: float = 6.0  # answers that are added to those given and to those expected, before they are compared

    def __post_init__(self) -> None:
        wrong = [name for name in _NOT_NEGATIVE if getattr(self, name) < 0]
        spans = min(self.growth_days, self.growth_answers, self.weak_answers)
        if wrong or spans <= 0 or self.loss >= 1 or not np.isfinite(self.packed()).all():
            raise UsageError(
                f"a motion of abilities has finite numbers, spans above 0, spreads of at least 0 and a loss below 1, not {self}"
            )

    def packed(self) -> Floats:
        """All numbers in the order of the fields, for the kernel."""
        return np.array(astuple(self), dtype=np.float64)


_NOT_NEGATIVE = (
    "sd_overall", "sd_area", "sd_growth", "noise_overall", "noise_area", "noise_answer", "rest_days", "loss", "sd_loss",
    "sd_tutor_gain", "sd_day", "sd_repeat_gain", "sd_repeat_item",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AreaItems:
    """Items with the area of each: an index into the rows of the blueprint."""

    items: Items
    area: NDArray[np.int16]  # (n_items,), 0 to n_areas - 1
    n_areas: int

    def __post_init__(self) -> None:
        if self.area.shape != (self.items.count,):
            raise UsageError(f"{self.items.count} items and {self.area.shape} areas")
        if self.items.count and not 0 <= int(self.area.min()) <= int(self.area.max()) < self.n_areas:
            raise UsageError(f"the area of an item is outside 0 to {self.n_areas - 1}")

    def spread(self) -> Floats:
        """The standard error of each difficulty, 0 where it was fixed."""
        spread: Floats = np.nan_to_num(self.items.se_difficulty.astype(np.float64), nan=0.0)
        return spread


@dataclass(frozen=True, slots=True)
class AnswerHistory:
    """One candidate's answers as columns, in the order in which they were given."""

    day: Days  # (n,), ordinals of days, never falling
    item: NDArray[np.int32]  # (n,), place in the items
    is_right: NDArray[np.bool_]  # (n,)
    is_timed: NDArray[np.bool_]  # (n,), under the exam's clock and without explanations in between
    is_repeat: NDArray[np.bool_]  # (n,), whether the candidate had met this item before

    def __post_init__(self) -> None:
        columns = (self.day, self.item, self.is_right, self.is_timed, self.is_repeat)
        if any(column.shape != (len(self.day),) for column in columns):
            raise UsageError(f"columns of answers differ in length: {[column.shape for column in columns]}")
        if (np.diff(self.day) < 0).any():
            raise UsageError("answers are not in the order of their days")

    def __len__(self) -> int:
        return len(self.day)

    @staticmethod
    def of(day: Days, item: NDArray[np.int32], is_right: NDArray[np.bool_], is_timed: NDArray[np.bool_]) -> AnswerHistory:
        """With an item's second and later answers marked as repeats."""
        is_repeat = np.ones(len(item), dtype=np.bool_)
        is_repeat[np.unique(item, return_index=True)[1]] = False
        return AnswerHistory(day, item, is_right, is_timed, is_repeat)

    def part(self, start: int, stop: int) -> AnswerHistory:
        """Rows `start` to `stop`, without copying."""
        chosen = slice(start, stop)
        return AnswerHistory(
            self.day[chosen], self.item[chosen], self.is_right[chosen], self.is_timed[chosen], self.is_repeat[chosen]
        )


@dataclass(frozen=True, slots=True)
class OutsideScore:
    """A score from elsewhere, as evidence about overall ability on the scale of the items."""

    day: int  # ordinal
    ability: float
    sd: float  # its own error and the doubt about its scale together

    def __post_init__(self) -> None:
        if not (np.isfinite(self.ability) and 0 < self.sd < np.inf):
            raise UsageError(
                f"a score from elsewhere has a finite ability and an error above 0, not {self.ability} ± {self.sd}"
            )

    @staticmethod
    def of_scaled(
        *, day: int, score: float, cut: float, error: float, score_sd: float, ability_sd: float = 0.8, doubt: float = 0.3
    ) -> OutsideScore:
        """From a scaled score: its distance from the cut, in units of how much candidates differ on either scale.

        `error` is the score's standard error of measurement and `score_sd` the spread between its candidates, both in points;
        `ability_sd` is theirs in logits. `doubt`, in logits, is how far the two cuts may lie apart: nobody has measured that
        until real outcomes exist.
        """
        if score_sd <= 0 or error < 0 or ability_sd <= 0 or doubt < 0:
            raise UsageError("the spread of a score is above 0 and its error is not negative")
        logits = ability_sd / score_sd
        return OutsideScore(day, (score - cut) * logits, float(np.hypot(error * logits, doubt)))


def judged_items(
    ids: tuple[str, ...],
    ratings: Floats,
    n_options: NDArray[np.int_],
    *,
    sd: float = JUDGED_SD,
    discrimination: float = JUDGED_DISCRIMINATION,
) -> Items:
    """Items from judges' ratings: the share of just-passing candidates, of ability 0, who would answer right.

    `ratings` (n_items,) lie in 0 to 1. By r = c + (1 - c) / (1 + exp(a b)), with guessing c of one in `n_options` (0: no
    options), difficulty is b = ln((1 - r) / (r - c)) / a. A rating below what guessing brings, or of 1, is moved inside by a
    twentieth of the range.
    """
    if ratings.shape != (len(ids),) or n_options.shape != (len(ids),):
        raise UsageError(f"{len(ids)} items, {ratings.shape} ratings and {n_options.shape} numbers of options")
    if not ((ratings >= 0) & (ratings <= 1)).all() or sd < 0 or discrimination <= 0:
        raise UsageError("ratings lie in 0 to 1, their spread is not negative and discrimination is above 0")
    n = len(ids)
    guessing = np.divide(1.0, n_options, out=np.zeros(n), where=n_options > 0)
    freed = np.clip((ratings - guessing) / (1 - guessing), 0.05, 0.95)
    unknown = np.full(n, np.nan)
    difficulty = np.log((1 - freed) / freed) / discrimination
    return Items(ids, np.full(n, discrimination), difficulty, guessing, unknown, np.full(n, sd), unknown.copy())
