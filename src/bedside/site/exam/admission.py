"""Who is admitted to a proctored sitting. A package above this one keeps the register, and plugs itself in at the start.

Asked when a sitting is made, inside the transaction that makes it, and again inside the one in which it begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

if TYPE_CHECKING:
    from bedside.site.exam.models import Sitting


@dataclass(frozen=True, slots=True)
class Wanted:
    """A proctored sitting that is to be made or begun."""

    user_id: UUID
    programme: str
    step: str
    day: int
    kind: str  # "full" or "half"
    clock: str  # "real" or "compressed"


class Admission(Protocol):
    """The register, as the sitting knows it."""

    def see_may_make(self, wanted: Wanted, *, at: datetime) -> None:
        """They may have a new sitting like this.

        Raises:
            ConflictError: they may not; says why.
        """

    def see_may_begin(self, wanted: Wanted, *, at: datetime) -> None:
        """They may begin it now.

        Raises:
            ConflictError: they may not; says why.
        """


class _Everybody:
    """A site without a register."""

    def see_may_make(self, wanted: Wanted, *, at: datetime) -> None:
        """Nobody is turned away."""

    def see_may_begin(self, wanted: Wanted, *, at: datetime) -> None:
        """Nobody is turned away."""


_plugged: list[Admission] = [_Everybody()]


def plug_in(admission: Admission) -> None:
    """Say who admits from now on; once, when the site starts."""
    _plugged[:] = [admission]


def admission() -> Admission:
    """Who admits to proctored sittings of this site."""
    return _plugged[0]


def see_admitted(row: Sitting, at: datetime) -> None:
    """A sitting that has not begun may begin now; of one that has, or that nobody watches, nothing is asked.

    Raises:
        ConflictError: it may not; says why.
    """
    if row.is_proctored and row.state == "created":
        admission().see_may_begin(Wanted(row.user_id, row.programme, row.step, row.day, row.kind, row.clock), at=at)
