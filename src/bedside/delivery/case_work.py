"""What a candidate does in a patient case of a sitting, as far as the sitting must know.

A case is opaque here: what a command means and what follows from it only the case's own engine knows, which the shell asks. The
sitting knows its block and its clock, that commands count in the order of their numbers, and which of them are final orders.
The shell writes `case_ended` when the engine says that the course is over; the clock ends a case like any other block.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction

from bedside.delivery.canonical_json import digest
from bedside.delivery.case_events import CaseClosing, CaseEnded
from bedside.delivery.day import close_case, why_closed
from bedside.delivery.event_parts import CommandFields
from bedside.delivery.events import CaseBody, Event
from bedside.delivery.form import Form
from bedside.delivery.state import (
    CaseWork,
    ClockStopped,
    InBlock,
    Reason,
    Sitting,
)
from bedside.delivery.work import open_phase

FINAL_VERBS = frozenset({"order", "cancel", "end"})  # what a command may do when only final orders are taken

_NO_WORK = CaseWork()


def work_on_case(form: Form, sitting: Sitting, event: Event, body: CaseBody) -> Sitting | Reason:
    phase = open_phase(form, sitting, event, form.block_of_case(body.case), unknown=Reason.UNKNOWN_CASE)
    if isinstance(phase, Reason):
        return phase
    work = sitting.cases.get(body.case, _NO_WORK)
    if isinstance(body, CaseClosing):
        return _close(form, sitting, phase, body, event.at)
    if body.n != work.n + 1:
        return Reason.OUT_OF_STEP
    if is_closing(form, sitting, body.case, event.at) and body.command.get("do") not in FINAL_VERBS:
        return Reason.FINAL_ORDERS_ONLY
    return _with(sitting, body.case, replace(work, n=body.n, digest=digest_after(work.digest, body.command), last_at=event.at))


def end_case(form: Form, sitting: Sitting, body: CaseEnded, at: datetime) -> Sitting | Reason:
    """The course is over. It counts only if the commands are those by which the server saw it."""
    home = form.block_of_case(body.case)
    match sitting.phase:
        case _ if home is None:
            return Reason.UNKNOWN_CASE
        case InBlock(block=block) as phase if block == home:
            pass
        case ClockStopped():
            return Reason.SUSPENDED
        case _:
            return why_closed(sitting, home)
    work = sitting.cases.get(body.case, _NO_WORK)
    if work.digest != body.after:
        return Reason.OUT_OF_STEP
    return close_case(form, _with(sitting, body.case, replace(work, is_over=True)), phase, at)


def is_closing(form: Form, sitting: Sitting, case_id: str, at: datetime) -> bool:
    """Are only final orders taken in this case at that instant? Ask while its block is open."""
    if sitting.cases.get(case_id, _NO_WORK).closing_at is not None:
        return True
    closes_at = closing_at(form, sitting)
    return closes_at is not None and at >= closes_at


def closing_at(form: Form, sitting: Sitting) -> datetime | None:
    """From when on the clock leaves the open case its final orders only; None where no clock runs."""
    phase = sitting.phase
    if not isinstance(phase, InBlock) or phase.deadline is None:
        return None
    return phase.deadline - timedelta(milliseconds=_final_ms(form, sitting, phase))


def digest_after(before: str, command: CommandFields) -> str:
    """The digest of a row of commands with one more; that of none is empty."""
    return digest([before, command])


def _close(form: Form, sitting: Sitting, phase: InBlock, body: CaseClosing, at: datetime) -> Sitting:
    if is_closing(form, sitting, body.case, at):
        return sitting
    work = sitting.cases.get(body.case, _NO_WORK)
    if sitting.total_ms is None:  # one clock over all blocks goes on as it does
        shut = at + timedelta(milliseconds=_final_ms(form, sitting, phase))
        sitting = replace(sitting, phase=replace(phase, deadline=shut if phase.deadline is None else min(shut, phase.deadline)))
    return _with(sitting, body.case, replace(work, closing_at=at))


def _final_ms(form: Form, sitting: Sitting, phase: InBlock) -> int:
    return form.final_ms(phase.block, Fraction(sitting.accommodation.time_factor))


def _with(sitting: Sitting, case_id: str, work: CaseWork) -> Sitting:
    return replace(sitting, cases={**sitting.cases, case_id: work})
