"""The page of one's own cards, with what is remembered of each. (The cards themselves know nothing of memory.)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.cards.models import MOST_NEW_A_DAY, Card
from bedside.site.cards.queries import cards_by_key, cards_with, decks_of, new_a_day
from bedside.site.cards.showing import gist_of
from bedside.site.content import current_content
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.pages import page, user_of
from bedside.site.study.owed import Remembered
from bedside.site.study.queue import Queue, State, queue_of
from bedside.study import card as subject_of

ON_A_PAGE = 50
MAX_SEARCH = 200  # characters


@dataclass(frozen=True, slots=True)
class Row:
    """A card in the list, with what is remembered of it."""

    card: Card
    gist: str
    standing: str
    due_on: date | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to."""

    words: str
    tag: str
    deck: str
    state: str

    @classmethod
    def of(cls, request: HttpRequest) -> Filter:
        asked = {
            name: request.GET.get(name, "").replace("\0", "").strip()[:MAX_SEARCH] for name in ("words", "tag", "deck", "state")
        }
        if asked["state"] not in ("due", "new", "suspended", "removed"):
            asked["state"] = ""
        return cls(**asked)

    @property
    def query(self) -> str:
        """As the rest of an address."""
        told = [(name, value) for name in ("words", "tag", "deck", "state") if (value := getattr(self, name))]
        return urlencode(told)


@require_GET
@page
def cards(request: HttpRequest) -> HttpResponse:
    """What is due, the cards that fit the filter, and the ways to make, bring and take some."""
    user, at, content = user_of(request), clock.now(), current_content()
    sealing = sealing_sitting(user.pk, at)
    if sealing is not None:
        return render(request, "study/sealed.html", {"sealing": sealing})
    queue = queue_of(user, content, at=at)
    asked = Filter.of(request)
    shown = Paginator(_keys(user, asked, queue), ON_A_PAGE).get_page(request.GET.get("page"))
    found = cards_by_key(user, shown.object_list)
    told = {
        "queue": queue,
        "n_due": queue.count(State.DUE, of_cards=True) + queue.count(State.AGAIN, of_cards=True),
        "n_new": queue.count(State.NEW),
        "n_takeaways": sum(queue.count(state, of_cards=False) for state in State),
        "asked": asked,
        "shown": shown,
        "rows": _rows([found[key] for key in shown.object_list], queue.mine),
        "has_any": Card.objects.filter(user=user).exists(),
        "decks": decks_of(user),
        "states": _states(),
        "new_a_day": new_a_day(user),
        "most_new_a_day": MOST_NEW_A_DAY,
    }
    return render(request, "cards/cards.html", told)


def _states() -> list[tuple[str, str]]:
    return [
        ("", _("all")),
        ("due", _("due today")),
        ("new", _("new: never asked")),
        ("suspended", _("set aside")),
        ("removed", _("removed")),
    ]


def _keys(user: User, asked: Filter, queue: Queue) -> QuerySet[Card, UUID] | list[UUID]:
    """The keys of the cards that fit, in the order of the list."""
    is_removed = asked.state == "removed"
    found = cards_with(user, words=asked.words, tag=asked.tag, deck=asked.deck, is_removed=is_removed)
    if asked.state == "suspended":
        found = found.filter(suspended_at__isnull=False)
    keys = found.values_list("key", flat=True)
    own, memories = queue.mine.own, queue.mine.memories
    if asked.state == "due":
        waiting = {own[one].key for one, state, _ in queue.order if one in own and state is not State.NEW}
        return [key for key in keys if key in waiting]
    if asked.state == "new":
        new = {card.key for one, card in own.items() if one not in memories and card.due_on is None}
        return [key for key in keys if key in new]
    return keys


def _rows(found: Sequence[Card], mine: Remembered) -> list[Row]:
    recall = mine.recall()
    rows = []
    for card in found:
        row = mine.row_of(subject_of(card.key))
        due_on = card.due_on if row is None else date.fromordinal(mine.due[row])
        percent = None if row is None else round(100 * float(recall[row]))
        rows.append(Row(card, gist_of(card.front) or _("a picture"), _standing(card, row, due_on, mine), due_on, percent))
    return rows


def _standing(card: Card, row: int | None, due_on: date | None, mine: Remembered) -> str:
    if card.removed_at is not None:
        return _("removed")
    if card.suspended_at is not None:
        return _("set aside")
    if row is None and due_on is None:
        return _("new")
    if due_on is not None and due_on <= mine.on and (row is None or int(mine.schedule.last_day[row]) < mine.on.toordinal()):
        return _("due")
    return ""
