"""The proctor's calls. Each needs the role proctor; a deed is an event of the proctor's own and an entry in the audit log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field, Strict

from bedside.errors import NotFoundError
from bedside.site import clock
from bedside.site.accounts.accommodations import MAX_REASON_CHARACTERS
from bedside.site.accounts.models import MAX_EXTRA_MINUTES, User
from bedside.site.accounts.roles import Role
from bedside.site.api import schemas
from bedside.site.api.signing_in import signed_in_as
from bedside.site.exam import proctoring
from bedside.site.exam.models import at_or_none
from bedside.site.office.queries import Seat, Show, seat, seats

router = Router(tags=["office"], auth=signed_in_as(Role.PROCTOR))

READ: dict[int, Any] = {
    400: schemas.Problem,
    401: schemas.Problem,
    403: schemas.Problem,
    404: schemas.Problem,
    503: schemas.Problem,
}
WRITE: dict[int, Any] = {**READ, 409: schemas.Problem, 413: schemas.Problem}

Reason = Annotated[str, Field(min_length=1, max_length=MAX_REASON_CHARACTERS, description="Kept in the log and the audit log.")]
Seconds = Annotated[int, Strict(), Field(ge=0, le=MAX_EXTRA_MINUTES * 60)]


class ReasonIn(schemas.In):
    """Why it is done."""

    reason: Reason


class GrantIn(ReasonIn):
    """More time for the open block."""

    seconds: Annotated[int, Strict(), Field(ge=1, le=proctoring.MAX_GRANT_S)]


class MessageIn(schemas.In):
    """Words to the candidate; a reason, where one is given, is kept in the audit log and not shown."""

    text: Annotated[str, Field(min_length=1, max_length=proctoring.MAX_MESSAGE_CHARACTERS)]
    reason: Annotated[str, Field(max_length=MAX_REASON_CHARACTERS)] = ""


class AccommodateIn(ReasonIn):
    """The whole accommodation as it is from now on; seconds are those of the sitting's own clock."""

    time_factor: Literal["1", "5/4", "3/2", "2"]
    extra_break_s: Seconds = 0
    stop_clock_s: Seconds = 0


class SeatOut(BaseModel):
    """Where a proctored sitting stands."""

    id: UUID
    user: str
    name: str
    programme: str
    step: str
    day: int
    form: str
    clock: str
    state: Literal[
        "created",
        "between_blocks",
        "on_break",
        "in_block",
        "paused",
        "suspended",
        "finished",
        "voided",
        "time_over",
    ]
    block: int | None
    n_blocks: int
    n_answered: int
    n_items: int
    position: int | None = Field(description="The item on the candidate's screen, from 1 in its block; null where none is.")
    n_in_block: int | None = Field(description="Items of the open block.")
    remaining_ms: int | None = Field(description="Of the open block; null while its clock is stopped or there is none.")
    break_ms: int | None = Field(description="Of the break bank; negative where it is overrun, null where breaks cost nothing.")
    last_seen_at: str | None
    is_unseen: bool = Field(description="The player has been silent for over a minute while a block is open.")


class SeatsOut(BaseModel):
    """Proctored sittings by name."""

    sittings: list[SeatOut]
    server_time: str


class SentOut(BaseModel):
    """To how many a message went."""

    sent: int
    failed: list[UUID]


@router.get("/office/sittings", response={200: SeatsOut, **READ})
def list_seats(request: HttpRequest, show: Show = "all", name: Annotated[str, Query(max_length=150)] = "") -> Any:
    """Who sits where: proctored sittings that go on, and those that ended in the last 36 hours."""
    now = clock.now()
    return {"sittings": [_seat_json(one) for one in seats(at=now, show=show, name=name)], "server_time": at_or_none(now)}


@router.post("/office/message", response={200: SentOut, **WRITE})
def message_all(request: HttpRequest, call: MessageIn) -> Any:
    """Say something to everybody whose proctored sitting has not ended."""
    sent = proctoring.send_message_to_all(_caller(request), text=call.text, reason=call.reason, at=clock.now())
    return {"sent": sent.n_sent, "failed": [sitting for sitting, _ in sent.failed]}


@router.post("/office/sittings/{sitting_id}/grant", response={200: SeatOut, **WRITE})
def grant(request: HttpRequest, sitting_id: UUID, call: GrantIn) -> Any:
    """Give the open block more time."""
    return _done(
        request,
        sitting_id,
        lambda who, at: proctoring.grant_time(who, sitting_id, seconds=call.seconds, reason=call.reason, at=at),
    )


@router.post("/office/sittings/{sitting_id}/suspend", response={200: SeatOut, **WRITE})
def suspend(request: HttpRequest, sitting_id: UUID, call: ReasonIn) -> Any:
    """Stop the clock."""
    return _done(request, sitting_id, lambda who, at: proctoring.suspend(who, sitting_id, reason=call.reason, at=at))


@router.post("/office/sittings/{sitting_id}/reopen", response={200: SeatOut, **WRITE})
def reopen(request: HttpRequest, sitting_id: UUID, call: ReasonIn) -> Any:
    """Start the clock again; the time in between costs nothing."""
    return _done(request, sitting_id, lambda who, at: proctoring.reopen(who, sitting_id, reason=call.reason, at=at))


@router.post("/office/sittings/{sitting_id}/void", response={200: SeatOut, **WRITE})
def void(request: HttpRequest, sitting_id: UUID, call: ReasonIn) -> Any:
    """Make the sitting void, for good."""
    return _done(request, sitting_id, lambda who, at: proctoring.void(who, sitting_id, reason=call.reason, at=at))


@router.post("/office/sittings/{sitting_id}/message", response={200: SeatOut, **WRITE})
def message(request: HttpRequest, sitting_id: UUID, call: MessageIn) -> Any:
    """Say something to the candidate."""
    return _done(request, sitting_id, lambda who, at: proctoring.send_message(who, sitting_id, **call.model_dump(), at=at))


@router.post("/office/sittings/{sitting_id}/accommodate", response={200: SeatOut, **WRITE})
def accommodate(request: HttpRequest, sitting_id: UUID, call: AccommodateIn) -> Any:
    """Put another accommodation into force; the open block's deadline moves accordingly."""
    return _done(request, sitting_id, lambda who, at: proctoring.accommodate(who, sitting_id, **call.model_dump(), at=at))


def _caller(request: HttpRequest) -> User:
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by ninja


def _done(request: HttpRequest, sitting_id: UUID, deed: Callable[[User, datetime], object]) -> dict[str, Any]:
    now = clock.now()
    deed(_caller(request), now)
    found = seat(sitting_id, at=now)
    if found is None:
        raise NotFoundError(f"there is no proctored sitting {sitting_id}")
    return _seat_json(found)


def _seat_json(found: Seat) -> dict[str, Any]:
    told = found.as_dict()
    return {**told, "last_seen_at": at_or_none(found.seen_at)}
