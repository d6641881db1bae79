"""`bedside bank stats`: the summary, its parts, and JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.cli.bank_stats import SECTIONS, open_reports
from bedside.site.accounts.actions import add_user
from tests.support.bank_commands import Command, own_text
from tests.support.items import write_item
from tests.support.sittings import T0

COMPETENCIES = ("medical_knowledge", "diagnosis", "communication", "practice_based")


def fill(content: Path, n: int = 24) -> None:
    """So many items of Step 1, most of them renal."""
    for number in range(1, n + 1):
        system = "renal" if number % 4 else "cardiovascular"
        codes = f"system: {system}, competency: {COMPETENCIES[number % 3]}, discipline: [physiology]"
        entry = f"[{{programme: usmle, step: step1, {codes}}}]"
        name = f"{system}-{number:04d}"
        write_item(content, name, own_text(name, {"blueprint": entry, "difficulty": f"0.{number % 9}5"}))


def test_the_summary_says_what_is_there_and_what_to_write_next(content: Path, bank: Command) -> None:
    fill(content)
    out = bank("stats", "--on", "2026-11-01").out

    assert "24 items, 1 takeaway, 0 question models" in out
    assert "status: draft 24 (100%)" in out
    assert "with 4+ items: 1" in out
    assert "usmle step1: 24 items" in out
    assert "short: human_development 0% of 1–3%" in out
    assert "write next:" in out
    assert max(len(line) for line in out.splitlines()) <= 80


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("coverage", "    cardiovascular                                6   25.0%      7–11%  over"),
        ("grid", "usmle step1: 24 items, targets for 24"),
        ("families", "without anything on them"),
        ("difficulty", "usmle step1: 24 items, in the mean"),
        ("reviews", "renal"),
        ("linter", "Findings by rule."),
        ("next", "× medical_knowledge: 0 of "),
    ],
)
def test_a_part_in_full_fits_a_terminal_of_80_columns(content: Path, bank: Command, name: str, text: str) -> None:
    fill(content)
    takeaways = content / "takeaways" / "renal.yaml"
    takeaways.write_text(takeaways.read_text() + '  - {id: renal.bare, text: "Bare.", sources: ["A. J 2000"]}\n')
    out = bank("stats", "--on", "2026-11-01", "--show", name).out

    assert text in out
    assert "question models" not in out  # the summary is left out
    assert max(len(line) for line in out.splitlines()) <= 80


def test_all_parts_follow_the_summary(content: Path, bank: Command) -> None:
    fill(content)
    out = bank("stats", "--on", "2026-11-01", "--all").out

    assert out.startswith("24 items")
    assert max(len(line) for line in out.splitlines()) <= 80
    assert all(bank("stats", "--on", "2026-11-01", "--show", name).out.splitlines()[0] in out for name in SECTIONS)


def test_a_goal_raises_the_targets(content: Path, bank: Command) -> None:
    fill(content)
    told = bank("stats", "--json", "--goal", "140", "--on", "2026-11-01").json

    (grid,) = told["grids"]
    assert (grid["items"], grid["goal"]) == (24, 140)
    assert sum(map(sum, grid["targets"])) == pytest.approx(140, abs=2)
    assert told["reports_open"] is None
    assert told["rules"]
    assert told["families"]["areas"][0]["takeaways"] == 1


def test_an_unknown_part_is_named(content: Path, bank: Command) -> None:
    assert bank("stats", "--show", "cells").status == 2
    assert "--show takes coverage" in bank.err


def test_an_empty_bank_has_a_summary(content: Path, bank: Command) -> None:
    (content / "items" / "renal" / "renal-0007.md").unlink()

    assert bank("stats", "--all").status == 0
    assert "0 items" in bank.out


@pytest.mark.django_db
def test_reports_of_readers_that_wait_are_counted_where_this_computer_has_a_database(
    content: Path, bank: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from uuid import uuid4  # noqa: PLC0415

    from bedside.site.reflection.models import ItemReport  # noqa: PLC0415

    assert open_reports(None) is None
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bedside.sqlite3").touch()
    known = {"part": "key", "text": "It should be C.", "item": "renal-0001", "item_version": 2, "hash": "0" * 64}
    user = add_user("ada", password=None, at=T0)
    ItemReport.objects.create(user=user, sitting=uuid4(), at=T0, **known)
    ItemReport.objects.create(user=user, sitting=uuid4(), at=T0, answer="x", answered_at=T0, closed_at=T0, **known)

    assert "readers' reports: 1 open" in bank("stats").out
