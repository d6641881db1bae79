"""What other learners' answers say of an answer before it is given: how easy its item is, and what the answers before foretell.

A training learner is described by what the others put into the tables, so that no weight is fitted to figures that hold the
answer itself; new learners are described by the whole tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from bedside.measure.predicting.log import LearnerLog
from bedside.measure.predicting.regression import logistic

ITEM_SHRINKAGE = 5.0  # answers that the skills' share right is worth in the share of an item
SKILL_SHRINKAGE = 20.0  # answers that the overall share right is worth in the share of a skill
PAIR_SHRINKAGE = 5.0  # units of information that "nothing foretold" is worth in a pair of items
LAGS = (1, 2, 3)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ShareTables:
    """Right answers and answers by item, (n_items,), and by skill, (n_skills,), and the overall share right."""

    item_right: Floats
    item_n: Floats
    skill_right: Floats
    skill_n: Floats
    share: float

    def padded(self, n_items: int, n_skills: int) -> ShareTables:
        """With further items and skills that nobody answered."""
        item, skill = (0, n_items - len(self.item_n)), (0, n_skills - len(self.skill_n))
        return ShareTables(
            np.pad(self.item_right, item), np.pad(self.item_n, item),
            np.pad(self.skill_right, skill), np.pad(self.skill_n, skill), self.share,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Easiness:
    """Of each answer, (n_answers,): the logit of its item's shrunken share right, that of its skills alone, and the logarithm
    of 1 + the answers this rests on."""

    item: Floats
    skills: Floats
    log_answers: Floats


@dataclass(frozen=True, slots=True)
class PairTable:
    """For an item, the item `lag` answers before, and whether that was right: sums of residuals and of their variances.

    `key` (n_pairs,) is sorted; `residual` and `variance` have shape (n_pairs,).
    """

    lag: int
    n_items: int
    key: Ints
    residual: Floats
    variance: Floats


def skill_mean(log: LearnerLog, n_skills: int | None = None) -> sp.csr_matrix:
    """(n_answers, n_skills) or, without `n_skills`, (n_answers, n_entries): the mean over the skills of each answer."""
    counts = np.diff(log.skill_starts)
    values = np.repeat(1 / np.maximum(counts, 1), counts)
    column = np.arange(len(log.skill)) if n_skills is None else log.skill
    width = len(log.skill) if n_skills is None else n_skills
    return sp.csr_matrix((values, column, log.skill_starts), shape=(log.n_answers, width))


def share_tables(log: LearnerLog) -> ShareTables:
    """Count right answers and answers."""
    right = np.repeat(log.correct, np.diff(log.skill_starts))
    n_items, n_skills = len(log.items), len(log.skills)
    return ShareTables(
        item_right=_sums(log.item, log.correct, n_items),
        item_n=np.bincount(log.item, minlength=n_items).astype(np.float64),
        skill_right=_sums(log.skill, right, n_skills),
        skill_n=np.bincount(log.skill, minlength=n_skills).astype(np.float64),
        share=float((log.correct.sum() + 1) / (log.n_answers + 2)),
    )


def easiness(log: LearnerLog, tables: ShareTables, *, of_others: bool) -> Easiness:
    """How easy each answer is by the tables; `of_others` leaves out what the person of the answer put into them."""
    counts = np.diff(log.skill_starts)
    person, right = log.person(), np.repeat(log.correct, counts)
    skill_n, skill_right = tables.skill_n[log.skill], tables.skill_right[log.skill]
    item_n, item_right = tables.item_n[log.item], tables.item_right[log.item]
    if of_others:
        own_n, own_right = _own(np.repeat(person, counts) * len(log.skills) + log.skill, np.ones(len(log.skill)), right)
        skill_n, skill_right = skill_n - own_n, skill_right - own_right
        own_n, own_right = _own(person * len(log.items) + log.item, np.ones(log.n_answers), log.correct)
        item_n, item_right = item_n - own_n, item_right - own_right
    of_skill = _logit((skill_right + SKILL_SHRINKAGE * tables.share) / (skill_n + SKILL_SHRINKAGE))
    overall = float(_logit(np.array([tables.share]))[0])
    skills = np.asarray(skill_mean(log) @ (of_skill - overall)) + overall
    item = _logit((item_right + ITEM_SHRINKAGE * logistic(skills)) / (item_n + ITEM_SHRINKAGE))
    return Easiness(item, skills, np.log1p(item_n))


def pair_table(log: LearnerLog, easy: Floats, lag: int) -> PairTable:
    """Sum what was left over by `easy` (n_answers,), the logit known beforehand, by pair of items."""
    key = _keys(log, lag, len(log.items))
    chance = logistic(easy)
    has = np.flatnonzero(key >= 0)
    names, place = np.unique(key[has], return_inverse=True)
    residual, variance = log.correct[has] - chance[has], (chance * (1 - chance))[has]
    size = len(names)
    return PairTable(lag, len(log.items), names, _sums(place, residual, size), _sums(place, variance, size))


def foretold_by_pairs(log: LearnerLog, table: PairTable, easy: Floats, *, of_others: bool) -> Floats:
    """The shrunken mean residual, in logits, of the same pair and answer before, (n_answers,); 0 where there is none.

    `of_others` leaves out what the person of the answer put into the table, for which `easy` must be that of the table.
    """
    if not len(table.key):
        return np.zeros(log.n_answers)
    key = _keys(log, table.lag, table.n_items)
    place = np.minimum(np.searchsorted(table.key, key), len(table.key) - 1)
    there = table.key[place] == key
    residual, variance = table.residual[place], table.variance[place]
    if of_others:
        chance = logistic(easy)
        known = np.where(there, place, len(table.key))
        own, own_variance = _own(log.person() * (len(table.key) + 1) + known, log.correct - chance, chance * (1 - chance))
        residual, variance = residual - own, np.maximum(variance - own_variance, 0)
    return np.where(there, residual / (variance + PAIR_SHRINKAGE), 0.0)


def _sums(place: Ints, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(place, values, size), dtype=np.float64)


def _own(key: Ints, *columns: Floats) -> tuple[Floats, ...]:
    """For each entry, the sums of the columns over the entries with the same key."""
    _, place = np.unique(key, return_inverse=True)
    return tuple(_sums(place, column, 0)[place] for column in columns)


def _keys(log: LearnerLog, lag: int, n_items: int) -> Ints:
    """A number for each item, item `lag` before and answer then; -1 where there is none or an item is unknown."""
    key = np.full(log.n_answers, -1, dtype=np.int64)
    if log.n_answers <= lag:
        return key
    person = log.person()
    now, before = log.item[lag:], log.item[:-lag]
    there = (person[lag:] == person[:-lag]) & (now < n_items) & (before < n_items)
    key[lag:] = np.where(there, (now * n_items + before) * 2 + log.correct[:-lag].astype(np.int64), -1)
    return key


def _logit(share: Floats) -> Floats:
    return np.asarray(np.log(share / (1 - share)))
