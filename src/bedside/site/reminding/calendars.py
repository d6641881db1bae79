"""Somebody's calendar: the plan and the exam as events, kept so that changes are told as changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.site.accounts.models import User
from bedside.site.calendar_text import Event, calendar_text
from bedside.site.content import Content
from bedside.site.database import one_write
from bedside.site.problems import SealedError
from bedside.site.reminding.keeping import Wanted, events_of, kept_with
from bedside.site.reminding.models import CalendarFeed
from bedside.site.reminding.plan_source import Ahead, ahead_of
from bedside.site.road.calendar import RoadDay, road_days

FORMAT = 1  # raised where the same events would be written otherwise, so that kept copies are let go


@dataclass(frozen=True, slots=True)
class SomebodysCalendar:
    """The events of a calendar, and the tag by which an unchanged one is known."""

    title: str
    events: tuple[Event, ...]
    tag: str

    def text(self) -> bytes:
        """The calendar as iCalendar."""
        return calendar_text(self.title, self.events)


def calendar_of(user: User, content: Content, *, at: datetime) -> SomebodysCalendar:
    """The calendar of the study day of `at`. What it says is kept where it differs from what it said last.

    While a proctored sitting is under way and the plan is shut, it is the calendar of before.

    Raises:
        StoreError: the store refused.
    """
    row = CalendarFeed.objects.filter(pk=user.pk).first() or CalendarFeed(user=user)
    try:
        ahead = ahead_of(user, content, at=at)
    except SealedError:
        return _calendar(row)
    wanted = (*_wanted(user.pk, ahead, row.begins_at), *_of_road(user.pk, road_days(user, at=at), ahead.zone))
    if kept_with(row.entries, wanted, on=ahead.on, at=at) != row.entries:
        with one_write():
            row, _made = CalendarFeed.objects.select_for_update().get_or_create(user=user)
            row.entries = kept_with(row.entries, wanted, on=ahead.on, at=at)
            row.save(update_fields=["entries"])
    return _calendar(row)


def _calendar(row: CalendarFeed) -> SomebodysCalendar:
    rows = json.dumps([FORMAT, row.entries], sort_keys=True).encode()
    return SomebodysCalendar(_("Bedside: study"), tuple(events_of(row.entries)), hashlib.sha256(rows).hexdigest()[:32])


def _wanted(user_id: UUID, ahead: Ahead, begins_at: time | None) -> Iterator[Wanted]:
    for exam in ahead.exams:
        summary = _("Exam: %(title)s") % {"title": exam.title} if exam.title else _("Exam")
        yield Wanted(_uid(user_id, exam.key), exam.on, None, ahead.zone, 0, summary, "", is_busy=True)
    for day in ahead.days:
        minutes = ngettext("Study, %(n)d minute", "Study, %(n)d minutes", day.minutes) % {"n": day.minutes}
        uid = _uid(user_id, f"study {day.on}")
        # with an hour it is time that is taken; without one it only says what the day is for
        is_busy = begins_at is not None
        yield Wanted(uid, day.on, begins_at, ahead.zone, day.minutes, minutes, day.about, is_busy=is_busy)


def _of_road(user_id: UUID, days: Sequence[RoadDay], zone: str) -> Iterator[Wanted]:
    """The days of the road to the licence: they take no time, and what they are about is told in a line."""
    for day in days:
        yield Wanted(_uid(user_id, day.key), day.on, None, zone, 0, day.summary, day.about, is_busy=False)


def _uid(user_id: UUID, name: str) -> str:
    """Always the same for the same thing of the same person, and nobody else's (RFC 7986, 5.3)."""
    return str(uuid5(user_id, name))
