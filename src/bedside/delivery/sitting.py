"""A sitting is the fold of its events.

The rules, in order of judgement:

1. Time passes first: a block whose deadline lies at or before the event's effective time is closed by the clock, at its
   deadline. The server's `time_expired` only makes that happen while nothing else arrives.
2. Nothing follows the end. When the last block closes, the sitting has ended.
3. What an older player does after a newer one took over does not count; what it did on items before, and sends late, does.
   What it did to blocks before (opened, ended), and in a case, counts only if it arrived before: a late end must not close
   a block in which the newer player has gone on, and no late command may change a course that it has seen.
4. An event on an item counts only while its block is open. With a grace, it must also arrive within it. Once the key of an
   item has been given out, in tutor mode or by a report, nothing that arrives later changes its answer, whatever its
   effective time: a player that was offline can't answer from the report, on whichever server it was given out. The next part
   of a sequential set, or the next item of a forward-only block, gives out as much of the one before it (`disclosure.py`).
5. A break bank, where the form has one, gains what is left of a block or of the tutorial, and pays for all time between
   blocks; what it can't pay is taken from the time of the blocks that follow. One clock over all blocks runs between them too.
   A fixed break that is not counted is free up to its length. When bank and blocks are used up while nobody comes back, the
   day ends by itself.
6. What was moved on from, in a sequential set or a forward-only block, stays as it is, and what comes after it is reached only
   by moving on.
7. A patient case has a block for itself, without a break inside it. Its commands count in the order of their numbers. In its
   last minutes, or from when the candidate goes to them, only final orders do. It ends with its time, or when the server
   writes that the patient's course is over (`case_work.py`). What is left of its time is added to no break.
8. A candidate who may stop the clock inside a block sees no items meanwhile; it goes on by itself when that time is used.

`apply` is total: any event in any state gives the next state or a named refusal, and nothing is raised. Deliberately left
out: keys and correctness (`projection.py` joins them), the raw clocks (`times.py`), and who may write which event (the shell).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import get_args

from bedside.delivery.case_events import CaseEnded
from bedside.delivery.case_work import end_case, work_on_case
from bedside.delivery.day import (
    accommodate,
    as_of,
    begin,
    change_clock,
    close_by_hand,
    finish,
    open_block,
    take_break,
)
from bedside.delivery.disclosure import Identity, after_keys, after_moves, marked_late
from bedside.delivery.event_parts import MAX_SETTINGS
from bedside.delivery.events import (
    Accommodated,
    BlockClosed,
    BlockOpened,
    BreakEnded,
    BreakStarted,
    CaseBody,
    ClientBody,
    Disclosed,
    Event,
    Finished,
    FormFixed,
    GrantedTime,
    ItemBody,
    Message,
    MoveBody,
    Reopened,
    Resumed,
    ServerBody,
    Settings,
    Started,
    Suspended,
    TimeExpired,
    Voided,
    WriterIssued,
)
from bedside.delivery.form import Form
from bedside.delivery.state import Accommodation, Ended, MadeVoid, Reason, Refusal, Sitting, Told
from bedside.delivery.work import work_on_item

_CLIENT_BODIES = get_args(ClientBody)
# what comes after the end is refused as such, but an event on an item is told more exactly why its block is closed
_HEARD_AFTER_THE_END = (
    *(Finished, TimeExpired, Voided, WriterIssued, Disclosed, Message, CaseEnded),
    *get_args(ItemBody),
    *get_args(CaseBody),
)
_ITEM_BODIES = get_args(ItemBody)
MAX_MESSAGES = 200  # of one sitting that are shown


def start(form: Form) -> Sitting:
    """The sitting before its first event."""
    return Sitting(
        break_ms=None if form.break_s is None else (form.break_s + form.extra_break_s) * 1000,
        total_ms=form.total_ms(),
        stop_ms=form.stop_clock_s * 1000,
        accommodation=Accommodation(str(form.time_factor), form.extra_break_s, form.stop_clock_s),
    )


def fold(form: Form, events: Iterable[Event]) -> Sitting:
    """The sitting that these events make, in whatever order they come; an event given twice counts once."""
    unique = list({event.identity: event for event in events}.values())
    return _folded(form, marked_late(unique, late_answers(form, unique)))


def late_answers(form: Form, events: Iterable[Event]) -> frozenset[Identity]:
    """The answers that arrived when the key of their item or the next part of its set had been given out, as the union of the
    logs shows it, and those that a server noted as such.

    Whether a `moved_on` counts hangs on the clock and on other `moved_on`s, and on no answer. So one fold tells which of them
    do, and the answers that are late by them change nothing about that.
    """
    unique = list({event.identity: event for event in events}.values())
    late = after_keys(unique)
    if after_moves(unique) <= late:
        return late
    refused = {(refusal.writer, refusal.seq) for refusal in _folded(form, unique).refusals}
    return late | after_moves(unique, refused=refused)


def _folded(form: Form, events: Iterable[Event]) -> Sitting:
    sitting = start(form)
    for event in sorted(events, key=lambda event: event.order):
        sitting = _step(form, sitting, event)
    return sitting


def advance(form: Form, sitting: Sitting, events: Iterable[Event]) -> Sitting | None:
    """Fold further events onto a sitting; None where one of them comes before what is folded, and the whole log must be."""
    for event in sorted(events, key=lambda event: event.order):
        if sitting.last is not None and event.order <= sitting.last:
            return None
        sitting = _step(form, sitting, event)
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
    body = event.body
    if isinstance(body, ItemBody):
        return work_on_item(form, sitting, event, body)
    if isinstance(body, CaseBody):
        return work_on_case(form, sitting, event, body)
    if isinstance(body, MoveBody):
        return _move(form, sitting, event, body)
    return _rule(form, sitting, event, body)


def _move(form: Form, sitting: Sitting, event: Event, body: MoveBody) -> Sitting | Reason:
    """What the candidate does beside working on items."""
    match body:
        case Started():
            return begin(sitting, event.at)
        case BlockOpened(block=block):
            return open_block(form, sitting, block, event.at)
        case BlockClosed(block=block):
            return close_by_hand(form, sitting, block, event.at)
        case BreakStarted() | BreakEnded():
            return take_break(form, sitting, body, event.at)
        case Finished():
            return finish(form, sitting, event.at)
        case Settings(values=values):
            return replace(sitting, settings=dict([*{**sitting.settings, **values}.items()][:MAX_SETTINGS]))
        case Resumed():
            return sitting


def _rule(form: Form, sitting: Sitting, event: Event, body: ServerBody) -> Sitting | Reason:
    """What the server and its proctors do."""
    match body:
        case Disclosed(items=items):
            return replace(sitting, disclosed=sitting.disclosed | set(items))
        case TimeExpired() | FormFixed():
            return sitting
        case CaseEnded():
            return end_case(form, sitting, body, event.at)
        case Message(text=text):
            return replace(sitting, messages=(*sitting.messages, Told(event.at, text))[-MAX_MESSAGES:])
        case WriterIssued(issued=issued):
            return replace(sitting, writer=issued)
        case Suspended() | Reopened() | GrantedTime():
            return change_clock(sitting, body, event.at)
        case Accommodated():
            return accommodate(form, sitting, body, event.at)
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
    # and what the event itself left no time for is over at once: a block that opens with none left, say
    return replace(as_of(form, outcome, event.at), last=event.order)
