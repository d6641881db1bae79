"""Servers with a candidate each, between whom sittings are carried, and what is carried."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from bedside.delivery import canonical, fold, signed_bytes
from bedside.errors import BedsideError
from bedside.site.accounts.actions import add_user, create_token
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.log import events_of, folded
from bedside.site.exam.merging import Merged, merge_file
from bedside.site.exam.models import Response
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.stick import export_sitting
from bedside.site.keys import sign
from tests.support.servers import Server
from tests.support.site import Clock, Player, new_player
from tests.support.sittings import T0


@dataclass
class Place:
    """A server with a candidate, and the candidate's sitting where it is there."""

    server: Server
    clock: Clock
    name: str = "ada"
    token: str = field(init=False)
    player: Player = field(init=False)

    def __post_init__(self) -> None:
        with self.server.at_work():
            self.token = create_token(add_user(self.name, password=None, at=T0), at=T0).secret

    @property
    def client(self) -> Client:
        return Client(headers={"Authorization": f"Bearer {self.token}"})

    def begin(self, **wish: Any) -> Player:
        with self.server.at_work():
            self.player = new_player(self.client, self.clock, **wish)
            self.items = [item["id"] for item in self.player.open_block() if "id" in item]  # a later part has none yet
        return self.player

    def take_over(self, sitting: str) -> Player:
        with self.server.at_work():
            self.player = Player(self.client, self.clock, sitting, "").take_over()
        return self.player

    def answer(self, item: str, choice: str) -> dict[str, Any]:
        with self.server.at_work():
            return self.player.do("answered", item=item, choice=[choice], ms=1000)

    def export(self, sitting: str) -> bytes:
        with self.server.at_work():
            return export_sitting(UUID(sitting), at=self.clock.now())

    def merge(self, packed: bytes, **how: Any) -> Merged:
        """Merge a file; the key that signed it is named, unless the test says which keys are."""
        if "from_keys" not in how and b'"format":"bedside-sitting/' in packed:
            how["from_keys"] = [json.loads(packed).get("public_key")]
        with self.server.at_work():
            return merge_file(packed, file="stick.json", at=self.clock.now(), **how)

    def refuses(self, packed: bytes, error: type[BedsideError], named: str, **how: Any) -> None:
        """The file is refused by name, and nothing is written."""
        before = self.everything()
        with pytest.raises(error, match=named):
            self.merge(packed, **how)
        assert self.everything() == before

    def everything(self) -> list[tuple[Any, ...]]:
        """Every row of every table that a merge could touch."""
        tables = (
            "sittings sitting_items sitting_events writers syncs ledger_rows responses item_versions audit_entries servers "
            "accounts_user"
        )
        with self.server.at_work(), connection.cursor() as cursor:
            rows = []
            for table in tables.split():
                cursor.execute(f"SELECT * FROM {table}")
                rows += [(table, *row) for row in cursor.fetchall()]
        return sorted(rows, key=str)

    def result(self, sitting: str) -> dict[str, Any]:
        """What the sitting is here: its fold, its responses, and whether it verifies."""
        with self.server.at_work():
            row = SittingRow.objects.get(pk=sitting)
            form = row.delivery_form()
            state = fold(form, events_of(row))
            assert folded(row, form) == state
            found = verify_sitting(row)
            assert found.problems == ()
            assert row.writers.filter(kind="player", superseded_at__isnull=True).count() == 1
            return {
                "fold": state,
                "events": {event.identity: event for event in events_of(row)},
                "responses": sorted(
                    Response.objects.filter(sitting=row).values_list("item", "choice", "correct", "answered_at")
                ),
                "state": row.state,
                "n_answered": row.n_answered,
            }


def changed(packed: bytes, change: Callable[[dict[str, Any]], object], *, signer: Place | None = None) -> bytes:
    """The file with a change; signed again by a server where one is named."""
    told = json.loads(packed)
    change(told)
    if signer is not None:
        del told["signature"]
        told["signature"] = sign(signer.server.home, signed_bytes(told))
    return canonical(told)


def players_file(player: Player, clock: Clock, events: list[dict[str, Any]] | None = None) -> bytes:
    """The file that a player without a network saves."""
    queue = player.queue if events is None else events
    packed = [
        {
            "seq": event["seq"],
            "type": event["type"],
            "fields": {name: value for name, value in event.items() if name not in {"seq", "type", "elapsed_ms"}},
            "elapsed_ms": event["elapsed_ms"],
            "sync": None,
        }
        for event in queue
    ]
    told = {
        "format": "bedside-events/1",
        "sitting": player.sitting,
        "exported_at": "2026-03-02T09:01:00.123Z",
        "writers": [{"writer": player.writer, "events": packed}],
    }
    return json.dumps(told).encode()
