"""What a search answers: the hits, how well they fit, and where in a text they do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from bedside.bank.search.answering import Answers


class Tier(IntEnum):
    """How the word that fits worst fits; higher is better."""

    PARTLY = 0  # some word is nowhere in it
    FUZZY = 1  # spelled nearly so
    BEGUN = 2  # begins so
    EXACT = 3  # that word, its plural, its other spelling or what it stands for


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A document that was found. `score` compares hits of one search and tier."""

    id: str
    kind: str
    tier: Tier
    score: float
    number: int  # of the document in the search


@dataclass(frozen=True, slots=True)
class Found:
    """The hits from `offset` on, the best first, and how many there are in all.

    `terms` has, by number, the terms of the index that were looked for, and which of the typed words each answers.
    """

    hits: tuple[SearchHit, ...]
    n: int
    is_partly: bool  # nothing has all the words: these have some
    n_words: int  # that were looked for
    n_unused: int  # further words of the text, beyond those that are looked for
    terms: Mapping[int, int]
    answers: Answers = field(compare=False, repr=False)  # the written words that do

    @property
    def is_fuzzy(self) -> bool:
        """Was the best only found by forgiving an error of spelling?"""
        return bool(self.hits) and self.hits[0].tier is Tier.FUZZY


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of one field as plain text; `marks` are the places, from and before which letter, of what was looked for."""

    field: str
    text: str
    marks: tuple[tuple[int, int], ...]

    @property
    def parts(self) -> tuple[tuple[str, bool], ...]:
        """The text in pieces, each with whether it is marked; joined they are the text."""
        found: list[tuple[str, bool]] = []
        at = 0
        for start, end in self.marks:
            if start > at:
                found.append((self.text[at:start], False))
            found.append((self.text[start:end], True))
            at = end
        if at < len(self.text):
            found.append((self.text[at:], False))
        return tuple(found)
