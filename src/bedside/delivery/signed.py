"""Signed files: what a signature is over, and how such a file is read. Receipts, bundles and carried sittings are made so.

A file is one JSON object with its `format`, such as `bedside-bundle/2`, and its `signature`. The signature itself is made and
checked by the shell.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from bedside.delivery.canonical_json import canonical
from bedside.delivery.carried import read_json, read_record
from bedside.errors import UsageError

T = TypeVar("T")


def signed_bytes(told: Mapping[str, Any]) -> bytes:
    """What the signature of a file is over: its format as a line, and its canonical JSON without the signature.

    The line makes sure that a signature can never be taken for one over something else; of `bedside-bundle/2` it is
    `bedside bundle 2` with its line feed.
    """
    kind, _, version = str(told["format"]).rpartition("/")
    line = f"{kind.replace('-', ' ')} {version}\n".encode()
    return line + canonical({name: value for name, value in told.items() if name != "signature"})


def read_file(record: type[T], packed: bytes, *, formats: Collection[str], what: str, file: str) -> tuple[T, dict[str, Any]]:
    """The record that a file holds, and the JSON that was signed where it is.

    `formats` are those that are read, the one that is written now first.

    Raises:
        BedsideError: the file is none of these, or is no such record; says where.
    """
    told = read_json(packed, file=file)
    if told.get("format") not in formats:
        named = " or ".join(f'"{one}"' for one in formats)
        raise UsageError(f'{file}: this {what}: field "format" is not {named}')
    return read_record(record, told, file=file), told
