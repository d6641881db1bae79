"""Questions as a table: CSV with comma, semicolon or tab, one row a question, `option_a`, `option_b`, … for the options.

The table is split here and not by the csv module, because a quote that is never closed must cost its own row and no other:
a row that can't be read is given up at its own line, and reading goes on at the next. Cells are never shifted: a row with
more or fewer cells than the header is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bedside.bank.formats.building import RawQuestion, build, key_by_letter_or_text, letter
from bedside.bank.formats.rows import RowError, Skipped, SourceFile, Taken
from bedside.bank.item import Kind
from bedside.errors import SyntaxReadError
from bedside.findings import plural

DELIMITERS = ",;\t"
MAX_CELL = 64 * 1024  # signs; a quote that stays open longer than this was forgotten
MAX_OPEN_QUOTES = 1_000  # rows with such a quote; a file with more of them is no table

_NAMES = {
    "id": ("id", "question_id", "qid"),
    "type": ("type", "kind"),
    "stem": ("stem", "question", "vignette"),
    "lead_in": ("lead_in", "leadin", "lead-in"),
    "answer": ("answer", "key", "correct", "correct_answer", "answer_idx"),
    "rationale": ("rationale", "explanation", "exp"),
}
_OPTION = re.compile(r"(?:option|opt|choice)[ _-]?([a-z])|([a-z])")
_KINDS = {
    **dict.fromkeys(("sba", "sbaq", "one_best_answer", "single", "mcq"), Kind.ONE_BEST_ANSWER),
    **dict.fromkeys(("mr", "multiple_select", "multiple"), Kind.MULTIPLE_SELECT),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Which cell holds what; `options` in the order of their letters, `unused` the names of all other columns."""

    by_use: Mapping[str, int]
    options: tuple[int, ...]
    n: int
    unused: tuple[str, ...]


def find_columns(header: Sequence[str]) -> Columns | None:
    """The columns of a table of questions, None where it is none."""
    names = [name.strip().casefold() for name in header]
    by_use = {
        use: names.index(found)
        for use, spellings in _NAMES.items()
        if (found := next((name for name in spellings if name in names), None)) is not None
    }
    options: dict[str, int] = {}
    for n, name in enumerate(names):
        if n not in by_use.values() and (found_option := _OPTION.fullmatch(name)):
            options.setdefault(found_option[1] or found_option[2], n)
    letters = [letter(n).lower() for n in range(len(options))]
    if "stem" not in by_use or "answer" not in by_use or len(options) < 2 or sorted(options) != letters:
        return None
    used = {*by_use.values(), *options.values()}
    unused = tuple(header[n].strip() for n in range(len(header)) if n not in used)
    return Columns(by_use, tuple(options[name] for name in letters), len(header), unused)


def sniff(text: str) -> tuple[str, Columns] | None:
    """The delimiter and the columns that the first line shows, None where it shows no table of questions."""
    for delimiter in DELIMITERS:
        try:
            header, _ = _record(text, 0, delimiter)
        except RowError:
            continue
        columns = find_columns(header)
        if columns:
            return delimiter, columns
    return None


def decode_lines(data: bytes) -> str:
    """Bytes to text without a byte-order mark; what is not UTF-8 becomes lone surrogates, by which its row is refused."""
    text = data.decode("utf-8", errors="surrogateescape").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read(source: SourceFile) -> Iterator[Taken | Skipped]:
    """The rows of a table, each taken or refused with its line."""
    text = decode_lines(source.data)
    found = sniff(text)
    assert found is not None, "detect() answers this reader only where the columns were found"
    delimiter, columns = found
    for line, cells in _rows(text, delimiter, source.name):
        if isinstance(cells, RowError):
            yield Skipped(line, str(cells))
        elif any(cell.strip() for cell in cells):
            try:
                yield build(_raw(line, cells, columns))
            except RowError as error:
                yield Skipped(line, str(error))


