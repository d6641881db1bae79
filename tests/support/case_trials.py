"""Figures that a case might have shown, to be changed one at a time."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from bedside.cases import Bench, Evidence, check_evidence, evidence_of
from bedside.cases.case_file import CaseFile
from bedside.findings import Finding
from tests.support.case_files import read_example, small_catalogue

RUNS = 60


@cache
def example_evidence() -> Evidence:
    """The worked example with few runs."""
    return evidence_of(Bench(read_example(), small_catalogue(), RUNS, seed=1))


def judged(evidence: Evidence | None = None, case: CaseFile | None = None) -> list[Finding]:
    """What the gates say."""
    return check_evidence(case or read_example(), small_catalogue(), evidence or example_evidence())


def codes_of(findings: list[Finding]) -> set[str]:
    return {one.rule for one in findings}


def with_script(name: str, **changes: Any) -> Evidence:
    """The evidence with one script played otherwise."""
    evidence = example_evidence()
    (trials,) = evidence.trials
    scripts = tuple(replace(one, **changes) if one.name == name else one for one in trials.scripts)
    return replace(evidence, trials=(replace(trials, scripts=scripts),))


def with_trials(**changes: Any) -> Evidence:
    """The evidence with other trials."""
    evidence = example_evidence()
    (trials,) = evidence.trials
    return replace(evidence, trials=(replace(trials, **changes),))


def with_panel(**changes: Any) -> Evidence:
    """The evidence with another panel."""
    evidence = example_evidence()
    return replace(evidence, panel=replace(evidence.panel, **changes))


def with_tally(**changes: Any) -> Evidence:
    """The evidence with another tally."""
    evidence = example_evidence()
    return replace(evidence, tally=replace(evidence.tally, **changes))
