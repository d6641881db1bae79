"""A learner's own earlier answers as columns: overall, by skill, by item, and in time.

Every column of an answer is made of earlier answers of the same person, of `easy`, the logit known beforehand, and of when the
answer is asked for. Counts of right and wrong with a logarithm are those of Performance Factors Analysis (Pavlik, Cen &
Koedinger 2009) and Best-LR (Gervet et al. 2020), windows of time those of DAS3H (Choffin et al. 2019), and the running
abilities those of Elo (Pelánek 2016).
"""

from __future__ import annotations

import numba as nb
import numpy as np
from numpy.typing import NDArray

from bedside.measure.predicting.log import LearnerLog
from bedside.measure.predicting.regression import logistic
from bedside.measure.predicting.tables import skill_mean

ANSWER_WINDOWS = np.array([1.0, 3.0, 10.0, 30.0, 100.0, 1000.0])  # an answer k ago counts exp(-k / window)
TIME_WINDOWS = np.array([1e1, 1e2, 1e3, 1e4, 1e5])  # the same in time, in median gaps between two answers
SESSION_GAP = 40.0  # a longer pause, in median gaps, begins a new session
LONGEST_RUN = 10

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Columns = dict[str, Floats]


def median_gap(log: LearnerLog) -> float:
    """The median time between two answers of a person that follow each other, where it is above 0; 1 where there is none."""
    if log.at is None:
        return 1.0
    gaps = np.diff(log.at)[np.diff(log.person()) == 0]
    return float(np.median(gaps[gaps > 0])) if (gaps > 0).any() else 1.0


def history(log: LearnerLog, easy: Floats, gap: float) -> Columns:
    """The columns by name, each (n_answers,); those in time only where the log has times. `gap` is `median_gap` of training."""
    rows = np.arange(log.n_answers)
    before = np.where(np.isin(rows, log.starts[:-1]), -1, rows - 1)
    entry = np.repeat(rows, np.diff(log.skill_starts))
    by_skill = _previous(log.person()[entry] * max(len(log.skills), 1) + log.skill)
    by_item = _previous(log.person() * len(log.items) + log.item)
    when = None if log.at is None else (log.at - log.at.min()) / gap
    columns = _abilities(log, easy, by_skill)
    columns |= _named("answers", _practice(before, rows, log.correct, easy))
    columns |= _sequence(log, before)
    mean = skill_mean(log)
    of_skill = _practice(by_skill, entry, log.correct, easy) | _since(by_skill, entry, when)
    of_skill["practised just before"] = ((by_skill >= 0) & (entry - entry[by_skill] == 1)).astype(np.float64)
    if when is not None:
        of_skill |= _practice_in_time(by_skill, entry, log.correct, when)
    columns |= _named("skills", {name: np.asarray(mean @ column) for name, column in of_skill.items()})
    columns |= _named("item", _repeats(by_item, log.correct) | _since(by_item, rows, when))
    if when is not None:
        columns |= _named("time", _sessions(log, when))
    return columns


def _named(of_what: str, columns: Columns) -> Columns:
    return {f"{of_what}: {name}": column for name, column in columns.items()}


def _previous(key: Ints) -> Ints:
    """For each entry the one before with the same key, -1 where there is none; entries are in order of time."""
    order = np.argsort(key, kind="stable")
    found = np.full(len(key), -1, dtype=np.int64)
    same = key[order][1:] == key[order][:-1]
    found[order[1:][same]] = order[:-1][same]
    return found


@nb.njit(cache=True)
def _faded(previous: Ints, value: Floats, fade: Floats) -> Floats:
    """Sums of the values of earlier entries of each chain, (n, n_windows); `fade` (n, n_windows) is what is left of them since
    the entry before."""
    n, width = fade.shape
    before = np.zeros((n, width))
    for e in range(n):
        p = previous[e]
        if p >= 0:
            for w in range(width):
                before[e, w] = (before[p, w] + value[p]) * fade[e, w]
    return before


def _practice(previous: Ints, row: Ints, correct: Floats, easy: Floats) -> Columns:
    """Counts on a log scale, and how much better than expected the learner was in windows of answers."""
    right, chance = correct[row], logistic(easy[row])
    once = np.ones((len(row), 1))
    fade = np.broadcast_to(np.exp(-1 / ANSWER_WINDOWS), (len(row), len(ANSWER_WINDOWS)))
    n_right, n_wrong = _faded(previous, right, once)[:, 0], _faded(previous, 1 - right, once)[:, 0]
    residual = _faded(previous, right - chance, fade)
    weight = _faded(previous, 4 * chance * (1 - chance), fade)
    columns = {
        "log right": np.log1p(n_right),
        "log wrong": np.log1p(n_wrong),
        "log answers": np.log1p(n_right + n_wrong),
        "none yet": (previous < 0).astype(np.float64),
    }
    for w, window in enumerate(ANSWER_WINDOWS):
        columns[f"better than expected, last {window:.0f}"] = residual[:, w] / (weight[:, w] + 1)
    return columns


