"""What a page or a call reads of a sitting. Every question names the user: what belongs to somebody else is not found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import islice
from typing import Any
from uuid import UUID

from bedside.delivery import (
    BetweenBlocks,
    ClockStopped,
    Created,
    Ended,
    Form,
    InBlock,
    MadeVoid,
    Mode,
    Navigation,
    OnBreak,
    Paused,
    Sitting,
    as_of,
    free_ms,
    idle_left_ms,
)
from bedside.errors import NotFoundError
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.exam.ledger import current_head
from bedside.site.exam.log import folded
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import at_or_none
from bedside.site.library.delivered import Delivered, delivered_from_text
from bedside.site.problems import BlockClosedError, NotOpenError


@dataclass(frozen=True, slots=True)
class Standing:
    """A sitting as it stands at an instant."""

    row: SittingRow
    form: Form
    state: Sitting
    at: datetime

    @property
    def remaining_ms(self) -> int | None:
        """Milliseconds until the deadline, or None without an open block or a clock. While the clock is stopped, what will be
        left when it goes on."""
        match self.state.phase:
            case InBlock(deadline=datetime() as deadline):
                since = self.at
            case Paused(inner=InBlock(deadline=datetime() as deadline), since=since):
                pass
            case ClockStopped(inner=InBlock(deadline=datetime() as deadline), since=since):
                pass
            case ClockStopped(inner=Paused(inner=InBlock(deadline=datetime() as deadline), since=since)):
                pass
            case _:
                return None
        return max(0, int((deadline - since).total_seconds() * 1000))

    @property
    def break_ms(self) -> int | None:
        """Milliseconds left of the break time now; negative where a break is overrun, None where breaks cost nothing."""
        return idle_left_ms(self.form, self.state, self.at)

    @property
    def tutorial_ms(self) -> int | None:
        """Milliseconds left of the tutorial, before the first block; None where there is none, or it lies behind."""
        if not self.form.tutorial_s or self.state.blocks or self.state.open_block:
            return None
        match self.state.phase:
            case Created():
                return self.form.tutorial_s * 1000
            case BetweenBlocks(closed=0, since=since) | OnBreak(closed=0, since=since):
                return max(0, self.form.tutorial_s * 1000 - int((self.at - since).total_seconds() * 1000))
            case _:
                return None

    @property
    def fixed_break_ms(self) -> int | None:
        """Milliseconds left of the time at this place that costs nothing, of a break or of the tutorial before the cases; None
        where there is none, or no end."""
        match self.state.phase:
            case BetweenBlocks(closed=closed, since=since) | OnBreak(closed=closed, since=since) if closed:
                unpaid_ms = free_ms(self.form, closed)
                return None if not unpaid_ms else max(0, unpaid_ms - int((self.at - since).total_seconds() * 1000))
            case _:
                return None


def own_sitting(user: User, sitting_id: UUID) -> SittingRow:
    """The user's sitting.

    Raises:
        NotFoundError: this user has no such sitting.
    """
    row = SittingRow.objects.filter(user=user, pk=sitting_id).first()
    if row is None:
        raise NotFoundError(f"there is no sitting {sitting_id}")
    return row


def standing(user: User, sitting_id: UUID, *, at: datetime) -> Standing:
    """The user's sitting as it stands at `at`: a block whose time is over is closed.

    Raises:
        NotFoundError: this user has no such sitting.
    """
    row = own_sitting(user, sitting_id)
    form = row.delivery_form()
    at = max(at, row.clock_at)  # as in the actions: a computer clock that was set back takes nothing back here
    return Standing(row, form, as_of(form, folded(row, form), at), at)


def outline_of(row: SittingRow, form: Form) -> dict[str, Any]:
    """What the sitting consists of, without a word of its items."""
    blocks, places = [], list(form.cases)
    for number, block in enumerate(form.blocks, start=1):
        limit_ms = form.limit_ms(number)
        minutes = None if limit_ms is None else _minutes(limit_ms / 1000)
        blocks.append(
            {
                "n": number,
                "items": len(block.items),
                "minutes": minutes,
                "section": block.section,
                "navigation": block.navigation.value,
                "break_after": block.break_after
                and {"minutes": _minutes(block.break_after.seconds), "is_counted": block.break_after.is_counted},
                "tutorial_minutes": _minutes(block.tutorial_s),
                "case": block.case
                and {
                    "nth": places.index(number) + 1,
                    "of": len(places),
                    "minutes": None if limit_ms is None else _minutes((limit_ms - form.final_ms(number)) / 1000),
                    "final_minutes": _minutes(form.final_ms(number) / 1000),
                },
            }
        )
    total_ms = form.total_ms()
    return {
        "programme": row.programme,
        "step": row.step,
        "title": title_of(row),
        "form": row.kind,
        "mode": row.mode,
        "asked": row.n_asked,
        "given": row.n_items,
        "blocks": blocks,
        "day": row.day,
        "clock": row.clock,
        "pace": float(form.pace),
        "minutes": None if total_ms is None else _minutes(total_ms / 1000),
        "tutorial_minutes": _minutes(form.tutorial_s),
        "is_unused_kept": form.is_unused_kept,
        "break_minutes": None if form.break_s is None else _minutes(form.break_s + form.extra_break_s),
        "stop_clock_minutes": _minutes(form.stop_clock_s),
    }


def title_of(row: SittingRow) -> str:
    """What people call the step; its code where the programme is not there any more."""
    programme = current_content().programmes.get(row.programme)
    step = programme.step(row.step) if programme else None
    return step.title if step else row.step


def _minutes(seconds: float | None) -> float | int | None:
    if seconds is None:
        return None
    minutes = seconds / 60
    return int(minutes) if minutes.is_integer() else minutes


def state_json(now: Standing) -> dict[str, Any]:
    """The sitting's state as the API answers it."""
    row, state = now.row, now.state
    players = list(row.writers.filter(kind="player").order_by("issued_at"))
    return {
        "id": str(row.pk),
        "programme": row.programme,
        "step": row.step,
        "mode": row.mode,
        "day": row.day,
        "clock": row.clock,
        "proctored": row.is_proctored,
        "state": state.state,
        "block": state.open_block,
        "deadline": at_or_none(state.deadline),
        "remaining_ms": now.remaining_ms,
        "break_ms": now.break_ms,
        "tutorial_ms": now.tutorial_ms,
        "fixed_break_ms": now.fixed_break_ms,
        "stop_clock_ms": _stop_clock_ms(now),
        "server_time": at_or_none(now.at),
        "outline": outline_of(row, now.form),
        "blocks_closed": len(state.blocks),
        "left": sorted(item for item, work in state.work.items() if work.left_at is not None),
        "messages": messages_json(state),
        "suspended_reason": state.phase.reason if isinstance(state.phase, ClockStopped) else None,
        "accommodation": {
            "time_factor": state.accommodation.time_factor,
            "extra_break_s": state.accommodation.extra_break_s,
            "stop_clock_s": state.accommodation.stop_clock_s,
        },
        "answers": {
            item: {
                "choice": list(answer.choice),
                "value": answer.value,
                "ms": answer.ms,
                "confidence": answer.confidence,
            }
            for item, answer in state.answers.items()
        },
        "flagged": sorted(item for item, work in state.work.items() if work.is_flagged),
        "struck": {item: list(work.struck) for item, work in state.work.items() if work.struck},
        "highlights": {item: [list(pair) for pair in work.highlights] for item, work in state.work.items() if work.highlights},
        "notes": {item: work.note for item, work in state.work.items() if work.note},
        "settings": dict(state.settings),
        "last_seq": {str(writer.pk): writer.last_seq for writer in players},
        "current_item": _current_item(state),
        "writer": next((str(writer.pk) for writer in players if writer.superseded_at is None), None),
        "revealed": revealed(row, state, state.disclosed & state.answers.keys()),
    }


