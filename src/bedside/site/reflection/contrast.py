"""A card that asks what tells two things apart, made of what the items' own explanations say of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from bedside.errors import NotFoundError
from bedside.site.accounts.models import User
from bedside.site.cards.actions import make_note
from bedside.site.cards.models import Note
from bedside.site.reflection.pairs import ConfusionPair, normalised
from bedside.site.reflection.queries import confusion_pairs_of

TAG = "contrast"
MOST_SAYINGS = 3  # of each of the two: a card is read in half a minute


@dataclass(frozen=True, slots=True)
class Contrast:
    """What a card on a pair would say; to be edited before it is made."""

    pair: ConfusionPair
    front: str
    back: str


def contrast_of(user: User, name: str) -> Contrast:
    """The card that a pair would give.

    Raises:
        NotFoundError: this person has no such pair.
    """
    pair = next((one for one in confusion_pairs_of(user) if one.name == name), None)
    if pair is None:
        raise NotFoundError("you have no such pair")
    front = _("{taken} or {meant}: what tells them apart?").format(taken=_plain(pair.taken), meant=_plain(pair.meant))
    return Contrast(pair, front, _back(pair))


def make_contrast(user: User, name: str, *, front: str, back: str, key: UUID, at: datetime) -> Note:
    """Make the card, in the words that the person left on the page. Sent twice, it is made once.

    Raises:
        NotFoundError: this person has no such pair.
        UsageError: a side is empty, or too long.
        SealedError: a proctored sitting of theirs is under way.
    """
    contrast_of(user, name)
    sides = [("Front", front.strip()), ("Back", back.strip())]
    return make_note(user, kind="basic", fields=sides, tags=[TAG], origin="contrast", key=key, at=at)


def _back(pair: ConfusionPair) -> str:
    taken, meant = normalised(pair.taken), normalised(pair.meant)
    sayings: dict[str, list[str]] = {taken: [], meant: []}
    takeaways: list[str] = []
    for one in pair.happenings:
        for option in (one.taken, one.meant):
            sayings[normalised(option.text)].append(" ".join(option.explanation.split()))
        takeaways += [takeaway.text for takeaway in one.item.takeaways]
    named = ((pair.taken, taken), (pair.meant, meant))
    blocks = [f"**{_plain(text)}**: {' '.join(_some(sayings[found]))}" for text, found in named]
    return "\n\n".join([*blocks, *_some(takeaways)])


def _some(texts: Sequence[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text][:MOST_SAYINGS]


def _plain(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
