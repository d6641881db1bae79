"""Putting notes that are ready into the tables: new ones added, changed ones changed, own later changes left alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

from bedside.anki import NoteType as DeckNoteType
from bedside.anki import Skips
from bedside.site.accounts.models import User
from bedside.site.cards.models import Card, Note, NoteType
from bedside.site.decks.plain_insert import PlainInsert
from bedside.site.decks.spool import ReadyCard, ReadyNote

_CHANGED_HERE = "it was changed here later than in the deck; the text here stays"
_WRITTEN_HERE = "it was written here, so its text is changed here and not by a deck; its reviews are taken"
_REMOVED_HERE = "it was removed here, and stays removed; bring it back on its page"
_ROWS = 200  # in one statement that changes some
_OF_TEXT = ("notetype", "fields", "tags", "deck", "words", "changed_at")
_NOTE = ("id", "user", "key", "kind", "origin", "guid", "made_at", "removed_at", *_OF_TEXT)
_CARD = (
    *("id", "user", "note", "key", "ord", "front", "back", "suspended_at", "removed_at"),
    *("imported", "due_on", "changed_at"),
)
_OF_CARD = ("front", "back", "removed_at", "imported", "due_on", "changed_at")
Row = tuple[Any, ...]


@dataclass(slots=True)
class Tally:
    """How the notes went."""

    n_new: int = 0
    n_changed: int = 0
    n_same: int = 0
    n_own_kept: int = 0


def keep_note_types(user: User, found: Mapping[UUID, DeckNoteType], *, at: datetime) -> dict[UUID, NoteType]:
    """The rows of these note types, made or brought up to date."""
    there = {row.key: row for row in NoteType.objects.filter(user=user, key__in=list(found))}
    for key, one in found.items():
        values = {
            "name": one.name[:300],
            "kind": _kind(one),
            "fields": list(one.fields),
            "templates": [{"name": part.name, "front": part.front, "back": part.back} for part in one.templates],
            "css": one.css,
            "anki_id": one.id,
        }
        row = there.get(key)
        if row is None:
            there[key] = NoteType.objects.create(user=user, key=key, changed_at=at, **values)
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.changed_at = at
            row.save()
    return there


def keep_notes(
    user: User, batches: Iterable[list[ReadyNote]], types: Mapping[UUID, NoteType], *, at: datetime, skips: Skips
) -> Tally:
    """Write the notes and their cards, batch by batch."""
    tally = Tally()
    for batch in batches:
        _Batch(user, types, at, tally, skips).keep(batch)
    return tally


class _Batch:
    """Some hundred notes with the statements that they need."""

    def __init__(self, user: User, types: Mapping[UUID, NoteType], at: datetime, tally: Tally, skips: Skips) -> None:
        self._user, self._types, self._at, self._tally, self._skips = user, types, at, tally, skips
        self._new_notes: list[Row] = []
        self._changed_notes: list[Note] = []
        self._new_cards: list[Row] = []
        self._changed_cards: list[Card] = []

    def keep(self, batch: list[ReadyNote]) -> None:
        there = {row.key: row for row in Note.objects.filter(user=self._user, key__in=[note.uuid for note in batch])}
        cards: dict[UUID, dict[int, Card]] = {}
        for card in Card.objects.filter(note__in=[row.pk for row in there.values()]):
            cards.setdefault(card.note_id, {})[card.ord] = card
        for note in batch:
            row = there.get(note.uuid)
            if row is None:
                self._add(note)
            else:
                self._meet(row, note, cards.get(row.pk, {}))
        PlainInsert(Note, _NOTE).add(self._new_notes)
        Note.objects.bulk_update(self._changed_notes, _OF_TEXT, batch_size=_ROWS)
        PlainInsert(Card, _CARD).add(self._new_cards)
        Card.objects.bulk_update(self._changed_cards, _OF_CARD, batch_size=_ROWS)

    def _add(self, note: ReadyNote) -> None:
        pk = uuid4()
        made_at, text = _time(note.made_at_s), self._text_of(note)
        self._new_notes.append((pk, self._user.pk, note.uuid, "anki", "anki", note.guid, made_at, None, *text))
        self._new_cards += [self._card_row(pk, card, None) for card in note.cards]
        self._tally.n_new += 1

    def _meet(self, row: Note, note: ReadyNote, cards: Mapping[int, Card]) -> None:
        """The note is here already: its text changes if the deck's is later, and cards that are new are added."""
        is_changed = (row.fields, row.tags, row.deck) != (note.fields, note.tags, note.deck)
        if row.kind != "anki":
            self._meet_own(row, note)
            return
        why = self._why_kept(row, note) if is_changed else _REMOVED_HERE if row.removed_at else None
        if why is not None:
            self._skips.add(f"{note.where} ({_gist(row)})", why)
            self._tally.n_own_kept += 1
        elif is_changed:
            self._fill(row, note)
            self._changed_notes.append(row)
            self._tally.n_changed += 1
        else:
            self._tally.n_same += 1
        for ready in note.cards:
            card = cards.get(ready.ord)
            if card is None:
                self._new_cards.append(self._card_row(row.pk, ready, row.removed_at))
            else:
                self._bring_up(row, card, ready, with_text=why is None)
        if why is None and is_changed:
            self._remove_gone(note, cards)

    def _remove_gone(self, note: ReadyNote, cards: Mapping[int, Card]) -> None:
        """Cards whose gap is gone from the text, and which the deck has no more. Others it may only have left out."""
        if not note.gaps:
            return
        there = {*note.gaps, *(card.ord for card in note.cards)}
        for ord_, card in cards.items():
            if ord_ not in there and card.removed_at is None:
                card.removed_at = card.changed_at = self._at
                self._changed_cards.append(card)

    def _meet_own(self, row: Note, note: ReadyNote) -> None:
        """A note that was written here and comes back: the text here is the source, in another form than Anki's."""
        if note.changed_at_s > row.changed_at.timestamp() + 1:
            self._skips.add(f"{note.where} ({_gist(row)})", _WRITTEN_HERE)
            self._tally.n_own_kept += 1
        else:
            self._tally.n_same += 1

    def _why_kept(self, row: Note, note: ReadyNote) -> str | None:
        if row.removed_at is not None:
            return _REMOVED_HERE
        return _CHANGED_HERE if row.changed_at > _time(note.changed_at_s) else None

    def _bring_up(self, row: Note, card: Card, ready: ReadyCard, *, with_text: bool) -> None:
        """A card that is here: its text where the note's is taken, and what Anki says of its schedule."""
        due_on = date.fromisoformat(ready.due_on) if ready.due_on else None
        sides = (ready.front, ready.back) if with_text else (card.front, card.back)
        removed_at = card.removed_at
        if with_text:
            removed_at = None if ready.front else removed_at or self._at
        if (card.front, card.back, card.removed_at, card.imported, card.due_on) == (
            *(*sides, removed_at),
            *(ready.imported, due_on),
        ):
            return
        card.front, card.back = sides
        card.removed_at = removed_at
        card.imported, card.due_on, card.changed_at = ready.imported, due_on, self._at
        self._changed_cards.append(card)

    def _fill(self, row: Note, note: ReadyNote) -> None:
        row.notetype_id, row.fields, row.tags, row.deck, row.words, row.changed_at = self._text_of(note)

    def _text_of(self, note: ReadyNote) -> Row:
        """The values of what a deck says, in the order of `_OF_TEXT`."""
        kind = self._types[UUID(note.note_type)].pk
        return kind, note.fields, note.tags, note.deck, note.words, _time(note.changed_at_s)

    def _card_row(self, note: UUID, ready: ReadyCard, removed_at: datetime | None) -> Row:
        suspended_at = self._at if ready.is_suspended else None
        if not ready.front:
            removed_at = removed_at or self._at  # it asks nothing, until its gap comes back
        due_on = date.fromisoformat(ready.due_on) if ready.due_on else None
        return (
            *(uuid4(), self._user.pk, note, UUID(ready.key), ready.ord, ready.front, ready.back, suspended_at, removed_at),
            *(ready.imported, due_on, self._at),
        )


def _kind(one: DeckNoteType) -> str:
    if not one.is_cloze:
        return "standard"
    return "occlusion" if "image-occlusion" in "".join(part.front for part in one.templates) else "cloze"


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _gist(row: Note) -> str:
    return " ".join(str(row.fields[0][1]).split())[:60] if row.fields else ""
