"""What can be done about the daily line: ask for it, confirm the mailbox, stop it; one function a verb."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from smtplib import SMTPException
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.problems import TooOftenError
from bedside.site.reminding import mails
from bedside.site.reminding.models import AskedConfirmation, DailyLine

DAY = timedelta(days=1)
HOURS = range(4, 24)  # of a study day, which begins at 04:00; later in the night a line would come for a day that is over
LINK_HOLDS = timedelta(days=3)
MOST_A_DAY = 3  # confirmations that one person asks for, and that one mailbox gets; assumed
MAX_ADDRESS = 254  # RFC 5321, 4.5.3.1.3

CONFIRM, STOP = "reminding.confirm", "reminding.stop"  # what a signature is good for


class NotSentError(ConflictError):
    """The mail server did not take the mail."""


def ask_for_line(user: User, address: str, hour: int, *, at: datetime) -> bool:
    """Want the daily line at this address and local hour. Answers whether a confirmation was sent: not where only the hour
    changed. Until the link in it is followed, no line is sent.

    Raises:
        UsageError: that is no address of a mailbox, or no hour; or this server sends no mail.
        TooOftenError: too many confirmations were sent for this person or to this mailbox within a day.
        NotSentError: the mail server did not take it; the wish is kept, and nothing is sent until it is confirmed.
        StoreError: the store refused; nothing was kept.
    """
    mailbox = _see_mailbox(address)
    if hour not in HOURS:
        raise UsageError(_("the hour must lie between 4 and 23"))
    if not settings.CAN_MAIL:
        raise UsageError(_("this server sends no mail; its administrator sets BEDSIDE_EMAIL_URL"))
    with one_write():
        kept = DailyLine.objects.select_for_update().filter(pk=user.pk).first()
        if kept is not None and kept.address == mailbox and kept.confirmed_at is not None:
            kept.hour = hour
            kept.save(update_fields=["hour"])
            return False
        _see_not_too_often(user, mailbox, at)
        AskedConfirmation.objects.filter(at__lte=at - DAY).delete()
        AskedConfirmation.objects.create(user=user, mailbox=_mailbox_digest(mailbox), at=at)
        key = kept.key if kept is not None and kept.address == mailbox else uuid.uuid4()  # links of the same wish go on holding
        line, _made = DailyLine.objects.update_or_create(
            user=user, defaults={"address": mailbox, "hour": hour, "key": key, "asked_at": at, "confirmed_at": None}
        )
    try:
        mails.confirmation(line, confirm=_link("confirm", CONFIRM, line), stop=stop_link(line)).send()
    except (OSError, SMTPException) as error:
        mails.LOG.warning("a confirmation was not sent: %s", mails.reason_of(error))
        raise NotSentError(_("the mail server did not take the confirmation; ask for it again later")) from error
    return True


def confirm_line(token: str, *, at: datetime) -> DailyLine:
    """Begin to send the daily line that this link confirms; once more changes nothing.

    Raises:
        NotFoundError: the link is no such link, too old, or of a wish that was taken back or changed since.
        StoreError: the store refused; nothing was kept.
    """
    with one_write():
        line = DailyLine.objects.select_for_update().filter(key=_key(token, CONFIRM)).first()
        if line is None or at - line.asked_at > LINK_HOLDS:
            raise NotFoundError(_("this link holds no longer; ask for the daily line again"))
        if line.confirmed_at is None:
            line.confirmed_at = at
            line.save(update_fields=["confirmed_at"])
    return line


def stop_line_of(token: str) -> None:
    """Stop the daily line that this link is of, and forget its address. Once more, or after another wish, changes nothing.

    Raises:
        NotFoundError: this is no such link.
        StoreError: the store refused; nothing was changed.
    """
    key = _key(token, STOP)
    with one_write():
        DailyLine.objects.filter(key=key).delete()


def stop_line(user: User) -> None:
    """Stop somebody's daily line, and forget its address; once more changes nothing.

    Raises:
        StoreError: the store refused; nothing was changed.
    """
    with one_write():
        DailyLine.objects.filter(pk=user.pk).delete()


def stop_link(line: DailyLine) -> str:
    """The address that stops a line; it stands in each mail and needs nobody to be signed in."""
    return _link("stop", STOP, line)


def see_link(token: str, purpose: str) -> None:
    """The link is one of ours.

    Raises:
        NotFoundError: it is not.
    """
    _key(token, purpose)


def _link(page: str, purpose: str, line: DailyLine) -> str:
    return f"{settings.ADDRESS}/mail/{page}/{signing.Signer(salt=purpose).sign(str(line.key))}"


def _key(token: str, purpose: str) -> UUID:
    try:
        return UUID(signing.Signer(salt=purpose).unsign(token))
    except (signing.BadSignature, ValueError):
        raise NotFoundError(_("this link holds no longer; ask for the daily line again")) from None


def _see_mailbox(address: str) -> str:
    told = address.strip()
    try:
        if len(told) > MAX_ADDRESS or not told.isprintable():
            raise ValidationError("length")
        validate_email(told)
    except ValidationError:
        raise UsageError(_("this is no address of a mailbox")) from None
    return told


def _see_not_too_often(user: User, mailbox: str, at: datetime) -> None:
    recent = AskedConfirmation.objects.filter(at__gt=at - DAY)
    most = max(recent.filter(user=user).count(), recent.filter(mailbox=_mailbox_digest(mailbox)).count())
    if most >= MOST_A_DAY:
        raise TooOftenError(_("%(n)d confirmations were sent within a day, which is all that can be") % {"n": MOST_A_DAY})


def _mailbox_digest(mailbox: str) -> str:
    return hashlib.sha256(mailbox.lower().encode()).hexdigest()
