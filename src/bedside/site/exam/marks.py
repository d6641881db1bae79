"""The marks of a sitting, out of the programme's edition, fixed when it is made."""

from __future__ import annotations

from decimal import Decimal

from bedside.delivery import Marking, MarkRule, PartialRule, decimal_text
from bedside.programme import ItemForm, StepEdition, Unknown
from bedside.programme import Marking as PublishedMarking

# kinds of item that a form can hold, as the delivery names them
DELIVERED = {
    ItemForm.ONE_BEST_ANSWER: "one_best_answer",
    ItemForm.MULTIPLE_SELECT: "multiple_select",
    ItemForm.NUMERIC: "numeric",
}


def marking_of(edition: StepEdition | None) -> tuple[Marking, tuple[str, ...]]:
    """The rule of each kind of item that is delivered, and the titles of those whose marks no source states.

    Those count 1 for a right answer and nothing else, as does a kind that the marking doesn't name.
    """
    rules: dict[str, MarkRule] = {}
    unknown: list[str] = []
    for kind in edition.item_kinds if edition else ():
        name = DELIVERED.get(kind.form)
        if name is None or edition is None:
            continue
        published = next((mark for mark in edition.marking if kind.code in mark.kinds), None)
        rule = None if published is None else _rule(published)
        if rule is None:
            unknown.append(kind.title)
        rules.setdefault(name, rule or MarkRule())
    return rules, tuple(unknown)


def _rule(mark: PublishedMarking) -> MarkRule | None:
    figures = (mark.correct, mark.wrong, mark.blank)
    if any(isinstance(figure, Unknown) for figure in figures):
        return None
    correct, wrong, blank = (decimal_text(Decimal(str(figure))) for figure in figures)
    if mark.partial is None:
        return MarkRule(correct, wrong, blank)
    parts = (mark.partial.per_right_option, mark.partial.any_wrong_option)
    return MarkRule(correct, wrong, blank, PartialRule(*(decimal_text(Decimal(str(one))) for one in parts)))
