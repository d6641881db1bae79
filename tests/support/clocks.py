"""What the tests of wrong clocks share: how many examples they try, and a short day with its player."""

from __future__ import annotations

from typing import Any

from django.test import Client
from hypothesis import HealthCheck, Phase, settings

from bedside.site.accounts.models import User
from bedside.site.exam.models import Sitting as SittingRow
from tests.support.examples import examples
from tests.support.short_day import short_day
from tests.support.site import Clock, Player

HOUR_S = 3600
# shrinking plays hundreds of sittings; what fails is short enough to read as it is
ANY_CLOCK = settings(
    max_examples=examples(30),
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def a_day(client: Client, clock: Clock, user: User, *, grace_s: int | None = None) -> tuple[Player, list[list[str]]]:
    """A player with a short day of its own, and the items of the day by block."""
    issued, blocks = short_day(user, clock, grace_s=grace_s)
    return Player(client, clock, str(issued.sitting.pk), str(issued.writer), synced_at=clock.at), blocks


def events_of(player: Player) -> dict[int, Any]:
    """This player's events by number."""
    return {event.seq: event for event in SittingRow.objects.get(pk=player.sitting).events.filter(writer_id=player.writer)}
