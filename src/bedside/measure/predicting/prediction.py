"""Will the next answer be right? A logistic regression whose columns all have names, fitted on some learners, for others.

What goes in: how easy the item is by the answers of others; what the learner did before, overall, in the item's skills, on the
item itself and in time; several abilities that move; and what the last items foretell of this one. Items, skills and, for
items and skills, the worth of ability have weights of their own, drawn to 0 (partial pooling), so that an item nobody
answered is predicted from its skills. See docs/explanation/next-answer.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from bedside.measure.predicting.abilities import PROBIT, Loadings, fit_loadings, foretold
from bedside.measure.predicting.history import history, median_gap
from bedside.measure.predicting.log import LearnerLog
from bedside.measure.predicting.quality import prediction_quality
from bedside.measure.predicting.regression import DesignMatrix, fit_logistic, logistic
from bedside.measure.predicting.tables import (
    LAGS,
    Easiness,
    PairTable,
    ShareTables,
    easiness,
    foretold_by_pairs,
    pair_table,
    share_tables,
    skill_mean,
)
from bedside.measure.problems import MeasureError, TooFewResponsesError

FOLDS = 4
ABILITIES = (1, 8)  # how many a learner has: both pictures go in, and the weights tell which to trust
PENALTIES = np.array([1e-3, 1.0, 3.0, 1.0, 15.0, 10.0])  # of intercept, named columns, items, skills, and their slopes
STRENGTHS = (0.3, 1.0, 3.0)  # of all penalties together: which to try
MAX_ANSWERS = 1_000_000  # that weights and loadings are fitted on; the tables take all

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Columns:
    """The dense columns by name, and what brings them to mean 0 and standard deviation 1, each (d,).

    `low` and `high` are the ends of what training learners had; what is outside is taken as the nearer end, so that nothing is
    told by a weight where it was not learned.
    """

    names: tuple[str, ...]
    centre: Floats
    scale: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class NextAnswerModel:
    """What predicts: tables of shares, loadings, and a weight for each column.

    `weights` begins with the intercept and the weights of the named columns, in logits for one standard deviation. Then come,
    for the n items and the s skills of training: easiness of items (n) and skills (s), worth of ability for items (n) and
    skills (s), and worth of right and of wrong answers in the skill (s, s). `strength`, of the penalties, was chosen by the
    log loss of a part of the training learners. `gap` is the median time between two answers; `group_of` gives the place of
    each set of skills in the loadings' groups.
    """

    items: NDArray[np.object_]
    skills: NDArray[np.object_]
    tables: ShareTables
    pairs: tuple[PairTable, ...]
    group_of: dict[tuple[str, ...], int]
    loadings: tuple[Loadings, ...]
    gap: float
    has_times: bool
    columns: Columns
    strength: float
    weights: Floats

    def weight_of(self) -> dict[str, float]:
        """The weights of the named columns, in logits for one standard deviation more, largest first."""
        found = dict(zip(self.columns.names, self.weights[1 : 1 + len(self.columns.names)].tolist(), strict=True))
        return dict(sorted(found.items(), key=lambda one: -abs(one[1])))


@dataclass(frozen=True, slots=True)
class _FromOthers:
    """What other learners' answers say of each answer: easiness, mean and variance by number of abilities, pairs."""

    easy: Easiness
    ability: list[tuple[Floats, Floats]]
    pairs: list[Floats]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Dense columns before scaling, (n_answers, d), and the sparse part."""

    names: tuple[str, ...]
    dense: NDArray[np.float32]
    sparse: sp.csr_matrix


def fit_next_answer(log: LearnerLog, *, seed: int = 0, max_answers: int = MAX_ANSWERS) -> NextAnswerModel:
    """Fit on the answers of training learners; seconds for some hundred thousand answers.

    Args:
        seed: for the split of learners into folds and the first loadings; the same seed gives the same model.
        max_answers: with more, weights and loadings are fitted on learners drawn at random up to so many.

    Raises:
        TooFewResponsesError: fewer than eight learners, or all answers right, or all wrong.
    """
    if log.n_persons < 2 * FOLDS or log.correct.min() == log.correct.max():
        raise TooFewResponsesError("next answers need at least eight learners, and both right and wrong answers, to learn from")
    rng = np.random.default_rng(seed)
    fold_of = rng.permutation(log.n_persons) % FOLDS
    tables = share_tables(log)
    everywhere = easiness(log, tables, of_others=True).item
    pairs = tuple(pair_table(log, everywhere, lag) for lag in LAGS)
    group_of, group = _groups(log)
    chosen = _sample(log, max_answers, rng)
    log, fold_of = log.of_persons(chosen), fold_of[chosen]
    fold = np.repeat(fold_of, np.diff(log.starts))
    easy = easiness(log, tables, of_others=True)
    loadings, ability = _abilities(log, easy.item, fold_of, group, n_groups=len(group_of) + 1, seed=seed)
    gap = median_gap(log)
    told = [foretold_by_pairs(log, one, easy.item, of_others=True) for one in pairs]
    rows = _rows(log, _FromOthers(easy, ability, told), gap=gap, n_items=len(log.items), n_skills=len(log.skills))
    columns = _scaling(rows)
    design = _design(rows, columns)
    strength, weights = _fit(design, log.correct, fold, _penalty(len(columns.names), len(log.items), len(log.skills)))
    return NextAnswerModel(
        log.items, log.skills, tables, pairs, group_of, loadings, gap, log.at is not None,
        columns, strength, weights,
    )  # fmt: skip


def predict_next_answers(model: NextAnswerModel, log: LearnerLog) -> Floats:
    """The chance that each answer of the log is right, (n_answers,), from the earlier answers of its person only.

    A log with times, for a model without, is predicted without them.

    Raises:
        MeasureError: the model was fitted with times, and the log has none.
    """
    if model.has_times and log.at is None:
        raise MeasureError(
            "the model was fitted on answers with times; fit it again without them to predict a log without times"
        )
    n_items, n_skills = len(model.items), len(model.skills)
    log = _aligned(log if model.has_times else log.without_times(), model)
    easy = easiness(log, model.tables.padded(len(log.items), len(log.skills)), of_others=False)
    known = _extended(model, log)
    everybody = np.ones(log.n_persons, dtype=bool)
    ability = [foretold(log, easy.item, everybody, one) for one in known]
    told = [foretold_by_pairs(log, one, easy.item, of_others=False) for one in model.pairs]
    rows = _rows(log, _FromOthers(easy, ability, told), gap=model.gap, n_items=n_items, n_skills=n_skills)
    return logistic(_design(rows, model.columns).times(model.weights))


def _sample(log: LearnerLog, max_answers: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Persons drawn at random until they have `max_answers` answers; all where they have fewer."""
    chosen = np.ones(log.n_persons, dtype=bool)
    if log.n_answers > max_answers:
        order = rng.permutation(log.n_persons)
        too_many = np.cumsum(np.diff(log.starts)[order]) > max_answers
        too_many[: 2 * FOLDS] = False
        chosen[order[too_many]] = False
    return chosen


