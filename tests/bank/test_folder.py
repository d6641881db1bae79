from __future__ import annotations

import os
from pathlib import Path

import pytest

from bedside.bank import Bank, Root, read_bank
from bedside.errors import NotFoundError
from tests.support.items import (
    CODES,
    TAKEAWAYS_FILE,
    imported_text,
    item_text,
    write_item,
    write_takeaways,
)


def bank_of(*paths: Path, only: Path | None = None) -> Bank:
    return read_bank([Root(path, path.name, only) for path in paths], codes=CODES)


def rules(bank: Bank) -> list[str]:
    return [finding.rule for finding in bank.findings]


@pytest.fixture
def content(tmp_path: Path) -> Path:
    root = tmp_path / "content"
    write_takeaways(root)
    write_item(root)
    return root


def test_a_sound_folder_reads_without_a_finding(content: Path) -> None:
    bank = bank_of(content)

    assert list(bank.items) == ["renal-0007"]
    assert sorted(bank.takeaways) == ["renal.anion_gap", "renal.winter_formula"]
    assert bank.takeaways["renal.winter_formula"].codes == {"exam": {"system": ("renal",), "discipline": ("physiology",)}}
    assert bank.collection_of == {"renal-0007": "content"}
    assert (bank.findings, bank.unreadable, bank.left_out, bank.faulty) == ((), (), {}, ())


def test_an_item_with_an_error_is_left_out_and_named_and_the_others_are_read(content: Path) -> None:
    broken = write_item(content, "renal-0008", item_text({"id": "renal-0008", "sources": "[]"}))

    bank = bank_of(content)

    assert list(bank.items) == ["renal-0007"]
    assert "no source" in bank.left_out[str(broken)]
    assert [item.id for item in bank.faulty] == ["renal-0008"]
    assert [item.id for item in bank.all_items] == ["renal-0007", "renal-0008"]
    assert rules(bank) == ["no-source"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xff\xfe\x00", "not valid UTF-8"),
        (b"---\nid: [\n---\n", "not well-formed YAML"),
        (b"no front matter", "front matter"),
        (b"\0", "NUL"),
    ],
)
def test_a_file_that_can_not_be_read_at_all_is_one_error_and_the_others_are_read(content: Path, data: bytes, text: str) -> None:
    path = write_item(content, "renal-0008", "")
    path.write_bytes(data)

    bank = bank_of(content)

    assert list(bank.items) == ["renal-0007"]
    assert [(error.file, text in str(error)) for error in bank.unreadable] == [(str(path), True)]
    assert str(path) in bank.left_out
    assert bank.findings == ()


def test_a_file_of_50_mb_is_refused_unread(content: Path) -> None:
    path = write_item(content, "renal-0008", "")
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)

    assert "52,428,800 bytes are over the limit" in str(bank_of(content).unreadable[0])


