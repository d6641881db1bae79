"""Trials of one variant: the scripts, and the expert with one thing left out, added or delayed.

- drop-one: without each action of the expert in turn;
- delays: everything that stands at a fixed time later, by parts and multiples of the pace of the case;
- harms: each action of each `avoid` item added at instants over the expert's course, until it counts;
- neutral orders: each added at the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bedside.cases.case_file import CaseFile
from bedside.cases.catalogue import Catalogue
from bedside.cases.commands import Order
from bedside.cases.compiled import compile_case
from bedside.cases.courses import Planned, action_of, command_of, follow, is_end
from bedside.cases.emitted import Refused
from bedside.cases.engine import Run
from bedside.cases.plans import Case
from bedside.cases.policies import EXPERT, Reference, references
from bedside.cases.rubric import Avoid
from bedside.cases.scoring import Score, score
from bedside.cases.scripts import Fixed, Script, everything, kitchen_sink, nothing, run_script
from bedside.cases.targets import Action

BUILT_IN = ("nothing", "everything", "kitchen_sink")
_DELAYS = (0.25, 0.5, 1.0, 2.0, 4.0)
_MAX_ACTIONS = 4  # of an `avoid` item
_MAX_INSTANTS = 12


@dataclass(frozen=True, slots=True)
class Points:
    """What one item earned of what is possible; a harm has nothing possible."""

    id: str
    points: float
    possible: float


@dataclass(frozen=True, slots=True)
class Played:
    """A script played to its end."""

    name: str
    percent: float
    reason: str
    end_s: int
    died: bool
    points: tuple[Points, ...]
    states: frozenset[str]


@dataclass(frozen=True, slots=True)
class Dropped:
    """The expert without one action (its place in the course)."""

    place: int
    action: Action
    percent: float
    reason: str
    same_course: bool  # of variables, states and events


@dataclass(frozen=True, slots=True)
class Added:
    """The expert with one action more. `item` is the harm that it is meant to trigger, None of a neutral order."""

    item: str | None
    action: Action
    at_s: int
    percent: float


@dataclass(frozen=True, slots=True)
class Trials:
    """The trials of one variant. `untriggered` are harms that no added action made count along the expert's course."""

    variant: str | None
    scripts: tuple[Played, ...]
    drops: tuple[Dropped, ...]
    delays: tuple[tuple[int, float], ...]
    harms: tuple[Added, ...]
    untriggered: tuple[str, ...]
    neutral: tuple[Added, ...]

    def played(self, name: str) -> Played:
        """A script by its name."""
        return next(one for one in self.scripts if one.name == name)


def scripts_of(file: CaseFile, catalogue: Catalogue) -> dict[str, str | Script]:
    """All scripts of a case, and those that every case has."""
    built_in: dict[str, str | Script] = {
        "nothing": nothing(),
        "everything": everything(file, catalogue),
        "kitchen_sink": kitchen_sink(file, catalogue),
    }
    return {**file.scripts, **built_in}


def try_variant(file: CaseFile, catalogue: Catalogue, variant: str | None) -> Trials:
    """All trials of one variant.

    Raises:
        UsageError: the case can't be compiled, has no expert, or its automata don't settle.
    """
    case = compile_case(file, catalogue, variant)
    scripts = tuple(_played(name, run_script(case, script)) for name, script in scripts_of(file, catalogue).items())
    (reference,) = references(case)
    expert = follow(case, reference.course)
    harms, untriggered = _harms(reference)
    return Trials(
        variant=variant,
        scripts=scripts,
        drops=tuple(_drops(reference, expert)),
        delays=tuple(_delays(reference)),
        harms=harms,
        untriggered=untriggered,
        neutral=tuple(_neutral(reference)),
    )


def expert_of(trials: Trials) -> Played:
    """The expert as played."""
    return trials.played(EXPERT)


def _played(name: str, run: Run) -> Played:
    result, record = score(run.case, run.history), run.history
    points = tuple(Points(line.id, line.points, line.possible) for line in (*result.lines, *result.harms))
    states = frozenset(one.state for one in record.states)
    return Played(name, result.percent, _reason(run), run.now_s, record.has_died, points, states)


def _drops(reference: Reference, expert: Run) -> Iterator[Dropped]:
    case, course = reference.case, reference.course
    for place, planned in enumerate(course):
        if is_end(planned) or reference.taken_s[place] is None:
            continue
        action = action_of(planned.command)
        assert action is not None
        run = follow(case, course[:place] + course[place + 1 :])
        same = run.history.course == expert.history.course and run.history.states == expert.history.states
        same = same and run.history.first_s == expert.history.first_s
        yield Dropped(place, action, _percent(run), _reason(run), same)


def _delays(reference: Reference) -> Iterator[tuple[int, float]]:
    pace_s = reference.pace_s or reference.span_s // 4
    for factor in _DELAYS:
        delay_s = round(pace_s * factor)
        later = tuple(one.delayed(delay_s) if isinstance(one.at, Fixed) else one for one in reference.course)
        yield delay_s, _percent(follow(reference.case, later))


def _harms(reference: Reference) -> tuple[tuple[Added, ...], tuple[str, ...]]:
    found: list[Added] = []
    untriggered: list[str] = []
    instants = _instants(reference)
    for plan in reference.case.items:
        if not isinstance(plan.item, Avoid):
            continue
        added = [
            one for action in sorted(plan.actions)[:_MAX_ACTIONS] for one in _first_harm(reference, plan.id, action, instants)
        ]
        found += added
        if not added:
            untriggered.append(plan.id)
    return tuple(found), tuple(untriggered)


def _first_harm(reference: Reference, item: str, action: Action, instants: Sequence[int]) -> Iterator[Added]:
    for at_s in instants:
        result = _with(reference, action, at_s)
        if result is not None and any(line.id == item and line.points for line in result.harms):
            yield Added(item, action, at_s, result.percent)
            return


def _instants(reference: Reference) -> list[int]:
    """Instants at and between the expert's actions; at most twelve, over the whole course."""
    taken = sorted({at_s for at_s in reference.taken_s if at_s is not None})
    between = [(earlier + later) // 2 for earlier, later in pairwise(taken)]
    every = sorted({0, *taken, *between})
    if len(every) <= _MAX_INSTANTS:
        return every
    return [every[round(n * (len(every) - 1) / (_MAX_INSTANTS - 1))] for n in range(_MAX_INSTANTS)]


def _neutral(reference: Reference) -> Iterator[Added]:
    catalogue = reference.case.catalogue
    for order in sorted(reference.case.neutral):
        if order in catalogue.orders and not catalogue.orders[order].is_examination:
            result = _with(reference, action := ("order", order), 0)
            if result is not None:
                yield Added(None, action, 0, result.percent)


def _with(reference: Reference, action: Action, at_s: int) -> Score | None:
    """The score of the expert who does that as well; None where it is refused."""
    added = Planned(Fixed(at_s), command_of(action))
    run = follow(reference.case, (*reference.course, added))
    refused = {one.what for one in run.history.emitted if isinstance(one, Refused) and one.at_s >= at_s}
    return None if isinstance(added.command, Order) and action[1] in refused else score(reference.case, run.history)


def _percent(run: Run) -> float:
    return score(run.case, run.history).percent


def _reason(run: Run) -> str:
    return run.end.reason if run.end is not None else ""


def compiled_variants(file: CaseFile, catalogue: Catalogue) -> tuple[Case, ...]:
    """The case once for each variant."""
    return tuple(compile_case(file, catalogue, variant) for variant in (tuple(file.variants) or (None,)))
