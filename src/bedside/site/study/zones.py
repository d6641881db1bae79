"""Where a person is: the time zone by which their study days begin. Until a browser has said it, UTC."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from bedside.errors import UsageError
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.study.models import StudyZone

UNSAID = "UTC"


def zone_of(user_id: UUID) -> ZoneInfo:
    """The time zone of a person's study days."""
    name = StudyZone.objects.filter(pk=user_id).values_list("name", flat=True).first()
    return ZoneInfo(name if name in _known() else UNSAID)


def keep_zone(user: User, name: str, *, at: datetime) -> None:
    """Keep the time zone that a browser says, and since when it says so.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in _known():
        raise UsageError(f'there is no time zone "{name[:40]}"')
    with one_write():
        if not StudyZone.objects.filter(user=user, name=name).exists():
            StudyZone.objects.update_or_create(user=user, defaults={"name": name, "changed_at": at})


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(available_timezones())