def messages_json(state: Sitting) -> list[dict[str, Any]]:
    """What proctors said to the candidate, numbered from 1."""
    return [{"n": n, "at": at_or_none(told.at), "text": told.text} for n, told in enumerate(state.messages, start=1)]


def _current_item(state: Sitting) -> str | None:
    match state.phase:
        case InBlock(item=item) | Paused(inner=InBlock(item=item)):
            return item
        case ClockStopped(inner=InBlock(item=item)) | ClockStopped(inner=Paused(inner=InBlock(item=item))):
            return item
        case _:
            return None


def _stop_clock_ms(now: Standing) -> int:
    """For how long the candidate may still stop the clock, what runs now taken off."""
    match now.state.phase:
        case Paused(since=since):
            return max(0, now.state.stop_ms - int((now.at - since).total_seconds() * 1000))
        case _:
            return now.state.stop_ms


def revealed(row: SittingRow, state: Sitting, items: Iterable[str]) -> list[dict[str, Any]]:
    """Key and explanations of those of the items that are answered in tutor mode; nothing in any other mode."""
    if row.mode != Mode.TUTOR.value:
        return []
    names = [item for item in items if state.answer_to(item)]
    return [item.revealed() for item in delivered_items(row, names)] if names else []


def delivered_items(row: SittingRow, items: Iterable[str] | None = None, *, block: int | None = None) -> list[Delivered]:
    """The items of a sitting as they were delivered, in the order of its form."""
    rows = row.items.select_related("item_version").order_by("position")
    if items is not None:
        rows = rows.filter(item__in=list(items))
    if block is not None:
        rows = rows.filter(block=block)
    return [delivered_from_text(one.item_version.text) for one in rows]


