from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bedside.cli import run
from tests.support.items import OPTIONS, item_text, numeric_text, write_item, write_stimulus, write_takeaways

REPOSITORY = Path(__file__).parents[2]

ENTRY = "[{programme: usmle, step: step1, system: renal, competency: medical_knowledge, discipline: [physiology]}]"
TAKEAWAYS = """\
schema: takeaways/1
takeaways:
  - id: renal.winter_formula
    text: "In metabolic acidosis the expected PaCO2 is 1.5 × bicarbonate + 8 ± 2."
    sources: ["Author A. Journal 1998;338:26-34"]
"""


def own_text(item_id: str = "renal-0007", changes: dict[str, str | None] | None = None, **body: str) -> str:
    return item_text({"id": item_id, "blueprint": ENTRY, **(changes or {})}, **body)


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder with the programmes of the repository, one takeaway and one item."""
    root = tmp_path / "content"
    shutil.copytree(REPOSITORY / "content" / "programmes", root / "programmes")
    shutil.copytree(REPOSITORY / "content" / "reference", root / "reference")
    write_takeaways(root, TAKEAWAYS)
    write_item(root, text=own_text())
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BEDSIDE_CONTENT", raising=False)
    monkeypatch.setenv("BEDSIDE_DATA", str(tmp_path / "data"))
    return root


class Command:
    """Runs the command line in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys
        self.status = 0
        self.out = self.err = ""

    def __call__(self, *arguments: object) -> Command:
        self.status = run(["bank", *map(str, arguments)])
        self.out, self.err = self.capsys.readouterr()
        return self

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def bank(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def errors(command: Command) -> list[dict[str, Any]]:
    return [finding for finding in command.json["findings"] if finding["severity"] == "error"]


# --- check --------------------------------------------------------------------------------------------------------------


def test_check_of_sound_content_exits_with_0(content: Path, bank: Command) -> None:
    assert bank("check", "--json").status == 0
    assert (bank.json["items"], bank.json["takeaways"], bank.json["errors"], bank.err) == (1, 1, 0, "")


def test_check_of_an_error_exits_with_1_and_names_file_line_column_and_rule(content: Path, bank: Command) -> None:
    path = write_item(content, text=own_text(changes={"optons": "x"}))

    assert bank("check", "--json").status == 1
    assert errors(bank) == [
        {
            "file": str(path.relative_to(content.parent)),
            "line": 14,
            "column": 1,
            "rule": "unknown-key",
            "severity": "error",
            "text": 'unknown key "optons"',
        }
    ]
    assert bank.json["left_out"][0]["file"] == "content/items/renal/renal-0007.md"


def test_the_human_form_shows_the_line_with_a_caret(content: Path, bank: Command) -> None:
    write_item(content, text=own_text(changes={"optons": "x"}))

    bank("check")

    assert 'renal-0007.md:14:1: error [unknown-key] unknown key "optons"\n    optons: x\n    ^\n' in bank.out
    assert "1 error" in bank.out


def test_of_a_long_line_the_part_around_the_place_is_shown(content: Path, bank: Command) -> None:
    write_item(content, text=own_text(stem="A man " + "x " * 300 + "<b>here</b>" + " y" * 300))

    bank("check")

    shown = bank.out[bank.out.index("[raw-html]") :].split("\n")
    assert shown[1].startswith("    …  x x")
    assert shown[1][shown[2].index("^") :].startswith("<b>here")
    assert len(shown[1]) < 125


def test_a_file_that_can_not_be_read_is_one_line_and_exit_status_2_and_the_others_are_checked(
    content: Path, bank: Command
) -> None:
    write_item(content, "renal-0008", "").write_bytes(b"---\nid: \xff\n---\n")
    write_item(content, "renal-0009", own_text("renal-0009", {"sources": "[]"}))

    assert bank("check", "--json").status == 2
    assert bank.err == ("bedside: content/items/renal/renal-0008.md:2: byte 0xff is not valid UTF-8; save the file as UTF-8\n")
    assert [error["rule"] for error in errors(bank)] == ["no-source"]
    assert [entry["file"] for entry in bank.json["unreadable"]] == ["content/items/renal/renal-0008.md"]
    assert bank.json["items"] == 1


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (own_text("renal-0008").replace("authors: [", "authors: [[", 1), 11, "not well-formed YAML"),
        ("", 1, "must start with a line '---'"),
        ("---\nid: renal-0008\n", 1, "no closing line '---'"),
    ],
)
def test_a_file_that_is_not_well_formed_is_a_finding_with_its_line(
    content: Path, bank: Command, text: str, line: int, told: str
) -> None:
    write_item(content, "renal-0008", text)

    assert bank("check", "--json").status == 1
    [error] = errors(bank)
    assert (error["rule"], told in error["text"]) == ("not-well-formed", True)
    assert error["line"] == line
    assert bank.json["unreadable"] == []


