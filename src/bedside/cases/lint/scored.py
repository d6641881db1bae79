"""C4xx, what can be seen without running the case: rubric items that explain themselves, can be met, and do no harm."""

from __future__ import annotations

from collections.abc import Iterator

from bedside.cases.durations import format_duration
from bedside.cases.lint.reach import Reachable
from bedside.cases.lint.view import View
from bedside.cases.rubric import Avoid, Before, Do, Happened, Reach, RubricItem, Watch
from bedside.findings import Finding
from bedside.reading import did_you_mean


def check_rubric(view: View) -> Iterator[Finding]:
    """Reasons, windows, harms, contraindications and ids."""
    yield from _reasons(view)
    yield from _ids(view)
    reachable = Reachable(view)
    for n, item in enumerate(view.case.rubric):
        yield from _window(view, reachable, n, item)
        yield from _harm(view, reachable, n, item)
    yield from _contraindications(view)


def _reasons(view: View) -> Iterator[Finding]:
    why = view.case.debrief.why
    ids = [item.id for item in view.case.rubric]
    for n, item in enumerate(view.case.rubric):
        if (item.tier == "critical" or item.cap is not None) and item.id not in why:
            what = "is critical" if item.tier == "critical" else "limits the score"
            yield view.finding("C401", ("rubric", n, "id"), f'"{item.id}" {what} and has no reason in debrief.why')
    for name in why:
        if name not in ids:
            text = f'no rubric item "{name}"{did_you_mean(name, ids)}'
            yield view.finding("C408", ("debrief", "why", name), text, of_key=True)


def _ids(view: View) -> Iterator[Finding]:
    seen: set[str] = set()
    for n, item in enumerate(view.case.rubric):
        if item.id in seen:
            yield view.finding("C407", ("rubric", n, "id"), f'another item has the id "{item.id}"')
        seen.add(item.id)


def _window(view: View, reachable: Reachable, n: int, item: RubricItem) -> Iterator[Finding]:
    end_s = view.case.end.virtual_s
    if isinstance(item, Do | Reach) and item.full_s is not None and item.full_s >= end_s:
        text = f"full credit until {format_duration(item.full_s)}, and the case ends at {format_duration(end_s)}"
        yield view.finding("C402", ("rubric", n, "full"), text)
    if isinstance(item, Watch) and item.every_s >= end_s:
        text = f"a gap of {format_duration(item.every_s)} is never too long: the case ends at {format_duration(end_s)}"
        yield view.finding("C402", ("rubric", n, "every"), text)
    opens = item.from_event if isinstance(item, Do | Reach | Watch) else None
    if opens in view.case.events and opens not in reachable.found[1]:
        yield view.finding("C402", ("rubric", n, "from"), f'it never opens: the event "{opens}" can\'t happen')


def _harm(view: View, reachable: Reachable, n: int, item: RubricItem) -> Iterator[Finding]:
    if isinstance(item, Avoid) and not reachable.allows(("rubric", n, "when")):
        yield view.finding("C404", ("rubric", n, "when"), f'nothing can trigger it: "{item.when}" can\'t hold')
    if isinstance(item, Happened) and item.event in view.case.events and item.event not in reachable.found[1]:
        yield view.finding("C404", ("rubric", n, "event"), f'nothing can trigger it: the event "{item.event}" can\'t happen')


def _contraindications(view: View) -> Iterator[Finding]:
    avoided = {
        order for item in view.case.rubric if isinstance(item, Avoid) for one in item.avoid for order in view.orders_of(one)
    }
    known = {one for order in view.catalogue.orders.values() for one in order.contraindications}
    patient = view.case.patient
    for kind, names in (("allergies", patient.allergies), ("conditions", patient.conditions)):
        for n, name in enumerate(names):
            reason = f"{name}_allergy" if kind == "allergies" else name
            if reason not in known:
                near = did_you_mean(reason, sorted(known))
                if near:
                    yield view.finding("C405", ("patient", kind, n), f'no order has the contraindication "{reason}"{near}')
            elif not any(reason in view.contraindicated(order) for order in avoided):
                text = f'no `avoid` item speaks of "{reason}"; name the orders that this patient would most likely be given'
                yield view.finding("C405", ("patient", kind, n), text)
    for n, item in enumerate(view.case.rubric):
        yield from _harmful_credit(view, n, item, avoided)


def _harmful_credit(view: View, n: int, item: RubricItem, avoided: set[str]) -> Iterator[Finding]:
    kinds = {"do": item.do} if isinstance(item, Do) else {"before": item.before} if isinstance(item, Before) else {}
    if isinstance(item, Watch):
        kinds = {"watch": item.watch}
    for kind, targets in kinds.items():
        for k, target in enumerate(targets):
            for order in view.orders_of(target):
                reasons = view.contraindicated(order)
                if reasons and order not in avoided:
                    text = f'credit for "{order}", which this patient must not have: {", ".join(reasons)}'
                    yield view.finding("C406", ("rubric", n, kind, k), text)
