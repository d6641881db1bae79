"""A stretch of an item's text with its place in the file, its words, and a reading copy in which every offset still holds."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bedside.bank.lint.rule import Spot

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿα-ω][A-Za-zÀ-ÖØ-öø-ÿα-ω0-9]*(?:['’\-][A-Za-zÀ-ÖØ-öø-ÿ0-9]+)*")
_TABLE_LINE = re.compile(r"^[ \t]*\|.*$", re.MULTILINE)
_TARGET = re.compile(r"\]\([^)\n]*\)")  # where a link or a figure leads
_MARKUP = re.compile(r"[*_`]+")
_SENTENCE_END = re.compile(r"[.?!][\"'”’)]*(?=\s+[\"“‘'(]?[A-Z0-9]|\s*$)|\n[ \t]*\n")


@dataclass(frozen=True, slots=True)
class Passage:
    """Text as it stands in the file.

    `prose` has the same length as `text`, with tables, link targets and marks of emphasis blanked; `lower` is `prose` in
    lower case with straight apostrophes. `words` are the words of `lower` in order.
    """

    text: str
    prose: str
    lower: str
    line: int
    column: int
    words: tuple[str, ...]
    vocabulary: frozenset[str]

    @property
    def starts(self) -> tuple[int, ...]:
        """The offsets of the words; found anew each time, since only a finding needs them."""
        return tuple([match.start() for match in _WORD.finditer(self.lower)])

    def spot(self, offset: int = 0) -> Spot:
        """The place in the file of the character at `offset`."""
        before = self.text.count("\n", 0, offset)
        if before == 0:
            return Spot(self.line, self.column + offset)
        return Spot(self.line + before, offset - self.text.rfind("\n", 0, offset))

    def sentences(self) -> list[tuple[int, str]]:
        """The sentences of the prose, each with its offset."""
        found: list[tuple[int, str]] = []
        start = 0
        for end in _SENTENCE_END.finditer(self.prose):
            _add_sentence(found, self.prose, start, end.end())
            start = end.end()
        _add_sentence(found, self.prose, start, len(self.prose))
        return found


def passage(text: str, *, line: int, column: int = 1) -> Passage:
    """Prepare a text that starts at this place of the file."""
    prose = text
    if "|" in prose:
        prose = _TABLE_LINE.sub(_blank, prose)
    if "](" in prose:
        prose = _TARGET.sub(_blank, prose)
    if "*" in prose or "_" in prose or "`" in prose:
        prose = _MARKUP.sub(_blank, prose)
    lower = _lower(prose)
    words = tuple(_WORD.findall(lower))
    return Passage(text, prose, lower, line, column, words, frozenset(words))


def plain(text: str) -> str:
    """The text as a candidate reads it: marks of emphasis off, white space single."""
    if "*" in text or "_" in text or "`" in text:
        text = _MARKUP.sub("", text)
    return " ".join(text.split())


def _add_sentence(found: list[tuple[int, str]], prose: str, start: int, end: int) -> None:
    piece = prose[start:end]
    stripped = piece.lstrip()
    if stripped.strip():
        found.append((start + len(piece) - len(stripped), stripped.rstrip()))


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


def _lower(text: str) -> str:
    # a few characters (İ) grow when lowered, which would move every offset behind them
    lowered = text.lower().replace("’", "'").replace("‑", "-")
    if len(lowered) == len(text):
        return lowered
    lowered = "".join(low if len(low := character.lower()) == 1 else character for character in text)
    return lowered.replace("’", "'").replace("‑", "-")
