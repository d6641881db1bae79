"""The clock of a sitting's day: blocks opened and closed, breaks and what pays for them, and what a proctor does to time.

Each function answers the next state or the reason why not; `sitting.py` says when it is asked.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import partial
from typing import Literal, overload

from bedside.delivery.events import Accommodated, BreakEnded, BreakStarted, GrantedTime, Reopened, Suspended
from bedside.delivery.form import Form, Navigation
from bedside.delivery.state import (
    Accommodation,
    BetweenBlocks,
    BlockRun,
    ClockStopped,
    Created,
    Ended,
    InBlock,
    OnBreak,
    Paused,
    Phase,
    Reason,
    Sitting,
)

_MS = timedelta(milliseconds=1)


def as_of(form: Form, sitting: Sitting, at: datetime) -> Sitting:
    """The sitting as it stands at `at`: what time alone brings about has happened."""
    while (due := next_change(form, sitting)) is not None and due <= at:
        sitting = _change_by_time(form, sitting, due)
    return sitting


def next_change(form: Form, sitting: Sitting) -> datetime | None:
    """When time alone changes the phase: the open block's deadline, the end of a stopped clock, or the end of a day to which
    nobody comes back. None where nothing does."""
    match sitting.phase:
        case InBlock(deadline=deadline):
            return deadline
        case Paused(since=since):
            return since + timedelta(milliseconds=sitting.stop_ms)
        case BetweenBlocks(closed=closed, since=since) | OnBreak(closed=closed, since=since):
            reserve_ms = _reserve_ms(form, sitting, closed)
            return None if reserve_ms is None else since + timedelta(milliseconds=reserve_ms)
        case _:
            return None


def idle_left_ms(form: Form, sitting: Sitting, at: datetime) -> int | None:
    """What is left at `at` of the break bank, or of the clock over all blocks where there is one, while no block is open.

    Negative: the break is overrun by so much. None: breaks are unlimited here. With an open block it is what the bank holds.
    """
    held = sitting.break_ms if sitting.total_ms is None else sitting.total_ms
    match sitting.phase:
        case BetweenBlocks(closed=closed, since=since) | OnBreak(closed=closed, since=since):
            pass
        case ClockStopped(inner=BetweenBlocks(closed=closed, since=since) | OnBreak(closed=closed, since=since), since=stopped):
            at = stopped
        case _:
            return sitting.break_ms
    if held is None:
        return None
    unpaid_ms = free_ms(form, closed)
    if unpaid_ms is None:
        return held
    idle_ms = max(0, int((at - since) / _MS) - unpaid_ms)
    if closed == 0:
        return held if sitting.total_ms is not None else held - _after_tutorial(form, idle_ms)
    return held - idle_ms


def begin(sitting: Sitting, at: datetime) -> Sitting | Reason:
    if not isinstance(sitting.phase, Created):
        return Reason.OUT_OF_ORDER
    return replace(sitting, phase=BetweenBlocks(0, at))


def open_block(form: Form, sitting: Sitting, block: int, at: datetime) -> Sitting | Reason:
    if block > len(form.blocks):
        return Reason.UNKNOWN_BLOCK
    match sitting.phase:
        case BetweenBlocks(closed=closed, since=since) | OnBreak(closed=closed, since=since):
            pass
        case Created():
            return Reason.NOT_STARTED
        case ClockStopped():
            return Reason.SUSPENDED
        case Paused():
            return Reason.ON_BREAK
        case _:
            return Reason.OUT_OF_ORDER
    if block <= closed:
        return Reason.BLOCK_CLOSED
    if block != closed + 1:
        return Reason.OUT_OF_ORDER
    sitting = _pay_for_idle_time(form, sitting, closed, int((at - since) / _MS))
    limit_ms = form.limit_ms(block, Fraction(sitting.accommodation.time_factor))
    if sitting.total_ms is not None:
        return replace(sitting, phase=InBlock(block, at, at + timedelta(milliseconds=sitting.total_ms)))
    if limit_ms is None:
        return replace(sitting, phase=InBlock(block, at, None))
    taken_ms = min(limit_ms, sitting.debt_ms)
    deadline = at + timedelta(milliseconds=limit_ms - taken_ms)
    return replace(sitting, phase=InBlock(block, at, deadline), debt_ms=sitting.debt_ms - taken_ms)


def _pay_for_idle_time(form: Form, sitting: Sitting, closed: int, idle_ms: int) -> Sitting:
    unpaid_ms = free_ms(form, closed)
    idle_ms = 0 if unpaid_ms is None else max(0, idle_ms - unpaid_ms)
    if sitting.total_ms is not None:
        # the clock over all blocks starts with the first of them
        return replace(sitting, total_ms=max(0, sitting.total_ms - idle_ms)) if closed else sitting
    if sitting.break_ms is None:
        return sitting
    left_ms = sitting.break_ms - (_after_tutorial(form, idle_ms) if closed == 0 else idle_ms)
    return replace(sitting, break_ms=max(0, left_ms), debt_ms=sitting.debt_ms + max(0, -left_ms))


def _after_tutorial(form: Form, idle_ms: int) -> int:
    """What the time before the first block costs the break bank; negative where it gains what was left of the tutorial."""
    over_ms = idle_ms - form.tutorial_s * 1000
    return over_ms if form.is_unused_kept else max(0, over_ms)


def free_ms(form: Form, closed: int) -> int | None:
    """Milliseconds after block `closed` that cost nothing; None where all of them do not."""
    pause = form.blocks[closed - 1].break_after if closed else None
    tutorial_s = form.blocks[closed].tutorial_s if closed < len(form.blocks) else 0  # of the block that comes next
    if pause is None or pause.is_counted:
        return tutorial_s * 1000
    return None if pause.seconds is None else (pause.seconds + tutorial_s) * 1000


def _reserve_ms(form: Form, sitting: Sitting, closed: int) -> int | None:
    """For how long nobody need come back after block `closed` until the day is over; None: for ever."""
    unpaid_ms = free_ms(form, closed)
    if unpaid_ms is None:
        return None
    if sitting.total_ms is not None:
        return unpaid_ms + sitting.total_ms if closed else None
    if sitting.break_ms is None:
        return None
    factor = Fraction(sitting.accommodation.time_factor)
    limits = [form.limit_ms(block, factor) for block in range(closed + 1, len(form.blocks) + 1)]
    known = [limit for limit in limits if limit is not None]
    if len(known) < len(limits):
        return None
    tutorial_ms = 0 if closed else form.tutorial_s * 1000
    return unpaid_ms + sitting.break_ms + tutorial_ms + max(0, sum(known) - sitting.debt_ms)


def _change_by_time(form: Form, sitting: Sitting, due: datetime) -> Sitting:
    match sitting.phase:
        case InBlock() as phase:
            return _close(form, sitting, phase, due, "clock")
        case Paused() as phase:
            return _go_on(sitting, phase, due)
        case _:
            return replace(sitting, phase=Ended(due))


def _go_on(sitting: Sitting, phase: Paused, at: datetime) -> Sitting:
    """The clock runs again after the candidate stopped it; what that took is paid from the time for it."""
    used_ms = min(sitting.stop_ms, int((at - phase.since) / _MS))
    inner = _moved(phase.inner, timedelta(milliseconds=used_ms))
    return replace(sitting, phase=inner, stop_ms=sitting.stop_ms - used_ms)


def _close(form: Form, sitting: Sitting, phase: InBlock, at: datetime, closed_by: Literal["candidate", "clock"]) -> Sitting:
    used_ms = int((at - phase.opened_at) / _MS) - phase.paused_ms
    run = BlockRun(phase.block, phase.opened_at, at, used_ms, closed_by)
    break_ms, total_ms = sitting.break_ms, sitting.total_ms
    if total_ms is not None and phase.deadline is not None:
        total_ms = max(0, int((phase.deadline - at) / _MS))
    elif break_ms is not None and phase.deadline is not None and form.is_unused_kept and is_of_items(form, phase):
        break_ms += max(0, int((phase.deadline - at) / _MS) - phase.granted_ms)
    is_last = phase.block == len(form.blocks) or total_ms == 0
    after = Ended(at) if is_last else BetweenBlocks(phase.block, at)
    return replace(sitting, phase=after, blocks=(*sitting.blocks, run), break_ms=break_ms, total_ms=total_ms)


def is_of_items(form: Form, phase: InBlock) -> bool:
    """Is the open block one of items, and not a case?"""
    return form.blocks[phase.block - 1].case is None


def close_case(form: Form, sitting: Sitting, phase: InBlock, at: datetime) -> Sitting:
    """The block of a case whose course is over."""
    return _close(form, sitting, phase, at, "candidate")


def close_by_hand(form: Form, sitting: Sitting, block: int, at: datetime) -> Sitting | Reason:
    match sitting.phase:
        case InBlock(block=open_block) as phase if open_block == block:
            if _must_last(form, phase):
                return Reason.NO_EARLY_END
            return _close(form, sitting, phase, at, "candidate")
        case Created():
            return Reason.NOT_STARTED
        case ClockStopped():
            return Reason.SUSPENDED
        case Paused():
            return Reason.ON_BREAK
        case _:
            return why_closed(sitting, block)


def _must_last(form: Form, phase: InBlock) -> bool:
    return phase.deadline is not None and form.blocks[phase.block - 1].navigation is Navigation.NO_EARLY_END


def take_break(form: Form, sitting: Sitting, body: BreakStarted | BreakEnded, at: datetime) -> Sitting | Reason:
    match sitting.phase, body:
        case InBlock() as phase, BreakStarted() if not is_of_items(form, phase):
            return Reason.NO_BREAK_IN_CASE
        case BetweenBlocks(closed=closed, since=since), BreakStarted():
            return replace(sitting, phase=OnBreak(closed, since, at))
        case OnBreak(closed=closed, since=since), BreakEnded():
            return replace(sitting, phase=BetweenBlocks(closed, since))
        case InBlock(deadline=datetime()) as phase, BreakStarted() if sitting.stop_ms > 0:
            return replace(sitting, phase=Paused(phase, at))
        case Paused() as phase, BreakEnded():
            return _go_on(sitting, phase, at)
        case ClockStopped(), _:
            return Reason.SUSPENDED
        case Created(), _:
            return Reason.NOT_STARTED
        case _:
            return Reason.OUT_OF_ORDER


def finish(form: Form, sitting: Sitting, at: datetime) -> Sitting | Reason:
    match sitting.phase:
        case Ended():
            return sitting
        case InBlock() as phase:
            if _must_last(form, phase):
                return Reason.NO_EARLY_END
            return replace(_close(form, sitting, phase, at, "candidate"), phase=Ended(at))
        case BetweenBlocks() | OnBreak():
            return replace(sitting, phase=Ended(at))
        case ClockStopped():
            return Reason.SUSPENDED
        case Paused():
            return Reason.ON_BREAK
        case _:
            return Reason.NOT_STARTED


def change_clock(sitting: Sitting, body: Suspended | Reopened | GrantedTime, at: datetime) -> Sitting | Reason:
    match sitting.phase, body:
        case (InBlock() | Paused() | BetweenBlocks() | OnBreak()) as phase, Suspended(reason=reason):
            return replace(sitting, phase=ClockStopped(phase, at, reason))
        case ClockStopped(inner=inner, since=since), Reopened():
            return replace(sitting, phase=_moved(inner, at - since))
        case InBlock() as phase, GrantedTime():
            longer = _lengthened(phase, body)
            return longer if isinstance(longer, Reason) else replace(sitting, phase=longer)
        case Paused(inner=inner) as phase, GrantedTime():
            longer = _lengthened(inner, body)
            return longer if isinstance(longer, Reason) else replace(sitting, phase=replace(phase, inner=longer))
        case ClockStopped(inner=InBlock() as inner) as phase, GrantedTime():
            longer = _lengthened(inner, body)
            return longer if isinstance(longer, Reason) else replace(sitting, phase=replace(phase, inner=longer))
        case ClockStopped(inner=Paused(inner=inner) as pause) as phase, GrantedTime():
            longer = _lengthened(inner, body)
            if isinstance(longer, Reason):
                return longer
            return replace(sitting, phase=replace(phase, inner=replace(pause, inner=longer)))
        case _:
            return Reason.OUT_OF_ORDER


@overload
def _moved(phase: InBlock, pause: timedelta) -> InBlock: ...
@overload
def _moved(
    phase: InBlock | Paused | BetweenBlocks | OnBreak, pause: timedelta
) -> InBlock | Paused | BetweenBlocks | OnBreak: ...
def _moved(phase: InBlock | Paused | BetweenBlocks | OnBreak, pause: timedelta) -> InBlock | Paused | BetweenBlocks | OnBreak:
    """The phase as it goes on after a pause, which costs nothing."""
    match phase:
        case InBlock(deadline=deadline, paused_ms=paused_ms):
            later = deadline + pause if deadline else None
            return replace(phase, deadline=later, paused_ms=paused_ms + int(pause / _MS))
        case Paused(inner=inner, since=since):
            # the block was not running: its deadline moves when the candidate's own break ends, by that and this together
            return replace(phase, inner=_moved(inner, pause), since=since + pause)
        case BetweenBlocks(since=since) | OnBreak(since=since):
            return replace(phase, since=since + pause)


def accommodate(form: Form, sitting: Sitting, body: Accommodated, at: datetime) -> Sitting | Reason:
    """Put another accommodation into force. An open block keeps at least the instant at which that happens."""
    if isinstance(sitting.phase, Ended):
        return Reason.FINISHED
    before, after = sitting.accommodation, Accommodation(body.time_factor, body.extra_break_s, body.stop_clock_s)
    break_ms, total_ms = sitting.break_ms, sitting.total_ms
    if break_ms is not None:
        break_ms = max(0, break_ms + (after.extra_break_s - before.extra_break_s) * 1000)
    old, new = Fraction(before.time_factor), Fraction(after.time_factor)
    if total_ms is not None:
        total_ms = max(0, total_ms + (form.total_ms(new) or 0) - (form.total_ms(old) or 0))
    return replace(
        sitting,
        phase=_with_other_time(form, sitting, (old, new), at),
        break_ms=break_ms,
        total_ms=total_ms,
        stop_ms=max(0, sitting.stop_ms + (after.stop_clock_s - before.stop_clock_s) * 1000),
        accommodation=after,
    )


def _with_other_time(form: Form, sitting: Sitting, factors: tuple[Fraction, Fraction], at: datetime) -> Phase:
    def longer(phase: InBlock) -> InBlock:
        if phase.deadline is None:
            return phase
        limit_of = form.total_ms if sitting.total_ms is not None else partial(form.limit_ms, phase.block)
        old, new = (limit_of(factor) or 0 for factor in factors)
        return replace(phase, deadline=max(at, phase.deadline + timedelta(milliseconds=new - old)))

    match sitting.phase:
        case InBlock() as phase:
            return longer(phase)
        case Paused(inner=inner) as phase:
            return replace(phase, inner=longer(inner))
        case ClockStopped(inner=InBlock() as inner) as phase:
            return replace(phase, inner=longer(inner))
        case ClockStopped(inner=Paused(inner=inner) as pause) as phase:
            return replace(phase, inner=replace(pause, inner=longer(inner)))
        case phase:
            return phase


def _lengthened(phase: InBlock, granted: GrantedTime) -> InBlock | Reason:
    if phase.block != granted.block or phase.deadline is None:
        return Reason.OUT_OF_ORDER
    deadline = phase.deadline + timedelta(seconds=granted.seconds)
    return replace(phase, deadline=deadline, granted_ms=phase.granted_ms + granted.seconds * 1000)


def why_closed(sitting: Sitting, block: int) -> Reason:
    run = next((run for run in sitting.blocks if run.block == block), None)
    if run is not None:
        return Reason.TIME_EXPIRED if run.closed_by == "clock" else Reason.BLOCK_CLOSED
    return Reason.FINISHED if isinstance(sitting.phase, Ended) else Reason.OUT_OF_ORDER
