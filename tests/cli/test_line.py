"""The command line as a whole: help, mistakes, and what a failure looks like."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bedside import __version__
from bedside.cli import BAD_INPUT, BROKEN_PIPE, INTERRUPTED, NOUNS, run
from tests.support.server import environment
from tests.support.site import write_content
from tests.support.tables import data_with


def test_help_names_every_noun(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in NOUNS:
        assert name in shown


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_help(noun: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([noun, "--help"]) == 0
    assert "Usage: bedside" in capsys.readouterr().out


def test_the_version_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--version"]) == 0
    assert capsys.readouterr().out == f"{__version__}\n"


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["user", "nonsense"], ["user", "add"], ["serve", "--port", "x"], ["--nonsense"]]
)
def test_bad_usage_is_status_2_and_no_traceback(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == BAD_INPUT
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    assert captured.err


@pytest.mark.parametrize("arguments", [[], ["user"]])
def test_without_a_verb_the_help_is_shown(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    run(arguments)
    captured = capsys.readouterr()
    assert "Usage: bedside" in captured.out + captured.err


@pytest.mark.parametrize(("error", "status"), [(KeyboardInterrupt(), INTERRUPTED), (BrokenPipeError(), BROKEN_PIPE)])
def test_an_interrupt_and_a_reader_that_left_are_quiet(
    error: BaseException, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr("bedside.cli.django_site.start", fail)
    monkeypatch.setattr("bedside.cli.silence_stdout", lambda: None)
    assert run(["keys", "show"]) == status
    assert capsys.readouterr().err == ""


def test_help_loads_nothing_heavy() -> None:
    heavy = {"django", "polars", "pydantic", "ninja", "cryptography", "yaml"}
    code = (
        "import sys; from bedside.cli import run; run(['--help']); "
        f"found = sorted({heavy!r} & set(sys.modules)); print(*found, file=sys.stderr); sys.exit(bool(found))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("level", "says"),
    [({}, False), ({"BEDSIDE_LOG": "INFO"}, True), pytest.param({"BEDSIDE_LOG": "ERROR"}, False, marks=pytest.mark.slow)],
)
def test_a_command_prints_lines_of_the_log_only_where_they_are_asked_for(
    tables: Path, tmp_path: Path, level: dict[str, str], says: bool
) -> None:
    program = "from bedside.cli import django_site as d; d.start(); from bedside.site.content import current_content as c; c()"
    told = environment(data_with(tables, tmp_path / "data"), write_content(tmp_path / "content")) | level
    done = subprocess.run([sys.executable, "-c", program], env=told, capture_output=True, text=True, check=True)
    assert ("content read" in done.stderr) is says
    assert says or done.stderr == ""
