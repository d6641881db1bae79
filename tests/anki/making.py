"""Decks made for tests: by the Anki library itself, and by hand where Anki would never make them."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from anki.collection import Collection, ExportAnkiPackageOptions, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from anki.notes import NoteId

from bedside.anki import Card, Drawer, Note, Package, Review, Sides, Skipped, open_package

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000028000000140802000000"  # 40 by 20 pixels; what follows is not looked at
) + bytes(40)
TABLES = """
CREATE TABLE col (id integer primary key, crt, mod, scm, ver, dty, usn, ls, conf, models, decks, dconf, tags);
CREATE TABLE notes (id integer primary key, guid, mid, mod, usn, tags, flds, sfld, csum, flags, data);
CREATE TABLE cards (id integer primary key, nid, did, ord, mod, usn, type, queue, due, ivl, factor, reps, lapses, left,
  odue, odid, flags, data);
CREATE TABLE revlog (id integer primary key, cid, usn, ease, ivl, lastIvl, factor, time, type);
"""
BASIC = {
    "1": {
        "id": 1,
        "name": "Basic",
        "type": 0,
        "flds": [{"name": "Front", "ord": 0}, {"name": "Back", "ord": 1}],
        "tmpls": [{"name": "Card 1", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}],
    }
}
DECKS = {"1": {"id": 1, "name": "Default", "dyn": 0}}
Change = Callable[[sqlite3.Connection], object]


def collection_by_hand(
    path: Path,
    notes: Sequence[tuple[Any, ...]] = ((10, "guid-a", 1, 1_700_000_000, 0, "", "front\x1fback", "", 0, 0, ""),),
    *,
    models: Any = BASIC,
    settings: Mapping[str, Any] | None = None,
    tables: str = TABLES,
    change: Change = lambda _: None,
) -> Path:
    """A collection of schema 11 with one new card for each note, which `change` may spoil."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(tables)
        values = (json.dumps(settings or {"schedVer": 2}), json.dumps(models), json.dumps(DECKS), "{}", "{}")
        connection.execute("INSERT INTO col VALUES (1, 1700000000, 0, 0, 11, 0, 0, 0, ?, ?, ?, ?, ?)", values)
        for note in notes:
            connection.execute(f"INSERT INTO notes VALUES ({','.join('?' * 11)})", note)
            card = (note[0] * 10, note[0], 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, "")
            connection.execute(f"INSERT INTO cards VALUES ({','.join('?' * 18)})", card)
        change(connection)
    return path


def package_by_hand(
    path: Path, collection: Path, *, media: Mapping[str, str] | bytes | None = None, files: Mapping[str, bytes] | None = None
) -> Path:
    """An .apkg around a collection. `media`: member → name, or the bytes of the list."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(collection, "collection.anki2")
        archive.writestr("media", media if isinstance(media, bytes) else json.dumps(media or {}))
        for name, data in (files or {}).items():
            archive.writestr(name, data)
    return path


def package_of(tmp_path: Path, change: Change = lambda _: None, **made: Any) -> Path:
    """A package by hand whose collection `change` may spoil."""
    return package_by_hand(tmp_path / "deck.apkg", collection_by_hand(tmp_path / "collection", change=change, **made))


def real_collection(folder: Path) -> Collection:
    """An empty collection of Anki's own."""
    folder.mkdir(parents=True, exist_ok=True)
    return Collection(str(folder / "collection.anki2"))


def add_real(collection: Collection, kind: str, *fields: str, deck: str = "Renal::Acid", tags: Sequence[str] = ()) -> NoteId:
    """Add a note with Anki; answers its number."""
    model = collection.models.by_name(kind)
    assert model is not None
    note = collection.new_note(model)
    for n, text in enumerate(fields):
        note.fields[n] = text
    note.tags = list(tags)
    deck_id = collection.decks.id(deck)
    assert deck_id is not None
    collection.add_note(note, deck_id)
    return note.id


def answer_real(collection: Collection, *eases: int, deck: str = "Renal::Acid") -> None:
    """Answer the next cards of a deck in Anki."""
    deck_id = collection.decks.id(deck)
    assert deck_id is not None
    collection.decks.set_current(deck_id)
    for ease in eases:
        card = collection.sched.getCard()
        assert card is not None
        collection.sched.answerCard(card, ease)  # type: ignore[arg-type]


def export_real(collection: Collection, path: Path, *, is_old: bool, with_scheduling: bool = True) -> Path:
    """Have Anki write a package."""
    options = ExportAnkiPackageOptions(with_scheduling=with_scheduling, with_media=True, with_deck_configs=False, legacy=is_old)
    collection.export_anki_package(out_path=str(path), options=options, limit=None)
    return path


def import_real(collection: Collection, path: Path) -> Any:
    """Have Anki read a package; answers its log."""
    options = ImportAnkiPackageOptions(with_scheduling=True)
    return collection.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options)).log


class Whole:
    """A deck read to its end."""

    def __init__(self, path: Path, *, addresses: str = "/media/") -> None:
        with open_package(path) as package:
            names = {media.name for media in package.media}
            drawer = Drawer(
                str(path),
                media_url=lambda name: addresses + name if name in names else None,
                size_of=lambda name: (200, 100) if name in names else None,
            )
            self.package: Package = package
            self.notes: list[Note] = list(package.notes())
            self.sides: dict[tuple[str, int], Sides] = {
                (note.guid, card.ord): drawer.draw(note, card) for note in self.notes for card in note.cards
            }
            self.cards: list[Card] = [card for note in self.notes for card in note.cards]
            self.reviews: list[Review] = list(package.reviews({card.id for card in self.cards}))
            self.files = {media.name: b"".join(package.stream(media)) for media in package.media}
            self.skipped: tuple[Skipped, ...] = (*package.skipped, *drawer.skipped)

    @property
    def why(self) -> list[str]:
        """The reasons for what was not taken."""
        return [one.why for one in self.skipped]
