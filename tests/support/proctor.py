"""What a proctor does and sees by the API."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.support.site import Player, get, post


def do(program: Client, sitter: Player, deed: str, *, expect: int = 200, **body: Any) -> dict[str, Any]:
    """One of a proctor's deeds."""
    return post(program, f"/api/office/sittings/{sitter.sitting}/{deed}", body, expect=expect)


def seat_of(program: Client) -> dict[str, Any]:
    """The only proctored sitting, as the list shows it."""
    (found,) = get(program, "/api/office/sittings")["sittings"]
    seat: dict[str, Any] = found
    return seat
