"""`bedside bank preview`: an item as a candidate sees it, with what is wrong beside it, and new on every save.

A server for the browser of this computer and nobody else: it listens on 127.0.0.1, answers only to that name (a page elsewhere
whose name is pointed here gets nothing), reads only, and serves the files that were named, their pictures and sounds, and the
site's style sheets.
"""

from __future__ import annotations

import errno
import signal
import sys
import textwrap
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock
from types import FrameType
from typing import Annotated, Any
from urllib.parse import parse_qs, unquote, urlsplit

import typer

from bedside.bank import MediaFile
from bedside.cli import bank_content, django_site, preview_models
from bedside.cli.content_folder import find_content
from bedside.cli.preview_item import MEDIA_URL, Shelf, content_above
from bedside.cli.preview_page import Look, item_page, list_page
from bedside.errors import BedsideError, NotFoundError, UsageError

HOST = "127.0.0.1"
PORT = 8765
LOOKED_EVERY_S = 0.05
FOLDER_LOOKED_EVERY_S = 0.2  # all its files are looked at
LONGEST_WAIT_S = 20.0  # of one call that waits for a change
MAX_ADDRESS = 2000  # signs
BEGINNING = 100  # signs of an item in the list
POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
KINDS = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
    ".m4a": "audio/mp4",
}
STATIC_KINDS = (".css", ".js", ".svg")


def preview(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="An item, a question model, or a folder of items.")],
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help=f"Port; {PORT}, or a free one where that is in use.")
    ] = None,
    content: Annotated[Path | None, typer.Option(help="Content folder (else BEDSIDE_CONTENT, ./content, the copy).")] = None,
) -> None:
    """Show an item in the browser as a candidate sees it, and again on every save, with what is wrong beside it."""
    if not path.exists():
        raise NotFoundError(f"{path}: no such file or folder")
    if path.is_file() and path.suffix not in {".md", ".yaml"}:
        raise UsageError(f"{path}: an item ends in .md, a question model in .yaml")
    if not {"items", "models"} & set(path.parts):  # named from inside its folder: where it lies still counts
        path = path.absolute()
    content = content or content_above(path)
    django_site.start(content=find_content(content), must_migrate=False)
    server = _server(Shelf(path, content), port)
    for number in (signal.SIGTERM, signal.SIGINT):  # the latter may be ignored by whoever started this
        signal.signal(number, _stop)
    shown = f"{path.name}" if path.is_file() else f"{len(server.shelf.files())} files of {path}"
    try:
        typer.echo(f"{shown} at http://{HOST}:{server.server_port}/  (Ctrl+C stops it)", err=True)
        server.serve_forever(poll_interval=0.1)
    except KeyboardInterrupt:
        pass
    finally:
        server.is_over.set()
        server.server_close()
    typer.echo("The preview has stopped.", err=True)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class PreviewServer(ThreadingHTTPServer):
    """What the handlers share."""

    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"

    def __init__(self, shelf: Shelf, port: int) -> None:
        super().__init__((HOST, port), Handler)
        self.shelf = shelf
        self.is_over = Event()
        self.lock = Lock()  # one page is made at a time: the reader keeps what it has read
        self.media: dict[str, MediaFile] = {}  # of the items that were shown, by the names in their pages
        self.names = {f"{HOST}:{self.server_port}", f"localhost:{self.server_port}"}


