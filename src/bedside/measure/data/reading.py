"""Files of responses, read in batches: long and wide, CSV (also .gz) and Parquet, one file, several, or folders of them.

A batch is turned into small integers as soon as it is there, so that memory stays in proportion to the answers and not to the
text of the files. Long files may come in any order, and a person's answers may be spread over files; what is grouped by person,
in increasing item, needs no sorting.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bedside.errors import NotFoundError, NotTextError, SyntaxReadError, UsageError
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
WIDE_CELLS = 8_000_000  # of a batch: the rows follow from the number of items
PARQUET = {".parquet", ".pq"}
IN_FOLDERS = (".parquet", ".pq", ".csv", ".csv.gz")  # what is taken of a folder; a file that is named is taken as it is
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

Paths = Path | str | Sequence[Path | str]


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose columns are known: long, or wide with one column an item."""

    path: Path
    frame: pl.LazyFrame
    names: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        """Has it a row an answer?"""
        return "item" in self.names and "correct" in self.names

    @property
    def item_columns(self) -> tuple[str, ...]:
        """The items of a wide table."""
        return tuple(name for name in self.names if name != "person")

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        """Columns of a long table that the format does not know."""
        known = {*ANSWER, *DESCRIBED, *_OTHERS}
        return tuple(name for name in self.names if name not in known) if self.is_long else ()

    def n_rows(self) -> int:
        """How many rows a Parquet file says it has; 0 of others, which would have to be read for it."""
        return int(self.frame.select(pl.len()).collect().item()) if self.path.suffix in PARQUET else 0


