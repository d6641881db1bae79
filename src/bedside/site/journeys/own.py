"""One's own course, to be compared with another's."""

from __future__ import annotations

from datetime import datetime

from bedside.errors import ConflictError
from bedside.journeys import Beginning, Journey, Start, beginning_of
from bedside.site.accounts.models import User
from bedside.site.blueprint import step_of_person
from bedside.site.content import Content
from bedside.site.journeys.models import JourneyStart
from bedside.site.journeys.telling import journey_of
from bedside.site.journeys.writing import CHOICES
from bedside.site.study.parts import take_in


def own_journey(user: User, content: Content, *, at: datetime) -> Journey | None:
    """One's own journey so far; None where there is nothing to tell yet."""
    take_in(user, content, at=at)
    try:
        return journey_of(user, content, at=at)
    except ConflictError:
        return None


def own_beginning(user: User, content: Content, *, at: datetime) -> Beginning | None:
    """Where one began; before the first studied day what was told of it. None where not even a step is known."""
    journey = own_journey(user, content, at=at)
    if journey is not None:
        return beginning_of(journey)
    step = step_of_person(user, content, on=at.date())
    return Beginning(*step, _told(user)) if step else None


def _told(user: User) -> Start:
    row = JourneyStart.objects.filter(user=user).first()
    if row is None:
        return Start()
    return Start(**{name: getattr(row, name) or None for name in CHOICES})
