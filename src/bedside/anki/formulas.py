r"""Formulas of MathJax in a text: `\( … \)` in a line, `\[ … \]` on their own. They are shown as the text they are."""

from __future__ import annotations

import re
from collections.abc import Callable

_SIGN = re.compile(r"\\[()\[\]]")
_CLOSES = {"\\(": "\\)", "\\[": "\\]"}


def each_formula(text: str, change: Callable[[str], str]) -> str:
    """The text with each formula changed, signs included. Takes time in proportion to the text, whatever stands in it."""
    if "\\" not in text:
        return text
    parts: list[str] = []
    at, start, wanted = 0, 0, ""
    for sign in _SIGN.finditer(text):
        if sign[0] == wanted:
            parts += [text[at:start], change(text[start : sign.end()])]
            at, wanted = sign.end(), ""
        elif sign[0] in _CLOSES and not wanted:
            start, wanted = sign.start(), _CLOSES[sign[0]]
    return "".join([*parts, text[at:]])
