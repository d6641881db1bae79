"""The cards of a person on their way to Anki: notes, schedules and reviews, read batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import count, groupby
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from django.db.models import Prefetch

from bedside.anki import Card, CardState, Note, NoteType, Review, ReviewKind, Template
from bedside.bank import MediaFile
from bedside.site.accounts.models import User
from bedside.site.cards.media import media_path
from bedside.site.cards.models import Card as CardRow
from bedside.site.cards.models import CardMedia
from bedside.site.cards.models import Note as NoteRow
from bedside.site.cards.models import NoteType as NoteTypeRow
from bedside.site.decks.html_out import field_of
from bedside.site.decks.keys import own_guid
from bedside.site.decks.reviews_in import details_in
from bedside.site.decks.types_out import OWN
from bedside.site.study.log import memories_of
from bedside.site.study.models import StudyReview
from bedside.site.study.parameters import parameters_of
from bedside.site.study.zones import zone_of
from bedside.study import Memory, Origin, card, desired_retention, interval_days, study_day

OWN_DECK = "Bedside"
_BATCH = 500
_EPOCH = date(1970, 1, 1).toordinal()
_YEAR_DAYS = 365
_EASE_PERMILLE = 2500  # what a card begins with; FSRS does not look at it
_KINDS = tuple(ReviewKind)


class Going:
    """What a person's deck is written from. Read `notes` first: it finds which reviews belong to them."""

    def __init__(self, user: User, *, at: datetime) -> None:
        self._user = user
        self._zone: ZoneInfo = zone_of(user.pk)
        self._memories = memories_of(user.pk, self._zone)
        self._reviewed_here = set(
            StudyReview.objects.filter(user=user, subject__startswith="card:")
            .exclude(origin=Origin.IMPORTED.value)
            .values_list("subject", flat=True)
            .distinct()
        )
        self._parameters = parameters_of(user.pk)
        self._retention = desired_retention(None)
        self._media = _newest_media(user)
        self._cards: dict[str, int] = {}  # subject of memory → number in the deck
        self._by_hand: list[Review] = []
        self._kept_apart: set[tuple[int, int]] = set()  # card and millisecond of those
        self._types: dict[UUID, NoteType] = {}
        # every due day counts from here; what lies before it is long overdue anyway
        self.first_day = study_day(at, self._zone).toordinal() - _EPOCH - _YEAR_DAYS

    def notes(self, *, then: Iterable[Note]) -> Iterator[Note]:
        """The person's notes in the order in which they were made, then others."""
        numbers = count(1_000_000_000_000)
        rows = (
            NoteRow.objects.filter(user=self._user, removed_at=None)
            .exclude(kind="anki", notetype=None)  # of which nobody can say what Anki would make of it
            .select_related("notetype")
            .prefetch_related(Prefetch("cards", CardRow.objects.filter(removed_at=None).order_by("ord")))
            .order_by("made_at", "key")
        )
        for row in rows.iterator(chunk_size=_BATCH):
            yield self._note(row, numbers)
        yield from then

    def reviews(self) -> Iterator[Review]:
        """The reviews of the notes that were read, those taken back left out, and the dates that were set by hand."""
        yield from self._by_hand
        rows = (
            StudyReview.objects.filter(user=self._user, subject__startswith="card:", withdrawal=None)
            .order_by("subject", "at", "id")
            .values_list("subject", "at", "grade", "shown")
        )
        for subject, group in groupby(rows.iterator(), key=lambda row: str(row[0])):
            number = self._cards.get(subject)
            if number is not None:
                found = _reviews(number, ((at, grade, shown) for _, at, grade, shown in group))
                yield from (one for one in found if (number, one.id) not in self._kept_apart)

    def media(self) -> list[tuple[str, Path]]:
        """Name and file of each picture and sound that is still there."""
        found = ((row.name, media_path(row.sha256)) for row in self._media.values())
        return [(name, path) for name, path in found if path.is_file()]

    def _note(self, row: NoteRow, numbers: Iterator[int]) -> Note:
        note_type = OWN[row.kind] if row.kind in OWN else self._type_of(row.notetype)
        texts = dict(row.fields)
        if row.kind in OWN:
            texts = {name: self._field(text) for name, text in texts.items()}
        cards = tuple(self._card(one, row, next(numbers)) for one in row.cards.all())
        return Note(
            id=round(row.made_at.timestamp() * 1000),
            guid=row.guid or own_guid(row.key),
            note_type=note_type,
            fields=tuple(texts.get(name, "") for name in note_type.fields),
            tags=tuple(row.tags),
            changed_at_s=int(row.changed_at.timestamp()),
            cards=cards,
        )

    def _type_of(self, row: NoteTypeRow | None) -> NoteType:
        assert row is not None  # a note from Anki has one
        if row.pk not in self._types:
            self._types[row.pk] = NoteType(
                id=row.anki_id or int(row.key.int % 2**40),
                name=row.name,
                is_cloze=row.kind != "standard",
                fields=tuple(row.fields),
                templates=tuple(Template(one["name"], one["front"], one["back"]) for one in row.templates),
                css=row.css,
            )
        return self._types[row.pk]

    def _field(self, text: str) -> str:
        files = [
            MediaFile(row.name, row.sha256, row.n_bytes, Path(), row.width, row.height)
            for name, row in self._media.items()
            if f"media:{name}" in text.replace(" ", "")
        ]
        return field_of(text, files, {file.name: file.path for file in files})

    def _card(self, row: CardRow, note: NoteRow, number: int) -> Card:
        subject = card(row.key)
        self._cards[subject] = number
        said: dict[str, Any] = row.imported
        for one in said.get("set_by_hand") or ():
            at_ms, ease, kind, interval, last, factor, took = one
            self._kept_apart.add((number, at_ms))
            self._by_hand.append(Review(at_ms, number, ease, _KINDS[kind], interval, last, factor, took))
        deck = said.get("deck") or note.deck or OWN_DECK
        memory = self._memories.get(subject)
        if said and subject not in self._reviewed_here:
            return _as_imported(row, number, deck)
        return self._remembered(row, number, deck, memory) if memory else _new(row, number, deck)

    def _remembered(self, row: CardRow, number: int, deck: str, memory: Memory) -> Card:
        stability = np.array([memory.stability_days])
        interval = max(1, round(float(interval_days(self._parameters, stability, self._retention)[0])))
        return Card(
            id=number,
            ord=row.ord,
            deck=deck,
            state=CardState.REVIEW,
            is_suspended=row.suspended_at is not None,
            is_buried=False,
            interval_days=interval,
            ease_permille=row.imported.get("ease_permille") or _EASE_PERMILLE,
            n_reviews=memory.n_reviews,
            n_lapses=memory.n_lapses,
            flag=row.imported.get("flag", 0),
            due_day=memory.last_on.toordinal() - _EPOCH + interval,
            memory={"s": round(memory.stability_days, 4), "d": round(memory.difficulty, 3), "dr": self._retention},
        )


