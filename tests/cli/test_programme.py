"""`bedside programme`: what it answers, and how it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bedside.cli import run
from tests.programme.builder import SMALL, spoilt


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    (folder / "programmes").mkdir(parents=True)
    (folder / "programmes" / "small.yaml").write_text(SMALL)
    return folder


def answer(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = run(["programme", *arguments])
    out, err = capsys.readouterr()
    return status, out, err


def test_list_names_the_programmes(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = answer(["list", "--content", str(content)], capsys)

    assert (status, err) == (0, "")
    assert "small" in out
    assert "A small exam" in out


def test_list_answers_as_json(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = answer(["list", "--content", str(content), "--json"], capsys)

    assert json.loads(out) == {
        "programmes": [
            {
                "name": "small",
                "title": "A small exam",
                "owner": "Nobody",
                "country": "Nowhere",
                "steps": ["one"],
                "checked_on": "2026-11-22",
            }
        ]
    }


def test_list_says_what_is_left_out_and_why(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (content / "programmes" / "bad.yaml").write_text(spoilt("schema", "schma"))
    (content / "programmes" / "binary.yaml").write_bytes(b"\xff")
    status, out, err = answer(["list", "--content", str(content)], capsys)

    assert status == 0
    assert "small" in out
    assert [line.split(":")[0] for line in err.splitlines()] == ["left out", "left out"]
    assert "binary.yaml:1" in err
    assert 'bad.yaml:1: missing key "schema"' in err


def test_list_of_no_programmes_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answer(["list", "--content", str(tmp_path)], capsys)

    assert status == 0
    assert out.startswith("There are no programmes in")


@pytest.mark.parametrize(("day", "blocks", "minutes"), [("2026-05-13", 1, 60), ("2026-05-14", 2, 30)])
def test_show_answers_as_json_for_the_day(
    content: Path, capsys: pytest.CaptureFixture[str], day: str, blocks: int, minutes: int
) -> None:
    status, out, err = answer(["show", "small", "--on", day, "--json", "--content", str(content)], capsys)
    shown = json.loads(out)

    assert (status, err) == (0, "")
    assert (shown["name"], shown["on"]) == ("small", day)
    form = shown["steps"][0]["forms"][0]
    assert (shown["steps"][0]["step"], form["day"], form["blocks"], form["minutes"]) == ("one", 1, blocks, minutes)


def test_show_prints_tables_with_sources_and_days(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answer(["show", "small", "--on", "2026-05-14", "--content", str(content)], capsys)

    assert status == 0
    for text in ("2 of 30 minutes, 18 to 20 items each", "[1] 2026-01-01, high", "[1] A page (official) https://example.org"):
        assert text in out
    assert "unknown USD" in out


def test_show_without_a_date_is_of_today(content: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = answer(["show", "small", "--json", "--content", str(content)], capsys)

    assert status == 0
    assert json.loads(out)["steps"][0]["forms"]


@pytest.mark.parametrize(
    "name", ["usmle", "neet_ug", "neet_pg", "jee_main", "jee_advanced", "mbe", "cpa", "fmge", "plab1", "mccqe1"]
)
@pytest.mark.parametrize("day", [pytest.param("2000-01-01", marks=pytest.mark.slow), "2026-05-14"])
def test_every_programme_prints_on_any_day(name: str, day: str, capsys: pytest.CaptureFixture[str]) -> None:
    content = Path(__file__).parents[2] / "content"
    status, out, err = answer(["show", name, "--on", day, "--content", str(content)], capsys)

    assert (status, err) == (0, "")
    assert "Sources" in out
    assert "None" not in out.replace("None is known to be in force.", "")


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["show", "smal"], 'no programme "smal"; did you mean "small"?'),
        (["show", "small", "--on", "14.5.2026"], 'takes a day written as 2026-05-14, not "14.5.2026"'),
        (["show", "small", "--on", "20260514"], "takes a day written as"),
        (["show", "small", "--on", "2026-02-30"], "there is no such day"),
    ],
)
def test_a_bad_request_is_one_line_and_status_2(
    content: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], text: str
) -> None:
    status, out, err = answer([*arguments, "--content", str(content)], capsys)

    assert (status, out) == (2, "")
    assert text in err
    assert err.count("\n") == 1


def test_a_content_folder_that_is_not_there_is_status_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = answer(["list", "--content", str(tmp_path / "none")], capsys)

    assert status == 2
    assert "which is not a folder" in err
    assert err.count("\n") == 1
