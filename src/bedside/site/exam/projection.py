"""What is made of a sitting's events and can be made again at any time: its state, its responses, its flags."""

from __future__ import annotations

from collections.abc import Iterable

from bedside.delivery import Ended, Form, MadeVoid, Sitting, responses
from bedside.site.exam.models import Response, SittingItem
from bedside.site.exam.models import Sitting as SittingRow

_FIELDS = ["choice", "correct", "ms", "changes", "confidence", "answered_at"]


def project_state(row: SittingRow, state: Sitting) -> None:
    """Write where the fold stands into the sitting's own row; the caller saves it."""
    row.state = state.state
    row.block = state.open_block
    row.deadline = state.deadline
    row.ended_at = state.phase.at if isinstance(state.phase, Ended | MadeVoid) else None
    row.n_answered = len(state.answers)
    row.is_disclosed = len(state.disclosed) >= row.n_items


def project_items(row: SittingRow, form: Form, state: Sitting, items: Iterable[str] | None = None) -> None:
    """Make the responses and flags of these items, or of all, what the fold says."""
    wanted = {item.item: item for item in _items(row, items)}
    made = {made.item: made for made in _responses(row, form, state, wanted)}
    row.responses.filter(item__in=wanted.keys() - made.keys()).delete()
    Response.objects.bulk_create(made.values(), update_conflicts=True, unique_fields=["sitting", "item"], update_fields=_FIELDS)
    for name, item in wanted.items():
        work = state.work.get(name)
        is_flagged = work is not None and work.is_flagged
        if item.is_flagged != is_flagged:
            item.is_flagged = is_flagged
            item.save(update_fields=["is_flagged"])


def _items(row: SittingRow, items: Iterable[str] | None) -> list[SittingItem]:
    found = row.items.all() if items is None else row.items.filter(item__in=list(items))
    return list(found)


def _responses(row: SittingRow, form: Form, state: Sitting, wanted: dict[str, SittingItem]) -> list[Response]:
    answered = {item: state.answers[item] for item in wanted if item in state.answers}
    if not answered:
        return []
    keys = {item: tuple(wanted[item].key) if item in wanted else () for item in state.answers}
    return [
        Response(
            sitting=row,
            user_id=row.user_id,
            item=response.item,
            version=response.version,
            item_version_id=wanted[response.item].item_version_id,
            block=response.block,
            position=response.position,
            options="".join(response.options),
            choice="".join(response.choice),
            correct=response.correct,
            ms=response.ms,
            changes=response.changes,
            confidence=response.confidence or "",
            mode=row.mode,
            answered_at=response.answered_at,
        )
        for response in responses(form, state, keys)
        if response.item in answered
    ]
