"""The standard of a step on the scale of a forecast, a share of items right, where its programme publishes one on that scale.

A standard in marks is on it only where each right answer brings a mark, nothing else does, and the number of items is known.
"""

from __future__ import annotations

from bedside.programme import Standard, StandardKind, StepEdition, Unknown
from bedside.site.exam.marks import marking_of


def standard_share(edition: StepEdition | None) -> float | None:
    """The share of items right, 0 to 1, that the step's standard for everyone asks for; None where it is on another scale."""
    standard = edition.standard if edition else None
    return share_asked(standard, n_items_scored(edition)) if standard else None


def n_items_scored(edition: StepEdition | None) -> int | None:
    """How many items bring a mark each over all days; None where it is not published, or marks are not counted so."""
    return _n_items(edition) if edition and _counts_right_answers(edition) else None


def share_asked(standard: Standard, n_items: int | None) -> float | None:
    """The share of items that the standard asks for; None where it is on another scale."""
    if standard.kind is not StandardKind.RAW_SCORE or n_items is None:
        return None
    if standard.score is None or isinstance(standard.score, Unknown) or not 0 <= standard.score <= n_items:
        return None
    return float(standard.score) / n_items


def _counts_right_answers(edition: StepEdition) -> bool:
    rules, unknown = marking_of(edition)
    return bool(rules) and not unknown and all(_is_one_mark(rule.correct, rule.wrong, rule.blank) for rule in rules.values())


def _is_one_mark(correct: str, wrong: str, blank: str) -> bool:
    return (float(correct), float(wrong), float(blank)) == (1.0, 0.0, 0.0)


def _n_items(edition: StepEdition) -> int | None:
    """How many items the whole step has, over all its days; None where a form does not say it."""
    counts = [form.n_items for form in edition.forms]
    total = sum(0 if isinstance(n, Unknown) else n for n in counts)
    return None if any(isinstance(n, Unknown) for n in counts) else total or None
