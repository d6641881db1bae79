"""The road in a calendar: the days of exams, applications, the Match and what comes after, a whole day each.

What is told is the name of the milestone and of its season: nothing of the record.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import uuid5

from django.utils.translation import gettext as _

from bedside.errors import NotFoundError, UsageError
from bedside.pathway.timeline import Placed
from bedside.site.accounts.models import User
from bedside.site.calendar_text import Event
from bedside.site.road.queries import day_of, road_of

TOLD = {"exam", "application", "season", "visa", "licence", "post"}
AHEAD = timedelta(days=550)  # what lies further is likely to move


@dataclass(frozen=True, slots=True)
class RoadDay:
    """A day of the road; the same `key` as long as it is the same thing, whenever it is."""

    key: str
    on: date
    summary: str
    about: str


def road_days(user: User, *, at: datetime) -> list[RoadDay]:
    """The days of the next year and a half; none where there is no record, or no road can be made of it."""
    try:
        road = road_of(user, at=at)
    except (NotFoundError, UsageError):
        return []
    if road is None:
        return []
    last = road.on + AHEAD
    found = [day for one in road.timeline.milestones for day in _days(one)]
    return sorted((day for day in found if road.on <= day.on <= last), key=lambda day: (day.on, day.key))


def _days(one: Placed) -> Iterator[RoadDay]:
    if one.kind not in TOLD or one.start is None or one.is_optional:
        return
    about = ""
    if one.season is not None:
        about = _("%(season)s; projected, not published yet") if one.season.is_projected else _("%(season)s")
        about %= {"season": one.season.title}
    yield RoadDay(f"road {one.id}", one.start, _("Pathway: %(title)s") % {"title": one.title}, about)
    if one.season is not None and one.latest_start is not None and one.latest_start > one.start:
        said = _("Pathway, last day: %(title)s") % {"title": one.title}
        yield RoadDay(f"road {one.id} last", one.latest_start, said, about)


def events_of_road(user: User, *, at: datetime) -> list[Event]:
    """The same as events of a file. The same road gives the same file on one day."""
    changed_at = datetime.combine(day_of(user, at), time(), tzinfo=at.tzinfo)
    return [
        Event(
            uid=str(uuid5(user.pk, day.key)),
            on=day.on,
            begins_at=None,
            zone="",
            minutes=0,
            summary=day.summary,
            description=day.about,
            is_busy=False,
            sequence=0,
            changed_at=changed_at,
        )
        for day in road_days(user, at=at)
    ]
