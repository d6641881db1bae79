"""What a deck holds, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bedside.anki.limits import MAX_CARDS_A_NOTE


class Format(StrEnum):
    """What kind of file a deck came in."""

    APKG = "apkg"
    COLPKG = "colpkg"
    COLLECTION = "collection-db"
    TEXT = "anki-notes-text"


@dataclass(frozen=True, slots=True)
class Template:
    """How one kind of card of a note type is made: HTML with `{{Field}}` for front and back."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """The fields and cards of a kind of note. A cloze note type has one template for all its cards."""

    id: int
    name: str
    is_cloze: bool
    fields: tuple[str, ...]
    templates: tuple[Template, ...]
    css: str = ""

    def template_of(self, ord_: int) -> Template | None:
        """The template that makes the card `ord_`, or None where there is none."""
        if self.is_cloze:
            return self.templates[0] if self.templates and 0 <= ord_ < MAX_CARDS_A_NOTE else None
        return self.templates[ord_] if 0 <= ord_ < len(self.templates) else None


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck; levels of its name are parted by `::`."""

    id: int
    name: str
    is_filtered: bool = False


class CardState(StrEnum):
    """Where a card stands in Anki."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


@dataclass(frozen=True, slots=True)
class Card:
    """A card and its scheduling.

    `due_day` counts days from 1970-01-01 and is given for cards in review; `due_at_s` is the Unix time of a card being learned;
    `position` is the place of a new card. `memory` is FSRS's state as Anki keeps it: `s` stability in days, `d` difficulty,
    `dr` desired retention.
    """

    id: int
    ord: int
    deck: str
    state: CardState
    is_suspended: bool
    is_buried: bool
    interval_days: int
    ease_permille: int  # 2500 is 250%
    n_reviews: int
    n_lapses: int
    flag: int  # 0 none, 1 to 7 a colour
    due_day: int | None = None
    due_at_s: int | None = None
    position: int | None = None
    memory: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its cards. `fields` are raw HTML in the order of the note type; `changed_at_s` is Unix time."""

    id: int
    guid: str
    note_type: NoteType
    fields: tuple[str, ...]
    tags: tuple[str, ...]
    changed_at_s: int
    cards: tuple[Card, ...]

    @property
    def named_fields(self) -> list[tuple[str, str]]:
        """Name and text of each field."""
        return list(zip(self.note_type.fields, self.fields, strict=True))


class ReviewKind(StrEnum):
    """What the entry of a review log is. MANUAL and RESCHEDULED are no recalls: the due date was set."""

    LEARN = "learn"
    REVIEW = "review"
    RELEARN = "relearn"
    FILTERED = "filtered"
    MANUAL = "manual"
    RESCHEDULED = "rescheduled"


@dataclass(frozen=True, slots=True)
class Review:
    """One entry of the review log. `ease` is 1 again, 2 hard, 3 good, 4 easy, and 0 where nothing was answered.

    Intervals are days where positive and seconds where negative, as Anki has them. `factor` is the ease in thousandths, or the
    difficulty where FSRS is on.
    """

    id: int  # Unix time in milliseconds of the answer, unique in its deck
    card_id: int
    ease: int
    kind: ReviewKind
    interval: int = 0
    last_interval: int = 0
    factor: int = 0
    took_ms: int = 0

    @property
    def is_reset(self) -> bool:
        """Was the card made new again, so that nothing before counts?"""
        return self.kind is ReviewKind.MANUAL and not self.ease and not self.factor

    @property
    def is_recall(self) -> bool:
        """Was something remembered or forgotten, or only a due date set?"""
        return self.ease > 0 and self.kind not in {ReviewKind.MANUAL, ReviewKind.RESCHEDULED}


@dataclass(frozen=True, slots=True)
class Media:
    """A file that notes may show. `member` is its name in the archive; `n_bytes` is its size unpacked."""

    name: str
    member: str
    n_bytes: int
    sha1: bytes | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that is not taken: where it stands, and why."""

    where: str
    why: str

    def as_dict(self) -> dict[str, str]:
        """As `--json` prints it."""
        return {"where": self.where, "why": self.why}
