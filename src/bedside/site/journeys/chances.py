"""The chance to pass at the end of each week, by what had been answered until then; kept, since the past seldom changes.

The bank and its areas are those of today, as on the page of readiness.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from threading import Lock
from uuid import UUID

import numpy as np

from bedside.journeys import Chance
from bedside.measure import OutsideScore, Readiness
from bedside.site.passing.pool import StepPool
from bedside.site.passing.state import Passing
from bedside.site.progress.base import Base

MOST_KEPT = 50  # people

_Rests = tuple[bytes, tuple[OutsideScore, ...]]
_KEPT: dict[UUID, tuple[StepPool, dict[date, tuple[_Rests, Chance | None]]]] = {}
_LOCK = Lock()


def chances_of(base: Base, passing: Passing, ends: Mapping[int, date]) -> dict[int, Chance]:
    """By week, where there was enough to give one. `ends`: the day with which each week ends."""
    kept = _KEPT.get(base.user.pk)
    known = kept[1] if kept is not None and kept[0] is passing.pool else {}
    found: dict[date, tuple[_Rests, Chance | None]] = {}
    for day in ends.values():
        rests = _rests(passing, day)
        before = known.get(day)
        found[day] = before if before is not None and before[0] == rests else (rests, _chance(passing, day))
    with _LOCK:
        _KEPT.pop(base.user.pk, None)
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[base.user.pk] = passing.pool, found
    told = {week: found[day][1] for week, day in ends.items()}
    return {week: chance for week, chance in told.items() if chance is not None}


def _rests(passing: Passing, day: date) -> _Rests:
    """What the answer of a day rests on."""
    n = int(np.searchsorted(passing.answers.day, day.toordinal(), side="right"))
    part, digest = passing.answers.part(0, n), sha256()
    for column in (part.day, part.item, part.is_right, part.is_timed):
        digest.update(np.ascontiguousarray(column).tobytes())
    return digest.digest(), tuple(score for score in passing.scores if score.day <= day.toordinal())


def _chance(passing: Passing, day: date) -> Chance | None:
    found = passing.found if day == passing.on else passing.on_day(day)
    if not isinstance(found, Readiness):
        return None
    p, low, high = (round(1000 * share) for share in (found.p_pass, found.low, found.high))
    return Chance(p=p, low=min(low, p), high=max(high, p))
