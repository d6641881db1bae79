"""What a candidate asks for and sits."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.test import Client

from bedside.site.exam.models import Sitting
from tests.support.site import Clock, Player, post


def wish(step: str, **more: Any) -> dict[str, Any]:
    return {"programme": "exam", "step": step, "form": "full", "mode": "exam", "proctored": True, **more}


def make(program: Client, hands: Clock, step: str = "third", **more: Any) -> Player:
    made = post(program, "/api/sittings", wish(step, **more), expect=201)
    return Player(program, hands, made["id"], made["writer"], synced_at=hands.at)


def refused(program: Client, step: str = "third", **more: Any) -> str:
    said: str = post(program, "/api/sittings", wish(step, **more), expect=409)["detail"]
    return said


def sit(player: Player) -> UUID:
    """Sit the one block to its end, and let the grace pass."""
    for item in player.open_block():
        player.note("answered", item=item["id"], choice=["B"], ms=1000)
    player.do("block_closed", block=1)
    player.clock.pass_s(3600)
    assert Sitting.objects.get(pk=player.sitting).state == "finished"
    return UUID(player.sitting)
