"""How much a person may keep of their papers, here and in a file from elsewhere."""

from __future__ import annotations

MOST_ROWS = 300  # of each kind, those taken away among them
MOST_DRAFTS = 500  # of one statement
MOST_NAME = 120  # characters of a name or a title
MOST_NOTE = 2_000
MOST_DONE = 5_000  # of what was done in an experience
MOST_DRAFT = 60_000  # of a statement: twice what any form takes, so that a draft can be too long
HOURS_OF_A_WEEK = 168


def see_note(text: str) -> None:
    """See that a note is no longer than can be typed in.

    Raises:
        ValueError: it is.
    """
    _see(text, MOST_NOTE)


def see_done(text: str) -> None:
    """See that what was done is no longer than can be typed in, as `see_note`."""
    _see(text, MOST_DONE)


def see_draft(text: str) -> None:
    """See that a draft is no longer than can be typed in, and is one, as `see_note`."""
    if not text:
        raise ValueError("must not be empty")
    _see(text, MOST_DRAFT)


def see_hours(hours: int) -> None:
    """See that a week has so many hours.

    Raises:
        ValueError: it has not.
    """
    if not 0 <= hours <= HOURS_OF_A_WEEK:
        raise ValueError(f"must be from 0 to {HOURS_OF_A_WEEK}")


def _see(text: str, most: int) -> None:
    if len(text) > most:
        raise ValueError(f"has {len(text):,} characters; the limit is {most:,}")
