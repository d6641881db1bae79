"""Families, judged difficulty, findings by rule, and all of it together."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bedside.bank import PublishedRange, Root, overview, read_bank
from bedside.bank.spread import by_rule, difficulty, families
from bedside.findings import Finding, Severity
from tests.support.items import CODES, item_of, item_text, write_item, write_takeaways
from tests.support.models import write_model

BASE = item_of(item_text())
RANGES = [
    PublishedRange("exam", "first", "system", ("renal", "blood"), "Renal and blood", 10, 20),
    PublishedRange("exam", "first", "system", ("cardiovascular",), "Heart", 30, 50),
    PublishedRange("exam", "second", "system", ("renal",), "Renal", 20, 30),
    PublishedRange("exam", "second", "system", ("blood",), "Blood", None, None),
]


def test_items_models_and_cases_on_a_takeaway_are_a_family() -> None:
    items = [replace(BASE, id=f"renal-000{n}", takeaways=("renal.gap",)) for n in range(5)]
    (area,) = families(
        ["renal.gap", "renal.acid"],
        items,
        models={"renal-m001": ["renal.gap"]},
        cases={"renal-001": ["renal.gap", "x.unknown"]},
    )

    gap = next(family for family in area.families if family.takeaway == "renal.gap")
    assert (len(gap.items), gap.models, gap.cases, gap.size) == (5, ("renal-m001",), ("renal-001",), 7)
    assert area.by_items == {"0": 1, "1": 0, "2": 0, "3": 0, "4+": 1}


def test_areas_that_weigh_most_come_first() -> None:
    found = families(["renal.a", "blood.a", "cardiovascular.a", "social.a"], [], models={}, cases={}, ranges=RANGES)

    # renal: the mean of 7.5 (half of 15) and 25; blood: 7.5; the heart: 40
    assert [(area.area, area.weight) for area in found] == [
        ("cardiovascular", 40.0),
        ("renal", 16.2),
        ("blood", 7.5),
        ("social", None),
    ]


def test_judged_difficulty_is_counted_in_tenths() -> None:
    judged = [0.0, 0.29, 0.3, 0.7, 0.71, 1.0]
    spread = difficulty([replace(BASE, difficulty=value) for value in judged] + [replace(BASE, difficulty=None)])

    assert spread.bins == (1, 0, 1, 1, 0, 0, 0, 2, 0, 1)
    assert spread.n_items == 6


@given(st.lists(st.floats(0, 1)))
def test_every_judged_item_lies_in_one_tenth(judged: list[float]) -> None:
    assert sum(difficulty([replace(BASE, difficulty=value) for value in judged]).bins) == len(judged)


def test_findings_are_counted_by_rule_the_most_frequent_first() -> None:
    findings = [Finding("f", 1, None, rule, severity, "t") for rule, severity in (
        ("b", Severity.NOTE), ("a", Severity.ERROR), ("b", Severity.NOTE), ("b", Severity.WARNING),
    )]  # fmt: skip

    assert list(by_rule(findings).items()) == [("b", {"warning": 1, "note": 2}), ("a", {"error": 1})]


def test_everything_together_is_json_and_counts_models_where_there_are_some(tmp_path: Path) -> None:
    write_takeaways(tmp_path)
    write_item(tmp_path)
    write_model(tmp_path)
    bank = read_bank([Root(tmp_path, "own")], codes=CODES)
    assert list(bank.models) == ["renal-m001"], bank.left_out

    counted = overview(bank, ranges=RANGES, cases={}, findings=None)
    told = json.loads(json.dumps(counted.as_dict()))

    assert told["models"] == {
        "models": 1,
        "status": {"draft": 1},
        "steps": [{"programme": "exam", "step": "first", "models": 1}],
    }
    assert told["rules"] is None
    assert told["families"]["by_items"]["1"] == 1
    assert told["difficulty"]["items"] == 1
    assert told["reviews"]["first_reading"]["not_read"] == 1
    assert told["grids"][0]["counts"] == [[1], [0]]
