"""Writing a package: one that every Anki since 2012, AnkiDroid and AnkiMobile import.

It holds `collection.anki2` with schema 11 and a list of media in JSON. The newer forms say the same in a smaller file, but a
program from before 2022 only answers "please update" to them, and the current ones read this one as well.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from bedside.anki.identity import stable_id
from bedside.anki.legacy_schema import DEFAULT_DECK, TABLES, collection_row, decks_json, models_json
from bedside.anki.limits import MIB
from bedside.anki.records import Card, CardState, Note, NoteType, Review, ReviewKind
from bedside.anki.template import plain
from bedside.errors import StoreError

_STATES = {CardState.NEW: 0, CardState.LEARNING: 1, CardState.REVIEW: 2, CardState.RELEARNING: 3}
_KINDS = {kind: number for number, kind in enumerate(ReviewKind)}
_UNSYNCED = -1
_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Written:
    """How much was written."""

    n_notes: int
    n_cards: int
    n_reviews: int
    n_media: int


def write_package(
    path: Path,
    notes: Iterable[Note],
    *,
    first_day: int,
    changed_at_s: int,
    reviews: Iterable[Review] = (),
    media: Iterable[tuple[str, Path]] = (),
) -> Written:
    """Write a deck, whole or not at all. Numbers of cards that come twice are raised until they are free.

    Args:
        notes: in order; `note_type.id`, `guid` and the names of decks must be the same each time, `id` and `Card.id` need not.
        first_day: day 0 of the due dates, counted from 1970-01-01; not after any due day that matters.
        reviews: of the cards of these notes, after them; a review of another card is left out.
        media: name in the deck and where the file lies.

    Raises:
        StoreError: the file can't be written; an older one in its place is as it was.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".bedside-deck-", dir=path.parent) as folder:
            collection, package = Path(folder) / "collection", Path(folder) / "package"
            counts = _write_collection(collection, notes, reviews, first_day=first_day, changed_at_s=changed_at_s)
            n_media = _write_archive(package, collection, media)
            with package.open("rb") as source:
                os.fsync(source.fileno())
            package.replace(path)
    except OSError as error:
        raise StoreError(f"{path} can't be written: {error.strerror or error}") from None
    except sqlite3.Error as error:
        raise StoreError(f"{path} can't be written: {error}") from None
    return Written(*counts, n_media)


def _write_collection(
    path: Path, notes: Iterable[Note], reviews: Iterable[Review], *, first_day: int, changed_at_s: int
) -> tuple[int, int, int]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(f"PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; {TABLES}")
        writer = _Writer(connection, first_day, changed_at_s)
        for note in notes:
            writer.take(note)
        writer.flush()
        n_reviews = writer.take_reviews(reviews)
        row = collection_row(
            first_day=first_day,
            changed_at_ms=changed_at_s * 1000,
            models=models_json(writer.note_types.values(), changed_at_s=changed_at_s),
            decks=decks_json(writer.decks, changed_at_s=changed_at_s),
        )
        connection.execute(f"INSERT INTO col VALUES ({','.join('?' * len(row))})", row)  # noqa: S608 - only question marks
        connection.execute("COMMIT")
        return writer.n_notes, writer.n_cards, n_reviews


