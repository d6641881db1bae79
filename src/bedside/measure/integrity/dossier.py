"""Dossiers: everything that a flag rests on, so that the person concerned and whoever judges can work it out again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bedside.measure.integrity.dossier_steps import pair_steps, person_steps
from bedside.measure.integrity.search import NOT_PROOF, Misconduct
from bedside.measure.problems import MeasureError

FORMAT = "bedside-dossier/1"


@dataclass(frozen=True, slots=True)
class Source:
    """A file that went in: its name, how many bytes it has, and their SHA-256."""

    name: str
    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a dossier comes from: files, the command that makes it again, and the versions of what worked it out."""

    sources: tuple[Source, ...]
    command: str
    software: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One flagged person or pair. `stem` names its files; `data` is what the JSON has, and the page shows."""

    stem: str
    data: Mapping[str, Any]

    def json(self) -> str:
        """The same bytes on every computer; a figure that could not be had is null."""
        return json.dumps(self.data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def dossiers(found: Misconduct, origin: Origin) -> tuple[Dossier, ...]:
    """A dossier of each flagged person and of each flagged pair, most surprising first."""
    persons = [int(n) for n in np.argsort(found.p_adjusted, kind="stable") if found.flagged[n]]
    made = [_named(person_dossier(found, person, origin), n) for n, person in enumerate(persons, start=1)]
    if found.pairs is not None:
        pairs = [int(n) for n in np.argsort(found.pairs.p, kind="stable") if found.pair_flagged[n]]
        made += [_named(pair_dossier(found, pair, origin), n) for n, pair in enumerate(pairs, start=1)]
    return tuple(made)


def person_dossier(found: Misconduct, person: int, origin: Origin) -> dict[str, Any]:
    """All that the indices of one person rest on; `person` is its place.

    Raises:
        MeasureError: there is no such person.
    """
    if not 0 <= person < len(found.exam.persons):
        raise MeasureError(f"there is no person number {person}")
    steps, answers = person_steps(found, person)
    return _whole(found, (person,), origin, flagged=bool(found.flagged[person]), steps=steps, answers=answers)


def pair_dossier(found: Misconduct, pair: int, origin: Origin) -> dict[str, Any]:
    """All that the similarity of one pair rests on; `pair` is its place in `found.pairs`.

    Raises:
        MeasureError: pairs were not compared, or there is no such pair.
    """
    if found.pairs is None or not 0 <= pair < len(found.pairs.a):
        raise MeasureError(f"there is no pair number {pair}")
    who = (int(found.pairs.a[pair]), int(found.pairs.b[pair]))
    steps, answers = pair_steps(found, found.pairs, pair)
    return _whole(found, who, origin, flagged=bool(found.pair_flagged[pair]), steps=steps, answers=answers)


def _whole(
    found: Misconduct,
    who: tuple[int, ...],
    origin: Origin,
    *,
    flagged: bool,
    steps: list[dict[str, Any]],
    answers: list[dict[str, Any]],
) -> dict[str, Any]:
    exam = found.exam
    whole: dict[str, Any] = _plain(
        {
            "format": FORMAT,
            "kind": "person" if len(who) == 1 else "pair",
            "who": [exam.persons[person] for person in who],
            "flagged": flagged,
            "alpha": found.alpha,
            "what_this_is_not": NOT_PROOF,
            "exam": {
                "n_persons": len(exam.persons),
                "n_items": len(exam.items),
                "compared_by": "options chosen" if exam.by_choice else "right and wrong only",
                "compromised_items": [name for name, leaked in zip(exam.items, exam.leaked, strict=True) if leaked],
            },
            "inputs": [{"name": source.name, "bytes": source.n_bytes, "sha256": source.sha256} for source in origin.sources],
            "command": origin.command,
            "software": dict(origin.software),
            "steps": steps,
            "answers": answers,
        }
    )
    return whole


def _named(data: dict[str, Any], n: int) -> Dossier:
    safe = [re.sub(r"[^A-Za-z0-9._-]+", "_", name)[:40].strip(".") for name in data["who"]]
    return Dossier(f"{data['kind']}-{n:04d}-{'-'.join(safe)}", data)


def _plain(value: Any) -> Any:
    """The value in what JSON knows, NaN and infinities as null."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, np.bool_ | bool):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, np.floating | float):
        return float(value) if np.isfinite(value) else None
    return value
