"""The journeys that may be shown here: those of the library, and the invented examples, which are never mixed with them."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from bedside.errors import BedsideError
from bedside.journeys import Journey, read_journey
from bedside.site.content import content_folder
from bedside.site.journeys.models import LibraryJourney

logger = logging.getLogger(__name__)


def library() -> list[Journey]:
    """The journeys of others that are neither withdrawn nor hidden, by id."""
    rows = LibraryJourney.objects.filter(withdrawn_at__isnull=True, hidden_at__isnull=True).order_by("id")
    keys = list(rows.values_list("id", "revision", "imported_at"))
    missing = [key[0] for key in keys if key not in _READ]
    stories = dict(LibraryJourney.objects.filter(pk__in=missing).values_list("id", "story")) if missing else {}
    return [journey for key in keys if (journey := _read(key, stories.get(key[0]))) is not None]


def in_library(journey_id: UUID) -> Journey | None:
    """One of them; None where there is none, or where it was withdrawn or hidden."""
    row = LibraryJourney.objects.filter(pk=journey_id, withdrawn_at__isnull=True, hidden_at__isnull=True).first()
    return read_row(row) if row is not None else None


def read_row(row: LibraryJourney) -> Journey | None:
    """The journey of a row, hidden or not; None where it can't be read any longer."""
    return _read((row.pk, row.revision, row.imported_at), row.story)


def n_in_library() -> int:
    """How many of them there are, counted in one statement."""
    return LibraryJourney.objects.filter(withdrawn_at__isnull=True, hidden_at__isnull=True).count()


def examples() -> list[Journey]:
    """The invented journeys that come with the content."""
    folder = content_folder() / "journeys"
    if not folder.is_dir():
        return []
    return list(_examples(folder, tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.json")))))


_Key = tuple[UUID, int, datetime]
_READ: dict[_Key, Journey | None] = {}
MOST_READ = 20_000  # journeys in the memory of a process, some 10 kB each


def _read(key: _Key, story: dict[str, object] | None) -> Journey | None:
    """The journey of a row, each read once. One that can't be read any longer is left out, and shuts nothing."""
    if key not in _READ:
        if story is None:
            return None
        if len(_READ) >= MOST_READ:
            _READ.clear()
        _READ[key] = _parsed(key[0], story)
    return _READ[key]


def _parsed(journey_id: UUID, story: dict[str, object]) -> Journey | None:
    try:
        told, _message = read_journey(json.dumps(story).encode(), file=f"journey {journey_id}")
    except BedsideError as error:
        logger.warning("left out: %s", error)
        return None
    return told if isinstance(told, Journey) else None


@lru_cache(maxsize=2)
def _examples(folder: Path, files: tuple[tuple[str, int], ...]) -> tuple[Journey, ...]:
    found: list[Journey] = []
    for name, _stamp in files:
        try:
            journey, _message = read_journey((folder / name).read_bytes(), file=name)
        except (BedsideError, OSError) as error:
            logger.warning("left out: %s", error)
            continue
        if isinstance(journey, Journey) and journey.is_example:
            found.append(journey)
    return tuple(found)
