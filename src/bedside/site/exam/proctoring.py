"""What a proctor can do to a sitting: one function a verb, each in one transaction with its entry in the audit log.

A proctor writes events of their own, as the player and the server do, so that the log says who did what and a merge keeps it.
Only proctored sittings can be touched, and never one's own. What the rules refuse leaves no trace here: the proctor is told
why. Nothing here reads a key or says what is right.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bedside.delivery import (
    REASONS,
    Accommodated,
    Body,
    GrantedTime,
    Message,
    Reason,
    Reopened,
    ServerBody,
    Suspended,
    Voided,
    body_as_dict,
    read_body,
)
from bedside.errors import BedsideError, ConflictError, NotAllowedError, NotFoundError, UsageError
from bedside.site.accounts.accommodations import read_reason
from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role, require_role
from bedside.site.database import one_write
from bedside.site.exam.desk import Desk
from bedside.site.exam.log import reasons_of
from bedside.site.exam.models import Sitting, Writer

MAX_GRANT_S = 24 * 3600
MAX_MESSAGE_CHARACTERS = 1000
ENDED = ("finished", "voided")
# at equal times a proctor's event would fold before the player's that arrived first, and before what it answers to
TICK = timedelta(microseconds=1)

_WHY_NOT: Mapping[tuple[type[Body], Reason], str] = {
    (Suspended, Reason.OUT_OF_ORDER): "the clock can be stopped once the sitting has begun, and is not stopped twice",
    (Reopened, Reason.OUT_OF_ORDER): "the sitting is not suspended",
    (GrantedTime, Reason.OUT_OF_ORDER): "the open block has no clock",
}


@dataclass(frozen=True, slots=True)
class Sent:
    """To how many a message went, and who did not get it, with the reason."""

    n_sent: int
    failed: tuple[tuple[UUID, str], ...]


def grant_time(proctor: User, sitting_id: UUID, *, seconds: int, reason: str, at: datetime) -> Sitting:
    """Give the open block more time.

    Raises:
        NotAllowedError: not a proctor, or the proctor's own sitting.
        NotFoundError: there is no such proctored sitting.
        UsageError: no reason, or a number of seconds out of its range.
        ConflictError: no block is open, or it has no clock.
        StoreError: the store refused; nothing was kept.
    """
    if not 1 <= seconds <= MAX_GRANT_S:
        raise UsageError(f"grant 1 to {MAX_GRANT_S:,} seconds, not {seconds:,}")
    why = read_reason(reason)

    def body(desk: Desk) -> ServerBody:
        block = desk.state.open_block
        if block is None:
            raise ConflictError("no block is open; time is granted to an open block")
        return GrantedTime(block, seconds, why)

    return _act(proctor, sitting_id, body, verb="sitting_granted", at=at)


def suspend(proctor: User, sitting_id: UUID, *, reason: str, at: datetime) -> Sitting:
    """Stop the clock, in a block or between blocks; nothing counts until it is reopened. Raises as `grant_time` does."""
    why = read_reason(reason)
    return _act(proctor, sitting_id, lambda _: Suspended(why), verb="sitting_suspended", at=at)


def reopen(proctor: User, sitting_id: UUID, *, reason: str, at: datetime) -> Sitting:
    """Start the clock again; the time in between costs the candidate nothing. Raises as `grant_time` does."""
    why = read_reason(reason)
    return _act(proctor, sitting_id, lambda _: Reopened(why), verb="sitting_reopened", at=at)


def void(proctor: User, sitting_id: UUID, *, reason: str, at: datetime) -> Sitting:
    """Make the sitting void: nothing counts after it, and it is never scored. Raises as `grant_time` does."""
    why = read_reason(reason)
    return _act(proctor, sitting_id, lambda _: Voided(why), verb="sitting_voided", at=at)


def send_message(proctor: User, sitting_id: UUID, *, text: str, reason: str = "", at: datetime) -> Sitting:
    """Say something to the candidate; a reason may be kept in the audit log beside. Raises as `grant_time` does."""
    said, why = _read_message(text), read_reason(reason) if reason.strip() else ""
    return _act(proctor, sitting_id, lambda _: Message(said), verb="sitting_message", at=at, why=why)


def send_message_to_all(proctor: User, *, text: str, reason: str = "", at: datetime) -> Sent:
    """Say something to every candidate whose proctored sitting has not ended, each in a transaction of its own.

    Raises:
        NotAllowedError: not a proctor.
        UsageError: no text, or too long a one, or too long a reason.
    """
    require_role(proctor, Role.PROCTOR)
    said, why = _read_message(text), read_reason(reason) if reason.strip() else ""
    running = Sitting.objects.filter(is_proctored=True).exclude(state__in=ENDED).exclude(user=proctor)
    n_sent, failed = 0, []
    for sitting_id in running.order_by("created_at").values_list("pk", flat=True):
        try:
            send_message(proctor, sitting_id, text=said, reason=why, at=at)
            n_sent += 1
        except BedsideError as error:  # the others still get theirs
            failed.append((sitting_id, str(error)))
    return Sent(n_sent, tuple(failed))


def accommodate(
    proctor: User,
    sitting_id: UUID,
    *,
    time_factor: str,
    extra_break_s: int,
    stop_clock_s: int,
    reason: str,
    at: datetime,
) -> Sitting:
    """Put another accommodation into force, in whole, from now on; seconds are those of the sitting's own clock.

    An open block's deadline moves accordingly, never before now. Raises as `grant_time` does.
    """
    values = {"time_factor": time_factor, "extra_break_s": extra_break_s, "stop_clock_s": stop_clock_s}
    body = read_body("accommodated", {**values, "reason": read_reason(reason)})
    assert isinstance(body, Accommodated)
    return _act(proctor, sitting_id, lambda _: body, verb="sitting_accommodated", at=at)


def proctored(sitting_id: UUID) -> Sitting:
    """A proctored sitting, locked until the transaction ends.

    Raises:
        NotFoundError: there is none, or it is not proctored: what a person practises is their own.
    """
    row = Sitting.objects.select_for_update().filter(pk=sitting_id, is_proctored=True).first()
    if row is None:
        raise NotFoundError(f"there is no proctored sitting {sitting_id}")
    return row


def _act(
    proctor: User, sitting_id: UUID, make: Callable[[Desk], ServerBody], *, verb: str, at: datetime, why: str = ""
) -> Sitting:
    require_role(proctor, Role.PROCTOR)
    with one_write():
        row = proctored(sitting_id)
        if row.user_id == proctor.pk:
            raise NotAllowedError("this sitting is your own; another proctor must do this")
        desk = Desk.open(row, max(at, row.clock_at + TICK))
        desk.close_expired()
        body = make(desk)
        writer = _writer_of(proctor, row, desk.at)
        desk.add_by(writer, body, desk.at)
        refused = reasons_of(desk.folded()).get((writer.pk, writer.last_seq))
        if refused is not None:
            raise ConflictError(_why_not(body, Reason(refused)))
        desk.keep()
        detail = {**body_as_dict(body), **({"reason": why} if why else {})}
        audit(actor=proctor, verb=verb, subject=str(row.pk), at=desk.at, detail=detail)
    return row


def _writer_of(proctor: User, row: Sitting, at: datetime) -> Writer:
    """The proctor's own writer of this sitting, made when they first do something to it."""
    writer, _ = Writer.objects.get_or_create(
        sitting=row, kind="proctor", user=proctor, is_foreign=False, defaults={"issued_at": at, "last_at": at}
    )
    return writer


def _why_not(body: ServerBody, reason: Reason) -> str:
    return _WHY_NOT.get((type(body), reason), f"this can't be done now: {REASONS[reason]}")


def _read_message(text: str) -> str:
    said = text.strip()
    if not said:
        raise UsageError("write the message")
    if len(said) > MAX_MESSAGE_CHARACTERS:
        raise UsageError(f"the message has {len(said):,} characters; write at most {MAX_MESSAGE_CHARACTERS:,}")
    return said
