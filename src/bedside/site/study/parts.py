"""What other pages show of the queue."""

from __future__ import annotations

import logging
from datetime import datetime

from bedside.errors import StoreError
from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.exam.sealed import sealing_sitting
from bedside.site.study.queries import due_today
from bedside.site.study.taking_in import take_in_answers

logger = logging.getLogger(__name__)

SHOWN = 3  # takeaways on Today


def take_in(user: User, content: Content, *, at: datetime) -> None:
    """Take in what was answered elsewhere. A store that refuses costs the page nothing: it is taken in the next time."""
    try:
        take_in_answers(user, content, at=at)
    except StoreError:
        logger.warning("answers could not be taken into the study log; they will be with the next page")


def today_part(user: User, content: Content, *, at: datetime) -> dict[str, object]:
    """What Today says of the queue."""
    if sealing_sitting(user.pk, at) is not None:
        return {"study_sealed": True}
    take_in(user, content, at=at)
    due = due_today(user, content, at=at)
    return {"due": due, "due_first": due.ones[:SHOWN], "n_more": max(0, len(due.ones) - SHOWN)}