def test_two_files_with_one_id_are_an_error_in_the_second(content: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write_takeaways(other, TAKEAWAYS_FILE.replace("renal.", "other."), area="other")
    second = write_item(other)

    bank = bank_of(content, other)

    assert list(bank.items) == ["renal-0007"]
    assert [(finding.rule, finding.file) for finding in bank.findings] == [("duplicate-id", str(second))]
    assert len(bank.all_items) == 2


def test_the_id_is_compared_with_the_folder_right_below_items(content: Path) -> None:
    write_item(content).rename(content / "items" / "renal-0007.md")
    assert rules(bank_of(content)) == []

    (content / "items" / "blood" / "deep").mkdir(parents=True)
    (content / "items" / "renal-0007.md").rename(content / "items" / "blood" / "deep" / "renal-0007.md")
    assert rules(bank_of(content)) == ["id-and-place"]


def test_links_that_leave_the_folder_are_not_followed(content: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "renal-0009.md").write_text(item_text({"id": "renal-0009"}))
    (content / "items" / "renal" / "renal-0009.md").symlink_to(outside / "renal-0009.md")
    (content / "items" / "linked").symlink_to(outside)
    (content / "items" / "loop").symlink_to(content / "items")

    bank = bank_of(content)

    assert list(bank.items) == ["renal-0007"]
    assert rules(bank) == ["stray-file"] * 3


def test_what_is_no_plain_file_is_not_opened(content: Path) -> None:
    os.mkfifo(content / "items" / "renal" / "renal-0010.md")
    (content / "items" / "renal" / "notes.txt").write_text("x")
    (content / "items" / "renal" / ".hidden.md").write_text("x")
    (content / "items" / "renal" / "broken.md").symlink_to(content / "nothing")

    assert rules(bank_of(content)) == ["stray-file"] * 3


def test_folders_are_not_followed_without_end(content: Path) -> None:
    deep = content / "items" / "/".join(["d"] * 40)
    deep.mkdir(parents=True)

    assert rules(bank_of(content)) == ["stray-file"]


def test_a_root_that_is_no_folder_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no such folder"):
        bank_of(tmp_path / "none")


def test_an_empty_root_has_nothing_and_nothing_wrong(tmp_path: Path) -> None:
    assert bank_of(tmp_path).findings == ()


def test_one_item_can_be_judged_alone(content: Path) -> None:
    write_item(content, "renal-0008", item_text({"id": "renal-0008", "sources": "[]"}))
    only = content / "items" / "renal" / "renal-0007.md"
    (content / "versions.lock").write_text(f"renal-0001 1 {'0' * 64}\n")

    bank = bank_of(content, only=only)

    assert list(bank.items) == ["renal-0007"]
    assert rules(bank) == ["not-locked"]


def test_takeaways_may_be_borrowed(content: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    write_item(other, "renal-0050")

    alone = read_bank([Root(other, "other")], codes=CODES)
    beside = read_bank([Root(other, "other")], codes=CODES, takeaways_from=[Root(content, "content")])

    assert [finding.rule for finding in alone.findings] == ["unknown-takeaway"]
    assert beside.findings == ()


def test_an_imported_collection_needs_no_takeaways(tmp_path: Path) -> None:
    write_item(tmp_path, "some-0001", imported_text({"id": "some-0001"}))

    assert list(bank_of(tmp_path).items) == ["some-0001"]


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("schema: takeaways/1", "schema: takeaways/2", "wrong-value"),
        ("    text: ", "    txt: ", "unknown-key"),
        ("renal.anion_gap", "renal.winter_formula", "duplicate-id"),
        ("id: renal.anion_gap", "id: blood.anion_gap", "id-and-place"),
        ("id: renal.anion_gap", "id: anion gap", "wrong-value"),
        ("    text: ", f'    title: "{"a" * 81}"\n    text: ', "wrong-value"),
        ("{exam: {system: renal", "{exm: {system: renal", "unknown-programme"),
        ("{exam: {system: renal", "{exam: {sytem: renal", "unknown-axis"),
        ("{exam: {system: renal", "{exam: {system: liver", "unknown-code"),
        ('sources: ["Author B. Journal 1999;1:1-2"]', "sources: []", "wrong-value"),
        ("{{1.5 × bicarbonate + 8 ± 2}}", "1.5 × bicarbonate + 8 ± 2", "wrong-value"),
    ],
)
def test_what_is_wrong_with_takeaways_is_named(tmp_path: Path, old: str, new: str, rule: str) -> None:
    assert old in TAKEAWAYS_FILE
    path = write_takeaways(tmp_path, TAKEAWAYS_FILE.replace(old, new, 1))

    bank = bank_of(tmp_path)

    assert rule in rules(bank)
    assert all(finding.file == str(path) and finding.line for finding in bank.findings)


def test_a_takeaway_has_the_title_of_its_file_or_the_words_of_its_id(tmp_path: Path) -> None:
    titled = TAKEAWAYS_FILE.replace("    text:", '    title: "Compensation of metabolic acidosis"\n    text:', 1)
    write_takeaways(tmp_path, titled)

    titles = {name: one.title for name, one in bank_of(tmp_path).takeaways.items()}

    assert titles == {"renal.winter_formula": "Compensation of metabolic acidosis", "renal.anion_gap": "anion gap"}


def test_an_item_of_a_takeaway_with_an_error_is_left_out(content: Path) -> None:
    write_takeaways(content, TAKEAWAYS_FILE.replace("system: renal", "system: liver"))

    bank = bank_of(content)

    assert bank.items == {}
    assert sorted(rules(bank)) == ["unknown-code", "unknown-takeaway"]


def test_takeaways_that_can_not_be_read_are_one_error(content: Path) -> None:
    write_takeaways(content, "a: [", area="blood")

    bank = bank_of(content)

    assert len(bank.unreadable) == 1
    assert list(bank.items) == ["renal-0007"]
