"""Errors of the site that a program tells apart by their code, in the tree of `bedside.errors`.

UsageError            usage            400
NotFoundError         not_found        404
NotAllowedError       not_allowed      403
├── BlockClosedError  block_closed         the block is over; its items are not shown again before the report
ConflictError         conflict         409
├── NoItemsError      no_items             nothing in the bank fits the filter
├── NoFormError       no_form              the programme does not say enough for a form of this day
├── BankTooThinError  bank_too_thin        the bank can't carry a whole form
├── NotOpenError      block_not_open       the block has not been opened
├── NotFinishedError  not_finished         the report is made when the sitting has ended
├── SealedError       sealed               a proctored sitting is under way: no keys, and no other sitting
├── EventDiffersError event_differs        another event was kept under this number
├── LogFullError      log_full             the sitting or the run of a case can take no more
├── CommandDiffersError command_differs    another command was kept under this number
├── SupersededError   writer_superseded    another tab or computer has taken the sitting over
├── CommandGapError   command_gap          a command before this one is missing
└── CaseChangedError  case_changed         the orders or the engine are no longer those with which the run was begun
TooOftenError         too_often        429  nothing was kept; the same call is taken after a wait
StoreError            store            503
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bedside.errors import (
    BedsideError,
    ConflictError,
    NotAllowedError,
    NotFoundError,
    StoreError,
    UsageError,
)

if TYPE_CHECKING:
    from bedside.assembly import Missing


class BlockClosedError(NotAllowedError):
    """The block is over; its items are not shown again before the report."""


class NoItemsError(ConflictError):
    """Nothing in the bank fits the filter."""


class NoFormError(ConflictError):
    """The programme does not say enough of this day for a form to be made of it."""


class BankTooThinError(ConflictError):
    """The bank can't carry a whole form.

    `missing` says what it lacks; `n_blocks` and `n_items` are of the longest form it can carry, 0 where it can carry none.
    """

    def __init__(self, text: str, missing: Sequence[Missing], *, n_blocks: int, n_items: int, is_balanced: bool) -> None:
        super().__init__(text)
        self.missing = missing
        self.n_blocks = n_blocks
        self.n_items = n_items
        self.is_balanced = is_balanced


class NotOpenError(ConflictError):
    """The block has not been opened."""


class NotFinishedError(ConflictError):
    """The report is made when the sitting has ended."""


class SealedError(ConflictError):
    """A proctored sitting of this person is under way: no key is shown meanwhile, and no other sitting made."""


class SupersededError(ConflictError):
    """Another tab or computer has taken the sitting over."""


class EventDiffersError(ConflictError):
    """Another event was kept under this number."""


class LogFullError(ConflictError):
    """The sitting or the run of a case can take no more."""


class CommandDiffersError(ConflictError):
    """Another command of the run was kept under this number."""


class CommandGapError(ConflictError):
    """A command before this one is missing."""


class CaseChangedError(ConflictError):
    """The catalogue of orders or the engine is no longer the one with which the run was begun."""


class TooOftenError(BedsideError):
    """What costs everybody time was asked for too often; nothing was kept, and the same call is taken after a wait."""


# the first that fits counts, so the special ones stand first
CODES: tuple[tuple[type[BedsideError], int, str], ...] = (
    (BlockClosedError, 403, "block_closed"),
    (NoItemsError, 409, "no_items"),
    (NoFormError, 409, "no_form"),
    (BankTooThinError, 409, "bank_too_thin"),
    (NotOpenError, 409, "block_not_open"),
    (NotFinishedError, 409, "not_finished"),
    (SealedError, 409, "sealed"),
    (EventDiffersError, 409, "event_differs"),
    (LogFullError, 409, "log_full"),
    (SupersededError, 409, "writer_superseded"),
    (CommandDiffersError, 409, "command_differs"),
    (CommandGapError, 409, "command_gap"),
    (CaseChangedError, 409, "case_changed"),
    (TooOftenError, 429, "too_often"),
    (StoreError, 503, "store"),
    (NotFoundError, 404, "not_found"),
    (NotAllowedError, 403, "not_allowed"),
    (ConflictError, 409, "conflict"),
    (UsageError, 400, "usage"),
    (BedsideError, 400, "bad_input"),
)


def status_of(error: BedsideError) -> tuple[int, str]:
    """The status and the code of an error."""
    return next((status, code) for kind, status, code in CODES if isinstance(error, kind))
