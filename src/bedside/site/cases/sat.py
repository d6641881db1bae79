"""A case that is played in a sitting: its commands become events of the sitting, by the road that every event takes.

One transaction locks the sitting, takes the commands in as events of its player (with their effective time, the grace, a
take-over and a suspension as for any event), folds, does what counts in the case, writes `case_ended` where the patient's
course is over by it, and keeps all of it. The row of the run is a projection: nothing is read from it that the events do not
say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from bedside.cases import Run
from bedside.delivery import (
    MAX_CASE_COMMANDS,
    MAX_ITEM_MS,
    CaseBody,
    CaseClosing,
    CaseCommanded,
    CaseEnded,
    CaseWork,
    ClockStopped,
    InBlock,
    Reason,
    read_body,
)
from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site.accounts.models import User
from bedside.site.cases.commands import command_as_json
from bedside.site.cases.models import CaseRun
from bedside.site.cases.replays import case_of
from bedside.site.cases.sat_rows import kept_run, opened_at_of, project_one
from bedside.site.cases.sat_runs import commands_of, course
from bedside.site.database import one_write
from bedside.site.exam.desk import Arrival, Desk
from bedside.site.exam.log import reasons_of
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import Writer
from bedside.site.exam.queries import Standing, standing
from bedside.site.exam.remembered import FOLDS
from bedside.site.exam.sealed import see_unsealed
from bedside.site.problems import (
    BlockClosedError,
    CommandDiffersError,
    CommandGapError,
    LogFullError,
    NotOpenError,
    SupersededError,
)

NotTaken = Literal["case_over", "time_up", "suspended"]
_NOT_TAKEN: Mapping[str, NotTaken] = {
    Reason.FINAL_ORDERS_ONLY.value: "time_up",
    Reason.SUSPENDED.value: "suspended",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A command as it arrives: its number, what it is as JSON, and when it was done by the page's clock."""

    n: int
    command: Mapping[str, Any]
    real_ms: int = 0
    typed: str = ""


@dataclass(frozen=True, slots=True)
class SatDone:
    """The case afterwards, and the first of the commands that was not taken, with the reason."""

    now: Standing
    row: CaseRun
    run: Run
    n: int
    refused: tuple[int, NotTaken] | None


def open_case(user: User, sitting_id: UUID, *, at: datetime) -> CaseRun:
    """The run of the case that is open in a sitting.

    Raises:
        NotFoundError: this user has no such sitting.
        NotOpenError: no case is open in it, or its clock is stopped.
    """
    now = standing(user, sitting_id, at=at)
    block = now.state.open_block
    if block is None or block not in now.form.cases or not isinstance(now.state.phase, InBlock):
        raise NotOpenError("no case is open in this sitting; it is opened from the sitting's own page")
    return kept_run(now.row, now.form, now.state, block)


def do_in_sitting(row: CaseRun, writer_id: UUID | None, told: Sequence[Told], *, at: datetime) -> SatDone:
    """Do commands in a case of a sitting; `row` is the run, of whoever calls. Sending the same again changes nothing.

    Raises:
        UsageError: no writer is named.
        NotFoundError: the sitting has no such player.
        SupersededError: another tab or computer has taken the sitting over.
        SealedError: it is a rehearsal, and a proctored sitting is under way.
        CommandGapError, CommandDiffersError: the numbers don't fit what is there; nothing of the call is kept.
        LogFullError: the sitting can take no more.
        TooOftenError: the whole log had to be folded too often; nothing was kept.
        CaseChangedError: the catalogue or the engine has changed since.
    """
    case = case_of(row)
    assert row.sitting_id is not None
    assert row.block is not None
    with one_write():
        desk, writer = _desk(row.sitting_id, writer_id, at)
        told_case = desk.form.cases[row.block]
        n = desk.folded().cases.get(told_case.id, CaseWork()).n
        late = _first_after_end(desk.row.pk, told_case.id, [one for one in told if one.n <= n])
        fresh = [one for one in told if one.n > n]
        _see_follows(fresh, n)
        bodies = [_body(told_case.id, one) for one in fresh]
        first_seq = writer.last_seq + 1
        _take(desk, writer, bodies, row.block, at)
        reasons = reasons_of(desk.state)
        refused = next(
            ((one.n, why) for seq, one in enumerate(fresh, start=first_seq) if (why := reasons.get((writer.pk, seq)))), None
        )
        run, _ = course(case, desk.row, desk.form, desk.state, row.block)
        desk = _end_where_over(desk, row.block, run)
        project_one(row, desk.form, desk.state)
    FOLDS.keep(desk.row, desk.form, desk.state)
    now = Standing(desk.row, desk.form, desk.state, desk.at)
    run, n = course(case, desk.row, desk.form, desk.state, row.block)
    if late is not None:
        return SatDone(now, row, run, n, (late, "case_over"))
    return SatDone(now, row, run, n, None if refused is None else (refused[0], _NOT_TAKEN.get(refused[1], "case_over")))


def close_in_sitting(row: CaseRun, writer_id: UUID | None, *, at: datetime) -> SatDone:
    """Go to the final orders before the time. Raises as `do_in_sitting` does."""
    case = case_of(row)
    assert row.sitting_id is not None
    assert row.block is not None
    with one_write():
        desk, writer = _desk(row.sitting_id, writer_id, at)
        if desk.folded().open_block == row.block:
            _take(desk, writer, [CaseClosing(desk.form.cases[row.block].id)], row.block, at)
        project_one(row, desk.form, desk.state)
    FOLDS.keep(desk.row, desk.form, desk.state)
    run, n = course(case, desk.row, desk.form, desk.state, row.block)
    return SatDone(Standing(desk.row, desk.form, desk.state, desk.at), row, run, n, None)


