"""What a person says of their journey themselves: where they began, and notes on the way."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import QuerySet

from bedside.errors import NotFoundError, UsageError
from bedside.journeys import (
    AGES,
    CAREERS,
    COACHING,
    MAX_NAME,
    MAX_NOTE,
    MAX_NOTES,
    TRIES,
    WORK_HOURS,
    YEARS_SINCE_GRADUATION,
    without_unseen,
)
from bedside.site.accounts.days import FIRST_DAY
from bedside.site.accounts.models import User
from bedside.site.database import one_write
from bedside.site.journeys.countries import COUNTRIES
from bedside.site.journeys.languages import LANGUAGES
from bedside.site.journeys.models import JourneyNote, JourneyStart

_COUNTRY, _LANGUAGE = re.compile(r"[A-Z]{2}"), re.compile(r"[a-z]{2,3}")

CHOICES: Mapping[str, tuple[str, ...]] = {
    "age": AGES,
    "trained_in": tuple(COUNTRIES),
    "years_since_graduation": YEARS_SINCE_GRADUATION,
    "work_hours": WORK_HOURS,
    "language": tuple(LANGUAGES),
    "coaching": COACHING,
    "career": CAREERS,
    "tries": TRIES,
}


def see_text(text: str) -> None:
    """See whether a note from elsewhere may be kept; an empty one was removed.

    Raises:
        ValueError: it holds signs that nobody sees.
    """
    if text != without_unseen(text):
        raise ValueError("must have no invisible signs, and no space at its ends")


def see_name(name: str) -> None:
    """See whether a name from elsewhere may be kept, as `see_text`."""
    if name != " ".join(without_unseen(name).split()):
        raise ValueError("must be one line without invisible signs, and no space at its ends")


def see_one_of(choices: Collection[str]) -> Callable[[str], None]:
    """What sees whether a text is one of the choices, or nothing, as `see_text`."""

    def see(value: str) -> None:
        if value and value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}, or empty")

    return see


def see_country(code: str) -> None:
    """See whether a text can be a country's code, or nothing, as `see_text`."""
    if code and not _COUNTRY.fullmatch(code):
        raise ValueError("must be a code of ISO 3166-1, two capital letters")


def see_language(code: str) -> None:
    """See whether a text can be a language's code, or nothing, as `see_text`."""
    if code and not _LANGUAGE.fullmatch(code):
        raise ValueError("must be a code of ISO 639, two or three small letters")


def keep_start(user: User, told: Mapping[str, str], *, at: datetime) -> None:
    """Keep where a person began; what is left out or empty is not told.

    Raises:
        UsageError: something is none of the choices; names it.
        StoreError: the store refused; nothing was kept.
    """
    values = {name: told.get(name, "") for name in CHOICES}
    for name, value in values.items():
        if value and value not in CHOICES[name]:
            raise UsageError(f'"{value[:40]}" is none of the choices for {name.replace("_", " ")}')
    values["name"] = " ".join(without_unseen(told.get("name", "")).split())
    if len(values["name"]) > MAX_NAME:
        raise UsageError(f"a name has at most {MAX_NAME} letters")
    with one_write():
        row = JourneyStart.objects.select_for_update().filter(pk=user.pk).first()
        changed_at = at if row is None else max(at, row.changed_at + timedelta(microseconds=1))
        JourneyStart.objects.update_or_create(user=user, defaults={**values, "changed_at": changed_at})


def start_of(user: User) -> JourneyStart:
    """Where a person began, as far as they told it."""
    return JourneyStart.objects.filter(pk=user.pk).first() or JourneyStart(user=user)


def keep_note(user: User, text: str, *, on: date, today: date, at: datetime) -> UUID:
    """Keep what a person writes of a day; answers its key.

    Raises:
        UsageError: it is empty or too long, its day lies ahead, or there are too many.
        StoreError: the store refused; nothing was kept.
    """
    words = without_unseen(text)
    if not words:
        raise UsageError("write something first")
    if len(words) > MAX_NOTE:
        raise UsageError(f"a note has at most {MAX_NOTE:,} letters, and this has {len(words):,}; make two of it")
    if not FIRST_DAY <= on <= today:
        raise UsageError(f"a note is about a day between {FIRST_DAY} and today, not {on}")
    with one_write():
        if notes_of(user).count() >= MAX_NOTES:
            raise UsageError(f"there are {MAX_NOTES} notes already; take one away first")
        return JourneyNote.objects.create(user=user, key=uuid4(), on=on, text=words, changed_at=at).key


def take_note_away(user: User, key: UUID, *, at: datetime) -> None:
    """Take a note away: its words go, and that it was there stays, so that another machine hears of it.

    Raises:
        NotFoundError: there is no such note of theirs.
        StoreError: the store refused; nothing was changed.
    """
    with one_write():
        row = notes_of(user).select_for_update().filter(key=key).first()
        if row is None:
            raise NotFoundError("you have no such note")
        row.text = ""
        row.removed_at = row.changed_at = max(at, row.changed_at + timedelta(microseconds=1))
        row.save()


def notes_of(user: User) -> QuerySet[JourneyNote]:
    """The notes that stand, the newest day first."""
    return JourneyNote.objects.filter(user=user, removed_at__isnull=True).order_by("-on", "-changed_at")
