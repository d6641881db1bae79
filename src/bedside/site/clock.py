"""The one place that reads the clock. Everything else takes `at` or `on` as an argument."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta

# A clock that goes on while the machine sleeps: on Linux CLOCK_BOOTTIME, on macOS CLOCK_MONOTONIC (unlike time.monotonic).
_STEADY = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def _steady_s() -> float:
    return time.monotonic() if _STEADY is None else time.clock_gettime(_STEADY)


# Read once: from here on time passes by the steady clock, so that setting the computer's clock moves no deadline.
_STARTED_AT = datetime.now(tz=UTC)
_STARTED_S = _steady_s()


def now() -> datetime:
    """This instant, in UTC."""
    return _STARTED_AT + timedelta(seconds=_steady_s() - _STARTED_S)


def today() -> date:
    """The day it is in UTC."""
    return now().date()


def monotonic_s() -> float:
    """Seconds on a clock that never runs back; only differences mean anything."""
    return time.monotonic()
