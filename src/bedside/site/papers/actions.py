"""What a person does to their papers. Nothing of it is logged."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.utils.translation import gettext as _

from bedside.errors import ConflictError, UsageError
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.papers.drafts import one_line_ends
from bedside.site.papers.limits import MOST_DRAFT, MOST_DRAFTS, MOST_ROWS
from bedside.site.papers.models import OwnRow, Statement, StatementDraft
from bedside.site.papers.queries import own

R = TypeVar("R", bound=OwnRow)
TICK = timedelta(microseconds=1)  # of two machines the later holds, so a change is never as old as what it changes


def stamp_of(row: OwnRow | None) -> str:
    """Which state of a row a page shows."""
    return row.changed_at.isoformat() if row is not None and not row._state.adding else ""


def keep(row: R, values: Mapping[str, Any], *, at: datetime, seen: str) -> R:
    """Keep a row, new or changed. `seen` is the stamp of what was changed.

    Raises:
        ConflictError: it was changed meanwhile.
        UsageError: there are too many.
        StoreError: the store refused; nothing was kept.
    """
    model = type(row)
    with one_write():
        is_new = row._state.adding
        now = None if is_new else model._default_manager.select_for_update().get(pk=row.pk)
        if seen != stamp_of(now):
            raise ConflictError(_("it was changed elsewhere since this page was opened"))
        if is_new and model._default_manager.filter(user=row.user).count() >= MOST_ROWS:
            raise UsageError(_("there are %(n)d already, which is the limit") % {"n": MOST_ROWS})
        for name, value in values.items():
            setattr(row, name, value)
        row.changed_at = at if now is None else max(at, now.changed_at + TICK)
        row.removed_at = None
        row.save(force_insert=is_new)
    return row


def take_away(model: type[R], user: User, pk: UUID, *, at: datetime) -> R:
    """Take a row away; it can be put back.

    Raises:
        NotFoundError: it is not there.
        StoreError: the store refused.
    """
    return _set_removed(model, user, pk, removed_at=at, at=at)


def put_back(model: type[R], user: User, pk: UUID, *, at: datetime) -> R:
    """Put back what was taken away, as `take_away`."""
    return _set_removed(model, user, pk, removed_at=None, at=at)


def _set_removed(model: type[R], user: User, pk: UUID, *, removed_at: datetime | None, at: datetime) -> R:
    with one_write():
        row = own(model, user, pk)
        if (row.removed_at is None) != (removed_at is None):
            row.removed_at, row.changed_at = removed_at, max(at, row.changed_at + TICK)
            row.save()
    return row


def add_draft(statement: Statement, text: str, *, at: datetime) -> StatementDraft | None:
    """Keep the words as a new draft; None where they are those of the newest.

    Raises:
        UsageError: there are none, too many, or too many drafts.
        StoreError: the store refused; nothing was kept.
    """
    text = one_line_ends(text)
    if not text:
        raise UsageError(_("there are no words to keep"))
    if len(text) > MOST_DRAFT:
        raise UsageError(_("a draft has at most %(n)s characters") % {"n": f"{MOST_DRAFT:,}"})
    with one_write():
        drafts = StatementDraft.objects.filter(statement=statement).order_by("-at", "-pk")
        newest = drafts.first()
        if newest is not None and newest.text == text:
            return None
        if drafts.count() >= MOST_DRAFTS:
            raise UsageError(_("a statement has at most %(n)d drafts") % {"n": MOST_DRAFTS})
        draft = StatementDraft(statement=statement, text=text, at=at if newest is None else max(at, newest.at + TICK))
        draft.save(force_insert=True)
    return draft
