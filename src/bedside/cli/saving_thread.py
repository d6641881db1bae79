"""The web server's calls that save answers, all in one thread: read one after the other, kept together, answered one after
the other.

A thread for each call costs more than the call. Every statement lets go of the interpreter, another thread takes it, and the
system wakes threads on two cores in turn only for them to wait: with 24 threads that alone took 18% of the processor (measured
in `docs/explanation/what-a-sitting-costs.md`). Here each call runs in a greenlet of its own, through the whole site as any
other, up to the moment when its events are to be kept. There it is put aside; when all calls that were waiting have come so
far, they are kept in one transaction, and each goes on from where it was put aside. Between that nothing else runs in this
thread, so none of them can meet another's half-done work.

All other calls have waitress's own threads.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from threading import Condition, Thread
from typing import Any

from greenlet import greenlet
from waitress.task import ThreadedTaskDispatcher

log = logging.getLogger(__name__)

MAX_AT_ONCE = 64  # calls: the first of them waits for the work of all

Answer = Callable[[Sequence[Any]], None]
"""Answers what calls were put aside with; returns when each has its answer."""

Lend = Callable[[Callable[[Any], None]], None]
"""Takes what a call of the thread is put aside with."""


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]  # waitress has no types
    """Gives calls that save answers to one thread, and all others to waitress's own.

    `is_saving` tells which are which, by waitress's request. `answer` is handed what calls were put aside with in one round,
    and `lend` is told once, in the thread, how a call is put aside there.
    """

    def __init__(self, *, is_saving: Callable[[Any], bool], answer: Answer, lend: Lend) -> None:
        super().__init__()
        self._is_saving = is_saving
        self._answer = answer
        self._lend = lend
        self._waiting: deque[Any] = deque()
        self._something = Condition()
        self._is_stopped = False
        self._thread = Thread(target=self._run, name="saving", daemon=True)
        self._thread.start()

    def add_task(self, task: Any) -> None:
        """Take a task, which is a connection with a request that was read."""
        if not self._is_saving(task.requests[0]):
            super().add_task(task)
            return
        with self._something:
            self._waiting.append(task)
            self._something.notify()

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        """Finish what is under way, and drop what waits; answers whether anything was dropped."""
        until_s = time.monotonic() + timeout
        with self._something:
            self._is_stopped = True
            dropped = list(self._waiting) if cancel_pending else []
            if cancel_pending:
                self._waiting.clear()
            self._something.notify()
        for task in dropped:
            task.cancel()
        self._thread.join(timeout)
        return bool(super().shutdown(cancel_pending, max(0.0, until_s - time.monotonic()))) or bool(dropped)

    def _run(self) -> None:
        self._lend(_put_aside)
        while tasks := self._next():
            serve_together(tasks, self._answer)

    def _next(self) -> list[Any]:
        """All that wait, as soon as there are any; none once the server stops."""
        with self._something:
            while not self._waiting and not self._is_stopped:
                self._something.wait()
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), MAX_AT_ONCE))]


def serve_together(tasks: Sequence[Any], answer: Answer) -> None:
    """Serve these tasks, what they are put aside with answered together. Every task is served to its end."""
    aside = [one for task in tasks if (one := _go_on(greenlet(_service), task)) is not None]
    while aside:
        try:
            answer([question for question, _ in aside])
        except Exception:  # each goes on all the same, and finds that it has no answer
            log.exception("answering %d calls broke off", len(aside))
        aside = [one for _, runner in aside if (one := _go_on(runner, None)) is not None]


def _go_on(runner: greenlet, given: Any) -> tuple[Any, greenlet] | None:
    """Let a task run until it has something put aside, which is answered, or to its end."""
    question = runner.switch(given)
    return None if runner.dead else (question, runner)


def _service(task: Any) -> None:
    try:
        task.service()
    except BaseException:  # as waitress's own threads do
        log.exception("a call could not be served")


def _put_aside(question: Any) -> None:
    parent = greenlet.getcurrent().parent
    assert parent is not None  # calls run in greenlets whose parent is the thread's own
    parent.switch(question)
