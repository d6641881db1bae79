"""Questions: read from their files, checked, rendered, counted and imported."""

from bedside.bank.analytes import Analyte, Analytes, Interval, PossibleRange, read_analytes
from bedside.bank.coverage import PublishedRange, Row, Standing, Stats, StepCoverage, stats
from bedside.bank.folder import Bank, Root, read_bank
from bedside.bank.formats import Skipped, SourceFile
from bedside.bank.importing import Import, RowNote, read_import, slug, with_version
from bedside.bank.item import (
    AUDIO,
    PICTURES,
    AxisCodes,
    BlueprintEntry,
    Codes,
    Item,
    Kind,
    MediaFile,
    NumericAnswer,
    Option,
    Origin,
    SetKind,
    SetPart,
    Status,
    Stimulus,
    StimulusKind,
    Takeaway,
    Waiver,
)
from bedside.bank.item_file import ItemReading, Place, parse_item, read_item
from bedside.bank.lint import RULES as LINT_RULES
from bedside.bank.lint import Rule as LintRule
from bedside.bank.lint import lint as lint_bank
from bedside.bank.media import MediaFolder
from bedside.bank.media_kinds import MAX_AUDIO_BYTES, MAX_PICTURE_BYTES, look_at, media_problem
from bedside.bank.rendering import Rendered, is_clean, render, render_blocks, render_line
from bedside.bank.review_file import Review, ReviewKind
from bedside.bank.rules import FORMAT_RULES, rule_table
from bedside.bank.versions import LOCK_NAME, Lock, Locked, lock_text, parse_lock
from bedside.bank.writing import item_text, quoted, stimulus_text

__all__ = [
    "AUDIO",
    "FORMAT_RULES",
    "LINT_RULES",
    "LOCK_NAME",
    "MAX_AUDIO_BYTES",
    "MAX_PICTURE_BYTES",
    "PICTURES",
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
    "MediaFile",
    "MediaFolder",
    "NumericAnswer",
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
    "SetKind",
    "SetPart",
    "Skipped",
    "SourceFile",
    "Standing",
    "Stats",
    "Status",
    "StepCoverage",
    "Stimulus",
    "StimulusKind",
    "Takeaway",
    "Waiver",
    "is_clean",
    "item_text",
    "lint_bank",
    "lock_text",
    "look_at",
    "media_problem",
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
    "stimulus_text",
    "with_version",
]
