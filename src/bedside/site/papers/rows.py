"""Letters, experience, statements and what was taken away, as the pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from bedside.site.accounts.models import User
from bedside.site.papers import queries, telling
from bedside.site.papers.models import Experience, ExperienceKind, Letter, OwnRow, Paper, Statement
from bedside.site.papers.queries import Kept
from bedside.site.papers.standing import EXPERIENCE_CHARACTERS, STATEMENT_CHARACTERS

Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Removed:
    """Something that was taken away."""

    id: UUID
    model: str
    what: str
    title: str
    on: date | None


def letter_rows(kept: Kept, on: date) -> Rows:
    """Each letter with how it stands."""
    return [
        {"row": one, "told": telling.letter_told(one, on), "waived": telling.waived_told(one), "is_here": bool(one.arrived_on)}
        for one in kept.letters
    ]


def experience_rows(kept: Kept) -> Rows:
    """Each experience with its time, and how long what was done is."""
    limit = queries.papers_of_content().limit(EXPERIENCE_CHARACTERS)
    return [
        {
            "row": one,
            "kind": telling.sentence(str(ExperienceKind(one.kind).label)),
            "days": telling.experience_days(one),
            "length": telling.counted(one.done, limit) if one.done else "",
            "is_over": limit is not None and len(one.done) > limit.most,
        }
        for one in kept.experiences
    ]


def statement_rows(user: User, kept: Kept) -> Rows:
    """Each statement with its newest draft."""
    limit, texts = queries.papers_of_content().limit(STATEMENT_CHARACTERS), queries.newest_texts(user)
    return [
        {
            "row": one,
            "text": texts.get(one.pk, ""),
            "length": telling.counted(texts.get(one.pk, ""), limit),
            "is_over": limit is not None and len(texts.get(one.pk, "")) > limit.most,
        }
        for one in kept.statements
    ]


def removed_rows(user: User) -> list[Removed]:
    """What was taken away."""
    return [_removed(one) for one in queries.taken_away(user)]


def name_of(row: OwnRow) -> str:
    """By what a person knows a row."""
    match row:
        case Letter():
            return row.writer
        case Experience():
            return row.place
        case Statement() | Paper():
            return row.title
        case _:
            return ""


def _removed(row: OwnRow) -> Removed:
    what = {Letter: _("letter"), Experience: _("experience"), Statement: _("statement"), Paper: _("paper")}[type(row)]
    on = row.removed_at.date() if row.removed_at else None
    return Removed(row.pk, str(row._meta.model_name), what, name_of(row), on)
