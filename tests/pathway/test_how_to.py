"""docs/how-to/ask-the-pathway.md: every file and command as it stands there, and every line that it shows comes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bedside.cli.pathway import app
from bedside.errors import UsageError
from tests.pathway.builder import CONTENT

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "ask-the-pathway.md"
FILES = {"yaml": "me.yaml", "json": "transcript.json"}
AT_LEAST = 7


def _blocks() -> Iterator[tuple[str, str]]:
    yield from re.findall(r"```(\w+)\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_every_command_answers_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEDSIDE_CONTENT", str(CONTENT))
    said = ""
    tried = 0
    for kind, text in _blocks():
        if kind in FILES:
            (tmp_path / FILES[kind]).write_text(text, encoding="utf-8")
        elif kind == "bash":
            said = _run(text)
            tried += 1
        elif not text.startswith("bedside"):
            for line in text.splitlines():
                assert line in said, line
    assert tried >= AT_LEAST


def _run(command: str) -> str:
    words = shlex.split(command)
    assert words[:2] == ["bedside", "pathway"]
    result = CliRunner().invoke(app, words[2:])
    assert isinstance(result.exception, UsageError | None), result.exception
    return result.output + result.stderr


def test_the_older_content_folder_of_the_page_can_be_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BEDSIDE_CONTENT", str(CONTENT))
    (tmp_path / "older-content").symlink_to(CONTENT)
    (tmp_path / "me.yaml").write_text(next(text for kind, text in _blocks() if kind == "yaml"), encoding="utf-8")
    (command,) = [text for kind, text in _blocks() if kind == "text" and text.startswith("bedside")]

    assert "Nothing differs." in _run(f"{command} --on 2026-11-29")
