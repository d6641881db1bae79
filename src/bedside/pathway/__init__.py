"""What stands between a person and the licence: dated rules as data, asked of a record on a day."""

from bedside.pathway.answer import (
    Answer,
    Due,
    NeedAnswer,
    NeedStatus,
    Reason,
    StateAnswer,
    StateStatus,
    StepAnswer,
    StepStatus,
)
from bedside.pathway.compiling import RULES
from bedside.pathway.evaluation import check, states
from bedside.pathway.folder import Pathway, Pathways, parse_pathways, read_pathways
from bedside.pathway.record import Record, read_record

__all__ = [
    "RULES",
    "Answer",
    "Due",
    "NeedAnswer",
    "NeedStatus",
    "Pathway",
    "Pathways",
    "Reason",
    "Record",
    "StateAnswer",
    "StateStatus",
    "StepAnswer",
    "StepStatus",
    "check",
    "parse_pathways",
    "read_pathways",
    "read_record",
    "states",
]
