"""How large a file of answers may be, and a calendar; the command line asks before anything else is loaded."""

from __future__ import annotations

MOST_LINES = 20_000
MOST_BYTES = 16 * 1024 * 1024
MOST_RANGES = 100  # of days off
MOST_GOALS = 12  # exams after the next one
