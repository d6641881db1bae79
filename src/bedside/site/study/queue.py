"""The queue of a study day: takeaways and own cards in one order.

First what was asked for by name, then what is due, the least remembered first, then new cards, so many a day, and at
the end the own cards that were forgotten today: those are asked again until they are recalled, as a step of learning, while a
takeaway that was forgotten waits for the next day, when an item can test it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from bedside.site.accounts.models import User
from bedside.site.cards.queries import new_a_day
from bedside.site.content import Content
from bedside.site.study.models import StudyReview
from bedside.site.study.owed import Remembered, remembered_of
from bedside.site.study.queries import DueToday, due_of, is_card, name_of, subject_minutes
from bedside.study import Grade, Memory, Origin, Subject

MOST_ASKED = 60  # subjects that an address may ask for by name
DAY_BEGINS = time(4)  # as `bedside.study.study_day` has it


class State(StrEnum):
    """Why something is in the queue."""

    ASKED = "asked"
    DUE = "due"
    NEW = "new"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing to be recalled. `p_recall` is the chance that it is remembered, None where nothing is known of that.

    `memory` is what is known of it, None for something new; `n_today` counts its reviews of the day so far.
    """

    subject: Subject
    state: State
    p_recall: float | None
    memory: Memory | None
    n_today: int

    @property
    def id(self) -> str:
        """This asking of it: after a review of the day it is another one."""
        return f"{self.subject}#{self.n_today}"


Found = tuple[Subject, State, float | None]


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits on a study day, in order, and the takeaways that are due with the items that test them."""

    order: tuple[Found, ...]
    due: DueToday
    mine: Remembered
    counts: Mapping[Subject, int]  # reviews of the day
    n_cards: int  # that can be asked at all
    done: tuple[tuple[UUID, Subject], ...]  # reviews of the day that can be taken back, the newest first

    @property
    def n_all(self) -> int:
        return len(self.order)

    @property
    def minutes(self) -> int:
        return max(1, round(self.exact_minutes))

    @property
    def exact_minutes(self) -> float:
        return sum(subject_minutes(subject) for subject, _, _ in self.order)

    @property
    def next_on(self) -> date | None:
        """The next day on which something is due; None where something waits, or nothing is in memory."""
        return None if self.order else self.due.next_on

    @property
    def waiting(self) -> tuple[Waiting, ...]:
        """All that waits."""
        return self.first(len(self.order))

    def first(self, most: int) -> tuple[Waiting, ...]:
        """The first of what waits."""
        return tuple(
            Waiting(subject, state, chance, self.mine.memories.get(subject), self.counts.get(subject, 0))
            for subject, state, chance in self.order[:most]
        )

    def count(self, state: State, *, of_cards: bool | None = None) -> int:
        """How many wait in that state; of the takeaways alone, or of the cards."""
        return sum(one is state and of_cards in (None, is_card(subject)) for subject, one, _ in self.order)


@dataclass(frozen=True, slots=True)
class _Today:
    """The reviews of the day that stand, the oldest first."""

    reviews: Sequence[tuple[UUID, Subject, int, str]]  # id, subject, grade, origin

    def counts(self) -> Counter[Subject]:
        return Counter(subject for _, subject, _, _ in self.reviews)

    def forgotten(self) -> list[Subject]:
        """The cards whose last recall of the day failed, in the order of that."""
        last = {subject: (n, grade) for n, (_, subject, grade, _) in enumerate(self.reviews) if is_card(subject)}
        return [one for one, (n, grade) in sorted(last.items(), key=lambda pair: pair[1]) if grade == Grade.AGAIN]


def queue_of(user: User, content: Content, *, at: datetime, ask: Sequence[str] = ()) -> Queue:
    """What waits on the study day of `at`; `ask` names subjects that come first, whether or not they are due."""
    mine = remembered_of(user, content, at=at)
    today = _today(user, mine)
    counts = today.counts()
    found: dict[Subject, Found] = {}
    for one in (
        *_asked(ask, mine, content, counts),
        *_due(mine),
        *_new(mine, counts, new_a_day(user)),
        *((subject, State.AGAIN, None) for subject in today.forgotten() if subject in mine.own),
    ):
        found.setdefault(one[0], one)
    done = tuple((uuid, subject) for uuid, subject, _, origin in reversed(today.reviews) if origin == Origin.CARD)
    return Queue(tuple(found.values()), due_of(user, content, mine), mine, counts, len(mine.own), done)


def _asked(ask: Sequence[str], mine: Remembered, content: Content, counts: Mapping[Subject, int]) -> Iterator[Found]:
    recall = mine.recall()
    for text in dict.fromkeys(ask[:MOST_ASKED]):
        subject = Subject(text)
        is_there = subject in mine.own if is_card(text) else name_of(text) in content.bank.takeaways
        memory = mine.memories.get(subject)
        if is_there and not counts.get(subject) and (memory is None or memory.last_on < mine.on):
            row = mine.row_of(subject)
            yield subject, State.ASKED, None if row is None else float(recall[row])


def _due(mine: Remembered) -> Iterator[Found]:
    """What is due, the least remembered first; then what Anki had said is due, of whose reviews nothing came along."""
    recall, subjects = mine.recall().tolist(), mine.schedule.subjects
    for row in mine.open_rows():
        yield subjects[row], State.DUE, recall[row]
    without = [
        (card.due_on, one)
        for one, card in mine.own.items()
        if card.due_on is not None and card.due_on <= mine.on and one not in mine.memories
    ]
    for _, one in sorted(without):
        yield one, State.DUE, None


def _new(mine: Remembered, counts: Mapping[Subject, int], most: int) -> Iterator[Found]:
    """The cards that were made first, and one of each note, since its others would give it away."""
    met = [one for one, n in counts.items() if one in mine.own and (known := mine.memories.get(one)) and known.n_reviews == n]
    notes = {mine.own[one].note for one in counts if one in mine.own}
    left = most - len(met)
    for one, card in mine.own.items():
        if left <= 0:
            return
        if one not in mine.memories and card.due_on is None and card.note not in notes:
            notes.add(card.note)
            left -= 1
            yield one, State.NEW, None


def _today(user: User, mine: Remembered) -> _Today:
    rows = StudyReview.objects.filter(user=user, at__gte=_begin(mine.on, mine.zone), withdrawal__isnull=True)
    rows = rows.filter(at__lt=_begin(mine.on + timedelta(days=1), mine.zone)).order_by("at", "kept_at", "id")
    return _Today([(uuid, Subject(one), grade, origin) for uuid, one, grade, origin in rows.values_list(*_FIELDS)])


_FIELDS = "id", "subject", "grade", "origin"


def _begin(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, DAY_BEGINS, zone).astimezone(UTC)
