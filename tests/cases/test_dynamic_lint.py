"""The codes that need runs: each with one thing that is wrong, in the case itself or in the figures that it would show."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from bedside.cases import CODES, DYNAMIC, Bench, Failure, check_case, code_table, evidence_of
from bedside.cases.mutation import Mutant, item_mutants, mutants
from bedside.cases.panel import ItemRest
from bedside.cases.trials import Added, Dropped, try_variant
from tests.support.case_files import read_example, small_catalogue
from tests.support.case_trials import (
    codes_of,
    example_evidence,
    judged,
    with_panel,
    with_script,
    with_tally,
    with_trials,
)

HARMLESS = {"C206", "C502", "C707", "C710"}  # what the worked example itself shows with few runs


def item(changed, **changes):
    return tuple(replace(one, **changes) if one.id == changed else one for one in example_evidence().panel.items)


def drop(order, *, percent=100.0, reason="met"):
    return (Dropped(0, ("order", order), percent, reason, same_course=True),)


def played(name):
    return example_evidence().trials[0].played(name)


def points(name, share):
    return tuple(replace(one, points=share * one.possible) if one.id == name else one for one in played("expert").points)


FIXTURES = {
    "C204": lambda: with_script("expert", reason="time"),
    "C206": lambda: replace(with_tally(states=set()), trials=with_script("late", states=frozenset()).trials),
    "C403": lambda: with_script("expert", points=points("insulin", 0.9)),
    "C501": lambda: with_trials(drops=drop("iv_access", reason="died")),
    "C502": lambda: with_trials(drops=drop("ct_head_plain", percent=played("expert").percent)),
    "C601": lambda: with_script("late", percent=76.0),
    "C602": lambda: with_script("expert", percent=94.9),
    "C603": lambda: with_script("nothing", percent=10.5),
    "C604": lambda: with_script("everything", percent=36.0),
    "C605": lambda: with_script("kitchen_sink", percent=61.0),
    "C606": lambda: with_trials(harms=(Added("h_bicarbonate", ("order", "bicarbonate_iv"), 0, 100.0),)),
    "C607": lambda: with_trials(neutral=(Added(None, ("order", "cbc"), 0, 97.0),)),
    "C608": lambda: with_trials(delays=((600, 100.9),)),
    "C701": lambda: with_tally(n_failures=1, failures=[Failure(3, "biased", 3, "ZeroDivisionError: no", ())]),
    "C702": lambda: with_tally(best_by_chance=70.5),
    "C703": lambda: with_panel(correlation=0.69),
    "C704": lambda: with_panel(bands=(1.0, 2.0, 3.0, 3.0, 5.0)),
    "C705": lambda: with_panel(on_one=0.11),
    "C706": lambda: with_panel(items=item("fluids", correlation=0.0)),
    "C707": lambda: with_panel(items=item("h_vt", correlation=-0.2)),
    "C708": lambda: with_tally(watched_s=100, pinned_s=Counter({"k": 31})),
    "C709": lambda: with_tally(by_chance=Counter({"fluids": 10}), runs=Counter({"biased": 12})),
    "C710": lambda: replace(example_evidence(), mutants=(Mutant(("effects", "volume"), "effect volume", False),)),
    "C711": lambda: with_tally(ends=Counter({"died": 60})),
}


@pytest.mark.parametrize("code", FIXTURES)
def test_each_code_is_found_where_its_figure_is_wrong_and_only_there(code):
    found = codes_of(judged(FIXTURES[code]()))

    assert code in found
    assert code in HARMLESS or code not in codes_of(judged())


def test_every_code_that_needs_runs_has_a_figure_here_or_a_test_of_its_own():
    assert DYNAMIC - FIXTURES.keys() == {"C700", "C901", "C902", "C903"}  # of the command, and of the proof


def test_the_documentation_has_every_code():
    page = Path(__file__).parents[2] / "docs" / "how-to" / "check-a-case.md"

    assert code_table() in page.read_text(encoding="utf-8")


def test_the_worked_example_has_no_error():
    assert [one for one in judged() if one.severity.value == "error"] == []


def test_tidying_up_for_the_end_may_go_uncredited_unless_somebody_dies_without_it():
    def without(reason):
        return with_trials(drops=(Dropped(0, ("cancel", "kcl_iv"), 90.0, reason, same_course=False),))

    assert "C501" not in codes_of(judged(without("time")))
    assert "C501" in codes_of(judged(without("died")))


def test_an_order_on_which_a_credited_event_waits_is_credited():
    case = read_example(
        ("rebound: state(rebound),", 'rebound: state(rebound), calm: "seen(gone)", gone: "state(asleep)",'),
        (
            "  neuro:\n",
            "  nap:\n    initial: awake\n    awake: {to: [{go: asleep, when: active(iv_access)}]}\n    asleep: {}\n  neuro:\n",
        ),
        ("  - {id: teaching,", "  - {id: calm, reach: calm, pts: 1}\n  - {id: teaching,"),
    )
    vital = with_trials(drops=drop("iv_access", reason="died"))

    assert "C501" in codes_of(judged(vital))
    assert "C501" not in codes_of(judged(vital, case))


def test_findings_stand_where_the_case_says_it():
    (finding,) = [one for one in judged(FIXTURES["C601"]()) if one.rule == "C601"]
    (harm,) = [one for one in judged(FIXTURES["C606"]()) if one.rule == "C606"]

    assert "late scores 76.0, outside 45 to 75" in finding.text
    assert finding.line > harm.line > 100
    assert finding.column is not None


def test_a_warning_may_be_waived_and_an_error_not():
    case = read_example(("\ndebrief:", "\nwaivers: {C708: It rests there.}\ndebrief:"))

    assert "C708" not in codes_of(judged(FIXTURES["C708"](), case))
    assert "C120" in codes_of(judged(None, case))  # it waives nothing
    assert codes_of(check_case(case, small_catalogue())) & {"C119", "C120"} == set()
    assert "C701" in codes_of(judged(FIXTURES["C701"](), case))


def test_an_item_that_all_earn_alike_has_no_correlation_to_judge():
    assert "C706" not in codes_of(judged(with_panel(items=(ItemRest("fluids", True, None),))))


# what the runs themselves find in a case that was made wrong


def test_a_credit_that_comes_too_late_for_the_expert_is_found():
    case = read_example(("do: kcl, full: 45m, zero: 2h, pts: 10", "do: kcl, full: 1m, zero: 20m, pts: 10"))
    evidence = replace(example_evidence(), trials=(try_variant(case, small_catalogue(), None),))

    assert {"C403", "C602", "C601"} <= codes_of(judged(evidence, case))


def test_a_life_saving_order_that_no_item_credits_is_found():
    case = read_example(
        ('  - {id: dextrose, do: dextrose, when: "glucose <= 260", from: glucose_250, full: 30m, zero: 2h, pts: 8}\n', "")
    )
    evidence = replace(with_panel(items=()), trials=(try_variant(case, small_catalogue(), None),))

    assert any(one.rule == "C501" and "d10w_iv" in one.text for one in judged(evidence, case))


def test_a_harm_added_to_the_expert_is_tried_where_it_counts():
    (trials,) = example_evidence().trials
    tried = {one.item: one for one in trials.harms}

    assert tried["h_insulin_low_k"].percent < 70
    assert tried["h_stopped_early"].at_s > 0  # nothing runs at the start
    assert trials.untriggered == ()


def test_a_mutant_is_noticed_where_a_script_runs_otherwise():
    case = read_example()
    found = {one.what: one.is_noticed for one in mutants(case, small_catalogue(), [0, 1, 3])}

    assert found["effect volume"]
    assert found["effect insulin"]
    assert {one.what: one.is_noticed for one in item_mutants(case, example_evidence().trials)}["item fluids"]


@pytest.mark.slow
def test_the_worked_example_passes_every_gate_with_many_runs():
    evidence = evidence_of(Bench(read_example(), small_catalogue(), 1000, seed=1))

    assert [one for one in judged(evidence) if CODES[one.rule].severity.value == "error"] == []
