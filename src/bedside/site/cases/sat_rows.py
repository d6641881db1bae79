"""The rows of runs of a sitting: projections of its events, made when they are needed and whenever the events say otherwise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bedside.cases import Run, score
from bedside.delivery import BlockRun, CaseWork, ClockStopped, Form, InBlock, Sitting
from bedside.errors import NotFoundError
from bedside.site.cases.models import CaseRun, CaseText
from bedside.site.cases.replays import case_of, compiled
from bedside.site.cases.sat_runs import course, fold_of
from bedside.site.cases.stock import current_orders
from bedside.site.database import one_write
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.problems import CaseChangedError

CHANGED = "changed"  # the reason of a run that can't be done again, as the catalogue or the engine has changed


def kept_run(sitting: SittingRow, form: Form, state: Sitting, block: int) -> CaseRun:
    """The run of a case whose block has been opened, made where it is not there yet, with what the fold says of it."""
    row = CaseRun.objects.filter(sitting=sitting, block=block).defer("case_text").first()
    if row is None:
        with one_write():
            row = _made(sitting, form, state, block)
    project_one(row, form, state)
    return row


def project_one(row: CaseRun, form: Form, state: Sitting) -> None:
    """Write the times and the end of a run as the fold has them; the score is left to when keys are given out."""
    assert row.block is not None
    work = state.cases.get(form.cases[row.block].id, CaseWork())
    closed = closed_block(state, row.block)
    opened_at = opened_at_of(state, row.block)
    reason = row.end_reason
    if closed is None:
        reason = ""
    elif not reason:
        reason = end_reason(row, form, state)
    fields: dict[str, Any] = {
        "started_at": opened_at or row.started_at,
        "closing_at": work.closing_at,
        "ended_at": closed.closed_at if closed else None,
        "end_reason": reason,
    }
    changed = [name for name, value in fields.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, fields[name])
    if changed:
        row.save(update_fields=changed)


def end_reason(row: CaseRun, form: Form, state: Sitting) -> str:
    """Why the course of a case whose block is closed came to its end."""
    assert row.sitting is not None
    assert row.block is not None
    closed = closed_block(state, row.block)
    if state.cases.get(row.case_id, CaseWork()).is_over or closed is None or closed.closed_by != "clock":
        try:
            run, _ = course(case_of(row), row.sitting, form, state, row.block)
        except CaseChangedError:
            return CHANGED
        return run.end.reason if run.end else CHANGED
    return "limit"


def score_runs(sitting: SittingRow) -> list[CaseRun]:
    """The runs of all cases that were opened, in the order of the form, with their scores written. Call it when the sitting's
    keys are given out, inside the transaction that locked it."""
    form, state = fold_of(sitting)
    rows = []
    for block in form.cases:
        if opened_at_of(state, block) is None:
            continue
        row = kept_run(sitting, form, state, block)
        row.end_reason = end_reason(row, form, state)
        found = score_of(row, form, state)
        if found is not None:
            row.percent, row.band, row.diagnosis = found
        row.save(update_fields=["percent", "band", "diagnosis", "end_reason"])
        rows.append(row)
    return rows


def score_of(row: CaseRun, form: Form, state: Sitting) -> tuple[float, str, str] | None:
    """Per cent, band and diagnosis of a case of a sitting by its log; None where the catalogue or the engine has changed."""
    assert row.sitting is not None
    assert row.block is not None
    try:
        run, _ = course(case_of(row), row.sitting, form, state, row.block)
    except CaseChangedError:
        return None
    judged = score(run.case, run.history)
    return judged.percent, judged.band, ((run.end.diagnosis if run.end else None) or "")[:300]


def _made(sitting: SittingRow, form: Form, state: Sitting, block: int) -> CaseRun:
    told = form.cases[block]
    opened_at = opened_at_of(state, block)
    kept = CaseText.objects.filter(pk=told.digest).first()
    if opened_at is None or kept is None:
        raise NotFoundError(
            f"the text of the case in block {block} of sitting {sitting.pk} is not kept here, or it was not opened"
        )
    catalogue = current_orders().catalogue
    case = compiled(told.id, kept.text, None, catalogue)
    limit_ms = form.limit_ms(block)
    row, _ = CaseRun.objects.get_or_create(
        sitting=sitting,
        block=block,
        defaults={
            "user_id": sitting.user_id,
            "case_id": told.id,
            "title": case.file.title,
            "case_hash": case.digest,
            "case_text": kept.text,
            "catalogue_digest": told.catalogue,
            "semantics": told.semantics,
            "seed": told.seed,
            "variant": Run(case, seed=told.seed).variant or "",
            "mode": "exam",
            "limit_minutes": None if limit_ms is None else round((limit_ms - form.final_ms(block)) / 60_000),
            "started_at": opened_at,
        },
    )
    return row


def opened_at_of(state: Sitting, block: int) -> datetime | None:
    """When a block was opened, or None."""
    closed = closed_block(state, block)
    if closed is not None:
        return closed.opened_at
    match state.phase:
        case InBlock(block=number, opened_at=opened_at) if number == block:
            return opened_at
        case ClockStopped(inner=InBlock(block=number, opened_at=opened_at)) if number == block:
            return opened_at
        case _:
            return None


def closed_block(state: Sitting, block: int) -> BlockRun | None:
    return next((run for run in state.blocks if run.block == block), None)
