"""The linter: how an item goes wrong, as named rules with their reasons."""

from bedside.bank.lint.linter import lint, lint_each
from bedside.bank.lint.registry import RULES
from bedside.bank.lint.rule import Rule

__all__ = ["RULES", "Rule", "lint", "lint_each"]
