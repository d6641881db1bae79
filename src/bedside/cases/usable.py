"""The orders that a case can tell apart from any other: those it names, and the ones that clinicians use most.

A proof rests on these alone. Whatever else the catalogue holds or gains, the candidates of a proof never order it, and so a
new drug makes no proof stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from bedside.cases.case_file import EXAM, CaseFile
from bedside.cases.catalogue import Catalogue
from bedside.cases.order import Order
from bedside.cases.scripts import parse_script
from bedside.cases.targets import ORDER, Targets

N_MOST_USED = 100  # as in the script `everything`
_ONLY_SEARCH = frozenset({"name", "terms", "classes", "frequency", "route_rank"})  # of these the engine reads nothing


def own_orders(file: CaseFile, catalogue: Catalogue) -> tuple[str, ...]:
    """The orders that the case names anywhere, in the order of the file; no examinations.

    Raises:
        UsageError: a target of the rubric or a script that does not exist.
    """
    names = Targets(file, catalogue)
    targets = [*file.groups, *file.scoring.neutral, *(target for item in file.rubric for target in _targets(item))]
    targets += [target for refusal in file.refusals for target in refusal.refuse]
    ids = [what for target in targets for verb, what in names.actions(target) if verb == ORDER]
    ids += [order for effect in file.effects.values() for order in effect.by]
    ids += file.results
    for text in file.scripts.values():
        ids += [order for step in parse_script(text).steps if step.verb == "order" for order in step.args]
    known = catalogue.orders
    return tuple(order for order in dict.fromkeys(ids) if order in known and not known[order].is_examination)


def usable_orders(file: CaseFile, catalogue: Catalogue) -> tuple[str, ...]:
    """The case's own orders, then the most used of the catalogue."""
    used = (order for order in catalogue.most_used(N_MOST_USED) if not catalogue.orders[order].is_examination)
    return tuple(dict.fromkeys([*own_orders(file, catalogue), *used]))


def orders_digest(file: CaseFile, catalogue: Catalogue) -> str:
    """The SHA-256 of all that a run reads of the catalogue when it keeps to the usable orders and the examinations.

    That is what the engine reads of each of these orders, the analytes they or the case report, and the times of moves.
    """
    ids = [*usable_orders(file, catalogue), *(order.id for order in catalogue.orders.values() if order.is_examination)]
    orders = {order_id: _read_by_engine(catalogue.orders[order_id]) for order_id in ids}
    analytes = {name for order_id in ids for name in catalogue.orders[order_id].analytes} | set(_reported(file))
    plain = {
        "orders": orders,
        "analytes": {name: repr(catalogue.analytes[name]) for name in sorted(analytes) if name in catalogue.analytes},
        "moves": {name: dict(place.moves_s) for name, place in catalogue.places.items()},
    }
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _read_by_engine(order: Order) -> dict[str, Any]:
    return {field.name: _plain(getattr(order, field.name)) for field in fields(order) if field.name not in _ONLY_SEARCH}


def _plain(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return dict(value) if hasattr(value, "items") else value


def _targets(item: object) -> tuple[str, ...]:
    return tuple(target for key in ("do", "before", "watch", "avoid") for target in getattr(item, key, ()))


def _reported(file: CaseFile) -> Iterator[str]:
    for source, finding in file.results.items():
        if source.startswith(EXAM) or isinstance(finding, str):
            continue
        for panel in [branch.panel or {} for branch in finding] if isinstance(finding, tuple) else [finding]:
            yield from panel
