"""Learner logs: who answered what in which order, several answers of a person to the same item included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bedside.errors import NotFoundError, NotTextError, SyntaxReadError, UsageError
from bedside.measure.problems import CodesError, ResponsesError, named

NEEDED = ("person", "item", "correct")


@dataclass(frozen=True, slots=True)
class LearnerLog:
    """Answers by person and, within a person, in the order they were given.

    `starts` (n_persons + 1,) int64: the answers of person p are the slice `starts[p]:starts[p + 1]` of every column.
    `item` (n_answers,) int64, the place in `items`. `correct` (n_answers,) float64, 0 or 1.
    `skill_starts` (n_answers + 1,) int64 and `skill` int64: the skills of answer j are
    `skill[skill_starts[j]:skill_starts[j + 1]]`, places in `skills`; an answer may have none.
    `at` (n_answers,) float64: when, in any one unit from any origin; None where the log has no times.
    `n_merged`: rows that were joined to the row before, being the same answer under a further skill.
    """

    persons: NDArray[np.object_]
    items: NDArray[np.object_]
    skills: NDArray[np.object_]
    starts: NDArray[np.int64]
    item: NDArray[np.int64]
    correct: NDArray[np.float64]
    skill_starts: NDArray[np.int64]
    skill: NDArray[np.int64]
    at: NDArray[np.float64] | None = None
    n_merged: int = 0

    @property
    def n_persons(self) -> int:
        """How many persons there are."""
        return len(self.persons)

    @property
    def n_answers(self) -> int:
        """How many answers there are."""
        return len(self.correct)

    def person(self) -> NDArray[np.int64]:
        """The place in `persons` of each answer, shape (n_answers,); made anew at each call."""
        return np.repeat(np.arange(self.n_persons, dtype=np.int64), np.diff(self.starts))

    def without_times(self) -> LearnerLog:
        """The same answers in the same order, without their times."""
        return replace(self, at=None)

    def of_persons(self, chosen: NDArray[np.bool_]) -> LearnerLog:
        """The answers of the chosen persons; `chosen` has shape (n_persons,). Items and skills keep their places."""
        rows = np.flatnonzero(np.repeat(chosen, np.diff(self.starts)))
        counts = np.diff(self.skill_starts)
        return replace(
            self,
            persons=self.persons[chosen],
            starts=_starts(np.diff(self.starts)[chosen]),
            item=self.item[rows],
            correct=self.correct[rows],
            skill_starts=_starts(counts[rows]),
            skill=self.skill[np.repeat(np.repeat(chosen, np.diff(self.starts)), counts)],
            at=None if self.at is None else self.at[rows],
        )

    @staticmethod
    def of(
        person: Sequence[Any] | NDArray[Any],
        item: Sequence[Any] | NDArray[Any],
        correct: Sequence[int] | NDArray[Any],
        *,
        skills: Sequence[str | None] | None = None,
        at: Sequence[float] | NDArray[Any] | None = None,
        merge: bool = True,
    ) -> LearnerLog:
        """From columns of one length, one row an answer, in the order of time within a person or with `at`.

        Args:
            skills: the skills of each row, `;` between several, empty or None for none.
            at: when; rows of one person are put in this order, and in the order given where it is equal.
            merge: take rows of one person that follow each other with the same item, time and `correct` but other skills as
                one answer with all these skills: some logs write a question of two skills as two rows, and the second would
                be known from the first.

        Raises:
            UsageError: the columns differ in length or are empty, or `correct` holds something other than 0 and 1.
        """
        lengths = {len(column) for column in (person, item, correct, skills, at) if column is not None}
        if lengths - {0} != lengths or len(lengths) != 1:
            raise UsageError("a learner log needs columns of one length with at least one answer")
        right = np.asarray(correct, dtype=np.float64)
        if not np.isin(right, (0.0, 1.0)).all():
            raise UsageError("`correct` of a learner log is 0 or 1")
        columns = {"person": _text(person), "item": _text(item)}
        when = None if at is None else np.asarray(at, dtype=np.float64)
        return _packed(columns, right, _text([""] * len(right) if skills is None else skills), when, merge=merge)


def read_learner_log(path: Path | str, *, merge: bool = True) -> LearnerLog:
    """Read a long file, CSV (also .gz) or Parquet, with the columns `person,item,correct` and optionally `skills,at`.

    `skills` has `;` between several; `at` is a number in any one unit, or a time as ISO 8601 writes it. Other columns are not
    used. Rows with an empty `correct` are left out. `merge` as for `LearnerLog.of`.

    Raises:
        NotFoundError: there is no such file.
        NotTextError, SyntaxReadError: it is not a table.
        ResponsesError: a needed column is missing, a person or item is empty, or a time can't be read.
        CodesError: `correct` holds something other than 1, 0 and empty.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFoundError(f"{path}: there is no such file")
    table = _table(path)
    missing = [name for name in NEEDED if name not in table.columns]
    if missing:
        raise ResponsesError(
            str(path), f"no column {named(missing)}; a learner log has person,item,correct[,skills,at]", line=1
        )
    table = table.filter(pl.col("correct").is_not_null() & (pl.col("correct") != ""))
    right = table["correct"].cast(pl.Float64, strict=False)
    wrong = table.filter(~right.is_in([0.0, 1.0]).fill_null(value=False))["correct"]
    if len(wrong):
        raise CodesError(str(path), f"`correct` is 1, 0 or empty; {len(wrong):,} rows have {named(sorted(set(wrong)))}")
    for name in ("person", "item"):
        if table[name].is_null().any():
            raise ResponsesError(str(path), f"{table[name].null_count():,} rows without {name}")
    if not len(table):
        raise ResponsesError(str(path), "there are no answers")
    at = _times(path, table["at"]) if "at" in table.columns else None
    skills = table["skills"].fill_null("") if "skills" in table.columns else pl.Series("skills", [""] * len(table))
    columns = {name: table[name].to_numpy() for name in ("person", "item")}
    return _packed(columns, right.to_numpy(), skills.to_numpy(), at, merge=merge)