def _server(shelf: Shelf, port: int | None) -> PreviewServer:
    try:
        return PreviewServer(shelf, PORT if port is None else port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise UsageError(f"can't listen on {HOST}:{port}: {error.strerror}") from None
        if port is not None:
            raise UsageError(f"port {port} is in use; name another with --port, or leave it out") from None
    return PreviewServer(shelf, 0)


class Handler(BaseHTTPRequestHandler):
    """One request: a page, a wait for a change, a style sheet, or a picture of an item that is shown."""

    server: PreviewServer
    protocol_version = "HTTP/1.1"
    timeout = 60  # seconds that a silent connection is kept

    def do_GET(self) -> None:
        if self.headers.get("Host", "") not in self.server.names:
            self._answer("this server answers to its own computer only", status=HTTPStatus.MISDIRECTED_REQUEST)
            return
        if len(self.path) > MAX_ADDRESS:
            self._answer("too long", status=HTTPStatus.REQUEST_URI_TOO_LONG)
            return
        address = urlsplit(self.path)
        try:
            self._route(unquote(address.path), parse_qs(address.query))
        except ConnectionError:  # the page was closed, or is loaded anew
            self.close_connection = True
        except (BedsideError, OSError, ValueError) as error:  # the last: a path with a sign that no file can have
            self._answer(str(error), status=HTTPStatus.NOT_FOUND)

    def do_HEAD(self) -> None:
        self.do_GET()

    def _route(self, path: str, query: dict[str, list[str]]) -> None:
        if path == "/wait":
            self._answer(self._wait(query.get("seen", [""])[0]))
        elif path.startswith("/static/"):
            self._static(path.removeprefix("/static/"))
        elif path.startswith(MEDIA_URL):
            self._media(path.removeprefix(MEDIA_URL))
        elif path == "/" and self.server.shelf.is_folder:
            with self.server.lock:
                self._answer(self._list(Look.of(query)), kind="text/html; charset=utf-8")
        else:
            file = self._file(path)
            with self.server.lock:
                self._answer(self._item(file, Look.of(query)), kind="text/html; charset=utf-8")

    def _file(self, path: str) -> Path:
        shelf = self.server.shelf
        if not shelf.is_folder and path == "/":
            return shelf.path
        found = shelf.files().get(path.removeprefix("/item/")) if path.startswith("/item/") else None
        if found is None:
            raise NotFoundError("there is no such page")
        return found

    def _item(self, file: Path, look: Look) -> str:
        shelf = self.server.shelf
        stamp = shelf.stamp()  # before the file is read, so that a change meanwhile is seen
        if file.suffix == ".yaml":
            shown, page = preview_models.model_page(shelf, file, look, stamp=stamp)
        else:
            shown = shelf.show(file)
            page = item_page(shelf, shown, look, stamp=stamp)
        self.server.media |= shown.media
        return page

    def _list(self, look: Look) -> str:
        shelf = self.server.shelf
        stamp = shelf.stamp()
        around = shelf.around()
        bank = bank_content.read(bank_content.root_of(shelf.path, around), around)
        items = {Path(item.file).stem: item for item in (*bank.all_items, *(model.head for model in bank.models.values()))}
        rows = []
        for name, path in shelf.files().items():
            item, why = items.get(name), bank.left_out.get(str(path), "")
            text = textwrap.shorten(item.stem or item.lead_in, BEGINNING, placeholder=" …") if item else ""
            rows.append({"name": name, "address": f"/item/{name}{look.address()}", "text": text, "state": why or _status(item)})
        return list_page(shelf, rows, look, stamp=stamp)

    def _wait(self, seen: str) -> str:
        """The stamp of what is shown, as soon as it is another one."""
        shelf = self.server.shelf
        stamp, waited_s = shelf.stamp(), 0.0
        pause_s = FOLDER_LOOKED_EVERY_S if shelf.is_folder else LOOKED_EVERY_S
        while stamp == seen and waited_s < LONGEST_WAIT_S and not self.server.is_over.wait(pause_s):
            waited_s += pause_s
            stamp = shelf.stamp()
        return stamp

    def _static(self, name: str) -> None:
        from django.conf import settings  # noqa: PLC0415

        home = Path(settings.STATICFILES_DIRS[0]).resolve()
        path = (home / name).resolve()
        if not path.is_relative_to(home) or path.suffix not in STATIC_KINDS or not path.is_file():
            raise NotFoundError("there is no such file")
        self._answer(path.read_bytes(), kind=KINDS[path.suffix])

    def _media(self, name: str) -> None:
        file = self.server.media.get(name)
        if file is None:
            raise NotFoundError("there is no such picture or sound")
        # a picture may come from anywhere: as a page of its own it may run nothing
        self._answer(file.source.read_bytes(), kind=KINDS[file.source.suffix.lower()], policy="default-src 'none'; sandbox")

    def _answer(
        self, body: str | bytes, *, kind: str = "text/plain; charset=utf-8", policy: str = POLICY, status: int = 200
    ) -> None:
        packed = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in (
            ("Content-Type", kind),
            ("Content-Length", str(len(packed))),
            ("Content-Security-Policy", policy),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Referrer-Policy", "no-referrer"),
        ):
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(packed)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the standard library
        """Nothing: the terminal is the author's."""


def _status(item: Any) -> str:
    return f"{item.status.value}, {100 * item.difficulty:.0f}%" if item and item.difficulty is not None else ""
