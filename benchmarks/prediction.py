"""Next answers predicted on public learner logs, beside what others published: `python benchmarks/prediction.py [NAME ...]`.

The logs are not part of this project: BEDSIDE_SAMPLES names the folder that holds `data/kt` and `data/published`. Each row is
fitted on training learners and predicts the answers of test learners, each from earlier answers of the same learner.
"""

from __future__ import annotations

import csv
import gzip
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import scipy.sparse as sp
from numpy.typing import NDArray

from bedside.measure import (
    LearnerLog,
    PredictionQuality,
    fit_next_answer,
    predict_next_answers,
    prediction_quality,
)

FOLDS = 5
COPY_SHARED, COPY_AGREED = 20, 0.85  # at least so many items of middling difficulty in common, and answers almost always alike

Split = tuple[LearnerLog, LearnerLog]


@dataclass(frozen=True, slots=True)
class Row:
    """A name, the dataset of the published table beside it, and the splits in training and test."""

    name: str
    beside: str
    splits: Callable[[Path], Iterator[Split]]


def lpp(folder: Path, name: str, part: str) -> LearnerLog:
    """A file of the learner-performance-prediction project, with skills by its q-matrix."""
    with gzip.open(folder / name / f"preprocessed_data_{part}.csv.gz") as file:
        table = pl.read_csv(file.read(), separator="\t")
    matrix = sp.load_npz(folder / name / "q_mat.npz").tocsr()
    of_item = [";".join(map(str, matrix.indices[matrix.indptr[i] : matrix.indptr[i + 1]])) for i in range(matrix.shape[0])]
    item = table["item_id"].to_numpy()
    skills = [of_item[one] for one in item]
    at = table["timestamp"].to_numpy()
    return LearnerLog.of(table["user_id"].to_numpy(), item, table["correct"].to_numpy(), skills=skills, at=at, merge=False)


def lpp_split(name: str) -> Callable[[Path], Iterator[Split]]:
    """Its own split by learners."""
    return lambda folder: iter([(lpp(folder, name, "train"), lpp(folder, name, "test"))])