def block_json(now: Standing, n: int) -> dict[str, Any]:
    """All that block `n` needs while it is open, and never a key or an explanation.

    Raises:
        NotFoundError: the sitting has no such block.
        NotOpenError: the block has not been opened.
        BlockClosedError: the block is over.
    """
    if not 1 <= n <= len(now.form.blocks):
        raise NotFoundError(f"the sitting has no block {n}")
    is_behind = any(run.block == n for run in now.state.blocks) or isinstance(now.state.phase, Ended | MadeVoid)
    if is_behind:
        raise BlockClosedError(f"block {n} is over; its items are shown again in the report")
    if now.state.open_block != n or not isinstance(now.state.phase, InBlock):
        if now.state.open_block == n:
            raise NotOpenError(f"the clock of block {n} is stopped; its items are shown again when it goes on")
        raise NotOpenError(f"block {n} is not open; send the event block_opened first")
    first = sum(len(block.items) for block in now.form.blocks[: n - 1]) + 1
    delivered = delivered_items(now.row, block=n)
    sets = {item.set.id: item.set_for_player() for item in delivered if item.set is not None}
    return {
        "n": n,
        "opened_at": at_or_none(now.state.phase.opened_at),
        "deadline": at_or_none(now.state.deadline),
        "limit_ms": now.form.limit_ms(n, Fraction(now.state.accommodation.time_factor)),
        "remaining_ms": now.remaining_ms,
        "server_time": at_or_none(now.at),
        "navigation": now.form.blocks[n - 1].navigation.value,
        "sets": [one for name, one in sets.items() if name in {known.id for known in now.form.blocks[n - 1].sets}],
        "items": [_for_player(now, item, position) for position, item in enumerate(delivered, start=first)],
    }


def _for_player(now: Standing, item: Delivered, position: int) -> dict[str, Any]:
    """The item as the player gets it; a later part of a sequential set only once the candidate has moved on to it."""
    if is_reached(now.form, now.state, item.id):
        return {**item.for_player(position), "is_hidden": False}
    return {"position": position, "set": item.place_in_set(), "is_hidden": True}


def is_reached(form: Form, state: Sitting, item: str) -> bool:
    """May the item be seen: has everything that must be moved on from before it been?

    The items of a forward-only block may all be sent, since nothing in a later one tells of an earlier.
    """
    if form.blocks[(form.block_of(item) or 1) - 1].navigation is Navigation.FORWARD_ONLY and form.set_of(item) is None:
        return True
    return all((work := state.work.get(name)) is not None and work.left_at for name in form.before_in_turn(item))


def next_parts(now: Standing, moved_on: Iterable[str]) -> list[dict[str, Any]]:
    """The part of its sequential set that follows each of the items that were moved on from, as the player gets it."""
    found = []
    for name in moved_on:
        n = now.form.block_of(name)
        if n is None or now.form.set_of(name) is None or now.state.open_block != n:
            continue
        work = now.state.work.get(name)
        block = now.form.blocks[n - 1]
        index = next(index for index, item in enumerate(block.items) if item.id == name)
        following = block.items[index + 1 : index + 2]
        if work is None or not work.left_at or not following or following[0].set != block.items[index].set:
            continue
        position = sum(len(other.items) for other in now.form.blocks[: n - 1]) + index + 2
        [item] = delivered_items(now.row, [following[0].id])
        found.append({"item": name, "part": {**item.for_player(position), "is_hidden": False}})
    return found


def log_json(row: SittingRow) -> dict[str, Any]:
    """The sitting's log with its rows of the ledger, for an audit."""
    ledger = {(entry.writer_id, entry.seq): entry for entry in row.ledger.all()}
    events = []
    for event in row.events.select_related("writer").order_by("arrival"):
        entry = ledger.get((event.writer_id, event.seq))
        events.append(
            {
                "writer": str(event.writer_id),
                "by": event.writer.kind,
                "seq": event.seq,
                "type": event.type,
                "fields": event.body,
                "elapsed_ms": event.elapsed_ms,
                "received_at": at_or_none(event.received_at),
                "effective_at": at_or_none(event.effective_at),
                "after_disclosure": event.after_disclosure,
                "after_takeover": event.after_takeover,
                "outcome": event.outcome,
                "reason": event.reason or None,
                "ledger": entry
                and {
                    "position": entry.position,
                    "previous": entry.previous,
                    "hash": entry.hash,
                    "digest": entry.digest,
                },
            }
        )
    return {"id": str(row.pk), "events": events, "head": current_head()}


def open_sittings(user: User, *, at: datetime) -> list[SittingRow]:
    """The user's sittings that can be gone on with, the newest first."""
    rows = SittingRow.objects.filter(user=user).exclude(state__in=["finished", "voided"]).order_by("-created_at")
    return [row for row in rows if not _is_over(row, at)]


def ended_sittings(user: User, *, at: datetime, limit: int = 50) -> list[SittingRow]:
    """The user's sittings that have a report, the newest first; one whose time has run out is among them."""
    rows = SittingRow.objects.filter(user=user).exclude(state__in=["created", "voided"]).order_by("-created_at")
    return list(islice((row for row in rows.iterator() if _is_over(row, at)), limit))


def _is_over(row: SittingRow, at: datetime) -> bool:
    """Has it ended, by its events or by the time that has passed since? Folded only where time may have changed it."""
    if row.state in ("finished", "voided"):
        return True
    if row.state == "created" or (row.deadline is not None and row.deadline > at):
        return False
    form = row.delivery_form()
    if row.deadline is None and form.break_s is None and form.limit_s is None:
        return False
    return isinstance(as_of(form, folded(row, form), max(at, row.clock_at)).phase, Ended | MadeVoid)
