"""A programme of three steps, an administrator, and candidates."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role
from tests.support.people import person, program_of
from tests.support.registering import (
    READY,
    enrol,
    know,
    require,
    write_three_steps,
)
from tests.support.site import Clock


@pytest.fixture(scope="session")
def three_steps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_three_steps(tmp_path_factory.mktemp("three") / "content")


@pytest.fixture(autouse=True)
def _content(content_dir: Path, three_steps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONTENT", three_steps)


@pytest.fixture
def root(clock: Clock) -> User:
    return person("root", Role.ADMINISTRATOR)


@pytest.fixture
def ada(clock: Clock) -> User:
    return person("ada", Role.CANDIDATE)


@pytest.fixture
def registered(root: User, ada: User) -> User:
    """Ada, who may sit the third step for three months, where that is required."""
    require(root)
    know(root, ada, **READY)
    enrol(root, ada)
    return ada


@pytest.fixture
def program(ada: User) -> Client:
    return program_of(ada)
