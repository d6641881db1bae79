"""`bedside bank search` on a small content folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.bank_commands import Command
from tests.support.case_site import write_case_content
from tests.support.site import write_plain_item

REFERENCE = Path(__file__).parents[2] / "content" / "reference"


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_case_content(tmp_path_factory.mktemp("search") / "content")
    (folder / "reference").mkdir()
    for name in ("analytes.yaml", "abbreviations.yaml"):
        shutil.copy(REFERENCE / name, folder / "reference" / name)
    path = write_plain_item(folder, "renal-0042")
    path.write_text(path.read_text().replace("SECRET reason B", "Because of diabetic ketoacidosis, reason B"))
    return folder


@pytest.fixture
def bank(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def test_an_item_is_found_by_what_its_explanation_says(bank: Command, content: Path) -> None:
    found = bank("search", "DKA", "--kind", "item", "--content", content, "--json").json

    assert [(one["kind"], one["id"], one["fits"]) for one in found["hits"]] == [("item", "renal-0042", "exact")]
    snippet = found["hits"][0]["snippet"]
    assert snippet["field"] == "explanation"
    assert [snippet["text"][start:end] for start, end in snippet["marks"]] == ["diabetic", "ketoacidosis"]


def test_the_kind_the_step_and_the_limit_narrow_what_is_found(bank: Command, content: Path) -> None:
    assert {
        one["kind"] for one in bank("search", "sodium", "--kind", "value", "--content", content, "--json").json["hits"]
    } == {"value"}
    everything = bank("search", "woman", "--content", content, "--json").json
    assert everything["found"] > 3
    assert len(bank("search", "woman", "--limit", 3, "--content", content, "--json").json["hits"]) == 3
    assert bank("search", "sodium", "--kind", "value", "--step", "first", "--content", content, "--json").json["found"] == 0


def test_what_is_printed_says_where_and_how_it_was_found(bank: Command, content: Path) -> None:
    out = bank("search", "ketoacidosys", "renal-0042", "--content", content).out

    assert "item renal-0042  (spelled nearly so)" in out
    assert "explanation: " in out
    assert "1 hit" in out
    assert bank("search", "xylophone", "--content", content).out == "nothing found\n"
    assert "nothing has all the words" in bank("search", "ketoacidosis", "xylophone", "--content", content).out
    assert "more with a higher --limit" in bank("search", "woman", "--limit", 2, "--content", content).out


@pytest.mark.parametrize("wrong", [["--kind", "thing"], ["--step", "nineth"], ["--limit", "0"]])
def test_what_does_not_exist_is_bad_usage(bank: Command, content: Path, wrong: list[str]) -> None:
    assert bank("search", "woman", *wrong, "--content", content).status == 2
