"""The linter of cases: everything that can be said without running one, and what runs have shown, by stable codes.

`check_case` reads the file; `check_evidence` judges what was run of it: does the expert earn every point, does a missed order
matter, do chance orders score.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from bedside.cases.case_file import CaseFile
from bedside.cases.catalogue import Catalogue
from bedside.cases.lint.answers import check_answers
from bedside.cases.lint.codes import CODES, DYNAMIC, Code, code_table
from bedside.cases.lint.dynamic import check_evidence
from bedside.cases.lint.editorial import check_editorial
from bedside.cases.lint.names import check_names
from bedside.cases.lint.reach import check_reach
from bedside.cases.lint.scored import check_rubric
from bedside.cases.lint.script_names import check_scripts
from bedside.cases.lint.view import View
from bedside.cases.lint.waivers import apply_waivers
from bedside.cases.order_analytes import CaseAnalyte
from bedside.findings import Finding, in_order

__all__ = ["CODES", "DYNAMIC", "Code", "check_case", "check_evidence", "code_table"]

_NEED_A_DAY = frozenset({"C802"})


def check_case(
    case: CaseFile,
    catalogue: Catalogue,
    known_analytes: Mapping[str, CaseAnalyte] | None = None,
    *,
    takeaways: Collection[str] | None = None,
    on: date | None = None,
) -> list[Finding]:
    """All that is wrong with a case of sound form, in the order of the file, less what it waives.

    Args:
        known_analytes: those that reports can show; default: the catalogue's.
        takeaways: ids of the bank's takeaways; without them references to them are not looked up.
        on: the day for which ages of sources and review are judged; without it they are not.
    """
    view = View(case, catalogue, catalogue.analytes if known_analytes is None else known_analytes)
    findings = [
        *check_names(view, takeaways),
        *check_scripts(view),
        *check_reach(view),
        *check_answers(view),
        *check_rubric(view),
        *check_editorial(view, on),
    ]
    checked = CODES.keys() - DYNAMIC - (_NEED_A_DAY if on is None else set())
    return in_order(dict.fromkeys(apply_waivers(view, findings, checked=checked)))
