"""Each rule finds what was planted for it, and keeps quiet about what only comes near."""

from __future__ import annotations

from typing import Any

import pytest

from bedside.bank import LINT_RULES as RULES
from bedside.bank.lint.bank_wide import CHECKS as BANK_CHECKS
from tests.bank.lint.planted import PLANTED
from tests.bank.lint.quiet import QUIET
from tests.support.lint import findings_of, made, rules_of

Case = tuple[str, dict[str, Any]]


def _cases(table: dict[str, list[dict[str, Any]]]) -> list[Any]:
    return [
        pytest.param(rule, change, id=f"{rule}-{n}") for rule, changes in table.items() for n, change in enumerate(changes, 1)
    ]


@pytest.mark.parametrize(("rule", "change"), _cases(PLANTED))
def test_a_planted_flaw_is_found_under_its_name(rule: str, change: dict[str, Any]) -> None:
    assert rule in rules_of(made(**change))


@pytest.mark.parametrize(("rule", "change"), _cases(QUIET))
def test_what_comes_near_a_flaw_is_left_alone(rule: str, change: dict[str, Any]) -> None:
    assert rule not in rules_of(made(**change))


def test_a_sound_item_has_no_finding() -> None:
    assert findings_of(made()) == []


def test_every_rule_is_provoked_and_is_left_alone_by_a_test() -> None:
    over_the_bank = {check.rule.name for check in BANK_CHECKS}  # these have tests of their own

    assert set(PLANTED) == set(RULES) - over_the_bank
    assert set(QUIET) == set(PLANTED)
