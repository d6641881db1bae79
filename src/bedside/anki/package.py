"""A deck that is open: what it holds, read as streams so that memory never grows with its size."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from bedside.anki.archive import Archive
from bedside.anki.collection import check_sizes, read_notes, read_reviews
from bedside.anki.database import Database
from bedside.anki.media import stream_media
from bedside.anki.records import Format, Media, Note, NoteType, Review, Skipped
from bedside.anki.schema import Schema
from bedside.anki.skips import Skips
from bedside.errors import ReadError


class Package(ABC):
    """A deck as it is read. Use it as a context manager: it may hold a temporary file.

    The sizes are those that the file claims, good for a progress bar; what is taken shows by reading. `skipped` names what was
    not taken so far.
    """

    format: Format
    file: str
    schema: int  # of the collection inside: 1, 11 or 18; 0 where there is none
    member: str | None  # which file of the archive was read
    note_types: tuple[NoteType, ...]
    decks: tuple[str, ...]
    media: tuple[Media, ...]
    n_notes: int
    n_cards: int
    n_reviews: int

    @abstractmethod
    def notes(self) -> Iterator[Note]:
        """The notes with their cards, in the order in which they were made.

        Raises:
            ReadError: the deck is damaged; nothing of it should be kept.
        """

    @abstractmethod
    def reviews(self, cards: Container[int]) -> Iterator[Review]:
        """The review log of these cards (their numbers), in the order of time."""

    @abstractmethod
    def stream(self, media: Media) -> Iterator[bytes]:
        """The bytes of one of its media.

        Raises:
            ReadError: this file is damaged, and is best left out.
        """

    @property
    @abstractmethod
    def skipped(self) -> tuple[Skipped, ...]:
        """What was not taken so far, and why."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


class CollectionPackage(Package):
    """A package with a collection in it, or a collection alone."""

    def __init__(
        self,
        database: Database,
        schema: Schema,
        *,
        kind: Format,
        member: str | None,
        archive: Archive | None,
        media: tuple[Media, ...],
        opening: Skips,
    ) -> None:
        self.format = kind
        self.file = database.file
        self.member = member
        self.schema = schema.version
        self.note_types = tuple(schema.note_types.values())
        self.decks = tuple(sorted({deck.name for deck in schema.decks.values()}))
        self.media = media
        self.n_notes, self.n_cards, self.n_reviews = check_sizes(database)
        self._opening, self._of_notes, self._of_reviews = opening, Skips(), Skips()
        self._database, self._schema, self._archive = database, schema, archive
        self._stack = ExitStack()

    def keep_open(self, stack: ExitStack) -> None:
        """Take over what is to be closed with the package."""
        self._stack = stack

    def notes(self) -> Iterator[Note]:
        self._of_notes = Skips()
        return read_notes(self._database, self._schema, self._of_notes)

    def reviews(self, cards: Container[int]) -> Iterator[Review]:
        self._of_reviews = Skips()
        return read_reviews(self._database, self._schema, cards, self._of_reviews)

    def stream(self, media: Media) -> Iterator[bytes]:
        if self._archive is None:
            raise ReadError(self.file, "a collection alone has no media with it")
        return stream_media(self._archive, media)

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        return (*self._opening.listed(), *self._of_notes.listed(), *self._of_reviews.listed())

    def close(self) -> None:
        self._stack.close()
