"""Errors in items, reported by those who met them, and answered by those who write and check items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import BANK_ROLES, require_role
from bedside.site.database import one_write
from bedside.site.exam.models import at_or_none
from bedside.site.exam.sealed import see_unsealed
from bedside.site.library.delivered import Delivered, delivered_from_text
from bedside.site.library.models import ItemVersion
from bedside.site.problems import TooOftenError
from bedside.site.reflection.models import ItemReport
from bedside.site.reflection.seen import seen

DAY = timedelta(days=1)
MAX_A_DAY = 20  # of one person; `assumed`: who finds more errors in a day writes to the authors about the whole bank
MAX_CHARACTERS = 2000


class Part(StrEnum):
    """What of an item is wrong."""

    KEY = "key"
    EXPLANATION = "explanation"
    TEXT = "text"
    PICTURE = "picture"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reported:
    """A report with the item as the reporter saw it."""

    row: ItemReport
    item: Delivered | None

    @property
    def gist(self) -> str:
        return f"{self.item.stem} {self.item.lead_in}".strip() if self.item else self.row.item

    def as_dict(self) -> Mapping[str, Any]:
        """As the command line prints it."""
        row = self.row
        return {
            "id": str(row.pk),
            "state": row.state,
            "item": row.item,
            "version": row.item_version,
            "hash": row.hash,
            "collection": self.item.collection if self.item else None,
            "part": row.part,
            "text": row.text,
            "by": row.user.get_username(),
            "at": at_or_none(row.at),
            "answer": row.answer or None,
            "answered_by": row.answered_by.get_username() if row.answered_by else None,
            "answered_at": at_or_none(row.answered_at),
            "closed_at": at_or_none(row.closed_at),
        }


# --- the reporter ----------------------------------------------------------------------------------------------------------


def report_item(user: User, sitting_id: UUID, item: str, *, part: Part, text: str, name: UUID, at: datetime) -> ItemReport:
    """Keep what somebody says is wrong with an item. `name` is the id of the report: sent twice, it counts once.

    Raises:
        NotFoundError: this person has no such sitting, or it has no such item.
        NotFinishedError: its key has not been shown to them yet.
        SealedError: a proctored sitting of theirs is under way.
        UsageError: no words, or too many.
        ConflictError: the id names another report.
        TooOftenError: they reported too much today.
    """
    one = seen(user, sitting_id, item, at=at)
    words = _words(text)
    with one_write():
        before = ItemReport.objects.filter(pk=name).first()
        if before is not None:
            if (before.user_id, before.item, before.text) != (user.pk, item, words):
                raise ConflictError("another report was kept under this id")
            return before
        if ItemReport.objects.filter(user=user, at__gt=at - DAY).count() >= MAX_A_DAY:
            raise TooOftenError(f"you have reported {MAX_A_DAY} errors within a day, which is all that can be; go on tomorrow")
        return ItemReport.objects.create(
            id=name,
            user=user,
            sitting=sitting_id,
            item=item,
            item_version=one.item.version,
            hash=one.hash,
            part=part.value,
            text=words,
            at=at,
        )


def reports_by(user: User) -> list[Reported]:
    """What this person reported, the newest first."""
    return _with_items(ItemReport.objects.filter(user=user).order_by("-at"))


# --- the office ------------------------------------------------------------------------------------------------------------


def reports(*, show: str = "open", limit: int = 500) -> list[Reported]:
    """Reports of everybody: those "open" (not closed), "closed" or "all"; the oldest open one first, then the newest closed."""
    rows = ItemReport.objects.all()
    if show == "open":
        rows = rows.filter(closed_at__isnull=True).order_by("at")
    elif show == "closed":
        rows = rows.filter(closed_at__isnull=False).order_by("-closed_at")
    else:
        rows = rows.order_by("-at")
    return _with_items(rows[:limit])


def n_open() -> int:
    """How many are not closed."""
    return ItemReport.objects.filter(closed_at__isnull=True).count()


def report_named(name: UUID) -> Reported:
    """One report.

    Raises:
        NotFoundError: there is none.
    """
    found = _with_items(ItemReport.objects.filter(pk=name))
    if not found:
        raise NotFoundError(f"there is no report {name}")
    return found[0]


def answer_report(who: User, name: UUID, *, text: str, closes: bool, at: datetime) -> ItemReport:
    """Answer a report in words, and close it or leave it open. The reporter reads the answer.

    Raises:
        NotAllowedError: who answers is neither author, reviewer nor administrator.
        SealedError: a proctored sitting of theirs is under way.
        NotFoundError: there is no such report.
        ConflictError: it is closed.
        UsageError: no words, or too many.
    """
    require_role(who, *BANK_ROLES)
    see_unsealed(who.pk, at)
    words = _words(text)
    with one_write():
        row = ItemReport.objects.select_for_update().filter(pk=name).first()
        if row is None:
            raise NotFoundError(f"there is no report {name}")
        if row.closed_at is not None:
            raise ConflictError("the report is closed; its answer stands")
        row.answer, row.answered_by, row.answered_at = words, who, at
        row.closed_at = at if closes else None
        row.save(update_fields=["answer", "answered_by", "answered_at", "closed_at"])
        verb = "item_report_closed" if closes else "item_report_answered"
        audit(actor=who, verb=verb, subject=str(row.pk), at=at, detail={"item": row.item, "version": row.item_version})
    return row


def _with_items(rows: QuerySet[ItemReport]) -> list[Reported]:
    found = list(rows.select_related("user", "answered_by"))
    texts = dict(ItemVersion.objects.filter(hash__in={row.hash for row in found}).values_list("hash", "text"))
    return [Reported(row, delivered_from_text(texts[row.hash]) if row.hash in texts else None) for row in found]


def _words(text: str) -> str:
    words = text.replace("\r\n", "\n").replace("\0", "").strip()
    if not words:
        raise UsageError("say it in words")
    if len(words) > MAX_CHARACTERS:
        raise UsageError(f"at most {MAX_CHARACTERS} characters")
    return words
