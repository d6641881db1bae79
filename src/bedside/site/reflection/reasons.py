"""Why an answer was wrong: said by the person, in one key, and said anew as often as they like."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from django.db import IntegrityError

from bedside.delivery import Mode
from bedside.errors import ConflictError, UsageError
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.problems import TooOftenError
from bedside.site.reflection.models import ErrorReason
from bedside.site.reflection.seen import Seen, seen

MAX_SAID = 50  # of one answer: each is a row for good, and nobody changes their mind that often
OLDEST = timedelta(days=30)  # that a reason may have waited in a player without network


class Reason(StrEnum):
    """Why an answer was wrong, in the order of their keys, 1 to 4."""

    DID_NOT_KNOW = "did_not_know"
    MISREAD = "misread"
    CONFUSED = "confused"
    CHANGED_FROM_RIGHT = "changed_from_right"


NOT_KNOWLEDGE = frozenset({Reason.MISREAD, Reason.CHANGED_FROM_RIGHT})  # points lost by somebody who knew


def say_reason(
    user: User,
    sitting_id: UUID,
    item: str,
    reason: Reason,
    *,
    at: datetime,
    confused_with: str = "",
    name: UUID,
    ago: timedelta = timedelta(0),
) -> ErrorReason:
    """Keep why an answer was wrong. `name` is the id of this saying: sent twice, it counts once; `ago` is how long it waited.

    What was confused is the option that was chosen, and `confused_with`; where that is not said, the key.

    Raises:
        NotFoundError: this person has no such sitting, or it has no such item.
        NotFinishedError: its key has not been shown to them yet.
        SealedError: a proctored sitting of theirs is under way.
        UsageError: the answer was right, or the reason does not fit it.
        ConflictError: the id names another reason.
        TooOftenError: it was said too often.
    """
    one = seen(user, sitting_id, item, at=at)
    _see_fits(one, reason, confused_with)
    is_pair = reason is Reason.CONFUSED and bool(one.chosen)
    row = ErrorReason(
        id=name,
        user=user,
        sitting=sitting_id,
        item=item,
        item_version=one.item.version,
        reason=reason.value,
        chosen=one.chosen,
        confused_with=(confused_with or one.missed) if is_pair else "",
        at=at - min(max(ago, timedelta(0)), OLDEST),
    )
    try:
        with one_write():
            return _kept(row)
    except IntegrityError:  # the same was sent twice at one moment
        return _same(ErrorReason.objects.get(pk=name), row)


def _kept(row: ErrorReason) -> ErrorReason:
    before = ErrorReason.objects.filter(pk=row.pk).first()
    if before is not None:
        return _same(before, row)
    said = ErrorReason.objects.filter(user=row.user, sitting=row.sitting, item=row.item)
    if said.count() >= MAX_SAID:
        raise TooOftenError(f"a reason for this answer was given {MAX_SAID} times already; the last one stands")
    row.save(force_insert=True)
    return row


def _same(before: ErrorReason, row: ErrorReason) -> ErrorReason:
    fields = ("user_id", "sitting", "item", "reason", "confused_with")
    if any(getattr(before, field) != getattr(row, field) for field in fields):
        raise ConflictError("another reason was kept under this id")
    return before


def _see_fits(one: Seen, reason: Reason, confused_with: str) -> None:
    if one.key is None:
        raise UsageError("this item no longer counts, so no point was lost on it")
    if one.is_right:
        raise UsageError("the answer was right")
    letters = {option.letter for option in one.item.options}
    if confused_with and (reason is not Reason.CONFUSED or confused_with not in letters or confused_with == one.chosen):
        raise UsageError("what it was confused with is another option of the item")
    if reason is Reason.CHANGED_FROM_RIGHT and one.row.mode != Mode.TUTOR.value and not one.was_right_before:
        raise UsageError("the right option was not chosen before")
