"""How long saving takes, counted by this server as it goes: a histogram with fixed buckets, in memory.

A bucket is 10% wider than the one before it, so a percentile read off is at most 10% too high, and never too low. Counting
one costs about a microsecond; nothing is written anywhere, and nothing of who was served or what was saved is kept.
"""

from __future__ import annotations

import json
import math
import signal
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from types import FrameType
from typing import Any

LOWEST_MS = 0.1
GROWTH = 1.1
N_BUCKETS = 140  # the last begins above 50 seconds, and holds all beyond

_LOG_GROWTH = math.log(GROWTH)


@dataclass(slots=True)
class Histogram:
    """Durations in milliseconds. Bucket n ends at `LOWEST_MS * GROWTH ** n`."""

    counts: list[int] = field(default_factory=lambda: [0] * N_BUCKETS)
    sum_ms: float = 0.0
    max_ms: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def add(self, ms: float) -> None:
        """Count one."""
        n = 0 if ms <= LOWEST_MS else min(N_BUCKETS - 1, math.ceil(math.log(ms / LOWEST_MS) / _LOG_GROWTH))
        with self._lock:
            self.counts[n] += 1
            self.sum_ms += ms
            self.max_ms = max(self.max_ms, ms)

    @property
    def n(self) -> int:
        return sum(self.counts)

    def percentile(self, share: float) -> float | None:
        """The upper end in milliseconds of the bucket in which the `share` (0 to 1) of all lies, or None without any."""
        wanted, seen = math.ceil(share * self.n), 0
        for n, count in enumerate(self.counts):
            seen += count
            if count and seen >= wanted:
                return min(self.max_ms, LOWEST_MS * GROWTH**n)
        return None

    def as_dict(self) -> dict[str, Any]:
        """Counts and percentiles as JSON."""
        named = {name: self.percentile(share) for name, share in (("p50_ms", 0.5), ("p99_ms", 0.99), ("p999_ms", 0.999))}
        return {"n": self.n, "sum_ms": self.sum_ms, "max_ms": self.max_ms, **named, "counts": list(self.counts)}


SAVED = Histogram()  # calls of this process that saved events, from the request's start to its answer
TRANSACTIONS = Histogram()  # the transactions that kept them, each for one call or for several that came together


def write_on_signal(path: Path) -> None:
    """Write the histograms to `path` as JSON whenever the process gets SIGUSR1, for a benchmark to read."""

    def write(_number: int, _frame: FrameType | None) -> None:
        told = {"saved": SAVED.as_dict(), "transactions": TRANSACTIONS.as_dict()}
        whole = path.with_name(path.name + ".part")
        whole.write_text(json.dumps(told), encoding="utf-8")
        whole.replace(path)  # whoever waits for the file finds it whole

    signal.signal(signal.SIGUSR1, write)
