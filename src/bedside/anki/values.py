"""Values of a database that may be of any type, whatever its columns say."""

from __future__ import annotations

import json
import math
from typing import Any


def whole(value: Any, default: int = 0) -> int:
    """An integer; `default` where the value is none. Never more than 64 bits."""
    if type(value) is int:  # what nearly every value is
        return value if -(2**63) <= value < 2**63 else default
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        value = int(value)
    if isinstance(value, str | bytes) and len(value) < 25:
        try:
            value = int(value)
        except ValueError:
            return default
    return value if isinstance(value, int) and -(2**63) <= value < 2**63 else default


def text(value: Any) -> str:
    """A text without NUL, which no text can hold elsewhere."""
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if value is None:
        return ""
    found = str(value).replace("\x00", "")
    # JSON may hold half a character, which no text can hold elsewhere
    return found if found.isascii() else found.encode(errors="replace").decode()


def blob(value: Any) -> bytes:
    """Bytes."""
    if isinstance(value, str):
        return value.encode(errors="replace")
    return value if isinstance(value, bytes) else b""


def mapping(value: Any) -> dict[str, Any]:
    """A JSON object in a text; empty where it is none."""
    try:
        found = json.loads(value) if isinstance(value, str | bytes) and value else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list or of an object's values; what is none is passed over."""
    found = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [one for one in found if isinstance(one, dict)]
