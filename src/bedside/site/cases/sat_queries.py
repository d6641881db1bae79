"""What the player of a case reads of one that is part of a sitting: the same as of any run, by the sitting's clock."""

from __future__ import annotations

from typing import Any

from bedside.delivery import ClockStopped, closing_at, is_closing
from bedside.site.cases.sat import SatDone
from bedside.site.cases.showing import Shown, run_json
from bedside.site.cases.words import patient_words
from bedside.site.exam.models import at_or_none
from bedside.site.exam.queries import Standing, messages_json


def done_json(done: SatDone) -> dict[str, Any]:
    """The answer to commands."""
    refused = None if done.refused is None else {"seq": done.refused[0], "reason": done.refused[1]}
    return {"acknowledged": done.n, "refused": refused, "state": state_json(done)}


def state_json(done: SatDone) -> dict[str, Any]:
    """All that the player needs of a case of a sitting, and nothing else."""
    now, row = done.now, done.row
    phase = _phase(done)
    spent = now.at - row.started_at
    return {
        "id": row.pk,
        "case": row.case_id,
        "title": row.title,
        "mode": row.mode,
        "limit_minutes": row.limit_minutes,
        "phase": phase,
        "end_reason": row.end_reason,
        "last_seq": done.n,
        "server_time": at_or_none(now.at),
        "spent_ms": max(0, int(spent.total_seconds() * 1000)),
        "left_ms": _left_ms(now) if phase == "open" else None if phase == "ended" else 0,
        "final_ms": now.remaining_ms if phase == "closing" else None,
        "sitting": _sitting_json(done),
        "patient": patient_words(done.run.case.file),
        **run_json(done.run, Shown()),
    }


def _phase(done: SatDone) -> str:
    if done.now.state.open_block != done.row.block:
        return "ended"
    if isinstance(done.now.state.phase, ClockStopped):
        return "suspended"
    return "closing" if is_closing(done.now.form, done.now.state, done.row.case_id, done.now.at) else "open"


def _left_ms(now: Standing) -> int | None:
    """Real time until final orders."""
    until = closing_at(now.form, now.state)
    return None if until is None else max(0, int((until - now.at).total_seconds() * 1000))


def _sitting_json(done: SatDone) -> dict[str, Any]:
    blocks = list(done.now.form.cases)
    return {
        "id": str(done.row.sitting_id),
        "block": done.row.block,
        "nth": blocks.index(done.row.block or 0) + 1,
        "of": len(blocks),
        "is_proctored": done.now.row.is_proctored,
        "pace": float(done.now.form.pace),
        "messages": messages_json(done.now.state),
        "writer": None if done.now.state.writer is None else str(done.now.state.writer),
    }
