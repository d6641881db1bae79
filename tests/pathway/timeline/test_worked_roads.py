"""Roads worked by hand, each with its reasoning: the program must agree."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bedside.pathway.timeline import Placed, Timeline
from bedside.reading import parse_yaml, read_text
from tests.pathway.timeline.builder import placed

EXAMPLES = parse_yaml(read_text(Path(__file__).parent / "examples" / "roads.yaml")).value
AT_LEAST = 8


def test_there_are_enough_of_them_and_each_says_why() -> None:
    assert len(EXAMPLES) >= AT_LEAST
    assert all(one["words"] and one["expect"] for one in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: one["id"])
def test_the_program_comes_to_what_was_worked_by_hand(example: dict[str, Any]) -> None:
    moved = {name: date.fromisoformat(day) for name, day in example.get("moved", {}).items()}
    found = placed(example["record"], date.fromisoformat(example["on"]), moved, example.get("chosen"))

    assert _found(found, example["expect"]) == example["expect"]


def _found(found: Timeline, expected: dict[str, Any]) -> dict[str, Any]:
    """The road, as far as the example speaks of it and in its words."""
    problems = [f"{one.kind.value} {one.milestone}" for one in found.problems]
    there = {one.id for one in found.milestones}
    told: dict[str, Any] = {
        "milestones": {name: _milestone(found.milestone(name), said) for name, said in expected.get("milestones", {}).items()},
        "absent": [name for name in expected.get("absent", []) if name not in there],
        "problems": sorted(
            problems, key=lambda one: expected.get("problems", []).index(one) if one in expected.get("problems", []) else -1
        ),
        "problems_with": [one for one in expected.get("problems_with", []) if one in problems],
        "end": found.end.isoformat() if found.end else None,
        "costs": dict(found.costs),
    }
    return {name: told[name] for name in expected}


def _milestone(one: Placed | None, expected: dict[str, Any]) -> dict[str, Any]:
    assert one is not None
    told = {
        **one.as_dict(),
        "projected": one.season.is_projected if one.season is not None else None,
    }
    return {name: told[name] for name in expected}