def _rows(text: str, delimiter: str, file: str) -> Iterator[tuple[int, Sequence[str] | RowError]]:
    """Line and cells of each record after the header, or why it is none."""
    _, position = _record(text, 0, delimiter)
    line = 1 + text.count("\n", 0, position)
    n_open = 0
    while position < len(text):
        start = position
        try:
            cells, position = _record(text, start, delimiter)
            yield line, cells
        except _OpenQuoteError as error:
            n_open += 1
            if n_open > MAX_OPEN_QUOTES:
                raise SyntaxReadError(file, f"more than {MAX_OPEN_QUOTES:,} rows with a quote that is not closed") from None
            position = _next_line(text, start)
            yield line, error
        except RowError as error:
            position = _next_line(text, start)
            yield line, error
        line += text.count("\n", start, position)


class _OpenQuoteError(RowError):
    """A quote that nothing closes."""


def _next_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1


_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')
_BARE = {delimiter: re.compile(rf'[^{delimiter}"\n]*+') for delimiter in DELIMITERS}


def _record(text: str, position: int, delimiter: str) -> tuple[list[str], int]:
    """The cells of the record that starts at `position`, and where the next one starts.

    Raises:
        RowError: a quote that is not closed, or one in the middle of a cell.
    """
    start = position
    cells: list[str] = []
    bare = _BARE[delimiter]
    while True:
        if text.startswith('"', position):
            quoted = _QUOTED.match(text, position, min(len(text), position + MAX_CELL))
            if not quoted:
                raise _OpenQuoteError("a quote is opened and not closed")
            cells.append(quoted[1].replace('""', '"') if '""' in quoted[1] else quoted[1])
            position = quoted.end()
        else:
            plain = bare.match(text, position)
            assert plain is not None
            cells.append(plain[0])
            position = plain.end()
        if text.startswith(delimiter, position):
            position += 1
            continue
        if position < len(text) and text[position] != "\n":
            if "\n" in text[start:position]:  # it met the quote of another row
                raise RowError("a quote is opened and not closed")
            raise RowError("a quote stands inside a cell, or text after a closing quote")
        return cells, position + 1


def _raw(line: int, cells: Sequence[str], columns: Columns) -> RawQuestion:
    if len(cells) != columns.n:
        raise RowError(f"{plural(len(cells), 'cell')}; the header has {columns.n}")
    if any("\udc80" <= sign <= "\udcff" for cell in cells for sign in cell):
        raise RowError("not valid UTF-8")

    def cell(use: str) -> str:
        return cells[columns.by_use[use]].strip() if use in columns.by_use else ""

    options = [cells[n].strip() for n in columns.options]
    while options and not options[-1]:
        options.pop()
    key, kind = _key(cell("answer"), cell("type"), options)
    return RawQuestion(
        row=line,
        id=cell("id") or None,
        stem=cell("stem"),
        lead_in=cell("lead_in"),
        options=tuple(options),
        key=key,
        rationale=cell("rationale"),
        kind=kind,
    )


def _key(answer: str, type_name: str, options: Sequence[str]) -> tuple[tuple[str, ...], Kind]:
    """The letters of the key and the kind of the question."""
    if type_name and type_name.casefold() not in _KINDS:
        known = ", ".join(sorted(_KINDS))
        raise RowError(f'the type "{type_name[:40]}" is not known; known are {known}')
    kind = _KINDS.get(type_name.casefold())
    several = re.split(r"\s*[|;,/ ]\s*", answer.strip("|;, "))
    if len(several) > 1 and all(len(part) == 1 and part.isalpha() for part in several):
        if kind is not Kind.MULTIPLE_SELECT:
            raise RowError(f'several keys, "{answer[:40]}", in a question that asks for one')
        keys = [key_by_letter_or_text(part, "", options) for part in several]
        if len(set(keys)) < len(keys):
            raise RowError(f'the key "{answer[:40]}" names an option twice')
        return tuple(sorted(keys)), kind
    return (key_by_letter_or_text("", answer, options),), kind or Kind.ONE_BEST_ANSWER
