"""MedMCQA-like JSON: `question`, `opa` to `opd`, `cop` (the number of the key), `exp` (an explanation of the whole).

The number counts from 0 as the data set is distributed now; its first release counted from 1. A file is taken to count from 1
only where many rows leave no doubt: none has 0, some have 4.
"""

from __future__ import annotations

from collections.abc import Iterator

from bedside.bank.formats.building import RawQuestion, letter
from bedside.bank.formats.json_rows import Row, id_of, read_rows, rows, text_of
from bedside.bank.formats.rows import RowError, Skipped, SourceFile, Taken

OPTIONS = ("opa", "opb", "opc", "opd")
USED = frozenset({"id", "question", *OPTIONS, "cop", "exp", "choice_type"})
MIN_ROWS_TO_TELL = 20  # with four equally likely places, none of 20 keys is the first in 3 of 1,000 files


def fits(row: Row) -> bool:
    """Does a row look like this format?"""
    return "question" in row and "opa" in row and "opb" in row


def read(source: SourceFile) -> Iterator[Taken | Skipped]:
    """The rows, each taken or refused with its line."""
    first = _first_number(source)
    note = ("the numbers of the keys count from 1 in this file",) if first else ()
    return read_rows(source, lambda number, row: _raw(number, row, first=first, notes=note))


def _first_number(source: SourceFile) -> int:
    numbers = [cop for _, row in rows(source) if not isinstance(row, RowError) and isinstance(cop := row.get("cop"), int)]
    counts_from_one = len(numbers) >= MIN_ROWS_TO_TELL and min(numbers) == 1 and max(numbers) == len(OPTIONS)
    return 1 if counts_from_one else 0


def _raw(number: int, row: Row, *, first: int, notes: tuple[str, ...]) -> RawQuestion:
    question = text_of(row, "question")
    if not question:
        raise RowError("no question")
    options = [text_of(row, name) for name in OPTIONS]
    while options and not options[-1]:
        options.pop()
    cop = row.get("cop")
    if cop is None or cop == "":
        raise RowError("no key")
    if not isinstance(cop, int) or isinstance(cop, bool) or not 0 <= cop - first < len(options):
        raise RowError(f'the key "{str(cop)[:20]}" is no number of an option, counted from {first}')
    return RawQuestion(
        row=number,
        id=id_of(row, "id"),
        stem=question,
        lead_in="",
        options=tuple(options),
        key=(letter(cop - first),),
        rationale=text_of(row, "exp"),
        notes=notes,
    )
