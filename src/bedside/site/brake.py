"""A brake on what takes long, where others use the server too: taking all one owns and bringing it back, decks, journeys."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock
from uuid import UUID

from django.conf import settings

from bedside.site import clock
from bedside.site.problems import TooOftenError

AN_HOUR = 6  # of one person, whatever comes of it; `assumed`
AT_ONCE = 2  # of all people: each takes one of eight threads for as long as it lasts
HOUR_S = 3600.0
MOST_PEOPLE = 10_000  # who are remembered


class Brake:
    """Who asked when. Of this process; nothing of it is kept."""

    def __init__(self, an_hour: int = AN_HOUR, at_once: int = AT_ONCE) -> None:
        self._an_hour = an_hour
        self._asked: OrderedDict[UUID, list[float]] = OrderedDict()
        self._lock = Lock()
        self._places = BoundedSemaphore(at_once)

    @contextmanager
    def place(self, user: UUID) -> Iterator[None]:
        """A place for one person now; on one's own computer nobody else waits, and none is needed.

        Raises:
            TooOftenError: as `held`.
        """
        if settings.IS_LOCAL:
            yield
            return
        with self.held(user, clock.monotonic_s()):
            yield

    @contextmanager
    def held(self, user: UUID, at_s: float) -> Iterator[None]:
        """A place for one person, at a second of a clock that never runs back.

        Raises:
            TooOftenError: they have asked too often in the last hour, or others are at it.
        """
        if not self._places.acquire(blocking=False):
            raise TooOftenError("others are at work that takes as long; try again in a minute")
        try:
            self._count(user, at_s)
            yield
        finally:
            self._places.release()

    def _count(self, user: UUID, at_s: float) -> None:
        with self._lock:
            asked = [one for one in self._asked.pop(user, []) if at_s - one < HOUR_S]
            self._asked[user] = asked
            if len(asked) >= self._an_hour:
                wait_min = int((asked[0] + HOUR_S - at_s) / 60) + 1
                raise TooOftenError(f"you have done this {len(asked)} times within an hour; try again in {wait_min} minutes")
            asked.append(at_s)
            while len(self._asked) > MOST_PEOPLE:
                self._asked.popitem(last=False)
