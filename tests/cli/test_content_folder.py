"""Which content folder a command works on."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.cli.content_folder import VARIABLE, find_content
from bedside.errors import UsageError


@pytest.fixture
def places(tmp_path: Path) -> dict[str, Path]:
    folders = {
        "option": tmp_path / "option",
        "variable": tmp_path / "variable",
        "here": tmp_path / "here",
        "packaged": tmp_path / "package" / "_content",
    }
    for name, folder in folders.items():
        (folder / ("content/items" if name == "here" else "items")).mkdir(parents=True)
    return folders


def test_the_option_comes_first(places: dict[str, Path]) -> None:
    environ = {VARIABLE: str(places["variable"])}

    assert find_content(places["option"], environ=environ, here=places["here"]) == places["option"]


def test_the_variable_comes_next(places: dict[str, Path]) -> None:
    environ = {VARIABLE: str(places["variable"])}

    assert find_content(None, environ=environ, here=places["here"], packaged=places["packaged"]) == places["variable"]


def test_then_the_folder_here_then_the_copy(places: dict[str, Path], tmp_path: Path) -> None:
    found = find_content(None, environ={}, here=places["here"], packaged=places["packaged"])

    assert found == places["here"] / "content"
    assert find_content(None, environ={}, here=tmp_path, packaged=places["packaged"]) == places["packaged"]


def test_a_folder_of_that_name_with_nothing_of_ours_is_passed_over(places: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "content" / "posts").mkdir(parents=True)

    assert find_content(None, environ={}, here=tmp_path, packaged=places["packaged"]) == places["packaged"]


def test_a_named_folder_that_is_not_there_is_an_error_and_not_passed_over(places: dict[str, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"--content names .*none"):
        find_content(tmp_path / "none", environ={}, here=places["here"])
    with pytest.raises(UsageError, match=r"BEDSIDE_CONTENT names .*none"):
        find_content(None, environ={VARIABLE: str(tmp_path / "none")}, here=places["here"])


def test_where_nothing_is_found_the_error_says_what_was_tried(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        find_content(None, environ={}, here=tmp_path, packaged=tmp_path / "none")

    for tried in ("--content", VARIABLE, str(tmp_path / "content"), str(tmp_path / "none")):
        assert tried in str(caught.value)
