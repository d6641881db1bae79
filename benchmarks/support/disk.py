"""What the disk takes for a small write that is flushed: the floor under every acknowledged answer."""

from __future__ import annotations

import os
import time
from pathlib import Path


def flush_ms(folder: Path, n: int = 200) -> tuple[float, float]:
    """Median and 99th percentile, in milliseconds, of writing 4 kB and flushing it to the disk."""
    took = []
    path = folder / "flush"
    with path.open("wb") as file:
        for _ in range(n):
            start = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - start)
    path.unlink()
    took.sort()
    return took[n // 2] * 1000, took[n * 99 // 100] * 1000
