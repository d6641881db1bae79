"""Which format a file is in, told by its content and never by its name."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from itertools import islice

from bedside.bank.formats import csv_table, json_rows, medmcqa, medqa
from bedside.bank.formats.rows import Reader, RowError, SourceFile
from bedside.errors import NotTextError, ReadError, SyntaxReadError, TooLargeError

MAX_BYTES = 256 * 1024 * 1024  # unpacked; the largest of the public sets has 130 MB
_SNIFFED_ROWS = 50
_KNOWN = "CSV with columns for stem, options and answer; JSON lines like MedQA or MedMCQA; each also packed with gzip"


@dataclass(frozen=True, slots=True)
class Detected:
    """A format, the unpacked file and its reader; `unit` is what a row is called, `unused` the columns not read."""

    format: str
    source: SourceFile
    read: Reader
    unit: str
    unused: tuple[str, ...]


def detect(source: SourceFile) -> Detected:
    """Find the format.

    Raises:
        TooLargeError: over `MAX_BYTES`, packed or not.
        NotTextError: UTF-16 or another text that is not UTF-8 from its first sign on.
        SyntaxReadError: none of the known formats; says what was found.
    """
    source = _unpacked(source)
    data = source.data
    if len(data) > MAX_BYTES:
        raise TooLargeError(source.name, f"more than {MAX_BYTES:,} bytes")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise NotTextError(source.name, "the file is UTF-16; save it as UTF-8")
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    if not start:
        raise SyntaxReadError(source.name, "the file is empty")
    if start in {b"{", b"["}:
        return _json(source)
    found = csv_table.sniff(csv_table.decode_lines(data[: 64 * 1024]))
    if found:
        return Detected("csv", source, csv_table.read, "line", found[1].unused)
    raise SyntaxReadError(source.name, f"the format is not known; known are {_KNOWN}")


def _json(source: SourceFile) -> Detected:
    sample = [row for _, row in islice(json_rows.rows(source), _SNIFFED_ROWS) if not isinstance(row, RowError)]
    unit = "record" if json_rows.is_array(source.data) else "line"
    for name, module in (("medmcqa", medmcqa), ("medqa", medqa)):
        fitting = [row for row in sample if module.fits(row)]
        if fitting:
            unused = tuple(dict.fromkeys(key for row in fitting for key in row if key not in module.USED))
            return Detected(name, source, module.read, unit, unused)
    if not sample:
        raise SyntaxReadError(source.name, "no JSON object in the first lines that can be read")
    keys = ", ".join(sorted({key for row in sample for key in row}))[:200]
    raise SyntaxReadError(source.name, f"JSON with the keys {keys}: the format is not known; known are {_KNOWN}")


def _unpacked(source: SourceFile) -> SourceFile:
    if source.data[:2] != b"\x1f\x8b":
        return source
    try:
        data = _gunzip(source.data)
    except zlib.error:
        raise ReadError(source.name, "the gzip file is damaged") from None
    if data is None:
        raise TooLargeError(source.name, f"more than {MAX_BYTES:,} bytes when unpacked")
    return replace(source, data=data)


def _gunzip(data: bytes) -> bytes | None:
    """All members of a gzip file, None where they unpack to more than the limit."""
    parts: list[bytes] = []
    size = 0
    while data:
        member = zlib.decompressobj(wbits=31)
        parts.append(member.decompress(data, MAX_BYTES + 1 - size))
        size += len(parts[-1])
        if size > MAX_BYTES:
            return None
        if not member.eof:
            raise zlib.error("cut off")
        data = member.unused_data
        if data[:2] != b"\x1f\x8b":
            return b"".join(parts)
    return b"".join(parts)
