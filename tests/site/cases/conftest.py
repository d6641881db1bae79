"""A site with the worked example of a case, and candidates who have begun it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.support.case_site import (
    Candidate,
    new_candidate,
    write_case_content,
)
from tests.support.site import Clock


@pytest.fixture(scope="session")
def case_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case_content(tmp_path_factory.mktemp("cases") / "content")


@pytest.fixture(autouse=True)
def content_dir(case_content: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "CONTENT", case_content)
    return case_content


@pytest.fixture
def candidate(client: Client, clock: Clock) -> Candidate:
    return new_candidate(client, clock)


@pytest.fixture
def sitter(client: Client, clock: Clock) -> Candidate:
    """A candidate in exam mode with ten minutes."""
    return new_candidate(client, clock, mode="exam", limit_minutes=10)
