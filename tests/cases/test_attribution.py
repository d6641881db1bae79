"""Where the points went: each line repaired by itself, in a run again."""

from __future__ import annotations

import pytest

from bedside.cases import (
    PARSIMONY,
    Add,
    Drop,
    Loss,
    Order,
    Played,
    Replayed,
    Retime,
    acts_of,
    losses_of,
    play_again,
    run_script,
)
from tests.support.case_files import read_example
from tests.support.case_runs import MINUTE, example_case


def example(script: str) -> tuple[Played, Replayed]:
    course = acts_of(run_script(example_case(), read_example().scripts.get(script, script)))
    return course, play_again(course)


def losses(script: str) -> dict[str, Loss]:
    course, as_played = example(script)
    return {loss.id: loss for loss in losses_of(course, as_played, example("expert")[1])}


def test_the_expert_lost_nothing() -> None:
    assert losses("expert") == {}


@pytest.mark.parametrize("script", [*read_example().scripts, "", "0m order bicarbonate_iv metformin_po ns_iv; 2h move home"])
def test_every_lost_point_is_told_and_every_repair_holds_what_it_says(script: str) -> None:
    course, as_played = example(script)
    found = losses_of(course, as_played, example("expert")[1])
    lost = as_played.score.possible - as_played.score.raw

    assert sum(loss.points for loss in found) == pytest.approx(lost)
    for loss in found:
        if loss.replayed is None:
            assert (loss.edits, loss.gained) == ((), 0.0)
            continue
        again = play_again(course, loss.edits)
        assert again.score == loss.replayed.score
        assert 0 < loss.gained <= loss.points + 1e-9
        # what the line gained and what others did add up to the new score
        change = again.score.raw - as_played.score.raw
        assert loss.gained + sum(one.points for one in loss.also) == pytest.approx(change)


def test_an_action_that_came_late_is_moved_into_its_window() -> None:
    course, _ = example("late")
    fluids = losses("late")["fluids"]

    (edit,) = fluids.edits
    assert isinstance(edit, Retime)
    assert course.acts[edit.act].command == Order("ns_iv")
    assert edit.to_s <= 20 * MINUTE
    assert [fluids.points, fluids.gained] == pytest.approx([8.4, 8.4])


def test_an_action_that_was_not_done_is_the_experts() -> None:
    gas = losses("late")["blood_gas"]

    assert gas.edits == (Add(Order("vbg"), 0),)
    assert gas.percent == pytest.approx(example("late")[1].score.percent + 100 * 3 / 115, abs=0.1)


def test_an_action_whose_window_never_opened_is_not_repaired_alone() -> None:
    insulin = losses("insulin_first")["insulin"]

    assert (insulin.percent, insulin.edits) == (None, ())


def test_checks_are_added_where_gaps_are_too_long() -> None:
    checks = losses("late")["k_checks"]

    assert checks.edits
    assert all(isinstance(edit, Add) for edit in checks.edits)
    assert checks.gained == pytest.approx(checks.points)


def test_a_harm_is_repaired_by_leaving_out_what_did_it() -> None:
    course, _ = example("insulin_first")
    harm = losses("insulin_first")["h_insulin_low_k"]

    assert harm.edits == (Drop(next(n for n, act in enumerate(course.acts) if act.command == Order("insulin_regular_iv"))),)
    assert harm.gained == 15


def test_what_should_have_come_first_is_put_before_the_other() -> None:
    order = losses("0m order ns_iv insulin_regular_iv; 1h order kcl_iv")["potassium_first"]

    assert order.edits == (Retime(2, 0, is_first=True),)
    assert order.gained == 6


def test_a_harm_that_happened_is_traced_to_the_treatment_without_which_it_does_not() -> None:
    course, as_played = example(f"{read_example().scripts['late']}; 18h order insulin_regular_iv")
    assert as_played.run.history.first_s["low_glucose"] is not None
    low = next(loss for loss in losses_of(course, as_played, example("expert")[1]) if loss.id == "h_low_glucose")

    assert low.edits == (Drop(len(course.acts) - 1),)
    assert course.acts[-1].command == Order("insulin_regular_iv")


def test_a_goal_names_the_repairs_of_others_that_bring_it_nearer() -> None:
    closure = losses("late")["closure"]

    assert closure.percent is None
    assert {"fluids", "insulin"} <= set(closure.mended_by)


def test_needless_orders_are_left_out_together() -> None:
    course, as_played = example(f"0m order ns_iv {'ondansetron_po ' * 10}".strip())  # six are free
    found = losses_of(course, as_played, example("expert")[1])

    assert found[-1].id == PARSIMONY
    assert len(found[-1].edits) == 10
    assert found[-1].gained == -as_played.score.parsimony.points == 2