def _table(path: Path) -> pl.DataFrame:
    try:
        if path.suffix in {".parquet", ".pq"}:
            table = pl.read_parquet(path)
            return table.select(pl.col(name).cast(pl.String) for name in table.columns if name in {*NEEDED, "skills", "at"})
        return pl.read_csv(path, infer_schema=False)
    except UnicodeDecodeError as error:
        raise NotTextError(str(path), "not UTF-8 text") from error
    except (pl.exceptions.PolarsError, OSError) as error:
        raise SyntaxReadError(str(path), f"not a table: {str(error).splitlines()[0]}") from error


def _times(path: Path, column: pl.Series) -> NDArray[np.float64] | None:
    """Times as numbers, or ISO 8601 as seconds; None where they say nothing."""
    if column.is_null().all():
        return None
    if column.is_null().any():
        raise ResponsesError(str(path), f"{column.null_count():,} rows have no `at`, and others do")
    times = column.cast(pl.Float64, strict=False)
    if times.is_null().any():
        try:
            parsed = column.str.to_datetime(time_unit="us", time_zone="UTC")
        except pl.exceptions.PolarsError as error:
            raise ResponsesError(str(path), "`at` is neither a number nor a time in ISO 8601 in every row") from error
        times = parsed.dt.epoch("us").cast(pl.Float64) / 1e6
    found = times.to_numpy()
    if not np.isfinite(found).all():
        raise ResponsesError(str(path), "`at` is not finite in every row")
    return found if found.min() < found.max() else None


def _text(column: Sequence[Any] | NDArray[Any]) -> NDArray[np.object_]:
    return np.array(["" if one is None else str(one) for one in column], dtype=object)


def _packed(
    columns: dict[str, NDArray[np.object_]],
    correct: NDArray[np.float64],
    skills: NDArray[np.object_],
    at: NDArray[np.float64] | None,
    *,
    merge: bool,
) -> LearnerLog:
    persons, person = _coded(columns["person"])
    items, item = _coded(columns["item"])
    sets, of_row = _coded(skills)
    order = np.lexsort((person,)) if at is None else np.lexsort((at, person))  # lexsort is stable
    person, item, right, of_row = person[order], item[order], correct[order], of_row[order]
    when = None if at is None else at[order]
    members = [tuple(dict.fromkeys(part.strip() for part in one.split(";") if part.strip())) for one in sets.tolist()]
    first = np.ones(len(order), dtype=bool)
    of_answer = [members[one] for one in of_row]
    if merge:
        same = (np.diff(person) == 0) & (np.diff(item) == 0) & (np.diff(right) == 0) & (np.diff(of_row) != 0)
        _merge(np.flatnonzero(same if when is None else same & (np.diff(when) == 0)) + 1, of_answer, first)
    of_answer = [one for one, kept in zip(of_answer, first, strict=True) if kept]
    flat = [name for one in of_answer for name in one]
    names, skill = _coded(np.array(flat, dtype=object)) if flat else (np.array([], dtype=object), np.array([], dtype=np.int64))
    return LearnerLog(
        persons=persons,
        items=items,
        skills=names,
        starts=_starts(np.bincount(person[first], minlength=len(persons))),
        item=item[first],
        correct=right[first],
        skill_starts=_starts([len(one) for one in of_answer]),
        skill=skill,
        at=None if when is None or not len(when) or when.min() == when.max() else when[first],
        n_merged=int((~first).sum()),
    )


def _merge(candidates: NDArray[np.int64], of_answer: list[tuple[str, ...]], first: NDArray[np.bool_]) -> None:
    """Give the skills of rows that go on with an answer to its first row; a skill that comes again begins a new answer."""
    head, last = -1, -2
    for row in candidates.tolist():
        head = head if row == last + 1 else row - 1
        last = row
        more = of_answer[row]
        if not more or not of_answer[head] or set(more) & set(of_answer[head]):
            head = row
            continue
        of_answer[head] += more
        first[row] = False


def _coded(column: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Names in the order they first appear, and the place of each row's name."""
    series = pl.Series("name", column.tolist(), dtype=pl.String)
    names = series.unique(maintain_order=True)
    places = series.replace_strict(names, np.arange(len(names)), return_dtype=pl.Int64)
    return np.array(names.to_list(), dtype=object), places.to_numpy().astype(np.int64)


def _starts(counts: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(np.asarray(counts, dtype=np.int64))]).astype(np.int64)
