"""The worked example of a case, and copies of it with one thing changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bedside.cases.case_file import CaseFile
from bedside.cases.case_folder import parse_case
from bedside.cases.catalogue import Catalogue, load_catalogue
from bedside.cases.lint import check_case
from bedside.findings import Finding, Severity
from bedside.reading import Source

DATA = Path(__file__).parents[1] / "data"
EXAMPLE = DATA / "cases" / "endo-001.yaml"


@cache
def example_text() -> str:
    return EXAMPLE.read_text()


@cache
def small_catalogue() -> Catalogue:
    catalogue, findings = load_catalogue(DATA / "orders")
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    assert catalogue is not None, errors
    return catalogue


def example_with(*changes: tuple[str, str]) -> str:
    """The example with each text replaced by another; every text must be there once."""
    text = example_text()
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} is there {text.count(old)} times"
        text = text.replace(old, new)
    return text


def read_example(*changes: tuple[str, str]) -> CaseFile:
    """The changed example, whose form must be sound."""
    case, findings = parse_case(Source("endo-001.yaml", example_with(*changes)))
    assert case is not None, findings
    return case


def form_findings(*changes: tuple[str, str]) -> list[Finding]:
    """What is wrong with the form of the changed example."""
    return parse_case(Source("endo-001.yaml", example_with(*changes)), stem="endo-001")[1]


@cache
def _own_texts() -> frozenset[str]:
    return frozenset(finding.text for finding in check_case(read_example(), small_catalogue()))


def lint_findings(*changes: tuple[str, str]) -> list[Finding]:
    """What the linter says of the changed example and not of the example itself."""
    return [one for one in check_case(read_example(*changes), small_catalogue()) if one.text not in _own_texts()]


def words_at(finding: Finding, text: str) -> str:
    """The text from the place of a finding to the end of its line."""
    assert finding.column is not None
    return text.splitlines()[finding.line - 1][finding.column - 1 :]
