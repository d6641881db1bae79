"""What the environment says: each variable the site reads, with its default and its meaning, in one table.

`docs/reference/settings.md` is compared with this table in a test. Nothing here touches a disk or a network.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bedside.errors import UsageError

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment."""

    name: str
    default: str
    text: str


VARIABLES = (
    Variable("BEDSIDE_DATA", "./data", "Folder of the database, the keys and imported items. Made on first use."),
    Variable(
        "BEDSIDE_CONTENT",
        "./content, else the copy in the package",
        "Folder of programmes, items and takeaways.",
    ),
    Variable(
        "BEDSIDE_MODE",
        "local",
        "`local`: one learner without a password, loopback only. `hosted`: everyone signs in, behind HTTPS.",
    ),
    Variable(
        "BEDSIDE_DRAFTS",
        "0",
        "`1` gives candidates the drafts of the content folder too: items and question models that nobody but their author has"
        " answered and checked. Office, Bank counts them in any case.",
    ),
    Variable("BEDSIDE_HOSTS", "none", "Hosted mode: the host names that are served, with commas between. Required there."),
    Variable(
        "BEDSIDE_PROXY",
        "127.0.0.1",
        "Hosted mode: the address of the proxy whose `X-Forwarded-Proto` and `X-Forwarded-For` are believed.",
    ),
    Variable(
        "DATABASE_URL",
        "none",
        "`postgresql://USER:PASSWORD@HOST:PORT/NAME` instead of the SQLite file in the data folder.",
    ),
    Variable(
        "BEDSIDE_ADDRESS",
        "https:// and the first of BEDSIDE_HOSTS; http://127.0.0.1:8000 in local mode",
        "Where the site is reached; links in mails begin with it.",
    ),
    Variable(
        "BEDSIDE_EMAIL_URL",
        "none: no mail is sent",
        "How mail is sent: `smtps://USER:PASSWORD@HOST:PORT`, `smtp+starttls://…`, `smtp://HOST:PORT`, `file:///FOLDER`"
        " or `console:`.",
    ),
    Variable("BEDSIDE_EMAIL_FROM", "bedside@ and the host of BEDSIDE_ADDRESS", "Who mails come from."),
    Variable(
        "BEDSIDE_LOG",
        "INFO for the server, WARNING for other commands",
        "What is logged to stderr: DEBUG, INFO, WARNING or ERROR.",
    ),
    Variable(
        "BEDSIDE_TIMINGS", "none", "A file to which `bedside serve` writes on SIGUSR1 how long saving took. For benchmarks."
    ),
    Variable("BEDSIDE_DEBUG", "0", "`1` shows tracebacks in the browser and reads changed templates. Local mode only."),
)

