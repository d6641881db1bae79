"""The mails that Bedside sends: plain text, two kinds, and no more in them than what they are for."""

from __future__ import annotations

import logging
from datetime import date
from urllib.parse import urlsplit
from uuid import uuid5

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from bedside.site.reminding.models import DailyLine

LOG = logging.getLogger("bedside.reminding")


def confirmation(line: DailyLine, *, confirm: str, stop: str) -> EmailMessage:
    """Asks whether the mailbox's owner wants the daily line."""
    text = render_to_string("reminding/confirmation.txt", {"confirm": confirm, "stop": stop, "hour": line.hour})
    return _mail(line, _("Do you want the daily line from Bedside?"), text, stop=stop)


def daily_line(line: DailyLine, said: str, *, on: date, stop: str) -> EmailMessage:
    """The line of a study day. A mail of the same day has the same Message-ID, by which a mailbox that gets two keeps one."""
    text = render_to_string("reminding/line.txt", {"said": said, "today": f"{settings.ADDRESS}/", "stop": stop})
    mail = _mail(line, _("Bedside: today"), text, stop=stop)
    mail.extra_headers["Message-ID"] = f"<{uuid5(line.key, on.isoformat())}@{_domain()}>"
    # one click in the mail program (RFC 8058); mailbox providers ask for it
    mail.extra_headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return mail


def reason_of(error: Exception) -> str:
    """What to log of a failure: its kind, and the server's number; its words may hold the address."""
    number = getattr(error, "smtp_code", None) or getattr(error, "errno", None)
    return type(error).__name__ + (f" {number}" if number else "")


def _mail(line: DailyLine, subject: str, text: str, *, stop: str) -> EmailMessage:
    headers = {"List-Unsubscribe": f"<{stop}>", "Auto-Submitted": "auto-generated"}  # the second: no answers from absences
    return EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [line.address], headers=headers)


def _domain() -> str:
    return urlsplit(settings.ADDRESS).hostname or "localhost"
