"""The rubric with its targets looked up and its guards compiled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from bedside.cases.case_file import CaseFile
from bedside.cases.guards import Guard
from bedside.cases.plans import ItemPlan
from bedside.cases.rubric import Avoid, Before, Do, Happened, Reach, RubricItem, Watch
from bedside.cases.targets import CANCEL, MOVE, ORDER, Action, Targets
from bedside.errors import UsageError
from bedside.reading import did_you_mean

CompileGuard = Callable[[str, str], Guard]


def compile_rubric(file: CaseFile, names: Targets, *, guard: CompileGuard) -> tuple[ItemPlan, ...]:
    """The items in the order of the file; `guard(where, text)` compiles one.

    Raises:
        UsageError: a target or an event that does not exist.
    """
    return tuple(_item(item, file, names, guard) for item in file.rubric)


def by_action(items: Sequence[ItemPlan]) -> Mapping[Action, tuple[int, ...]]:
    """The items that look at each action."""
    found: defaultdict[Action, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        for action in sorted(item.actions | item.then):
            found[action].append(place)
    return MappingProxyType({action: tuple(places) for action, places in found.items()})


def _item(item: RubricItem, file: CaseFile, names: Targets, compile_guard: CompileGuard) -> ItemPlan:
    where = f"rubric.{item.id}"
    targets: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    events: list[str | None] = []
    guard: Guard | None = None
    match item:
        case Do() | Avoid():
            targets = item.do if isinstance(item, Do) else item.avoid
            events = [item.from_event] if isinstance(item, Do) else []
            guard = compile_guard(where, item.when) if item.when else None
        case Before():
            targets, then = item.before[:1], item.before[1:]
        case Watch():
            targets, events = item.watch, [item.from_event, item.until_event]
        case Reach():
            events = [item.reach, item.from_event]
        case Happened():
            events = [item.event]
    for event in events:
        if event is not None and event not in file.events:
            raise UsageError(f'{where}: no event "{event}"{did_you_mean(event, list(file.events))}')
    try:
        actions, later = (frozenset(names.actions_of(some)) for some in (targets, then))
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None
    return ItemPlan(
        item=item,
        id=item.id,
        title=item.title,
        kind="event" if isinstance(item, Happened) else type(item).__name__.lower(),
        points=item.pts,
        is_critical=item.tier == "critical",
        cap=item.cap,
        why=file.debrief.why.get(item.id),
        actions=actions,
        then=later,
        guard=guard,
        dimension=item.dimension or _dimension(item, names),
    )


def _dimension(item: RubricItem, names: Targets) -> str:
    match item:
        case Before():
            return "sequence"
        case Watch():
            return "monitoring"
        case Reach():
            return "timing"
        case Happened():
            return "therapy"
        case Do() | Avoid():
            verb, what = names.actions(item.do[0] if isinstance(item, Do) else item.avoid[0])[0]
            if verb == MOVE:
                return "location"
            return names.catalogue.orders[what].dimension if verb in {ORDER, CANCEL} else "diagnosis"
