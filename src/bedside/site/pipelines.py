"""What is written to PostgreSQL goes out when something is read, in one piece. Imported only where the database is PostgreSQL.

Psycopg's own pipeline does not wait for answers either, but it hands each statement to the system as soon as it has it, and
asks before each whether it may: with a dozen statements in a saved answer's transaction that took an eighth of the saving
thread's time, and woke the database a dozen times (measured in `docs/explanation/what-a-sitting-costs.md`). Here libpq gathers
them, up to what its buffer holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import Connection, Pipeline
from psycopg.abc import PQGen
from psycopg.generators import send


class _Held(Pipeline):
    """Relies on psycopg 3.2 and later: its generators, and where it looks for a connection's pipeline."""

    def _communicate_gen(self) -> PQGen[None]:
        while self.command_queue:
            self.command_queue.popleft()()  # into libpq's buffer
        return
        yield  # a generator that waits for nothing

    def _fetch_gen(self, *, flush: bool) -> PQGen[None]:
        yield from self._communicate_gen()
        if self.result_queue and not flush:
            yield from send(self.pgconn)
        yield from super()._fetch_gen(flush=flush)


@contextmanager
def pipeline(connection: Connection[Any]) -> Iterator[None]:
    """As `Connection.pipeline`, held back. The connection must not be in a pipeline yet.

    Raises:
        psycopg.Error: one of the statements failed; nothing that came after it was run.
    """
    held = _Held(connection)
    connection._pipeline = held
    try:
        with held:
            yield
    finally:
        connection._pipeline = None
