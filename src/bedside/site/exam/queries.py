"""What a page or a call reads of a sitting. Every question names the user: what belongs to somebody else is not found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bedside.delivery import Ended, Form, InBlock, MadeVoid, Mode, Sitting, as_of
from bedside.errors import NotFoundError
from bedside.site.accounts.models import User
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
        """Milliseconds until the deadline, or None without an open block or a clock."""
        deadline = self.state.deadline
        return None if deadline is None else max(0, int((deadline - self.at).total_seconds() * 1000))


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
    blocks = []
    for number, block in enumerate(form.blocks, start=1):
        limit_ms = form.limit_ms(number)
        minutes = None if limit_ms is None else limit_ms / 60_000
        if minutes is not None and minutes.is_integer():
            minutes = int(minutes)
        blocks.append({"n": number, "items": len(block.items), "minutes": minutes})
    return {
        "programme": row.programme,
        "step": row.step,
        "form": row.kind,
        "mode": row.mode,
        "asked": row.n_asked,
        "given": row.n_items,
        "blocks": blocks,
    }


def state_json(now: Standing) -> dict[str, Any]:
    """The sitting's state as the API answers it."""
    row, state = now.row, now.state
    players = list(row.writers.filter(kind="player").order_by("issued_at"))
    return {
        "id": str(row.pk),
        "programme": row.programme,
        "step": row.step,
        "mode": row.mode,
        "state": state.state,
        "block": state.open_block,
        "deadline": at_or_none(state.deadline),
        "remaining_ms": now.remaining_ms,
        "server_time": at_or_none(now.at),
        "outline": outline_of(row, now.form),
        "answers": {
            item: {"choice": list(answer.choice), "ms": answer.ms, "confidence": answer.confidence}
            for item, answer in state.answers.items()
        },
        "flagged": sorted(item for item, work in state.work.items() if work.is_flagged),
        "struck": {item: list(work.struck) for item, work in state.work.items() if work.struck},
        "highlights": {item: [list(pair) for pair in work.highlights] for item, work in state.work.items() if work.highlights},
        "notes": {item: work.note for item, work in state.work.items() if work.note},
        "settings": dict(state.settings),
        "last_seq": {str(writer.pk): writer.last_seq for writer in players},
        "current_item": state.phase.item if isinstance(state.phase, InBlock) else None,
        "writer": next((str(writer.pk) for writer in players if writer.superseded_at is None), None),
        "revealed": revealed(row, state, state.disclosed & state.answers.keys()),
    }


def revealed(row: SittingRow, state: Sitting, items: Iterable[str]) -> list[dict[str, Any]]:
    """Key and explanations of those of the items that are answered in tutor mode; nothing in any other mode."""
    if row.mode != Mode.TUTOR.value:
        return []
    names = [item for item in items if item in state.answers]
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
        raise NotOpenError(f"block {n} is not open; send the event block_opened first")
    before = sum(len(block.items) for block in now.form.blocks[: n - 1])
    return {
        "n": n,
        "opened_at": at_or_none(now.state.phase.opened_at),
        "deadline": at_or_none(now.state.deadline),
        "limit_ms": now.form.limit_ms(n),
        "remaining_ms": now.remaining_ms,
        "server_time": at_or_none(now.at),
        "items": [
            item.for_player(before + position) for position, item in enumerate(delivered_items(now.row, block=n), start=1)
        ],
    }


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
    return [row for row in rows if row.deadline is None or row.deadline > at]


def ended_sittings(user: User, *, at: datetime, limit: int = 50) -> list[SittingRow]:
    """The user's sittings that have a report, the newest first; one whose time has run out is among them."""
    rows = SittingRow.objects.filter(user=user).exclude(state__in=["created", "voided"]).order_by("-created_at")
    return [row for row in rows if row.state == "finished" or (row.deadline is not None and row.deadline <= at)][:limit]
