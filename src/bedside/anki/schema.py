"""Note types and decks, as old collections (JSON in one row) and new ones (tables, Protocol Buffers) have them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bedside.anki.database import DAMAGED, Database
from bedside.anki.limits import MAX_DECKS, MAX_NOTE_TYPES
from bedside.anki.records import Deck, NoteType, Template
from bedside.anki.values import blob, mapping, objects, text, whole
from bedside.anki.wire import WireError, fields_of, text_of
from bedside.errors import ReadError, TooLargeError

ANKI_1 = (
    "this is a deck of Anki 1 (before 2012), which is not read; open it in Anki 2.0 with File, Import, "
    "and export it there as a package (.apkg)"
)
_V2 = 2  # the scheduler since 2018: four buttons while learning
_CLOZE = 1
_ROLLOVER_S = 4 * 3600
_DAY_S = 86_400
_MOST_MINUTES_WEST = 15 * 60
_OF_A_WHOLE_COLLECTION = ("_deck_", "_nt_", "rollover")


@dataclass(frozen=True, slots=True)
class Schema:
    """What the rows of a collection refer to. `first_day` is the day 0 of its due dates, counted from 1970-01-01."""

    version: int
    note_types: dict[int, NoteType]
    decks: dict[int, Deck]
    first_day: int
    has_four_buttons: bool
    is_whole: bool  # a collection of a person, not a deck made to be shared


def read_schema(database: Database) -> Schema:
    """Read what stands around the notes.

    Raises:
        ReadError: it is no collection of Anki 2, or of a kind that is not read.
        TooLargeError: over a limit.
    """
    if {"facts", "cardmodels"} <= database.tables.keys():
        raise ReadError(database.file, ANKI_1)
    for table in ("col", "notes", "cards"):
        if table not in database.tables:
            raise ReadError(database.file, f"the database inside has no table {table}: it is no collection of Anki")
    row = database.one("SELECT ver, crt FROM col LIMIT 1")
    if row is None:
        raise ReadError(database.file, DAMAGED)
    settings = _settings(database)
    note_types = _typed(database) if "notetypes" in database.tables else _typed_in_json(database)
    decks = _decks(database) if "decks" in database.tables else _decks_in_json(database)
    return Schema(
        version=whole(row[0]),
        note_types=note_types,
        decks=decks,
        first_day=_first_day(whole(row[1]), settings),
        has_four_buttons=whole(settings.get("schedVer"), 1) >= _V2,
        is_whole=any(name.startswith(_OF_A_WHOLE_COLLECTION) for name in settings),
    )


def _first_day(created_s: int, settings: dict[str, Any]) -> int:
    """The day on which the collection was made, where it was made: collections since 2019 say how far that is from UTC."""
    minutes_west = settings.get("creationOffset")
    if minutes_west is not None and abs(whole(minutes_west)) <= _MOST_MINUTES_WEST:
        return (created_s - 60 * whole(minutes_west)) // _DAY_S
    # it begins at 04:00 of its place; the nearest midnight of UTC is its day
    return (created_s - _ROLLOVER_S + _DAY_S // 2) // _DAY_S


def _settings(database: Database) -> dict[str, Any]:
    if {"key", "val"} <= database.columns("config"):
        rows = database.rows("SELECT key, val FROM config LIMIT 10000")
        return {text(key): _json_number(blob(value)) for key, value in rows}
    row = database.one("SELECT conf FROM col LIMIT 1")
    return mapping(row[0]) if row else {}


def _json_number(value: bytes) -> int:
    return whole(value) if len(value) < 20 else 0


def _typed_in_json(database: Database) -> dict[int, NoteType]:
    row = database.one("SELECT models FROM col LIMIT 1")
    models = mapping(row[0]) if row else {}
    found = {}
    for key, model in models.items():
        if not isinstance(model, dict):
            continue
        number = whole(model.get("id"), whole(key))
        found[number] = NoteType(
            id=number,
            name=text(model.get("name")),
            is_cloze=whole(model.get("type")) == _CLOZE,
            fields=tuple(_unique(text(field.get("name")) for field in _by_ord(model.get("flds")))),
            templates=tuple(
                Template(text(template.get("name")), text(template.get("qfmt")), text(template.get("afmt")))
                for template in _by_ord(model.get("tmpls"))
            ),
            css=text(model.get("css")),
        )
    return _bounded(database, found)


def _typed(database: Database) -> dict[int, NoteType]:
    fields: dict[int, list[str]] = {}
    for owner, name in database.rows("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
        fields.setdefault(whole(owner), []).append(text(name))
    templates: dict[int, list[Template]] = {}
    for owner, name, config in database.rows("SELECT ntid, name, config FROM templates ORDER BY ntid, ord"):
        sides = _message(database, config)
        template = Template(text(name), _text_field(sides, 1), _text_field(sides, 2))
        templates.setdefault(whole(owner), []).append(template)
    found = {}
    for number, name, config in database.rows("SELECT id, name, config FROM notetypes"):
        parts = _message(database, config)
        found[whole(number)] = NoteType(
            id=whole(number),
            name=text(name),
            is_cloze=parts.get(1) == _CLOZE,
            fields=tuple(_unique(fields.get(whole(number), []))),
            templates=tuple(templates.get(whole(number), [])),
            css=_text_field(parts, 3),
        )
    return _bounded(database, found)


def _bounded(database: Database, found: dict[int, NoteType]) -> dict[int, NoteType]:
    if len(found) > MAX_NOTE_TYPES:
        raise TooLargeError(database.file, f"{len(found):,} note types are over the limit of {MAX_NOTE_TYPES:,}")
    return found


def _decks_in_json(database: Database) -> dict[int, Deck]:
    row = database.one("SELECT decks FROM col LIMIT 1")
    found = {}
    for key, deck in (mapping(row[0]) if row else {}).items():
        if isinstance(deck, dict):
            number = whole(deck.get("id"), whole(key))
            found[number] = Deck(number, _deck_name(text(deck.get("name"))), bool(whole(deck.get("dyn"))))
    if len(found) > MAX_DECKS:
        raise TooLargeError(database.file, f"{len(found):,} decks are over the limit of {MAX_DECKS:,}")
    return found


def _decks(database: Database) -> dict[int, Deck]:
    found = {}
    for number, name, kind in database.rows("SELECT id, name, kind FROM decks LIMIT ?", (MAX_DECKS + 1,)):
        found[whole(number)] = Deck(whole(number), _deck_name(text(name)), 2 in _message(database, kind))
    if len(found) > MAX_DECKS:
        raise TooLargeError(database.file, f"more than the limit of {MAX_DECKS:,} decks")
    return found


def _deck_name(name: str) -> str:
    return name.replace("\x1f", "::") or "Default"


def _message(database: Database, value: Any) -> dict[int, int | bytes]:
    try:
        return dict(fields_of(blob(value)))
    except WireError as error:
        raise ReadError(database.file, f"{DAMAGED} ({error})") from None


def _text_field(parts: dict[int, int | bytes], number: int) -> str:
    value = parts.get(number, b"")
    return "" if isinstance(value, int) else text_of(value).replace("\x00", "")


def _by_ord(value: Any) -> list[dict[str, Any]]:
    return sorted(objects(value), key=lambda one: whole(one.get("ord")))


def _unique(names: Iterable[str]) -> list[str]:
    """Names of fields, each once: a second one of the same name gets a number."""
    found: list[str] = []
    for name in names:
        unique, n = name or "Field", 2
        while unique in found:
            unique, n = f"{name or 'Field'} {n}", n + 1
        found.append(unique)
    return found
