"""The journeys that may be shown here: those of the library, and the invented examples, which are never mixed with them."""

from __future__ import annotations

import json
import logging
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
    return [_read(json.dumps(story, sort_keys=True)) for story in rows.values_list("story", flat=True)]


def in_library(journey_id: UUID) -> Journey | None:
    """One of them; None where there is none, or where it was withdrawn or hidden."""
    row = LibraryJourney.objects.filter(pk=journey_id, withdrawn_at__isnull=True, hidden_at__isnull=True).first()
    return _read(json.dumps(row.story, sort_keys=True)) if row is not None else None


def examples() -> list[Journey]:
    """The invented journeys that come with the content."""
    folder = content_folder() / "journeys"
    if not folder.is_dir():
        return []
    return list(_examples(folder, tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.json")))))


@lru_cache(maxsize=4096)  # a library of a school; each is read once
def _read(story: str) -> Journey:
    journey, _message = read_journey(story.encode(), file="the library")
    assert isinstance(journey, Journey)
    return journey


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
