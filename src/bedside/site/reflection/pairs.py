"""Which option was taken for which, over all items: the same pair is found again by the texts of its options.

A pair has no direction, since what tells the two apart is the same either way; each of its happenings has one. A happening
weighs more where the person says that they confused the two than where they merely chose the one instead of the other.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bedside.site.exam.models import Response
from bedside.site.library.delivered import Delivered, DeliveredOption
from bedside.site.reflection.models import ErrorReason
from bedside.site.reflection.reasons import Reason

SAID, CHOSEN = 3, 1  # what a happening weighs: said to be a confusion, merely chosen instead
WORTH_A_LOOK = 2  # a pair below this happened once, and nobody said that it was a confusion
ONE_OF = "one_best_answer"
_NO_WORD = re.compile(r"[^\w%.+<>=/-]+")


@dataclass(frozen=True, slots=True)
class Happening:
    """One answer in which an option was taken for another."""

    sitting: UUID
    item: Delivered
    position: int
    taken: DeliveredOption  # what was chosen
    meant: DeliveredOption  # for what it was taken
    is_said: bool  # does the person say that they confused the two?
    at: datetime


@dataclass(frozen=True, slots=True)
class ConfusionPair:
    """Two things that were taken for one another, and where. `shown` is a happening in the commoner direction."""

    name: str  # of the pair, the same on every machine
    shown: Happening
    happenings: tuple[Happening, ...]  # the newest first

    @property
    def taken(self) -> str:
        return self.shown.taken.text

    @property
    def meant(self) -> str:
        return self.shown.meant.text

    @property
    def newest(self) -> tuple[Happening, ...]:
        """The newest of each item and direction: what an answer to the same item would only say again is left out."""
        found: dict[tuple[str, str], Happening] = {}
        for one in self.happenings:
            found.setdefault((one.item.id, one.taken.text), one)
        return tuple(found.values())

    @property
    def weight(self) -> int:
        return sum(SAID if one.is_said else CHOSEN for one in self.happenings)

    @property
    def is_said(self) -> bool:
        return any(one.is_said for one in self.happenings)

    @property
    def is_worth_a_look(self) -> bool:
        return self.weight >= WORTH_A_LOOK


def pairs_among(answers: Iterable[tuple[Response, Delivered, ErrorReason | None]]) -> tuple[ConfusionPair, ...]:
    """The pairs among wrong answers, each with its item and its reason, the weightiest first, then the newest."""
    found: dict[str, list[Happening]] = {}
    for row, item, reason in answers:
        one = _happening(row, item, reason)
        if one is not None:
            found.setdefault(pair_name(one.taken.text, one.meant.text), []).append(one)
    pairs = [_pair(name, happenings) for name, happenings in found.items()]
    return tuple(sorted(pairs, key=lambda pair: (-pair.weight, -pair.happenings[0].at.timestamp(), pair.name)))


def normalised(text: str) -> str:
    """The text by which an option is found again: without case, accents, and signs that are no part of a name or a number."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    words = [word.strip(".-") for word in _NO_WORD.sub(" ", plain.casefold()).split()]
    return " ".join(word for word in words if word and word not in {"a", "an", "the"})


def pair_name(one: str, other: str) -> str:
    """The name of the pair of two texts, whichever comes first: 16 hexadecimal digits."""
    both = "\n".join(sorted((normalised(one), normalised(other))))
    return hashlib.sha256(both.encode()).hexdigest()[:16]


def _happening(row: Response, item: Delivered, reason: ErrorReason | None) -> Happening | None:
    options = {option.letter: option for option in item.options}
    is_said = reason is not None and reason.reason == Reason.CONFUSED and bool(reason.confused_with)
    if is_said and reason is not None:
        taken, meant = reason.chosen, reason.confused_with
    elif item.kind == ONE_OF and reason_is_open(reason):
        taken, meant = row.choice[:1], (item.key or ("",))[0]
    else:
        return None
    if taken not in options or meant not in options or normalised(options[taken].text) == normalised(options[meant].text):
        return None
    return Happening(row.sitting_id, item, row.position, options[taken], options[meant], is_said, row.answered_at)


def reason_is_open(reason: ErrorReason | None) -> bool:
    """May a mere choice be a confusion? Not where the person says that it was something else, such as a misread stem."""
    return reason is None or reason.reason == Reason.CONFUSED


def _pair(name: str, happenings: list[Happening]) -> ConfusionPair:
    happenings.sort(key=lambda one: one.at, reverse=True)
    directions = Counter((normalised(one.taken.text), normalised(one.meant.text)) for one in happenings)
    first = directions.most_common(1)[0][0]
    shown = next(one for one in happenings if (normalised(one.taken.text), normalised(one.meant.text)) == first)
    return ConfusionPair(name, shown, tuple(happenings))
