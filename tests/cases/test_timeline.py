"""What a debrief draws: curves, marks, windows and waits."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bedside.cases import Run, marks_of, run_script, score, series_of, waits_of, windows_of
from tests.support.case_files import read_example
from tests.support.case_runs import HOUR, MINUTE, example_case


def run_of(script: str) -> Run:
    return run_script(example_case(), read_example().scripts.get(script, script))


@pytest.mark.parametrize("script", ["late", "insulin_first", "expert", ""])
def test_the_points_of_a_curve_are_exact_and_straight_lines_between_them_close(script: str) -> None:
    run = run_of(script)
    for one in series_of(run):
        values = [value for _, value in one.points]
        span = max(values) - min(values)
        assert [at_s for at_s, _ in one.points] == sorted({at_s for at_s, _ in one.points})
        assert (one.points[0][0], one.points[-1][0]) == (0, run.now_s)
        for at_s, value in one.points:
            assert value == run.values_at(one.name, at_s)
        for at_s in range(0, run.now_s, 499):
            assert one.at(at_s) == pytest.approx(run.values_at(one.name, at_s), abs=span / 200 + 1e-9)


def test_a_jump_has_a_point_on_each_side() -> None:
    run = run_of("insulin_first")
    vt_s = run.history.first_s["vt"]
    rate = next(one for one in series_of(run) if one.name == "hr")

    assert vt_s is not None
    jumps = [later for before, later in pairwise(rate.points) if later[1] - before[1] > 50]
    assert [at_s for at_s, _ in jumps] == [vt_s]


def test_curves_have_names_units_and_reference_intervals_where_the_catalogue_has_them() -> None:
    by_name = {one.name: one for one in series_of(run_of("late"))}

    assert list(by_name)[:3] == ["hr", "sbp", "dbp"]
    assert (by_name["k"].label, by_name["k"].unit, by_name["k"].is_variable) == ("Potassium", "mmol/L", True)
    assert by_name["k"].low is not None
    assert (by_name["deficit"].label, by_name["deficit"].unit, by_name["deficit"].low) == ("Deficit", "L", None)
    assert by_name["temp"].is_constant


def test_marks_tell_all_in_order() -> None:
    marks = marks_of(run_of("late"))

    assert [mark.at_s for mark in marks] == sorted(mark.at_s for mark in marks)
    assert {mark.kind for mark in marks} == {"action", "examination", "report", "note", "state", "event", "end"}
    assert marks[-1].what == "time"


def test_a_window_counts_from_its_event() -> None:
    run = run_of("late")
    windows = {one.id: one for one in windows_of(run, score(run.case, run.history))}
    opens_s = run.history.first_s["k_safe"]

    assert opens_s is not None
    insulin = windows["insulin"]
    assert (insulin.opens_s, insulin.full_s, insulin.zero_s) == (opens_s, opens_s + 45 * MINUTE, opens_s + 3 * HOUR)
    assert insulin.done_s == 5 * HOUR
    assert "teaching" not in windows


def test_a_window_that_never_opened_has_no_time() -> None:
    run = run_of("")
    insulin = next(one for one in windows_of(run, score(run.case, run.history)) if one.id == "insulin")

    assert (insulin.opens_s, insulin.full_s, insulin.zero_s, insulin.done_s) == (None, None, None, None)


def test_waits_count_from_the_opening_of_each_own_window() -> None:
    waits = {one.id: one for one in waits_of(run_of("late"), run_of("expert"))}

    assert [waits["fluids"].lag_s, waits["fluids"].expert_s] == [90 * MINUTE, 0]
    assert waits["insulin"].expert_s == 20 * MINUTE
    assert waits["icu"].lag_s is None
    assert next(iter(waits)) == "fluids"
    assert [one.is_critical for one in waits.values()] == sorted((one.is_critical for one in waits.values()), reverse=True)
