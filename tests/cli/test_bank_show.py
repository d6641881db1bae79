"""`bedside bank stats` and `show`."""

from __future__ import annotations

from pathlib import Path

from tests.support.bank_commands import ENTRY, Command, own_text
from tests.support.items import numeric_text, write_item, write_stimulus


def test_stats_count_by_step_and_code_beside_the_published_range(content: Path, bank: Command) -> None:
    assert bank("stats", "--json", "--on", "2026-06-15").status == 0

    step = next(step for step in bank.json["steps"] if step["step"] == "step1")
    row = next(row for row in step["axes"]["system"] if "renal" in row["codes"])
    assert (step["items"], row["items"], row["share"], row["standing"]) == (1, 1, 100.0, "unknown")
    assert row["low"] < row["high"]
    assert (bank.json["status"], bank.json["key_places"], bank.json["on"]) == ({"draft": 1}, {"B": 1}, "2026-06-15")
    assert "usmle step1: 1 item" in bank("stats", "--on", "2026-06-15").out


def test_show_prints_one_item_whole(content: Path, bank: Command) -> None:
    bank("show", "renal-0007", "--json")

    assert (bank.json["key"], bank.json["version"], bank.json["collection"]) == (["B"], 1, "bedside")
    assert bank.json["takeaways"][0]["text"].startswith("In metabolic acidosis")
    assert bank.json["html"]["options"][0] == {"letter": "A", "html": "Metabolic acidosis"}
    assert "* B. Metabolic acidosis and respiratory alkalosis" in bank("show", "renal-0007").out


def test_show_prints_a_numeric_answer_with_its_reason(content: Path, bank: Command) -> None:
    write_item(content, text=numeric_text(changes={"blueprint": ENTRY}))

    bank("show", "renal-0007", "--json")

    assert bank.json["answer"] == {
        "value": "26",
        "tolerance": "2",
        "unit": "mm Hg",
        "explanation": "Winter's formula gives 1.5 times 12, plus 8.",
    }
    assert bank.json["html"]["answer"] == "<p>Winter's formula gives 1.5 times 12, plus 8.</p>"
    assert "* 26 ± 2 mm Hg\n     Winter's formula" in bank("show", "renal-0007").out


def test_show_prints_what_an_item_shares_with_its_set(content: Path, bank: Command) -> None:
    write_stimulus(content)
    write_item(content, text=own_text(changes={"set": "{id: renal-set-0001, kind: shared, part: 1}"}))

    bank("show", "renal-0007", "--json")

    assert bank.json["set"] == {"id": "renal-set-0001", "kind": "shared", "part": 1}
    assert bank.json["stimulus"]["title"] == "A trial"
    assert "A trial (abstract)\n\n**Background.**" in bank("show", "renal-0007").out


def test_show_says_which_part_of_a_set_it_is(content: Path, bank: Command) -> None:
    for part in (1, 2):
        place = f"{{id: renal-set-0001, kind: sequential, part: {part}}}"
        write_item(content, f"renal-000{part}", own_text(f"renal-000{part}", {"set": place}))

    assert "part 2 of the set renal-set-0001" in bank("show", "renal-0002").out


def test_show_of_an_item_with_an_error_says_so(content: Path, bank: Command) -> None:
    write_item(content, text=own_text(changes={"sources": "[]"}))

    assert bank("show", "renal-0007").status == 0
    assert "has errors and is left out" in bank.err
    assert bank("show", "renal-0001").status == 2
    write_item(content, text="nothing")
    assert bank("show", "renal-0007").status == 2


def test_a_reviewer_is_shown_neither_key_nor_explanations(content: Path, bank: Command) -> None:
    text = bank("show", "renal-0007", "--blind").out

    assert "  B. Metabolic acidosis and respiratory alkalosis" in text
    assert "*" not in text
    assert "Winter" not in text

    covered = bank("show", "renal-0007", "--covered").out
    assert text.startswith(covered.rstrip("\n"))
    assert "Metabolic acidosis" not in covered


def test_the_figures_of_a_blind_item_are_drawn_and_their_words_kept_back(content: Path, bank: Command, tmp_path: Path) -> None:
    exhibit = "A 60-year-old man comes to the office.\n\n![A rhythm strip](figure:ecg rhythm=af rate=130)"
    write_item(content, text=own_text(stem=exhibit))

    text = bank("show", "renal-0007", "--blind", "--figures", str(tmp_path / "drawn")).out

    assert "rhythm=af" not in text
    assert "![A rhythm strip](renal-0007-1.svg)" in text
    assert "<svg" in (tmp_path / "drawn" / "renal-0007-1.svg").read_text(encoding="utf-8")


def test_a_blind_item_is_not_given_with_its_key_beside(content: Path, bank: Command) -> None:
    assert bank("show", "renal-0007", "--blind", "--json").status == 2
    assert bank("show", "renal-0007", "--figures", "drawn").status == 2
