"""`bedside bank model`, and members in `bedside bank show`, `check` and `lock`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.bank_commands import Command
from tests.support.models import PARTS, model_text, write_model

OURS = {"blueprint": "\n  - {programme: usmle, step: step1, system: renal, competency: diagnosis}"}


@pytest.fixture
def model(content: Path) -> Path:
    return write_model(content, text=model_text(**OURS))


def test_sample_shows_members_with_key_and_working_and_the_same_again(model: Path, bank: Command) -> None:
    assert bank("model", "sample", str(model), "--n", "2", "--seed", "17").status == 0
    first = bank.out
    assert "renal-m001:17\n\nA 29-year-old man comes to the office" in first
    assert "* B. 35 mm Hg\n     1.5 × 18 + 8 is 35.\n" in first
    assert "renal-m001:18\n" in first

    bank("model", "sample", "renal-m001", "--n", "2", "--seed", "17")
    assert bank.out == first


def test_sample_for_whoever_answers_blind_has_neither_key_nor_explanation(model: Path, bank: Command) -> None:
    bank("model", "sample", str(model), "--blind")
    assert "* " not in bank.out
    assert "1.5" not in bank.out

    bank("model", "sample", str(model), "--blind", "--json", "--n", "1")
    assert set(bank.json["members"][0]) == {"id", "seed", "stem", "lead_in", "options"}
    assert {frozenset(option) for option in bank.json["members"][0]["options"]} == {frozenset({"letter", "text"})}


def test_sample_as_json_has_the_members_whole_and_their_values(model: Path, bank: Command) -> None:
    bank("model", "sample", str(model), "--n", "1", "--seed", "17", "--json")

    (member,) = bank.json["members"]
    assert (member["id"], member["key"], member["values"]["bicarbonate"]) == ("renal-m001:17", ["B"], 18)


def test_check_of_a_sound_model_exits_with_0_and_counts(model: Path, bank: Command) -> None:
    assert bank("model", "check", "--n", "100", "--json").status == 0
    assert (bank.json["errors"], bank.json["models"][0]["members"]) == (0, 100)

    bank("model", "check", str(model), "--n", "100")
    assert "renal-m001: 100 members, " in bank.out
    assert "1 model, 0 errors" in bank.out


def test_check_of_a_wrong_model_exits_with_1_and_of_an_unreadable_file_with_2(content: Path, bank: Command) -> None:
    path = write_model(content, text=model_text(**OURS, check="bicarbonate + 40"))
    assert bank("model", "check", str(path), "--n", "20").status == 1
    assert "renal-m001.yaml:43:8: error [key-not-confirmed]" in bank.out

    path.write_text("id: [", encoding="utf-8")
    assert bank("model", "check", str(path)).status == 1
    assert "[not-well-formed]" in bank.out

    path.write_bytes(b"\xff")
    assert bank("model", "check", str(path)).status == 2
    assert "not valid UTF-8" in bank.err


def test_a_model_with_an_error_makes_no_members_and_says_why(content: Path, bank: Command) -> None:
    path = write_model(content, text=model_text(**OURS, check=None))

    assert bank("model", "sample", str(path)).status != 0
    assert "[no-check]" in bank.err
    assert "makes no members while it has an error" in bank.err


@pytest.mark.parametrize("name", ["renal-m009", "no/such/file.yaml"])
def test_a_name_that_is_none_is_told(content: Path, bank: Command, name: str) -> None:
    assert bank("model", "sample", name).status == 2
    assert "no model of that id" in bank.err


def test_new_starts_a_model_that_makes_members_once_its_head_is_filled_in(content: Path, bank: Command, tmp_path: Path) -> None:
    words = ("--id", "renal-m002", "--programme", "usmle", "--step", "step1", "--system", "renal", "--competency", "diagnosis")
    assert bank("model", "new", *words, "--into", str(tmp_path / "own"), "--json").status == 0
    path = Path(bank.json["file"])
    assert {finding["rule"] for finding in bank.json["missing"]} == {"no-takeaway", "no-author", "no-source"}

    text = path.read_text(encoding="utf-8")
    for key, value in {"takeaways": "renal.winter_formula", "authors": "author-1", "sources": "A journal"}.items():
        text = text.replace(f"{key}: []", f"{key}: [{value}]")
    path.write_text(text, encoding="utf-8")
    assert bank("model", "check", str(path), "--n", "100", "--json").status == 0, bank.out

    assert bank("model", "new", *words, "--into", str(tmp_path / "own")).status == 2
    assert "is there already" in bank.err


@pytest.mark.parametrize("name", ["renal-0007", "renal-m1", "Renal"])
def test_new_asks_for_an_id_of_a_model(content: Path, bank: Command, name: str) -> None:
    assert bank("model", "new", "--id", name, "--programme", "usmle", "--step", "step1").status == 2
    assert "as in renal-m002" in bank.err


def test_a_member_is_shown_checked_and_locked_with_the_items(model: Path, content: Path, bank: Command) -> None:
    assert bank("show", "renal-m001:17", "--json").status == 0
    assert (bank.json["id"], bank.json["version"], bank.json["collection"]) == ("renal-m001:17", 1, "bedside")
    assert bank("show", "renal-m001:0").status == 2

    assert bank("check").status == 0
    assert "1 question model" in bank.out

    assert bank("lock").status == 0
    assert "\nrenal-m001 1 " in (content / "versions.lock").read_text(encoding="utf-8")
    model.write_text(model_text(**OURS, offer="5"), encoding="utf-8")
    assert bank("check").status == 1
    assert "[changed-meaning]" in bank.out
    assert bank("check", str(model)).status == 2
    assert "bedside bank model check" in bank.err


def test_new_takes_the_next_number_of_an_area(model: Path, content: Path, bank: Command) -> None:
    words = ("--programme", "usmle", "--step", "step1", "--system", "renal", "--competency", "diagnosis")

    assert bank("model", "new", "--id", "renal", *words).status == 0
    assert "renal-m002.yaml; still missing:" in bank.out
    assert "bedside bank model sample" in bank.out


def test_a_figure_is_drawn_beside_the_text_and_its_parameters_are_hidden_from_whoever_answers_blind(
    content: Path, bank: Command, tmp_path: Path
) -> None:
    stem = PARTS["stem"] + " ![Strip](figure:ecg rhythm=sinus rate={age})"
    path = write_model(content, text=model_text(**OURS, stem=stem))
    assert bank("model", "sample", str(path), "--n", "2", "--blind", "--figures", str(tmp_path / "drawn")).status == 0

    assert "![Strip](renal-m001-1-1.svg)" in bank.out
    assert "rhythm" not in bank.out
    assert sorted(one.name for one in (tmp_path / "drawn").iterdir()) == ["renal-m001-1-1.svg", "renal-m001-2-1.svg"]
    assert "<svg" in (tmp_path / "drawn" / "renal-m001-1-1.svg").read_text(encoding="utf-8")

    bank("model", "sample", str(path), "--n", "1", "--blind", "--json")
    assert "rhythm" not in bank.out
