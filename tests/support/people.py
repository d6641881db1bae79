"""People with roles, and ways to be one of them."""

from __future__ import annotations

from django.test import Client

from bedside.site.accounts.actions import add_user, create_token
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role
from bedside.site.exam.models import Sitting
from tests.support.site import Clock, Player, new_player
from tests.support.sittings import T0


def person(name: str, *roles: Role, password: str | None = None) -> User:
    """A new user with these roles."""
    return add_user(name, password=password, at=T0, roles=roles)


def browser_of(user: User) -> Client:
    """A browser in which this user has signed in."""
    browser = Client()
    browser.force_login(user)
    return browser


def program_of(user: User) -> Client:
    """A program with a token of this user's."""
    return Client(headers={"Authorization": f"Bearer {create_token(user, at=T0).secret}"})


def proctored_player(client: Client, clock: Clock, **wish: object) -> Player:
    """A player with a proctored sitting of its own: a timed block of four items."""
    player = new_player(client, clock, **wish)
    Sitting.objects.filter(pk=player.sitting).update(is_proctored=True)
    return player
