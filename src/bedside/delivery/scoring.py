"""From answers to marks: one sitting, its keys and its rules of marking give one score, to the byte, on every machine.

Marks are exact decimals, added without rounding, and written in one way. An item counts by the rule of its kind:

- no answer, or one that was taken back: `blank`;
- the whole key: `correct`. Where a one-best-answer item has several letters as its key, any one of them is right: that is what
  a key becomes when two answers must both be accepted;
- a part of the key of a multiple-select item, where the rule gives credit for a part: `per_right_option` for each right option
  chosen while no wrong one is, and `any_wrong_option` once one is;
- anything else: `wrong`.

An item that is dropped counts by the policy named with it, whatever was answered: for nothing at all, or fully for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bedside.delivery.canonical_json import canonical, decimal_text, digest
from bedside.delivery.form import Form, FormItem
from bedside.delivery.key import Key
from bedside.delivery.state import Answer, Sitting
from bedside.errors import UsageError

FORMAT = "bedside-score/1"

# nine digits before and nine behind the point: sums over the largest form stay exact within Decimal's 28 digits
_MARKS = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,9})?")


def _see_marks(*texts: object) -> None:
    for text in texts:
        if not isinstance(text, str) or not _MARKS.fullmatch(text):
            raise UsageError(f'"{text}" are no marks: write a decimal such as 4, -1 or 0.25')


class Drop(StrEnum):
    """What becomes of an item that is taken out of the scoring. The policy is the exam's, and named where it is used."""

    NOT_COUNTED = "not_counted"  # neither its marks nor its maximum count, for anybody
    FULL_MARKS = "full_marks"  # everybody gets the marks of a right answer, whatever they chose


class Outcome(StrEnum):
    """What an item came to."""

    RIGHT = "right"
    WRONG = "wrong"
    PARTIAL = "partial"
    BLANK = "blank"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class PartialRule:
    """Credit for a part of a multiple-select item, in marks as decimal text."""

    per_right_option: str  # for each right option chosen, while none is wrong
    any_wrong_option: str  # once a wrong option is chosen

    def __post_init__(self) -> None:
        _see_marks(self.per_right_option, self.any_wrong_option)


@dataclass(frozen=True, slots=True)
class MarkRule:
    """The marks of an item of one kind, as decimal text: `"4"`, `"-0.25"`."""

    correct: str = "1"
    wrong: str = "0"
    blank: str = "0"
    partial: PartialRule | None = None

    def __post_init__(self) -> None:
        _see_marks(self.correct, self.wrong, self.blank)


Marking = Mapping[str, MarkRule]  # by the kind of the item in the form
ONE_OR_NONE = MarkRule()  # the rule of a kind that the marking does not name


@dataclass(frozen=True, slots=True)
class ItemScore:
    """One item's marks."""

    item: str
    version: int
    block: int  # from 1
    position: int  # in the form, from 1
    outcome: Outcome
    marks: Decimal
    max_marks: Decimal
    drop: Drop | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "item": self.item,
            "version": self.version,
            "block": self.block,
            "position": self.position,
            "outcome": self.outcome.value,
            "marks": decimal_text(self.marks),
            "max_marks": decimal_text(self.max_marks),
            "drop": self.drop.value if self.drop else None,
        }


@dataclass(frozen=True, slots=True)
class Score:
    """The marks of a whole sitting, and what each item came to."""

    items: tuple[ItemScore, ...]  # in the order of the form

    @property
    def marks(self) -> Decimal:
        return sum((item.marks for item in self.items), Decimal(0))

    @property
    def max_marks(self) -> Decimal:
        return sum((item.max_marks for item in self.items), Decimal(0))

    @property
    def n_items(self) -> int:
        return len(self.items)

    @property
    def n_right(self) -> int:
        return self._n(Outcome.RIGHT)

    @property
    def n_wrong(self) -> int:
        return self._n(Outcome.WRONG)

    @property
    def n_partial(self) -> int:
        return self._n(Outcome.PARTIAL)

    @property
    def n_blank(self) -> int:
        return self._n(Outcome.BLANK)

    @property
    def n_dropped(self) -> int:
        return self._n(Outcome.DROPPED)

    def _n(self, outcome: Outcome) -> int:
        return sum(item.outcome is outcome for item in self.items)

    def totals(self) -> dict[str, Any]:
        """The score without its items, as JSON."""
        return {
            "format": FORMAT,
            "marks": decimal_text(self.marks),
            "max_marks": decimal_text(self.max_marks),
            "n_items": self.n_items,
            "n_right": self.n_right,
            "n_wrong": self.n_wrong,
            "n_partial": self.n_partial,
            "n_blank": self.n_blank,
            "n_dropped": self.n_dropped,
        }

    def as_dict(self) -> dict[str, Any]:
        """The score as JSON; marks are decimal text."""
        return {**self.totals(), "items": [item.as_dict() for item in self.items]}

    def as_bytes(self) -> bytes:
        """The score in canonical JSON: the same bytes wherever the same sitting is scored by the same keys and rules."""
        return canonical(self.as_dict())

    @property
    def digest(self) -> str:
        """The SHA-256 of `as_bytes`."""
        return digest(self.as_dict())


