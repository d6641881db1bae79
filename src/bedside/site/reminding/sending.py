"""Sending the daily lines that are due. Called by a timer each hour, and by two timers at once without harm.

At most one a study day: a row that is unique by person and day is on the disk before a mail goes out. A mail that the server
refused is tried again on the next call of the same day. One whose sending was cut off, by a power failure say, is not: it may
have gone out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from smtplib import SMTPException

from django.db import IntegrityError, transaction

from bedside.errors import BedsideError, StoreError
from bedside.site.accounts.models import User
from bedside.site.calendar_text import start_of
from bedside.site.content import Content
from bedside.site.database import is_store_failure, one_write
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.reminding import mails
from bedside.site.reminding.mailboxes import stop_link
from bedside.site.reminding.models import DailyLine, SentLine
from bedside.site.reminding.saying import Silence, say
from bedside.site.study.zones import zone_of
from bedside.study import study_day

LATEST = timedelta(hours=12)  # after the hour that was asked for; a line about the day is no use at night. Assumed


class Outcome(StrEnum):
    """What became of somebody's line on this call."""

    SENT = "sent"
    WOULD_SEND = "would be sent"
    FAILED = "failed"
    SENT_BEFORE = "sent before"
    NOT_DUE = "not due"
    SEALED = "a proctored sitting is under way"
    FINISHED = "today's session is finished"
    DAY_OFF = "nothing is planned today"


_SILENCES = {Silence.FINISHED: Outcome.FINISHED, Silence.NOTHING_PLANNED: Outcome.DAY_OFF}


@dataclass(frozen=True, slots=True)
class Sent:
    """One person's line on this call; `said` is empty where none is due."""

    user: str
    on: date
    outcome: Outcome
    said: str = ""


def send_due(content: Content, *, at: datetime, is_dry: bool = False) -> Iterator[Sent]:
    """Send what is due, one after the other; with `is_dry` only say what would be sent. A failure is logged and stops nobody
    else's line.

    Raises:
        StoreError: the store refused; the lines answered so far went out.
    """
    lines = DailyLine.objects.select_related("user").filter(confirmed_at__isnull=False, user__is_active=True)
    for line in lines.order_by("user__username"):
        yield _send(line, content, at=at, is_dry=is_dry)


def _send(line: DailyLine, content: Content, *, at: datetime, is_dry: bool) -> Sent:
    user = line.user
    zone = zone_of(user.pk)
    on = study_day(at, zone)
    outcome = _why_not(line, user, on, start_of(on, time(line.hour), zone.key), at)
    if outcome is not None:
        return Sent(user.username, on, outcome)
    try:
        said = say(user, content, at=at, keep=not is_dry)
    except Exception as error:
        if isinstance(error, StoreError) or is_store_failure(error):
            raise
        is_ours = isinstance(error, BedsideError)
        mails.LOG.warning("the daily line of user %s could not be made: %s", user.pk, error, exc_info=not is_ours)
        return Sent(user.username, on, Outcome.FAILED)
    if isinstance(said, Silence):
        return Sent(user.username, on, _SILENCES[said])
    if is_dry:
        return Sent(user.username, on, Outcome.WOULD_SEND, said)
    row = _claim(user, on, at)
    if row is None:
        return Sent(user.username, on, Outcome.SENT_BEFORE)
    return Sent(user.username, on, _post(line, row, said), said)


def _why_not(line: DailyLine, user: User, on: date, due: datetime, at: datetime) -> Outcome | None:
    begins = due.astimezone(UTC)
    if not begins <= at < begins + LATEST:
        return Outcome.NOT_DUE
    if SentLine.objects.filter(user=user, on=on).exclude(state="failed").exists():
        return Outcome.SENT_BEFORE
    if sealing_sitting(user.pk, at) is not None:
        return Outcome.SEALED
    return None


def _claim(user: User, on: date, at: datetime) -> SentLine | None:
    """The row of this day, ours to send; None where another sender has it."""
    with one_write():
        try:
            with transaction.atomic():
                return SentLine.objects.create(user=user, on=on, state="sending", at=at)
        except IntegrityError:
            row = SentLine.objects.select_for_update().get(user=user, on=on)
            if row.state != "failed":
                return None
            row.state, row.n_tries, row.at = "sending", row.n_tries + 1, at
            row.save(update_fields=["state", "n_tries", "at"])
            return row


def _post(line: DailyLine, row: SentLine, said: str) -> Outcome:
    try:
        mails.daily_line(line, said, on=row.on, stop=stop_link(line)).send()
    except (OSError, SMTPException) as error:
        mails.LOG.warning("the daily line of user %s was not sent: %s", line.user_id, mails.reason_of(error))
        outcome, row.state = Outcome.FAILED, "failed"
    else:
        outcome, row.state = Outcome.SENT, "sent"
    with one_write():
        row.save(update_fields=["state"])
    return outcome
