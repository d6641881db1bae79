"""`bedside serve`: the site in one process, so that nothing is left behind when it is killed."""

from __future__ import annotations

import errno
import gc
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
from bedside.findings import plural

SWITCH_S = 0.001
THREADS = 8  # for all calls but those that save answers (`saving_thread.py`)
MAX_CONNECTIONS = 20_000  # those beyond have to wait until others are closed
FILES_FOR_OTHERS = 200  # of those that the system lets a process open: databases, content, what is served
# decks of cards and one's own data come in one body, which goes to the disk as it comes; what a call may hold, the site says
MAX_BODY_BYTES = 256 * 1024**2
MAX_LOCAL_BODY_BYTES = 6 * 1024**3


def command(
    host: Annotated[str, typer.Option(help="Address to listen on; local mode takes a loopback address only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8000,
    data: Annotated[Path | None, typer.Option(help=django_site.DATA_HELP)] = None,
    content: Annotated[Path | None, typer.Option(help="Folder of the content (BEDSIDE_CONTENT, else ./content).")] = None,
) -> None:
    """Serve the site on this computer."""
    folder = find_content(content)
    django_site.start(data=data, content=folder, must_migrate=False, is_server=True)
    from bedside.cli import many_connections  # noqa: PLC0415

    _check_address(host)
    sockets: dict[int, Any] = {}
    server = _bind(host, port, sockets)
    try:
        django_site.start(is_server=True)
        _prepare()
        signal.signal(signal.SIGTERM, _stop)
        _tell_timings()
        _move_the_log_beside()
        _spare_the_collector()
        _share_the_interpreter()
        _warm_up()
        _say(f"Bedside {__version__} is at http://{_shown(host)}:{server.effective_port}/  (Ctrl+C stops it)")
        many_connections.run(server, sockets)
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


def _bind(host: str, port: int, sockets: dict[int, Any]) -> Any:
    """The server with its socket bound; its application is loaded at the first request's door, not before."""
    from django.conf import settings  # noqa: PLC0415
    from waitress.server import create_server  # noqa: PLC0415

    from bedside.cli.one_send import Channel  # noqa: PLC0415
    from bedside.cli.saving_thread import Dispatcher  # noqa: PLC0415
    from bedside.site.gathering import answer_all, gather_here  # noqa: PLC0415
    from bedside.site.wsgi import application  # noqa: PLC0415

    dispatcher = Dispatcher(is_saving=_is_saving, answer=answer_all, lend=gather_here)
    dispatcher.set_thread_count(THREADS)
    proxy: dict[str, Any] = {}
    if not settings.IS_LOCAL:
        proxy = {
            "trusted_proxy": settings.ENVIRONMENT.proxy,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        }
    try:
        server = create_server(
            application,
            host=host.strip("[]"),
            port=port,
            threads=THREADS,
            _dispatcher=dispatcher,
            connection_limit=_room_for_connections(),
            asyncore_use_poll=True,  # where there is no epoll: the other call knows no file number above 1023
            map=sockets,
            max_request_body_size=MAX_LOCAL_BODY_BYTES if settings.IS_LOCAL else MAX_BODY_BYTES,
            # in local mode they stay, since they tell that a request does not come from this computer (`LocalLearner`)
            clear_untrusted_proxy_headers=not settings.IS_LOCAL,
            ident=None,
            **proxy,
        )
        server.channel_class = Channel
        return server
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise UsageError(f"port {port} on {host} is in use; stop what uses it, or name another with --port") from None
        raise UsageError(f"can't listen on {host}:{port}: {error.strerror or error}") from None


def _is_saving(request: Any) -> bool:
    """Does a request of waitress's save events of a sitting?"""
    path: str = request.path
    return bool(request.command == "POST" and path.startswith("/api/sittings/") and path.endswith("/events"))


def _room_for_connections() -> int:
    """How many connections can be open at once; asks the system for as many as it allows."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # Windows, whose waitress has a limit of its own
        return 500
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + FILES_FOR_OTHERS
    if most != resource.RLIM_INFINITY:
        wanted = min(wanted, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
        allowed = wanted
    return max(100, wanted - FILES_FOR_OTHERS)


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
    _say(f"{plural(len(content.items), 'item')} and {plural(len(content.programmes), 'programme')} from {content.folder}")
    if content.n_withheld:
        _say(f"{plural(content.n_withheld, 'draft')} withheld from candidates; BEDSIDE_DRAFTS=1 gives them out")
    if content.problems:
        parts = plural(len(content.problems), "part")
        _say(f"{parts} of the content left out because of errors; `bedside bank check` lists what is wrong")


def _warm_up() -> None:
    from bedside.site.passing.warming import warm_up  # noqa: PLC0415

    warm_up()


def _move_the_log_beside() -> None:
    from django.conf import settings  # noqa: PLC0415
    from django.db import connections  # noqa: PLC0415

    from bedside.site.checkpoints import keep_looking  # noqa: PLC0415

    if settings.ENVIRONMENT.database_url is None:
        keep_looking(Path(settings.DATABASES["default"]["NAME"]))
        connections.close_all()  # what is opened from now on leaves it to the thread


def _spare_the_collector() -> None:
    """Have the garbage collector walk seldom over what is there to stay: the program, the content, the remembered sittings.

    With 20,000 sittings in memory a walk over all takes 100 ms and more, in which no answer is saved. Cycles, which it is
    there for, die young in a web server, and are still found among the young.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


def _share_the_interpreter() -> None:
    """Have a thread that wants the interpreter get it soon.

    The saving thread gives it away whenever it waits for the database, and used to get it back up to five milliseconds late.
    """
    sys.setswitchinterval(SWITCH_S)


def _tell_timings() -> None:
    from django.conf import settings  # noqa: PLC0415

    from bedside.site.timings import write_on_signal  # noqa: PLC0415

    if settings.ENVIRONMENT.timings and hasattr(signal, "SIGUSR1"):  # which Windows does not have
        write_on_signal(settings.ENVIRONMENT.timings)


def _shown(host: str) -> str:
    return f"[{host.strip('[]')}]" if ":" in host else host


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201
