"""Files from other programs, which stay outside the repository: BEDSIDE_SAMPLES names the folder that holds them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bedside.bank import Import, SourceFile, item_text, parse_item, read_import, render
from bedside.errors import ReadError
from bedside.reading import Source
from tests.support.items import CODES

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data"),
]


def path_of(name: str) -> Path:
    path = Path(SAMPLES or ".") / name
    if not path.exists():
        pytest.skip(f"no {name} in the sample data")
    return path


def imported(name: str) -> Import:
    path = path_of(name)
    return read_import(SourceFile(path.name, path.read_bytes()), collection="sample", codes=CODES)


def expected(folder: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path_of(f"interop/{folder}/expected.json").read_text(encoding="utf-8"))["files"]
    return found


@pytest.mark.parametrize("name", ["items.csv", "items-semicolon.csv", "items-bom-crlf.csv"])
def test_tables_give_the_expected_keys_and_options(name: str) -> None:
    expect = expected("csv-jsonl")[f"authored/{name}"]["expect"]

    result = imported(f"interop/csv-jsonl/authored/{name}")

    by_id = {item.origin.id: item for item in result.items if item.origin}
    assert (len(result.items), result.skipped) == (expect["items"], ())
    assert {name: list(item.key) for name, item in by_id.items()} == expect["keys"]
    assert {name: len(item.options) for name, item in by_id.items()} == expect["optionCounts"]


def test_json_lines_give_the_expected_keys() -> None:
    facts = expected("csv-jsonl")

    medqa = imported("interop/csv-jsonl/authored/medqa-like.jsonl")
    medmcqa = imported("interop/csv-jsonl/authored/medmcqa-like.jsonl")

    assert [item.key[0] for item in medqa.items] == facts["authored/medqa-like.jsonl"]["expect"]["answers"]
    assert [ord(item.key[0]) - ord("A") for item in medmcqa.items] == facts["authored/medmcqa-like.jsonl"]["expect"][
        "answersZeroBased"
    ]


@pytest.mark.parametrize(
    ("name", "n_items", "rows"),
    [
        ("formula-injection.csv", 2, []),
        ("invalid-utf8.jsonl", 2, [2]),
        ("missing-key.jsonl", 1, [1, 2, 4]),
        ("ragged.csv", 2, [3, 4, 5]),
    ],
)
def test_hostile_tables_and_lines_give_their_sound_rows_and_name_the_others(name: str, n_items: int, rows: list[int]) -> None:
    result = imported(f"interop/hostile/{name}")

    assert len(result.items) == n_items
    assert [row.row for row in result.skipped] == rows


def test_no_other_hostile_file_does_more_than_be_refused() -> None:
    taken = {"formula-injection.csv", "invalid-utf8.jsonl", "missing-key.jsonl", "ragged.csv"}
    for path in sorted(path_of("interop/hostile").iterdir()):
        if path.name not in taken:
            with pytest.raises(ReadError):
                imported(f"interop/hostile/{path.name}")


@pytest.mark.parametrize(
    ("name", "n_rows", "n_items"),
    [
        pytest.param("medqa_us_dev_mediq.jsonl.gz", 1272, 1272, marks=pytest.mark.slow),
        # 14 rows give two options with one text
        pytest.param("medmcqa_medagents_test.jsonl.gz", 2816, 2802, marks=pytest.mark.slow),
        ("mmlu_medical_test.jsonl.gz", 1089, 1011),  # 78 questions come twice
    ],
)
def test_every_row_of_a_public_set_is_an_item_that_reads_back_or_has_a_reason(name: str, n_rows: int, n_items: int) -> None:
    result = imported(f"data/items/{name}")

    assert (len(result.items), len(result.items) + len(result.skipped)) == (n_items, n_rows)
    assert all(row.why for row in result.skipped)
    assert len({item.id for item in result.items}) == n_items
    for item in result.items:
        reading = parse_item(Source(item.file, item_text(item)), codes=CODES, takeaways=())
        assert reading.is_sound
        assert reading.item is not None
        assert reading.item.content_hash == item.content_hash
        assert item.lead_in
        assert "<script" not in render(item).stem
