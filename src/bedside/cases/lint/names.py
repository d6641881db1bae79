"""C1xx: every name in a case means something, and only one thing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from bedside.cases.case_file import DEAD, EXAM, HISTORY
from bedside.cases.case_values import LOCATIONS, TARGET_VERBS
from bedside.cases.facts import Asked
from bedside.cases.lint.language import unsolvable
from bedside.cases.lint.view import Reading, View, panels_of
from bedside.cases.rubric import Happened, Reach
from bedside.findings import Finding
from bedside.reading import Path_, did_you_mean


def check_names(view: View, takeaways: Collection[str] | None) -> Iterator[Finding]:
    """All of them but those in scripts. Takeaways are looked up where they are given."""
    yield from _variables(view)
    yield from _orders(view)
    yield from _states(view)
    yield from _events(view)
    yield from _analytes(view)
    yield from _twice(view)
    for reading in (*view.guards, *view.expressions):
        yield from _reading(view, reading)
    yield from _solvable(view)
    yield from _derived_in_a_ring(view)
    for n, takeaway in enumerate(view.case.debrief.takeaways):
        if takeaways is not None and takeaway not in takeaways:
            text = f'the bank has no takeaway "{takeaway}"{did_you_mean(takeaway, list(takeaways))}'
            yield view.finding("C118", ("debrief", "takeaways", n), text)


def _variables(view: View) -> Iterator[Finding]:
    for path, changes in _changes(view):
        for name in changes:
            if name not in view.case.variables:
                text = f'no variable "{name}"{did_you_mean(name, list(view.case.variables))}'
                yield view.finding("C102", (*path, name), text, of_key=True)


def _changes(view: View) -> Iterator[tuple[Path_, Collection[str]]]:
    """Every mapping of variables to what happens to them."""
    for name, values in view.case.variants.items():
        yield ("variants", name), values
    for region, automaton in view.case.regions.items():
        for state, content in automaton.states.items():
            yield ("regions", region, state, "rate"), content.rate
            yield ("regions", region, state, "relax"), content.relax
    for name, effect in view.case.effects.items():
        yield ("effects", name, "rate"), effect.rate
        yield ("effects", name, "relax"), effect.relax
        for n, phase in enumerate(effect.phases):
            yield ("effects", name, "phases", n, "rate"), phase.rate
            yield ("effects", name, "phases", n, "relax"), phase.relax


def _orders(view: View) -> Iterator[Finding]:
    case = view.case
    for name, members in case.groups.items():
        for n, member in enumerate(members):
            yield from _order(view, ("groups", name, n), member, groups=False)
    for name, effect in case.effects.items():
        for n, order in enumerate(effect.by):
            yield from _order(view, ("effects", name, "by", n), order, groups=False)
    for source in case.results:
        if source != HISTORY:
            order = f"exam_{source.removeprefix(EXAM)}" if source.startswith(EXAM) else source
            yield from _order(view, ("results", source), order, groups=False, of_key=True)
    for n, target in enumerate(case.scoring.neutral):
        yield from _target(view, ("scoring", "neutral", n), target)
    for n, refusal in enumerate(case.refusals):
        for k, target in enumerate(refusal.refuse):
            yield from _target(view, ("refusals", n, "refuse", k), target)
    for n, item in enumerate(case.rubric):
        for kind in ("do", "before", "watch", "avoid"):
            targets = getattr(item, kind, ())
            # one target may stand without brackets: then the place of the list is that of the target
            for k, target in enumerate(targets):
                yield from _target(view, ("rubric", n, kind, k), target)


def _target(view: View, path: Path_, target: str) -> Iterator[Finding]:
    verb, _, what = target.rpartition(":")
    if verb == "move":
        yield from _place(view, path, what)
    elif verb == "exam":
        yield from _order(view, path, f"exam_{what}", groups=False)
    elif verb in {"", "cancel"}:
        yield from _order(view, path, what, groups=True)
    else:
        yield view.finding("C101", path, f'"{target}": the verbs are {", ".join(TARGET_VERBS)}')


def _order(view: View, path: Path_, name: str, *, groups: bool, of_key: bool = False) -> Iterator[Finding]:
    if view.is_order(name) or (groups and name in view.case.groups):
        return
    if name in view.case.groups:
        text = f'"{name}" is a group; name its orders here'
    elif routes := view.catalogue.by_key.get(name):
        text = f'"{name}" needs its route: {", ".join(routes)}'
    else:
        known = [*view.catalogue.orders, *(view.case.groups if groups else ())]
        text = f'no order {"or group " if groups else ""}"{name}"{did_you_mean(name, known)}'
    yield view.finding("C101", path, text, of_key=of_key)


def _place(view: View, path: Path_, name: str) -> Iterator[Finding]:
    if name not in LOCATIONS:
        yield view.finding("C113", path, f'no place "{name}"; there are {", ".join(LOCATIONS)}')


def _states(view: View) -> Iterator[Finding]:
    for region, automaton in view.case.regions.items():
        known = [*automaton.states, DEAD]
        if automaton.initial not in automaton.states:
            text = f'{region} has no state "{automaton.initial}"{did_you_mean(automaton.initial, known)}'
            yield view.finding("C103", ("regions", region, "initial"), text)
        for state, content in automaton.states.items():
            for n, transition in enumerate(content.to):
                if transition.go not in known:
                    text = f'{region} has no state "{transition.go}"{did_you_mean(transition.go, known)}'
                    yield view.finding("C103", ("regions", region, state, "to", n, "go"), text)


def _events(view: View) -> Iterator[Finding]:
    events = list(view.case.events)
    for n, item in enumerate(view.case.rubric):
        anchors = {"from": getattr(item, "from_event", None), "until": getattr(item, "until_event", None)}
        for key, name in anchors.items():
            if name is not None and name not in view.case.events:
                yield view.finding("C109", ("rubric", n, key), f'{key}: no event "{name}"{did_you_mean(name, events)}')
        named = (
            {"reach": item.reach} if isinstance(item, Reach) else {"event": item.event} if isinstance(item, Happened) else {}
        )
        for key, name in named.items():
            if name not in view.case.events:
                yield view.finding("C104", ("rubric", n, key), f'no event "{name}"{did_you_mean(name, events)}')


def _analytes(view: View) -> Iterator[Finding]:
    for _source, panel, path in panels_of(view.case):
        for analyte in panel:
            if analyte not in view.analytes:
                text = f'no analyte "{analyte}"{did_you_mean(analyte, list(view.analytes))}'
                yield view.finding("C105", (*path, analyte), text, of_key=True)
    for analyte in view.case.noise:
        if analyte not in view.analytes:
            text = f'no analyte "{analyte}"{did_you_mean(analyte, list(view.analytes))}'
            yield view.finding("C105", ("noise", analyte), text, of_key=True)


def _twice(view: View) -> Iterator[Finding]:
    case = view.case
    seen: dict[str, str] = {}
    for region, automaton in case.regions.items():
        for state in automaton.states:
            path: Path_ = ("regions", region, state)
            if state == DEAD:
                yield view.finding("C106", path, f'"{DEAD}" is the end of the case; it is not described', of_key=True)
            elif state in seen:
                text = f'the state "{state}" is in {seen[state]} already; `state({state})` would mean two'
                yield view.finding("C106", path, text, of_key=True)
            seen.setdefault(state, region)
    for name in case.groups:
        if view.is_order(name):
            yield view.finding("C112", ("groups", name), f'the group "{name}" has the name of an order', of_key=True)
    for name in case.derived:
        if name in case.variables:
            yield view.finding("C112", ("derived", name), f'"{name}" is a variable already', of_key=True)


def _reading(view: View, reading: Reading) -> Iterator[Finding]:
    if reading.parsed is None:
        yield view.finding("C110", reading.path, f'"{reading.text}": {reading.error}')
        return
    known = [*view.case.variables, *(view.case.derived if reading.derived_allowed else ())]
    for name in reading.parsed.names:
        if name in known:
            continue
        if name in view.case.derived:
            text = f'"{name}" is a derived name; a guard compares a variable, so that its time can be solved'
        else:
            text = f'no variable{" or derived name" if reading.derived_allowed else ""} "{name}"{did_you_mean(name, known)}'
        yield view.finding("C102", reading.path, text)
    for fact in reading.parsed.facts:
        yield from _fact(view, reading.path, fact)


def _fact(view: View, path: Path_, fact: Asked) -> Iterator[Finding]:
    what, states, events = fact.what, [DEAD, *view.region_of], list(view.case.events)
    match fact.function:
        case "state" if what not in states:
            yield view.finding("C103", path, f'no state "{what}"{did_you_mean(what, states)}')
        case "seen" if what not in events:
            yield view.finding("C104", path, f'no event "{what}"{did_you_mean(what, events)}')
        case "loc":
            yield from _place(view, path, what)
        case "done":
            yield from _target(view, path, what)
        case "active" | "given" | "hours_on":
            yield from _order(view, path, what, groups=True)
        case _:
            pass  # a state or an event that is there


def _solvable(view: View) -> Iterator[Finding]:
    for reading in view.guards:
        # a finding is read at one instant, and may ask anything
        wrong = unsolvable(reading.parsed.tree) if reading.parsed and not reading.derived_allowed else None
        if wrong is not None:
            text = f'"{wrong}" can\'t be solved; compare one variable or hours_on(x) with a number, or ask for a fact'
            yield view.finding("C111", reading.path, text)


def _derived_in_a_ring(view: View) -> Iterator[Finding]:
    needs: Mapping[str, list[str]] = {
        name: [other for other in parsed.names if other in view.case.derived]
        for name in view.case.derived
        if (parsed := view.guard_at(("derived", name))) is not None
    }
    for name in needs:
        if name in _all_needs(name, needs):
            yield view.finding("C117", ("derived", name), f'"{name}" needs itself', of_key=True)


def _all_needs(name: str, needs: Mapping[str, list[str]]) -> set[str]:
    found: set[str] = set()
    ahead = list(needs.get(name, ()))
    while ahead:
        other = ahead.pop()
        if other not in found:
            found.add(other)
            ahead += needs.get(other, ())
    return found
