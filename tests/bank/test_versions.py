from __future__ import annotations

from pathlib import Path

import pytest

from bedside.bank import Bank, Root, lock_text, parse_lock, read_bank
from bedside.findings import Severity
from bedside.reading import Source
from tests.support.items import CODES, OPTIONS, item_of, item_text, write_item, write_takeaways

ITEM = item_of(item_text())
OTHER_TEXT = OPTIONS.replace("would be high", "is high")


def bank_with(root: Path, lock: str, text: str | None = None) -> Bank:
    write_takeaways(root)
    write_item(root, text=text)
    (root / "versions.lock").write_text(lock)
    return read_bank([Root(root, "own")], codes=CODES)


def line(version: int = 1, digest: str = ITEM.content_hash, item_id: str = "renal-0007", tail: str = "") -> str:
    return f"{item_id} {version} {digest}{tail}\n"


def test_the_locked_text_under_its_version_is_well(tmp_path: Path) -> None:
    assert bank_with(tmp_path, line()).findings == ()


@pytest.mark.parametrize(
    ("lock", "changes", "rule", "severity"),
    [
        (line(digest="0" * 64), {}, "changed-meaning", Severity.ERROR),
        (line(version=2), {}, "version-back", Severity.ERROR),
        (line(tail=" retired"), {}, "id-reused", Severity.ERROR),
        (line(), {"version": "2"}, "not-locked", Severity.NOTE),
        ("", {}, "not-locked", Severity.NOTE),
        (line() + line(item_id="renal-0001"), {}, "item-gone", Severity.ERROR),
        (line() + "renal-0001 one\n", {}, "wrong-lock", Severity.ERROR),
        (line() + line(), {}, "wrong-lock", Severity.ERROR),
    ],
)
def test_what_contradicts_the_lock_is_named(
    tmp_path: Path, lock: str, changes: dict[str, str | None], rule: str, severity: Severity
) -> None:
    bank = bank_with(tmp_path, lock, item_text(changes))

    assert [(finding.rule, finding.severity) for finding in bank.findings] == [(rule, severity)]
    assert (bank.items == {}) == (rule in {"changed-meaning", "version-back", "id-reused"})


def test_the_message_about_a_changed_text_names_the_next_version(tmp_path: Path) -> None:
    finding = bank_with(tmp_path, line(), item_text(options=OTHER_TEXT)).findings[0]

    assert finding.text == "the text changed and the version is still 1; make it 2"
    assert finding.line == 4


def test_a_retired_item_may_be_gone(tmp_path: Path) -> None:
    assert bank_with(tmp_path, line() + line(item_id="renal-0001", tail=" retired")).findings == ()


def test_an_item_with_an_error_is_not_gone(tmp_path: Path) -> None:
    bank = bank_with(tmp_path, line(), "not readable")

    assert bank.findings == ()
    assert len(bank.unreadable) == 1


def test_without_a_lock_nothing_is_said(tmp_path: Path) -> None:
    write_takeaways(tmp_path)
    write_item(tmp_path)

    assert read_bank([Root(tmp_path, "own")], codes=CODES).findings == ()


def test_the_text_of_a_lock_is_sorted_and_keeps_what_is_not_there() -> None:
    lock = parse_lock(Source("versions.lock", line(item_id="renal-0009") + line(item_id="blood-0001", tail=" retired")))

    text = lock_text(lock, [ITEM], retire=["renal-0009"])

    assert text.split("\n") == [
        line(item_id="blood-0001", tail=" retired").rstrip(),
        line().rstrip(),
        line(item_id="renal-0009", tail=" retired").rstrip(),
        "",
    ]
    assert parse_lock(Source("versions.lock", text)).findings == ()
