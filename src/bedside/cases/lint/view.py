"""A case as its checks see it: every guard and expression read once, and the names that they may use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bedside.cases.case_file import EXAM, CaseFile
from bedside.cases.catalogue import Catalogue
from bedside.cases.lint.codes import CODES
from bedside.cases.lint.language import Parsed, parse
from bedside.cases.order_analytes import CaseAnalyte
from bedside.errors import ExpressionError
from bedside.findings import Finding
from bedside.reading import Path_

_EXAM_KEY = "exam_"  # how the catalogue calls what a case calls `exam:`


@dataclass(frozen=True, slots=True)
class Reading:
    """A guard or an expression, where it stands, and its tree or what is wrong with it."""

    path: Path_
    text: str
    parsed: Parsed | None
    error: str | None
    derived_allowed: bool


@dataclass(frozen=True)
class View:
    """A case with the catalogue it is written for."""

    case: CaseFile
    catalogue: Catalogue
    analytes: Mapping[str, CaseAnalyte]

    def finding(self, code: str, path: Path_, text: str, *, of_key: bool = False) -> Finding:
        """A finding of that code at the value of that path, or at its key."""
        document = self.case.document
        place = document.place(path, of_key=of_key)
        return Finding(document.file, place.line, place.column, code, CODES[code].severity, text)

    @cached_property
    def guards(self) -> tuple[Reading, ...]:
        """All guards, in the order of the file's parts."""
        return tuple(_read(path, text, derived_allowed=path[0] == "results") for path, text in _guards(self.case))

    @cached_property
    def expressions(self) -> tuple[Reading, ...]:
        """All expressions: derived names and panels."""
        return tuple(_read(path, text, derived_allowed=True) for path, text in _expressions(self.case))

    def guard_at(self, path: Path_) -> Parsed | None:
        """The guard there, where it could be read."""
        return self._by_path.get(path)

    @cached_property
    def _by_path(self) -> Mapping[Path_, Parsed]:
        return {one.path: one.parsed for one in (*self.guards, *self.expressions) if one.parsed is not None}

    @cached_property
    def region_of(self) -> Mapping[str, str]:
        """Region by state; of a state that two regions have, the first."""
        found: dict[str, str] = {}
        for name, region in self.case.regions.items():
            for state in region.states:
                found.setdefault(state, name)
        return found

    @cached_property
    def bounds(self) -> Mapping[str, tuple[float, float]]:
        """Lowest and highest value by variable."""
        return {name: (variable.min, variable.max) for name, variable in self.case.variables.items()}

    def orders_of(self, target: str) -> tuple[str, ...]:
        """The orders that a target of the rubric means; none for a move, an examination also under its catalogue name."""
        if target.startswith(EXAM):
            return (_EXAM_KEY + target.removeprefix(EXAM),)
        if ":" in target:
            return ()
        return self.case.groups.get(target, (target,))

    def is_order(self, name: str) -> bool:
        """Is it an order of the catalogue?"""
        return name in self.catalogue.orders

    def contraindicated(self, order: str) -> Sequence[str]:
        """The reasons why this patient must not have the order, by the catalogue."""
        entry = self.catalogue.orders.get(order)
        reasons = self.case.patient.contraindications
        return [one for one in reasons if entry is not None and one in entry.contraindications]


def _read(path: Path_, text: str, *, derived_allowed: bool) -> Reading:
    try:
        return Reading(path, text, parse(text), None, derived_allowed)
    except ExpressionError as error:
        return Reading(path, text, None, str(error), derived_allowed)


def _guards(case: CaseFile) -> Iterator[tuple[Path_, str]]:
    if case.end.when is not None:
        yield ("end", "when"), case.end.when
    for region, automaton in case.regions.items():
        for state, content in automaton.states.items():
            for n, transition in enumerate(content.to):
                if transition.when is not None:
                    yield ("regions", region, state, "to", n, "when"), transition.when
    for name, guard in case.events.items():
        yield ("events", name), guard
    for n, alert in enumerate(case.alerts):
        yield ("alerts", n, "when"), alert.when
    for n, refusal in enumerate(case.refusals):
        if refusal.when is not None:
            yield ("refusals", n, "when"), refusal.when
    for source, finding in case.results.items():
        if isinstance(finding, tuple):
            for n, branch in enumerate(finding):
                if branch.when is not None:
                    yield ("results", source, n, "when"), branch.when
    for n, item in enumerate(case.rubric):
        when = getattr(item, "when", None)
        if when is not None:
            yield ("rubric", n, "when"), when


def _expressions(case: CaseFile) -> Iterator[tuple[Path_, str]]:
    for name, text in case.derived.items():
        yield ("derived", name), text
    for _source, panel, path in panels_of(case):
        for analyte, text in panel.items():
            yield (*path, analyte), text


def panels_of(case: CaseFile) -> Iterator[tuple[str, Mapping[str, str], Path_]]:
    """Every panel with the source that gives it and its path: a source with branches may give several."""
    for source, finding in case.results.items():
        if isinstance(finding, Mapping):
            yield source, finding, ("results", source)
        elif isinstance(finding, tuple):
            for n, branch in enumerate(finding):
                if branch.panel is not None:
                    yield source, branch.panel, ("results", source, n, "panel")