def own_split(folder: Path) -> Iterator[Split]:
    """Algebra 2005-06, of which only the test part is here: a fifth of its learners, drawn with seed 0, are the test."""
    log = lpp(folder, "algebra05_lpp", "test")
    test = np.isin(np.arange(log.n_persons), np.random.default_rng(0).permutation(log.n_persons)[: log.n_persons // 5])
    yield log.of_persons(~test), log.of_persons(test)


def without_copies(splits: Iterator[Split]) -> Iterator[Split]:
    """Without learners in training who are copies of others, in either part, under a further number."""
    for train, test in splits:
        yield train.of_persons(~(copies(train, test) | copies(train, train))), test


def copies(log: LearnerLog, other: LearnerLog) -> NDArray[np.bool_]:
    """Which persons of the log answered as some person of the other did, one of each two where the logs are the same."""
    n = np.bincount(log.item, minlength=len(log.items))
    share = (np.bincount(log.item, log.correct, len(log.items)) + 1) / (n + 2)
    middling = dict(zip(log.items.tolist(), ((share > 0.2) & (share < 0.9)).tolist(), strict=True))
    place = {name: i for i, name in enumerate(log.items.tolist())}

    def signs(one: LearnerLog) -> sp.csr_matrix:
        item = np.array([place.get(name, -1) if middling.get(name) else -1 for name in one.items.tolist()])[one.item]
        cell = np.where(item >= 0, one.person() * len(place) + item, -1)
        cells, first = np.unique(cell, return_index=True)
        cells, first = cells[cells >= 0], first[cells >= 0]
        values = np.where(one.correct[first] == 1, 1.0, -1.0)
        return sp.csr_matrix((values, (cells // len(place), cells % len(place))), shape=(one.n_persons, len(place)))

    mine, theirs = signs(log), signs(other)
    shared, alike = (abs(mine) @ abs(theirs).T).tocoo(), (mine @ theirs.T).tocsr()
    agreed = np.asarray(alike[shared.row, shared.col]).ravel() / shared.data
    found = (shared.data >= COPY_SHARED) & (agreed > COPY_AGREED)
    if log is other:
        found &= shared.row > shared.col
    return np.isin(np.arange(log.n_persons), shared.row[found])


def sequences(path: Path, lines: int) -> Iterator[list[list[int]]]:
    """Learners of a file that gives each so many lines of numbers."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [[int(float(one)) for one in line.split(",") if one.strip()] for line in file]
    for start in range(0, len(rows) - lines + 1, lines):
        yield rows[start : start + lines]


def akt(folder: Path, *, merge: bool) -> Iterator[Split]:
    """ASSISTments 2009 as AKT cut it; `merge` makes rows of one question with several skills one answer."""
    for fold in range(1, FOLDS + 1):
        yield _akt(folder, "train", fold, merge=merge), _akt(folder, "test", fold, merge=merge)


def _akt(folder: Path, part: str, fold: int, *, merge: bool) -> LearnerLog:
    person, item, skill, correct = [], [], [], []
    path = folder / "assist2009_akt" / f"assist2009_pid_{part}{fold}.csv.gz"
    for who, (_, problems, skills, right) in enumerate(sequences(path, 4)):
        person += [who] * len(problems)
        item += problems
        skill += [str(one) for one in skills]
        correct += right
    return LearnerLog.of(person, item, correct, skills=skill, merge=merge)


def statics(folder: Path) -> Iterator[Split]:
    """Engineering Statics 2011 as AKT cut it, without skills."""
    for fold in range(1, FOLDS + 1):
        yield _statics(folder, "train", fold), _statics(folder, "test", fold)


def _statics(folder: Path, part: str, fold: int) -> LearnerLog:
    person, item, correct = [], [], []
    for who, (_, items, right) in enumerate(sequences(folder / "statics_akt" / f"statics_{part}{fold}.csv.gz", 3)):
        person += [who] * len(items)
        item += items
        correct += right
    return LearnerLog.of(person, item, correct)


ROWS = (
    Row("statics_lpp", "statics_lpp", lpp_split("statics_lpp")),
    Row("assist09_lpp", "assist09_lpp", lpp_split("assist09_lpp")),
    Row("assist09_lpp without copies in training", "assist09_lpp", lambda f: without_copies(lpp_split("assist09_lpp")(f))),
    Row("algebra05_lpp (own split)", "algebra05_lpp", own_split),
    Row("statics_akt (5 folds)", "statics_akt", statics),
    Row("assist2009_akt (5 folds, one row an answer)", "ASSISTments2009 (pyKT split)", lambda f: akt(f, merge=True)),
    Row(
        "assist2009_akt (the same without copies)", "ASSISTments2009 (pyKT split)", lambda f: without_copies(akt(f, merge=True))
    ),
    Row("assist2009_akt (5 folds, as published)", "assist2009_akt", lambda f: akt(f, merge=False)),
)


def measured(split: Split) -> tuple[PredictionQuality, float, float]:
    """Quality on the test learners, and the seconds that fitting and predicting took: by the clock and of the processor."""
    train, test = split
    began, began_cpu = time.perf_counter(), time.process_time()
    chance = predict_next_answers(fit_next_answer(train), test)
    took_s, took_cpu_s = time.perf_counter() - began, time.process_time() - began_cpu
    return prediction_quality(test.correct, chance), took_s, took_cpu_s


def published(path: Path, dataset: str) -> str:
    """The models of the published table, best first."""
    with path.open(encoding="utf-8") as file:
        found = [one for one in csv.DictReader(file) if one["dataset"] == dataset and one["status"] != "measured"]
    best = sorted(found, key=lambda one: -float(one["value"]))
    return ", ".join(f"{one['model']} {one['value']}" for one in best)


def main(chosen: list[str]) -> None:
    folder = Path(os.environ.get("BEDSIDE_SAMPLES", "")) / "data"
    if not (folder / "kt").is_dir():
        print("BEDSIDE_SAMPLES does not name a folder with data/kt: nothing to measure")
        return
    print(f"{'':44} {'n':>7} {'AUC':>7} {'sd':>6} {'log loss':>8} {'Brier':>6} {'ECE':>6} {'s a fit':>7} {'of cpu':>6}")
    for row in ROWS:
        if chosen and not any(row.name.startswith(one) for one in chosen):
            continue
        results = [measured(split) for split in row.splits(folder / "kt")]
        table = np.array([(one.auc, one.log_loss, one.brier, one.ece, *took) for one, *took in results])
        auc, loss, brier, ece, seconds, cpu = table.mean(axis=0)
        spread = f"{table[:, 0].std(ddof=1):6.4f}" if len(results) > 1 else f"{'':6}"
        n = sum(one.n for one, *_ in results)
        print(f"{row.name:44} {n:7,} {auc:7.4f} {spread} {loss:8.4f} {brier:6.4f} {ece:6.4f} {seconds:7.1f} {cpu:6.1f}")
        print(f"    published: {published(folder / 'published' / 'kt_auc.csv', row.beside)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
