"""Notes, cards and reviews of a collection, row by row, each checked before it is believed."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from bedside.anki.database import Database
from bedside.anki.limits import MAX_CARDS, MAX_GUID_CHARACTERS, MAX_NOTE_CHARACTERS, MAX_NOTES, MAX_REVIEWS
from bedside.anki.records import Card, CardState, Deck, Note, NoteType, Review, ReviewKind
from bedside.anki.schema import Schema
from bedside.anki.skips import Skips
from bedside.anki.values import mapping, text, whole
from bedside.errors import TooLargeError

_STATES = {0: CardState.NEW, 1: CardState.LEARNING, 2: CardState.REVIEW, 3: CardState.RELEARNING}
_KINDS = tuple(ReviewKind)
_SUSPENDED, _LEARNING_IN_DAYS = -1, 3
_BURIED = {-2, -3}
_A_TIME = 1_000_000_000  # a due of a learning card above this is a time, below it a day
_A_DAY = 1_000_000  # days are counted from the beginning of the collection
_EARLIEST_MS = 1_136_073_600_000  # 2006: Anki's first year
_LATEST_MS = 4_102_444_800_000  # 2100
_MEMORY = ("s", "d", "dr", "decay", "lrt", "pos")
GUID_TOO_LONG = f"its identity (guid) has more than {MAX_GUID_CHARACTERS} characters"
_Row = tuple[Any, ...]


def count(database: Database, table: str, most: int) -> int:
    """Rows of a table.

    Raises:
        TooLargeError: over the limit.
    """
    if table not in database.tables:
        return 0
    row = database.one(f"SELECT count(*) FROM {table}")  # noqa: S608 - one of three names
    number = whole(row[0]) if row else 0
    if number > most:
        raise TooLargeError(database.file, f"{number:,} rows of {table} are over the limit of {most:,}")
    return number


def check_sizes(database: Database) -> tuple[int, int, int]:
    """How many notes, cards and reviews there are."""
    return count(database, "notes", MAX_NOTES), count(database, "cards", MAX_CARDS), count(database, "revlog", MAX_REVIEWS)


def read_notes(database: Database, schema: Schema, skips: Skips) -> Iterator[Note]:
    """The notes, each with its cards."""
    cards = _CardsByNote(database, schema, skips)
    guids: set[str] = set()
    last_id: int | None = None
    n_broken = database.n_broken
    for row in database.rows("SELECT id, guid, mid, mod, tags, flds FROM notes ORDER BY id"):
        number = whole(row[0])
        if database.n_broken > n_broken:
            skips.add(f"note {number}", "some characters can't be read, and show as �")
        if number == last_id:
            skips.add(f"note {number}", "a second note has the same number")
            continue
        last_id = number
        own = cards.of(number)
        note = _note(row, schema, own, skips)
        n_broken = database.n_broken
        if note is None:
            continue
        if note.guid in guids:
            skips.add(f"note {number}", "another note of the package has the same identity (guid)")
            continue
        guids.add(note.guid)
        yield note
    cards.close()


def _note(row: _Row, schema: Schema, cards: list[Card], skips: Skips) -> Note | None:
    number, guid, type_id, changed_at, tags, fields = row
    place = f"note {whole(number)}"
    note_type = schema.note_types.get(whole(type_id))
    if note_type is None or not note_type.fields or not note_type.templates:
        skips.add(place, "its note type is not in the package")
        return None
    if len(text(guid)) > MAX_GUID_CHARACTERS:
        skips.add(place, GUID_TOO_LONG)
        return None
    values = text(fields).split("\x1f")
    if sum(map(len, values)) > MAX_NOTE_CHARACTERS:
        skips.add(place, f"more than {MAX_NOTE_CHARACTERS:,} characters are over the limit for a note")
        return None
    return Note(
        id=whole(number),
        guid=text(guid) or f"id:{whole(number)}",
        note_type=note_type,
        fields=_fitted(values, len(note_type.fields)),
        tags=tuple(dict.fromkeys(text(tags).split())),
        changed_at_s=whole(changed_at),
        cards=tuple(_with_template(cards, note_type, place, skips)),
    )


def _fitted(values: list[str], n_fields: int) -> tuple[str, ...]:
    """As many fields as the note type has: missing ones are empty, those too many are joined to the last."""
    if len(values) > n_fields:
        values = [*values[: n_fields - 1], "<br>".join(values[n_fields - 1 :])]
    return (*values, *[""] * (n_fields - len(values)))


def _with_template(cards: list[Card], note_type: NoteType, place: str, skips: Skips) -> Iterator[Card]:
    ords: set[int] = set()
    for card in cards:
        if note_type.template_of(card.ord) is None:
            skips.add(f"{place}, card {card.ord + 1}", "its note type makes no such card")
        elif card.ord in ords:
            skips.add(f"{place}, card {card.ord + 1}", "the note has this card twice")
        else:
            ords.add(card.ord)
            yield card


class _CardsByNote:
    """The cards in the order of their notes, read beside them, so that neither is held whole."""

    def __init__(self, database: Database, schema: Schema, skips: Skips) -> None:
        self._schema = schema
        self._skips = skips
        names = ["nid", "id", "did", "ord", "type", "queue", "due", "ivl", "factor", "reps", "lapses", "flags", "data"]
        has_filtered = {"odue", "odid"} <= database.columns("cards")  # collections before 2012 have none
        names += ["odue", "odid"] if has_filtered else ["0", "0"]
        self._rows = database.rows(
            f"SELECT {', '.join(names)} FROM cards ORDER BY nid, ord, id"  # noqa: S608 - only names from here
        )
        self._next = next(self._rows, None)

    def of(self, note: int) -> list[Card]:
        """The cards of the next note."""
        found = []
        while self._next is not None and whole(self._next[0]) <= note:
            if whole(self._next[0]) == note:
                found.append(_card(self._next[1:], self._schema))
            else:
                self._name_orphan()
            self._next = next(self._rows, None)
        return found

    def close(self) -> None:
        while self._next is not None:
            self._name_orphan()
            self._next = next(self._rows, None)

    def _name_orphan(self) -> None:
        assert self._next is not None
        self._skips.add(f"card {whole(self._next[1])}", "its note is not in the package")


def _card(row: _Row, schema: Schema) -> Card:
    number, deck, ord_, kind, queue, due, interval, factor, reps, lapses, flags = (whole(value) for value in row[:11])
    data, home_due, home_deck = row[11], whole(row[12]), whole(row[13])
    is_away = home_deck != 0  # for a while in a filtered deck
    found = schema.decks.get(home_deck if is_away else deck) or Deck(1, "Default")
    state = _STATES.get(kind, CardState.NEW)
    when = home_due if is_away and home_due else due
    is_time = state in {CardState.LEARNING, CardState.RELEARNING} and queue != _LEARNING_IN_DAYS and when > _A_TIME
    has_day = state in {CardState.REVIEW, CardState.RELEARNING, CardState.LEARNING} and not is_time and abs(when) < _A_DAY
    return Card(
        id=number,
        ord=ord_,
        deck=found.name,
        state=state,
        is_suspended=queue == _SUSPENDED,
        is_buried=queue in _BURIED,
        interval_days=max(0, interval),
        ease_permille=max(0, factor),
        n_reviews=max(0, reps),
        n_lapses=max(0, lapses),
        flag=flags & 7,
        due_day=schema.first_day + when if has_day else None,
        due_at_s=when if is_time else None,
        position=when if state is CardState.NEW else None,
        memory=_memory(data),
    )


def _memory(data: Any) -> dict[str, float] | None:
    raw = text(data)
    if len(raw) > 10_000:
        return None
    values = mapping(raw)
    found = {name: values[name] for name in _MEMORY if _is_number(values.get(name))}
    return found if "s" in found and "d" in found else None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and -1e12 < value < 1e12


def read_reviews(database: Database, schema: Schema, cards: Container[int], skips: Skips) -> Iterator[Review]:
    """The review log in the order of time, of the cards in `cards`."""
    if "revlog" not in database.tables:
        return
    query = "SELECT id, cid, ease, type, ivl, lastIvl, factor, time FROM revlog ORDER BY id"
    last_id: int | None = None
    for row in database.rows(query):
        number, card, ease, kind, interval, last_interval, factor, took_ms = (whole(value, -1) for value in row)
        if card not in cards:
            skips.count("review", "of cards that are not in the package, or are not taken")
        elif not _EARLIEST_MS <= number < _LATEST_MS or number == last_id:
            skips.add(f"review {number}", "its time can't be right")
        elif not 0 <= ease <= 4 or not 0 <= kind < len(_KINDS):
            skips.add(f"review {number}", "it is no answer that Anki knows")
        else:
            last_id = number
            if not schema.has_four_buttons and kind in {0, 2} and ease in {2, 3}:
                ease += 1  # while learning there were three buttons: again, good, easy
            yield Review(number, card, ease, _KINDS[kind], interval, last_interval, max(0, factor), max(0, took_ms))
