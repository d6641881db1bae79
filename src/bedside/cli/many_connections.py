"""The loop of the web server for many open connections.

Waitress's own loop asks each open connection, in Python and before every wait, what it waits for. With 2,000 candidates who
keep theirs open that took more than half of the processor, and the more the slower the server became (measured in
`docs/explanation/what-a-sitting-costs.md`). Here the system's `epoll` remembers what each waits for, and only those are asked
whose answer may have changed: a connection that something happened on, until its request is served and it waits for the next
one; the listening sockets and the trigger, which are few; and once in a second all, for what waitress does on its own account,
such as closing what has been idle for long.

A connection whose answer is being sent by the thread that made it is left to that thread. Waitress's loop would ask the system
whether it can write there, hear that it can, find the thread at it, and ask again: without a pause, and with the interpreter,
which the thread then waits for, five milliseconds at each of its statements.

It is `waitress.wasyncore.poll2` otherwise, and relies on what asyncore has promised since it was written: `readable()`,
`writable()`, `handle_…` and a map of file numbers. Where the system has no `epoll`, waitress's own loop runs.
"""

from __future__ import annotations

import select
import time
from contextlib import suppress
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel

ALL_EVERY_S = 1.0
SOON_S = 0.005  # until a connection is asked again that a thread was writing to
MAX_EVENTS = 256  # of one wait; the others come with the next

_NEW: tuple[Any, int] = (None, 0)


def run(server: Any, sockets: dict[int, Any]) -> None:
    """Serve until SystemExit or KeyboardInterrupt, and then finish what is under way, as `server.run()` does.

    `sockets` is the map that the server was made with.
    """
    if not hasattr(select, "epoll"):
        server.run()
        return
    try:
        with select.epoll() as waiting:
            loop = Loop(sockets, waiting)
            while sockets:
                loop.turn()
    except (SystemExit, KeyboardInterrupt):
        server.task_dispatcher.shutdown()


class Loop:
    """Which sockets wait for what, and which of them have to be asked again."""

    def __init__(self, sockets: dict[int, Any], waiting: Any) -> None:
        self._sockets = sockets
        self._waiting = waiting
        self._known: dict[int, tuple[Any, int]] = {}  # by file number: the socket's object, and the events it waits for
        self._to_ask: set[int] = set()
        self._all_at_s = 0.0
        self._must_ask_soon = False

    def turn(self) -> None:
        """Ask those whose answer may have changed, wait once, and handle what has happened."""
        now_s = time.monotonic()
        if now_s >= self._all_at_s:
            self._all_at_s = now_s + ALL_EVERY_S
            self._to_ask.update(self._sockets, self._known)
        self._must_ask_soon = False
        for number in list(self._to_ask):
            self._ask(number)
        has_accepted = False
        for number, events in self._waiting.poll(SOON_S if self._must_ask_soon else ALL_EVERY_S, MAX_EVENTS):
            one = self._sockets.get(number)
            if one is not None:
                has_accepted = has_accepted or one.accepting
                self._to_ask.add(number)
                wasyncore.readwrite(one, events)
        if has_accepted:  # a new connection may have the number of one that was closed
            self._to_ask.update(number for number, one in self._sockets.items() if self._known.get(number, _NEW)[0] is not one)

    def _ask(self, number: int) -> None:
        one = self._sockets.get(number)
        known, events_before = self._known.get(number, _NEW)
        if known is not one and events_before:
            self._forget(number)
            events_before = 0
        if one is None:
            self._known.pop(number, None)
            self._to_ask.discard(number)
            return
        events = select.EPOLLIN | select.EPOLLPRI if one.readable() else 0
        if one.writable() and not one.accepting:
            if _is_being_written_to(one):
                self._must_ask_soon = True
            else:
                events |= select.EPOLLOUT
        if events != events_before:
            self._register(number, events, events_before)
        self._known[number] = (one, events)
        if isinstance(one, HTTPChannel) and events == select.EPOLLIN | select.EPOLLPRI:
            self._to_ask.discard(number)  # it waits for the next request, until that comes

    def _register(self, number: int, events: int, before: int) -> None:
        if not before:
            self._waiting.register(number, events)
        elif events:
            self._waiting.modify(number, events)
        else:
            self._waiting.unregister(number)  # else a connection that broke off would be told of again and again

    def _forget(self, number: int) -> None:
        """Of a socket that was closed, which the system has forgotten already, or whose number another one has now."""
        with suppress(OSError, ValueError):
            self._waiting.unregister(number)


def _is_being_written_to(one: Any) -> bool:
    """Is a thread sending to this connection right now? What it can't send it leaves to the loop."""
    if not isinstance(one, HTTPChannel) or not one.outbuf_lock.acquire(blocking=False):
        return isinstance(one, HTTPChannel)
    one.outbuf_lock.release()
    return False
