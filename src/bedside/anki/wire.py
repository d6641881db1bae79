"""Reading and nothing else of Protocol Buffers' wire format: https://protobuf.dev/programming-guides/encoding/.

Current Anki keeps note types, decks and the list of media in it. A few fields are needed, so a few lines read them.
"""

from __future__ import annotations

from collections.abc import Iterator


class WireError(ValueError):
    """The bytes are no message."""


_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def fields_of(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Number and value of each field of a message: an integer, or bytes.

    Raises:
        WireError: the bytes are no message.
    """
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            value, at = _varint(data, at)
            yield number, value
            continue
        if kind == _BYTES:
            length, at = _varint(data, at)
        elif kind in {_FIXED64, _FIXED32}:
            length = 8 if kind == _FIXED64 else 4
        else:
            raise WireError(f"field {number} is of the unknown kind {kind}")
        if at + length > len(data):
            raise WireError(f"field {number} is cut off")
        yield number, data[at : at + length]
        at += length


def text_of(value: int | bytes) -> str:
    """A field as text.

    Raises:
        WireError: it is none.
    """
    if isinstance(value, int):
        raise WireError("a number stands where a text should")
    return value.decode("utf-8", errors="replace")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for n in range(10):
        if at + n >= len(data):
            raise WireError("a number is cut off")
        byte = data[at + n]
        value |= (byte & 0x7F) << (7 * n)
        if byte < 0x80:
            return value, at + n + 1
    raise WireError("a number is too long")
