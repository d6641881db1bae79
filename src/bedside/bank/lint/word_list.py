"""Word lists as they are written here: words between spaces."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words as a set."""
    return frozenset(words.split())


def word_list(words: str) -> tuple[str, ...]:
    """The words in order."""
    return tuple(words.split())
