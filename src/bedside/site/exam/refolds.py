"""How much of its logs one candidate may have folded again from the beginning, since everybody waits meanwhile.

An event that comes before what is folded already has the whole log of its sitting folded, inside the one transaction that all
share: tens of milliseconds for a day of the exam, most of a second for a full log. Who comes back after hours offline needs
that some dozens of times in a row, and gets it. Who goes on asking for it is told to wait.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from uuid import UUID

from bedside.site.problems import TooOftenError

# A day of the exam makes some 3,300 events. Sent late, in calls of 100 each of which has the log folded again, they cost
# 59,000 in all; so a whole day comes in without a wait, and a short sitting never meets this.
MAX_AT_ONCE = 80_000  # events
EVENTS_PER_S = 500  # by which the room grows again: a twentieth of the time that folding takes


class Refolds:
    """Events that were folded again for each candidate, less what time has forgiven. Of this process; nothing of it is kept."""

    def __init__(self, at_once: int = MAX_AT_ONCE, per_s: float = EVENTS_PER_S) -> None:
        self._at_once = at_once
        self._per_s = per_s
        self._spent: OrderedDict[UUID, tuple[float, float]] = OrderedDict()  # events and at which second, the oldest first
        self._lock = Lock()

    def spend(self, user: UUID, n_events: int, at_s: float) -> None:
        """Count a fold of so many events for a candidate, at a second of a clock that never runs back.

        All sittings of a candidate count together, so that many of them are no way round.

        Raises:
            TooOftenError: there is no room for it now; it is not counted.
        """
        with self._lock:
            self._forget(at_s)
            spent = self._left(user, at_s)
            if spent and spent + n_events > self._at_once:
                wait_s = int((spent + n_events - self._at_once) / self._per_s) + 1
                raise TooOftenError(
                    f"too many late events have come, each of which has the whole sitting computed again; nothing of this call "
                    f"was kept; send it again in {wait_s} s"
                )
            self._spent[user] = (spent + n_events, at_s)
            self._spent.move_to_end(user)

    def _left(self, user: UUID, at_s: float) -> float:
        spent, since_s = self._spent.get(user, (0.0, at_s))
        return max(0.0, spent - (at_s - since_s) * self._per_s)

    def _forget(self, at_s: float) -> None:
        """Drop the oldest that have their whole room again."""
        while self._spent:
            user = next(iter(self._spent))
            if self._left(user, at_s) > 0:
                return
            del self._spent[user]


REFOLDS = Refolds()  # of this process
