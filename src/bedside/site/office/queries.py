"""What a proctor sees of proctored sittings: where each stands, and never a key, an answer or whether it is right.

The list is one statement whatever the number of sittings: it reads what the fold last said (`exam/models.py`) and what time has
done since, and folds nothing, so that three hundred rows every few seconds stay cheap.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast, get_args
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KT

from bedside.site.exam.models import Sitting, SittingEvent, SittingItem, Writer
from bedside.site.exam.proctoring import ENDED

Show = Literal["now", "unseen", "stopped", "ended", "all"]
SHOWS: tuple[Show, ...] = get_args(Show)
LATELY = timedelta(hours=36)  # a day in any time zone and the night after; older ones that ended are found in the audit log
UNSEEN_S = 60  # the player calls each 20 s; three calls that stay out are worth a look
MAX_ROWS = 1000
LOOKED_BACK = 300  # events of one sitting in which its item is looked for; from one item to the next there are a handful


@dataclass(frozen=True, slots=True)
class Seat:
    """One proctored sitting as it stands at `at`."""

    id: UUID
    user: str
    first_name: str
    programme: str
    step: str
    day: int
    kind: str
    clock: str
    state: str  # as the API names it; `time_over` where time has closed what no event has yet
    block: int | None
    n_blocks: int
    n_answered: int
    n_items: int
    position: int | None  # of the item on the candidate's screen in its block, from 1
    n_in_block: int | None  # items of the open block
    remaining_ms: int | None
    break_ms: int | None
    seen_at: datetime | None
    at: datetime

    @property
    def name(self) -> str:
        """The person's own name with the one they sign in with."""
        return f"{self.first_name} ({self.user})" if self.first_name else self.user

    @property
    def unseen_s(self) -> int | None:
        """Seconds since the player last called, or None where it never did."""
        return None if self.seen_at is None else max(0, int((self.at - self.seen_at).total_seconds()))

    @property
    def is_unseen(self) -> bool:
        """Has the player been silent for longer than it ought to, while something is under way?"""
        is_under_way = self.state in {"in_block", "suspended", "time_over"}
        return is_under_way and (self.unseen_s is None or self.unseen_s > UNSEEN_S)

    def as_dict(self) -> dict[str, Any]:
        """As the API answers it."""
        names = ("id", "user", "programme", "step", "day", "kind", "clock", "state", "block", "n_blocks")
        counts = ("n_answered", "n_items", "position", "n_in_block", "remaining_ms", "break_ms")
        return {
            **{name: getattr(self, name) for name in names + counts},
            "form": self.kind,
            "name": self.first_name,
            "last_seen_at": self.seen_at,
            "is_unseen": self.is_unseen,
        }


def seats(*, at: datetime, show: Show = "all", name: str = "") -> list[Seat]:
    """Proctored sittings by name: those that go on, and those that ended lately. One statement."""
    rows = _rows().filter(Q(created_at__gte=at - LATELY) | Q(ended_at__gte=at - LATELY) | ~Q(state__in=ENDED))
    if name:
        rows = rows.filter(Q(user__username__icontains=name) | Q(user__first_name__icontains=name))
    if show == "ended":
        rows = rows.filter(Q(state__in=ENDED) | Q(deadline__lte=at))
    elif show == "stopped":
        rows = rows.filter(state="suspended")
    elif show in {"now", "unseen"}:
        rows = rows.exclude(state__in=ENDED)
    found = [_seat(row, at) for row in rows.order_by("user__username", "created_at")[:MAX_ROWS]]
    return [seat for seat in found if seat.is_unseen] if show == "unseen" else found


def seat(sitting_id: UUID, *, at: datetime) -> Seat | None:
    """One proctored sitting, or None where there is none."""
    row = _rows().filter(pk=sitting_id).first()
    return None if row is None else _seat(row, at)


