"""The pulse of a sitting: what a player asks again and again while a proctor watches, who sees by it that it is there."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import BaseModel, Field

from bedside.delivery import ClockStopped
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.api import schemas
from bedside.site.exam import queries
from bedside.site.exam.models import at_or_none
from bedside.site.exam.presence import note_presence

router = Router(tags=["sittings"])

READ: dict[int, Any] = {
    400: schemas.Problem,
    401: schemas.Problem,
    403: schemas.Problem,
    404: schemas.Problem,
    503: schemas.Problem,
}


class PulseOut(BaseModel):
    """How a sitting stands, without a word of its items."""

    state: str
    block: int | None
    remaining_ms: int | None
    break_ms: int | None
    server_time: str
    messages: list[schemas.MessageOut]
    suspended_reason: str | None
    version: int = Field(description="Grows with each event that arrives; where it stays, nothing else has changed.")


@router.get("/sittings/{sitting_id}/pulse", response={200: PulseOut, **READ})
def read_pulse(request: HttpRequest, sitting_id: UUID) -> Any:
    """Is the clock still running, and has a proctor said something? Also tells the proctor that the player is there."""
    user = cast("User", request.auth)  # type: ignore[attr-defined]  # set by ninja
    now = queries.standing(user, sitting_id, at=clock.now())
    note_presence(now.row, at=now.at)
    phase = now.state.phase
    return {
        "state": now.state.state,
        "block": now.state.open_block,
        "remaining_ms": now.remaining_ms,
        "break_ms": now.break_ms,
        "server_time": at_or_none(now.at),
        "messages": queries.messages_json(now.state),
        "suspended_reason": phase.reason if isinstance(phase, ClockStopped) else None,
        "version": now.row.n_arrivals,
    }