def test_a_link_out_of_the_folder_is_named_and_what_it_leads_to_is_not_shown(
    content: Path, bank: Command, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret line\n")
    (content / "items" / "renal" / "renal-0008.md").symlink_to(secret)

    assert bank("check").status == 1
    assert "stray-file" in bank.out
    assert "the secret line" not in bank.out


def test_one_file_a_folder_of_items_and_a_content_folder_can_be_named(content: Path, bank: Command, tmp_path: Path) -> None:
    write_item(content, "renal-0009", own_text("renal-0009", {"sources": "[]"}))

    assert bank("check", content / "items" / "renal" / "renal-0007.md", "--json").status == 0
    assert bank.json["items"] == 1
    assert bank("check", content / "items" / "renal", "--json").status == 1
    assert bank("check", content / "items").status == 1
    assert bank("check", content).status == 1
    loose = tmp_path / "loose"
    loose.mkdir()
    (loose / "renal-0070.md").write_text(own_text("renal-0070"))
    assert bank("check", loose, "--json").status == 0
    assert bank.json["items"] == 1
    assert bank("check", loose / "renal-0070.md").status == 0


def test_a_path_that_is_not_there_or_is_no_item_exits_with_2(content: Path, bank: Command) -> None:
    assert (bank("check", "nowhere").status, bank.err) == (2, "bedside: nowhere: no such file or folder\n")
    assert bank("check", content / "takeaways" / "renal.yaml").status == 2


def test_the_linter_speaks_about_items_with_other_errors_too(content: Path, bank: Command) -> None:
    negative = own_text(changes={"sources": "[]"}, lead_in="All of the following explain these findings EXCEPT?")
    write_item(content, text=negative)

    bank("check", "--json")

    assert {"no-source", "negative-lead-in"} <= {finding["rule"] for finding in bank.json["findings"]}


def test_several_processes_find_what_one_finds(content: Path, bank: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8, 14):
        lead_in = "Which of the following is NOT expected?" if number % 2 else "Which of the following is expected?"
        write_item(content, f"renal-{number:04d}", own_text(f"renal-{number:04d}", lead_in=lead_in))
    alone = bank("check", "--json").json
    monkeypatch.setattr("bedside.cli.bank_content.WORTH_A_POOL", 1)
    monkeypatch.setattr("bedside.cli.bank_content.CHUNK", 2)

    together = bank("check", "--json").json

    assert together == alone
    assert len([finding for finding in alone["findings"] if finding["rule"] == "negative-lead-in"]) == 3


def test_findings_about_programmes_are_reported(content: Path, bank: Command) -> None:
    path = content / "programmes" / "usmle.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "\nunknown_key_here: 1\n", encoding="utf-8")

    assert bank("check", "--json").status == 1
    assert any(error["file"].endswith("usmle.yaml") for error in errors(bank))


# --- stats, show, new, lock -----------------------------------------------------------------------------------------------


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


def test_the_check_of_one_part_of_a_set_looks_at_the_others_too(content: Path, bank: Command) -> None:
    for part in (1, 2):
        place = f"{{id: renal-set-0001, kind: sequential, part: {part}}}"
        write_item(content, f"renal-000{part}", own_text(f"renal-000{part}", {"set": place}))
    path = content / "items" / "renal" / "renal-0002.md"
    bank("lock")

    bank("check", path, "--json")

    assert (bank.json["errors"], bank.json["items"]) == (0, 1)


def test_show_of_an_item_with_an_error_says_so(content: Path, bank: Command) -> None:
    write_item(content, text=own_text(changes={"sources": "[]"}))

    assert bank("show", "renal-0007").status == 0
    assert "has errors and is left out" in bank.err
    assert bank("show", "renal-0001").status == 2
    write_item(content, text="nothing")
    assert bank("show", "renal-0007").status == 2


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


# --- import ---------------------------------------------------------------------------------------------------------------

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
