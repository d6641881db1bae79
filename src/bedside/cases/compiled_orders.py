"""Each order of the catalogue with what it means in one case."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bedside.cases.case_file import CaseFile
from bedside.cases.facts import FactTable
from bedside.cases.order import Order
from bedside.cases.plans import ItemPlan, OrderPlan, TargetPlan
from bedside.cases.targets import ORDER, Targets
from bedside.errors import UsageError
from bedside.reading import did_you_mean

_ONLY_REPORTS = ("lab.", "micro.", "imaging.", "test.", "exam", "consult")  # nothing of these starts or runs


@dataclass(frozen=True, slots=True)
class OrderPlans:
    """The plan of every order of the catalogue, each made when it is first asked for: a case touches few of thousands."""

    file: CaseFile
    orders: Mapping[str, Order]
    effects: Mapping[str, tuple[int, ...]]
    targets: Mapping[str, tuple[int, ...]]
    given: Mapping[str, int]
    done: Mapping[str, int]
    judged: frozenset[str]
    made: dict[str, OrderPlan] = field(default_factory=dict, compare=False, repr=False)

    def get(self, order_id: str) -> OrderPlan | None:
        """The plan of an order, None where the catalogue has no such order."""
        plan = self.made.get(order_id)
        if plan is None and order_id in self.orders:
            plan = self.made[order_id] = self._plan(self.orders[order_id])
        return plan

    def _plan(self, order: Order) -> OrderPlan:
        effects = self.effects.get(order.id, ())
        all_effects = list(self.file.effects.values())
        is_open = any(all_effects[place].lasts_s is None for place in effects)
        # an operation can't be stopped once it is done, an infusion can
        is_lasting = is_open and order.category.startswith("procedure.") and order.modes == ("once",)
        return OrderPlan(
            order=order,
            effects=effects,
            targets=self.targets.get(order.id, ()),
            given=self.given.get(order.id, 0),
            done=self.done.get(order.id, 0),
            is_treatment=bool(effects) or not order.category.startswith(_ONLY_REPORTS),
            has_report=order.has_report or order.id in self.file.results,
            runs=is_open and not is_lasting,
            is_lasting=is_lasting,
            has_when=order.id in self.judged,
        )


def compile_orders(
    file: CaseFile, names: Targets, *, facts: FactTable, targets: Sequence[TargetPlan], items: Sequence[ItemPlan]
) -> OrderPlans:
    """The plans of all orders.

    Raises:
        UsageError: an effect names an order that does not exist.
    """
    effects: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
    for place, (name, effect) in enumerate(file.effects.items()):
        for order in dict.fromkeys(effect.by):
            if order not in names.catalogue.orders:
                raise UsageError(f'effects.{name}: no order "{order}"{did_you_mean(order, list(names.catalogue.orders))}')
            effects[order] += (place,)
    part_of: defaultdict[str, tuple[int, ...]] = defaultdict(tuple)
    for place, target in enumerate(targets):
        for order in dict.fromkeys(names.orders(target.name)):
            part_of[order] += (place,)
    return OrderPlans(
        file=file,
        orders=names.catalogue.orders,
        effects=effects,
        targets=part_of,
        given=_bits_by_order(names, facts.discrete("given")),
        done=_bits_by_order(names, facts.discrete("done")),
        judged=frozenset(what for item in items if item.guard for verb, what in item.actions if verb == ORDER),
    )


def _bits_by_order(names: Targets, bits: Mapping[str, int]) -> dict[str, int]:
    """The bits that each order sets, of facts asked of orders and groups."""
    found: defaultdict[str, int] = defaultdict(int)
    for target, bit in bits.items():
        for verb, what in names.actions(target):
            if verb == ORDER:
                found[what] |= bit
    return found
