"""Columns of a piece of a file, as small integers and numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bedside.measure.problems import CodesError, ResponsesError, named

ANSWER = ("person", "item", "correct")
DESCRIBED: dict[str, type[np.generic]] = {  # columns of `Responses` beside the answer, and what holds them
    "choice": np.int16,
    "score": np.float32,
    "max_score": np.float32,
    "ms": np.int32,
    "at": np.int64,
    "position": np.int32,
}
MAX_CHOICES = 32_000
MAX_NUMBER = 50_000_000
_RIGHT, _WRONG = ("1", "1.0", "true"), ("0", "0.0", "false")
_RUNS_PAY = 2  # names are looked up once a run where a run has at least so many rows on average


class Codes:
    """Numbers names in the order in which they come."""

    def __init__(self, path: Path, column: str) -> None:
        self.path = path
        self.column = column
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._places = np.zeros(0, dtype=np.int32)

    def of(self, series: pl.Series, n_seen: int, *, or_none: bool = False) -> NDArray[np.int32]:
        """The number of each name, (n,) int32; where `or_none`, an empty one is -1.

        Raises:
            ResponsesError: a name is empty; gives its row, counted from `n_seen`.
        """
        if (
            series.dtype.is_integer()
            and not series.has_nulls()
            and len(series)
            and _low(series) >= 0
            and _high(series) < MAX_NUMBER
        ):
            return self._of_numbers(series.to_numpy())
        text = series.cast(pl.String)
        empty = text.is_null() | (text == "")
        if empty.any():
            if not or_none:
                row = n_seen + int(np.flatnonzero(empty.fill_null(value=True).to_numpy())[0]) + 1
                raise ResponsesError(str(self.path), f"row {row:,} has no {self.column}")
            text = text.set(empty.fill_null(value=True), None)
        physical = text.cast(pl.Categorical).to_physical().cast(pl.Int64).fill_null(-1).to_numpy()
        # what polars numbers a name by holds for this piece only: from there to the number that the name has in all of them
        first = np.full(int(physical.max(initial=-1)) + 2, -1, dtype=np.int64)
        first[physical[::-1]] = np.arange(len(physical) - 1, -1, -1)
        here = np.flatnonzero(first[:-1] >= 0)
        here = here[np.argsort(first[here])]  # in the order in which they come
        of_here = np.full(len(first), -1, dtype=np.int32)
        of_here[here] = [self._number(name) for name in text.gather(first[here]).to_list()]
        return np.asarray(of_here[physical])

    def _of_numbers(self, numbers: NDArray[Any]) -> NDArray[np.int32]:
        """Names that are small numbers are looked up in a table, which is many times quicker."""
        highest = int(numbers.max())
        if highest >= len(self._places):
            longer = np.full(2 * highest + 1, -1, dtype=np.int32)
            longer[: len(self._places)] = self._places
            self._places = longer
        codes: NDArray[np.int32] = self._places[numbers]
        if int(codes.min()) < 0:
            new, first = np.unique(numbers[codes < 0], return_index=True)
            new = new[np.argsort(first)]
            texts = pl.Series(new).cast(pl.String)
            self._places[new] = self.of(texts, 0)
            codes = self._places[numbers]
        return codes

    def of_runs(self, series: pl.Series, n_seen: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Where runs of one name begin, and the number of each run's name."""
        changes = (series != series.shift(1)).fill_null(value=True).to_numpy()
        heads = np.flatnonzero(changes)
        if len(heads) * _RUNS_PAY <= len(series) and not series.has_nulls():
            return heads, self.of(series.gather(heads), n_seen)
        codes = self.of(series, n_seen)
        return heads, codes[heads]

    def _number(self, name: str) -> int:
        number = self._numbers.setdefault(name, len(self.names))
        if number == len(self.names):
            self.names.append(name)
            if self.column == "choice" and number >= MAX_CHOICES:
                raise ResponsesError(str(self.path), f"`choice` has more than {MAX_CHOICES:,} different values")
        return number


def _low(series: pl.Series) -> int:
    return int(series.min())  # type: ignore[arg-type]  # of integers


def _high(series: pl.Series) -> int:
    return int(series.max())  # type: ignore[arg-type]


def codes_of(path: Path, series: pl.Series, n_seen: int) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Right (1) or wrong (0), and where an answer was given at all.

    Raises:
        CodesError: something is neither 1, 0 nor empty; gives the row, the codes and their number.
    """
    if series.dtype == pl.String:
        text = series.str.strip_chars().str.to_lowercase()
        given = ~(text.is_null() | (text == "")).fill_null(value=True)
        right, wrong = text.is_in(_RIGHT), text.is_in(_WRONG)
    elif series.dtype.is_numeric() or series.dtype == pl.Boolean:
        number = series.cast(pl.Float64)
        given = ~(number.is_null() | number.is_nan()).fill_null(value=True)
        right, wrong = number == 1, number == 0
    else:
        raise CodesError(str(path), f"`{series.name}` holds {series.dtype}, not 1, 0 or empty")
    known = (right | wrong).fill_null(value=False)
    bad = given & ~known
    if bad.any():
        rows = np.flatnonzero(bad.to_numpy())
        found = named(repr(code) for code in series.gather(rows).unique().sort().cast(pl.String).to_list())
        holds = "1 is" if len(rows) == 1 else f"{len(rows):,} from there on are"
        raise CodesError(str(path), f"row {n_seen + int(rows[0]) + 1:,}: an answer is 1, 0 or empty, but {holds} {found}")
    return right.fill_null(value=False).to_numpy().astype(np.uint8), given.to_numpy()


def numbers_of(path: Path, series: pl.Series, n_seen: int) -> NDArray[Any]:
    """A described column as numbers; empty is NaN in scores and -1 elsewhere. `at` may be milliseconds or an ISO instant.

    Raises:
        ResponsesError: a cell is no number; gives its row.
    """
    kind = DESCRIBED[series.name]
    if series.dtype == pl.String:
        series = series.set((series.str.strip_chars() == "").fill_null(value=True), None)
    if series.name == "at" and series.dtype == pl.Datetime:
        number = series.dt.epoch("ms")
    else:
        number = series.cast(pl.Float64, strict=False)
        if series.name == "at" and series.dtype == pl.String:
            instants = series.str.to_datetime(time_unit="ms", time_zone="UTC", strict=False).dt.epoch("ms")
            number = number.cast(pl.Int64).zip_with(number.is_not_null(), instants)
    bad = number.is_null() & series.is_not_null()
    if bad.any():
        row = int(np.flatnonzero(bad.to_numpy())[0])
        raise ResponsesError(str(path), f"row {n_seen + row + 1:,}: `{series.name}` is {series[row]!r}, which is no number")
    if kind is np.float32:
        return number.fill_null(float("nan")).to_numpy().astype(kind)
    whole = number.fill_null(-1).to_numpy()
    limit = np.iinfo(kind).max  # type: ignore[type-var]  # the rest of DESCRIBED are integers
    if len(whole) and (np.abs(whole).max() > limit or (whole != np.floor(whole)).any()):
        raise ResponsesError(str(path), f"`{series.name}` holds a number that is not whole or over {limit:,}")
    return np.asarray(whole.astype(kind))