_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, slots=True)
class Environment:
    """The environment, read and checked."""

    data: Path
    content: Path | None
    is_local: bool
    hosts: tuple[str, ...]
    proxy: str
    database_url: str | None
    log_level: str
    is_debug: bool
    has_drafts: bool = False  # given to candidates
    timings: Path | None = None
    address: str = "http://127.0.0.1:8000"  # without a slash at its end
    email_url: str | None = None
    email_from: str = "bedside@localhost"


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Read `VARIABLES` out of a mapping such as `os.environ`.

    Raises:
        UsageError: a value that is not one of those allowed, or hosted mode without hosts; names the variable.
    """
    mode = variables.get("BEDSIDE_MODE") or "local"
    if mode not in {"local", "hosted"}:
        raise UsageError(f'BEDSIDE_MODE is "{mode}"; it must be "local" or "hosted"')
    is_local = mode == "local"
    level = (variables.get("BEDSIDE_LOG") or "INFO").upper()
    if level not in _LOG_LEVELS:
        raise UsageError(f'BEDSIDE_LOG is "{level}"; it must be one of {", ".join(_LOG_LEVELS)}')
    is_debug = variables.get("BEDSIDE_DEBUG", "0") == "1"
    if is_debug and not is_local:
        raise UsageError("BEDSIDE_DEBUG=1 shows the inside of the site; it is allowed with BEDSIDE_MODE=local only")
    content = variables.get("BEDSIDE_CONTENT")
    hosts = _hosts(variables, is_local=is_local)
    address = _address(variables, hosts, is_local=is_local)
    return Environment(
        data=Path(variables.get("BEDSIDE_DATA") or "data").expanduser().absolute(),
        content=Path(content).expanduser().absolute() if content else None,
        is_local=is_local,
        hosts=hosts,
        proxy=variables.get("BEDSIDE_PROXY") or "127.0.0.1",
        database_url=variables.get("DATABASE_URL") or None,
        log_level=level,
        is_debug=is_debug,
        has_drafts=_is_on(variables, "BEDSIDE_DRAFTS"),
        timings=Path(timings).expanduser().absolute() if (timings := variables.get("BEDSIDE_TIMINGS")) else None,
        address=address,
        email_url=variables.get("BEDSIDE_EMAIL_URL") or None,
        email_from=_sender(variables, address),
    )


def _is_on(variables: Mapping[str, str], name: str) -> bool:
    told = variables.get(name) or "0"
    if told not in {"0", "1"}:
        raise UsageError(f'{name} is "{told}"; it must be 0 or 1')
    return told == "1"


def _hosts(variables: Mapping[str, str], *, is_local: bool) -> tuple[str, ...]:
    named = tuple(host.strip() for host in variables.get("BEDSIDE_HOSTS", "").split(",") if host.strip())
    if is_local:
        return LOOPBACK_HOSTS
    if not named:
        raise UsageError("BEDSIDE_MODE=hosted needs BEDSIDE_HOSTS, the host names that are served, such as exam.example.org")
    if any("*" in host for host in named):
        raise UsageError('BEDSIDE_HOSTS holds "*"; name each host that is served')
    return named


def _address(variables: Mapping[str, str], hosts: tuple[str, ...], *, is_local: bool) -> str:
    usual = "http://127.0.0.1:8000" if is_local else f"https://{hosts[0]}"
    told = (variables.get("BEDSIDE_ADDRESS") or usual).rstrip("/")
    schemes = {"http", "https"} if is_local else {"https"}
    try:
        parts = urlsplit(told)
        is_address = parts.scheme in schemes and bool(parts.hostname) and told == f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        is_address = False
    if not is_address:
        raise UsageError(f'BEDSIDE_ADDRESS is "{told}"; it must be such as {usual}, without a path')
    return told


def _sender(variables: Mapping[str, str], address: str) -> str:
    told = variables.get("BEDSIDE_EMAIL_FROM") or f"bedside@{_mail_domain(address)}"
    if not told.isprintable() or "@" not in parseaddr(told)[1]:
        raise UsageError(f'BEDSIDE_EMAIL_FROM is "{told}"; it must be an address such as bedside@example.org')
    return told


def _mail_domain(address: str) -> str:
    host = urlsplit(address).hostname or ""
    return "localhost" if is_loopback(host) else host


def is_loopback(host: str) -> bool:
    """Is `host` a name or address that only this computer reaches?"""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


NEVER_BY_ITSELF = 2**31 - 1  # times a statement of PostgreSQL is to be asked before it is prepared unasked


def database_settings(environment: Environment) -> dict[str, Any]:
    """Django's settings of the one database."""
    if environment.database_url is None:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": environment.data / "bedside.sqlite3",
            # the rest is set and asserted on every connection by `database.py`
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30},
            "CONN_MAX_AGE": None,  # one connection a thread: opening one costs more than most queries
        }
    url = urlsplit(environment.database_url)
    if url.scheme not in {"postgresql", "postgres"}:
        raise UsageError(f'DATABASE_URL starts with "{url.scheme}:"; it must be postgresql://USER:PASSWORD@HOST:PORT/NAME')
    if not url.path.strip("/"):
        raise UsageError("DATABASE_URL names no database; it must be postgresql://USER:PASSWORD@HOST:PORT/NAME")
    try:
        port = url.port
    except ValueError:
        raise UsageError(
            "DATABASE_URL has a port that is no number; it must be postgresql://USER:PASSWORD@HOST:PORT/NAME"
        ) from None
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(port or ""),
        # none is prepared for having been asked often; those that ask for it are (`statements.py`), which None would forbid
        "OPTIONS": {"prepare_threshold": NEVER_BY_ITSELF, **dict(parse_qsl(url.query))},
        "CONN_MAX_AGE": None,  # a new one has every statement planned anew, in front of whoever is saved next
        "CONN_HEALTH_CHECKS": True,
    }
