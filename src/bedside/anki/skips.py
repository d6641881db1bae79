"""Naming what is not taken. A deck may hold a million broken rows: the first of each reason are named, the rest are counted."""

from __future__ import annotations

from bedside.anki.limits import MAX_SKIPPED_A_REASON
from bedside.anki.records import Skipped
from bedside.findings import plural


class Skips:
    """Collects what is not taken, each once."""

    def __init__(self) -> None:
        self._named: dict[str, dict[str, None]] = {}
        self._more: dict[str, int] = {}

    def add(self, where: str, why: str) -> None:
        """Name one; the same place and reason again adds nothing."""
        named = self._named.setdefault(why, {})
        if where in named:
            return
        if len(named) < MAX_SKIPPED_A_REASON:
            named[where] = None
        else:
            self._more[why] = self._more.get(why, 0) + 1

    def count(self, what: str, why: str) -> None:
        """Count one more of a kind that is not worth a line each; `what` is one of them, as in "review"."""
        self._more[f"{what}\x00{why}"] = self._more.get(f"{what}\x00{why}", 0) + 1

    def restart(self) -> None:
        """Forget everything: the deck is read from its beginning again."""
        self._named.clear()
        self._more.clear()

    def listed(self) -> tuple[Skipped, ...]:
        """All of them, in the order in which their reasons came up."""
        found = [Skipped(where, why) for why, named in self._named.items() for where in named]
        for text, number in self._more.items():
            what, sign, why = text.partition("\x00")
            found.append(Skipped(plural(number, what), why) if sign else Skipped(f"{number:,} more", what))
        return tuple(found)
