"""All rules: the checks in the order in which an item is read, and the rules by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bedside.bank.lint import (
    bank_wide,
    consistency,
    cues,
    explanations,
    grammar,
    language,
    lead_in,
    measures,
    numbers,
    options,
    vignette,
    waivers,
    wording,
)
from bedside.bank.lint.rule import Check, Hit, Rule
from bedside.bank.lint.view import View

ITEM_CHECKS: tuple[Check[View, Hit], ...] = (
    *lead_in.CHECKS,
    *wording.CHECKS,
    *cues.CHECKS,
    *grammar.CHECKS,
    *numbers.CHECKS,
    *options.CHECKS,
    *vignette.CHECKS,
    *measures.CHECKS,
    *consistency.CHECKS,
    *language.CHECKS,
    *explanations.CHECKS,
)
BANK_CHECKS = bank_wide.CHECKS
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.name: rule
        for rule in (*(check.rule for check in ITEM_CHECKS), *(check.rule for check in BANK_CHECKS), *waivers.RULES)
    }
)


def rule_table() -> str:
    """All rules as a Markdown table, for docs/reference/rules/README.md."""
    lines = ["| rule | flaw | severity | imported items | what it says |", "|---|---|---|---|---|"]
    for rule in sorted(RULES.values(), key=lambda rule: rule.name):
        imported = "note" if rule.on_imported else ""
        lines.append(f"| [{rule.name}]({rule.name}.md) | {rule.flaw} | {rule.severity.value} | {imported} | {rule.summary} |")
    return "\n".join(lines)
