"""What can be done about one's calendar: one function a verb, each in one transaction."""

from __future__ import annotations

import secrets
from datetime import datetime, time

from bedside.site.accounts.models import User
from bedside.site.accounts.queries import digest_of
from bedside.site.database import one_write
from bedside.site.reminding.models import CalendarFeed

SECRET_BYTES = 32  # 256 bits


def open_feed(user: User, *, at: datetime) -> str:
    """Make an address for the feed, or another one in place of the old; answers its secret, which is not kept.

    Raises:
        StoreError: the store refused; nothing was kept.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with one_write():
        CalendarFeed.objects.update_or_create(user=user, defaults={"digest": digest_of(secret), "made_at": at})
    return secret


def close_feed(user: User) -> None:
    """Let the feed's address lead nowhere; once more changes nothing.

    Raises:
        StoreError: the store refused; nothing was kept.
    """
    with one_write():
        CalendarFeed.objects.filter(pk=user.pk).update(digest=None, made_at=None)


def begin_days_at(user: User, begins_at: time | None) -> None:
    """Say when the study of a day begins, local; None: at no certain time.

    Raises:
        StoreError: the store refused; nothing was kept.
    """
    told = None if begins_at is None else begins_at.replace(second=0, microsecond=0, tzinfo=None)
    with one_write():
        CalendarFeed.objects.update_or_create(user=user, defaults={"begins_at": told})