def stands(user: User, row: CaseRun, *, at: datetime) -> SatDone:
    """The case as it stands while its block is open.

    Raises:
        NotOpenError: the clock is stopped, and the patient out of sight.
        BlockClosedError: the block is over; the case is shown again in the report.
        SealedError: it is a rehearsal, and a proctored sitting is under way.
        CaseChangedError: the catalogue or the engine has changed since.
    """
    assert row.sitting_id is not None
    now = standing(user, row.sitting_id, at=at)
    if row.block is None or now.state.open_block != row.block:
        raise BlockClosedError("the case is over; it is shown again in the report")
    if isinstance(now.state.phase, ClockStopped):
        raise NotOpenError("the clock of the case is stopped; the patient is shown again when it goes on")
    _see_unsealed(now.row, now.at)
    run, n = course(case_of(row), now.row, now.form, now.state, row.block)
    return SatDone(now, row, run, n, None)


def see_given_out(row: CaseRun) -> None:
    """A case of a sitting is taken apart, scored and played on only when the sitting's keys have been given out.

    Raises:
        ConflictError: they have not.
    """
    if row.sitting_id is None:
        return
    sitting = SittingRow.objects.only("state", "is_disclosed").get(pk=row.sitting_id)
    if sitting.state != "finished" or not sitting.is_disclosed:
        raise ConflictError(
            "this case is part of a sitting; it is taken apart once the sitting has ended and its report is open"
        )


# --- commands as events --------------------------------------------------------------------------------------------------


def _desk(sitting_id: UUID, writer_id: UUID | None, at: datetime) -> tuple[Desk, Writer]:
    """The locked sitting, and the player who writes."""
    if writer_id is None:
        raise UsageError("a case of a sitting is played by the sitting's writer; name it in writer")
    row = SittingRow.objects.select_for_update().get(pk=sitting_id)
    _see_unsealed(row, at)
    writer = row.writers.filter(pk=writer_id, kind="player").first()
    if writer is None:
        raise NotFoundError(f"sitting {row.pk} has no writer {writer_id}; ask for one with POST writers")
    if writer.superseded_at is not None:
        raise SupersededError("another tab or computer has taken this sitting over; what was done before that is kept")
    desk = Desk.open(row, at)
    desk.is_metered = True
    return desk, writer


def _see_unsealed(row: SittingRow, at: datetime) -> None:
    """The cases of a rehearsal rest while a proctored sitting of the same person is under way: the same may be in that.

    Raises:
        SealedError: one is.
    """
    if not row.is_proctored:
        see_unsealed(row.user_id, at)


def _take(desk: Desk, writer: Writer, bodies: Sequence[CaseBody], block: int, at: datetime) -> None:
    """Take commands in as the player's next events, and keep them with all that follows."""
    opened_at = opened_at_of(desk.state, block) or writer.issued_at
    arrivals = []
    for seq, body in enumerate(bodies, start=writer.last_seq + 1):
        since_open_ms = body.real_ms if isinstance(body, CaseCommanded) and body.real_ms else _ms(at, opened_at)
        # the page counts from the opening of the block, and events from a synchronisation: that of the writer's issue
        elapsed_ms = max(0, since_open_ms - _ms(writer.issued_at, opened_at))
        arrivals.append(Arrival(seq, body, elapsed_ms, sync=0))
    if arrivals:
        desk.take(writer, arrivals)
    desk.close_expired()
    desk.keep()


def _end_where_over(desk: Desk, block: int, run: Run) -> Desk:
    """Write that the course is over, where the commands that count say so and the block is still open."""
    told = desk.form.cases[block]
    work = desk.state.cases.get(told.id, CaseWork())
    if not run.is_over or work.is_over or work.last_at is None or desk.state.open_block != block:
        return desk
    desk = Desk.open(desk.row, desk.at)
    desk.add_own(CaseEnded(told.id, work.digest), work.last_at)
    desk.keep()
    return desk


def _body(case_id: str, told: Told) -> CaseCommanded:
    if told.n > MAX_CASE_COMMANDS:
        raise LogFullError(f"a case holds at most {MAX_CASE_COMMANDS:,} commands")
    fields = {"case": case_id, "n": told.n, "command": dict(told.command), "typed": told.typed}
    body = read_body("case_command", {**fields, "real_ms": min(told.real_ms, MAX_ITEM_MS)})
    assert isinstance(body, CaseCommanded)
    return body


def _see_follows(fresh: Sequence[Told], n: int) -> None:
    for place, one in enumerate(fresh, start=n + 1):
        if one.n != place:
            raise CommandGapError(f"command {one.n} came, and the run has {place - 1}; send those between first")


def _first_after_end(sitting_id: UUID, case_id: str, told: Sequence[Told]) -> int | None:
    """All of these are kept already, or another one ended the case under the number of one of them: that one.

    Raises:
        CommandDiffersError: another command is kept under a number.
    """
    kept = commands_of(sitting_id, case_id) if told else []
    for one in told:
        if kept[one.n - 1] == dict(one.command):
            continue
        if kept[one.n - 1]["do"] == "end":
            return one.n
        raise CommandDiffersError(f"command {one.n} is kept already, and is another one; read how the run stands")
    return None


def _ms(later: datetime, earlier: datetime) -> int:
    return int((later - earlier).total_seconds() * 1000)


def told_of(n: int, command: Any, real_ms: int, typed: str) -> Told:
    """A command as the API has read it."""
    return Told(n, command_as_json(command), real_ms, typed)
