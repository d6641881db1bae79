"""What the queue shows of a thing that waits: its two sides, and after how long each grade would bring it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

import numpy as np
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bedside.site.accounts.models import User
from bedside.site.cards.models import Card
from bedside.site.cards.queries import cards_by_key
from bedside.site.cards.showing import shown
from bedside.site.content import Content
from bedside.site.study.owed import Remembered
from bedside.site.study.queries import front_of, is_card, name_of, subject_minutes, topic_of
from bedside.site.study.queue import Queue, State, Waiting
from bedside.site.study.words import grade_name, interval_words
from bedside.study import Grade, Memory, desired_retention, interval_days, remembered


@dataclass(frozen=True, slots=True)
class GradeButton:
    """A grade, and what it would bring."""

    value: int
    name: str
    interval: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One flashcard, with an id for this recall: however often the grade is sent, it counts once."""

    waiting: Waiting
    review: UUID
    where: str  # the area, the deck
    title: str  # of a takeaway; empty for a card, whose front asks
    standing: str
    front: SafeString
    back: SafeString
    cite: str
    grades: tuple[GradeButton, ...]
    card: UUID | None = None
    note: UUID | None = None

    @property
    def minutes(self) -> float:
        return subject_minutes(self.waiting.subject)


def pieces_of(user: User, content: Content, queue: Queue, *, most: int) -> list[Piece]:
    """The first of what waits, to be shown."""
    waiting = queue.first(most)
    cards = cards_by_key(user, [queue.mine.own[one.subject].key for one in waiting if is_card(one.subject)])
    found = []
    for one in waiting:
        if is_card(one.subject):
            found.append(_of_card(one, cards[queue.mine.own[one.subject].key], queue.mine))
        else:
            found.append(_of_takeaway(one, content, queue.mine))
    return found


def intervals_of(memory: Memory | None, mine: Remembered) -> Mapping[Grade, int]:
    """After how many days each grade of today would bring a subject back."""
    stabilities = [remembered(memory, grade, mine.on, mine.parameters).stability_days for grade in Grade]
    wanted = desired_retention(None if mine.exam_on is None else (mine.exam_on - mine.on).days)
    days = interval_days(mine.parameters, np.array(stabilities), wanted)
    return {grade: max(1, round(day)) for grade, day in zip(Grade, days.tolist(), strict=True)}


def _of_card(one: Waiting, card: Card, mine: Remembered) -> Piece:
    return Piece(
        waiting=one,
        review=uuid4(),
        where=card.note.deck.replace("::", " · "),
        title="",
        standing=_standing(one),
        front=shown(card.front),
        back=shown(card.back),
        cite=" ".join(f"#{tag}" for tag in card.note.tags[:12]),
        grades=_grades(one, mine),
        card=card.key,
        note=card.note.key,
    )


def _of_takeaway(one: Waiting, content: Content, mine: Remembered) -> Piece:
    known = content.bank.takeaways[name_of(one.subject)]
    topic = topic_of(known, content)
    gapped = front_of(known)
    asks = gapped or _("Say in your own words what is to be kept of this.")
    return Piece(
        waiting=one,
        review=uuid4(),
        where=topic.area,
        title="" if gapped else topic.name[:1].upper() + topic.name[1:],  # the name of a topic often says what fills the gap
        standing=_standing(one),
        front=format_html("<p>{}</p>", asks),
        back=format_html("<p>{}</p>", known.text),
        cite=f"{'; '.join(known.sources)} · {known.id}",
        grades=_grades(one, mine),
    )


def _standing(one: Waiting) -> str:
    match one.state:
        case State.NEW:
            return _("new")
        case State.AGAIN:
            return _("once more: it was gone a while ago")
        case State.ASKED | State.DUE:
            return _("%(percent)d%% likely remembered") % {"percent": round(100 * one.p_recall)} if one.p_recall else ""


def _grades(one: Waiting, mine: Remembered) -> tuple[GradeButton, ...]:
    days = intervals_of(one.memory, mine)
    return tuple(GradeButton(grade.value, grade_name(grade), _interval(one, grade, days)) for grade in Grade)


def _interval(one: Waiting, grade: Grade, days: Mapping[Grade, int]) -> str:
    """A card that was forgotten comes again on the same day."""
    return _("today") if grade is Grade.AGAIN and is_card(one.subject) else interval_words(days[grade])