class _Writer:
    """Rows of notes and cards, in batches."""

    def __init__(self, connection: sqlite3.Connection, first_day: int, changed_at_s: int) -> None:
        self._connection = connection
        self._first_day = first_day
        self._changed_at_s = changed_at_s
        self.note_types: dict[int, NoteType] = {}
        self.decks: dict[str, int] = {}
        self.n_notes = 0
        self.n_cards = 0
        self._notes: list[tuple[object, ...]] = []
        self._cards: list[tuple[object, ...]] = []
        self._note_ids: set[int] = set()
        self._card_ids: dict[int, int] = {}  # as given → as written
        self._taken: set[int] = set()

    def take(self, note: Note) -> None:
        self.note_types.setdefault(note.note_type.id, note.note_type)
        number = _free(note.id, self._note_ids)
        first = plain(note.fields[0]) if note.fields else ""
        self._notes.append(
            (
                *(number, note.guid, note.note_type.id, note.changed_at_s, _UNSYNCED),
                f" {' '.join(note.tags)} " if note.tags else "",
                "\x1f".join(text.replace("\x1f", " ") for text in note.fields),
                *(first, _checksum(first), 0, ""),
            )
        )
        for card in note.cards:
            self._cards.append(self._card_row(number, card))
        self.n_notes += 1
        if len(self._notes) >= _BATCH:
            self.flush()

    def flush(self) -> None:
        self._connection.executemany(f"INSERT INTO notes VALUES ({','.join('?' * 11)})", self._notes)  # noqa: S608
        self._connection.executemany(f"INSERT INTO cards VALUES ({','.join('?' * 18)})", self._cards)  # noqa: S608
        self._notes.clear()
        self._cards.clear()

    def take_reviews(self, reviews: Iterable[Review]) -> int:
        taken: set[int] = set()
        self._connection.executemany(
            f"INSERT INTO revlog VALUES ({','.join('?' * 9)})",  # noqa: S608
            (self._review_row(review, taken) for review in reviews if review.card_id in self._card_ids),
        )
        return len(taken)

    def _review_row(self, review: Review, taken: set[int]) -> tuple[int, ...]:
        return (
            *(_free(review.id, taken), self._card_ids[review.card_id], _UNSYNCED, review.ease),
            *(review.interval, review.last_interval, review.factor, review.took_ms, _KINDS[review.kind]),
        )

    def _card_row(self, note: int, card: Card) -> tuple[object, ...]:
        number = _free(card.id, self._taken)
        self._card_ids.setdefault(card.id, number)
        self.n_cards += 1
        queue = -1 if card.is_suspended else -2 if card.is_buried else _queue(card)
        memory = json.dumps(dict(card.memory), separators=(",", ":")) if card.memory else ""
        return (
            *(number, note, self._deck_id(card.deck), card.ord, self._changed_at_s, _UNSYNCED),
            *(_STATES[card.state], queue, self._due(card), card.interval_days, card.ease_permille),
            *(card.n_reviews, card.n_lapses, 0, 0, 0, card.flag, memory),
        )

    def _deck_id(self, name: str) -> int:
        if name not in self.decks:
            self.decks[name] = 1 if name == DEFAULT_DECK else stable_id(f"deck:{name}")
        return self.decks[name]

    def _due(self, card: Card) -> int:
        if card.state is CardState.NEW:
            return card.position if card.position is not None else self.n_notes
        if card.due_day is not None:
            return card.due_day - self._first_day
        return card.due_at_s or 0


def _queue(card: Card) -> int:
    if card.state in {CardState.LEARNING, CardState.RELEARNING} and card.due_day is not None:
        return 3  # learned from day to day
    return {CardState.NEW: 0, CardState.REVIEW: 2}.get(card.state, 1)


def _free(number: int, taken: set[int]) -> int:
    while number in taken:
        number += 1
    taken.add(number)
    return number


def _checksum(text: str) -> int:
    return int(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)


def _write_archive(package: Path, collection: Path, media: Iterable[tuple[str, Path]]) -> int:
    names: dict[str, str] = {}
    with zipfile.ZipFile(package, "w") as archive:
        _add(archive, "collection.anki2", _chunks(collection), zipfile.ZIP_DEFLATED)
        for name, path in media:
            if name not in names.values():
                member = str(len(names))
                _add(archive, member, _chunks(path), zipfile.ZIP_STORED)
                names[member] = name
        _add(archive, "media", iter([json.dumps(names, ensure_ascii=False).encode()]), zipfile.ZIP_DEFLATED)
    return len(names)


def _add(archive: zipfile.ZipFile, name: str, chunks: Iterator[bytes], packing: int) -> None:
    info = zipfile.ZipInfo(name)  # of 1980: the same deck gives the same bytes
    info.compress_type = packing
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as member:
        for chunk in chunks:
            member.write(chunk)


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while chunk := source.read(MIB):
            yield chunk
