"""The daily line: what Today would say, in figures only. Nothing of what is to be learned stands in it, and no reproach."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum, auto

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.site.accounts.models import User
from bedside.site.content import Content
from bedside.site.planning.sessions import day_of, keep_day
from bedside.site.study.taking_in import take_in_answers


class Silence(Enum):
    """Why nothing is to be said today."""

    FINISHED = auto()
    NOTHING_PLANNED = auto()  # a day off, the day of the exam or one after it, or nothing that could be done


def say(user: User, content: Content, *, at: datetime, keep: bool) -> str | Silence:
    """The line of a study day; with `keep` the session is kept for the day, so that Today shows the one that was told.

    Raises:
        UsageError, StoreError: the session could not be made, or not be kept.
    """
    take_in_answers(user, content, at=at)
    day = (keep_day if keep else day_of)(user, content, at=at)
    if day.is_finished:
        return Silence.FINISHED
    if day.is_day_off or not day.pieces or (day.exam_on is not None and day.exam_on <= day.on):
        return Silence.NOTHING_PLANNED
    return line_of(round(day.left_minutes), len(day.pieces) - day.n_done, _days_left(day.exam_on, day.on))


def line_of(minutes: int, n_pieces: int, days_left: int | None) -> str:
    """`Today: 45 minutes, 12 pieces. 103 days to the exam.`"""
    values = {
        "minutes": ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes},
        "pieces": ngettext("%(n)d piece", "%(n)d pieces", n_pieces) % {"n": n_pieces},
    }
    text = _("Today: %(minutes)s, %(pieces)s.") % values
    if days_left is None:
        return text
    return f"{text} " + ngettext("%(n)d day to the exam.", "%(n)d days to the exam.", days_left) % {"n": days_left}


def _days_left(exam_on: date | None, on: date) -> int | None:
    return None if exam_on is None else (exam_on - on).days
