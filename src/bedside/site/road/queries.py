"""What is read of the timeline: the plan, once a content load, a person's days and ways, and their road."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock

from bedside.pathway import Posts, Record, read_posts
from bedside.pathway.timeline import Following, Plan, Timeline, Timelines, following, read_timelines, timeline
from bedside.site.accounts.models import User
from bedside.site.content import Content, current_content
from bedside.site.pathway.queries import pathways, row_of, rules
from bedside.site.pathway.shapes import record_from_kept
from bedside.site.road.models import RoadChoice, RoadMove
from bedside.site.study.zones import zone_of


@dataclass(slots=True)
class _Shelf:
    """The roads and the figures of the content that was read last."""

    content: Content | None = None
    timelines: Timelines | None = None
    posts: Posts | None = None


_SHELF = _Shelf()
_LOCK = Lock()


def _read() -> tuple[Timelines, Posts]:
    content = current_content()
    with _LOCK:
        if _SHELF.content is not content or _SHELF.timelines is None or _SHELF.posts is None:
            _SHELF.timelines = read_timelines(content.folder / "timelines", pathways().by_programme)
            _SHELF.posts = read_posts(content.folder / "posts")[0]
            _SHELF.content = content
        return _SHELF.timelines, _SHELF.posts


def plan() -> Plan:
    """The road to the licence.

    Raises:
        NotFoundError: there is none, or a file of it has an error.
    """
    return _read()[0].get(pathways().licensing)


def has_plan() -> bool:
    """Is a road written at all?"""
    return pathways().licensing in _read()[0].by_programme


def posts() -> Posts:
    """The figures of the first post; none where the content has none."""
    return _read()[1]


def moves_of(user: User) -> dict[str, date]:
    """The days that a person set, by milestone."""
    rows = RoadMove.objects.filter(user=user, removed_at__isnull=True).order_by("milestone")
    return {row.milestone: row.day for row in rows}


def choices_of(user: User) -> dict[str, str]:
    """The ways that a person chose, by choice."""
    return {row.choice: row.way for row in RoadChoice.objects.filter(user=user)}


@dataclass(frozen=True, slots=True)
class Road:
    """A person's road on their day. `untouched` is the same without the days from then on that they set."""

    on: date
    record: Record
    timeline: Timeline
    untouched: Timeline
    moved: Mapping[str, date]

    @property
    def follows(self) -> Following:
        """What follows from the days that were set."""
        return following(self.untouched, self.timeline)


def day_of(user: User, at: datetime) -> date:
    """The person's day."""
    return at.astimezone(zone_of(user.pk)).date()


def road_of(user: User, *, at: datetime) -> Road | None:
    """A person's road; None where they have no record.

    Raises:
        NotFoundError: there are no rules or no road, or a file of them has an error.
        UsageError: the record that is kept can't be read.
    """
    row = row_of(user)
    if row is None:
        return None
    return road_with(user, record_from_kept(row.record), at=at)


def road_with(user: User, record: Record, *, at: datetime) -> Road:
    """The road of a record with a person's days and ways."""
    on, moved, chosen = day_of(user, at), moves_of(user), choices_of(user)
    found = timeline(rules(), plan(), record, on, moved, chosen=chosen)
    done = {name: day for name, day in moved.items() if day < on}
    untouched = found if done == moved else timeline(rules(), plan(), record, on, done, chosen=chosen)
    return Road(on, record, found, untouched, moved)
