"""Sittings made in bulk for a benchmark, by the functions that the site itself uses, and what is kept of them looked up."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID

from bedside.delivery import (
    Answered,
    BlockOpened,
    Body,
    Form,
    FormBlock,
    FormFixed,
    FormItem,
    Mode,
    Started,
    WriterIssued,
    verify_chain,
)

A_TRANSACTION = 500  # sittings made in one; a single one would need all of them in memory
BLOCK_S = 100 * 3600  # far beyond the measurement
PAUSE_MS = 75_000  # between the answers that lie behind


@dataclass(slots=True)
class Made:
    """One open sitting and its candidate."""

    sitting: UUID
    writer: UUID
    sign_in: str  # the headers that say who calls
    items: list[str]
    seq: int  # of its last event
    acknowledged: int
    n_before: int
    is_busy: bool = False

    def next_request(self, rng: random.Random) -> bytes:
        """An answer to one of the items, as a whole HTTP request."""
        self.seq += 1
        item, choice = rng.choice(self.items), rng.choice("ABCD")
        body = (
            f'{{"writer":"{self.writer}","events":[{{"seq":{self.seq},"type":"answered","item":"{item}",'
            f'"choice":["{choice}"],"ms":{rng.randrange(20_000, 90_000)},"elapsed_ms":{rng.randrange(60_000, 90_000)}}}]}}'
        )
        return (
            f"POST /api/sittings/{self.sitting}/events HTTP/1.1\r\nHost: 127.0.0.1\r\n{self.sign_in}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def make_sittings(n: int, *, n_items: int, n_answered: int, by_session: bool = False) -> list[Made]:
    """Make `n` candidates, each with an open block and `n_answered` answers in it. Starts Django.

    They have tokens, as programs do, or sessions, as browsers do."""
    from bedside.cli import django_site  # noqa: PLC0415

    django_site.start()
    from bedside.site import clock  # noqa: PLC0415
    from bedside.site.database import one_write  # noqa: PLC0415

    now = clock.now() - timedelta(milliseconds=PAUSE_MS * (n_answered + 1))
    with one_write():
        items = _made_up_items(n_items, now)
    made: list[Made] = []
    for first in range(0, n, A_TRANSACTION):
        with one_write():
            made += _make_some(range(first, min(n, first + A_TRANSACTION)), items, n_answered, now, by_session)
    return made


def _made_up_items(n: int, at: datetime) -> list[Any]:
    """Rows of item versions whose text nobody will ask for."""
    from bedside.site.library.models import ItemVersion  # noqa: PLC0415

    rows = [
        ItemVersion(item=f"benchmark-{number:04d}", version=1, hash=f"{number:064x}", text="{}", kept_at=at)
        for number in range(1, n + 1)
    ]
    return ItemVersion.objects.bulk_create(rows)


def _make_some(numbers: range, items: list[Any], n_answered: int, at: datetime, by_session: bool) -> list[Made]:
    from bedside.site.accounts.models import User  # noqa: PLC0415
    from bedside.site.exam.desk import Arrival, Desk  # noqa: PLC0415
    from bedside.site.exam.keeping import write  # noqa: PLC0415
    from bedside.site.exam.models import Sitting, SittingItem, Sync, Writer  # noqa: PLC0415

    block = FormBlock(tuple(FormItem(row.item, 1, "one_best_answer", tuple("ABCD")) for row in items), BLOCK_S)
    form = Form("benchmark", Mode.TIMED, (block,), time_factor=Fraction(1))
    packed = form.as_dict()
    users = User.objects.bulk_create(User(username=f"candidate-{number}", password="!") for number in numbers)
    sign_ins = _sessions(users, at) if by_session else _tokens(users, at)
    rows = Sitting.objects.bulk_create(
        Sitting(
            user=user, programme="benchmark", step="first", kind="block", mode="timed", form=packed, seed=1,
            n_asked=len(items), n_items=len(items), created_at=at, clock_at=at,
        )
        for user in users
    )  # fmt: skip
    SittingItem.objects.bulk_create(
        SittingItem(sitting=row, position=n, block=1, item=item.item, item_version=item, key="B")
        for row in rows
        for n, item in enumerate(items, start=1)
    )
    servers = Writer.objects.bulk_create(Writer(sitting=row, kind="server", issued_at=at, last_at=at) for row in rows)
    players = Writer.objects.bulk_create(Writer(sitting=row, kind="player", issued_at=at, last_at=at) for row in rows)
    Sync.objects.bulk_create(Sync(writer=player, number=0, acknowledged=0, at=at) for player in players)
    changes, made = [], []
    for row, server, player, sign_in in zip(rows, servers, players, sign_ins, strict=True):
        desk = Desk.open(row, at)
        desk.own_writer = server
        desk.add_own(FormFixed("0" * 64), at)
        desk.add_own(WriterIssued(player.pk), at)
        desk.at = at + timedelta(milliseconds=PAUSE_MS * n_answered)
        answers = [Answered(item.item, ("A",), PAUSE_MS) for item in items[:n_answered]]
        bodies: list[Body] = [Started(), BlockOpened(1), *answers]
        arrivals = [Arrival(n, body, PAUSE_MS * max(0, n - 2)) for n, body in enumerate(bodies, start=1)]
        desk.take(player, arrivals)
        desk.synchronise(player)
        changes.append(desk.changes())
        names = [item.item for item in items]
        made.append(Made(row.pk, player.pk, sign_in, names, len(bodies), len(bodies), len(bodies)))
    write(changes)
    return made


def _tokens(users: list[Any], at: datetime) -> list[str]:
    """A token for each user; answers the headers that bring it."""
    from bedside.site.accounts.models import ApiToken  # noqa: PLC0415
    from bedside.site.accounts.queries import digest_of  # noqa: PLC0415

    secrets = {user.pk: f"bedside_{user.username}" for user in users}
    ApiToken.objects.bulk_create(ApiToken(user=user, digest=digest_of(secrets[user.pk]), created_at=at) for user in users)
    return [f"Authorization: Bearer {secrets[user.pk]}" for user in users]


def _sessions(users: list[Any], at: datetime) -> list[str]:
    """A session for each user, as signing in makes it; answers the headers that bring it and the page's forgery token."""
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415
    from django.contrib.sessions.models import Session  # noqa: PLC0415

    store, until, forgery = SessionStore(), at + timedelta(days=14), "a" * 32
    rows = []
    for user in users:
        backend = settings.AUTHENTICATION_BACKENDS[0]
        data = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: backend, HASH_SESSION_KEY: user.get_session_auth_hash()}
        rows.append(Session(session_key=user.pk.hex, session_data=store.encode(data), expire_date=until))
    Session.objects.bulk_create(rows)
    cookies = f"{settings.CSRF_COOKIE_NAME}={forgery}"
    return [f"Cookie: {settings.SESSION_COOKIE_NAME}={user.pk.hex}; {cookies}\r\nX-CSRFToken: {forgery}" for user in users]


def database_bytes() -> int:
    """The size of the database, with what is still in SQLite's write-ahead log moved into it."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return Path(connection.settings_dict["NAME"]).stat().st_size
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def count_lost(made: list[Made]) -> tuple[int, int, str]:
    """How many acknowledged events are not in the database, how many rows the ledger has, and what is wrong with it."""
    from django.db import connection  # noqa: PLC0415

    from bedside.site.exam.ledger import entry_of  # noqa: PLC0415
    from bedside.site.exam.models import LedgerRow, SittingEvent  # noqa: PLC0415

    kept: dict[UUID, set[int]] = {}
    for writer, seq in SittingEvent.objects.values_list("writer_id", "seq").iterator(chunk_size=5000):
        kept.setdefault(writer, set()).add(seq)
    lost = sum(len(set(range(1, one.acknowledged + 1)) - kept.get(one.writer, set())) for one in made)
    broken = verify_chain(entry_of(row) for row in LedgerRow.objects.order_by("position").iterator(chunk_size=5000))
    n_rows = LedgerRow.objects.count()
    connection.close()
    return lost, n_rows, "" if broken is None else f"row {broken.position}: {broken.reason}"
