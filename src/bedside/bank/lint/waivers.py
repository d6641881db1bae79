"""Waivers: an author's word that a rule does not apply here, and why. A waiver that is wrong is itself a finding."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from bedside.bank.item import Item
from bedside.bank.lint.rule import Rule
from bedside.findings import Finding, Severity
from bedside.reading import did_you_mean

UNKNOWN = Rule("unknown-waiver", "ID14", Severity.ERROR, "A waiver names no rule of the linter.")
NO_REASON = Rule("waiver-without-reason", "ID14", Severity.ERROR, "A waiver gives no reason; it then waives nothing.")
UNUSED = Rule("unused-waiver", "ID14", Severity.WARNING, "A waiver waives nothing: the rule finds nothing here.")
RULES = (UNKNOWN, NO_REASON, UNUSED)


def apply_waivers(item: Item, findings: Sequence[Finding], rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """The item's findings without the waived ones, and what is wrong with the waivers."""
    if not item.waivers:
        yield from findings
        return
    waived: set[str] = set()
    for index, waiver in enumerate(item.waivers):
        names = _rules_of(waiver.rule, rules)
        if not names:
            known = sorted({*rules, *(rule.flaw for rule in rules.values())})
            near = did_you_mean(waiver.rule, known)
            yield _finding(item, index, "rule", UNKNOWN, f'"{waiver.rule}" is neither a rule nor a flaw code{near}')
        elif not waiver.reason.strip():
            yield _finding(item, index, "reason", NO_REASON, f'give the reason why "{waiver.rule}" does not apply here')
        else:
            if not any(finding.rule in names for finding in findings):
                text = f'"{waiver.rule}" finds nothing here; take the waiver out'
                yield _finding(item, index, "rule", UNUSED, text)
            waived.update(names)
    yield from (finding for finding in findings if finding.rule not in waived)


def _rules_of(name: str, rules: Mapping[str, Rule]) -> Collection[str]:
    own = {rule.name for rule in RULES}
    return {rule.name for rule in rules.values() if name in {rule.name, rule.flaw} and rule.name not in own}


def _finding(item: Item, index: int, key: str, rule: Rule, text: str) -> Finding:
    place = item.document.place(("waive", index, key))
    return Finding(item.file, place.line, place.column, rule.name, rule.severity, text)
