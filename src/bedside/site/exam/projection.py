"""What is made of a sitting's events and can be made again at any time: its state, its responses, its flags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from bedside.delivery import Ended, Form, MadeVoid, Sitting, idle_left_ms, key_from_text, next_change, responses
from bedside.site.exam.models import Response, SittingItem
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.statements import key, later, new, padded, select, update, upsert

_FIELDS = ("choice", "value", "correct", "ms", "changes", "confidence", "answered_at")
_ITEM = ("id", "sitting", "item", "item_version", "key", "is_flagged")
_A_STATEMENT = 256  # items that are asked for in one


@dataclass(frozen=True, slots=True)
class Projected:
    """What the fold says of some items of one sitting."""

    sitting: SittingRow
    made: tuple[Response, ...]
    gone: frozenset[str]  # items without an answer, which had one perhaps
    flags: tuple[SittingItem, ...]  # those whose flag changed


def project_state(row: SittingRow, form: Form, state: Sitting) -> None:
    """Write where the fold stands into the sitting's own row; the caller saves it.

    `deadline` is when time alone changes something next, so that lists know it without folding.
    """
    row.state = state.state
    row.block = state.open_block
    row.deadline = next_change(form, state)
    row.ended_at = state.phase.at if isinstance(state.phase, Ended | MadeVoid) else None
    row.n_answered = state.n_answered
    row.break_ms, row.break_ends_at = _break_bank(form, state, row.clock_at)
    row.is_disclosed = len(state.disclosed) >= row.n_items


def _break_bank(form: Form, state: Sitting, at: datetime) -> tuple[int | None, datetime | None]:
    """What the break bank holds at `at`, and when it is used up if time takes from it now; lists know it without folding."""
    left_ms, later = idle_left_ms(form, state, at), at + timedelta(days=365)
    later_ms = idle_left_ms(form, state, later)  # after a free break it runs out evenly, so one later instant tells
    if left_ms is None or later_ms is None or later_ms == left_ms:
        return left_ms, None
    return left_ms, later + timedelta(milliseconds=later_ms)


def items_of(sitting: UUID) -> list[SittingItem]:
    """All items of a sitting, with what a projection needs of them."""
    return select(SittingItem, _ITEM, "WHERE sitting_id = %s", [key(sitting)])


def items_named(names: Iterable[tuple[UUID, str]]) -> dict[UUID, list[SittingItem]]:
    """Items of several sittings by their names, read together; those not there are left out; one may come twice."""
    return items_named_later(names)()


def items_named_later(names: Iterable[tuple[UUID, str]]) -> Callable[[], dict[UUID, list[SittingItem]]]:
    """The same, asked for now and read when what this answers is called (`statements.later`)."""
    wanted = list(names)
    parts = [_named(wanted[first : first + _A_STATEMENT]) for first in range(0, len(wanted), _A_STATEMENT)]
    asked = [later(SittingItem, _ITEM, tail, values) for tail, values in parts]

    def read() -> dict[UUID, list[SittingItem]]:
        found: dict[UUID, list[SittingItem]] = {}
        for part in asked:
            for item in part():
                found.setdefault(item.sitting_id, []).append(item)
        return found

    return read


def _named(pairs: Sequence[tuple[UUID, str]]) -> tuple[str, list[Any]]:
    """The rest of a statement that asks for pairs of sitting and item, one look into the index for each, and its parameters.

    Neither database does that of itself: for `(sitting_id, item) IN (VALUES …)` SQLite reads a whole index, and PostgreSQL the
    whole table for a join.
    """
    if connection.vendor == "postgresql":
        one = "SELECT id FROM sitting_items WHERE sitting_id = wanted.sitting AND item = wanted.name"
        tail = f"WHERE id = ANY(ARRAY(SELECT ({one}) FROM unnest(%s::uuid[], %s::text[]) AS wanted (sitting, name)))"  # noqa: S608 - no values
        return tail, [[sitting for sitting, _ in pairs], [name for _, name in pairs]]
    few = padded(pairs)
    given = ", ".join(["(%s, %s)"] * len(few))
    values = [value for sitting, name in few for value in (key(sitting), name)]
    return f"JOIN (VALUES {given}) AS wanted ON sitting_id = wanted.column1 AND item = wanted.column2", values


def project_items(row: SittingRow, form: Form, state: Sitting, items: Iterable[SittingItem]) -> Projected:
    """The responses and flags of these items as the fold says; nothing is written."""
    wanted = {item.item: item for item in items}
    made = tuple(_responses(row, form, state, wanted))
    flags = []
    for name, item in wanted.items():
        work = state.work.get(name)
        is_flagged = work is not None and work.is_flagged
        if item.is_flagged != is_flagged:
            item.is_flagged = is_flagged
            flags.append(item)
    return Projected(row, made, frozenset(wanted.keys() - {one.item for one in made}), tuple(flags))


def keep_projected(projected: Sequence[Projected]) -> None:
    """Write responses and flags of one or several sittings."""
    for one in projected:
        if one.gone:
            one.sitting.responses.filter(item__in=one.gone).delete()
    upsert([response for one in projected for response in one.made], by=("sitting", "item"), change=_FIELDS)
    update([item for one in projected for item in one.flags], "is_flagged")


def _responses(row: SittingRow, form: Form, state: Sitting, wanted: dict[str, SittingItem]) -> Iterable[Response]:
    answered = {name for name in wanted if state.answer_to(name)}
    if not answered:
        return
    keys = {name: key_from_text(wanted[name].key) for name in answered}
    for response in responses(form, state, keys, items=answered):
        yield new(
            Response,
            sitting_id=row.pk,
            user_id=row.user_id,
            item=response.item,
            version=response.version,
            item_version_id=wanted[response.item].item_version_id,
            block=response.block,
            position=response.position,
            options="".join(response.options),
            choice="".join(response.choice),
            value=response.value or "",
            correct=response.correct,
            ms=response.ms,
            changes=response.changes,
            confidence=response.confidence or "",
            mode=row.mode,
            answered_at=response.answered_at,
        )
