"""`bedside bank new` and `lock`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.bank_commands import Command, errors, own_text
from tests.support.items import OPTIONS, write_item

NEW = ("new", "--id", "renal-0008", "--programme", "usmle", "--step", "step1")


def test_new_writes_a_start_in_which_all_that_is_missing_is_a_finding(content: Path, bank: Command) -> None:
    assert bank(*NEW, "--system", "renal", "--competency", "diagnosis", "--json").status == 0
    path = Path(bank.json["file"])
    assert path == content.relative_to(content.parent) / "items" / "renal" / "renal-0008.md"
    missing = {finding["rule"] for finding in bank.json["missing"]}
    assert {"no-source", "no-author", "no-takeaway", "no-stem", "no-lead-in", "no-key", "empty-option"} <= missing
    assert "wrong-value" not in missing

    before = path.read_text()
    assert bank(*NEW, "--system", "renal", "--competency", "diagnosis").status == 2
    assert "ids are never used again" in bank.err
    assert path.read_text() == before


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        ((), "add --system CODE --competency CODE"),
        (("--system", "kidney", "--competency", "diagnosis"), 'has no code "kidney"'),
        (("--system", "renal", "--competency", "diagnosis", "--code", "organ=x"), 'has no axis "organ"'),
        (("--system", "renal", "--competency", "diagnosis", "--code", "organ"), "AXIS=CODE"),
        (("--programme", "usmlee"), 'did you mean "usmle"?'),
        (("--step", "step9"), "it has step1"),
        (("--id", "../x-0001"), "as in renal-0007"),
    ],
)
def test_new_says_what_is_wrong_with_its_options(content: Path, bank: Command, arguments: tuple[str, ...], text: str) -> None:
    assert bank(*NEW, *arguments).status == 2
    assert text in bank.err


def test_an_area_alone_takes_the_next_number_that_was_never_used(content: Path, bank: Command) -> None:
    write_item(content, "renal-0012", own_text("renal-0012"))
    bank("lock")
    (content / "items" / "renal" / "renal-0012.md").unlink()
    bank("lock", "--retire", "renal-0012")
    area = ("new", "--id", "renal", *NEW[3:], "--system", "renal", "--competency", "diagnosis")

    assert bank(*area, "--json").json["id"] == "renal-0013"
    assert bank(*area).status == 0
    assert "renal-0014.md; still missing:" in bank.out
    assert bank.out.splitlines()[-1].startswith("See it while you write: bedside bank preview ")
    assert bank(*area[:2], "skin", *area[3:], "--json").json["id"] == "skin-0001"


def test_lock_writes_the_versions_and_refuses_a_changed_text_under_an_old_one(content: Path, bank: Command) -> None:
    assert bank("lock", "--json").status == 0
    assert (bank.json["items"], bank.json["changed"]) == (1, 1)
    lock = content / "versions.lock"
    before = lock.read_text()
    assert bank("check", "--json").json["findings"] == [
        finding for finding in bank.json["findings"] if finding["severity"] != "error"
    ]

    changed = OPTIONS.replace("would be high", "is high")
    write_item(content, text=own_text(options=changed))
    assert bank("lock").status == 1
    assert "[changed-meaning]" in bank.err
    assert lock.read_text() == before

    write_item(content, text=own_text(changes={"version": "2"}, options=changed))
    assert bank("lock").status == 0
    assert lock.read_text().startswith("renal-0007 2 ")


def test_an_item_that_is_gone_must_be_retired_by_name(content: Path, bank: Command) -> None:
    write_item(content, "renal-0008", own_text("renal-0008"))
    bank("lock")
    (content / "items" / "renal" / "renal-0008.md").unlink()

    assert bank("lock").status == 1
    assert bank("lock", "--retire", "renal-0007").status == 2
    assert bank("lock", "--retire", "renal-0008").status == 0
    assert bank("check").status == 0
    write_item(content, "renal-0008", own_text("renal-0008"))
    assert bank("check", "--json").status == 1
    assert [error["rule"] for error in errors(bank)] == ["id-reused"]
