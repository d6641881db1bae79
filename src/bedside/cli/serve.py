"""`bedside serve`: the site in one process, so that nothing is left behind when it is killed."""

from __future__ import annotations

import errno
import signal
import sys
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from bedside import __version__
from bedside.cli import django_site
from bedside.cli.content_folder import find_content
from bedside.errors import UsageError

THREADS = 8  # writers queue for SQLite's one lock anyway; the others serve pages meanwhile
MAX_BODY_BYTES = 4 * 1024 * 1024


def command(
    host: Annotated[str, typer.Option(help="Address to listen on; local mode takes a loopback address only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    content: Annotated[Path | None, typer.Option(help="Folder of the content (BEDSIDE_CONTENT, else ./content).")] = None,
) -> None:
    """Serve the site on this computer."""
    folder = find_content(content)
    django_site.start(data=data, content=folder, must_migrate=False)
    _check_address(host)
    server = _bind(host, port)
    try:
        django_site.start()
        _prepare()
        signal.signal(signal.SIGTERM, _stop)
        _say(f"Bedside {__version__} is at http://{_shown(host)}:{server.effective_port}/  (Ctrl+C stops it)")
        server.run()  # answers KeyboardInterrupt and SystemExit by finishing what is under way
    finally:
        server.close()
    _say("Bedside has stopped.")


def _check_address(host: str) -> None:
    from django.conf import settings  # noqa: PLC0415

    from bedside.site.environment import is_loopback  # noqa: PLC0415

    if settings.IS_LOCAL and not is_loopback(host):
        raise UsageError(
            f"local mode has a learner without a password, so it can't listen on {host}; "
            "leave --host out, or set BEDSIDE_MODE=hosted and BEDSIDE_HOSTS"
        )


def _bind(host: str, port: int) -> Any:
    """The server with its socket bound; its application is loaded at the first request's door, not before."""
    from django.conf import settings  # noqa: PLC0415
    from waitress.server import create_server  # noqa: PLC0415

    from bedside.site.wsgi import application  # noqa: PLC0415

    proxy: dict[str, Any] = {}
    if not settings.IS_LOCAL:
        proxy = {
            "trusted_proxy": settings.ENVIRONMENT.proxy,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        }
    try:
        return create_server(
            application,
            host=host.strip("[]"),
            port=port,
            threads=THREADS,
            max_request_body_size=MAX_BODY_BYTES,
            clear_untrusted_proxy_headers=True,
            ident=None,
            **proxy,
        )
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"port {port} on {host} is in use; stop what uses it, or name another with --port") from None
        raise UsageError(f"can't listen on {host}:{port}: {error.strerror or error}") from None


def _prepare() -> None:
    """Make the keys, load the content, and say what there is."""
    from django.conf import settings  # noqa: PLC0415

    from bedside.site.content import current_content  # noqa: PLC0415
    from bedside.site.keys import public_key_hex, secret_key  # noqa: PLC0415

    import_module(settings.ROOT_URLCONF)  # a page that can't be loaded stops the start, not the first visitor
    secret_key(settings.DATA)
    public_key_hex(settings.DATA)
    _say(f"Data is kept in {settings.DATA}")
    content = current_content()
    _say(f"{len(content.items):,} items and {len(content.programmes):,} programmes from {content.folder}")
    if content.problems:
        _say(f"{len(content.problems):,} parts of the content are left out because of errors; `bedside bank check` lists them")


def _shown(host: str) -> str:
    return f"[{host.strip('[]')}]" if ":" in host else host


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201
