"""What all pictures share: places on a line that is drawn from 0 to 100 per cent."""

from __future__ import annotations


def percent_of(value: float, whole: float, *, digits: int = 2) -> float:
    """Where a value lies on a line from 0 to `whole`, in per cent: never beyond its ends, and 0 on a line without length."""
    return round(100 * min(max(value / whole, 0.0), 1.0), digits) if whole else 0.0
