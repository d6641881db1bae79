"""Builders of forms and events, in minutes from a fixed start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

from bedside import delivery
from bedside.delivery import (
    Body,
    Event,
    FixedBreak,
    Form,
    FormBlock,
    FormCase,
    FormItem,
    FormSet,
    Mode,
    Navigation,
    Reason,
    SetKind,
    Sitting,
)

T0 = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PLAYER = UUID(int=1)
SECOND_PLAYER = UUID(int=2)
SERVER = UUID(int=99)


def minutes(count: float) -> datetime:
    """The instant `count` minutes after the start of every test."""
    return T0 + timedelta(minutes=count)


def item(block: int, position: int, *, kind: str = "one_best_answer", in_set: str | None = None) -> FormItem:
    options = () if kind == "numeric" else ("A", "B", "C", "D", "E")
    return FormItem(f"test-{block}{position:02d}", 1, kind, options, in_set)


def form(
    *,
    blocks: int = 2,
    items: int = 3,
    limit_min: int | None = 30,
    mode: Mode = Mode.TIMED,
    break_min: int | None = None,
    tutorial_min: int = 0,
    grace_s: int | None = None,
    time_factor: Fraction = Fraction(1),
    kind: str = "one_best_answer",
    set_kind: SetKind | None = None,
    navigation: Navigation = Navigation.FREE,
    fixed_break: FixedBreak | None = None,
    total_min: int | None = None,
    stop_clock_min: int = 0,
    is_unused_kept: bool = True,
    cases: int = 0,
    case_min: float | None = 10,
    case_tutorial_min: float = 0,
) -> Form:
    """A form whose items are called test-101, test-102, ... in block 1, test-201, ... in block 2.

    With `set_kind` all items of a block are one set. With `fixed_break` that break stands after the first block. With
    `total_min` one clock runs over all blocks. With `cases` as many blocks follow with the cases case-1, case-2, ..., of
    `case_min` minutes each, the last two for final orders, and with a tutorial before the first.
    """
    return Form(
        id="form",
        mode=mode,
        blocks=tuple(
            FormBlock(
                tuple(
                    item(block, position, kind=kind, in_set=f"set-{block}" if set_kind else None)
                    for position in range(1, items + 1)
                ),
                None if limit_min is None or total_min is not None else limit_min * 60,
                navigation=navigation,
                break_after=fixed_break if block == 1 else None,
                sets=(FormSet(f"set-{block}", set_kind),) if set_kind else (),
            )
            for block in range(1, blocks + 1)
        )
        + tuple(
            FormBlock(
                (),
                None if limit_min is None or total_min is not None or case_min is None else round(case_min * 60),
                navigation=navigation,
                case=FormCase(f"case-{n}", f"{n:064x}", "c" * 64, "1", n, final_s=120),
                tutorial_s=round(case_tutorial_min * 60) if n == 1 else 0,
            )
            for n in range(1, cases + 1)
        ),
        break_s=None if break_min is None else break_min * 60,
        tutorial_s=tutorial_min * 60,
        grace_s=grace_s,
        time_factor=time_factor,
        limit_s=None if total_min is None else total_min * 60,
        stop_clock_s=stop_clock_min * 60,
        is_unused_kept=is_unused_kept,
    )


class Log:
    """A log that numbers its events: `Log().add(Started(), at=0).add(BlockOpened(1), at=1)`; `at` in minutes."""

    def __init__(self, writer: UUID = PLAYER) -> None:
        self.writer = writer
        self.events: list[Event] = []

    def add(self, body: Body, *, at: float, received: float | None = None) -> Log:
        seq = len(self.events) + 1
        arrival = minutes(at if received is None else received)
        self.events.append(Event(self.writer, seq, minutes(at), arrival, 0, body))
        return self


def in_block(*, at: float = 0) -> Log:
    """A log whose first block was opened at `at` minutes."""
    return Log().add(delivery.Started(), at=at).add(delivery.BlockOpened(1), at=at)


def reasons(sitting: Sitting) -> list[Reason]:
    """Why events were refused, in the order of the fold."""
    return [refusal.reason for refusal in sitting.refusals]
