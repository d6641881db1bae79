"""Which actions earn credit: those that an item names, and those on which an event that earns credit waits.

An event waits on what its guard asks of orders (`active() given() done() hours_on()`), and on what leads to the states and
events that it names. Physiology does not count: that an order moves a variable is what C501 is about.
"""

from __future__ import annotations

from collections.abc import Iterator

from bedside.cases.facts import HOURS_ON
from bedside.cases.lint.view import View
from bedside.cases.rubric import Reach
from bedside.cases.targets import Action, Targets
from bedside.reading import Path_

_OF_ORDERS = frozenset({"active", "given", "done", HOURS_ON})


def credited_actions(view: View) -> frozenset[Action]:
    """The actions that items with points above zero credit."""
    names = Targets(view.case, view.catalogue)
    found: set[Action] = set()
    for item in view.case.rubric:
        if item.pts <= 0:
            continue
        named = (*getattr(item, "do", ()), *getattr(item, "before", ()), *getattr(item, "watch", ()))
        waited = _waited_on(view, ("events", item.reach)) if isinstance(item, Reach) else ()
        found |= {action for target in (*named, *waited) for action in names.actions(target)}
    return frozenset(found)


def _waited_on(view: View, event: Path_) -> Iterator[str]:
    """The orders and groups on which an event waits."""
    seen: set[Path_] = set()
    to_read = [event]
    while to_read:
        path = to_read.pop()
        parsed = view.guard_at(path)
        if path in seen or parsed is None:
            continue
        seen.add(path)
        for fact in parsed.facts:
            if fact.function in _OF_ORDERS:
                yield fact.what
            elif fact.function == "seen":
                to_read.append(("events", fact.what))
            elif fact.function == "state":
                to_read += _ways_to(view, fact.what)


def _ways_to(view: View, state: str) -> Iterator[Path_]:
    for region, automaton in view.case.regions.items():
        for name, content in automaton.states.items():
            for number, way in enumerate(content.to):
                if way.go == state:
                    yield ("regions", region, name, "to", number, "when")
