"""One item of a report: what was seen, what was chosen, what is right and why, and where it was read."""

from __future__ import annotations

from typing import Any

from bedside.delivery import decimal_text
from bedside.site.exam.marked import Marked
from bedside.site.exam.rests_on import STATUS_TEXTS


def item_json(one: Marked) -> dict[str, Any]:
    """An item whole. The key is the one that counts now; `key_delivered` says what it was, where it was changed since."""
    item, scored = one.item, one.scored
    key = one.key.options if one.key else item.key
    return {
        "id": item.id,
        "version": item.version,
        "content_hash": item.content_hash,
        "collection": item.collection,
        "position": scored.position,
        "block": scored.block,
        "kind": item.kind,
        "codes": {axis: list(codes) for axis, codes in item.codes.items()},
        "set": item.place_in_set(),
        "set_html": item.set.stimulus_html if item.set else "",
        "earlier_html": list(item.earlier_html),
        "stem_html": item.stem_html,
        "lead_in_html": item.lead_in_html,
        "options": _options(one, key),
        "key": list(key),
        "key_text": one.key.as_text() if one.key else "",
        "key_delivered": item.scoring_key.as_text() if one.is_new_key else None,
        "numeric": _numeric(one),
        **_work(one),
        "takeaways": [{"id": takeaway.id, "text": takeaway.text} for takeaway in item.takeaways],
        "sources": list(item.sources),
        "status": item.status,
        "status_text": STATUS_TEXTS.get(item.status, item.status),
    }


def _options(one: Marked, key: tuple[str, ...]) -> list[dict[str, Any]]:
    answer = one.answer
    return [
        {
            "letter": option.letter,
            "html": option.html,
            "is_key": option.letter in key,
            "is_chosen": answer is not None and option.letter in answer.choice,
            "is_struck": option.letter in one.work.struck,
            "explanation_html": option.explanation_html,
        }
        for option in one.item.options
    ]


def _numeric(one: Marked) -> dict[str, Any] | None:
    asked = one.item.answer
    if asked is None:
        return None
    return {
        "value": one.key.value if one.key else asked.value,
        "tolerance": (one.key.tolerance or "0") if one.key else asked.tolerance,
        "unit": asked.unit,
        "explanation_html": asked.explanation_html,
    }


def _work(one: Marked) -> dict[str, Any]:
    work, answer, scored = one.work, one.answer, one.scored
    return {
        "choice": list(answer.choice) if answer else [],
        "value": answer.value if answer else None,
        "is_answered": answer is not None,
        "is_correct": one.is_correct,
        "is_counted": one.counts,
        "outcome": scored.outcome.value,
        "marks": decimal_text(scored.marks),
        "max_marks": decimal_text(scored.max_marks),
        "ms": answer.ms if answer else None,
        "confidence": answer.confidence if answer else None,
        "history": [list(choice) for choice in work.answer.history] if work.answer else [],
        "changes": work.answer.changes if work.answer else 0,
        "change": one.change.value if one.change else None,
        "is_flagged": work.is_flagged,
        "note": work.note,
    }
