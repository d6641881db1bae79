"""Waivers: an editor's word, in the file, that a warning does not apply to a case. An error can't be waived."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from bedside.cases.lint.codes import CODES
from bedside.cases.lint.view import View
from bedside.findings import Finding, Severity
from bedside.reading import did_you_mean


def apply_waivers(view: View, findings: Sequence[Finding], *, checked: Collection[str]) -> Iterator[Finding]:
    """The findings without the waived ones, and what is wrong with the waivers.

    Args:
        checked: the codes that were looked for; a waiver for another is left to whoever looks for that.
    """
    waived: set[str] = set()
    found = {finding.rule for finding in findings}
    for code in view.case.waivers:
        if code not in CODES:
            near = did_you_mean(code, list(CODES))
            yield view.finding("C119", ("waivers", code), f'"{code}" is no code of the linter{near}', of_key=True)
        elif CODES[code].severity is not Severity.WARNING:
            yield view.finding("C119", ("waivers", code), f'"{code}" is an error and can\'t be waived', of_key=True)
        else:
            waived.add(code)
            if code in checked and code not in found:
                yield view.finding("C120", ("waivers", code), f'"{code}" finds nothing here; take it out', of_key=True)
    yield from (finding for finding in findings if finding.rule not in waived)
