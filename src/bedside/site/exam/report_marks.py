"""Marks by the exam's own rules, beside the per cent: what was reached of what could be, with an interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bedside.delivery import (
    Estimate,
    Form,
    ItemScore,
    Marking,
    MarkRule,
    Marks,
    Outcome,
    Score,
    decimal_text,
    marking_as_dict,
    marks_interval,
)

MOVER = "MOVER of Wilson's intervals, 95%"
WITH_STUDENT = "MOVER of Wilson's and Student's intervals, 95%"
ONE_OR_NONE = MarkRule()


def marks_json(form: Form, score: Score, marking: Marking) -> dict[str, Any] | None:
    """The marks, or None where every item counts 1 for a right answer and nothing else: then the share says it all."""
    kinds = {item.id: item.kind for block in form.blocks for item in block.items}
    by_kind: dict[str, list[ItemScore]] = {}
    for one in score.items:
        by_kind.setdefault(kinds[one.item], []).append(one)
    rules = {kind: marking.get(kind, ONE_OR_NONE) for kind in sorted(by_kind)}
    if all(rule == ONE_OR_NONE for rule in rules.values()):
        return None
    found = _interval(by_kind, rules)
    is_partial = any(rule.partial for rule in rules.values())
    return {
        "marks": decimal_text(score.marks),
        "max_marks": decimal_text(score.max_marks),
        "low": round(found.low, 1),
        "high": round(found.high, 1),
        "n": found.n,
        "interval": WITH_STUDENT if is_partial else MOVER,
        "rules": marking_as_dict(rules),
    }


def _interval(by_kind: Mapping[str, Sequence[ItemScore]], rules: Mapping[str, MarkRule]) -> Estimate:
    """The interval of all marks; an item that is dropped adds what it counts for, and no doubt."""
    counted = {kind: [one for one in items if one.drop is None] for kind, items in by_kind.items()}
    found = marks_interval(
        [_counts(items, rules[kind]) for kind, items in counted.items() if not rules[kind].partial],
        partial=[[float(one.marks) for one in items] for kind, items in counted.items() if items and rules[kind].partial],
    )
    given = float(sum((one.marks for items in by_kind.values() for one in items if one.drop), Decimal(0)))
    return Estimate(found.value + given, found.low + given, found.high + given, found.n)


def _counts(items: Sequence[ItemScore], rule: MarkRule) -> Marks:
    n = {outcome: sum(one.outcome is outcome for one in items) for outcome in Outcome}
    return Marks(
        n[Outcome.RIGHT], n[Outcome.WRONG], n[Outcome.BLANK], float(rule.correct), float(rule.wrong), float(rule.blank)
    )
