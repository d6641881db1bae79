"""The order of a session: areas alternate, since mixed practice is remembered better than practice in blocks.

Source: Rohrer (2012), Educational Psychology Review 24, 355-367.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol, TypeVar


class Placed(Protocol):
    """What has a name and an area."""

    @property
    def name(self) -> str: ...

    @property
    def area(self) -> int: ...


PlacedT = TypeVar("PlacedT", bound=Placed)


def interleaved(pieces: Sequence[PlacedT], *, seed: int) -> list[PlacedT]:
    """The pieces in an order in which no area follows itself, wherever that is possible; within an area, as they come."""
    waiting: dict[int, list[PlacedT]] = {}
    for piece in pieces:
        waiting.setdefault(piece.area, []).append(piece)
    chance = {area: _chance(seed, area) for area in waiting}
    ordered: list[PlacedT] = []
    last: int | None = None
    while waiting:
        # the fullest area goes first, so that none is left over to follow itself
        area = max(waiting, key=lambda one: (one != last, len(waiting[one]), chance[one]))
        ordered.append(waiting[area].pop(0))
        if not waiting[area]:
            del waiting[area]
        last = area
    return ordered


def _chance(seed: int, area: int) -> bytes:
    return hashlib.blake2b(f"{seed}\0{area}".encode(), digest_size=8).digest()
