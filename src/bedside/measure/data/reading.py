"""Files of responses, read in pieces: long and wide, CSV (also .gz) and Parquet.

A piece is turned into small integers as soon as it is there, so that memory stays in proportion to the answers and not to the
text of the file. Long files may come in any order; those grouped by person, in increasing item, need no sorting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bedside.errors import NotFoundError, NotTextError, SyntaxReadError
from bedside.measure.data.columns import ANSWER, DESCRIBED, Codes, codes_of, numbers_of
from bedside.measure.data.rows import (
    Repeats,
    Rows,
    refuse_repeats,
    see_lengths,
    sort_items,
    starts_by_person,
    without,
)
from bedside.measure.problems import CodesError, ResponsesError, named

PIECE_ROWS = 2_000_000
WIDE_CELLS = 8_000_000  # of a piece: the rows follow from the number of items
PARQUET = {".parquet", ".pq"}


def read_fields(path: Path | str, *, keep: Collection[str] | None, repeats: Repeats) -> dict[str, Any]:
    """The fields of `Responses` from a long or a wide file; which of the two is seen by its columns.

    Its arguments and errors are those of `Responses.read`.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFoundError(f"{path}: there is no such file")
    try:
        table = pl.scan_parquet(path) if path.suffix in PARQUET else pl.scan_csv(path, infer_schema=False)
        names = table.collect_schema().names()
        _see_columns(path, names)
        if "item" in names and "correct" in names:
            return _read_long(path, table, names, keep, repeats)
        return _read_wide(path, table, names, repeats)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> SyntaxReadError | NotTextError:
    first_line = str(error).strip().partition("\n")[0]
    if "utf-8" in first_line.lower():
        return NotTextError(str(path), "it is not UTF-8 text")
    return SyntaxReadError(str(path), f"it can't be read as a table: {first_line}")


def _see_columns(path: Path, names: list[str]) -> None:
    if "person" not in names:
        raise ResponsesError(str(path), f"there is no column `person`; it has {named(names)} (CSV is separated by commas)")
    twice = [name for name in names if "_duplicated_" in name and name.partition("_duplicated_")[0] in names]
    if twice:
        raise ResponsesError(
            str(path), f"a column is there twice: {named(name.partition('_duplicated_')[0] for name in twice)}"
        )
    if len({"item", "correct"} & set(names)) == 1:
        missing = "correct" if "item" in names else "item"
        raise ResponsesError(str(path), f"there is no column `{missing}`: long files have `person,item,correct`")
    if len(names) == 1:
        raise ResponsesError(str(path), "there is no column beside `person`")


def _pieces(table: pl.LazyFrame, rows: int) -> Iterator[pl.DataFrame]:
    yield from table.collect_batches(chunk_size=rows, maintain_order=True)


def _read_long(
    path: Path, table: pl.LazyFrame, names: list[str], keep: Collection[str] | None, repeats: Repeats
) -> dict[str, Any]:
    kept = [name for name in names if name not in ANSWER and (keep is None or name in keep)]
    persons, items, choices = Codes(path, "person"), Codes(path, "item"), Codes(path, "choice")
    expected = int(table.select(pl.len()).collect().item()) if path.suffix in PARQUET else 0  # without reading
    rows = Rows(expected, [name for name in kept if name not in DESCRIBED])
    n_seen = 0
    for piece in _pieces(table.select([*ANSWER, *kept]), PIECE_ROWS):
        heads, person = persons.of_runs(piece["person"], n_seen)
        item = items.of(piece["item"], n_seen)
        correct, given = codes_of(path, piece["correct"], n_seen)
        lengths = np.add.reduceat(given, heads, dtype=np.int64) if len(heads) else np.zeros(0, dtype=np.int64)
        rows.add(person, lengths, item[given], correct[given])
        rows.n_empty += len(given) - int(given.sum())
        for name in kept:
            column = piece[name] if given.all() else piece[name].filter(pl.Series(given))
            if name == "choice":
                rows.add_column(name, choices.of(column, n_seen, or_none=True))
            elif name in DESCRIBED:
                rows.add_column(name, numbers_of(path, column, n_seen))
            else:
                rows.extra[name].append(column)
        n_seen += len(piece)
    unknown = tuple(name for name in names if name not in ANSWER and name not in DESCRIBED and name not in _OTHERS)
    return in_rows(str(path), rows, (persons.names, items.names, choices.names), unknown, repeats)


_OTHERS = {
    "version",
    "key",
    "form",
    "attempt",
    "mode",
    "changes",
    "confidence",
    "skills",
}  # of the long format, kept as they are


def _read_wide(path: Path, table: pl.LazyFrame, names: list[str], repeats: Repeats) -> dict[str, Any]:
    item_names = [name for name in names if name != "person"]
    persons = Codes(path, "person")
    rows = Rows()
    n_seen = 0
    for piece in _pieces(table, max(1, WIDE_CELLS // len(item_names))):
        heads, person = persons.of_runs(piece["person"], n_seen)
        correct = np.zeros((len(piece), len(item_names)), dtype=np.uint8)
        given = np.zeros(correct.shape, dtype=bool)
        for place, name in enumerate(item_names):
            try:
                correct[:, place], given[:, place] = codes_of(path, piece[name], n_seen)
            except CodesError as error:
                raise CodesError(
                    error.file, f"column `{name}`: {error.text}; a wide file has `person` and items only"
                ) from None
        _, item = np.nonzero(given)
        by_row = given.sum(axis=1, dtype=np.int64)
        lengths = np.add.reduceat(by_row, heads) if len(heads) else by_row
        rows.add(person, lengths, item.astype(np.int32), correct[given])
        rows.n_empty += given.size - len(item)
        n_seen += len(piece)
    return in_rows(str(path), rows, (persons.names, item_names, []), (), repeats)


def in_rows(
    file: str, rows: Rows, names: tuple[list[str], list[str], list[str]], unknown: tuple[str, ...], repeats: Repeats
) -> dict[str, Any]:
    """Put what was read into rows by person.

    Raises:
        ResponsesError: there is no answer.
        DuplicatesError: a person answered an item more than once, and it was not said which counts.
    """
    persons, items, choices = names
    extra = {name: pl.concat(pieces).to_numpy().copy() for name, pieces in rows.extra.items() if pieces}
    starts, order = starts_by_person(rows, len(persons))
    see_lengths(file, int(starts[-1]))
    columns: dict[str, Any] = {
        "item": rows.item.whole(),
        "correct": rows.correct.whole(),
        **{name: column.whole() for name, column in rows.described.items()},
    }
    if order is not None:
        columns = {name: column[order] for name, column in columns.items()}
        extra = {name: column[order] for name, column in extra.items()}
    repeated = sort_items(starts, [*columns.values(), *extra.values()])
    n_repeats = 0
    if repeated is not None:
        if repeats == "refuse":
            raise refuse_repeats(file, starts, columns["item"], repeated, (persons, items))
        starts, stays = without(starts, repeated, repeats)
        columns = {name: column[stays] for name, column in columns.items()}
        extra = {name: column[stays] for name, column in extra.items()}
        n_repeats = int(repeated.sum())
    return dict(
        persons=np.array(persons, dtype=object),
        items=np.array(items, dtype=object),
        starts=starts,
        choices=tuple(choices),
        unknown_columns=unknown,
        extra=extra,
        n_empty=rows.n_empty,
        n_repeats=n_repeats,
        **columns,
    )
