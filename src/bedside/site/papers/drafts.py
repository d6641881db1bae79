"""Words of drafts: how many there are, and what differs between two."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

MOST_WORDS = 10_000  # of two drafts that are compared by words; the longest statement that is taken has some 4,500
MOST_PAIRS = 60_000  # of a draft of 1,000 words, wholly written anew, some 8,000

_WORD = re.compile(r"\S+\s*|\s+")


class Change(StrEnum):
    """What became of some words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words one after the other of which the same became."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two drafts, in order."""

    pieces: tuple[Piece, ...]

    @property
    def n_gone(self) -> int:
        return sum(n_words(one.text) for one in self.pieces if one.change is Change.GONE)

    @property
    def n_new(self) -> int:
        return sum(n_words(one.text) for one in self.pieces if one.change is Change.NEW)


def one_line_ends(text: str) -> str:
    """The text with the same line ends everywhere, so that a line counts as one character, and none at its end."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def n_words(text: str) -> int:
    """Words, as what stands between spaces."""
    return len(text.split())


def difference(before: str, after: str) -> Difference:
    """What differs, by words with the space after them; by lines, or as a whole, where there are so many, or they repeat so
    often, that it would take too long. What both begin and end with is not compared."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    start = _common(zip(old, new, strict=False))
    end = _common(zip(reversed(old[start:]), reversed(new[start:]), strict=False))
    inner = _inner(old[start : len(old) - end], new[start : len(new) - end])
    pieces = [_piece(Change.SAME, old[:start]), *inner, _piece(Change.SAME, old[len(old) - end :])]
    return Difference(tuple(one for one in pieces if one.text))


def _inner(old: list[str], new: list[str]) -> Iterator[Piece]:
    if _is_long(old, new):
        old, new = "".join(old).splitlines(keepends=True), "".join(new).splitlines(keepends=True)
    if _is_long(old, new):
        old, new = ["".join(old)], ["".join(new)]
    for tag, first, last, new_first, new_last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield _piece(Change.SAME, old[first:last])
        else:
            yield _piece(Change.GONE, old[first:last])
            yield _piece(Change.NEW, new[new_first:new_last])


def _is_long(old: list[str], new: list[str]) -> bool:
    """Would a comparison take too long? What it costs grows with the words, and with the pairs of the same word."""
    of_new = Counter(new)
    n_pairs = sum(n * of_new[word] for word, n in Counter(old).items())
    return len(old) + len(new) > MOST_WORDS or n_pairs > MOST_PAIRS


def _common(pairs: Iterator[tuple[str, str]]) -> int:
    n = 0
    for one, other in pairs:
        if one != other:
            break
        n += 1
    return n


def _piece(change: Change, words: list[str]) -> Piece:
    return Piece(change, "".join(words))