def _skills_of_items(log: LearnerLog) -> dict[int, tuple[str, ...]]:
    """The skills of each item's first answer in the log, sorted."""
    items, first = np.unique(log.item, return_index=True)
    starts = log.skill_starts
    return {
        int(item): tuple(sorted(log.skills[log.skill[starts[row] : starts[row + 1]]].tolist()))
        for item, row in zip(items, first, strict=True)
    }


def _groups(log: LearnerLog) -> tuple[dict[tuple[str, ...], int], Ints]:
    """Groups of items with the same skills, and the group of each item."""
    group_of: dict[tuple[str, ...], int] = {}
    group = np.zeros(len(log.items), dtype=np.int64)
    for item, skills in _skills_of_items(log).items():
        group[item] = group_of.setdefault(skills, len(group_of))
    return group_of, group


def _abilities(
    log: LearnerLog, easy: Floats, fold_of: Ints, group: Ints, *, n_groups: int, seed: int
) -> tuple[tuple[Loadings, ...], list[tuple[Floats, Floats]]]:
    """For each number of abilities, loadings from all learners, and mean and variance of what loadings from the learners of
    other folds foretell of each answer."""
    loadings, ability = [], []
    for k in ABILITIES:
        mean, variance = np.zeros(log.n_answers), np.zeros(log.n_answers)
        for fold in range(FOLDS):
            elsewhere = fit_loadings(log, easy, fold_of != fold, group, n_groups=n_groups, k=k, seed=seed)
            more = foretold(log, easy, fold_of == fold, elsewhere)
            mean, variance = mean + more[0], variance + more[1]
        ability.append((mean, variance))
        everybody = np.ones(log.n_persons, dtype=bool)
        loadings.append(fit_loadings(log, easy, everybody, group, n_groups=n_groups, k=k, seed=seed))
    return tuple(loadings), ability


