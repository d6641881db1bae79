from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from bedside.cases.case_folder import read_case, read_cases
from bedside.cases.json_schema import case_schema, case_schema_text
from bedside.errors import NotFoundError
from bedside.reading import parse_yaml, read_text
from tests.support.case_files import EXAMPLE, example_text, example_with, form_findings, words_at

ROOT = Path(__file__).parents[2]


def test_the_example_reads_without_a_finding() -> None:
    case, findings = read_case(EXAMPLE)

    assert findings == []
    assert case is not None
    assert case.id == "endo-001"


def test_a_case_knows_where_each_of_its_values_stands() -> None:
    case, _ = read_case(EXAMPLE)
    assert case is not None

    place = case.document.place(("regions", "rhythm", "vt", "to", 1, "after"))

    assert example_text().splitlines()[place.line - 1][place.column - 1 :].startswith("25m")
    assert case.document.file == str(EXAMPLE)


@pytest.mark.parametrize(
    ("old", "new", "rule", "words"),
    [
        ("after: 25m", "after: 25", "C107", "25}]}"),
        ("initial: sinus", "initail: sinus", "C100", "rhythm:"),
        ("virtual: 36h", "virtuel: 36h", "C100", "virtuel:"),
        ("tier: critical, do: chem, full: 15m", "tier: vital, do: chem, full: 15m", "C100", "vital,"),
        ("do: chem, full: 15m", "do: chem, full: soon", "C107", "soon,"),
        ("do: chem, full: 15m", "do: Chem, full: 15m", "C100", "Chem,"),
        ("potassium: {by: [kcl_iv], onset: 10m", "potassium: {by: [kcl_iv], onset: 10", "C107", "10,"),
        ("relax: {k: [5.0, 4h]}", "relax: {k: [5.0, 4]}", "C107", "4]}}"),
        ("hcg_serum: Negative", "hcg_serum: [{txt: Negative}]", "C100", "txt:"),
        ("vt: state(vt), rebound", "VT: state(vt), rebound", "C100", "VT:"),
        ("    alert: {to:", "    Alert: {to:", "C100", "Alert:"),
        ("title: Vomiting", "title: Vomiting\ntitle: Drowsy #", "C100", "title: Drowsy"),
    ],
)
def test_a_finding_stands_at_the_word_that_is_wrong(old: str, new: str, rule: str, words: str) -> None:
    findings = form_findings((old, new))

    assert any(one.rule == rule and words_at(one, example_with((old, new))).startswith(words) for one in findings), findings


def test_an_unknown_key_is_told_with_the_key_that_is_meant() -> None:
    (finding, missing) = form_findings(("virtual: 36h", "virtuel: 36h"))

    assert {finding.text, missing.text} == {'missing key "virtual"', 'unknown key "virtuel"; did you mean "virtual"?'}


def test_everything_that_is_wrong_is_told_at_once() -> None:
    findings = form_findings(("after: 25m", "after: 25"), ("location: ed", "location: moon"), ("sex: F", "sex: X"))

    assert [finding.rule for finding in findings] == ["C100", "C100", "C107"]


def test_an_id_that_is_not_the_name_of_its_file_is_found(tmp_path: Path) -> None:
    path = tmp_path / "endo-002.yaml"
    path.write_text(example_text())

    case, (finding,) = read_case(path, file="cases/endo-002.yaml")

    assert case is None
    assert (finding.file, finding.rule, finding.line, finding.column) == ("cases/endo-002.yaml", "C115", 2, 5)
    assert finding.text == 'the id "endo-001" differs from the name of the file, "endo-002.yaml"'


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"schema: [case/1", "not well-formed YAML"),
        (b"schema: \xff", "is not valid UTF-8"),
        (b"- 1", "the document: should be a valid dictionary"),
        (b"", "the document: should be a valid dictionary"),
    ],
)
def test_a_file_that_is_no_case_at_all_is_a_finding(tmp_path: Path, content: bytes, text: str) -> None:
    path = tmp_path / "endo-001.yaml"
    path.write_bytes(content)

    case, (finding,) = read_case(path)

    assert case is None
    assert finding.rule == "C100"
    assert text in finding.text


def test_a_file_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    case, (finding,) = read_case(tmp_path / "endo-001.yaml")

    assert case is None
    assert "can't be read: No such file" in finding.text


def test_a_folder_gives_its_sound_cases_and_names_the_others(tmp_path: Path) -> None:
    (tmp_path / "endo-001.yaml").write_text(example_text())
    (tmp_path / "card-001.yaml").write_text("id: card-001")
    (tmp_path / "notes.txt").write_text("no case")

    cases = read_cases(tmp_path)

    assert list(cases.by_id) == ["endo-001"]
    assert {Path(one.file).name for one in cases.findings} == {"card-001.yaml"}
    assert cases.get("endo-001").id == "endo-001"
    with pytest.raises(NotFoundError, match=r'the case "card-001" can\'t be read: .*card-001.yaml:1: missing key'):
        cases.get("card-001")
    with pytest.raises(NotFoundError, match='no case "endo-01"; did you mean "endo-001"'):
        cases.get("endo-01")


def test_a_folder_that_is_absent_has_no_cases(tmp_path: Path) -> None:
    cases = read_cases(tmp_path / "nowhere")

    assert (dict(cases.by_id), cases.findings) == ({}, ())


def test_the_schema_in_the_documentation_is_that_of_the_records() -> None:
    assert (ROOT / "docs" / "reference" / "case.schema.json").read_text() == case_schema_text()


def test_the_schema_takes_the_example() -> None:
    case, _ = read_case(EXAMPLE)
    assert case is not None

    assert list(jsonschema_rs.validator_for(case_schema()).iter_errors(case.document.value)) == []


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("after: 25m", "after: 25", ["regions", "rhythm", "vt", "to", 1, "after"]),
        ("initial: sinus", "initail: sinus", ["regions", "rhythm", "initail"]),
        ("sex: F", "sex: X", ["patient", "sex"]),
        ("do: chem, full", "doo: chem, full", ["rubric", 1]),
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(tmp_path: Path, old: str, new: str, at: list[str | int]) -> None:
    path = tmp_path / "endo-001.yaml"
    path.write_text(example_with((old, new)))
    assert read_case(path)[0] is None

    errors = list(jsonschema_rs.validator_for(case_schema()).iter_errors(parse_yaml(read_text(path)).value))

    assert any(list(error.instance_path) == at for error in errors), errors


def test_the_schema_is_json_that_is_sorted() -> None:
    text = case_schema_text()

    assert json.dumps(json.loads(text), indent=1, sort_keys=True, ensure_ascii=False) + "\n" == text
