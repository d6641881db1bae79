"""What an order, an examination or a question finds, from the state at this instant."""

from __future__ import annotations

from bedside.cases.case_file import EXAM, HISTORY
from bedside.cases.formulas import Formula
from bedside.cases.normal_reports import Report, normal_report, report_line
from bedside.cases.order import Order
from bedside.cases.physiology import value_of
from bedside.cases.plans import BranchPlan, FindingPlan
from bedside.cases.world import World
from bedside.errors import NotFoundError
from bedside.expressions import Value

NOTHING_NEW = "Nothing new to report."
NO_FINDING = "Done."


def finding_of(world: World, key: str, order: Order | None) -> Report:
    """The finding of the case under that key, else the catalogue's normal report of the order for age and sex."""
    finding = world.case.findings.get(key)
    patient = world.case.file.patient
    if finding is not None:
        values = values_now(world, finding.derived)
        return _answer(world, finding, values)
    if order is None:
        return NOTHING_NEW
    return normal_report(world.case.catalogue, order, age_s=patient.age_s, sex=patient.sex) or NO_FINDING


def key_of_examination(part: str) -> str:
    """The key of an examination's finding: `exam:abdomen`."""
    return EXAM + part


KEY_OF_HISTORY = HISTORY


def value_now(world: World, name: str) -> float:
    """A variable or derived name now.

    Raises:
        NotFoundError: the case has no such name.
        ExpressionError: it can't be computed.
    """
    needs = _needed(world, name)
    return float(values_now(world, needs)[name])


def values_now(world: World, derived: tuple[str, ...]) -> dict[str, Value]:
    """All variables, and those derived names at least; kept for as long as nothing changes."""
    case = world.case
    key = (world.now_s, world.facts)
    if world.values_key != key:
        world.values_key = key
        world.values = {name: value_of(world, number) for number, name in enumerate(case.variables)}
    values = world.values
    for name in derived:
        if name not in values:
            values[name] = _value(world, case.derived[name], values)
    return values


def _needed(world: World, name: str) -> tuple[str, ...]:
    case = world.case
    if name in case.variables:
        return ()
    if name not in case.derived:
        raise NotFoundError(f'{case.id} has no variable or derived name "{name}"')
    return tuple(case.derived)  # in order; the few that are not needed cost little


def _answer(world: World, finding: FindingPlan, values: dict[str, Value]) -> Report:
    branch = next((one for one in finding.branches if one.when is None or _value(world, one.when, values) is True), None)
    if branch is None:
        return NO_FINDING
    return branch.text if branch.text is not None else _panel(world, branch, values)


def _panel(world: World, branch: BranchPlan, values: dict[str, Value]) -> Report:
    patient, analytes = world.case.file.patient, world.case.catalogue.analytes
    return tuple(
        report_line(analytes[name], float(_value(world, formula, values)), age_s=patient.age_s, sex=patient.sex)
        for name, formula in branch.panel
    )


def _value(world: World, formula: Formula, values: dict[str, Value]) -> Value:
    return formula.value(values, world.facts, world.hours_on() if formula.hours else {})
