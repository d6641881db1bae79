"""What changes a run: it begins, commands are done, it closes, it ends, and another is forked from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.conf import settings

from bedside.cases import SEMANTICS, Command, End, Run, score
from bedside.errors import ConflictError, NotFoundError, UsageError
from bedside.site.accounts.models import User
from bedside.site.cases.commands import FINAL_VERBS, command_as_json
from bedside.site.cases.courses import played_rows
from bedside.site.cases.forks import commands_until
from bedside.site.cases.models import CaseCommand, CaseRun
from bedside.site.cases.replays import case_of, compiled, is_kept, remember, replayed
from bedside.site.cases.sat import see_given_out
from bedside.site.cases.stock import case_file, case_text, current_orders
from bedside.site.database import one_write
from bedside.site.exam.sealed import sealing_sitting, see_unsealed
from bedside.site.problems import CaseChangedError, CommandDiffersError, CommandGapError, LogFullError, TooOftenError

MAX_COMMANDS = 2_000  # of one run
LIMITS_MINUTES = (10, 20)
HOUR = timedelta(hours=1)
MAX_BEGUN_AN_HOUR = 60  # of one person; `assumed`: a run a minute is no practice
MAX_BEGUN_AN_HOUR_LOCAL = 600
LEFT = "left"  # the reason of a run whose player went back to an earlier moment of it
CHANGED = "changed"  # the reason of a run that can't be done again, as the catalogue or the engine has changed

Reason = Literal["case_over", "time_up"]


@dataclass(frozen=True, slots=True)
class Sent:
    """A command as it arrives."""

    seq: int
    command: Command
    real_ms: int = 0
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """The run afterwards: up to which command it has all of them, and the first that it did not take, with the reason."""

    row: CaseRun
    run: Run
    acknowledged: int
    refused: tuple[int, Reason] | None
    at: datetime


def start_run(user: User, case_id: str, *, mode: str, limit_minutes: int | None, seed: int, at: datetime) -> CaseRun:
    """Begin a case.

    Raises:
        NotFoundError: no such case.
        UsageError: no such mode or limit, or the case can't be played.
        SealedError: a proctored sitting of the user is under way.
        TooOftenError: they began too many in the last hour.
    """
    if mode not in CaseRun.MODES:
        raise UsageError(f'the mode is "{mode[:20]}"; it must be practice or exam')
    if limit_minutes is not None and limit_minutes not in LIMITS_MINUTES:
        raise UsageError(f"the limit is {limit_minutes} minutes; it must be {' or '.join(map(str, LIMITS_MINUTES))}, or none")
    file = case_file(case_id)
    _see_may_begin(user, at)
    text, catalogue = case_text(case_id), current_orders().catalogue
    case = compiled(case_id, text, None, catalogue)
    run = Run(case, seed=seed)
    with one_write():
        return CaseRun.objects.create(
            user=user,
            case_id=file.id,
            title=file.title,
            case_hash=case.digest,
            case_text=text,
            catalogue_digest=catalogue.digest,
            semantics=str(SEMANTICS),
            seed=seed,
            variant=run.variant or "",
            mode=mode,
            limit_minutes=limit_minutes,
            started_at=at,
        )


def own_run(user: User, run_id: UUID) -> CaseRun:
    """A run of this person.

    Raises:
        NotFoundError: there is none of theirs.
    """
    row = CaseRun.objects.filter(pk=run_id, user=user).defer("case_text").first()
    if row is None:
        raise NotFoundError(f"there is no run {run_id} of a case of yours")
    return row


def see_open_to_play(row: CaseRun, at: datetime) -> None:
    """Practice rests while a proctored sitting of the same person is under way; and where that has cases, so does an exam that
    was begun before, since the same case may be in it.

    Raises:
        SealedError: one is.
    """
    if row.sitting_id is not None or row.ended_at is not None:
        return
    sealing = sealing_sitting(row.user_id, at)
    if sealing is not None and (row.mode == "practice" or sealing.delivery_form().cases):
        see_unsealed(row.user_id, at)


def see_by_itself(row: CaseRun) -> None:
    """A case of a sitting is played by the sitting's road alone, which keeps its clock and its log.

    Raises:
        ConflictError: it is one.
    """
    if row.sitting_id is not None:
        raise ConflictError("this case is part of a sitting, and is played there")


def do_commands(user: User, run_id: UUID, sent: Sequence[Sent], *, at: datetime) -> Done:
    """Do commands in the order of their numbers. Sending the same again changes nothing.

    The first command that is not taken, as the time is up or the case over, ends the call; what came before it is kept.

    Raises:
        NotFoundError: no such run of theirs.
        SealedError: a proctored sitting is under way.
        CommandGapError, CommandDiffersError: the numbers don't fit what is there; nothing of the call is kept.
        LogFullError: the run has as many commands as it can hold.
        CaseChangedError: the catalogue or the engine has changed since.
    """
    row = own_run(user, run_id)
    see_by_itself(row)
    see_open_to_play(row, at)
    if not is_kept(run_id):
        replayed(row)  # outside of the transaction, as a first replay takes long
    with one_write():
        row = CaseRun.objects.select_for_update().defer("case_text").get(pk=run_id)
        run, n = replayed(row)
        n = _shut(row, run, n, at)
        late = _first_after_end(row, [one for one in sent if one.seq <= n])
        if late is None:
            n, refused = _take(row, run, n, [one for one in sent if one.seq > n], at)
        else:
            refused = (late, "case_over")
        if run.is_over and row.ended_at is None:
            _finish(row, run, at)
    remember(row.pk, n, run)
    return Done(row, run, n, refused, at)


def close_run(user: User, run_id: UUID, *, at: datetime) -> Done:
    """Go to the final orders of an exam: from now on two minutes, and no clock. In practice nothing needs to be kept."""
    row = own_run(user, run_id)
    see_by_itself(row)
    replayed(row)
    with one_write():
        row = CaseRun.objects.select_for_update().defer("case_text").get(pk=run_id)
        run, n = replayed(row)
        n = _shut(row, run, n, at)
        if row.mode == "exam" and row.ended_at is None and not row.is_closing(at):
            row.closing_at = at
            row.save(update_fields=["closing_at"])
    remember(row.pk, n, run)
    return Done(row, run, n, None, at)


def settled(user: User, run_id: UUID, *, at: datetime) -> CaseRun:
    """A run of this person; an exam whose time has passed is ended first."""
    row = own_run(user, run_id)
    return _settle(row, at) if row.sitting_id is None and _is_past(row, at) else row


def settle_all(user: User, *, at: datetime) -> None:
    """End the person's exams whose time has passed."""
    for row in CaseRun.objects.filter(user=user, mode="exam", ended_at__isnull=True, sitting__isnull=True):
        if _is_past(row, at):
            _settle(row, at)


