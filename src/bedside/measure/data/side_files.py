"""Small files beside the responses: who is of which group or centre, keys, lists of items."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.errors import NotFoundError, NotTextError, SyntaxReadError
from bedside.measure.problems import MeasureError, named


def read_side_table(path: Path, columns: Sequence[str]) -> dict[str, str]:
    """A CSV file with these one or two columns (and perhaps others): the second by the first; with one column, "" by it.

    Raises:
        NotFoundError: there is no such file.
        NotTextError: it is not UTF-8.
        SyntaxReadError: a column is missing, a cell is empty, or a name is there twice; with the line.
    """
    if not path.is_file():
        raise NotFoundError(f"{path}: there is no such file")
    try:
        rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")), strict=True))
    except UnicodeDecodeError:
        raise NotTextError(str(path), "it is not UTF-8 text") from None
    except csv.Error as error:
        raise SyntaxReadError(str(path), f"it is not CSV: {error}") from None
    head = [name.strip() for name in rows[0]] if rows else []
    missing = [name for name in columns if name not in head]
    if missing:
        raise SyntaxReadError(
            str(path), f"there is no column `{missing[0]}`: the first line must name {', '.join(columns)}", line=1
        )
    at = [head.index(name) for name in columns]
    found: dict[str, str] = {}
    for line, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = [row[place].strip() if place < len(row) else "" for place in at]
        if not all(cells):
            raise SyntaxReadError(str(path), f"`{columns[cells.index('')]}` is empty", line=line)
        if cells[0] in found:
            raise SyntaxReadError(str(path), f"{columns[0]} {cells[0]} is there twice", line=line)
        found[cells[0]] = cells[1] if len(cells) > 1 else ""
    return found


def in_order(found: Mapping[str, str], persons: Sequence[object], *, what: str) -> tuple[str, ...]:
    """The entry of each person, in the order of the responses.

    Raises:
        MeasureError: some persons have none.
    """
    missing = [str(person) for person in persons if str(person) not in found]
    if missing:
        raise MeasureError(f"{len(missing)} persons have answers but no {what}: {named(missing)}")
    return tuple(found[str(person)] for person in persons)


def two_groups(groups: Sequence[str], reference: str | None = None) -> tuple[str, str, NDArray[np.bool_]]:
    """The reference group, the focal group, and who is of the focal group, (n_persons,).

    Without a name the reference is the larger group; of two as large, the first in the alphabet.

    Raises:
        MeasureError: there are not two groups, or none has that name.
    """
    names, count = np.unique(np.asarray(groups, dtype=str), return_counts=True)
    if len(names) != 2:
        raise MeasureError(f"there must be two groups, and there are {len(names)}: {named(names)}")
    if reference is not None and reference not in names:
        raise MeasureError(f"no group is named {reference}; they are {names[0]} and {names[1]}")
    chosen = reference if reference is not None else str(names[np.argmax(count)])
    other = next(str(name) for name in names if name != chosen)
    return chosen, other, np.asarray(groups, dtype=str) == other
