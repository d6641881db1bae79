"""The web server sends head and body of an answer in one go.

Waitress sends the head, and then what follows. Each sending costs the system as much as all the rest of a small answer's way
out, and wakes the reader twice (measured in `docs/explanation/what-a-sitting-costs.md`).
"""

from __future__ import annotations

from typing import Any

from waitress.channel import HTTPChannel
from waitress.task import WSGITask


class _Together:
    """Stands for a channel while head and first part of a body are written to it."""

    def __init__(self, channel: HTTPChannel) -> None:
        self.server = channel.server
        self.parts: list[bytes] = []

    def write_soon(self, data: bytes) -> int:
        self.parts.append(data)
        return len(data)


class _Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    channel: Any

    def write(self, data: Any) -> None:
        if self.wrote_header:
            super().write(data)
            return
        channel = self.channel
        self.channel = together = _Together(channel)
        try:
            super().write(data)
        finally:
            self.channel = channel
        channel.write_soon(b"".join(together.parts))


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection whose answers go out in one go, as far as they are made in one."""

    task_class = _Task
