"""What the first page says: what is open, what can be started, and what was done in the last week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bedside.site.accounts.models import User
from bedside.site.exam.models import Response

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """Answers of the last seven days."""

    n_answers: int
    n_days: int  # on which there was one


def last_week(user: User, *, at: datetime) -> Week:
    """What was answered in the seven days up to `at`, today among them."""
    since = datetime.combine(at.date() - WEEK + timedelta(days=1), datetime.min.time(), tzinfo=at.tzinfo)
    days: list[date] = [
        moment.date()
        for moment in Response.objects.filter(user=user, answered_at__gte=since, answered_at__lte=at).values_list(
            "answered_at", flat=True
        )
    ]
    return Week(len(days), len(set(days)))
