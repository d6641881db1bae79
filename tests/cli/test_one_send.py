"""An answer leaves the web server in one piece, and is the answer that waitress gives."""

from __future__ import annotations

import http.client
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import pytest
from waitress.channel import HTTPChannel
from waitress.server import create_server

from bedside.cli import many_connections
from bedside.cli.one_send import Channel

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Noted(Channel):
    """Notes what is written to it, piece by piece."""

    pieces: ClassVar[list[bytes]] = []

    def write_soon(self, data: bytes) -> Any:
        self.pieces.append(data)
        return super().write_soon(data)


@contextmanager
def _served(application: Application, channel: type[HTTPChannel]) -> Iterator[int]:
    sockets: dict[int, Any] = {}
    server = create_server(application, host="127.0.0.1", port=0, threads=1, map=sockets)
    server.channel_class = channel
    thread = threading.Thread(target=many_connections.run, args=(server, sockets))
    thread.start()
    try:
        yield int(server.effective_port)
    finally:

        def end() -> None:
            raise SystemExit

        server.handle_accept = end  # the next connection ends the loop, in the loop's own thread
        with socket.create_connection(("127.0.0.1", server.effective_port)):
            thread.join()
        for one in list(sockets.values()):
            one.close()


def _application(headers: list[tuple[str, str]], parts: list[bytes]) -> Application:
    def answer(_environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return iter(parts)

    return answer


def _asked(port: int, method: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, "/")
        answer = connection.getresponse()
        headers = {name: value for name, value in answer.getheaders() if name != "Date"}
        return answer.status, headers, answer.read()
    finally:
        connection.close()


def test_head_and_body_go_out_in_one_piece() -> None:
    _Noted.pieces.clear()
    with _served(_application([("Content-Length", "4")], [b"kept"]), _Noted) as port:
        assert _asked(port, "GET")[2] == b"kept"
    (piece,) = _Noted.pieces
    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(b"\r\n\r\nkept")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("headers", "parts"),
    [
        ([("Content-Length", "4")], [b"kept"]),
        ([("Content-Length", "8")], [b"kept", b"safe"]),
        ([("Content-Length", "0")], [b""]),
        ([("Content-Length", "4")], [b"", b"kept"]),
        ([], [b"kept", b"safe"]),
        ([], []),
    ],
    ids=["whole", "in parts", "empty", "begun with nothing", "of unknown length", "nothing at all"],
)
def test_the_answer_is_the_one_that_waitress_gives(method: str, headers: list[tuple[str, str]], parts: list[bytes]) -> None:
    told = []
    for channel in (HTTPChannel, Channel):
        with _served(_application(headers, parts), channel) as port:
            told.append(_asked(port, method))
    assert told[0] == told[1]
    assert told[0][2] == (b"" if method == "HEAD" else b"".join(parts))
