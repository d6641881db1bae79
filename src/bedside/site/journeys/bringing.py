"""Bringing a journey into the library through the page: who may, and when the page first asks about the key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from bedside.errors import NotAllowedError
from bedside.journeys import Journey, read_journey
from bedside.site.accounts.models import LOCAL_LEARNER, User
from bedside.site.accounts.roles import Role, has_role
from bedside.site.journeys.models import LibraryJourney
from bedside.site.journeys.taking import Taken, read_trusted, take, trusted_keys


@dataclass(frozen=True, slots=True)
class Unknown:
    """A whole journey whose signature fits, by a key that nobody here trusts yet."""

    journey: Journey
    packed: bytes
    name: str


def may_bring(user: User) -> bool:
    """On one's own computer the learner; an administrator anywhere."""
    is_learner = settings.IS_LOCAL and user.username == LOCAL_LEARNER
    return is_learner or has_role(user, Role.ADMINISTRATOR)


def bring_file(user: User, packed: bytes, *, name: str, confirmed_key: str, at: datetime) -> Taken | Unknown:
    """Take a file, or say that its key is to be asked about. `confirmed_key`: the key that was said to be the giver's.

    Raises:
        NotAllowedError: this person may not.
        BedsideError: the file is refused, as `take` has it.
    """
    if not may_bring(user):
        raise NotAllowedError("journeys are brought by an administrator")
    told, _message = read_journey(packed, file=name)
    if not isinstance(told, Journey) or _is_trusted(told):
        return take(packed, file=name, actor=user, at=at)
    if confirmed_key == told.public_key:
        return take(packed, file=name, actor=user, at=at, from_keys=[confirmed_key])
    read_trusted(packed, file=name, from_keys=[told.public_key])  # only a file that is whole is asked about
    return Unknown(told, packed, name)


def _is_trusted(journey: Journey) -> bool:
    known = LibraryJourney.objects.filter(pk=journey.id, public_key=journey.public_key)
    return journey.public_key in trusted_keys() or known.exists()
