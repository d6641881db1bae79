"""What is left of a journey that its owner withdrew: its name, so that an old copy is refused, and no word of its story."""

from __future__ import annotations

from datetime import datetime

from bedside.site.accounts.audit import audit
from bedside.site.accounts.models import User
from bedside.site.journeys.models import LibraryJourney


def empty(row: LibraryJourney, *, actor: User | None, at: datetime) -> None:
    """Take the story out of a row of the library, close its reports, and write it down; inside the deed's transaction."""
    row.story, row.withdrawn_at = {}, at
    row.save(update_fields=["story", "withdrawn_at"])
    row.reports.filter(closed_at__isnull=True).update(closed_at=at)
    audit(actor=actor, verb="journey_withdrawn", subject=str(row.pk), at=at, detail={"key": row.public_key})
