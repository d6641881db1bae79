"""`bedside bank review`: agreement, one item's record, disagreements, and the taking of rows."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bedside.bank import Item
from bedside.cli.whole_files import append_all
from bedside.errors import StoreError
from tests.support.bank_commands import Command, own_text
from tests.support.items import item_of, item_text, review, write_item, write_reviews

ITEM: Item = item_of(item_text())  # the hash knows nothing of the blueprint


def rows(folder: Path, *told: Mapping[str, Any]) -> Path:
    path = folder / "rows.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in told), encoding="utf-8")
    return path


def test_agreement_stands_by_area_and_in_all(content: Path, bank: Command) -> None:
    write_reviews(content, "renal-0007", review(ITEM, "blind", "reader-1"), review(ITEM, "facts", "checker-1", change="10 mg"))
    out = bank("review").out

    assert "first reading agreed with the key: 1 of 1 (100%, 21–100%)" in out
    assert "disagreements: none on file" in out
    assert "  not read again: 1" in out
    assert re.search(r"^  renal +1  1 of 1 \(100%, 21–100%\) +0 +1$", out, re.MULTILINE)
    assert max(len(line) for line in out.splitlines()) <= 80
    assert bank("review", "--json").json["total"]["first_reading"]["agreed"] == 1


def test_an_item_s_whole_record_is_shown(content: Path, bank: Command) -> None:
    against = review(
        ITEM, "blind", "reader-1", answer="A", agrees=False, finding="A is right.", covered="Acidosis", confidence=0.7
    )
    write_reviews(content, "renal-0007", against, review(ITEM, "facts", "checker-1", hash="0" * 64))
    out = bank("review", "renal-0007").out

    assert "first reading: A, did not agree with the key" in out
    assert "answered A, 70% sure: does not agree" in out
    assert "With the options covered: Acidosis" in out
    assert "It disagreed: open." in out
    assert "of an earlier text (00000000)" in out
    assert bank("review", "renal-0007", "--json").json["disagreements"][0]["became"] == "open"
    assert bank("review", "renal-0008").status == 2
    assert 'did you mean "renal-0007"?' in bank.err


def test_disagreements_alone_are_listed(content: Path, bank: Command) -> None:
    assert bank("review", "--disagreements").out == "no disagreement is on file\n"
    write_reviews(content, "renal-0007", review(ITEM, "blind", "reader-1", answer="A", agrees=False, finding="A is right."))

    assert bank("review", "--disagreements").out.splitlines() == [
        "renal-0007, version 1, blind, 2026-11-01, reader-1: open",
        "    answered A; the key now is B",
        "    A is right.",
    ]
    assert len(bank("review", "--disagreements", "--json").json["disagreements"]) == 1


def test_rows_are_first_checked_and_taken_with_take(content: Path, bank: Command, tmp_path: Path) -> None:
    path = rows(tmp_path, {"item": "renal-0007", "answer": "B", "covered": "mixed", "finding": "One best answer."})
    file = content / "reviews" / "renal-0007.jsonl"

    assert bank("review", path, "--reviewer", "reader-1").status == 0
    assert "1 review of 1 item can be taken; --take writes them" in bank.out
    assert not file.exists()

    assert bank("review", path, "--reviewer", "reader-1", "--on", "2026-11-29", "--take").status == 0
    assert "renal-0007: draft; cross_checked is not earned: no facts review" in bank.out
    assert json.loads(file.read_text())["hash"] == ITEM.content_hash

    facts = rows(tmp_path, {"item": "renal-0007", "agrees": True, "finding": "Checked."})
    assert "cross_checked is earned" in bank("review", facts, "--reviewer", "checker-1", "--take").out
    assert len(file.read_text().splitlines()) == 2
    assert bank("check").status == 0


def test_with_one_wrong_row_nothing_is_written(content: Path, bank: Command, tmp_path: Path) -> None:
    write_item(content, "renal-0008", own_text("renal-0008"))
    path = rows(
        tmp_path, {"item": "renal-0007", "answer": "B", "finding": ""}, {"item": "renal-0008", "answer": "B", "hash": "0" * 64}
    )

    assert bank("review", path, "--reviewer", "reader-1", "--take").status == 1
    assert "was changed since" in bank.err
    assert "nothing was taken: 1 row can't be" in bank.out
    assert not (content / "reviews").exists()
    told = bank("review", path, "--reviewer", "reader-1", "--take", "--json").json
    assert (told["taken"], told["sound"], len(told["findings"])) == (0, 0, 1)


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("--take",), "go with a file of rows"),
        (("renal-0007", "--reviewer", "x"), "go with a file of rows"),
        (("nowhere.jsonl",), "no such file"),
        (("nowhere.jsonl", "--disagreements"), "leave the file of rows out"),
    ],
)
def test_what_does_not_go_together_is_said(content: Path, bank: Command, arguments: tuple[str, ...], text: str) -> None:
    assert bank("review", *arguments).status == 2
    assert text in bank.err


def test_a_file_that_can_t_be_written_leaves_all_as_they_were(tmp_path: Path) -> None:
    first, second = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    first.write_text("old")  # without a line end
    second.mkdir()  # which no file can replace

    with pytest.raises(StoreError, match="nothing was changed"):
        append_all({first: "new\n", second: "new\n"})
    assert first.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.jsonl", "b.jsonl"]

    second.rmdir()
    append_all({first: "new\n", second: "new\n"})
    assert (first.read_text(), second.read_text()) == ("old\nnew\n", "new\n")


def test_one_that_is_placed_gets_its_old_bytes_back_when_the_next_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, third = (tmp_path / name for name in ("a", "b", "c"))
    first.write_text("old\n")
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target == third:
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(StoreError, match="No space left"):
        append_all({first: "new\n", second: "new\n", third: "new\n"})
    assert first.read_text() == "old\n"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
