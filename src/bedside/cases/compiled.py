"""From a case file and the catalogue to a case that runs: names looked up once, guards compiled, orders joined with what
depends on them.

`compile_case` refuses what the engine could not run, and says where; what is merely unwise is the linter's to find.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeVar

from bedside.cases.case_file import DEAD, Branch, CaseFile, Effect, Finding, Region
from bedside.cases.case_values import Relax
from bedside.cases.catalogue import Catalogue
from bedside.cases.compiled_orders import compile_orders
from bedside.cases.compiled_rubric import by_action, compile_rubric
from bedside.cases.facts import HOUR_S, Asked, FactTable, Threshold
from bedside.cases.formulas import Formula, compile_derived, compile_formula
from bedside.cases.guards import Guard, compile_guard
from bedside.cases.plans import (
    AlertPlan,
    BranchPlan,
    Case,
    EffectPlan,
    EventPlan,
    FindingPlan,
    ItemPlan,
    Pushes,
    RefusalPlan,
    RegionPlan,
    StatePlan,
    TargetPlan,
    Thresholds,
    TransitionPlan,
)
from bedside.cases.reporters import reporters_of
from bedside.cases.targets import ORDER, Action, Targets
from bedside.errors import ExpressionError, UsageError
from bedside.reading import did_you_mean

T = TypeVar("T")


def compile_case(file: CaseFile, catalogue: Catalogue, variant: str | None = None) -> Case:
    """Compile a case; with `variant` every run has its values, else the run's seed chooses among the variants.

    Raises:
        UsageError: an expression that can't be compiled, or a name that does not exist; says where.
        NotFoundError: no variant of that name.
    """
    return _Compiler(file, catalogue, Targets(file, catalogue)).case(variant)


@dataclass(slots=True)
class _Compiler:
    file: CaseFile
    catalogue: Catalogue
    names: Targets
    facts: FactTable = field(init=False)
    derived: Mapping[str, Formula] = field(init=False)

    def __post_init__(self) -> None:
        self.facts = FactTable(self.names.check)
        self.derived = _at("derived", lambda: compile_derived(self.file.derived, variables=self._variables, facts=self.facts))

    def case(self, variant: str | None) -> Case:
        file, facts = self.file, self.facts
        dead = facts.bit(Asked("state", DEAD))
        findings = {name: self._finding(name, finding) for name, finding in file.results.items()}
        ways = {name: self._ways(name, region) for name, region in file.regions.items()}
        events, alerts, end = self._other_guards()
        watched = {name: frozenset(known) for name, known in facts.of_variables.items()}
        items = compile_rubric(file, self.names, guard=self._guard)
        refusals = self._refusals()
        judged = {name: facts.of_variables[name].keys() - watched.get(name, frozenset()) for name in facts.of_variables}
        targets = self._targets()
        seen = facts.discrete("seen")
        variants = (variant,) if variant is not None else (tuple(file.variants) or (None,))
        return Case(
            file=file,
            catalogue=self.catalogue,
            digest=case_digest(file),
            variables=tuple(self._variables),
            lows=tuple(one.min for one in file.variables.values()),
            highs=tuple(one.max for one in file.variables.values()),
            variants=variants,
            starts=tuple(tuple(file.initial_values(name).values()) for name in variants),
            derived=MappingProxyType(dict(self.derived)),
            watched=tuple(self._thresholds(watched.get(name, frozenset()), name) for name in self._variables),
            judged=tuple(self._thresholds(judged.get(name, frozenset()), name) for name in self._variables),
            regions=tuple(self._region(name, region, ways[name]) for name, region in file.regions.items()),
            effects=tuple(self._effect(name, effect) for name, effect in file.effects.items()),
            effects_on=tuple(self._effects_on(name) for name in self._variables),
            targets=targets,
            orders=compile_orders(file, self.names, facts=facts, targets=targets, items=items),
            actions=MappingProxyType(self._other_actions(items)),
            places=MappingProxyType(dict(facts.discrete("loc"))),
            events=tuple(EventPlan(name, guard, seen.get(name, 0)) for name, guard in events.items()),
            alerts=alerts,
            refusals=refusals,
            end=end,
            end_s=file.end.virtual_s,
            dead=dead,
            findings=MappingProxyType(findings),
            reporters=MappingProxyType(reporters_of(file)),
            items=items,
            items_of=by_action(items),
            neutral=frozenset(what for target in file.scoring.neutral for _, what in self.names.actions(target)),
        )

    def _other_guards(self) -> tuple[dict[str, Guard], tuple[AlertPlan, ...], Guard | None]:
        """Those of events, of alerts and of the end."""
        events = {name: self._guard(f"events.{name}", text) for name, text in self.file.events.items()}
        alerts = tuple(AlertPlan(self._guard("alerts", alert.when), alert.note) for alert in self.file.alerts)
        return events, alerts, self._guard("end.when", self.file.end.when) if self.file.end.when else None

    def _refusals(self) -> Mapping[Action, tuple[RefusalPlan, ...]]:
        found: defaultdict[Action, list[RefusalPlan]] = defaultdict(list)
        for refusal in self.file.refusals:
            plan = RefusalPlan(self._guard("refusals", refusal.when) if refusal.when else None, refusal.text)
            for action in dict.fromkeys(_at("refusals", lambda: self.names.actions_of(refusal.refuse))):  # noqa: B023
                found[action].append(plan)
        return MappingProxyType({action: tuple(plans) for action, plans in found.items()})

    @property
    def _variables(self) -> list[str]:
        return list(self.file.variables)

    def _guard(self, where: str, text: str) -> Guard:
        return _at(where, lambda: compile_guard(text, variables=self.file.variables, facts=self.facts))

    def _formula(self, where: str, text: str) -> Formula:
        names = [*self.file.variables, *self.file.derived]
        return _at(where, lambda: compile_formula(text, names=names, facts=self.facts))

    def _ways(self, name: str, region: Region) -> dict[str, tuple[TransitionPlan, ...]]:
        numbers = {state: number for number, state in enumerate(_states(region))}
        found = {}
        for state in numbers:
            where = f"regions.{name}.{state}"
            ways = region.states[state].to if state in region.states else ()
            for way in ways:
                if way.go not in numbers:
                    raise UsageError(f'{where}: no state "{way.go}" in this region{did_you_mean(way.go, list(numbers))}')
            guards = [self._guard(where, way.when) if way.when else None for way in ways]
            found[state] = tuple(
                TransitionPlan(numbers[way.go], guard, way.after_s or 0) for way, guard in zip(ways, guards, strict=True)
            )
        return found

    def _region(self, name: str, region: Region, ways: Mapping[str, tuple[TransitionPlan, ...]]) -> RegionPlan:
        bits = self.facts.discrete("state")
        names = _states(region)
        if region.initial not in names:
            raise UsageError(f'regions.{name}: no state "{region.initial}"{did_you_mean(region.initial, names)}')
        plans = []
        for state in names:
            body = region.states.get(state)
            mask = 0
            for way in ways[state]:
                mask |= way.guard.mask if way.guard else 0
            pushes = self._pushes(f"regions.{name}.{state}", body.rate, body.relax) if body else {}
            plans.append(
                StatePlan(state, bits.get(state, 0), pushes, body.note if body else None, ways[state], mask, state == DEAD)
            )
        return RegionPlan(name, tuple(plans), names.index(region.initial))

    def _effect(self, name: str, effect: Effect) -> EffectPlan:
        where = f"effects.{name}"
        course: list[tuple[int, Pushes]] = []
        from_s = 0
        for phase in effect.phases:
            pushes = self._pushes(where, effect.rate, effect.relax, phase.rate, phase.relax)
            course.append((from_s, pushes))
            from_s += phase.for_s or 0
        if not course or effect.phases[-1].for_s is not None:
            course.append((from_s, self._pushes(where, effect.rate, effect.relax)))
        variables = 0
        for _, pushes in course:
            for variable in pushes:
                variables |= 1 << variable
        return EffectPlan(name, effect.onset_s, effect.lasts_s, tuple(course), variables)

    def _pushes(self, where: str, *parts: Mapping[str, float] | Mapping[str, Relax]) -> Pushes:
        found: defaultdict[int, tuple[float, float, float]] = defaultdict(lambda: (0.0, 0.0, 0.0))
        for part in parts:
            for name, value in part.items():
                if name not in self.file.variables:
                    raise UsageError(f'{where}: no variable "{name}"{did_you_mean(name, self._variables)}')
                variable = self._variables.index(name)
                rate, pull, weighted = found[variable]
                if isinstance(value, Relax):
                    found[variable] = (rate, pull + 1 / value.tau_s, weighted + value.target / value.tau_s)
                else:
                    found[variable] = (rate + value / HOUR_S, pull, weighted)
        return dict(found)

    def _effects_on(self, variable: str) -> tuple[int, ...]:
        def touches(effect: Effect) -> bool:
            parts = [
                effect.rate,
                effect.relax,
                *(phase.rate for phase in effect.phases),
                *(phase.relax for phase in effect.phases),
            ]
            return any(variable in part for part in parts)

        return tuple(place for place, effect in enumerate(self.file.effects.values()) if touches(effect))

    def _thresholds(self, thresholds: Set[Threshold], variable: str) -> Thresholds:
        ordered = tuple(sorted(thresholds))
        masks = [0]
        for threshold in ordered:
            masks.append(masks[-1] | self.facts.of_variables[variable][threshold])
        return Thresholds(ordered, tuple(masks))

    def _targets(self) -> tuple[TargetPlan, ...]:
        active, hours = self.facts.discrete("active"), self.facts.of_hours
        return tuple(
            TargetPlan(name, active.get(name, 0), tuple((one.due_s(), bit) for one, bit in hours.get(name, {}).items()))
            for name in dict.fromkeys([*active, *hours])
        )

    def _other_actions(self, items: tuple[ItemPlan, ...]) -> dict[Action, tuple[int, bool]]:
        judged = {action for item in items if item.guard for action in item.actions}
        bits: defaultdict[Action, int] = defaultdict(int)
        for target, bit in self.facts.discrete("done").items():
            for action in self.names.actions(target):
                bits[action] |= bit
        return {action: (bits[action], action in judged) for action in {*bits, *judged} if action[0] != ORDER}

    def _finding(self, name: str, finding: Finding) -> FindingPlan:
        where = f"results.{name}"
        branches: list[BranchPlan] = []
        match finding:
            case str():
                branches = [BranchPlan(None, finding, ())]
            case tuple():
                branches = [self._branch(where, branch) for branch in finding]
            case _:
                branches = [BranchPlan(None, None, self._panel(where, finding))]
        needs = {name for branch in branches for formula in _formulas(branch) for name in formula.needs}
        for derived in reversed(tuple(self.derived)):
            if derived in needs:
                needs |= self.derived[derived].needs
        return FindingPlan(tuple(branches), tuple(derived for derived in self.derived if derived in needs))

    def _branch(self, where: str, branch: Branch) -> BranchPlan:
        when = self._formula(where, branch.when) if branch.when else None
        return BranchPlan(when, branch.text, self._panel(where, branch.panel or {}))

    def _panel(self, where: str, panel: Mapping[str, str]) -> tuple[tuple[str, Formula], ...]:
        for analyte in panel:
            if analyte not in self.catalogue.analytes:
                raise UsageError(f'{where}: no analyte "{analyte}"{did_you_mean(analyte, list(self.catalogue.analytes))}')
        return tuple((analyte, self._formula(where, text)) for analyte, text in panel.items())


def _states(region: Region) -> list[str]:
    """The states of a region, and `dead` behind them, which no file spells out."""
    return list(dict.fromkeys([*region.states, DEAD]))


def _formulas(branch: BranchPlan) -> Iterator[Formula]:
    if branch.when is not None:
        yield branch.when
    for _, formula in branch.panel:
        yield formula


def _at(where: str, work: Callable[[], T]) -> T:
    try:
        return work()
    except ExpressionError as error:
        raise ExpressionError(f"{where}: {error.text}", column=error.column) from None
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None


def case_digest(file: CaseFile) -> str:
    """The SHA-256 of all that a case file says."""
    text = json.dumps(file.model_dump(mode="json"), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
