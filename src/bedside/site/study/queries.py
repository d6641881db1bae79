"""What is due today, and how it can be asked: by an item that the person has not seen, else as a flashcard."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bedside.bank import Takeaway
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.stock import OWN, seen_by
from bedside.site.study.owed import Remembered, remembered_of
from bedside.study import Means, Showing, Subject, showing_of, study_day

CARD_MINUTES = 0.5  # to recall a takeaway and read it; assumed
OWN_CARD_MINUTES = 0.25  # the same for a card of one's own, which is shorter; assumed
EXPLANATION_MINUTES = 1.0  # to read why, after an item; assumed
FIRST_TAKEAWAY = Subject("takeaway:")
GAP = "[…]"
_CLOZE = re.compile(r"\{\{([^{}]+)\}\}")


@dataclass(frozen=True, slots=True)
class Topic:
    """What a takeaway is about, in words that don't give it away."""

    area: str
    name: str

    def __str__(self) -> str:
        return f"{self.area}: {self.name}"


@dataclass(frozen=True, slots=True)
class DueOne:
    """A takeaway that has fallen due, with the chance that it is still remembered (0 to 1)."""

    takeaway: Takeaway
    topic: Topic
    p_recall: float
    showing: Showing
    minutes: float

    @property
    def percent(self) -> int:
        return round(100 * self.p_recall)


@dataclass(frozen=True, slots=True)
class DueToday:
    """All that is due on a study day, the least remembered first, and how many takeaways are kept in memory."""

    on: date
    zone: str
    ones: tuple[DueOne, ...]
    n_known: int
    next_on: date | None  # the next day on which something falls due; None: nothing is in memory, or something is due now

    @property
    def minutes(self) -> int:
        return max(1, round(sum(one.minutes for one in self.ones)))

    @property
    def items(self) -> tuple[str, ...]:
        """The unseen items by which something due can be tested, and the question models whose members can."""
        names = (one.showing.name for one in self.ones if one.showing.means is not Means.FLASHCARD)
        return tuple(dict.fromkeys(name for name in names if name))


def due_today(user: User, content: Content, *, at: datetime) -> DueToday:
    """What is due on the study day of `at`. A takeaway that was reviewed that day is not asked again on it."""
    return due_of(user, content, remembered_of(user, content, at=at))


def due_of(user: User, content: Content, mine: Remembered) -> DueToday:
    """The takeaways that are due, by what is remembered."""
    schedule, today = mine.schedule, mine.on.toordinal()
    open_rows = mine.open_rows()
    first = bisect_left(schedule.subjects, FIRST_TAKEAWAY)  # rows stand by their names, cards before takeaways
    rows = [row for row in open_rows if row >= first]
    families = families_of(content) if rows else {}
    models = models_of(content) if rows else {}
    last_seen = {item: study_day(seen, mine.zone) for item, seen in seen_by(user).items()} if rows else {}
    recall = mine.recall()
    found = []
    for row in rows:
        one = content.bank.takeaways[name_of(schedule.subjects[row])]
        showing = showing_of(families.get(one.id, ()), models.get(one.id, ()), last_seen, mine.on, seed=today)
        found.append(DueOne(one, topic_of(one, content), float(recall[row]), showing, _minutes(showing, content)))
    n_known = len(schedule) - first
    next_day = min((max(day, today + 1) for day in mine.due), default=None) if not open_rows else None
    next_on = None if next_day is None else date.fromordinal(next_day)
    return DueToday(mine.on, mine.zone.key, tuple(found), n_known, next_on)


def families_of(content: Content) -> Mapping[str, Sequence[str]]:
    """The bank's own items by takeaway. Parts of a set are left out: alone they can't be asked."""
    found: dict[str, list[str]] = {}
    for item in content.items.values():
        if item.set is None and item.blueprint and content.bank.collection_of[item.id] == OWN:
            for name in item.takeaways:
                found.setdefault(name, []).append(item.id)
    return found


def models_of(content: Content) -> Mapping[str, Sequence[str]]:
    """The bank's own question models by takeaway."""
    found: dict[str, list[str]] = {}
    for model in content.bank.models.values():
        if content.bank.collection_of[model.id] == OWN:
            for name in model.takeaways:
                found.setdefault(name, []).append(model.id)
    return found


def item_minutes(item: str, content: Content) -> float:
    """Minutes to answer an item, or a member of a model, and to read its explanation."""
    about = content.about(item)
    return (about.seconds / 60 if about else 0.0) + EXPLANATION_MINUTES


def name_of(subject: Subject | str) -> str:
    """The takeaway that a subject is, or the key of the card."""
    return subject.partition(":")[2]


def is_card(subject: Subject | str) -> bool:
    """Is it a card of one's own, and no takeaway?"""
    return subject.startswith("card:")


def subject_minutes(subject: Subject | str) -> float:
    """Minutes to recall it as a flashcard."""
    return OWN_CARD_MINUTES if is_card(subject) else CARD_MINUTES


def topic_of(one: Takeaway, content: Content) -> Topic:
    """`Renal and urinary: winter formula`; the area by its name in the programme that the takeaway has a code of."""
    return Topic(_area_title(one, one.id.partition(".")[0], content), one.title)


def front_of(one: Takeaway) -> str:
    """The side of the flashcard that asks; empty where the takeaway has no cloze, and its topic asks."""
    return _CLOZE.sub(GAP, one.cloze) if one.cloze else ""


def _area_title(one: Takeaway, area: str, content: Content) -> str:
    for programme in one.codes:
        known = content.programmes.get(programme)
        for step in known.steps if known else ():
            for axis in step.axes:
                if area in axis.codes:
                    return axis.codes[area]
    return area.replace("_", " ").capitalize()


def _minutes(showing: Showing, content: Content) -> float:
    return item_minutes(showing.name, content) if showing.name else CARD_MINUTES
