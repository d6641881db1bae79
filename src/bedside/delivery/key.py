"""The key of an item: which answer is right."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bedside.delivery.state import Answer
from bedside.errors import UsageError

_NUMBER = r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?"
_AS_NUMBER = re.compile(rf"=({_NUMBER})±({_NUMBER})")
_AS_LETTERS = re.compile(r"[A-Z]{1,26}")


@dataclass(frozen=True, slots=True)
class Key:
    """The right options; or of a numeric item the right value, and how far an answer may lie from it.

    `value` and `tolerance` are decimal text, so that a comparison is exact.
    """

    options: tuple[str, ...] = ()  # letters
    value: str | None = None
    tolerance: str | None = None

    def is_right(self, answer: Answer) -> bool:
        """Is the answer the whole key, or within its tolerance (both ends included)?"""
        if self.value is None:
            return answer.value is None and set(answer.choice) == set(self.options)
        if answer.value is None:
            return False
        return abs(Decimal(answer.value) - Decimal(self.value)) <= Decimal(self.tolerance or "0")

    def as_text(self) -> str:
        """One line: "BD", or "=7.35±0.02"."""
        return "".join(self.options) if self.value is None else f"={self.value}±{self.tolerance or '0'}"


def key_from_text(text: str) -> Key:
    """The key that `Key.as_text` wrote.

    Raises:
        UsageError: the text is no key.
    """
    if found := _AS_NUMBER.fullmatch(text):
        return Key(value=found[1], tolerance=found[2])
    if _AS_LETTERS.fullmatch(text) and len(set(text)) == len(text):
        return Key(options=tuple(text))
    raise UsageError(f'"{text}" is no key; a key is written "B", "BD" or "=7.35±0.02"')
