"""The session of a day as steps of a page: the timed block, the case, the questions as one block, the flashcards.

A session names pieces in an order; what is done in one go belongs together: all questions are one block in tutor mode, in the
session's order, and all flashcards are asked one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.site.accounts.models import User
from bedside.site.cards.models import Card
from bedside.site.cards.showing import gist_of
from bedside.site.cases.models import CaseRun
from bedside.site.content import Content
from bedside.site.planning.following import DayPiece
from bedside.site.planning.sessions import Day
from bedside.site.planning.telling import topic_words, why_words
from bedside.site.study.queries import is_card, name_of
from bedside.site.study.queue import MOST_ASKED
from bedside.study import Kind

SHOWN = 5  # pieces of a step; the rest is one click away
GIST = 80  # signs of what a card asks


class StepKind(StrEnum):
    """What is done in one go."""

    BLOCK = "block"
    CASE = "case"
    QUESTIONS = "questions"
    CARDS = "cards"


@dataclass(frozen=True, slots=True)
class Row:
    """A piece as a line of the page."""

    topic: str
    why: str
    minutes: float
    is_done: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Pieces that are done in one go, and how they are begun: a form that is sent, or a page that is opened."""

    kind: StepKind
    title: str
    verb: str
    rows: tuple[Row, ...]
    address: str
    is_form: bool
    fields: Mapping[str, str] = field(default_factory=dict)  # of the form

    @property
    def first(self) -> tuple[Row, ...]:
        return self.rows[:SHOWN]

    @property
    def more(self) -> tuple[Row, ...]:
        return self.rows[SHOWN:]

    @property
    def n_done(self) -> int:
        return sum(row.is_done for row in self.rows)

    @property
    def is_done(self) -> bool:
        return self.n_done == len(self.rows)

    @property
    def minutes(self) -> int:
        """Minutes that are left of it, or of all of it once it is done."""
        left = sum(row.minutes for row in self.rows if self.is_done or not row.is_done)
        return max(1, round(left))


def steps_of(user: User, content: Content, day: Day, *, at: datetime) -> tuple[Step, ...]:
    """The steps of a session in the order in which their first pieces stand in it."""
    groups: dict[StepKind, list[DayPiece]] = {}
    for one in day.pieces:
        groups.setdefault(_kind(one), []).append(one)
    return tuple(_step(kind, pieces, user, content, day) for kind, pieces in groups.items())


def next_of(steps: tuple[Step, ...]) -> Step | None:
    """The step to begin with now."""
    return next((step for step in steps if not step.is_done), None)


def _kind(one: DayPiece) -> StepKind:
    match one.piece.kind:
        case Kind.BLOCK:
            return StepKind.BLOCK
        case Kind.CASE:
            return StepKind.CASE
        case Kind.REVIEW | Kind.NEW:
            return StepKind.QUESTIONS if one.piece.item else StepKind.CARDS


def _step(kind: StepKind, pieces: list[DayPiece], user: User, content: Content, day: Day) -> Step:
    gists = _gists([one.piece.name for one in pieces], user) if kind is StepKind.CARDS else {}
    rows = tuple(
        Row(
            gists.get(one.piece.name) or topic_words(one, content),
            why_words(one.piece, day),
            one.piece.minutes,
            one.is_done,
            one.piece.kind is Kind.NEW,
        )
        for one in pieces
    )
    left = [one.piece for one in pieces if not one.is_done]
    match kind:
        case StepKind.BLOCK:
            return Step(
                kind, _("Under real conditions"), _("Start the timed block"), rows, reverse("today:timed"), is_form=True
            )
        case StepKind.CASE:
            return _case_step(pieces[0], rows, user)
        case StepKind.QUESTIONS:
            title = ngettext("%(n)d question", "%(n)d questions", len(rows)) % {"n": len(rows)}
            verb = ngettext("Start with %(n)d question", "Start with %(n)d questions", len(left)) % {"n": len(left)}
            return Step(kind, title, verb, rows, reverse("today:questions"), is_form=True)
        case StepKind.CARDS:
            title = ngettext("%(n)d card", "%(n)d cards", len(rows)) % {"n": len(rows)}
            verb = ngettext("Review %(n)d card", "Review %(n)d cards", len(left)) % {"n": len(left)}
            ask = urlencode([("ask", piece.name) for piece in left[:MOST_ASKED]])
            return Step(kind, title, verb, rows, f"{reverse('study:study')}?{ask}", is_form=False)


def _gists(names: list[str], user: User) -> dict[str, str]:
    """What cards of one's own ask, by their names in the session."""
    keys = [name_of(name) for name in names if is_card(name)]
    fronts = Card.objects.filter(user=user, key__in=keys).values_list("key", "front")
    return {f"card:{key}": Truncator(gist_of(front)).chars(GIST) for key, front in fronts}


def _case_step(one: DayPiece, rows: tuple[Row, ...], user: User) -> Step:
    """A case that is open is gone on with; else it is begun."""
    runs = CaseRun.objects.filter(user=user, case_id=one.piece.name, ended_at__isnull=True, sitting__isnull=True)
    run = runs.order_by("-started_at").values_list("pk", flat=True).first()
    title = _("A patient")
    if run is not None:
        return Step(StepKind.CASE, title, _("Go on with the patient"), rows, reverse("cases:play", args=[run]), is_form=False)
    fields = {"case": one.piece.name, "mode": "practice"}
    return Step(StepKind.CASE, title, _("Admit the patient"), rows, reverse("cases:start"), is_form=True, fields=fields)
