"""What an exam is, as data: its steps, forms, blueprint, marking, standards and rules, each with its source and dates."""

from bedside.programme.blueprint import Axis, OtherRange, Range
from bedside.programme.checks import RULES, Check
from bedside.programme.definition import Programme
from bedside.programme.edition import Edition, StepEdition, form_as_dict
from bedside.programme.folder import Programmes, parse_programme, read_programmes
from bedside.programme.form import Activity, Block, BlockGroup, FixedBreak, Form, Navigation, Part
from bedside.programme.plain import Plain, plain
from bedside.programme.reference import field_tables, rule_table
from bedside.programme.scoring import (
    ItemForm,
    ItemKind,
    Marking,
    Mean,
    MeasurementError,
    NormTable,
    Partial,
    PassRate,
    Rate,
    Scale,
    Standard,
    StandardKind,
    Weighting,
)
from bedside.programme.step import Step
from bedside.programme.values import (
    UNKNOWN,
    Confidence,
    Dated,
    Fact,
    Fee,
    Happening,
    Myth,
    Record,
    Rule,
    Source,
    SourceKind,
    Statement,
    Unknown,
)

__all__ = [
    "RULES",
    "UNKNOWN",
    "Activity",
    "Axis",
    "Block",
    "BlockGroup",
    "Check",
    "Confidence",
    "Dated",
    "Edition",
    "Fact",
    "Fee",
    "FixedBreak",
    "Form",
    "Happening",
    "ItemForm",
    "ItemKind",
    "Marking",
    "Mean",
    "MeasurementError",
    "Myth",
    "Navigation",
    "NormTable",
    "OtherRange",
    "Part",
    "Partial",
    "PassRate",
    "Plain",
    "Programme",
    "Programmes",
    "Range",
    "Rate",
    "Record",
    "Rule",
    "Scale",
    "Source",
    "SourceKind",
    "Standard",
    "StandardKind",
    "Statement",
    "Step",
    "StepEdition",
    "Unknown",
    "Weighting",
    "field_tables",
    "form_as_dict",
    "parse_programme",
    "plain",
    "read_programmes",
    "rule_table",
]
