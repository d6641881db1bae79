"""Durations as cases and the catalogue write them: `2h30m` in a file, whole seconds everywhere else."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from bedside.errors import UsageError

# A year is 365.25 days, so that an age of 12y is the same everywhere; no case runs long enough for its leap day to count.
UNITS_S = {"y": 31_557_600, "w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1}
MAX_S = 150 * UNITS_S["y"]  # longer than a life is a slip of the pen

PATTERN = r"^(?=[0-9])" + "".join(rf"([0-9]{{1,9}}{unit})?" for unit in UNITS_S) + "$"
_DURATION = re.compile(PATTERN)
_WANTED = "is not a duration; write whole numbers with their unit, the largest first: 30m, 2h30m, 1w, 24y (units y w d h m s)"


def parse_duration(text: str) -> int:
    """Seconds of a duration such as `2h30m`.

    Raises:
        UsageError: it is not one, or is longer than 150 years.
    """
    match = _DURATION.match(text)
    if match is None or text.endswith("\n"):
        raise UsageError(f'"{text}" {_WANTED}')
    seconds = sum(int(part[:-1]) * UNITS_S[part[-1]] for part in match.groups() if part)
    if seconds > MAX_S:
        raise UsageError(f'"{text}" is longer than 150 years')
    return seconds


def format_duration(seconds: int) -> str:
    """The shortest text that reads back as these seconds: 9000 is `2h30m`, 0 is `0s`.

    Raises:
        UsageError: negative.
    """
    if seconds < 0:
        raise UsageError(f"{seconds} s is no duration: it is negative")
    parts: list[str] = []
    for unit, size_s in UNITS_S.items():
        count, seconds = divmod(seconds, size_s)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def _read(value: object) -> int:
    if not isinstance(value, str):
        raise PydanticCustomError("duration", "{value} {wanted}", {"value": str(value), "wanted": _WANTED})
    try:
        return parse_duration(value)
    except UsageError as error:
        raise PydanticCustomError("duration", "{text}", {"text": str(error)}) from None


Duration = Annotated[int, BeforeValidator(_read), WithJsonSchema({"type": "string", "pattern": PATTERN})]
"""Whole seconds, written `2h30m`."""

Span = Annotated[int, BeforeValidator(_read), Field(gt=0), WithJsonSchema({"type": "string", "pattern": PATTERN})]
"""The same, and longer than nothing."""
