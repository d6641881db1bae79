"""Calendars (iCalendar) read back."""

from __future__ import annotations

from typing import Any

import icalendar


def calendar_of(text: bytes) -> Any:
    """A calendar as the library reads it. A property may be of thirty kinds there, and a test knows of which it is."""
    return icalendar.Calendar.from_ical(text)
