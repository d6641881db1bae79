"""From an open deck to notes that are ready to be kept: keys, HTML of both sides, due days, and what else Anki knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from bedside.anki import NOTES_A_STEP, Card, CardState, Drawer, Note, NoteType, Package, Progress, Skips, cloze_numbers
from bedside.site.cards.drawing import card_key, words_of
from bedside.site.decks.keys import note_key, note_type_key
from bedside.site.decks.media_in import KeptFile
from bedside.site.decks.renaming import with_names_in
from bedside.site.decks.spool import ReadyCard, ReadyNote, Spool
from bedside.study import study_day

MAX_DECK = 300
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST_DAY, _LAST_DAY = date(1990, 1, 1).toordinal(), date(2200, 1, 1).toordinal()
_EARLIEST_S, _LATEST_S = 1_000_000_000, 4_000_000_000


@dataclass(slots=True)
class Read:
    """What was read. `cards` maps the number of a card in the deck to its key."""

    note_types: dict[UUID, NoteType] = field(default_factory=dict)
    cards: dict[int, UUID] = field(default_factory=dict)
    n_notes: int = 0
    decks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the notes are read with. `renamed` has the new names of files by the old.

    `uncounted` has the entries of the review log that don't count, by card number.
    """

    at: datetime
    zone: ZoneInfo
    media: Mapping[str, KeptFile]
    renamed: Mapping[str, str]
    uncounted: Mapping[int, list[list[int]]]


def read_notes(package: Package, around: Surroundings, spool: Spool, skips: Skips, progress: Progress) -> Read:
    """Draw every card and put the notes into the spool. What can't be taken or shown is named in `skips`."""
    drawer = Drawer(
        package.file,
        media_url=lambda name: _address(around, name),
        size_of=lambda name: _size(around, name),
        is_kept=lambda name: name in around.media,
        skips=skips,
    )
    read = Read(decks=package.decks)
    for note in package.notes():
        ready = _ready(with_names_in(note, around.renamed), drawer, around)
        spool.add(ready)
        read.note_types.setdefault(note_type_key(note.note_type), note.note_type)
        read.cards.update({card.id: UUID(one.key) for card, one in zip(note.cards, ready.cards, strict=True)})
        read.n_notes += 1
        if read.n_notes % NOTES_A_STEP == 0:
            progress("notes", read.n_notes, package.n_notes)
    progress("notes", read.n_notes, max(read.n_notes, 1))
    return read


def _ready(note: Note, drawer: Drawer, around: Surroundings) -> ReadyNote:
    key = note_key(note.guid)
    at_s = around.at.timestamp()
    made_at_s = note.id / 1000
    fields = [[name, text] for name, text in note.named_fields]
    deck = note.cards[0].deck[:MAX_DECK] if note.cards else ""
    return ReadyNote(
        key=str(key),
        where=f"note {note.id}",
        guid=note.guid,
        note_type=str(note_type_key(note.note_type)),
        fields=fields,
        tags=list(note.tags),
        deck=deck,
        gaps=cloze_numbers(note.fields) if note.note_type.is_cloze else [],
        words=words_of(fields, note.tags, deck),
        made_at_s=made_at_s if _EARLIEST_S < made_at_s <= at_s else at_s,
        # a time that is still to come would win over every later change here
        changed_at_s=min(note.changed_at_s, at_s) if note.changed_at_s > _EARLIEST_S else at_s,
        cards=[_ready_card(note, card, key, drawer, around) for card in note.cards],
    )


def _ready_card(note: Note, card: Card, key: UUID, drawer: Drawer, around: Surroundings) -> ReadyCard:
    sides = drawer.draw(note, card)
    due_on = _due_on(card, around.zone)
    return ReadyCard(
        key=str(card_key(key, card.ord)),
        ord=card.ord,
        front=sides.front,
        back=sides.back,
        is_suspended=card.is_suspended or card.is_buried,
        due_on=due_on.isoformat() if due_on else None,
        imported=_imported(card, around.uncounted.get(card.id)),
    )


def _due_on(card: Card, zone: ZoneInfo) -> date | None:
    if card.state is CardState.NEW:
        return None
    if card.due_day is not None:
        ordinal = _EPOCH + card.due_day
        return date.fromordinal(ordinal) if _FIRST_DAY < ordinal < _LAST_DAY else None
    if card.due_at_s is not None and _EARLIEST_S < card.due_at_s < _LATEST_S:
        return study_day(datetime.fromtimestamp(card.due_at_s, UTC), zone)
    return None


def _imported(card: Card, set_by_hand: list[list[int]] | None) -> dict[str, Any]:
    """What Anki says of the card, so that it can be written again as it was."""
    values: dict[str, Any] = {
        "state": card.state.value,
        "deck": card.deck,
        "interval_days": card.interval_days,
        "ease_permille": card.ease_permille,
        "n_reviews": card.n_reviews,
        "n_lapses": card.n_lapses,
    }
    more = {
        "flag": card.flag or None,
        "is_buried": card.is_buried or None,
        "due_day": card.due_day,
        "due_at_s": card.due_at_s,
        "position": card.position,
        "memory": dict(card.memory) if card.memory else None,
        "set_by_hand": set_by_hand,
    }
    return values | {name: value for name, value in more.items() if value is not None}


def _address(around: Surroundings, name: str) -> str | None:
    kept = around.media.get(name)
    return kept.address if kept and kept.is_shown else None


def _size(around: Surroundings, name: str) -> tuple[int, int] | None:
    kept = around.media.get(name)
    return kept.size if kept else None
