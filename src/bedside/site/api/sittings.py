"""The calls on sittings. Each reads, calls an action or a query, and answers."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from ninja import Router, Status

from bedside.delivery import Mode, MovedOn, read_body
from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.accounts.queries import Bearer
from bedside.site.api import schemas
from bedside.site.api.block_schemas import BlockOut
from bedside.site.api.making import make_sitting, too_thin_json
from bedside.site.api.report_schemas import ReportOut
from bedside.site.content import current_content
from bedside.site.exam import actions, queries
from bedside.site.exam.desk import Arrival
from bedside.site.exam.models import at_or_none
from bedside.site.exam.report import report_json
from bedside.site.exam.sealed import see_unsealed
from bedside.site.keys import public_key_hex, sign_head
from bedside.site.problems import BankTooThinError

router = Router(tags=["sittings"])

COMMON: dict[int, Any] = {400: schemas.Problem, 401: schemas.Problem, 403: schemas.Problem}
READ = {**COMMON, 404: schemas.Problem, 503: schemas.Problem}
WRITE = {**READ, 409: schemas.Conflict, 413: schemas.Problem}


def caller(request: HttpRequest) -> User:
    """Who calls; `SIGNED_IN` has seen to it that there is somebody."""
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by ninja


@router.post("/sittings", response={201: schemas.SittingOut, **WRITE, 409: schemas.NotMade, 429: schemas.Problem})
def create_sitting(request: HttpRequest, wish: schemas.SittingIn) -> Any:
    """Make a sitting: a whole or half day drawn to the blueprint, or a practice block of items that fit the filter."""
    now = clock.now()
    try:
        issued = make_sitting(caller(request), wish, content=current_content(), at=now)
    except BankTooThinError as error:
        return Status(409, too_thin_json(error))
    outline = queries.outline_of(issued.sitting, issued.sitting.delivery_form())
    answer = {"id": issued.sitting.pk, "writer": issued.writer, "outline": outline, "server_time": at_or_none(now)}
    return Status(201, answer)


@router.post("/sittings/{sitting_id}/writers", response={201: schemas.WriterOut, **WRITE})
def take_over(request: HttpRequest, sitting_id: UUID, wish: schemas.TakeOverIn | None = None) -> Any:
    """Take the sitting over from another tab or computer; the older writer stops."""
    now = clock.now()
    issued = actions.take_over(caller(request), sitting_id, at=now, supersedes=wish.supersedes if wish else None)
    return Status(201, {"writer": issued.writer, "server_time": at_or_none(now)})


@router.get("/sittings/{sitting_id}", response={200: schemas.StateOut, **READ, 409: schemas.Conflict})
def read_state(request: HttpRequest, sitting_id: UUID) -> Any:
    """The sitting as it stands now. In tutor mode it holds keys, so a proctored sitting under way shuts it."""
    standing = queries.standing(caller(request), sitting_id, at=clock.now())
    if standing.form.mode is Mode.TUTOR:
        see_unsealed(standing.row.user_id, standing.at)
    return queries.state_json(standing)


@router.get("/sittings/{sitting_id}/blocks/{n}", response={200: BlockOut, **READ, 409: schemas.Conflict})
def read_block(request: HttpRequest, sitting_id: UUID, n: int) -> Any:
    """All that an open block needs; never a key or an explanation."""
    return queries.block_json(queries.standing(caller(request), sitting_id, at=clock.now()), n)


@router.post("/sittings/{sitting_id}/events", response={200: schemas.AcknowledgedOut, **WRITE, 429: schemas.Problem})
def append_events(request: HttpRequest, sitting_id: UUID, call: schemas.EventsIn) -> Any:
    """Keep events. They are on the disk before this answers; sending them again changes nothing."""
    return acknowledge(caller(request), sitting_id, call)


def acknowledge(who: User | Bearer, sitting_id: UUID, call: schemas.EventsIn) -> Any:
    """Keep events, and what is said of them: an `AcknowledgedOut`, or a `Status` with why this player is to stop.

    Raises:
        BedsideError: as `actions.append_events` says.
    """
    now = clock.now()
    arrivals = [
        Arrival(event.seq, read_body(event.type, event.fields_of_type()), event.elapsed_ms, event.sync) for event in call.events
    ]
    kept = actions.append_events(who, sitting_id, call.writer, arrivals, at=now)
    refused = [{"seq": one.seq, "reason": one.reason} for one in kept.refused]
    if kept.is_superseded:
        return Status(
            409,
            {
                "detail": "another tab or computer has taken this sitting over; what was done before that is kept",
                "code": "writer_superseded",
                "acknowledged": kept.acknowledged,
                "refused": refused,
            },
        )
    standing = queries.Standing(kept.sitting, kept.form, kept.state, kept.at)
    return {
        "acknowledged": kept.acknowledged,
        "refused": refused,
        "head": kept.head,
        "signature": sign_head(settings.DATA, kept.head),
        "sync": kept.sync,
        "server_time": at_or_none(kept.at),
        "remaining_ms": standing.remaining_ms,
        "state": kept.state.state,
        "break_ms": standing.break_ms,
        "revealed": [
            *queries.revealed(kept.sitting, kept.state, kept.answered),
            *queries.next_parts(standing, [arrival.body.item for arrival in arrivals if isinstance(arrival.body, MovedOn)]),
        ],
    }


@router.get("/sittings/{sitting_id}/report", response={200: ReportOut, **READ, 409: schemas.Conflict})
def read_report(request: HttpRequest, sitting_id: UUID) -> Any:
    """The report, once the sitting has ended."""
    now = clock.now()
    actions.open_report(caller(request), sitting_id, at=now)
    return report_json(caller(request), sitting_id, programmes=current_content().programmes, at=now)


@router.get("/sittings/{sitting_id}/events", response={200: schemas.LogOut, **READ})
def read_log(request: HttpRequest, sitting_id: UUID) -> Any:
    """The log with its rows of the ledger, for an audit."""
    log = queries.log_json(queries.own_sitting(caller(request), sitting_id))
    return {**log, "signature": sign_head(settings.DATA, log["head"]), "public_key": public_key_hex(settings.DATA)}
