"""Questions: read from their files, checked, rendered, counted and imported."""

from bedside.bank.analytes import Analyte, Analytes, Interval, PossibleRange, read_analytes
from bedside.bank.coverage import PublishedRange, Row, Standing, Stats, StepCoverage, stats
from bedside.bank.folder import Bank, Root, read_bank
from bedside.bank.formats import Skipped, SourceFile
from bedside.bank.importing import Import, RowNote, read_import, slug, with_version
from bedside.bank.item import (
    AxisCodes,
    BlueprintEntry,
    Codes,
    Item,
    Kind,
    Option,
    Origin,
    Status,
    Takeaway,
    Waiver,
)
from bedside.bank.item_file import ItemReading, Place, parse_item, read_item
from bedside.bank.lint import RULES as LINT_RULES
from bedside.bank.lint import Rule as LintRule
from bedside.bank.lint import lint as lint_bank
from bedside.bank.rendering import Rendered, render, render_blocks, render_line
from bedside.bank.review_file import Review, ReviewKind
from bedside.bank.rules import FORMAT_RULES, rule_table
from bedside.bank.versions import LOCK_NAME, Lock, Locked, lock_text, parse_lock
from bedside.bank.writing import item_text, quoted

__all__ = [
    "FORMAT_RULES",
    "LINT_RULES",
    "LOCK_NAME",
    "Analyte",
    "Analytes",
    "AxisCodes",
    "Bank",
    "BlueprintEntry",
    "Codes",
    "Import",
    "Interval",
    "Item",
    "ItemReading",
    "Kind",
    "LintRule",
    "Lock",
    "Locked",
    "Option",
    "Origin",
    "Place",
    "PossibleRange",
    "PublishedRange",
    "Rendered",
    "Review",
    "ReviewKind",
    "Root",
    "Row",
    "RowNote",
    "Skipped",
    "SourceFile",
    "Standing",
    "Stats",
    "Status",
    "StepCoverage",
    "Takeaway",
    "Waiver",
    "item_text",
    "lint_bank",
    "lock_text",
    "parse_item",
    "parse_lock",
    "quoted",
    "read_analytes",
    "read_bank",
    "read_import",
    "read_item",
    "render",
    "render_blocks",
    "render_line",
    "rule_table",
    "slug",
    "stats",
    "with_version",
]
