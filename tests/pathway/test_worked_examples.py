"""Histories worked by hand from the sources, without the program, each with its reasoning: the program must agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from bedside.pathway import Answer, NeedAnswer, Record, StateAnswer, StepAnswer, check
from bedside.reading import parse_yaml, read_text
from tests.pathway.builder import shipped

FOLDER = Path(__file__).parent / "examples"
AT_LEAST = 60
RECORD = TypeAdapter(Record)


def _examples() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for example in parse_yaml(read_text(path)).value:
            yield pytest.param(example, id=f"{path.stem}-{example['id']}")


EXAMPLES = list(_examples())


def test_there_are_enough_of_them_and_each_says_why() -> None:
    assert len(EXAMPLES) >= AT_LEAST
    for one in EXAMPLES:
        (example,) = one.values
        assert example["words"]
        assert example["facts"]
        assert example["expect"]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_program_comes_to_what_was_worked_by_hand(example: dict[str, Any]) -> None:
    answer = check(
        shipped().get(example.get("programme", "usmle")),
        RECORD.validate_python(example["record"]),
        date.fromisoformat(example["on"]),
    )

    assert _found(answer, example["expect"]) == example["expect"]


def _found(answer: Answer, expected: dict[str, Any]) -> dict[str, Any]:
    """The answer, as far as the example speaks of it and in its words."""
    steps = {one.step: one for one in answer.steps}
    certificates = {one.name: one for one in answer.certificates}
    visas = {one.name: one for one in answer.visas}
    states = {one.state: one for one in answer.states}
    days = {one.id: one.day.isoformat() for one in answer.deadlines}
    found: dict[str, Any] = {}
    for part, asked in expected.items():
        match part:
            case "steps":
                found[part] = {name: _step(steps[name], said) for name, said in asked.items()}
            case "certificates":
                found[part] = {name: _need(certificates[name], said) for name, said in asked.items()}
            case "visas":
                found[part] = {name: _need(visas[name], said) for name, said in asked.items()}
            case "states":
                found[part] = {code: _state(states[code], said) for code, said in asked.items()}
            case "deadlines":
                found[part] = {name: days.get(name) for name in asked}
            case _:
                found[part] = "an example speaks of steps, certificates, visas, states and deadlines"
    return found


def _step(step: StepAnswer, said: dict[str, Any]) -> dict[str, Any]:
    """A step; `rules` are all that speak against."""
    known = {
        "status": step.status.value,
        "earliest": _iso(step.earliest),
        "until": _iso(step.until),
        "attempts_used": step.attempts_used,
        "attempts_left": step.attempts_left,
        "rules": _as_said([reason.rule for reason in step.reasons], said.get("rules", [])),
    }
    return {key: known.get(key, "not a key of a step") for key in said}


def _need(need: NeedAnswer, said: dict[str, Any]) -> dict[str, Any]:
    """A certificate or visa; `needs` is all that is missing."""
    known = {
        "status": need.status.value,
        "earliest": _iso(need.earliest),
        "needs": _as_said([reason.rule for reason in need.needs], said.get("needs", [])),
    }
    return {key: known.get(key, "not a key of a certificate") for key in said}


def _state(state: StateAnswer, said: dict[str, Any]) -> dict[str, Any]:
    """A state; `rules` are some of those that speak against."""
    reasons = [reason.rule for reason in state.reasons]
    known = {
        "status": state.status.value,
        "earliest": _iso(state.earliest),
        "as_of": _iso(state.as_of),
        "rules": [rule for rule in said.get("rules", []) if rule in reasons],
    }
    return {key: known.get(key, "not a key of a state") for key in said}


def _as_said(rules: list[str], said: list[str]) -> list[str]:
    """The rules, in the order of the example where it names the same ones."""
    return said if sorted(rules) == sorted(said) else rules


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
