"""What can be found: a thing with its texts, some of them only for those who may see them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Texts = tuple[tuple[str, str], ...]  # the name of the field, and Markdown or plain text; a name may come several times

# how much a word in a field counts; assumed: what a thing is called tells more than what is said of it
WEIGHTS: Mapping[str, float] = {
    "title": 3.0,
    "names": 2.5,
    "takeaway": 1.5,
    "lead_in": 1.2,
    "options": 1.2,
    "stem": 1.0,
    "explanation": 0.6,
}
_TARGET = re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)")
_MARKUP = re.compile(r"\*\*|__|`+|^[ \t]*#{1,6}[ \t]+|^[ \t]*>[ \t]?|\|[ \t]*:?-{2,}:?[ \t]*(?=\|)", re.MULTILINE)
_ID_SIGN = "\u0298"  # a letter that nobody types
_SIGNS = frozenset("*_`#>|]")  # without one of them a text has no markup
_GAPS = re.compile(r"[|\s]+")


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """One thing that can be found. Together kind and id name one document.

    `shown` is found by everybody; `behind` only by those for whom the document is opened, such as the explanation of a
    question by those who answered it.
    """

    id: str
    kind: str
    shown: Texts
    behind: Texts = ()


def id_word(name: str) -> str:
    """An id as one word, which begins as no typed word does: by its parts every item of an area would be found."""
    return _ID_SIGN + "".join(sign for sign in name if sign.isalnum())


def weight_of(field: str) -> float:
    """How much a word in this field counts."""
    return WEIGHTS.get(field, 1.0)


def without_targets(text: str) -> str:
    """The text without where its pictures and links lead: `figure:ecg rhythm=...` would say what is to be recognized."""
    return _TARGET.sub(r"\1", text) if "](" in text else text


def as_read(text: str) -> str:
    """Markdown as one line of words, for a snippet."""
    if _SIGNS.isdisjoint(text):
        return " ".join(text.split())
    return _GAPS.sub(" ", _MARKUP.sub("", without_targets(text))).strip()
