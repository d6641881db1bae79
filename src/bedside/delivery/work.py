"""The work on the items of an open block: what is answered, taken back, marked, and moved on from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bedside.delivery.day import why_closed
from bedside.delivery.events import (
    Answered,
    Cleared,
    Event,
    Flagged,
    Highlighted,
    ItemBody,
    ItemShown,
    MovedOn,
    Noted,
    Struck,
)
from bedside.delivery.form import Form, Mode, Navigation
from bedside.delivery.state import (
    Answer,
    BetweenBlocks,
    ClockStopped,
    Created,
    InBlock,
    ItemWork,
    OnBreak,
    Paused,
    Reason,
    Sitting,
)

_NO_WORK = ItemWork()
_MS = timedelta(milliseconds=1)


def work_on_item(form: Form, sitting: Sitting, event: Event, body: ItemBody) -> Sitting | Reason:
    phase = open_phase(form, sitting, event, form.block_of(body.item), unknown=Reason.UNKNOWN_ITEM)
    if isinstance(phase, Reason):
        return phase
    if isinstance(body, Answered | Cleared) and (event.after_disclosure or body.item in sitting.disclosed):
        return Reason.ANSWER_LOCKED
    work = sitting.work.get(body.item, _NO_WORK)
    if why_not := _out_of_turn(form, sitting, work, body):
        return why_not
    changed = _change(form, phase, work, event, body)
    if isinstance(changed, Reason):
        return changed
    if isinstance(body, ItemShown):
        sitting = replace(sitting, phase=replace(phase, item=body.item))
    return replace(sitting, work={**sitting.work, body.item: changed})


def open_phase(form: Form, sitting: Sitting, event: Event, home: int | None, *, unknown: Reason) -> InBlock | Reason:
    """The open block `home` in which work counts now, else why it does not; `unknown` where the form has no such block.

    The phase is judged before what is worked on, so that nobody learns what is in a form that is not open yet.
    """
    match sitting.phase:
        case Created():
            return Reason.NOT_STARTED
        case ClockStopped():
            return Reason.SUSPENDED
        case Paused():
            return Reason.ON_BREAK
        case BetweenBlocks(closed=0) | OnBreak(closed=0):
            return Reason.OUT_OF_ORDER
        case _ if home is None:
            return unknown
        case InBlock(block=block, deadline=deadline) as phase if block == home:
            return Reason.TOO_LATE if _came_too_late(form, deadline, event) else phase
        case _:
            return _why_not_any_more(form, sitting, home, event)


def _out_of_turn(form: Form, sitting: Sitting, work: ItemWork, body: ItemBody) -> Reason | None:
    """Why an item of a sequential set or a forward-only block can't be worked on now."""
    if not form.is_in_turn(body.item):
        return Reason.OUT_OF_ORDER if isinstance(body, MovedOn) else None
    if any(sitting.work.get(name, _NO_WORK).left_at is None for name in form.before_in_turn(body.item)):
        return Reason.OUT_OF_ORDER
    is_forward_only = form.blocks[(form.block_of(body.item) or 1) - 1].navigation is Navigation.FORWARD_ONLY
    if work.left_at is not None and (is_forward_only or isinstance(body, Answered | Cleared)):
        return None if isinstance(body, MovedOn) else Reason.ITEM_LOCKED
    return None


def _why_not_any_more(form: Form, sitting: Sitting, block: int, event: Event) -> Reason:
    """A block is closed; and where the event arrived after the grace, that is said, whatever time it claims."""
    run = next((run for run in sitting.blocks if run.block == block), None)
    if run is not None and run.closed_by == "clock" and _came_too_late(form, run.closed_at, event):
        return Reason.TOO_LATE
    return why_closed(sitting, block)


def _came_too_late(form: Form, deadline: datetime | None, event: Event) -> bool:
    """Did the event arrive after the grace that follows a deadline?"""
    if form.grace_s is None or deadline is None:
        return False
    return event.received_at > deadline + timedelta(seconds=form.grace_s)


def _change(form: Form, phase: InBlock, work: ItemWork, event: Event, body: ItemBody) -> ItemWork | Reason:
    match body:
        case ItemShown():
            return work if work.shown_at else replace(work, shown_at=event.at)
        case Answered():
            return _answer(form, phase, work, event, body)
        case Cleared():
            return _clear(form, work, event)
        case Flagged(on=on):
            return replace(work, is_flagged=on)
        case Struck(item=item, option=option, on=on):
            if option not in form.item(item).options:
                return Reason.UNKNOWN_OPTION
            struck = {*work.struck, option} if on else set(work.struck) - {option}
            return replace(work, struck=tuple(sorted(struck)))
        case Highlighted(ranges=ranges):
            return replace(work, highlights=_merged(ranges))
        case Noted(text=text):
            return replace(work, note=text)
        case MovedOn():
            return work if work.left_at else replace(work, left_at=event.at)


def _answer(form: Form, phase: InBlock, work: ItemWork, event: Event, body: Answered) -> ItemWork | Reason:
    item = form.item(body.item)
    if (item.kind == "numeric") != (body.value is not None):
        return Reason.NOT_A_VALUE
    choice = tuple(sorted(set(body.choice)))
    if not set(choice) <= set(item.options) or (item.kind == "one_best_answer" and len(choice) != 1):
        return Reason.UNKNOWN_OPTION
    before = work.answer
    if form.mode is Mode.TUTOR and before is not None:
        return Reason.ANSWER_LOCKED
    # no item takes longer than its block has been open, whatever the player's own count says
    ms = min(body.ms, int((event.at - phase.opened_at) / _MS))
    history = before.history if before else ()
    given = choice if body.value is None else (body.value,)
    if not history or history[-1] != given:
        history = (*history, given)
    return replace(work, answer=Answer(choice, ms, body.confidence, event.at, history, body.value))


def _clear(form: Form, work: ItemWork, event: Event) -> ItemWork | Reason:
    before = work.answer
    if before is None or not before.is_given:
        return work
    if form.mode is Mode.TUTOR:
        return Reason.ANSWER_LOCKED
    return replace(work, answer=Answer((), before.ms, None, event.at, (*before.history, ())))


def _merged(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Ranges in order, the empty ones left out and those that touch joined."""
    merged: list[tuple[int, int]] = []
    for begin, end in sorted((begin, end) for begin, end in ranges if begin < end):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return tuple(merged)
