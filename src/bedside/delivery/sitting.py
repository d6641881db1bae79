"""A sitting is the fold of its events.

The rules, in order of judgement:

1. Time passes first: a block whose deadline lies at or before the event's effective time is closed by the clock, at its
   deadline. The server's `time_expired` only makes that happen while nothing else arrives.
2. Nothing follows the end. When the last block closes, the sitting has ended.
3. What an older player does after a newer one took over does not count; what it did on items before, and sends late, does.
   What it did to blocks before (opened, ended) counts only if it arrived before: a late end must not close a block in
   which the newer player has gone on.
4. An event on an item counts only while its block is open. With a grace, it must also arrive within it. Once the key of an
   item has been given out, in tutor mode or by a report, nothing that arrives later changes its answer, whatever its
   effective time: a player that was offline can't answer from the report.
5. A break bank, where the form has one, gains what is left of a block or of the tutorial, and pays for all time between
   blocks; what it can't pay is taken from the time of the blocks that follow.

`apply` is total: any event in any state gives the next state or a named refusal, and nothing is raised. Deliberately left
out: keys and correctness (`projection.py` joins them), the raw clocks (`times.py`), and who may write which event (the shell).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from bedside.delivery.events import (
    MAX_SETTINGS,
    Answered,
    BlockClosed,
    BlockOpened,
    BreakEnded,
    BreakStarted,
    Cleared,
    ClientBody,
    Disclosed,
    Event,
    Finished,
    Flagged,
    FormFixed,
    GrantedTime,
    Highlighted,
    ItemBody,
    ItemShown,
    Message,
    Noted,
    Reopened,
    Resumed,
    Settings,
    Started,
    Struck,
    Suspended,
    TimeExpired,
    Voided,
    WriterIssued,
)
from bedside.delivery.form import Form, Mode
from bedside.delivery.state import (
    Answer,
    BetweenBlocks,
    BlockRun,
    ClockStopped,
    Created,
    Ended,
    InBlock,
    ItemWork,
    MadeVoid,
    OnBreak,
    Reason,
    Refusal,
    Sitting,
)

_CLIENT_BODIES = get_args(ClientBody)
# what comes after the end is refused as such, but an event on an item is told more exactly why its block is closed
_HEARD_AFTER_THE_END = (Finished, TimeExpired, Voided, WriterIssued, Disclosed, Message, *get_args(ItemBody))
_ITEM_BODIES = get_args(ItemBody)
_NO_WORK = ItemWork()
_MS = timedelta(milliseconds=1)


def start(form: Form) -> Sitting:
    """The sitting before its first event."""
    return Sitting(break_ms=None if form.break_s is None else form.break_s * 1000)


def fold(form: Form, events: Iterable[Event]) -> Sitting:
    """The sitting that these events make, in whatever order they come; an event given twice counts once."""
    unique = {event.identity: event for event in events}
    sitting = start(form)
    for event in sorted(unique.values(), key=lambda event: event.order):
        sitting = _step(form, sitting, event)
    return sitting


def advance(form: Form, sitting: Sitting, events: Iterable[Event]) -> Sitting | None:
    """Fold further events onto a sitting; None where one of them comes before what is folded, and the whole log must be."""
    for event in sorted(events, key=lambda event: event.order):
        if sitting.last is not None and event.order <= sitting.last:
            return None
        sitting = _step(form, sitting, event)
    return sitting


def as_of(form: Form, sitting: Sitting, at: datetime) -> Sitting:
    """The sitting as it stands at `at`: a block whose deadline has come is closed."""
    match sitting.phase:
        case InBlock(deadline=deadline) if deadline is not None and deadline <= at:
            return _close(form, sitting, sitting.phase, deadline, "clock")
        case _:
            return sitting


def apply(form: Form, sitting: Sitting, event: Event) -> Sitting | Reason:
    """What follows from one event. Total: the next state, or the reason why not."""
    sitting = as_of(form, sitting, event.at)
    match sitting.phase:
        case MadeVoid():
            return Reason.VOIDED
        case Ended() if not isinstance(event.body, _HEARD_AFTER_THE_END):
            return Reason.FINISHED
        case _:
            pass
    if _is_superseded(sitting, event):
        return Reason.WRITER_SUPERSEDED
    match event.body:
        case ItemShown() | Answered() | Cleared() | Flagged() | Struck() | Highlighted() | Noted() as body:
            return _work_on_item(form, sitting, event, body)
        case Started():
            return _begin(sitting, event.at)
        case BlockOpened(block=block):
            return _open(form, sitting, block, event.at)
        case BlockClosed(block=block):
            return _close_by_hand(form, sitting, block, event.at)
        case BreakStarted() | BreakEnded() as body:
            return _take_break(sitting, body, event.at)
        case Finished():
            return _finish(form, sitting, event.at)
        case Settings(values=values):
            return replace(sitting, settings=dict([*{**sitting.settings, **values}.items()][:MAX_SETTINGS]))
        case Disclosed(items=items):
            return replace(sitting, disclosed=sitting.disclosed | set(items))
        case Resumed() | TimeExpired() | Message() | FormFixed():
            return sitting
        case WriterIssued(issued=issued):
            return replace(sitting, writer=issued)
        case Suspended() | Reopened() | GrantedTime() as body:
            return _change_clock(sitting, body, event.at)
        case Voided(reason=reason):
            return replace(sitting, phase=MadeVoid(event.at, reason))


def _is_superseded(sitting: Sitting, event: Event) -> bool:
    if not isinstance(event.body, _CLIENT_BODIES):
        return False
    if sitting.writer is not None and event.writer != sitting.writer:
        return True
    return event.after_takeover and not isinstance(event.body, _ITEM_BODIES)


def _step(form: Form, sitting: Sitting, event: Event) -> Sitting:
    outcome = apply(form, sitting, event)
    if isinstance(outcome, Reason):
        # time passed all the same: a refused event after the deadline still closes the block
        refusal = Refusal(event.writer, event.seq, outcome)
        outcome = replace(as_of(form, sitting, event.at), refusals=(*sitting.refusals, refusal))
    return replace(outcome, last=event.order)


# --- blocks and breaks ------------------------------------------------------------------------------------------------


def _begin(sitting: Sitting, at: datetime) -> Sitting | Reason:
    if not isinstance(sitting.phase, Created):
        return Reason.OUT_OF_ORDER
    return replace(sitting, phase=BetweenBlocks(0, at))


def _open(form: Form, sitting: Sitting, block: int, at: datetime) -> Sitting | Reason:
    if block > len(form.blocks):
        return Reason.UNKNOWN_BLOCK
    match sitting.phase:
        case BetweenBlocks(closed=closed, since=since) | OnBreak(closed=closed, since=since):
            pass
        case Created():
            return Reason.NOT_STARTED
        case ClockStopped():
            return Reason.SUSPENDED
        case _:
            return Reason.OUT_OF_ORDER
    if block <= closed:
        return Reason.BLOCK_CLOSED
    if block != closed + 1:
        return Reason.OUT_OF_ORDER
    sitting = _pay_for_idle_time(form, sitting, closed, int((at - since) / _MS))
    limit_ms = form.limit_ms(block)
    if limit_ms is None:
        return replace(sitting, phase=InBlock(block, at, None))
    taken_ms = min(limit_ms, sitting.debt_ms)
    deadline = at + timedelta(milliseconds=limit_ms - taken_ms)
    return replace(sitting, phase=InBlock(block, at, deadline), debt_ms=sitting.debt_ms - taken_ms)


def _pay_for_idle_time(form: Form, sitting: Sitting, closed: int, idle_ms: int) -> Sitting:
    if sitting.break_ms is None:
        return sitting
    left_ms = sitting.break_ms - idle_ms
    if closed == 0:
        left_ms += form.tutorial_s * 1000
    return replace(sitting, break_ms=max(0, left_ms), debt_ms=sitting.debt_ms + max(0, -left_ms))


def _close(form: Form, sitting: Sitting, phase: InBlock, at: datetime, closed_by: Literal["candidate", "clock"]) -> Sitting:
    used_ms = int((at - phase.opened_at) / _MS) - phase.paused_ms
    run = BlockRun(phase.block, phase.opened_at, at, used_ms, closed_by)
    break_ms = sitting.break_ms
    if break_ms is not None and phase.deadline is not None:
        break_ms += max(0, int((phase.deadline - at) / _MS) - phase.granted_ms)
    is_last = phase.block == len(form.blocks)
    after = Ended(at) if is_last else BetweenBlocks(phase.block, at)
    return replace(sitting, phase=after, blocks=(*sitting.blocks, run), break_ms=break_ms)


def _close_by_hand(form: Form, sitting: Sitting, block: int, at: datetime) -> Sitting | Reason:
    match sitting.phase:
        case InBlock(block=open_block) as phase if open_block == block:
            return _close(form, sitting, phase, at, "candidate")
        case Created():
            return Reason.NOT_STARTED
        case ClockStopped():
            return Reason.SUSPENDED
        case _:
            return _why_closed(sitting, block)


def _take_break(sitting: Sitting, body: BreakStarted | BreakEnded, at: datetime) -> Sitting | Reason:
    match sitting.phase, body:
        case BetweenBlocks(closed=closed, since=since), BreakStarted():
            return replace(sitting, phase=OnBreak(closed, since, at))
        case OnBreak(closed=closed, since=since), BreakEnded():
            return replace(sitting, phase=BetweenBlocks(closed, since))
        case Created(), _:
            return Reason.NOT_STARTED
        case _:
            return Reason.OUT_OF_ORDER


def _finish(form: Form, sitting: Sitting, at: datetime) -> Sitting | Reason:
    match sitting.phase:
        case Ended():
            return sitting
        case InBlock() as phase:
            return replace(_close(form, sitting, phase, at, "candidate"), phase=Ended(at))
        case BetweenBlocks() | OnBreak():
            return replace(sitting, phase=Ended(at))
        case ClockStopped():
            return Reason.SUSPENDED
        case _:
            return Reason.NOT_STARTED


def _change_clock(sitting: Sitting, body: Suspended | Reopened | GrantedTime, at: datetime) -> Sitting | Reason:
    match sitting.phase, body:
        case (InBlock() | BetweenBlocks() | OnBreak()) as phase, Suspended():
            return replace(sitting, phase=ClockStopped(phase, at))
        case ClockStopped(inner=inner, since=since), Reopened():
            return replace(sitting, phase=_moved(inner, at - since))
        case InBlock() as phase, GrantedTime():
            longer = _lengthened(phase, body)
            return longer if isinstance(longer, Reason) else replace(sitting, phase=longer)
        case ClockStopped(inner=InBlock() as inner, since=since), GrantedTime():
            longer = _lengthened(inner, body)
            return longer if isinstance(longer, Reason) else replace(sitting, phase=ClockStopped(longer, since))
        case _:
            return Reason.OUT_OF_ORDER


def _moved(phase: InBlock | BetweenBlocks | OnBreak, pause: timedelta) -> InBlock | BetweenBlocks | OnBreak:
    """The phase as it goes on after a pause, which costs nothing."""
    match phase:
        case InBlock(deadline=deadline, paused_ms=paused_ms):
            later = deadline + pause if deadline else None
            return replace(phase, deadline=later, paused_ms=paused_ms + int(pause / _MS))
        case BetweenBlocks(since=since) | OnBreak(since=since):
            return replace(phase, since=since + pause)


def _lengthened(phase: InBlock, granted: GrantedTime) -> InBlock | Reason:
    if phase.block != granted.block or phase.deadline is None:
        return Reason.OUT_OF_ORDER
    deadline = phase.deadline + timedelta(seconds=granted.seconds)
    return replace(phase, deadline=deadline, granted_ms=phase.granted_ms + granted.seconds * 1000)


# --- items ------------------------------------------------------------------------------------------------------------


def _work_on_item(form: Form, sitting: Sitting, event: Event, body: ItemBody) -> Sitting | Reason:
    home = form.block_of(body.item)
    match sitting.phase:
        # the phase is judged before the item, so that nobody learns what is in a form that is not open yet
        case Created():
            return Reason.NOT_STARTED
        case ClockStopped():
            return Reason.SUSPENDED
        case BetweenBlocks(closed=0):
            return Reason.OUT_OF_ORDER
        case _ if home is None:
            return Reason.UNKNOWN_ITEM
        case InBlock(block=block) as phase if block == home:
            pass
        case _:
            return _why_closed(sitting, home)
    if _came_too_late(form, phase, event):
        return Reason.TOO_LATE
    if isinstance(body, Answered | Cleared) and (event.after_disclosure or body.item in sitting.disclosed):
        return Reason.ANSWER_LOCKED
    work = sitting.work.get(body.item, _NO_WORK)
    changed = _change(form, phase, work, event, body)
    if isinstance(changed, Reason):
        return changed
    if isinstance(body, ItemShown):
        sitting = replace(sitting, phase=replace(phase, item=body.item))
    return replace(sitting, work={**sitting.work, body.item: changed})


def _came_too_late(form: Form, phase: InBlock, event: Event) -> bool:
    if form.grace_s is None or phase.deadline is None:
        return False
    return event.received_at > phase.deadline + timedelta(seconds=form.grace_s)


def _why_closed(sitting: Sitting, block: int) -> Reason:
    run = next((run for run in sitting.blocks if run.block == block), None)
    if run is not None:
        return Reason.TIME_EXPIRED if run.closed_by == "clock" else Reason.BLOCK_CLOSED
    return Reason.FINISHED if isinstance(sitting.phase, Ended) else Reason.OUT_OF_ORDER


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


def _answer(form: Form, phase: InBlock, work: ItemWork, event: Event, body: Answered) -> ItemWork | Reason:
    item = form.item(body.item)
    choice = tuple(sorted(set(body.choice)))
    if not set(choice) <= set(item.options) or (item.kind == "one_best_answer" and len(choice) != 1):
        return Reason.UNKNOWN_OPTION
    before = work.answer
    if form.mode is Mode.TUTOR and before is not None:
        return Reason.ANSWER_LOCKED
    # no item takes longer than its block has been open, whatever the player's own count says
    ms = min(body.ms, int((event.at - phase.opened_at) / _MS))
    history = before.history if before else ()
    if not history or history[-1] != choice:
        history = (*history, choice)
    return replace(work, answer=Answer(choice, ms, body.confidence, event.at, history))


def _clear(form: Form, work: ItemWork, event: Event) -> ItemWork | Reason:
    before = work.answer
    if before is None or not before.choice:
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