def _new(row: CardRow, number: int, deck: str) -> Card:
    return Card(number, row.ord, deck, CardState.NEW, row.suspended_at is not None, False, 0, 0, 0, 0, 0)


def _as_imported(row: CardRow, number: int, deck: str) -> Card:
    """The card as Anki said, where nothing was reviewed since."""
    said = row.imported
    return Card(
        id=number,
        ord=row.ord,
        deck=deck,
        state=CardState(said.get("state", "new")),
        is_suspended=row.suspended_at is not None and not said.get("is_buried"),
        is_buried=bool(said.get("is_buried")) and row.suspended_at is not None,
        interval_days=said.get("interval_days", 0),
        ease_permille=said.get("ease_permille", 0),
        n_reviews=said.get("n_reviews", 0),
        n_lapses=said.get("n_lapses", 0),
        flag=said.get("flag", 0),
        due_day=said.get("due_day"),
        due_at_s=said.get("due_at_s"),
        position=said.get("position"),
        memory=said.get("memory"),
    )


def _reviews(number: int, rows: Iterable[tuple[datetime, int, str]]) -> Iterator[Review]:
    """The reviews of one card. Of those from Anki all is known; for the others the days since the last one are reckoned."""
    last: datetime | None = None
    for at, grade, shown in rows:
        details = details_in(shown)
        at_ms = round(at.timestamp() * 1000)
        if details is not None and 0 <= details[0] < len(_KINDS):
            kind, interval, last_interval, factor, took_ms = details
            yield Review(at_ms, number, grade, _KINDS[kind], interval, last_interval, factor, took_ms)
        else:
            days = 0 if last is None else max(0, (at - last).days)
            kind_of = ReviewKind.LEARN if last is None else ReviewKind.REVIEW
            yield Review(at_ms, number, grade, kind_of, max(1, days), days)
        last = at


def _newest_media(user: User) -> dict[str, CardMedia]:
    return {row.name: row for row in CardMedia.objects.filter(user=user).order_by("made_at", "sha256")}
