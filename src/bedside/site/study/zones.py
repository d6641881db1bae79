"""Where a person is: the time zone by which their study days begin. Until a browser has said it, UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
from django.db.models import CharField
from django.db.models.functions import Cast, Substr
from numpy.typing import NDArray

from bedside.errors import UsageError
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.study.models import StudyZone
from bedside.study import DAY_BEGINS_H, Days

UNSAID = "UTC"
SECONDS_LENGTH = len("2026-03-02 15:00:00")
QUARTER_S = 900  # the clocks of the world are moved at full quarters of an hour
DAY_S = 86_400


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


def second_of(field: str) -> Substr:
    """The second of an instant as text: a hundred thousand of them are read faster together than one by one."""
    return Substr(Cast(field, CharField()), 1, SECONDS_LENGTH)


def study_days(at: NDArray[np.datetime64], zone: ZoneInfo) -> Days:
    """The ordinals of the study days of these instants (UTC), as `bedside.study.study_day` has them one by one."""
    seconds = at.astype(np.int64)
    quarters, where = np.unique(seconds // QUARTER_S, return_inverse=True)
    offsets = np.array([_offset_s(int(quarter) * QUARTER_S, zone) for quarter in quarters], dtype=np.int64)
    local = seconds + offsets[where] - DAY_BEGINS_H * 3600
    epoch = datetime(1970, 1, 1, tzinfo=UTC).toordinal()
    return (local // DAY_S + epoch).astype(np.int32)


def _offset_s(at_s: int, zone: ZoneInfo) -> int:
    offset = datetime.fromtimestamp(at_s, zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())
