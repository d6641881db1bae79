"""Mutants: the case without one effect, transition or rubric item. One that no script notices is under-tested.

An effect or a transition is noticed where any script then runs or scores otherwise, in any variant; an item where scripts earn
it differently: a credit that one earns and another does not, a harm that one triggers and another avoids.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bedside.cases.case_file import CaseFile
from bedside.cases.catalogue import Catalogue
from bedside.cases.emitted import Emitted
from bedside.cases.plans import Case
from bedside.cases.scoring import score
from bedside.cases.scripts import Script, run_script
from bedside.cases.trials import Trials, compiled_variants, scripts_of
from bedside.errors import UsageError
from bedside.reading import Path_

Seen = tuple[float, list[Emitted]]


@dataclass(frozen=True, slots=True)
class Mutant:
    """What was left out, by its path in the file, and whether a script noticed."""

    path: Path_
    what: str
    is_noticed: bool


def n_physiological(file: CaseFile) -> int:
    """How many effects and transitions there are to leave out."""
    return len(list(_mutants(file)))


def mutants(file: CaseFile, catalogue: Catalogue, places: Sequence[int]) -> list[Mutant]:
    """Those effects and transitions of these places left out, each alone."""
    scripts = scripts_of(file, catalogue)
    known = [_seen(case, scripts) for case in compiled_variants(file, catalogue)]
    every = list(_mutants(file))
    return [
        Mutant(path, what, _is_noticed(mutant, catalogue, scripts, known)) for path, what, mutant in (every[n] for n in places)
    ]


def item_mutants(file: CaseFile, trials: Sequence[Trials]) -> list[Mutant]:
    """The rubric's items: do scripts differ in what they earn by each?"""
    found = []
    for number, item in enumerate(file.rubric):
        earned = {
            round(one.points, 6) for trial in trials for played in trial.scripts for one in played.points if one.id == item.id
        }
        found.append(Mutant(("rubric", number, "id"), f"item {item.id}", len(earned) > 1))
    return found


def _mutants(file: CaseFile) -> Iterator[tuple[Path_, str, CaseFile]]:
    for name in file.effects:
        left = {other: effect for other, effect in file.effects.items() if other != name}
        yield ("effects", name), f"effect {name}", _changed(file, effects=left)
    for region, automaton in file.regions.items():
        for state, content in automaton.states.items():
            for number, way in enumerate(content.to):
                ways = content.to[:number] + content.to[number + 1 :]
                states = {**automaton.states, state: content.model_copy(update={"to": ways})}
                regions = {**file.regions, region: automaton.model_copy(update={"states": states})}
                yield (
                    ("regions", region, state, "to", number),
                    f"transition {state} > {way.go}",
                    _changed(file, regions=regions),
                )


def _changed(file: CaseFile, **parts: Mapping[str, object]) -> CaseFile:
    return file.model_copy(update=parts)


def _is_noticed(
    file: CaseFile, catalogue: Catalogue, scripts: Mapping[str, str | Script], known: Sequence[Mapping[str, Seen]]
) -> bool:
    for case, seen in zip(compiled_variants(file, catalogue), known, strict=True):
        for name, script in scripts.items():
            try:
                if _see(case, script) != seen[name]:
                    return True
            except UsageError:
                return True  # it does not even run
    return False


def _seen(case: Case, scripts: Mapping[str, str | Script]) -> dict[str, Seen]:
    return {name: _see(case, script) for name, script in scripts.items()}


def _see(case: Case, script: str | Script) -> Seen:
    run = run_script(case, script)
    return score(case, run.history).percent, run.history.emitted
