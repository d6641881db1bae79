"""The words of a PDF file that typst wrote: enough of a reader to see what is in it, and no more."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(?:^|\n)(\d+) 0 obj\s(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"/Length (\d+).*?>>\s*stream\r?\n", re.DOTALL)
_FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
_SHOWN = re.compile(rb"/(f\d+) [\d.]+ Tf|\bBT\b|\bET\b|\(")  # a font, the begin and the end of text, a string
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, in the order of its content, without the spaces between its pieces."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    return [_page(body, objects) for body in objects.values() if b"/Type/Page/" in body]


def text_of_pdf(pdf: bytes) -> str:
    """All of it, without any white space: where a line breaks, a space is lost."""
    return "".join("".join(pages_of(pdf)).split())


def _page(page: bytes, objects: dict[int, bytes]) -> str:
    resources = objects[_reference(rb"/Resources (\d+) 0 R", page)]
    fonts = {name: _letters(objects[int(number)], objects) for name, number in _FONT.findall(resources)}
    content = _content(objects[_reference(rb"/Contents (\d+) 0 R", page)])
    return "".join(_words(content, fonts))


def _words(content: bytes, fonts: dict[bytes, dict[int, str]]) -> Iterator[str]:
    letters: dict[int, str] = {}
    at, is_text = 0, False
    while found := _SHOWN.search(content, at):
        at = found.end()
        if found[1]:
            letters = fonts[found[1]]
            yield " "
        if found[0] != b"(":
            is_text = is_text if found[1] else found[0] == b"BT"
            continue
        at = _end_of_string(content, at)
        if not is_text:
            continue  # the name of a language
        codes = _ESCAPED.sub(lambda escaped: _unescaped(escaped[1]), content[found.end() : at - 1])
        yield "".join(letters.get(int.from_bytes(codes[place : place + 2]), "\ufffd") for place in range(0, len(codes), 2))


def _end_of_string(content: bytes, at: int) -> int:
    """Behind the parenthesis that closes a string; those inside it come in pairs, or escaped."""
    depth = 1
    while depth:
        letter = content[at : at + 1]
        depth += (letter == b"(") - (letter == b")")
        at += 2 if letter == b"\\" else 1
    return at


def _unescaped(escaped: bytes) -> bytes:
    return bytes([int(escaped, 8)]) if escaped.isdigit() else _LETTERS.get(escaped, escaped)


def _letters(font: bytes, objects: dict[int, bytes]) -> dict[int, str]:
    table = _content(objects[_reference(rb"/ToUnicode (\d+) 0 R", font)])
    return {
        int(code, 16): bytes.fromhex(letters.decode()).decode("utf-16-be")
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL)
        for code, letters in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", block)
    }


def _content(body: bytes) -> bytes:
    found = _STREAM.search(body)
    assert found is not None
    return zlib.decompress(body[found.end() : found.end() + int(found[1])])


def _reference(pattern: bytes, body: bytes) -> int:
    found = re.search(pattern, body)
    assert found is not None
    return int(found[1])