def _practice_in_time(previous: Ints, row: Ints, correct: Floats, when: Floats) -> Columns:
    passed = when[row] - when[np.where(previous >= 0, row[previous], row)]
    fade = np.exp(-passed[:, None] / TIME_WINDOWS)
    right, wrong = _faded(previous, correct[row], fade), _faded(previous, 1 - correct[row], fade)
    columns = {}
    for w, window in enumerate(TIME_WINDOWS):
        columns[f"log right, last {window:.0f} gaps"] = np.log1p(right[:, w])
        columns[f"log wrong, last {window:.0f} gaps"] = np.log1p(wrong[:, w])
    return columns


def _since(previous: Ints, row: Ints, when: Floats | None) -> Columns:
    last = np.where(previous >= 0, row[previous], row)
    columns = {"log answers since": np.log1p(row - last)}
    if when is not None:
        columns["log time since"] = np.log1p(when[row] - when[last])
    return columns


def _repeats(previous: Ints, correct: Floats) -> Columns:
    there = previous >= 0
    once = np.ones((len(previous), 1))
    rows = np.arange(len(previous))
    last = correct[previous]
    adjacent = there & (rows - previous == 1)
    return {
        "never met": (~there).astype(np.float64),
        "log right": np.log1p(_faded(previous, correct, once)[:, 0]),
        "log wrong": np.log1p(_faded(previous, 1 - correct, once)[:, 0]),
        "right last time": np.where(there, last, 0.0),
        "wrong last time": np.where(there, 1 - last, 0.0),
        "right just before": np.where(adjacent, last, 0.0),
        "wrong just before": np.where(adjacent, 1 - last, 0.0),
    }


def _sequence(log: LearnerLog, before: Ints) -> Columns:
    """Runs of right and wrong, and the last three answers (0.5 right, -0.5 wrong, 0 none)."""
    runs = _runs(before, log.correct)
    columns = {
        "answers: run of right": np.clip(runs, 0, LONGEST_RUN) / LONGEST_RUN,
        "answers: run of wrong": np.clip(-runs, 0, LONGEST_RUN) / LONGEST_RUN,
    }
    at = np.arange(log.n_answers)
    for lag in range(1, 4):
        at = np.where(at >= 0, before[at], -1)
        columns[f"answers: right {lag} before"] = np.where(at >= 0, log.correct[at] - 0.5, 0.0)
    return columns


@nb.njit(cache=True)
def _runs(before: Ints, correct: Floats) -> Floats:
    """Length of the run of equal answers before each answer, negative for wrong ones."""
    run = np.zeros(len(before))
    for j in range(len(before)):
        p = before[j]
        if p >= 0:
            step = 1.0 if correct[p] > 0.5 else -1.0
            run[j] = run[p] + step if run[p] * step > 0 else step
    return run


def _abilities(log: LearnerLog, easy: Floats, by_skill: Ints) -> Columns:
    slow, fast, skill = _elo(log.starts, log.correct, easy, log.skill_starts, by_skill)
    return {"ability, slow": slow, "ability, fast": fast, "ability in the skills": skill}


@nb.njit(cache=True)
def _elo(starts, correct, easy, skill_starts, by_skill):  # type: ignore[no-untyped-def]
    """Running abilities before each answer: overall with falling and with fixed steps, and by skill on top of the first."""
    n, n_entries = len(correct), len(by_skill)
    slow, fast, skill = np.zeros(n), np.zeros(n), np.zeros(n)
    after, seen = np.zeros(n_entries), np.zeros(n_entries)
    for u in range(len(starts) - 1):
        s, f = 0.0, 0.0
        for j in range(starts[u], starts[u + 1]):
            slow[j], fast[j] = s, f
            low, high = skill_starts[j], skill_starts[j + 1]
            for e in range(low, high):
                if by_skill[e] >= 0:
                    skill[j] += after[by_skill[e]] / (high - low)
            surprise = correct[j] - 1 / (1 + np.exp(-(easy[j] + s + skill[j])))
            for e in range(low, high):
                p = by_skill[e]
                seen[e] = 1 + (seen[p] if p >= 0 else 0)
                after[e] = (after[p] if p >= 0 else 0) + (0.4 / (1 + 0.05 * (seen[e] - 1)) + 0.02) * surprise
            s += (0.4 / (1 + 0.03 * (j - starts[u])) + 0.02) * (correct[j] - 1 / (1 + np.exp(-(easy[j] + s))))
            f += 0.25 * (correct[j] - 1 / (1 + np.exp(-(easy[j] + f))))
    return slow, fast, skill


def _sessions(log: LearnerLog, when: Floats) -> Columns:
    """The pause before an answer, and how far it is into its session and into the person's log, on log scales."""
    rows = np.arange(log.n_answers)
    first = np.isin(rows, log.starts[:-1])
    pause = np.where(first, 0.0, np.diff(when, prepend=when[:1]))
    began = np.maximum.accumulate(np.where(first | (pause > SESSION_GAP), rows, 0))
    return {
        "log pause": np.log1p(pause),
        "log answers of the session": np.log1p(rows - began),
        "log time in the session": np.log1p(when - when[began]),
        "log time since the first answer": np.log1p(when - when[np.repeat(log.starts[:-1], np.diff(log.starts))]),
    }
