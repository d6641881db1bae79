"""JSON objects one a line, or all in one array: each with its line or number, or the reason why it can't be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bedside.bank.formats.building import RawQuestion, build
from bedside.bank.formats.rows import RowError, Skipped, SourceFile, Taken
from bedside.errors import NotTextError, SyntaxReadError

MAX_LINE = 1024 * 1024  # bytes of one object

Row = Mapping[str, Any]


def is_array(data: bytes) -> bool:
    """Does the file hold one array, not one object a line?"""
    return data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"["


def rows(source: SourceFile) -> Iterator[tuple[int, Row | RowError]]:
    """Number and object of each row.

    Raises:
        ReadError: the array as a whole can't be read.
    """
    data = source.data.removeprefix(b"\xef\xbb\xbf")
    if is_array(data):
        yield from enumerate(_array(data, source.name), start=1)
        return
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            try:
                yield number, _object(line)
            except RowError as error:
                yield number, error


def read_rows(source: SourceFile, to_raw: Callable[[int, Row], RawQuestion]) -> Iterator[Taken | Skipped]:
    """Every row through `to_raw`, taken or refused with its line."""
    for number, row in rows(source):
        if isinstance(row, RowError):
            yield Skipped(number, str(row))
            continue
        try:
            yield build(to_raw(number, row))
        except RowError as error:
            yield Skipped(number, str(error))


def _object(line: bytes) -> Row:
    if len(line) > MAX_LINE:
        raise RowError(f"{len(line):,} bytes in one line; at most {MAX_LINE:,}")
    try:
        value = json.loads(line.decode("utf-8"), object_pairs_hook=_without_doubles)
    except UnicodeDecodeError:
        raise RowError("not valid UTF-8") from None
    except json.JSONDecodeError as error:
        raise RowError(f"not JSON: {error.msg} at column {error.colno}") from None
    except RecursionError:
        raise RowError("not JSON that can be read: nested too deeply") from None
    except RowError:
        raise
    except ValueError:
        raise RowError("not JSON that can be read: a number is too long") from None
    if not isinstance(value, dict):
        raise RowError("not a JSON object")
    return value


def _array(data: bytes, file: str) -> Iterator[Row | RowError]:
    try:
        value = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise NotTextError(file, "not valid UTF-8", line=data.count(b"\n", 0, error.start) + 1) from None
    except json.JSONDecodeError as error:
        raise SyntaxReadError(file, f"not JSON: {error.msg}", line=error.lineno, column=error.colno) from None
    except (RecursionError, ValueError):
        raise SyntaxReadError(file, "not JSON that can be read: nested too deeply, or a number too long") from None
    for entry in value:
        yield entry if isinstance(entry, dict) else RowError("not a JSON object")


def _without_doubles(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        double = next(name for name in names if names.count(name) > 1)
        raise RowError(f'"{double}" is given twice')
    return read


def text_of(row: Row, name: str) -> str:
    """A text of the row; empty where it is absent or null, a number as its digits."""
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise RowError(f'"{name}" is no text')


def id_of(row: Row, *names: str) -> str | None:
    """The row's own id, under the first of these names that it has."""
    return next((text for name in names if (text := text_of(row, name))), None)
