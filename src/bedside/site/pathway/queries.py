"""What is read of the pathway: the rules, read once a content load, and a person's record, now and as it was."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from bedside.errors import NotFoundError
from bedside.findings import Finding, Severity
from bedside.pathway import Pathway, Pathways, Record, read_pathways
from bedside.site.accounts.models import Profile, User
from bedside.site.content import Content, current_content
from bedside.site.pathway.models import PathwayRecord, PathwayRecordVersion
from bedside.site.pathway.shapes import record_from_kept

logger = logging.getLogger(__name__)


Kept = dict[str, Any]  # a record as it is kept: plain values in the shape of `record/1`


@dataclass(slots=True)
class _Shelf:
    """The rules of the content that was read last."""

    content: Content | None = None
    pathways: Pathways | None = None


_SHELF = _Shelf()
_LOCK = Lock()


def pathways() -> Pathways:
    """All rules of the content as it is now."""
    content = current_content()
    with _LOCK:
        if _SHELF.content is not content or _SHELF.pathways is None:
            _SHELF.pathways = read_pathways(content.folder / "pathways", content.programmes)
            _SHELF.content = content
            for error in _SHELF.pathways.unreadable:
                logger.warning("rules of the pathway can't be read: %s", error)
            for one in _errors(_SHELF.pathways):
                logger.warning("rules of the pathway: %s:%d: %s", one.file, one.line, one.text)
        return _SHELF.pathways


def rules(programme: str = "") -> Pathway:
    """The rules about an exam; about that of the licence where none is named.

    Raises:
        NotFoundError: there are none, or they have an error, without which no answer is safe.
    """
    found = pathways()
    return found.get(programme or found.licensing)


def can_answer() -> bool:
    """Are there rules, and all of them sound? With half of them an answer would be too kind."""
    found = pathways()
    return bool(found.by_programme) and not found.unreadable and not _errors(found)


def _errors(found: Pathways) -> list[Finding]:
    return [one for one in found.findings if one.severity is Severity.ERROR]


def programmes_with_rules() -> tuple[str, ...]:
    """The exams that rules speak of; that of the licence first."""
    found = pathways()
    return tuple(sorted(found.by_programme, key=lambda name: (name != found.licensing, name)))


def programme_asked(asked: str, profile: Profile) -> str:
    """The exam that a page is about: the one asked for, else the person's own where rules speak of it, else the licence's.

    Raises:
        NotFoundError: no rule speaks of the one asked for.
    """
    known = programmes_with_rules()
    if asked:
        if asked not in known:
            raise NotFoundError(f'there are no rules about "{asked[:40]}"; there are some about: {", ".join(known) or "none"}')
        return asked
    return profile.programme if profile.programme in known else pathways().licensing


def row_of(user: User) -> PathwayRecord | None:
    """The row of a person's record; None where none was kept yet."""
    return PathwayRecord.objects.filter(user=user).first()


def kept_of(user: User) -> Kept:
    """A person's record as it is kept; empty where there is none."""
    row = row_of(user)
    return row.record if row else {}


def record_of(user: User) -> Record:
    """A person's record; an empty one, of which nothing is known, where none was kept.

    Raises:
        UsageError: what is kept can't be read.
    """
    return record_from_kept(kept_of(user))


def record_on(user: User, day: date, zone: ZoneInfo) -> Record:
    """What the record said at the end of a day; an empty one where nothing was kept by then.

    Raises:
        UsageError: what was kept can't be read.
    """
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    row = PathwayRecordVersion.objects.filter(user=user, at__lt=end).order_by("-at", "-pk").first()
    return record_from_kept(row.record if row else {})
