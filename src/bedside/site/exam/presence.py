"""When the player of a proctored sitting last called."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from bedside.errors import StoreError
from bedside.site.database import one_write
from bedside.site.exam.models import Sitting

logger = logging.getLogger(__name__)

NOTED_EVERY = timedelta(seconds=10)  # finer than that no proctor looks, and each note is a write


def note_presence(row: Sitting, *, at: datetime) -> None:
    """Write down that the player was there, at most each ten seconds. A store that refuses keeps nobody from going on."""
    if not row.is_proctored or (row.last_seen_at is not None and at - row.last_seen_at < NOTED_EVERY):
        return
    try:
        with one_write():
            Sitting.objects.filter(pk=row.pk).update(last_seen_at=at)
    except StoreError:
        logger.warning("the presence of a player could not be noted; the store refused")
