"""Records to the plain values that JSON has."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from enum import Enum

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


def plain(value: object) -> Plain:
    """Days as ISO text, `unknown` as the word, records and mappings as objects."""
    match value:
        case Enum():
            return str(value.value)
        case None | bool() | int() | float() | str():
            return value
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(member) for key, member in value.items()}
        case tuple() | list():
            return [plain(member) for member in value]
        case _ if dataclasses.is_dataclass(value):
            return {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        case _:
            raise TypeError(f"{type(value).__name__} has no plain form")


def plain_object(record: object) -> dict[str, Plain]:
    """A record as an object."""
    made = plain(record)
    assert isinstance(made, dict)
    return made
