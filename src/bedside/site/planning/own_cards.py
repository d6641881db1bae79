"""One's own cards as the session reckons with them: which can be asked, in which area, and which were never met."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bedside.site.accounts.models import User
from bedside.site.cards.models import NEW_A_DAY, Card, CardSettings
from bedside.site.study.models import StudyReview
from bedside.study import NO_AREA, Subject, card

_FIELDS = "key", "due_on", "note__tags", "note_id"


@dataclass(frozen=True, slots=True)
class OwnCards:
    """The cards that can be asked, in the order in which they were made: the area of each, and the day that an import set."""

    area: Mapping[Subject, int]
    due_on: Mapping[Subject, date]
    note: Mapping[Subject, int]  # to which each belongs
    new_a_day: int


def own_cards(user: User, codes: Sequence[str]) -> OwnCards:
    """The person's cards that are neither suspended nor removed. A tag that names an area, alone or as a part, gives it."""
    place = {code.casefold(): index for index, code in enumerate(codes)}
    rows = Card.objects.filter(user=user, suspended_at__isnull=True, removed_at__isnull=True)
    area: dict[Subject, int] = {}
    due_on: dict[Subject, date] = {}
    note: dict[Subject, int] = {}
    for key, due, tags, of in rows.order_by("note__made_at", "note_id", "ord").values_list(*_FIELDS):
        subject = card(key)
        area[subject], note[subject] = _area(tags, place), of
        if due is not None:
            due_on[subject] = due
    new_a_day = CardSettings.objects.filter(pk=user.pk).values_list("new_a_day", flat=True).first()
    return OwnCards(area, due_on, note, NEW_A_DAY if new_a_day is None else new_a_day)


def reviewed_here(user: User) -> Collection[str]:
    """The cards with a review that was made here, after which the day of an import counts no longer."""
    rows = StudyReview.objects.filter(user=user, subject__startswith="card:").exclude(origin="imported")
    return set(rows.values_list("subject", flat=True).distinct())


def _area(tags: Sequence[str], place: Mapping[str, int]) -> int:
    parts = (part.casefold() for tag in tags for part in tag.split("::"))
    return next((place[part] for part in parts if part in place), NO_AREA)
