"""What an order, an examination or a question finds, from the state at this instant."""

from __future__ import annotations

from bedside.cases.case_file import EXAM, HISTORY
from bedside.cases.case_values import VITALS
from bedside.cases.formulas import Formula
from bedside.cases.noise import with_noise
from bedside.cases.normal_reports import Line, Report, normal_report, report_line
from bedside.cases.order import Order
from bedside.cases.physiology import value_of
from bedside.cases.plans import BranchPlan, FindingPlan
from bedside.cases.world import World
from bedside.errors import NotFoundError
from bedside.expressions import Value

NOTHING_NEW = "Nothing new to report."
NO_FINDING = "Done."


def finding_of(world: World, key: str, order: Order | None) -> Report:
    """The finding of the case under that key, else the catalogue's normal report of the order for age and sex.

    What the case says of an analyte elsewhere, and the vital signs of the monitor, hold for such an order too.
    """
    finding = world.case.findings.get(key)
    patient = world.case.file.patient
    if finding is not None:
        values = values_now(world, finding.derived)
        return _answer(world, finding, values)
    if order is None:
        return NOTHING_NEW
    report = normal_report(world.case.catalogue, order, age_s=patient.age_s, sex=patient.sex) or NO_FINDING
    return report if isinstance(report, str) else tuple(_as_elsewhere(world, line) for line in report)


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
    branch = _branch(world, finding, values)
    if branch is None:
        return NO_FINDING
    return branch.text if branch.text is not None else _panel(world, branch, values)


def _branch(world: World, finding: FindingPlan, values: dict[str, Value]) -> BranchPlan | None:
    return next((one for one in finding.branches if one.when is None or _value(world, one.when, values) is True), None)


def _as_elsewhere(world: World, line: Line) -> Line:
    """A normal line, or the one that the case reports of the same analyte in other panels."""
    case, name = world.case, line.analyte
    key = case.reporters.get(name)
    if key is not None:
        finding = case.findings[key]
        values = values_now(world, finding.derived)
        branch = _branch(world, finding, values)
        formula = dict(branch.panel).get(name) if branch is not None else None
        return line if formula is None else _line(world, name, float(_value(world, formula, values)))
    if name in VITALS and (name in case.variables or name in case.derived):
        return _line(world, name, value_now(world, name))
    return line


def _panel(world: World, branch: BranchPlan, values: dict[str, Value]) -> Report:
    return tuple(_line(world, name, float(_value(world, formula, values))) for name, formula in branch.panel)


def _line(world: World, name: str, value: float) -> Line:
    file = world.case.file
    value = with_noise(value, file.noise.get(name, 0.0), seed=world.seed, analyte=name, collected_s=world.now_s)
    return report_line(world.case.catalogue.analytes[name], value, age_s=file.patient.age_s, sex=file.patient.sex)


def _value(world: World, formula: Formula, values: dict[str, Value]) -> Value:
    return formula.value(values, world.facts, world.hours_on() if formula.hours else {})
