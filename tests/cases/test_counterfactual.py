"""What if: a run again with an action moved, left out or added, at fixed times and with reactions that follow."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.cases import (
    Act,
    Add,
    Advance,
    AdvanceToResult,
    AdvanceUntilCalled,
    Cancel,
    Command,
    Drop,
    End,
    Examine,
    History,
    Move,
    Order,
    Played,
    Refused,
    Retime,
    Run,
    acts_of,
    digest_of,
    play_again,
    run_script,
    score,
    window_s,
)
from bedside.errors import UsageError
from tests.support.case_files import read_example
from tests.support.case_runs import HOUR, MINUTE, example_case, machine_case
from tests.support.examples import examples

GLUCOSE_250 = "Nurse: bedside glucose is now 250 mg/dL."


def played(script: str) -> Played:
    return acts_of(run_script(example_case(), read_example().scripts.get(script, script)))


def number_of(course: Played, command: Command) -> int:
    return next(number for number, act in enumerate(course.acts) if act.command == command)


def act_of(course: Played, command: Command) -> Act:
    return course.acts[number_of(course, command)]


def earlier(course: Played) -> list[Retime]:
    """Fluids and potassium of `late` 75 minutes earlier, insulin three hours."""
    return [
        Retime(number_of(course, Order("ns_iv")), 15 * MINUTE),
        Retime(number_of(course, Order("kcl_iv")), 15 * MINUTE),
        Retime(number_of(course, Order("insulin_regular_iv")), 2 * HOUR),
    ]


def test_treating_earlier_at_fixed_times_kills_as_dextrose_stays_where_it_was() -> None:
    course = played("late")
    again = play_again(course, earlier(course))

    assert again.run.history.has_died
    assert again.score.percent == pytest.approx(28, abs=0.5)
    assert again.done_s[number_of(course, Order("d5hns_iv"))] == 10 * HOUR


def test_treating_earlier_with_reactions_that_follow_does_better_than_what_was_played() -> None:
    course = played("late")
    again = play_again(course, earlier(course), anchored=True)
    note_s = next(note.at_s for note in again.run.history.notes if note.text == GLUCOSE_250)

    assert not again.run.history.has_died
    assert again.score.percent == pytest.approx(68, abs=1)
    assert again.score.percent > play_again(course).score.percent
    # in the run as played the note came at 9:06:48, and dextrose at 10:00
    assert again.done_s[number_of(course, Order("d5hns_iv"))] == note_s + (10 * HOUR - 32_808)


@pytest.mark.parametrize("anchored", [False, True])
@pytest.mark.parametrize("script", [*read_example().scripts, ""])
def test_without_a_change_it_is_the_played_run_to_the_last_bit(script: str, anchored: bool) -> None:
    run = run_script(example_case(), read_example().scripts.get(script, script))
    again = play_again(acts_of(run), anchored=anchored)

    assert digest_of(again.run.history.emitted) == digest_of(run.history.emitted)
    assert again.score == score(run.case, run.history)


COMMANDS = st.one_of(
    st.builds(
        Order,
        st.sampled_from(["bmp", "ns_iv", "kcl_iv", "insulin_regular_iv", "d10w_iv", "lispro_sq", "telemetry", "metformin_po"]),
        urgency=st.sampled_from(["stat", "routine"]),
        in_s=st.sampled_from([0, 0, 0, HOUR]),
    ),
    st.builds(Cancel, st.sampled_from(["ns_iv", "insulin_regular_iv"])),
    st.builds(Move, st.sampled_from(["icu", "ward", "home"])),
    st.builds(Examine, st.sampled_from(["general", "abdomen"])),
    st.builds(Advance, st.integers(0, 4 * HOUR)),
    st.sampled_from([History(), AdvanceToResult(), AdvanceUntilCalled(), AdvanceUntilCalled(), End()]),
)


@given(st.lists(COMMANDS, max_size=30), st.booleans(), st.integers(0, 2))
@settings(max_examples=examples(150), deadline=None)
def test_any_course_played_again_without_a_change_is_the_same(commands: list[Command], anchored: bool, seed: int) -> None:
    case = machine_case() if seed else example_case()
    run = Run(case, seed=seed)
    for command in commands:
        run.do(command)
    again = play_again(acts_of(run), anchored=anchored)

    assert (again.run.now_s, again.run.end) == (run.now_s, run.end)
    # to wait for a report when none is awaited is refused, and is no action
    emitted = [one for one in run.history.emitted if not (isinstance(one, Refused) and one.what == "result")]
    assert digest_of(again.run.history.emitted) == digest_of(emitted)


@given(st.lists(COMMANDS, max_size=30), st.data())
@settings(max_examples=examples(100), deadline=None)
def test_any_change_of_any_course_is_replayed_alike_each_time(commands: list[Command], data: st.DataObject) -> None:
    run = Run(example_case())
    for command in commands:
        run.do(command)
    course = acts_of(run)
    numbers = st.integers(0, len(course.acts) - 1)
    times_s = st.integers(0, run.case.end_s)
    edits = data.draw(
        st.lists(st.one_of(st.builds(Retime, numbers, times_s), st.builds(Drop, numbers)), max_size=3)
        if course.acts
        else st.just([])
    )
    anchored = data.draw(st.booleans())
    first, second = (play_again(course, edits, anchored=anchored) for _ in range(2))

    assert digest_of(first.run.history.emitted) == digest_of(second.run.history.emitted)
    assert first.run.is_over or first.run.now_s >= (course.until_s or 0)
    assert all(first.done_s[edit.act] is None for edit in edits if isinstance(edit, Drop))


def test_a_run_that_stopped_without_an_end_is_played_again_as_far() -> None:
    run = Run(example_case())
    run.do(Order("ns_iv"))
    run.do(Advance(HOUR))
    again = play_again(acts_of(run), [Add(Order("bmp"), 30 * MINUTE), Add(Order("cbc"), 2 * HOUR)])

    assert (again.run.now_s, again.run.is_over) == (HOUR, False)
    assert [action.target for action in again.run.history.actions] == ["ns_iv", "bmp"]


def test_an_action_answers_the_last_note_before_it() -> None:
    course = played("late")

    act = act_of(course, Order("d5hns_iv"))
    assert (getattr(act.answers, "text", None), act.lag_s) == (GLUCOSE_250, 10 * HOUR - 32_808)


def test_an_action_that_followed_no_note_answers_the_last_report() -> None:
    course = played("late")
    bmp = [number for number, act in enumerate(course.acts) if act.command == Order("bmp")]

    insulin = act_of(course, Order("insulin_regular_iv"))
    assert (getattr(insulin.answers, "act", None), insulin.lag_s) == (bmp[1], 50 * MINUTE)  # the one of 3:30, there at 4:10


def test_only_the_first_moment_after_something_is_an_answer_to_it() -> None:
    course = played("0m order bmp; 45m order ns_iv; 50m order kcl_iv; 70m order cbc")

    assert act_of(course, Order("ns_iv")).lag_s == 5 * MINUTE
    assert act_of(course, Order("kcl_iv")).lag_s == 10 * MINUTE
    assert act_of(course, Order("cbc")).answers is None


def test_what_comes_later_than_the_window_answers_nothing() -> None:
    window = window_s(example_case())
    inside = played(f"0m order bmp; {40 * 60 + window}s order ns_iv")
    outside = played(f"0m order bmp; {40 * 60 + window + 1}s order ns_iv")

    assert window == 90 * MINUTE
    assert act_of(inside, Order("ns_iv")).lag_s == window
    assert act_of(outside, Order("ns_iv")).answers is None


def test_what_answered_a_report_keeps_its_lag_when_the_test_is_moved() -> None:
    course = played("1h order bmp; 2h order ns_iv")
    again = play_again(course, [Retime(0, 10 * MINUTE)], anchored=True)

    assert again.done_s == (10 * MINUTE, 70 * MINUTE)


def test_what_answered_a_report_stays_where_it_was_when_the_test_is_left_out() -> None:
    course = played("1h order bmp; 2h order ns_iv")

    assert play_again(course, [Drop(0)], anchored=True).done_s == (None, 2 * HOUR)


def test_what_answered_a_note_is_not_done_when_the_note_does_not_come() -> None:
    course = played("late")
    insulin, dextrose = (number_of(course, Order(order)) for order in ("insulin_regular_iv", "d5hns_iv"))

    assert play_again(course, [Drop(insulin)], anchored=True).done_s[dextrose] is None
    assert play_again(course, [Drop(insulin)]).done_s[dextrose] == 10 * HOUR


def test_what_is_put_somewhere_stands_there_in_both_replays() -> None:
    course = played("late")
    dextrose = number_of(course, Order("d5hns_iv"))

    for anchored in (False, True):
        assert play_again(course, [Retime(dextrose, 9 * HOUR)], anchored=anchored).done_s[dextrose] == 9 * HOUR


def test_what_is_added_first_comes_before_what_was_done_at_that_instant() -> None:
    course = played("15m order insulin_regular_iv")
    last, first = (
        play_again(course, [Add(Order("kcl_iv"), 15 * MINUTE, is_first=is_first)]).run.history.actions
        for is_first in (False, True)
    )

    assert [action.target for action in last] == ["insulin_regular_iv", "kcl_iv"]
    assert [action.target for action in first] == ["kcl_iv", "insulin_regular_iv"]


def test_what_was_refused_is_tried_again() -> None:
    run = Run(example_case())
    run.do(Cancel("ns_iv"))
    run.do(Advance(HOUR))
    course = acts_of(run)

    assert course.acts[0].was_refused
    assert play_again(course).done_s == (None,)


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (Retime(99, 0), "none of the number 99"),
        (Drop(-1), "none of the number -1"),
        (Retime(0, -1), "-1 s is outside"),
        (Add(Order("bmp"), 129_601), "129601 s is outside"),
        (Add(Advance(5), 0), "no action"),
    ],
)
def test_a_change_that_can_not_be_is_an_error(edit: Retime | Drop | Add, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        play_again(played("late"), [edit])
