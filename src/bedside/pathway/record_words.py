"""What is wrong with a field of a record, in words for its author: what should stand there, and which keys there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from bedside.pathway.record import MAX_SCORE, Attempt, Bar, Degree, Goals, Held, Permit, Person, Record, School, Training
from bedside.reading import did_you_mean

_UNKNOWN = {"extra_forbidden", "unexpected_keyword_argument"}
_MISSING = {"missing", "missing_argument", "missing_keyword_only_argument"}

_GROUPS: Mapping[tuple[str, ...], type] = {
    (): Record,
    ("person",): Person,
    ("person", "school"): School,
    ("person", "degree"): Degree,
    ("attempts",): Attempt,
    ("certificates",): Held,
    ("training",): Training,
    ("permits",): Permit,
    ("bars",): Bar,
    ("goals",): Goals,
}

_TYPES = {
    "tuple_type": "should be a list, as [a, b], or lines that begin with `-`; leave the key out where there is nothing",
    "bool_type": "should be true or false, without quotes",
    "int_type": "should be a whole number",
    "int_from_float": "should be a whole number",
    "string_type": "should be text; put it in quotes",
    "string_too_short": "should not be empty; leave the key out where it is not known",
    "greater_than_equal": "should be 0 or more",
}

_PATTERNS = {
    "^[A-Z]{2}$": "should be two capital letters, as PK for a country or TX for a state",
    "^[a-z][a-z0-9_]*$": "should be a name as the rules have it, in small letters, digits and _, as step2ck",
}


def is_unknown_key(offence: Mapping[str, Any]) -> bool:
    """Is it a key that the record does not have?"""
    return offence["type"] in _UNKNOWN


def is_missing_key(offence: Mapping[str, Any]) -> bool:
    """Is it a key that is missing?"""
    return offence["type"] in _MISSING


def key_hint(path: Sequence[str | int]) -> str:
    """What can stand instead of the unknown key at the end of the path, as `; did you mean "kind"?`."""
    known = _keys(path[:-1])
    near = did_you_mean(str(path[-1]), known) if path else ""
    return near or (f"; the keys here are {', '.join(known)}" if known else "")


def missing_hint(path: Sequence[str | int]) -> str:
    """What the missing key at the end of the path is."""
    group = _GROUPS.get(_names(path[:-1]))
    said: Mapping[str, Any] = getattr(group, "__pydantic_fields__", {})
    by_key = {name.removesuffix("_"): field.description for name, field in said.items()}
    words = by_key.get(str(path[-1])) if path else None
    return f": {words}" if words else ""


def value_words(offence: Mapping[str, Any], path: Sequence[str | int]) -> str:
    """What should stand at the path."""
    kind, context = offence["type"], offence.get("ctx") or {}
    if _names(path)[:2] == ("certificates", "scores") and len(_names(path)) > 2:
        return f"should be a number from 0 to {MAX_SCORE:,}, without quotes"
    if kind in {"enum", "literal_error"}:
        return f"should be {str(context.get('expected', '')).replace(chr(39), '')}"
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(str(context.get("pattern")), "is not what the field takes")
    if kind in {"dataclass_type", "dict_type", "mapping_type"}:
        keys = _keys(path)
        return f"should be keys with values, below it{': ' + ', '.join(keys) if keys else ', as `key: value`'}"
    words = str(offence["msg"]).removeprefix("Value error, ")
    return _TYPES.get(kind, words[:1].lower() + words[1:])


def _names(path: Sequence[str | int]) -> tuple[str, ...]:
    return tuple(part for part in path if isinstance(part, str))


def _keys(path: Sequence[str | int]) -> list[str]:
    group = _GROUPS.get(_names(path))
    return [one.name.removesuffix("_") for one in fields(group)] if group else []