def _rows() -> QuerySet[Sitting, dict[str, Any]]:
    last_item = SittingItem.objects.filter(sitting=OuterRef("pk")).order_by("-position").values("block")[:1]
    of_block = SittingItem.objects.filter(sitting=OuterRef("pk"), block=OuterRef("block")).values("position")
    player = Writer.objects.filter(sitting=OuterRef("pk"), kind="player", superseded_at__isnull=True).values("last_at")[:1]
    rows: QuerySet[Sitting, dict[str, Any]] = (
        Sitting.objects.filter(is_proctored=True)
        .annotate(
            n_blocks=Subquery(last_item),
            written_at=Subquery(player),
            first=Subquery(of_block.order_by("position")[:1]),
            last=Subquery(of_block.order_by("-position")[:1]),
            shown=Subquery(of_block.filter(item=Subquery(_shown_item()))[:1]),
        )
        .values(
            *("id", "user__username", "user__first_name", "programme", "step", "day", "kind", "clock", "state", "block"),
            *("n_answered", "n_items", "deadline", "break_ms", "break_ends_at", "last_seen_at", "n_blocks", "written_at"),
            *("first", "last", "shown"),
        )
    )
    return rows


def _shown_item() -> QuerySet[SittingEvent, tuple[Any, ...]]:
    """The item that the candidate came to last, inside a statement about items of sittings: what the fold would say, read
    from the newest events alone. One of an earlier block is not among the open block's items, and so is none."""
    newest = OuterRef(OuterRef("n_arrivals")) - LOOKED_BACK
    return (
        SittingEvent.objects.filter(sitting=OuterRef(OuterRef("pk")), arrival__gt=newest, type="item_shown", outcome="accepted")
        .order_by("-arrival")
        .values_list(KT("body__item"))[:1]
    )


def _seat(row: Mapping[str, Any], at: datetime) -> Seat:
    is_over = row["deadline"] is not None and row["deadline"] <= at
    state = "time_over" if is_over and row["state"] in {"in_block", "between_blocks", "on_break"} else row["state"]
    remaining_ms = None
    if state == "in_block" and row["deadline"] is not None:
        remaining_ms = _ms(row["deadline"] - at)
    break_ms = row["break_ms"]
    if row["break_ends_at"] is not None and break_ms is not None and state not in ENDED:
        break_ms = min(break_ms, _ms(row["break_ends_at"] - at))
    is_open = state in {"in_block", "paused", "suspended"} and row["first"] is not None
    seen = [moment for moment in (row["last_seen_at"], row["written_at"]) if moment is not None]
    return Seat(
        id=row["id"],
        user=row["user__username"],
        first_name=row["user__first_name"],
        **{name: row[name] for name in ("programme", "step", "day", "kind", "clock", "block", "n_answered", "n_items")},
        state=state,
        n_blocks=row["n_blocks"] or 1,
        position=row["shown"] - row["first"] + 1 if is_open and row["shown"] is not None else None,
        n_in_block=row["last"] - row["first"] + 1 if is_open else None,
        remaining_ms=remaining_ms,
        break_ms=break_ms,
        seen_at=max(seen, default=None),
        at=at,
    )


def _ms(span: timedelta) -> int:
    return int(span.total_seconds() * 1000)


@dataclass(frozen=True, slots=True)
class LogLine:
    """One event of a sitting as a proctor may read it: what happened, when and by whom, and not what was answered."""

    n: int
    at: datetime
    by: str
    type: str
    position: int | None  # of its item in the form
    block: int | None
    reason: str
    refused: str
    detail: Mapping[str, Any]


_SHOWN = ("seconds", "text", "time_factor", "extra_break_s", "stop_clock_s")  # fields of a proctor's own events


def log_lines(sitting_id: UUID, *, limit: int) -> Sequence[LogLine]:
    """The newest events of a sitting, the newest first. Of an item only its position is told."""
    events = (
        Sitting.objects.get(pk=sitting_id)
        .events.select_related("writer__user")
        .only("arrival", "received_at", "type", "body", "reason", "writer__kind", "writer__user__username")
        .order_by("-arrival")[:limit]
    )
    positions = dict(SittingItem.objects.filter(sitting=sitting_id).values_list("item", "position"))
    return [
        LogLine(
            n=event.arrival,
            at=event.received_at,
            by=event.writer.user.username if event.writer.user else event.writer.kind,
            type=event.type,
            position=positions.get(cast("str", event.body.get("item"))),
            block=event.body.get("block"),
            reason=event.body.get("reason", "") if event.writer.kind == "proctor" else "",
            refused=event.reason,
            detail={name: event.body[name] for name in _SHOWN if event.writer.kind == "proctor" and name in event.body},
        )
        for event in events
    ]
