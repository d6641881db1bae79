"""Whose clock counts: the server's, with the player's monotonic clock for what happened while the network was away."""

from __future__ import annotations

from datetime import datetime, timedelta


def effective_at(*, received_at: datetime, synced_at: datetime, elapsed_ms: int, not_before: datetime) -> datetime:
    """When an event counts as having happened.

    `synced_at` is the server's time of the synchronisation from which the player counts `elapsed_ms`. The result never lies
    after the arrival, so that a fast clock gains nothing, and never before `not_before`, the effective time of this writer's
    previous event, so that time never runs backward. A wrong or changed wall clock on the computer changes nothing.
    """
    return max(not_before, min(received_at, synced_at + timedelta(milliseconds=max(0, elapsed_ms))))
