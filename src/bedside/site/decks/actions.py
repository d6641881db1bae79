"""Taking a deck in, and writing one."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from bedside.anki import Progress, Skipped, Skips, no_progress, open_package, write_package
from bedside.errors import StoreError
from bedside.site.accounts.models import User
from bedside.site.cards.models import CardMedia
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.decks.going import Going
from bedside.site.decks.keeping import keep_note_types, keep_notes
from bedside.site.decks.media_in import KeptFile, keep_media
from bedside.site.decks.plain_insert import room_for_many
from bedside.site.decks.reading import Surroundings, read_notes
from bedside.site.decks.renaming import with_own_names
from bedside.site.decks.reviews_in import keep_reviews, make_ready, take_back_forgotten
from bedside.site.decks.spool import Spool
from bedside.site.decks.taught import Taught, taught_notes
from bedside.site.decks.uncounted import uncounted
from bedside.site.exam.sealed import see_no_exam_waits, see_unsealed
from bedside.site.study.zones import zone_of


@dataclass(frozen=True, slots=True)
class Imported:
    """What was taken of a deck. The first numbers are those of the deck, the last say what became of its notes."""

    format: str
    n_notes: int
    n_cards: int
    n_reviews: int
    n_media: int
    decks: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    n_new: int
    n_changed: int
    n_same: int
    n_own_kept: int

    def as_dict(self) -> dict[str, Any]:
        """As `--json` prints it; the same for a dry run."""
        return {
            "format": self.format,
            "notes": self.n_notes,
            "cards": self.n_cards,
            "reviews": self.n_reviews,
            "media": self.n_media,
            "decks": list(self.decks),
            "skipped": [one.as_dict() for one in self.skipped],
        }


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    n_notes: int
    n_cards: int
    n_reviews: int
    n_media: int
    skipped: tuple[Skipped, ...]


def import_deck(user: User, path: Path, *, at: datetime, file: str | None = None, progress: Progress = no_progress) -> Imported:
    """Take a deck in as cards of this person, with its media, schedule and review log; all of it or nothing.

    The same deck again adds what is new and changes what is later in the deck; nothing is ever doubled.

    Args:
        file: how messages call it.

    Raises:
        ReadError: it is no deck, or damaged, or over a limit.
        UsageError: there is no room for its pictures and sounds.
        StoreError: the store refuses.
        SealedError: a proctored sitting of theirs is under way.
        ConflictError: it is large, and somebody's proctored sitting is under way on SQLite.
    """
    see_unsealed(user.pk, at)
    skips = Skips()
    with _scratch() as folder, open_package(path, file=file, scratch=folder) as package, Spool(folder) as spool:
        media, renamed = with_own_names(user, keep_media(user, package, skips, progress))
        without = uncounted(package)
        around = Surroundings(at=at, zone=zone_of(user.pk), media=media, renamed=renamed, uncounted=without.by_card)
        read = read_notes(package, around, spool, skips, progress)
        reviews = make_ready(user, package, read.cards, without=without, folder=folder, progress=progress)
        see_no_exam_waits(len(read.cards) + reviews.n, at)
        with one_write(), room_for_many():
            types = keep_note_types(user, read.note_types, at=at)
            tally = keep_notes(user, spool.batches(), types, at=at, skips=skips)
            _keep_media_rows(user, media, at=at)
            keep_reviews(user, reviews, at=at)
            take_back_forgotten(user, read.cards, without, at=at)
        return Imported(
            format=package.format.value,
            n_notes=read.n_notes,
            n_cards=len(read.cards),
            n_reviews=reviews.n,
            n_media=len(media),
            decks=read.decks,
            skipped=(*package.skipped, *skips.listed()),
            n_new=tally.n_new,
            n_changed=tally.n_changed,
            n_same=tally.n_same,
            n_own_kept=tally.n_own_kept,
        )


def _keep_media_rows(user: User, media: dict[str, KeptFile], *, at: datetime) -> None:
    CardMedia.objects.bulk_create((kept.row(user, at=at) for kept in media.values()), ignore_conflicts=True, batch_size=100)


def export_deck(
    user: User,
    path: Path,
    *,
    at: datetime,
    content: Content | None = None,
    with_takeaways: bool = False,
    with_items: bool = False,
) -> Exported:
    """Write the cards of this person as a package for Anki, with media, schedule and reviews; by choice what the bank teaches.

    What was written before is updated in Anki by a second import, and never doubled.

    Raises:
        StoreError: the file can't be written.
        SealedError: a proctored sitting of theirs is under way.
    """
    see_unsealed(user.pk, at)
    taught = Taught()
    if content is not None and (with_takeaways or with_items):
        taught = taught_notes(content, with_takeaways=with_takeaways, with_items=with_items, at=at)
    going = Going(user, at=at)
    written = write_package(
        path,
        going.notes(then=taught.notes),
        first_day=going.first_day,
        changed_at_s=int(at.timestamp()),
        reviews=going.reviews(),
        media=[*going.media(), *taught.media.items()],
    )
    return Exported(written.n_notes, written.n_cards, written.n_reviews, written.n_media, tuple(taught.skipped))


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder beside the kept files, where there is room, for what is unpacked; it goes when the import ends."""
    try:
        settings.DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".deck-", dir=settings.DATA) as folder:
            yield Path(folder)
    except OSError as error:
        if isinstance(error, StoreError):
            raise
        raise StoreError(f"{settings.DATA}: the deck can't be unpacked: {error.strerror or error}") from error
