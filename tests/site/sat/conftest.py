"""A day with cases, sat by a candidate who is at a browser of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from bedside.site.accounts.models import User
from tests.support.people import browser_of
from tests.support.sat_day import GRACE_S, Day, sat_day, write_sat_content
from tests.support.site import Clock


@pytest.fixture(scope="session")
def sat_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sat_content(tmp_path_factory.mktemp("sat") / "content")


@pytest.fixture(autouse=True)
def content_dir(sat_content: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "CONTENT", sat_content)
    return sat_content


@pytest.fixture
def browser(user: User) -> Client:
    """The candidate's own browser: the pages ask for it, the API takes it too."""
    return browser_of(user)


@pytest.fixture
def day(user: User, browser: Client, clock: Clock) -> Day:
    return sat_day(user, browser, clock)


@pytest.fixture
def exam(user: User, browser: Client, clock: Clock) -> Day:
    """The same under a proctor's eyes."""
    return sat_day(user, browser, clock, grace_s=GRACE_S, is_proctored=True)
