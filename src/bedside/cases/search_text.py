"""What somebody types: several orders, a verb before them, how urgent, a dose that nobody needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_URGENT = frozenset({"stat", "urgent", "urgently", "emergent", "emergently", "asap", "now", "immediately"})
# fmt: off
VERBS = frozenset({
    "add", "administer", "arrange", "ask", "begin", "bolus", "call", "check", "consider", "continue", "do", "draw", "get",
    "give", "hang", "initiate", "inj", "insert", "obtain", "order", "perform", "place", "please", "prescribe", "push", "put",
    "recheck", "repeat", "request", "run", "schedule", "send", "start", "take", "transfuse", "try", "will",
})
# fmt: on
_FILLERS = frozenset({"a", "an", "another", "for", "her", "him", "his", "of", "on", "patient", "pt", "some", "the", "to"})
_DOSE = re.compile(
    r"\d+(\.\d+)?(mg|g|mcg|ug|kg|ml|cc|l|units?|u|meq|mmol|puffs?|tabs?|drops|h|hr|hrs|hourly|x|%)?"
    r"|m?g|mcg|ug|gram|grams|m?l|cc|lit(?:er|re)s?|units?|meq|puffs?"
    r"|q\d+h?|qd|bid|tid|qid|qhs|daily|prn|once|twice|x\d+|per|hour|kg|infusion|drip|gtt|bolus"
)


@dataclass(frozen=True, slots=True)
class Request:
    """One order as it was typed, and the urgency that was typed with it."""

    text: str
    urgency: str | None = None  # "stat"


def split(text: str, is_known: Callable[[str], bool]) -> tuple[Request, ...]:
    """The orders of a text: by lines, semicolons and commas, but not at the comma of a known name ("chest x-ray, portable")."""
    requests: list[Request] = []
    for line in re.split(r"[\n;]+", text):
        parts = [part.strip() for part in line.split(",")]
        while parts:
            size = next((n for n in range(len(parts), 1, -1) if is_known(", ".join(parts[:n]))), 1)
            piece = ", ".join(parts[:size])
            del parts[:size]
            if piece:
                requests.append(_request(piece, is_known))
    return tuple(requests)


def _request(text: str, is_known: Callable[[str], bool]) -> Request:
    words = text.split()
    urgent = [word for word in words if word.casefold().strip(".!:") in _URGENT]
    if not urgent or is_known(text):
        return Request(text)
    return Request(" ".join(word for word in words if word not in urgent), "stat")


def without_verbs(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words after the verbs and small words they begin with; all of them where nothing else is there."""
    for n, word in enumerate(words):
        if word not in VERBS and word not in _FILLERS:
            return words[n:]
    return words


def without_doses(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without numbers, units and how often; all of them where nothing else is there."""
    left = tuple(word for word in words if not _DOSE.fullmatch(word) and word not in _FILLERS)
    return left or words
