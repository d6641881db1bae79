"""The web server's loop with many connections that stay open."""

from __future__ import annotations

import http.client
import os
import select
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from waitress.server import create_server

from bedside.cli import many_connections

pytestmark = pytest.mark.skipif(not hasattr(select, "epoll"), reason="the system has no epoll; waitress's own loop runs there")

Application = Callable[[dict[str, Any], Callable[..., Any]], list[bytes]]


def _echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    body = environ["PATH_INFO"].encode() + environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


class _Asked(many_connections.Loop):
    """Counts how often sockets were asked what they wait for."""

    n_asked = 0

    def _ask(self, number: int) -> None:
        _Asked.n_asked += 1
        super()._ask(number)


@contextmanager
def _served(application: Application, **adjustments: Any) -> Iterator[tuple[int, Any]]:
    """The loop in a thread of its own; its port, and its sockets."""
    sockets: dict[int, Any] = {}
    server = create_server(application, host="127.0.0.1", port=0, threads=2, map=sockets, **adjustments)
    thread = threading.Thread(target=many_connections.run, args=(server, sockets))
    thread.start()
    try:
        yield int(server.effective_port), sockets
    finally:

        def end() -> None:
            raise SystemExit

        server.handle_accept = end  # the next connection ends the loop, in the loop's own thread
        with socket.create_connection(("127.0.0.1", server.effective_port)):
            thread.join()
        for one in list(sockets.values()):
            one.close()


def _ask(connection: http.client.HTTPConnection, path: str, body: bytes | None = None) -> bytes:
    connection.request("POST" if body else "GET", path, body)
    return connection.getresponse().read()


def test_each_of_many_connections_is_served_in_any_order() -> None:
    with _served(_echo) as (port, _):
        open_ones = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(60)]
        for turn in range(3):
            for number, connection in enumerate(reversed(open_ones)):
                assert _ask(connection, f"/{turn}/{number}") == f"/{turn}/{number}".encode()
        for connection in open_ones[::2]:
            connection.close()
        again = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(30)]  # with the numbers of the old
        for connection in [*again, *open_ones[1::2]]:
            assert _ask(connection, "/again") == b"/again"
            connection.close()


def test_a_large_call_and_a_large_answer_go_through() -> None:
    with _served(_echo) as (port, _):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        body = os.urandom(3_000_000)  # more than a socket holds at once
        assert _ask(connection, "/", body) == b"/" + body
        assert _ask(connection, "/after") == b"/after"
        connection.close()


def test_calls_that_come_in_one_piece_are_answered_in_turn() -> None:
    with _served(_echo) as (port, _), socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET /one HTTP/1.1\r\nHost: x\r\n\r\nGET /two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        told = b""
        while piece := connection.recv(4096):
            told += piece
        assert told.index(b"/one") < told.index(b"/two")
        assert told.count(b"200 OK") == 2


def test_a_connection_that_breaks_off_is_forgotten() -> None:
    with _served(_echo) as (port, sockets):
        n_before = len(sockets)
        half = socket.create_connection(("127.0.0.1", port), timeout=30)
        half.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")
        half.close()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for _ in range(200):  # turns of the loop: with one of the first the other is gone
            assert _ask(connection, "/") == b"/"
            if len(sockets) == n_before + 1:
                break
        assert len(sockets) == n_before + 1
        connection.close()


def test_connections_that_wait_are_not_asked_at_each_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many_connections, "Loop", _Asked)
    monkeypatch.setattr(many_connections, "ALL_EVERY_S", 3600.0)
    with _served(_echo, connection_limit=1000) as (port, _):
        waiting = [socket.create_connection(("127.0.0.1", port)) for _ in range(100)]
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        _ask(connection, "/")
        before = _Asked.n_asked
        for _ in range(100):
            _ask(connection, "/")
        assert _Asked.n_asked - before < 100 * 20  # asked at each turn it would be more than 100 * 100
        connection.close()
        for one in waiting:
            one.close()