def _rows(log: LearnerLog, others: _FromOthers, *, gap: float, n_items: int, n_skills: int) -> _Rows:
    """All columns of the answers; items and skills from `n_items` and `n_skills` on were not in training."""
    easy = others.easy
    columns = {
        "easiness of the item": easy.item,
        "easiness of the skills": easy.skills,
        "log answers of others": easy.log_answers,
    }
    for k, (mean, variance) in zip(ABILITIES, others.ability, strict=True):
        columns[f"{k} abilities: foretold"] = mean
        columns[f"{k} abilities: standard deviation"] = np.sqrt(variance)
        columns[f"{k} abilities: foretold, by certainty"] = mean / np.sqrt(1 + PROBIT * variance)
    columns |= {f"the item {lag} before": column for lag, column in zip(LAGS, others.pairs, strict=True)}
    columns |= history(log, easy.item, gap)
    known = log.item < n_items
    rows = np.arange(log.n_answers)
    item = sp.csr_matrix((known.astype(np.float64), (rows, np.where(known, log.item, 0))), shape=(log.n_answers, n_items))
    skills = skill_mean(log, max(len(log.skills), n_skills))[:, :n_skills]
    slow, right, wrong = (sp.diags(columns[name]) for name in ("ability, slow", "skills: log right", "skills: log wrong"))
    sparse = sp.hstack([item, skills, slow @ item, slow @ skills, right @ skills, wrong @ skills]).tocsr()
    return _Rows(tuple(columns), np.column_stack(list(columns.values())).astype(np.float32), sparse)


def _scaling(rows: _Rows) -> Columns:
    scale = rows.dense.std(axis=0, dtype=np.float64)
    scale[scale < 1e-6] = 1.0
    centre = rows.dense.mean(axis=0, dtype=np.float64)
    low, high = rows.dense.min(axis=0).astype(np.float64), rows.dense.max(axis=0).astype(np.float64)
    return Columns(rows.names, centre, scale, low, high)


def _design(rows: _Rows, columns: Columns) -> DesignMatrix:
    within = np.clip(rows.dense, columns.low.astype(np.float32), columns.high.astype(np.float32))
    dense = (within - columns.centre.astype(np.float32)) / columns.scale.astype(np.float32)
    return DesignMatrix.of(np.column_stack([np.ones(len(dense), dtype=np.float32), dense]), rows.sparse)


def _penalty(n_dense: int, n_items: int, n_skills: int) -> Floats:
    """What each weight is drawn to 0 with, in the order of `NextAnswerModel.weights`."""
    sizes = (1, n_dense, n_items, n_skills, n_items, 3 * n_skills)
    return np.repeat(PENALTIES, sizes)


def _fit(design: DesignMatrix, correct: Floats, fold: Ints, penalty: Floats) -> tuple[float, Floats]:
    """The strength of the penalties that predicts the first fold best, and the weights fitted with it on all."""
    fitted, held = design.rows(fold != 0), design.rows(fold == 0)
    tried = []
    weights = None
    for strength in STRENGTHS:
        weights = fit_logistic(fitted, correct[fold != 0], strength * penalty, weights)
        loss = prediction_quality(correct[fold == 0], logistic(held.times(weights))).log_loss
        tried.append((loss, strength, weights))
    _, strength, weights = min(tried, key=lambda one: one[0])
    return strength, fit_logistic(design, correct, strength * penalty, weights)


def _aligned(log: LearnerLog, model: NextAnswerModel) -> LearnerLog:
    """The log with the model's places for items and skills; new ones follow."""

    def places(names: NDArray[np.object_], known: NDArray[np.object_]) -> tuple[NDArray[np.object_], Ints]:
        at = {name: n for n, name in enumerate(known.tolist())}
        found = np.array([at.setdefault(name, len(at)) for name in names.tolist()], dtype=np.int64)
        return np.array(list(at), dtype=object), found

    items, item_at = places(log.items, model.items)
    skills, skill_at = places(log.skills, model.skills)
    return replace(
        log, items=items, item=item_at[log.item], skills=skills,
        skill=skill_at[log.skill] if len(skill_at) else log.skill,
    )  # fmt: skip


def _extended(model: NextAnswerModel, log: LearnerLog) -> list[Loadings]:
    """Loadings with those of new items, which have the mean of the items with the same skills."""
    n_known, n_items = len(model.items), len(log.items)
    group = np.full(n_items, len(model.group_of), dtype=np.int64)
    for item, skills in _skills_of_items(log).items():
        group[item] = model.group_of.get(skills, len(model.group_of))
    return [
        Loadings(
            np.concatenate([one.slope, one.group_slope[group[n_known:]]]),
            np.concatenate([one.intercept, np.zeros(n_items - n_known)]),
            one.group_slope,
        )
        for one in model.loadings
    ]
