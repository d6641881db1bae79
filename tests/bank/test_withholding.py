"""What nobody but its author has read is withheld, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bedside.bank import Bank, Root, Status, read_bank, without_drafts
from tests.support.items import CODES, write_item, write_set, write_takeaways


def bank_of(folder: Path) -> Bank:
    return read_bank([Root(folder, "bedside")], codes=CODES)


def checked_but(bank: Bank, drafts: set[str]) -> Bank:
    """The same bank where reviews had earned a status for all others."""
    items = {name: item if name in drafts else replace(item, status=Status.CROSS_CHECKED) for name, item in bank.items.items()}
    return replace(bank, items=items)


def nowhere(takeaway: str) -> bool:
    return False


def test_drafts_go_and_what_is_checked_stays(tmp_path: Path) -> None:
    write_takeaways(tmp_path)
    for name in ("renal-0001", "renal-0002"):
        write_item(tmp_path, name)
    bank = checked_but(bank_of(tmp_path), drafts={"renal-0002"})

    shown = without_drafts(bank, collection="bedside", is_taught_elsewhere=nowhere)

    assert list(shown.items) == ["renal-0001"]
    assert shown.takeaways == bank.takeaways  # the other teaches the same


def test_a_takeaway_that_drafts_alone_teach_goes_unless_a_case_teaches_it(tmp_path: Path) -> None:
    write_takeaways(tmp_path)
    write_item(tmp_path, "renal-0001")
    bank = bank_of(tmp_path)
    (taught,) = bank.items["renal-0001"].takeaways

    assert taught not in without_drafts(bank, collection="bedside", is_taught_elsewhere=nowhere).takeaways
    assert taught in without_drafts(bank, collection="bedside", is_taught_elsewhere=lambda name: name == taught).takeaways


def test_a_set_with_a_draft_goes_whole(tmp_path: Path) -> None:
    write_takeaways(tmp_path)
    parts = write_set(tmp_path, "A 24-year-old man comes to the office.", "The next day he is well.")
    bank = checked_but(bank_of(tmp_path), drafts={parts[1]})

    shown = without_drafts(bank, collection="bedside", is_taught_elsewhere=nowhere)

    assert not shown.items
    assert not shown.sets


def test_the_drafts_of_another_collection_are_their_readers_own(tmp_path: Path) -> None:
    write_takeaways(tmp_path)
    write_item(tmp_path, "renal-0001")
    bank = bank_of(tmp_path)

    assert without_drafts(bank, collection="another", is_taught_elsewhere=nowhere) is bank
