"""The rules as they are in `content/`, and records to ask them about."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bedside.pathway import Answer, Pathway, Pathways, Record, StepAnswer, check, parse_pathways, read_pathways
from bedside.programme import Programmes, read_programmes
from bedside.reading import Source

CONTENT = Path(__file__).parents[2] / "content"

ADAPTER = TypeAdapter(Record)

IMG = {"kind": "img", "school": {"in_world_directory": True, "sponsor_note": True}, "degree": {"date": "2021-05-30"}}


@cache
def programmes() -> Programmes:
    return read_programmes(CONTENT / "programmes")


@cache
def shipped() -> Pathways:
    return read_pathways(CONTENT / "pathways", programmes().by_name)


def usmle() -> Pathway:
    return shipped().get("usmle")


def record(**fields: Any) -> Record:
    return ADAPTER.validate_python({"person": IMG, **fields})


def attempt(step: str, day: str, result: str = "fail", **more: Any) -> dict[str, Any]:
    return {"programme": "usmle", "step": step, "date": day, "result": result} | more


def asked(on: str, whose: Record) -> Answer:
    return check(usmle(), whose, date.fromisoformat(on))


def step(name: str, on: str, whose: Record) -> StepAnswer:
    return next(one for one in asked(on, whose).steps if one.step == name)


HEAD = """\
schema: pathway/1
name: small
title: "A small file"
programme: usmle
checked_on: 2026-11-22
sources: {page: {title: "A page", kind: official}}
certificates: [{name: english, title: "A test of English", scores: [reading, writing]}]
places: [{code: TX, name: "Texas", ask: "Texas Medical Board"}, {code: NY, name: "New York", ask: "the board"}]
rules:
"""

RULE = """\
  - id: small.rule
    about: step
    of: [step3]
    when_not_met: not_yet
    text: "Step 3 needs Step 1."
    sources: [page]
    as_of: 2026-08-17
    confidence: high
    requires: step1_passed
    examples:
      - {on: 2026-11-22, record: {}, comes: not_met, from: never}
      - on: 2026-11-22
        record: {attempts: [{programme: usmle, step: step1, date: 2024-03-02, result: pass}]}
        comes: met
"""


def parsed(rules: str = RULE) -> Pathways:
    return parse_pathways([Source("small.yaml", HEAD + rules)], programmes().by_name)


def small(rules: str = RULE) -> Pathway:
    return parsed(rules).get("usmle")


def spoilt(old: str, new: str) -> list[str]:
    """The names of the checks that the small file fails once `old` is replaced."""
    assert old in HEAD + RULE
    found = parse_pathways([Source("small.yaml", (HEAD + RULE).replace(old, new, 1))], programmes().by_name)
    return [finding.rule for finding in found.findings]
