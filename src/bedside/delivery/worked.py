"""What a candidate did on each item of a sitting, as the findings of a rehearsal read it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from fractions import Fraction

from bedside.delivery.event_parts import Confidence
from bedside.delivery.form import Form, FormItem
from bedside.delivery.key import Key
from bedside.delivery.state import Answer, BlockRun, Sitting


class Change(StrEnum):
    """How an answer came from its first choice to its last."""

    RIGHT_TO_WRONG = "right_to_wrong"
    WRONG_TO_RIGHT = "wrong_to_right"
    WRONG_TO_WRONG = "wrong_to_wrong"
    RIGHT_TO_RIGHT = "right_to_right"


@dataclass(frozen=True, slots=True)
class Worked:
    """One item of a sitting. `at` is when its answer was given, or when its block closed without one.

    `left_ms` is what its block's clock still held then, None without a clock. `n_options` is 0 for an item that has none to
    choose one from.
    """

    item: str
    position: int  # in the form, from 1
    block: int  # from 1
    n_options: int
    is_answered: bool
    is_right: bool
    ms: int | None  # on the item up to its answer
    at: datetime | None
    left_ms: int | None
    change: Change | None  # None where the answer never changed
    is_flagged: bool
    confidence: Confidence | None


def worked_items(form: Form, sitting: Sitting, keys: Mapping[str, Key], *, dropped: Collection[str] = ()) -> tuple[Worked, ...]:
    """All items that count, in the order of the form. `dropped` are those that no longer do."""
    runs = {run.block: run for run in sitting.blocks}
    found = []
    position = 0
    for number, block in enumerate(form.blocks, start=1):
        for item in block.items:
            position += 1
            if item.id not in dropped:
                place = _Place(number, position, runs.get(number))
                found.append(_worked(form, sitting, item, keys[item.id], place))
    return tuple(found)


def is_right(item: FormItem, key: Key, answer: Answer) -> bool:
    """Is it the whole key? Of a one-best-answer item with several letters as its key, any one of them is right."""
    if item.kind == "one_best_answer":
        return bool(answer.choice) and set(answer.choice) <= set(key.options)
    return key.is_right(answer)


def change_of(item: FormItem, key: Key, answer: Answer) -> Change | None:
    """How the answer came from its first choice to its last, None where it never changed.

    Taking an answer back is no choice of its own; choosing the same again is no change.
    """
    choices = [choice for choice in answer.history if choice]
    if len(set(choices)) < 2:
        return None
    first, last = (is_right(item, key, _as_answer(item, answer, choice)) for choice in (choices[0], choices[-1]))
    return Change(f"{'right' if first else 'wrong'}_to_{'right' if last else 'wrong'}")


def deadline_of(form: Form, sitting: Sitting, run: BlockRun) -> datetime | None:
    """When the clock of a closed block would have run out, or None without a clock.

    Where one clock runs over all blocks, only the last of them has a deadline. A candidate who closed early left what the
    block had and was not used; what an overrun break had taken from it is not known here, and makes the deadline late by that.
    """
    if run.closed_by == "clock":
        return run.closed_at
    factor = Fraction(sitting.accommodation.time_factor)
    limit_ms, used_ms = form.limit_ms(run.block, factor), run.used_ms
    if limit_ms is None and run.block == len(form.blocks):
        limit_ms, used_ms = form.total_ms(factor), sum(one.used_ms for one in sitting.blocks)
    return None if limit_ms is None else run.closed_at + timedelta(milliseconds=max(0, limit_ms - used_ms))


@dataclass(frozen=True, slots=True)
class _Place:
    block: int
    position: int
    run: BlockRun | None


def _worked(form: Form, sitting: Sitting, item: FormItem, key: Key, place: _Place) -> Worked:
    work = sitting.work.get(item.id)
    given = work.answer if work and work.answer and work.answer.is_given else None
    run = place.run
    at = given.at if given else run.closed_at if run else None
    deadline = deadline_of(form, sitting, run) if run else None
    return Worked(
        item=item.id,
        position=place.position,
        block=place.block,
        n_options=len(item.options) if item.kind == "one_best_answer" else 0,
        is_answered=given is not None,
        is_right=given is not None and is_right(item, key, given),
        ms=given.ms if given else None,
        at=at,
        left_ms=max(0, round((deadline - at).total_seconds() * 1000)) if deadline and at else None,
        change=change_of(item, key, work.answer) if work and work.answer else None,
        is_flagged=work is not None and work.is_flagged,
        confidence=given.confidence if given else None,
    )


def _as_answer(item: FormItem, answer: Answer, choice: tuple[str, ...]) -> Answer:
    if item.kind == "numeric":
        return replace(answer, choice=(), value=choice[0])
    return replace(answer, choice=choice, value=None)
