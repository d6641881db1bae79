"""Every check of rules, records, what-ifs and transcripts, with what it finds: the table of the documentation."""

from __future__ import annotations

from collections.abc import Mapping

from bedside.pathway.compiling import RULES
from bedside.pathway.merging import MERGE_RULES
from bedside.pathway.record_file import RECORD_RULES
from bedside.pathway.supposing import SUPPOSED_RULES
from bedside.pathway.transcript import TRANSCRIPT_RULES

CHECKS: Mapping[str, str] = {**RULES, **RECORD_RULES, **SUPPOSED_RULES, **TRANSCRIPT_RULES, **MERGE_RULES}


def check_table() -> str:
    """The table of docs/reference/pathway-format.md."""
    rows = [f"| `{name}` | {text} |" for name, text in CHECKS.items()]
    return "\n".join(["| rule | when |", "|---|---|", *rows])