def fork_run(user: User, run_id: UUID, *, after: int | None, at_s: int | None = None, at: datetime) -> CaseRun:
    """A new practice run that begins as this one did: with its first `after` commands, or as it was at `at_s`.

    A practice run that still goes on is left by this, and gets no score.

    Raises:
        NotFoundError: no such run of theirs.
        UsageError: no such moment.
        ConflictError: an exam that goes on, or a moment at which the case was over.
        SealedError: a proctored sitting is under way.
        CaseChangedError: the catalogue or the engine has changed since.
    """
    parent = settled(user, run_id, at=at)
    see_given_out(parent)
    if parent.mode == "exam" and parent.ended_at is None:
        raise ConflictError("in an exam nothing is taken back")
    _see_may_begin(user, at)
    case = case_of(parent)
    begun = commands_until(case, parent.seed, played_rows(parent), after=after, at_s=at_s)
    with one_write():
        if parent.ended_at is None:
            _end(parent, reason=LEFT, at=at)
        child = _child_of(parent, begun.n_of_parent, at)
        CaseCommand.objects.bulk_create(
            CaseCommand(
                run=child, seq=seq, command=command_as_json(one.command), at_s=one.at_s, typed=one.typed, received_at=at
            )
            for seq, one in enumerate(begun.steps, start=1)
        )
    return child


def _child_of(parent: CaseRun, forked_after: int, at: datetime) -> CaseRun:
    return CaseRun.objects.create(
        user_id=parent.user_id,
        case_id=parent.case_id,
        title=parent.title,
        case_hash=parent.case_hash,
        case_text=parent.case_text,
        catalogue_digest=parent.catalogue_digest,
        semantics=parent.semantics,
        seed=parent.seed,
        variant=parent.variant,
        mode="practice",
        limit_minutes=parent.limit_minutes if parent.mode == "practice" else None,
        started_at=at,
        parent=parent,
        forked_after=forked_after,
    )


