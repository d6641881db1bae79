"""The report on a sitting: what was right, with intervals, where, how long, what was changed, and every item with its reasons.

It speaks of the items as they were delivered, not as their files are today. An item without an answer counts as not right, as
in the exams themselves. There is no scale score before a linked calibration exists, and the report says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any
from uuid import UUID

from bedside.delivery import Answer, Ended, ItemWork, Share, Sitting, wilson
from bedside.programme import Axis, Programme
from bedside.site.accounts.models import User
from bedside.site.exam.models import at_or_none
from bedside.site.exam.queries import Standing, delivered_items, outline_of, standing
from bedside.site.library.delivered import IMPORTED, Delivered
from bedside.site.problems import NotFinishedError

STATUS_TEXTS: Mapping[str, str] = {
    "draft": "draft: not checked by anyone but its writer",
    "cross_checked": "cross-checked by others than its writer; not reviewed by clinicians",
    "clinician_reviewed": "reviewed by a licensed clinician",
    IMPORTED: "imported",
}
IMPORTED_FROM_ELSEWHERE = "Imported questions come from elsewhere, and nobody has checked them here."
NO_SCALE = "There is no scale score yet: that needs item statistics from many candidates, and this bank has none."
NOT_FROM_AN_EXAM = "The questions are written for practice and are not from any exam."
NO_WORK = ItemWork()


@dataclass(frozen=True, slots=True)
class Marked:
    """One item of a sitting with what was done on it."""

    item: Delivered
    position: int
    block: int
    work: ItemWork

    @property
    def answer(self) -> Answer | None:
        """The answer that stands."""
        return self.work.answer if self.work.answer and self.work.answer.choice else None

    @property
    def is_correct(self) -> bool:
        return self.answer is not None and set(self.answer.choice) == set(self.item.key)


def report_json(user: User, sitting_id: UUID, *, programmes: Mapping[str, Programme], at: datetime) -> dict[str, Any]:
    """The report as JSON; the page shows the same.

    Raises:
        NotFoundError: this user has no such sitting.
        NotFinishedError: it has not ended.
    """
    now = standing(user, sitting_id, at=at)
    if not isinstance(now.state.phase, Ended):
        raise NotFinishedError("the report is made when the sitting has ended")
    marked = _marked(now)
    row = now.row
    return {
        "id": str(row.pk),
        "programme": row.programme,
        "step": row.step,
        "mode": row.mode,
        "outline": outline_of(row, now.form),
        "filter": row.filter,
        "created_at": at_or_none(row.created_at),
        "started_at": at_or_none(now.state.blocks[0].opened_at if now.state.blocks else None),
        "ended_at": at_or_none(now.state.phase.at),
        "closed_by": now.state.blocks[-1].closed_by if now.state.blocks else None,
        "n_items": len(marked),
        "n_answered": sum(one.answer is not None for one in marked),
        "score": share_json(_share(marked)),
        "scale_score": None,
        "scale_text": NO_SCALE,
        "axes": _axes(marked, programmes.get(row.programme), row.step),
        "time": _time(marked, now.state),
        "changes": _changes(marked),
        "rests_on": _rests_on(marked),
        "items": [_item(one) for one in marked],
    }


def share_json(share: Share) -> dict[str, Any]:
    """A share with its interval, in per cent."""
    return {
        "n_correct": share.n_correct,
        "n": share.n,
        "percent": None if share.share is None else _percent(share.share),
        "low": _percent(share.low),
        "high": _percent(share.high),
        "interval": "Wilson, 95%",
    }


def change_of(history: Sequence[tuple[str, ...]], key: tuple[str, ...]) -> str | None:
    """How an answer came from its first choice to its last: `right_to_wrong` and so on; None where it never changed.

    Taking an answer back is no choice of its own.
    """
    choices = [choice for choice in history if choice]
    if len(choices) < 2:
        return None
    first, last = (set(choice) == set(key) for choice in (choices[0], choices[-1]))
    return f"{'right' if first else 'wrong'}_to_{'right' if last else 'wrong'}"


def _marked(now: Standing) -> list[Marked]:
    return [
        Marked(item, position, now.form.block_of(item.id) or 1, now.state.work.get(item.id, NO_WORK))
        for position, item in enumerate(delivered_items(now.row), start=1)
    ]


def _share(marked: Sequence[Marked]) -> Share:
    return wilson(sum(one.is_correct for one in marked), len(marked))


def _percent(share: float) -> float:
    return round(100 * share, 1)


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
    return [
        _axis(name, known.get(name), by_axis[name], n_without_code=sum(name not in one.item.codes for one in marked))
        for name in names
    ]


def _axis(name: str, axis: Axis | None, by_code: Mapping[str, Sequence[Marked]], *, n_without_code: int) -> dict[str, Any]:
    labels = axis.codes if axis else {}
    return {
        "axis": name,
        "title": axis.title if axis else name,
        "is_partition": axis.is_partition if axis else False,
        "n_without_code": n_without_code,
        "rows": [
            {"code": code, "label": labels.get(code, code), **share_json(_share(by_code[code]))}
            for code in [*(code for code in labels if code in by_code), *sorted(by_code.keys() - labels.keys())]
        ],
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
    kinds = Counter(change_of(one.work.answer.history, one.item.key) for one in marked if one.work.answer)
    names = ("right_to_wrong", "wrong_to_right", "wrong_to_wrong", "right_to_right")
    return {"n": sum(kinds[name] for name in names), **{name: kinds[name] for name in names}}


def _rests_on(marked: Sequence[Marked]) -> dict[str, Any]:
    statuses = Counter(one.item.status for one in marked)
    return {
        "collections": dict(Counter(one.item.collection for one in marked)),
        "statuses": [
            {"status": status, "text": STATUS_TEXTS.get(status, status), "n": n} for status, n in sorted(statuses.items())
        ],
        "calibration": None,
        "standard": None,
        "text": _whose(statuses),
    }


def _whose(statuses: Mapping[str, int]) -> str:
    """Whose the questions are: the bank's own word holds only for the bank's own items."""
    sentences = [NOT_FROM_AN_EXAM] if set(statuses) - {IMPORTED} else []
    return " ".join([*sentences, *([IMPORTED_FROM_ELSEWHERE] if IMPORTED in statuses else [])])


def _item(one: Marked) -> dict[str, Any]:
    item, work, answer = one.item, one.work, one.answer
    return {
        "id": item.id,
        "version": item.version,
        "content_hash": item.content_hash,
        "collection": item.collection,
        "position": one.position,
        "block": one.block,
        "kind": item.kind,
        "codes": {axis: list(codes) for axis, codes in item.codes.items()},
        "stem_html": item.stem_html,
        "lead_in_html": item.lead_in_html,
        "options": [
            {
                "letter": option.letter,
                "html": option.html,
                "is_key": option.is_key,
                "is_chosen": answer is not None and option.letter in answer.choice,
                "is_struck": option.letter in work.struck,
                "explanation_html": option.explanation_html,
            }
            for option in item.options
        ],
        "key": list(item.key),
        "choice": list(answer.choice) if answer else [],
        "is_correct": one.is_correct,
        "ms": answer.ms if answer else None,
        "confidence": answer.confidence if answer else None,
        "history": [list(choice) for choice in work.answer.history] if work.answer else [],
        "changes": work.answer.changes if work.answer else 0,
        "change": change_of(work.answer.history, item.key) if work.answer else None,
        "is_flagged": work.is_flagged,
        "note": work.note,
        "takeaways": [{"id": takeaway.id, "text": takeaway.text} for takeaway in item.takeaways],
        "sources": list(item.sources),
        "status": item.status,
        "status_text": STATUS_TEXTS.get(item.status, item.status),
    }
