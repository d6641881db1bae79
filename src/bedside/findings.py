"""Findings: what is wrong in content, as data. All of them at once, each with its place, rule and severity; never raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs: an error keeps the thing out, a warning wants an editor, a note only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong in content.

    `file` is the path as given by the caller, `line` and `column` count from 1 (`column` is None where a whole line or a
    statistic over the bank is meant), `rule` is the stable name under which the documentation explains it.
    """

    file: str
    line: int
    column: int | None
    rule: str
    severity: Severity
    text: str

    def as_dict(self) -> dict[str, str | int | None]:
        """The finding as the JSON object that `--json` prints."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "rule": self.rule,
            "severity": self.severity.value,
            "text": self.text,
        }


def plural(number: int, noun: str) -> str:
    """`1 item`, `2 items`: how a finding or a line of the command line counts."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def has_errors(findings: Iterable[Finding]) -> bool:
    """Is one of the findings an error?"""
    return any(finding.severity is Severity.ERROR for finding in findings)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted by place, then by rule, so that output never depends on the order of checks."""
    return sorted(findings, key=lambda f: (f.file, f.line, f.column or 0, f.rule, f.text))


def describe(finding: Finding, line_of: Callable[[str, int], str | None]) -> str:
    """The human form: place, severity, rule and text, then the line itself with a caret under the column.

    `line_of(file, line)` answers the text of that line, or None where it can't be shown.
    """
    place = f"{finding.file}:{finding.line}" + (f":{finding.column}" if finding.column else "")
    head = f"{place}: {finding.severity.value} [{finding.rule}] {finding.text}"
    shown = line_of(finding.file, finding.line)
    if shown is None or not shown.strip():
        return head
    body = f"{head}\n    {shown.rstrip()}"
    if finding.column:
        body += f"\n    {' ' * (finding.column - 1)}^"
    return body
