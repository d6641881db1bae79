"""The learner's study day: it begins at four in the morning where they are, so that a late evening is one day."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

DAY_BEGINS_H = 4


def study_day(at: datetime, zone: tzinfo) -> date:
    """The day that an instant (aware) belongs to: before 04:00 local, the day before."""
    # subtracting from a local time keeps the wall clock, so the day begins at four on days of 23 and 25 hours too
    return (at.astimezone(zone) - timedelta(hours=DAY_BEGINS_H)).date()