def score(
    form: Form, sitting: Sitting, keys: Mapping[str, Key], marking: Marking, *, dropped: Mapping[str, Drop] | None = None
) -> Score:
    """The score of a sitting.

    `keys` holds the key of every item of the form that is not in `dropped`; a kind that `marking` does not name counts
    1 for a right answer and 0 for a wrong or no answer.

    Raises:
        UsageError: an item that counts has no key; names it.
    """
    drops = dropped or {}
    found: list[ItemScore] = []
    for block, items in enumerate((block.items for block in form.blocks), start=1):
        for item in items:
            rule = marking.get(item.kind, ONE_OR_NONE)
            drop = drops.get(item.id)
            if drop is None and item.id not in keys:
                raise UsageError(f'there is no key for item "{item.id}" of the form')
            judged = _dropped(rule, drop) if drop else _judged(item, keys[item.id], rule, sitting.answers.get(item.id))
            found.append(
                ItemScore(
                    item=item.id,
                    version=item.version,
                    block=block,
                    position=len(found) + 1,
                    outcome=judged.outcome,
                    marks=judged.marks,
                    max_marks=judged.max_marks,
                    drop=drop,
                )
            )
    return Score(tuple(found))


def marking_as_dict(marking: Marking) -> dict[str, Any]:
    """Rules of marking as JSON; `marking_from_dict` reads them back."""
    return {
        kind: {
            "correct": rule.correct,
            "wrong": rule.wrong,
            "blank": rule.blank,
            "partial": rule.partial
            and {"per_right_option": rule.partial.per_right_option, "any_wrong_option": rule.partial.any_wrong_option},
        }
        for kind, rule in marking.items()
    }


def marking_from_dict(data: Mapping[str, Any]) -> Marking:
    """The rules that `marking_as_dict` wrote.

    Raises:
        UsageError: a rule lacks a part, has one too many, or marks that are no decimal.
    """
    found = {}
    for kind, rule in data.items():
        try:
            partial = rule["partial"]
            found[kind] = MarkRule(
                rule["correct"], rule["wrong"], rule["blank"], None if partial is None else PartialRule(**partial)
            )
        except (KeyError, TypeError):
            raise UsageError(f'the marking of "{kind}" must have correct, wrong, blank and partial') from None
    return found


@dataclass(frozen=True, slots=True)
class _Judged:
    outcome: Outcome
    marks: Decimal
    max_marks: Decimal = field(default=Decimal(0))


def _dropped(rule: MarkRule, drop: Drop) -> _Judged:
    match drop:
        case Drop.NOT_COUNTED:
            return _Judged(Outcome.DROPPED, Decimal(0))
        case Drop.FULL_MARKS:
            return _Judged(Outcome.DROPPED, Decimal(rule.correct), Decimal(rule.correct))


def _judged(item: FormItem, key: Key, rule: MarkRule, answer: Answer | None) -> _Judged:
    full = Decimal(rule.correct)
    if answer is None:
        return _Judged(Outcome.BLANK, Decimal(rule.blank), full)
    if _is_right(item, key, answer):
        return _Judged(Outcome.RIGHT, full, full)
    if item.kind == "multiple_select" and rule.partial:
        if set(answer.choice) - set(key.options):
            return _Judged(Outcome.WRONG, Decimal(rule.partial.any_wrong_option), full)
        return _Judged(Outcome.PARTIAL, len(answer.choice) * Decimal(rule.partial.per_right_option), full)
    return _Judged(Outcome.WRONG, Decimal(rule.wrong), full)


def _is_right(item: FormItem, key: Key, answer: Answer) -> bool:
    if item.kind == "one_best_answer":
        return bool(answer.choice) and set(answer.choice) <= set(key.options)
    return key.is_right(answer)
