"""What a proctored sitting keeps shut for the one who sits it: keys of any other sitting, and the making of another one.

The same items serve practice and exam, so that a block in tutor mode beside a proctored sitting would be its book of answers.
A rehearsal, which nobody watches, keeps nothing shut.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q

from bedside.delivery import Ended, MadeVoid, as_of
from bedside.errors import ConflictError
from bedside.site.accounts.models import User
from bedside.site.exam.log import folded
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.problems import SealedError, TooOftenError

HOUR = timedelta(hours=1)
MOST_ROWS_BESIDE_AN_EXAM = 20_000  # that one write may bring; SQLite lets nobody else write for some seconds
LONGEST_GRACE = timedelta(days=1)  # only sittings that ended within it are looked at; a programme's grace is minutes
MAX_MADE_AN_HOUR = 30  # of one person; `assumed`: a block every two minutes is no practice, but a harvest of items
MAX_MADE_AN_HOUR_LOCAL = 300  # whoever sits at the computer has the bank as files


def sealing_sitting(user_id: UUID, at: datetime, *, but: UUID | None = None) -> SittingRow | None:
    """The user's proctored sitting that has begun and in which an answer can still count, other than `but`; one statement.

    After its end it seals for its grace, in which late answers count, unless its own keys were given out: then none does.
    """
    rows = (
        SittingRow.objects.filter(user_id=user_id, is_proctored=True)
        .exclude(state__in=["created", "voided"])
        .exclude(Q(state="finished") & (Q(is_disclosed=True) | Q(ended_at__lt=at - LONGEST_GRACE)))
        .order_by("-created_at")
    )
    return next((row for row in rows if row.pk != but and _seals(row, at)), None)


def see_unsealed(user_id: UUID, at: datetime, *, but: UUID | None = None) -> None:
    """Nothing keeps the keys of the user's sittings shut, apart from the sitting `but`.

    Raises:
        SealedError: a proctored sitting does.
    """
    sealing = sealing_sitting(user_id, at, but=but)
    if sealing is not None:
        raise SealedError(
            f"your proctored sitting {sealing.pk} is under way, or its last answers may still come in: until then no key is "
            "shown and no other sitting can be made; end it first, then open its report"
        )


def see_may_make(user: User, *, programme: str, step: str, is_proctored: bool, at: datetime) -> None:
    """The user may make a sitting of this step now. Asked before anything is drawn, since a drawing costs seconds.

    Raises:
        SealedError: a proctored sitting of theirs is under way.
        TooOftenError: they made too many in the last hour.
        ConflictError: they have a proctored sitting of this step that has not ended.
    """
    see_unsealed(user.pk, at)
    is_strict = is_proctored or not settings.IS_LOCAL
    most = MAX_MADE_AN_HOUR if is_strict else MAX_MADE_AN_HOUR_LOCAL
    if SittingRow.objects.filter(user=user, created_at__gt=at - HOUR)[:most].count() >= most:
        raise TooOftenError(f"you have made {most} sittings within an hour, which is all that can be; go on with one of them")
    if is_proctored:
        see_no_other_proctored(user, programme=programme, step=step, at=at)


def see_no_other_proctored(user: User, *, programme: str, step: str, at: datetime) -> None:
    """The user has no proctored sitting of this step that has not ended, begun or not.

    Raises:
        ConflictError: they have; names it.
    """
    rows = SittingRow.objects.filter(user=user, is_proctored=True, programme=programme, step=step)
    for row in rows.exclude(state__in=["finished", "voided"]):
        if _ended_at(row, at) is None:
            raise ConflictError(
                f"you have a proctored sitting of this step already, {row.pk}, and it has not ended; go on with that one, "
                "or ask a proctor to make it void"
            )


def see_no_exam_waits(n_rows: int, at: datetime) -> None:
    """One write of so many rows keeps nobody's answers waiting: SQLite has one writer at a time, PostgreSQL many.

    Raises:
        ConflictError: somebody's proctored sitting is under way, and the rows are too many for SQLite beside it.
    """
    if n_rows <= MOST_ROWS_BESIDE_AN_EXAM or connection.vendor != "sqlite":
        return
    rows = SittingRow.objects.filter(is_proctored=True, clock_at__gt=at - LONGEST_GRACE)
    if rows.exclude(state__in=["created", "finished", "voided"]).exists():
        raise ConflictError(
            f"a proctored exam is under way on this server, and its answers would have to wait while {n_rows:,} rows are "
            "written; bring the file when it has ended"
        )


def _seals(row: SittingRow, at: datetime) -> bool:
    ended_at = _ended_at(row, at)
    if ended_at is None:
        return True
    grace_s = row.delivery_form().grace_s
    return not row.is_disclosed and grace_s is not None and at <= ended_at + timedelta(seconds=grace_s)


def _ended_at(row: SittingRow, at: datetime) -> datetime | None:
    """When it ended, by its events or by the time that has passed since. Folded only where time may have changed it."""
    if row.state in ("finished", "voided"):
        return row.ended_at or at
    if row.state == "created" or row.deadline is None or row.deadline > at:
        return None
    form = row.delivery_form()
    phase = as_of(form, folded(row, form), max(at, row.clock_at)).phase
    return phase.at if isinstance(phase, Ended | MadeVoid) else None
