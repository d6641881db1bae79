"""What the page `/exam` shows: what a day is, how long it takes this person, and what the bank can carry of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bedside.assembly import Part, PoolItem, Row
from bedside.site.accounts.accommodations import accommodation_of
from bedside.site.accounts.models import User
from bedside.site.accounts.page_queries import step_title
from bedside.site.content import Content
from bedside.site.exam.case_port import cases
from bedside.site.exam.day import ExamDay, is_size_known
from bedside.site.exam.day_lines import Line, day_lines
from bedside.site.exam.drawing import Capacity, DayWish, capacity_of, day_of
from bedside.site.exam.marks import DELIVERED
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.queries import open_sittings
from bedside.site.exam.stock import collections_for, items_of_step, pool_of, seen_by
from bedside.site.problems import NoFormError


@dataclass(frozen=True, slots=True)
class StockRow:
    """One row of the blueprint, in items: what the form needs, what is there, and what this person has not seen.

    `start`, `end` and `point` are the same in per cent of the picture's line.
    """

    label: str
    low: int
    high: int
    there: int
    unseen: int
    start: float
    end: float
    point: float

    @property
    def is_short(self) -> bool:
        return self.there < self.low

    @property
    def needs(self) -> str:
        """`3`, or `3 to 8`."""
        return str(self.low) if self.low == self.high else _("{low} to {high}").format(low=self.low, high=self.high)


@dataclass(frozen=True, slots=True)
class StockTable:
    """The rows of one axis, on a line from 0 to `scale` items. `is_open`: no item of the collection has a code here."""

    name: str
    title: str
    rows: tuple[StockRow, ...]
    scale: int
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class DayPage:
    """All that the page says about the day that is chosen."""

    collections: tuple[tuple[str, int], ...]
    asks_for_items: bool
    problem: str  # why no form can be made at all; empty where one can
    lines: tuple[Line, ...] = ()
    tables: tuple[StockTable, ...] = ()
    capacity: Capacity | None = None
    offer: str = ""  # the longest form that the bank can carry, where it is not the whole
    n_items: int = 0
    n_unseen: int = 0

    @property
    def can_start(self) -> bool:
        return self.capacity is not None and not self.capacity.missing


def day_page(user: User, content: Content, wish: DayWish, *, at: datetime) -> DayPage:
    """What the page shows for this choice."""
    edition = content.programmes[wish.programme].on(at.date()).step(wish.step)
    asks = edition is not None and not is_size_known(edition, wish.day)
    collections = tuple(collections_for(content, wish.programme, wish.step).items())
    try:
        day = day_of(content, wish, at=at)
    except NoFormError as error:
        return DayPage(collections, asks, str(error))
    capacity = capacity_of(content, wish, day)
    items = items_of_step(content, wish.programme, wish.step, wish.collection)
    pool = pool_of(items, programme=wish.programme, step=wish.step, seen={}, exposure={}, at=None)
    seen = frozenset(seen_by(user))
    tables = (*stock_tables(day, pool, seen), *_case_tables(day, user))
    return DayPage(
        collections=collections,
        asks_for_items=asks,
        problem="",
        lines=tuple(day_lines(day, accommodation_of(user, is_proctored=wish.is_proctored), pace=wish.pace)),
        tables=tables,
        capacity=capacity,
        offer=_offer(capacity),
        n_items=len(pool),
        n_unseen=sum(item.id not in seen for item in pool),
    )


def _offer(capacity: Capacity) -> str:
    day = capacity.longest
    if not capacity.missing or day is None:
        return ""
    n_blocks = len(day.blocks)
    blocks = ngettext("{n} block", "{n} blocks", n_blocks).format(n=n_blocks)
    n_items = day.blueprint.n_items
    text = ngettext("{blocks}, {items} item in all", "{blocks}, {items} items in all", n_items).format(
        blocks=blocks, items=n_items
    )
    return text if day.cases is None else _("{text}, patient cases: {n}").format(text=text, n=day.cases.n)


# --- what the bank can carry ----------------------------------------------------------------------------------------------


def stock_tables(day: ExamDay, pool: Sequence[PoolItem], seen: frozenset[str]) -> tuple[StockTable, ...]:
    """What the form needs and what is there: by part of the form, then by each axis of the blueprint."""
    titles = {axis.name: axis.title for axis in day.step.axes}
    parts = day.blueprint.parts()
    usable = [item for item in pool if any(item.fits(part) for part, _n in parts)]
    tables = [_table("items", _("Items"), [_part_row(part, n, pool, seen, day) for part, n in parts])]
    by_axis: dict[str, list[tuple[str, int, int, int, int]]] = {}
    for bounds in day.blueprint.bounds():
        row = bounds.row
        there = [item for item in usable if _has(item, row)]
        unseen = sum(item.id not in seen for item in there)
        by_axis.setdefault(row.axis, []).append((row.label, bounds.low, bounds.high, len(there), unseen))
    for axis, rows in by_axis.items():
        is_open = not any(item.codes.get(axis) for item in usable)
        tables.append(_table(axis, titles[axis], rows, is_open=is_open))
    return tuple(tables)


def _case_tables(day: ExamDay, user: User) -> list[StockTable]:
    """The patient cases that the form needs, and those that are there."""
    if day.cases is None:
        return []
    n, port = day.cases.n, cases()
    row = (day.cases.title, n, n, port.n_drawable(), port.n_drawable(unmet_by=user))
    return [_table("cases", _("Patient cases"), [row])]


def _part_row(
    part: Part, n_items: int, pool: Sequence[PoolItem], seen: frozenset[str], day: ExamDay
) -> tuple[str, int, int, int, int]:
    there = [item for item in pool if item.fits(part)]
    kinds = {DELIVERED[kind.form]: kind.title for kind in day.step.item_kinds if kind.form in DELIVERED}
    named = [part.section or ""] if part.within else []
    named += [kinds[kind] for kind in sorted(part.kinds)] if len(kinds) > 1 and len(part.kinds) == 1 else []
    return ", ".join(named) or _("All"), n_items, n_items, len(there), sum(item.id not in seen for item in there)


def _table(name: str, title: str, rows: Sequence[tuple[str, int, int, int, int]], *, is_open: bool = False) -> StockTable:
    scale = max((high for _label, _low, high, _there, _unseen in rows), default=1) or 1
    made = tuple(
        StockRow(label, low, high, there, unseen, _percent(low, scale), _percent(high, scale), _percent(there, scale))
        for label, low, high, there, unseen in rows
    )
    return StockTable(name, title, made, scale, is_open)


def _percent(n: int, scale: int) -> float:
    return round(100 * min(n, scale) / scale, 1)


def _has(item: PoolItem, row: Row) -> bool:
    return not row.covers.isdisjoint(item.codes.get(row.axis, ()))


# --- days so far ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PastDay:
    """One day in the list: open ones can be gone on with, ended ones have a report."""

    id: str
    title: str
    kind: str
    clock: str
    at: datetime
    n_items: int
    n_answered: int
    is_begun: bool
    is_open: bool


def past_days(user: User, content: Content, *, at: datetime, limit: int = 20) -> list[PastDay]:
    """The newest whole and half days of a person, open and ended."""
    rows = SittingRow.objects.filter(user=user, kind__in=["full", "half"]).exclude(state="voided").order_by("-created_at")
    going_on = {row.pk for row in open_sittings(user, at=at)}
    return [
        PastDay(
            id=str(row.pk),
            title=step_title(content, row.programme, row.step),
            kind=row.kind,
            clock=row.clock,
            at=row.created_at,
            n_items=row.n_items,
            n_answered=row.n_answered,
            is_begun=row.state != "created",
            is_open=row.pk in going_on,
        )
        for row in rows[:limit]
    ]
