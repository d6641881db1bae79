"""The shape in which a record is kept, and its limits: also of what a person brings back from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bedside.errors import UsageError
from bedside.pathway import Record

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
MOST_BYTES: Final = 64 * 1024  # a long life fits into a twentieth of it
MOST_ROWS: Final = 30  # of attempts, certificates or stretches of training; the USMLE allows 24 attempts at most

_RECORD = TypeAdapter(Record)


def record_from_kept(kept: dict[str, Any]) -> Record:
    """The record of plain values. Names that no rule knows any longer stay: they are not asked about.

    Raises:
        UsageError: they are not in the shape of a record.
    """
    try:
        return _RECORD.validate_python(kept)
    except ValidationError as error:
        raise UsageError(f"the record that is kept can't be read: {error.errors(include_url=False)[0]['msg']}") from None


def see_record(kept: dict[str, Any]) -> None:
    """See whether plain values from elsewhere may be kept.

    Raises:
        ValueError: they are no record, or over a limit; the message says what.
    """
    problem = limit_passed(kept)
    if problem:
        raise ValueError(problem)
    try:
        _RECORD.validate_python(kept)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from None


def limit_passed(kept: dict[str, Any]) -> str:
    """What is too large or too far away in a record; empty where nothing is."""
    n_bytes = len(json.dumps(kept, default=str))
    if n_bytes > MOST_BYTES:
        return f"the record has {n_bytes:,} bytes; the limit is {MOST_BYTES:,}"
    for name, rows in kept.items():
        if isinstance(rows, list) and len(rows) > MOST_ROWS:
            return f"{name} has {len(rows)} entries; the limit is {MOST_ROWS}"
    for path, day in _days(kept, ""):
        if not FIRST_DAY <= day <= LAST_DAY:
            return f"{path}: days lie between {FIRST_DAY} and {LAST_DAY}"
    return ""


def _days(value: Any, path: str) -> Iterator[tuple[str, date]]:
    """Every day in plain values, with its place."""
    match value:
        case dict():
            for key, one in value.items():
                yield from _days(one, f"{path}.{key}" if path else str(key))
        case list() | tuple():
            for number, one in enumerate(value):
                yield from _days(one, f"{path}.{number}")
        case date():
            yield path, value
        case str() if len(value) == len("2026-05-14"):
            try:
                yield path, date.fromisoformat(value)
            except ValueError:
                return
