"""A content folder for the commands, and `bedside bank`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.bank_commands import TAKEAWAYS, Command, own_text
from tests.support.items import write_item, write_takeaways

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder with the programmes of the repository, one takeaway and one item."""
    root = tmp_path / "content"
    shutil.copytree(REPOSITORY / "content" / "programmes", root / "programmes")
    shutil.copytree(REPOSITORY / "content" / "reference", root / "reference")
    write_takeaways(root, TAKEAWAYS)
    write_item(root, text=own_text())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BEDSIDE_CONTENT", raising=False)
    monkeypatch.setenv("BEDSIDE_DATA", str(tmp_path / "data"))
    return root


@pytest.fixture
def bank(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)
