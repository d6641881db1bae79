"""Readings behind words, as Japanese notes have them: ` 東京[とうきょう]`."""

from __future__ import annotations

import re
from collections.abc import Callable

_READING = re.compile(r"\[([^\[\]]{1,200})\]")
_WORD = re.compile(r" ?([^ >\[\]]+)$")
_MOST = 60  # characters of a word


def with_readings(text: str, change: Callable[[str, str], str]) -> str:
    """The text with each word and its reading changed; a reading without a word stays as it is."""
    parts: list[str] = []
    at = 0
    for reading in _READING.finditer(text):
        start = max(at, reading.start() - _MOST)
        word = _WORD.search(text[start : reading.start()])
        if word is not None:
            parts += [text[at : start + word.start()], change(word[1], reading[1])]
            at = reading.end()
    return "".join([*parts, text[at:]])
