"""Notes as plain text, as Anki exports and imports them: lines that start with `#` say how the rest is to be read.

The format: https://docs.ankiweb.net/importing/text-files.html. The cards are not in it, so they are those that the kind of note
makes: one, two for a reversed note, one a number for a cloze.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bedside.anki.cloze import numbers_in
from bedside.anki.collection import GUID_TOO_LONG
from bedside.anki.limits import MAX_CARDS_A_NOTE, MAX_GUID_CHARACTERS, MAX_NOTE_CHARACTERS, MAX_NOTES, MAX_TEXT_BYTES
from bedside.anki.package import Package
from bedside.anki.records import Card, CardState, Format, Media, Note, NoteType, Review, Skipped, Template
from bedside.anki.skips import Skips
from bedside.errors import NotTextError, ReadError, TooLargeError

_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}
_HEADERS = (
    *("separator", "html", "columns", "tags", "tags column", "deck", "deck column"),
    *("notetype", "notetype column", "guid column", "if matches"),
)
_BASIC = "Basic"


def is_notes_text(head: bytes) -> bool:
    """Do the first bytes of a file start with one of the header lines?"""
    first = head.decode("utf-8-sig", errors="replace").partition("\n")[0].strip().lower()
    return first.startswith("#") and first[1:].partition(":")[0].strip() in _HEADERS and ":" in first


@dataclass(slots=True)
class _Headers:
    """What the header lines say; columns count from 1."""

    separator: str = ""
    is_html: bool = False
    columns: dict[str, int] = field(default_factory=dict)  # "guid", "notetype", "deck", "tags"
    note_type: str = _BASIC
    deck: str = "Default"
    tags: tuple[str, ...] = ()
    names: list[str] = field(default_factory=list)


class TextPackage(Package):
    """Notes read from a text file. It has no media, no scheduling and no reviews."""

    format = Format.TEXT
    schema = 0
    member = None
    media: tuple[Media, ...] = ()
    n_reviews = 0

    def __init__(self, path: Path, file: str) -> None:
        self.file = file
        self._skips = Skips()
        text = _read(path, file)
        self._headers, rest, self._first_line = _headers(text)
        self._notes = list(self._read_notes(rest))
        types = {note.note_type.id: note.note_type for note in self._notes}
        self.note_types = tuple(types.values())
        self.decks = tuple(sorted({card.deck for note in self._notes for card in note.cards}))
        self.n_notes = len(self._notes)
        self.n_cards = sum(len(note.cards) for note in self._notes)

    def notes(self) -> Iterator[Note]:
        return iter(self._notes)

    def reviews(self, cards: Container[int]) -> Iterator[Review]:
        return iter(())

    def stream(self, media: Media) -> Iterator[bytes]:
        raise ReadError(self.file, "a text file has no media with it")

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        return self._skips.listed()

    def close(self) -> None:
        """Nothing is open."""

    def _read_notes(self, text: str) -> Iterator[Note]:
        csv.field_size_limit(MAX_NOTE_CHARACTERS)
        reader = csv.reader(io.StringIO(text), delimiter=self._headers.separator, strict=False)
        guids: set[str] = set()
        n_rows = 0
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                raise ReadError(self.file, f"can't be read: {error}", line=self._first_line + reader.line_num) from None
            if row is None:
                return
            if not any(cell.strip() for cell in row):
                continue
            n_rows += 1
            if n_rows > MAX_NOTES:
                raise TooLargeError(self.file, f"more than the limit of {MAX_NOTES:,} notes")
            note = _note(row, self._headers, n_rows)
            place = f"line {self._first_line + reader.line_num - 1}"
            if not note.fields[0].strip() and not any(value.strip() for value in note.fields):
                self._skips.add(place, "the note has no text")
            elif len(note.guid) > MAX_GUID_CHARACTERS:
                self._skips.add(place, GUID_TOO_LONG)
            elif note.guid in guids:
                self._skips.add(place, "the same note stands above")
            else:
                guids.add(note.guid)
                yield note


def _read(path: Path, file: str) -> str:
    if path.stat().st_size > MAX_TEXT_BYTES:
        raise TooLargeError(file, f"{path.stat().st_size:,} bytes are over the limit of {MAX_TEXT_BYTES:,} for notes as text")
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\x00", "")
    except UnicodeDecodeError as error:
        raise NotTextError(file, f"byte {error.start:,} is no UTF-8; export the notes again in Anki") from None


def _headers(text: str) -> tuple[_Headers, str, int]:
    """The header lines, the text below them, and the number of its first line."""
    found = _Headers()
    number = 1
    while text.startswith("#"):
        line, _, rest = text.partition("\n")
        name, sign, value = line[1:].partition(":")
        if sign and name.strip().lower() in _HEADERS:
            _take_header(found, name.strip().lower(), value if value.strip() == "" else value.strip())
        text, number = rest, number + 1
    found.separator = found.separator or _guessed(text)
    return found, text, number


def _guessed(text: str) -> str:
    """The separator of the first line, where no header names it."""
    line = text.partition("\n")[0]
    return next((sign for sign in "\t|;:," if sign in line), "\t")


def _take_header(found: _Headers, name: str, value: str) -> None:
    match name:
        case "separator":
            found.separator = _SEPARATORS.get(value.lower(), value[:1] or "\t")
        case "html":
            found.is_html = value.lower() == "true"
        case "tags":
            found.tags = tuple(value.split())
        case "deck":
            found.deck = value or "Default"
        case "notetype":
            found.note_type = value or _BASIC
        case "columns":
            found.names = [part.strip() for part in value.split(found.separator or "\t")]
        case _ if name.endswith(" column") and value.isdecimal() and len(value) < 5:
            found.columns[name.removesuffix(" column")] = int(value)


def _note(row: list[str], headers: _Headers, number: int) -> Note:
    def cell(name: str) -> str:
        column = headers.columns.get(name, 0)
        return row[column - 1].strip() if 0 < column <= len(row) else ""

    special = set(headers.columns.values())
    places = [n for n in range(len(row)) if n + 1 not in special]
    values = tuple(row[n] if headers.is_html else html.escape(row[n], quote=False).replace("\n", "<br>") for n in places) or (
        "",
    )
    names = [headers.names[n] if n < len(headers.names) and headers.names[n] else "" for n in places]
    note_type = _note_type(cell("notetype") or headers.note_type, values, names)
    guid = cell("guid") or f"text:{hashlib.sha256(f'{note_type.name}|{values[0]}'.encode()).hexdigest()[:20]}"
    deck = cell("deck") or headers.deck
    ords = numbers_in(values)[:MAX_CARDS_A_NOTE] if note_type.is_cloze else range(len(note_type.templates))
    return Note(
        id=number,
        guid=guid,
        note_type=note_type,
        fields=values,
        tags=tuple(dict.fromkeys([*headers.tags, *cell("tags").split()])),
        changed_at_s=0,
        cards=tuple(_new_card(number * MAX_CARDS_A_NOTE + ord_, ord_, deck, number) for ord_ in ords),
    )


def _note_type(name: str, values: tuple[str, ...], given: list[str]) -> NoteType:
    fields = [label or ("Front", "Back")[n] if n < 2 else label or f"Field {n + 1}" for n, label in enumerate(given or [""])]
    fields = [label if label not in fields[:n] else f"{label} {n + 1}" for n, label in enumerate(fields)]
    rest = "<br>".join(f"{{{{{label}}}}}" for label in fields[1:])
    hidden = [label for label, value in zip(fields, values, strict=True) if numbers_in([value])]
    if hidden:
        front = "<br>".join(f"{{{{cloze:{label}}}}}" for label in hidden)
        extra = "<br>".join(f"{{{{{label}}}}}" for label in fields if label not in hidden)
        templates = [Template("Cloze", front, f"{front}<br>{extra}")]
    else:
        answer = "{{FrontSide}}<hr id=answer>" + rest
        templates = [Template("Card 1", f"{{{{{fields[0]}}}}}", answer)]
        if "reversed" in name.lower() and "optional" not in name.lower() and len(fields) > 1:
            back = f"{{{{FrontSide}}}}<hr id=answer>{{{{{fields[0]}}}}}"
            templates.append(Template("Card 2", f"{{{{{fields[1]}}}}}", back))
    digest = hashlib.sha256("\x1f".join([name, *fields, *(one.front for one in templates)]).encode()).digest()
    number = int.from_bytes(digest[:6], "big")
    return NoteType(number, name, bool(hidden), tuple(fields), tuple(templates))


def _new_card(number: int, ord_: int, deck: str, position: int) -> Card:
    return Card(number, ord_, deck, CardState.NEW, False, False, 0, 0, 0, 0, 0, position=position)
