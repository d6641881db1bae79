"""What a person does on the timeline: set a day, take it back, choose a way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from bedside.errors import UsageError
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.road.models import RoadChoice, RoadMove
from bedside.site.road.queries import plan, road_of

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2080, 12, 31)
_TICK = timedelta(microseconds=1)  # a change is never as old as what it changes


def set_day(user: User, milestone: str, day: date, *, at: datetime) -> None:
    """A milestone is not before that day, or was done on it.

    Raises:
        UsageError: the road has no such milestone, it is done by the record, or the day is out of range.
        NotFoundError: there is no road.
        StoreError: the store refused; nothing was kept.
    """
    road = road_of(user, at=at)
    found = road.timeline.milestone(milestone) if road is not None else None
    if found is None or (found.is_done and not found.can_be_done):
        raise UsageError(_("no day can be set for this"))
    if not FIRST_DAY <= day <= LAST_DAY:
        raise UsageError(_("the day lies between %(first)s and %(last)s") % {"first": FIRST_DAY, "last": LAST_DAY})
    with one_write():
        row = RoadMove.objects.select_for_update().filter(user=user, milestone=milestone).first()
        row = row or RoadMove(user=user, milestone=milestone, changed_at=at)
        row.day, row.removed_at = day, None
        row.changed_at = max(at, row.changed_at + _TICK)
        row.save()


def take_back(user: User, milestone: str, *, at: datetime) -> None:
    """The day that was set for a milestone no longer holds; where none was, nothing changes.

    Raises:
        StoreError: the store refused; nothing was kept.
    """
    with one_write():
        row = RoadMove.objects.select_for_update().filter(user=user, milestone=milestone, removed_at__isnull=True).first()
        if row is not None:
            row.removed_at = row.changed_at = max(at, row.changed_at + _TICK)
            row.save()


def choose(user: User, choice: str, way: str, *, at: datetime) -> None:
    """Take a way where the road forks.

    Raises:
        UsageError: there is no such fork or way.
        NotFoundError: there is no road.
        StoreError: the store refused; nothing was kept.
    """
    ways = {one.name: [name for name, _title in one.ways] for one in plan().choices}
    if way not in ways.get(choice, []):
        raise UsageError(_("there is no such way"))
    with one_write():
        row = RoadChoice.objects.select_for_update().filter(user=user, choice=choice).first()
        row = row or RoadChoice(user=user, choice=choice, changed_at=at)
        row.way, row.changed_at = way, max(at, row.changed_at + _TICK)
        row.save()
