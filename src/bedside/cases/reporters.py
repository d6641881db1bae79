"""Which finding says the value of an analyte to orders that a case does not list, so that no panel contradicts another.

A case lists `cbc` and not each part of it. Where somebody orders the hemoglobin alone, it is that of the case's own `cbc`.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from bedside.cases.case_file import EXAM, CaseFile, Finding


def panels_in(finding: Finding) -> tuple[Mapping[str, str], ...]:
    """The panel of each branch of a finding; empty where the branch answers in words."""
    if isinstance(finding, str):
        return ({},)
    return tuple(branch.panel or {} for branch in finding) if isinstance(finding, tuple) else (finding,)


def reporters_of(file: CaseFile) -> dict[str, str]:
    """The finding by analyte: the first that always has it, else the first that has it in some state."""
    sources = {key: panels_in(finding) for key, finding in file.results.items() if not key.startswith(EXAM)}
    in_some = {name: key for key, panels in reversed(sources.items()) for name in chain.from_iterable(panels)}
    always = {name: key for key, panels in reversed(sources.items()) for name in set(panels[0]).intersection(*panels)}
    return in_some | always


def reported_in_part(file: CaseFile) -> frozenset[str]:
    """The analytes that no finding reports in every state."""
    always = {name for finding in file.results.values() for name in set.intersection(*map(set, panels_in(finding)))}
    return frozenset(reporters_of(file).keys() - always)
