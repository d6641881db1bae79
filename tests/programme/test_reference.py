"""The documentation of the file format is that of the code."""

from __future__ import annotations

from pathlib import Path

from bedside.programme import field_tables, rule_table

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "programmes.md").read_text(encoding="utf-8")


def test_the_page_has_the_table_of_every_record() -> None:
    assert between("<!-- fields -->", "<!-- end of fields -->") == field_tables().strip()


def test_the_page_has_the_table_of_rules() -> None:
    assert between("<!-- rules -->", "<!-- end of rules -->") == rule_table()


def between(start: str, end: str) -> str:
    return PAGE.split(start, 1)[1].split(end, 1)[0].strip()
