"""The calls on cases. Each reads, calls an action or a query, and answers."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Status

from bedside.site import clock
from bedside.site.accounts.models import User
from bedside.site.api import case_schemas, schemas
from bedside.site.cases import actions, queries, sat, sat_queries
from bedside.site.cases.commands import command_from_json
from bedside.site.exam.models import at_or_none

router = Router(tags=["cases"])

SEED_BITS = 31
MAX_TYPED = 400

COMMON: dict[int, Any] = {400: schemas.Problem, 401: schemas.Problem, 403: schemas.Problem}
READ = {**COMMON, 404: schemas.Problem, 409: schemas.Problem, 503: schemas.Problem}
WRITE = {**READ, 413: schemas.Problem}
MAKE = {**WRITE, 429: schemas.Problem}


def caller(request: HttpRequest) -> User:
    """Who calls; `SIGNED_IN` has seen to it that there is somebody."""
    return cast("User", request.auth)  # type: ignore[attr-defined]  # set by ninja


@router.post("/cases/runs", response={201: case_schemas.MadeOut, **MAKE})
def start_run(request: HttpRequest, wish: case_schemas.RunIn) -> Any:
    """Begin a case."""
    now = clock.now()
    row = actions.start_run(
        caller(request), wish.case, mode=wish.mode, limit_minutes=wish.limit_minutes, seed=secrets.randbits(SEED_BITS), at=now
    )
    return Status(201, {"id": row.pk, "server_time": at_or_none(now)})


@router.get("/cases/runs/{run_id}", response={200: case_schemas.CaseStateOut, **READ})
def read_run(request: HttpRequest, run_id: UUID) -> Any:
    """A run as it stands. Neither what it is scored by nor what will happen is in it."""
    now, row = clock.now(), actions.own_run(caller(request), run_id)
    if row.sitting_id is not None:
        return sat_queries.state_json(sat.stands(caller(request), row, at=now))
    actions.see_open_to_play(row, now)
    return queries.standing_json(caller(request), run_id, at=now)


@router.post("/cases/runs/{run_id}/commands", response={200: case_schemas.DoneOut, **WRITE})
def do_commands(request: HttpRequest, run_id: UUID, call: case_schemas.CommandsIn) -> Any:
    """Do commands. They are on the disk before this answers; sending them again changes nothing."""
    row = actions.own_run(caller(request), run_id)
    if row.sitting_id is not None:
        told = [
            sat.told_of(one.seq, command_from_json(case_schemas.plain(one.command)), one.real_ms, one.typed)
            for one in call.commands
        ]
        return sat_queries.done_json(sat.do_in_sitting(row, call.writer, told, at=clock.now()))
    sent = [
        actions.Sent(one.seq, command_from_json(case_schemas.plain(one.command)), one.real_ms, one.typed)
        for one in call.commands
    ]
    return queries.done_json(actions.do_commands(caller(request), run_id, sent, at=clock.now()))


@router.post("/cases/runs/{run_id}/close", response={200: case_schemas.DoneOut, **WRITE})
def close_run(request: HttpRequest, run_id: UUID, wish: case_schemas.CloseIn | None = None) -> Any:
    """Go to the final orders of an exam: two minutes, and the clock stands. Practice stays as it is."""
    row = actions.own_run(caller(request), run_id)
    if row.sitting_id is not None:
        writer = wish.writer if wish else None
        return sat_queries.done_json(sat.close_in_sitting(row, writer, at=clock.now()))
    return queries.done_json(actions.close_run(caller(request), run_id, at=clock.now()))


@router.post("/cases/runs/{run_id}/fork", response={201: case_schemas.MadeOut, **MAKE})
def fork_run(request: HttpRequest, run_id: UUID, wish: case_schemas.ForkIn) -> Any:
    """A practice run that goes on from a moment of this one. A practice run that still goes on is left, without a score."""
    now = clock.now()
    row = actions.fork_run(caller(request), run_id, after=wish.after, at_s=wish.at_s, at=now)
    return Status(201, {"id": row.pk, "server_time": at_or_none(now)})


@router.get("/cases/runs/{run_id}/orders", response={200: case_schemas.FoundOut, **READ})
def find_orders(request: HttpRequest, run_id: UUID, q: Annotated[str, Query(max_length=MAX_TYPED)] = "") -> Any:
    """The orders that fit what is typed, where the patient is; several are separated by commas or lines."""
    row = actions.own_run(caller(request), run_id)
    if row.sitting_id is not None:
        sat.stands(caller(request), row, at=clock.now())
    actions.see_open_to_play(row, clock.now())
    return queries.found_json(row, q)
