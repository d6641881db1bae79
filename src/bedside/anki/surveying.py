"""Going through a deck without keeping anything: what an import would take, and what it would not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bedside.anki.drawing import Drawer
from bedside.anki.package import Package
from bedside.anki.picture_sizes import HEAD_BYTES, Size, picture_size
from bedside.anki.records import Format, Media, Skipped
from bedside.anki.skips import Skips
from bedside.errors import ReadError

Progress = Callable[[str, int, int], None]  # "media", "notes" or "reviews"; how many are done, and of how many
NOTES_A_STEP, REVIEWS_A_STEP = 500, 5_000


@dataclass(frozen=True, slots=True)
class Survey:
    """What a deck gives. `n_reviews` counts the entries of the review log, dates set by hand among them."""

    format: Format
    n_notes: int
    n_cards: int
    n_reviews: int
    n_media: int
    decks: tuple[str, ...]
    skipped: tuple[Skipped, ...]

    def as_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {
            "format": self.format.value,
            "notes": self.n_notes,
            "cards": self.n_cards,
            "reviews": self.n_reviews,
            "media": self.n_media,
            "decks": list(self.decks),
            "skipped": [one.as_dict() for one in self.skipped],
        }


def no_progress(_stage: str, _done: int, _all: int) -> None:
    """Nobody looks."""


def survey(package: Package, *, progress: Progress = no_progress) -> Survey:
    """Read the whole deck, draw every card, and count.

    Raises:
        ReadError: the deck is damaged, or over a limit.
    """
    damaged = Skips()
    sizes = _media_sizes(package, damaged, progress)
    drawer = Drawer(package.file, media_url=lambda name: "/" if name in sizes else None, size_of=sizes.get)
    cards: set[int] = set()
    n_notes = 0
    for n_notes, note in enumerate(package.notes(), start=1):
        for card in note.cards:
            drawer.draw(note, card)
            cards.add(card.id)
        if n_notes % NOTES_A_STEP == 0:
            progress("notes", n_notes, package.n_notes)
    progress("notes", n_notes, max(n_notes, 1))
    n_reviews = 0
    for n_reviews, _ in enumerate(package.reviews(cards), start=1):
        if n_reviews % REVIEWS_A_STEP == 0:
            progress("reviews", n_reviews, package.n_reviews)
    return Survey(
        format=package.format,
        n_notes=n_notes,
        n_cards=len(cards),
        n_reviews=n_reviews,
        n_media=len(sizes),
        decks=package.decks,
        skipped=(*package.skipped, *damaged.listed(), *drawer.skipped),
    )


def head_of(package: Package, media: Media) -> bytes:
    """Read one file to its end, so that it is known to be whole, and answer its first bytes.

    Raises:
        ReadError: it is damaged.
    """
    head = b""
    for chunk in package.stream(media):
        if len(head) < HEAD_BYTES:
            head += chunk[: HEAD_BYTES - len(head)]
    return head


def _media_sizes(package: Package, damaged: Skips, progress: Progress) -> dict[str, Size | None]:
    """The files that are whole, with the size of those that are pictures."""
    sizes: dict[str, Size | None] = {}
    for n, media in enumerate(package.media, start=1):
        try:
            sizes[media.name] = picture_size(head_of(package, media))
        except ReadError as error:
            damaged.add(f'media "{media.name}"', error.text)
        progress("media", n, len(package.media))
    return sizes