def _see_may_begin(user: User, at: datetime) -> None:
    see_unsealed(user.pk, at)
    most = MAX_BEGUN_AN_HOUR_LOCAL if settings.IS_LOCAL else MAX_BEGUN_AN_HOUR
    if CaseRun.objects.filter(user=user, started_at__gt=at - HOUR)[:most].count() >= most:
        raise TooOftenError(f"you have begun {most} cases within an hour, which is all that can be; go on with one of them")


def _first_after_end(row: CaseRun, sent: Sequence[Sent]) -> int | None:
    """All of these are kept already; or they come from one who did not know yet that the end came before: the first of those.

    Raises:
        CommandDiffersError: another command is kept under a number.
    """
    kept: dict[int, dict[str, Any]] = {}
    if sent:
        kept = dict(row.commands.filter(seq__in=[one.seq for one in sent]).values_list("seq", "command"))
    for one in sent:
        if kept[one.seq] == command_as_json(one.command):
            continue
        if kept[one.seq]["do"] == "end":
            return one.seq
        raise CommandDiffersError(f"command {one.seq} is kept already, and is another one; read how the run stands")
    return None


def _take(row: CaseRun, run: Run, n: int, sent: Sequence[Sent], at: datetime) -> tuple[int, tuple[int, Reason] | None]:
    """Do what is new, and write it down; answers how many commands there are now, and the first that was not taken."""
    refused: tuple[int, Reason] | None = None
    fresh = []
    for one in sent:
        if one.seq != n + 1:
            raise CommandGapError(f"command {one.seq} came, and the run has {n}; send those between first")
        reason = _not_taken(row, run, one.command, at)
        if reason is not None:
            refused = (one.seq, reason)
            break
        if one.seq > MAX_COMMANDS:
            raise LogFullError(f"a run holds at most {MAX_COMMANDS:,} commands")
        fresh.append(_row(row, one, at_s=run.now_s, at=at))
        run.do(one.command)
        n += 1
    CaseCommand.objects.bulk_create(fresh)
    return n, refused


def _not_taken(row: CaseRun, run: Run, command: Command, at: datetime) -> Reason | None:
    if row.ended_at is not None or run.is_over:
        return "case_over"
    if row.is_closing(at) and command_as_json(command)["do"] not in FINAL_VERBS:
        return "time_up"
    return None


def _row(row: CaseRun, sent: Sent, *, at_s: int, at: datetime) -> CaseCommand:
    told = command_as_json(sent.command)
    return CaseCommand(run=row, seq=sent.seq, command=told, at_s=at_s, real_ms=sent.real_ms, typed=sent.typed, received_at=at)


def _is_past(row: CaseRun, at: datetime) -> bool:
    shuts_at = row.shuts_at()
    return row.ended_at is None and shuts_at is not None and at >= shuts_at


def _settle(row: CaseRun, at: datetime) -> CaseRun:
    try:
        replayed(row)
    except CaseChangedError:
        with one_write():
            _end(row, reason=CHANGED, at=at)
        return row
    with one_write():
        row = CaseRun.objects.select_for_update().defer("case_text").get(pk=row.pk)
        run, n = replayed(row)
        n = _shut(row, run, n, at)
    remember(row.pk, n, run)
    return row


def _shut(row: CaseRun, run: Run, n: int, at: datetime) -> int:
    """End an exam whose time has passed, as of when it passed: the end is a command like any other, so that replay has it."""
    shuts_at = row.shuts_at()
    if shuts_at is None or not _is_past(row, at):
        return n
    if not run.is_over:
        n += 1
        real_ms = int((shuts_at - row.started_at).total_seconds() * 1000)
        _row(row, Sent(n, End(None), real_ms), at_s=run.now_s, at=at).save(force_insert=True)
        run.do(End(None))
    _finish(row, run, shuts_at)
    return n


def _finish(row: CaseRun, run: Run, at: datetime) -> None:
    """The end, with its score."""
    assert run.end is not None
    judged = score(run.case, run.history)
    row.percent, row.band = judged.percent, judged.band
    row.diagnosis = (run.end.diagnosis or "")[:300]
    reason: str = run.end.reason
    if reason == "candidate" and row.limit_at is not None and row.closes_at() == row.limit_at and at >= row.limit_at:
        reason = "limit"
    _end(row, reason=reason, at=at)


def _end(row: CaseRun, *, reason: str, at: datetime) -> None:
    row.ended_at, row.end_reason = at, reason
    row.save(update_fields=["ended_at", "end_reason", "percent", "band", "diagnosis"])
