"""`bedside bank import`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.bank_commands import Command

CSV = "id,stem,option_a,option_b,answer\n1,A man. Which drug?,Aspirin,Heparin,B\n2,A boy. Which drug?,x,y\n"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "My Questions.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_import_writes_the_sound_rows_and_names_the_others(
    content: Path, bank: Command, questions: Path, tmp_path: Path
) -> None:
    assert bank("import", questions, "--json", "--licence", "CC0-1.0").status == 0

    file = tmp_path / "data" / "imported" / "my-questions" / "items" / "my-questions-1.md"
    assert (bank.json["format"], bank.json["items"], bank.json["files"]) == ("csv", 1, [str(file)])
    assert bank.json["skipped"] == [{"where": "line 3", "why": "4 cells; the header has 5"}]
    assert 'licence: "CC0-1.0"' in file.read_text()
    assert bank("check", file.parents[1]).status == 0
    bank("show", "my-questions-1", "--json")
    assert (bank.json["collection"], bank.json["origin"]["row"]) == ("my-questions", 2)


def test_import_says_in_words_what_it_did(content: Path, bank: Command, questions: Path) -> None:
    bank("import", questions)

    assert f"{questions}: line 3: not taken: 4 cells; the header has 5\n" in bank.out
    assert "csv: took 1 item into" in bank.out
    assert "1 row not taken" in bank.out


def test_a_dry_run_writes_nothing(content: Path, bank: Command, questions: Path, tmp_path: Path) -> None:
    assert bank("import", questions, "--dry-run", "--json").status == 0
    assert (bank.json["items"], bank.json["dry_run"]) == (1, True)
    assert not (tmp_path / "data").exists()


def test_importing_again_changes_nothing_and_keeps_what_was_added(
    content: Path, bank: Command, questions: Path, tmp_path: Path
) -> None:
    into = tmp_path / "mine"
    bank("import", questions, "--into", into)
    path = into / "items" / "my-questions-1.md"
    path.write_text(path.read_text().replace("blueprint: []", "blueprint: [{programme: usmle, step: step1}]"))
    edited = path.read_text()

    bank("import", questions, "--into", into, "--json")

    assert (bank.json["items"], bank.json["new"]) == (1, 0)
    assert path.read_text() == edited
    assert sorted(child.name for child in into.iterdir()) == ["items"]


def test_a_row_whose_text_changed_becomes_the_next_version(
    content: Path, bank: Command, questions: Path, tmp_path: Path
) -> None:
    into = tmp_path / "mine"
    bank("import", questions, "--into", into)
    questions.write_text(CSV.replace("A man", "A woman"))

    bank("import", questions, "--into", into, "--json")

    assert bank.json["new"] == 1
    assert "version: 2" in (into / "items" / "my-questions-1.md").read_text()


def test_an_id_of_another_file_is_not_taken_over(content: Path, bank: Command, questions: Path, tmp_path: Path) -> None:
    into = tmp_path / "mine"
    bank("import", questions, "--into", into, "--name", "set")
    other = tmp_path / "other.csv"
    other.write_text(CSV.replace("A man", "A woman"))

    assert bank("import", other, "--into", into, "--name", "set", "--json").status == 1
    assert "is taken by another item" in bank.json["skipped"][0]["why"]


def test_an_import_that_can_not_be_written_leaves_everything_as_it_was(
    content: Path, bank: Command, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    into = tmp_path / "mine"
    bank("import", questions, "--into", into)
    questions.write_text(CSV + "3,A girl. Which drug?,x,y,A\n")
    real = Path.rename

    def fail_at_the_second(self: Path, target: Path) -> Path:
        if self.name.startswith(".items-new"):
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", fail_at_the_second)
    assert bank("import", questions, "--into", into).status == 2
    assert "nothing was changed" in bank.err
    assert [path.name for path in sorted(into.rglob("*"))] == ["items", "my-questions-1.md"]


def test_what_an_interrupted_import_left_is_brought_back(content: Path, bank: Command, questions: Path, tmp_path: Path) -> None:
    into = tmp_path / "mine"
    bank("import", questions, "--into", into)
    (into / "items").rename(into / ".items-old")

    bank("import", questions, "--into", into, "--json")

    assert (bank.json["new"], (into / "items" / "my-questions-1.md").exists()) == (0, True)


def test_rows_go_to_the_step_that_is_named(content: Path, bank: Command, questions: Path, tmp_path: Path) -> None:
    into = tmp_path / "mine"
    assert bank("import", questions, "--into", into, "--programme", "usmle", "--step", "step3").status == 0
    assert "{programme: usmle, step: step3}" in (into / "items" / "my-questions-1.md").read_text()

    assert bank("import", questions, "--programme", "usmle").status == 2
    assert bank("import", questions, "--programme", "usmle", "--step", "step9").status == 2


@pytest.mark.parametrize("data", [b"", b"\x00\x01", b"[" * 100_000, b"name\nx\n"])
def test_a_file_in_no_known_format_is_one_line_and_exit_status_2(
    content: Path, bank: Command, tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(data)

    assert bank("import", path).status == 2
    assert bank.err.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_an_import_of_nothing_sound_exits_with_1(content: Path, bank: Command, questions: Path) -> None:
    questions.write_text(CSV.replace(",B\n", ",\n"))

    assert bank("import", questions).status == 1
    assert bank("import", "nowhere.csv").status == 2
