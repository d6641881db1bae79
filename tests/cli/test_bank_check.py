"""`bedside bank check`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.bank_commands import Command, errors, own_text
from tests.support.items import write_item


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


def test_the_check_of_one_part_of_a_set_looks_at_the_others_too(content: Path, bank: Command) -> None:
    for part in (1, 2):
        place = f"{{id: renal-set-0001, kind: sequential, part: {part}}}"
        write_item(content, f"renal-000{part}", own_text(f"renal-000{part}", {"set": place}))
    path = content / "items" / "renal" / "renal-0002.md"
    bank("lock")

    bank("check", path, "--json")

    assert (bank.json["errors"], bank.json["items"]) == (0, 1)


def test_other_ways_to_say_the_same_are_read_too(content: Path, bank: Command) -> None:
    path = content / "reference" / "abbreviations.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "schema: abbreviations/1\nabout: Ways to say the same.\nsources: {}\n"
        "meanings:\n  - {short: [MI], long: [myocardial infarction], source: nobody}\n",
        encoding="utf-8",
    )

    assert bank("check", "--json").status == 1
    assert [(error["line"], error["rule"]) for error in errors(bank)] == [(5, "no-source")]
