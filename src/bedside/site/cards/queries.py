"""What there is of cards: one, many by filter, and the settings."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from bedside.errors import NotFoundError
from bedside.site.accounts.models import User
from bedside.site.cards.models import NEW_A_DAY, Card, CardMedia, CardSettings, Note


def card_of(user: User, key: UUID) -> Card:
    """The card of that key, with its note.

    Raises:
        NotFoundError: they have none.
    """
    card = Card.objects.select_related("note").filter(user=user, key=key).first()
    if card is None:
        raise NotFoundError("you have no such card")
    return card


def cards_by_key(user: User, keys: Iterable[UUID]) -> dict[UUID, Card]:
    """The cards of those keys that are there, with their notes."""
    rows = Card.objects.select_related("note").filter(user=user, key__in=list(keys))
    return {card.key: card for card in rows}


def cards_with(user: User, *, words: str = "", tag: str = "", deck: str = "", is_removed: bool = False) -> QuerySet[Card]:
    """The cards whose notes hold all the words, have the tag and lie in the deck or one below it; the newest first."""
    found = Card.objects.filter(user=user, removed_at__isnull=not is_removed)
    for word in words.lower().split()[:10]:
        found = found.filter(note__words__contains=word.replace("\x1f", ""))
    if tag:
        begin = "\x1f" + tag.lower().replace("\x1f", "")
        found = found.filter(Q(note__words__contains=f"{begin}\x1f") | Q(note__words__contains=f"{begin}::"))
    if deck:
        found = found.filter(Q(note__deck=deck) | Q(note__deck__startswith=f"{deck}::"))
    return found.order_by("-note__made_at", "note_id", "ord")


def decks_of(user: User) -> list[str]:
    """The names of the decks that hold something."""
    rows = Note.objects.filter(user=user, removed_at=None).exclude(deck="").order_by("deck")
    return list(rows.values_list("deck", flat=True).distinct())


def media_with(user: User, sha256: str) -> CardMedia:
    """The picture or sound of those bytes.

    Raises:
        NotFoundError: they have none.
    """
    row: CardMedia | None = CardMedia.objects.filter(user=user, sha256=sha256).first()
    if row is None:
        raise NotFoundError("there is no such picture or sound")
    return row


def new_a_day(user: User) -> int:
    """How many new cards may come a day."""
    n = CardSettings.objects.filter(pk=user.pk).values_list("new_a_day", flat=True).first()
    return NEW_A_DAY if n is None else n
