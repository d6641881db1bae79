"""The report on a sitting: what was right, with intervals, where, how the day went, and every item with its reasons.

It speaks of the items as they were delivered, not as their files are today, and of the keys that hold now: where a key was
changed afterwards, the newest version of the score counts and all versions are listed. An item without an answer counts as not
right, as in the exams themselves. There is no scale score before a linked calibration exists, and the report says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import UUID

from bedside.delivery import (
    Accommodation,
    Ended,
    MadeVoid,
    Outcome,
    Share,
    Sitting,
    against_all,
    findings_of,
    wilson,
)
from bedside.programme import Axis, Programme
from bedside.site.accounts.models import User
from bedside.site.exam.figures import findings_json, points_json, share_json
from bedside.site.exam.findings_words import findings_said
from bedside.site.exam.marked import Marked, Result, result_of, version_json
from bedside.site.exam.models import at_or_none
from bedside.site.exam.queries import Standing, outline_of, standing
from bedside.site.exam.report_cases import cases_json
from bedside.site.exam.report_items import item_json
from bedside.site.exam.report_marks import marks_json
from bedside.site.exam.rests_on import rests_on
from bedside.site.problems import NotFinishedError

NO_SCALE = "There is no scale score yet: that needs item statistics from many candidates, and this bank has none."
AGAINST_ALL = "Newcombe, 95% over all rows of the axis together"


def report_json(user: User, sitting_id: UUID, *, programmes: Mapping[str, Programme], at: datetime) -> dict[str, Any]:
    """The report as JSON; the page and the PDF show the same.

    Raises:
        NotFoundError: this user has no such sitting.
        NotFinishedError: it has not ended.
    """
    now = standing(user, sitting_id, at=at)
    phase = now.state.phase
    if not isinstance(phase, Ended):
        if isinstance(now.state.phase, MadeVoid):
            raise NotFinishedError("the sitting was made void by a proctor, and has no report")
        raise NotFinishedError("the report is made when the sitting has ended")
    result = result_of(now.row, now.form, now.state)
    programme = programmes.get(now.row.programme)
    return {
        **_frame(now, phase.at),
        **_score(now, result),
        "axes": _axes(result.counted, programme, now.row.step),
        "time": _time(result.items, now.state),
        "changes": _changes(result.counted),
        "findings": _findings(now, result),
        "cases": cases_json(now),
        "rests_on": rests_on(now.row, now.form, result, programme, on=_day_of(now)),
        "items": [item_json(one) for one in result.items],
    }


def _day_of(now: Standing) -> date:
    """The day on which the sitting was begun, UTC."""
    return (now.state.blocks[0].opened_at if now.state.blocks else now.row.created_at).date()


def _frame(now: Standing, ended_at: datetime) -> dict[str, Any]:
    row, state = now.row, now.state
    return {
        "id": str(row.pk),
        "programme": row.programme,
        "step": row.step,
        "day": row.day,
        "mode": row.mode,
        "clock": row.clock,
        "proctored": row.is_proctored,
        "outline": outline_of(row, now.form),
        "accommodation": _accommodation(state.accommodation),
        "filter": row.filter,
        "created_at": at_or_none(row.created_at),
        "started_at": at_or_none(state.blocks[0].opened_at if state.blocks else None),
        "ended_at": at_or_none(ended_at),
        "closed_by": state.blocks[-1].closed_by if state.blocks else None,
    }


def _accommodation(given: Accommodation) -> dict[str, Any]:
    return {
        "time_factor": given.time_factor,
        "extra_break_s": given.extra_break_s,
        "stop_clock_s": given.stop_clock_s,
    }


def _score(now: Standing, result: Result) -> dict[str, Any]:
    versions = [*result.versions, None]
    return {
        "n_items": len(result.items),
        "n_answered": sum(one.answer is not None for one in result.items),
        "score": share_json(_share(result.counted)),
        "marks": marks_json(now.form, result.score, result.marking),
        "n_wrong": sum(one.scored.outcome in {Outcome.WRONG, Outcome.PARTIAL} for one in result.items),
        "n_blank": result.score.n_blank,
        "n_dropped": result.score.n_dropped,
        "score_digest": result.score.digest,
        "scale_score": None,
        "scale_text": NO_SCALE,
        "versions": [version_json(one, before) for one, before in pairwise(versions) if one],
    }


def _share(marked: Sequence[Marked]) -> Share:
    return wilson(sum(one.is_correct for one in marked), len(marked))


def _axes(marked: Sequence[Marked], programme: Programme | None, step_name: str) -> list[dict[str, Any]]:
    """Shares by the codes that the items were delivered with; names and order are the programme's, where it still has them."""
    step = programme.step(step_name) if programme else None
    by_axis: dict[str, dict[str, list[Marked]]] = {}
    for one in marked:
        for axis, codes in one.item.codes.items():
            for code in codes:
                by_axis.setdefault(axis, {}).setdefault(code, []).append(one)
    known = {axis.name: axis for axis in step.axes} if step else {}
    names = [*(name for name in known if name in by_axis), *sorted(by_axis.keys() - known.keys())]
    return [_axis(name, known.get(name), by_axis[name], marked) for name in names]


def _axis(
    name: str, axis: Axis | None, by_code: Mapping[str, Sequence[Marked]], everything: Sequence[Marked]
) -> dict[str, Any]:
    labels, whole = axis.codes if axis else {}, _share(everything)
    codes = [*(code for code in labels if code in by_code), *sorted(by_code.keys() - labels.keys())]
    return {
        "axis": name,
        "title": axis.title if axis else name,
        "is_partition": axis.is_partition if axis else False,
        "n_without_code": sum(name not in one.item.codes for one in everything),
        "rows": [
            {"code": code, "label": labels.get(code, code), **_area(_share(by_code[code]), whole, n_rows=len(codes))}
            for code in codes
        ],
    }


def _area(area: Share, whole: Share, *, n_rows: int) -> dict[str, Any]:
    against = against_all(area, whole, n_rows=n_rows)
    return {
        **share_json(area),
        "against_all": points_json(against.difference, AGAINST_ALL) if against else None,
        "word": against.word.value if against and against.word else None,
    }


def _time(marked: Sequence[Marked], state: Sitting) -> dict[str, Any]:
    spent = [one.answer.ms for one in marked if one.answer]
    return {
        "used_ms": sum(run.used_ms for run in state.blocks),
        "on_answered_items_ms": sum(spent),
        "median_ms": int(median(spent)) if spent else None,
        "longest_ms": max(spent, default=None),
    }


def _changes(marked: Sequence[Marked]) -> dict[str, int]:
    kinds = Counter(one.change.value for one in marked if one.change)
    names = ("right_to_wrong", "wrong_to_right", "wrong_to_wrong", "right_to_right")
    return {"n": sum(kinds[name] for name in names), **{name: kinds[name] for name in names}}


def _findings(now: Standing, result: Result) -> dict[str, Any]:
    found = findings_json(findings_of(now.form, now.state, [one.worked for one in result.items if one.worked]), now.form)
    return {**found, "said": findings_said(found)}