class Names:
    """The names of persons, items and choices, numbered as they come."""

    def __init__(self) -> None:
        self.persons, self.items, self.choices = (Codes(Path(), column) for column in ("person", "item", "choice"))

    def at(self, path: Path) -> None:
        """From now on names come from this file, which errors are to name."""
        self.persons.path = self.items.path = self.choices.path = path


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows: runs of answers of one person, (n_runs,) each; items and answers, (n,) each. `first_row` is the number of rows
    of the file before it; `rest` holds the columns that are kept, of answers that were given."""

    first_row: int
    person: NDArray[np.int32]
    length: NDArray[np.int64]
    item: NDArray[np.int32]
    correct: NDArray[np.uint8]
    n_empty: int
    rest: pl.DataFrame


def answer_files(paths: Paths) -> tuple[Path, ...]:
    """The files that are named, and those of the folders that are, in alphabetical order within a folder.

    Of a folder and its folders, all files are taken that end in .parquet, .pq, .csv or .csv.gz and do not begin with a dot or
    an underscore.

    Raises:
        NotFoundError: there is no such file or folder, or a folder holds none.
        UsageError: a file is there twice.
    """
    found: list[Path] = []
    for path in [paths] if isinstance(paths, (str, Path)) else paths:
        found += _files_at(Path(path))
    twice = named(sorted({str(path) for path in found if found.count(path) > 1})) if len(set(found)) < len(found) else ""
    if twice:
        raise UsageError(f"a file is named twice, by itself or by its folder: {twice}")
    if not found:
        raise UsageError("no file of responses is named")
    return tuple(found)


def _files_at(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise NotFoundError(f"{path}: there is no such file")
    found = sorted(
        one
        for one in path.rglob("*")
        if one.name.endswith(IN_FOLDERS)
        and one.is_file()
        and not any(part.startswith((".", "_")) for part in one.relative_to(path).parts)
    )
    if not found:
        raise NotFoundError(f"{path}: the folder holds no file of responses ({', '.join(IN_FOLDERS)})")
    return found


def label_of(paths: Sequence[Path]) -> str:
    """What an error about all of the files names."""
    return str(paths[0]) if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1:,} more"


def read_fields(paths: Paths, *, keep: Collection[str] | None, repeats: Repeats) -> dict[str, Any]:
    """The fields of `Responses` from long or wide files; which of the two is seen by their columns.

    Its arguments and errors are those of `Responses.read`.
    """
    files = answer_files(paths)
    tables = [open_table(path) for path in files]
    kept = [_kept(table, keep) for table in tables]
    for table, columns in zip(tables, kept, strict=True):
        if set(columns) != set(kept[0]):
            raise ResponsesError(
                str(table.path),
                f"its columns ({named(columns)}) are not those of {files[0]} ({named(kept[0])}), so they can't be kept",
            )
    names = Names()
    rows = Rows(sum(table.n_rows() for table in tables if table.is_long), [one for one in kept[0] if one not in DESCRIBED])
    for table, columns in zip(tables, kept, strict=True):
        for batch in batches(table, names, columns):
            rows.add(batch.person, batch.length, batch.item, batch.correct)
            rows.n_empty += batch.n_empty
            _add_rest(rows, batch, names, table.path)
    unknown = tuple(dict.fromkeys(name for table in tables for name in table.unknown_columns))
    return in_rows(label_of(files), rows, (names.persons.names, names.items.names, names.choices.names), unknown, repeats)


def open_table(path: Path) -> Table:
    """See what columns a file has.

    Raises:
        NotTextError, SyntaxReadError: it is not a table.
        ResponsesError: columns are missing or twice there.
    """
    try:
        frame = pl.scan_parquet(path) if path.suffix in PARQUET else pl.scan_csv(path, infer_schema=False)
        names = frame.collect_schema().names()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(path, error) from error
    _see_columns(path, names)
    return Table(path, frame, tuple(names))


def batches(
    table: Table, names: Names, columns: Sequence[str] = (), first_row: int = 0, n_rows: int | None = None
) -> Iterator[Batch]:
    """The rows of a file, or `n_rows` of them from `first_row` on, batch by batch.

    Raises:
        NotTextError, SyntaxReadError: it is not a table.
        ResponsesError: cells hold what they can't; gives the row.
    """
    names.at(table.path)
    wanted = [*ANSWER, *columns] if table.is_long else list(table.names)
    size = PIECE_ROWS if table.is_long else max(1, WIDE_CELLS // len(table.item_columns))
    frame = table.frame.select(wanted).slice(first_row, n_rows)
    try:
        for piece in frame.collect_batches(chunk_size=size, maintain_order=True):
            yield _long(table, names, piece, columns, first_row) if table.is_long else _wide(table, names, piece, first_row)
            first_row += len(piece)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(table.path, error) from error


def _long(table: Table, names: Names, piece: pl.DataFrame, columns: Sequence[str], n_seen: int) -> Batch:
    heads, person = names.persons.of_runs(piece["person"], n_seen)
    item = names.items.of(piece["item"], n_seen)
    correct, given = codes_of(table.path, piece["correct"], n_seen)
    lengths = np.add.reduceat(given, heads, dtype=np.int64) if len(heads) else np.zeros(0, dtype=np.int64)
    rest = piece.select(columns)
    n_empty = len(given) - int(given.sum())
    if n_empty and columns:
        rest = rest.filter(pl.Series(given))
    return Batch(n_seen, person, lengths, item[given], correct[given], n_empty, rest)


def _wide(table: Table, names: Names, piece: pl.DataFrame, n_seen: int) -> Batch:
    items = table.item_columns
    heads, person = names.persons.of_runs(piece["person"], n_seen)
    correct = np.zeros((len(piece), len(items)), dtype=np.uint8)
    given = np.zeros(correct.shape, dtype=bool)
    for place, name in enumerate(items):
        try:
            correct[:, place], given[:, place] = codes_of(table.path, piece[name], n_seen)
        except CodesError as error:
            raise CodesError(error.file, f"column `{name}`: {error.text}; a wide file has `person` and items only") from None
    codes = names.items.of(pl.Series(items, dtype=pl.String), 0)
    _, item = np.nonzero(given)
    by_row = given.sum(axis=1, dtype=np.int64)
    lengths = np.add.reduceat(by_row, heads) if len(heads) else by_row
    return Batch(n_seen, person, lengths, codes[item], correct[given], given.size - len(item), pl.DataFrame())


def _add_rest(rows: Rows, batch: Batch, names: Names, path: Path) -> None:
    for name in batch.rest.columns:
        column = batch.rest[name]
        if name == "choice":
            rows.add_column(name, names.choices.of(column, batch.first_row, or_none=True))
        elif name in DESCRIBED:
            rows.add_column(name, numbers_of(path, column, batch.first_row))
        else:
            rows.extra[name].append(column)


def _kept(table: Table, keep: Collection[str] | None) -> list[str]:
    """Which columns of a file to keep beside the answers."""
    if not table.is_long:
        return []
    return [name for name in table.names if name not in ANSWER and (keep is None or name in keep)]


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
