"""The report of many items: read in pages, by address."""

from __future__ import annotations

import pytest
from django.test import Client

from bedside.site.accounts.models import User
from tests.support.sat import Day, sat
from tests.support.site import Clock, get

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser."""
    visitor = Client()
    visitor.force_login(user)
    return visitor


def n_items(page: str) -> int:
    """How many items the text of a page shows, each of which folds."""
    return page[page.index("<main") :].count("<details>")


def test_a_day_of_280_items_is_read_in_pages_of_twenty(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(blocks=14, items=20), clock)

    first = reader.get(f"/report/{player.sitting}").content.decode()
    last = reader.get(f"/report/{player.sitting}", {"page": "14"}).content.decode()

    assert n_items(first) == n_items(last) == 20
    assert "Item 1 of a made-up form" in first
    assert "Item 280 of a made-up form" in last
    assert 'href="?show=all&amp;page=14#items">261–280</a>' in first
    assert len(first) < 200_000  # bytes before compression; all items would be ten times that


def test_missed_items_are_paged_by_themselves(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(blocks=14, items=20), clock)
    missed = [item for item in get(client, f"{player.path}/report")["items"] if not item["is_correct"]]
    n_pages = -(-len(missed) // 20)

    last = reader.get(f"/report/{player.sitting}", {"show": "missed", "page": str(n_pages)}).content.decode()

    assert n_items(last) == len(missed) - 20 * (n_pages - 1)
    assert f'aria-current="page">{missed[20 * (n_pages - 1)]["position"]}–' in last


@pytest.mark.parametrize("page", ["0", "-1", "15", "x", "", "9" * 30, "²"])
def test_a_page_that_is_not_there_is_the_first(page: str, reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(blocks=2, items=20), clock)

    shown = reader.get(f"/report/{player.sitting}", {"page": page})

    assert 'aria-current="page">1–20</a>' in shown.content.decode()
