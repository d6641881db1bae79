"""Files of item parameters: CSV with a row an item, read strictly and written so that reading gives the same numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bedside.errors import NotFoundError, StoreError, SyntaxReadError
from bedside.measure.items import Items
from bedside.reading import decode, did_you_mean

NUMBERS = ("discrimination", "difficulty", "guessing", "se_discrimination", "se_difficulty", "se_guessing")
COLUMNS = ("item", *NUMBERS)
REQUIRED = ("item", "discrimination", "difficulty")

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read_items(path: Path) -> Items:
    """Read item parameters from a CSV file with the columns of `COLUMNS` in any order.

    `item`, `discrimination` and `difficulty` must be there. Without `guessing`, or where it is empty, it is 0; a standard
    error that is empty or has no column is NaN.

    Raises:
        NotFoundError, StoreError: the file is not there, or can't be read.
        NotTextError: it is not UTF-8.
        SyntaxReadError: a column is unknown, missing or there twice; a row is too short or too long; an item has no name
            or is there twice; a value is no number or out of range. Each names file, line and, where it can, column.
    """
    try:
        source = decode(path.read_bytes(), file=str(path))
    except FileNotFoundError:
        raise NotFoundError(f"{path}: there is no such file") from None
    except OSError as error:
        raise StoreError(f"{path}: can't be read: {error.strerror or error}") from error
    return parse_items(source.text, file=source.file)


def parse_items(text: str, *, file: str) -> Items:
    """Item parameters from the text of such a file; `file` is its name in errors, which are those of `read_items`."""
    rows = _rows(text, file)
    if not rows:
        raise SyntaxReadError(file, f"the file is empty; its first line must name the columns {', '.join(COLUMNS)}")
    place_of = _header(rows[0])
    ids: list[str] = []
    columns: dict[str, list[float]] = {name: [] for name in NUMBERS}
    seen: dict[str, int] = {}
    for row in rows[1:]:
        if len(row.fields) != len(rows[0].fields):
            raise row.problem(f"the row has {len(row.fields)} fields, the first line has {len(rows[0].fields)}")
        ids.append(_name(row, place_of["item"], seen))
        for name, values in columns.items():
            values.append(_number(row, name, place_of))
    if not ids:
        raise SyntaxReadError(file, "there are no items below the first line", line=rows[0].line)
    return Items(tuple(ids), *(np.array(columns[name], dtype=np.float64) for name in NUMBERS))


def items_text(items: Items) -> str:
    """The text of a CSV file from which `parse_items` gives the same items, to the last digit."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    columns: list[NDArray[np.float64]] = [getattr(items, name) for name in NUMBERS]
    for place, name in enumerate(items.ids):
        numbers = (float(column[place]) for column in columns)
        writer.writerow([name, *("" if np.isnan(number) else repr(number) for number in numbers)])
    return out.getvalue()


def write_items(items: Items, path: Path) -> None:
    """Write item parameters to a CSV file; NaN is left empty.

    Raises:
        StoreError: the disk refuses.
    """
    try:
        path.write_text(items_text(items), encoding="utf-8", newline="")
    except OSError as error:
        raise StoreError(f"{path}: can't be written: {error.strerror or error}") from error


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the file: where it starts, its text if it is one plain line, its fields."""

    file: str
    line: int
    fields: Sequence[str]
    is_plain: bool  # no quotes, so that the place of a field can be counted

    def problem(self, text: str, *, place: int | None = None) -> SyntaxReadError:
        """The error about this row, at the field `place`."""
        column = None
        if place is not None and self.is_plain:
            column = sum(len(field) + 1 for field in self.fields[:place]) + 1
        return SyntaxReadError(self.file, text, line=self.line, column=column)


def _rows(text: str, file: str) -> list[_Row]:
    lines = text.split("\n")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[_Row] = []
    before = 0
    try:
        for fields in reader:
            if fields:  # a blank line is none
                raw = lines[before : reader.line_num]
                rows.append(_Row(file, before + 1, fields, len(raw) == 1 and '"' not in raw[0]))
            before = reader.line_num
    except csv.Error as error:
        raise SyntaxReadError(file, f"not well-formed CSV: {error}", line=reader.line_num) from None
    return rows


def _header(row: _Row) -> dict[str, int]:
    place_of: dict[str, int] = {}
    for place, field in enumerate(row.fields):
        name = field.strip()
        if name not in COLUMNS:
            raise row.problem(f'unknown column "{name}"{did_you_mean(name, COLUMNS)}', place=place)
        if name in place_of:
            raise row.problem(f'the column "{name}" is there twice', place=place)
        place_of[name] = place
    missing = [name for name in REQUIRED if name not in place_of]
    if missing:
        raise row.problem(f"missing: {', '.join(missing)}")
    return place_of


def _name(row: _Row, place: int, seen: dict[str, int]) -> str:
    name = row.fields[place].strip()
    if not name:
        raise row.problem("the item has no name", place=place)
    if name in seen:
        raise row.problem(f'the item "{name}" is there already, in line {seen[name]}', place=place)
    seen[name] = row.line
    return name


_RANGES: Mapping[str, tuple[Callable[[float], bool], str]] = {
    "guessing": (lambda number: 0 <= number < 1, "must be from 0 to below 1"),
    **{name: (lambda number: number >= 0, "can't be negative") for name in NUMBERS if name.startswith("se_")},
}
_EMPTY = {"guessing": 0.0, **{name: float("nan") for name in NUMBERS if name.startswith("se_")}}


def _number(row: _Row, name: str, place_of: Mapping[str, int]) -> float:
    place = place_of.get(name)
    text = row.fields[place].strip() if place is not None else ""
    if not text:
        if name in _EMPTY:
            return _EMPTY[name]
        raise row.problem(f"{name} is empty", place=place)
    number = float(text) if _NUMBER.fullmatch(text) else float("inf")
    if np.isinf(number):
        raise row.problem(f'{name} is "{text}", which is no number', place=place)
    is_sound, rule = _RANGES.get(name, (lambda _: True, ""))
    if not is_sound(number):
        raise row.problem(f"{name} is {text}; it {rule}", place=place)
    return number
