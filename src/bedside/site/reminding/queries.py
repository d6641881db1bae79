"""What pages, feeds and commands ask about reminders."""

from __future__ import annotations

from bedside.site.accounts.models import User
from bedside.site.accounts.queries import digest_of
from bedside.site.reminding.models import CalendarFeed, DailyLine


def feed_of(user: User) -> CalendarFeed:
    """How somebody wants their calendar, without what it said; one that is not kept yet where they never said."""
    return CalendarFeed.objects.defer("entries").filter(pk=user.pk).first() or CalendarFeed(user=user)


def owner_of_feed(secret: str) -> User | None:
    """Whose feed this is; None where there is none, or where its owner may not sign in any more."""
    return User.objects.filter(calendar_feed__digest=digest_of(secret), is_active=True).first()


def daily_line_of(user: User) -> DailyLine | None:
    """Somebody's wish for a daily line, confirmed or not."""
    return DailyLine.objects.filter(pk=user.pk).first()
