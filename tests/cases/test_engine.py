"""The engine: how commands pass time, and what cuts it short."""

from __future__ import annotations

from bedside.cases import (
    Advance,
    AdvanceToResult,
    AdvanceUntilCalled,
    Cancel,
    Ended,
    Examine,
    Examined,
    Move,
    Moved,
    Note,
    Order,
    Refused,
    Resulted,
    Run,
    Stopped,
)
from tests.support.case_files import small_catalogue
from tests.support.case_runs import HOUR, MINUTE, all_of, example_run, example_with_changes, machine_with, reason_of


def test_a_note_cuts_an_advance_short_and_a_report_does_not() -> None:
    run = example_run()
    for order in ("bmp", "insulin_regular_iv"):
        run.do(Order(order))
    out = run.do(Advance(36 * HOUR))

    assert out[-1] == Note(run.now_s, "Nurse: frequent ventricular ectopics since the insulin was started.", "alert")
    assert all_of(Resulted, run) == [] or run.now_s > 40 * MINUTE


def test_waiting_until_called_ends_with_a_note_a_report_or_the_case() -> None:
    run = example_run()
    run.do(Order("bmp"))
    assert isinstance(run.do(AdvanceUntilCalled())[-1], Resulted)
    while not run.is_over:
        out = run.do(AdvanceUntilCalled())
        assert any(isinstance(one, Note | Resulted | Ended) for one in out)


def test_advancing_to_a_report_needs_one_that_is_awaited() -> None:
    run = example_run()
    (refused,) = run.do(AdvanceToResult())
    assert refused == Refused(0, "result", "no report is awaited")
    (refused,) = run.do(Advance(-1))
    assert refused == Refused(0, "-1", "time does not go back")
    run.do(Order("cbc", in_s=HOUR))
    assert all_of(Resulted, run.do(AdvanceToResult()))


def test_an_examination_takes_its_time_and_finds_what_was_at_its_beginning() -> None:
    run = Run(machine_with(("{go: late, after: 5h}", "{go: hot, after: 30s}")))
    (found,) = all_of(Examined, run.do(Examine("abdomen")))

    assert (found.report, found.collected_s, found.at_s, run.now_s) == ("Cold.", 0, MINUTE, MINUTE)
    assert run.state_of("mood") == "hot"
    assert run.history.first_s["checked"] == MINUTE


def test_a_move_takes_its_time_and_stops_what_is_not_possible_there() -> None:
    run = example_run()
    run.do(Order("ns_iv"))
    run.advance_to(HOUR)
    catalogue = small_catalogue()
    takes_s = catalogue.move_s("ed", "home")
    out = run.do(Move("home"))

    assert [one for one in out if isinstance(one, Moved | Stopped)] == [
        Moved(HOUR + takes_s, "home"),
        Stopped(HOUR + takes_s, 0, "ns_iv"),
    ]
    assert [note.source for note in all_of(Note, out)] == ["orders"]
    assert catalogue.orders["ns_iv"].name in all_of(Note, out)[0].text
    assert run.location == "home"


def test_a_fork_goes_its_own_way() -> None:
    run = example_run()
    run.do(Order("ns_iv"))
    run.do(Advance(HOUR))
    fork = run.fork()
    fork.do(Cancel("ns_iv"))
    fork.advance_to(5 * HOUR)
    run.advance_to(5 * HOUR)

    straight = example_run()
    straight.do(Order("ns_iv"))
    straight.do(Advance(HOUR))
    straight.advance_to(5 * HOUR)
    assert run.history.emitted == straight.history.emitted
    assert run.value("deficit") == straight.value("deficit") < fork.value("deficit")


REFUSAL = "Nurse: nobody will take her."
REFUSING = (
    "results:                   ",
    f"""refusals:
  - {{refuse: ["move:home", crystalloid, "exam:general", "cancel:kcl_iv"], when: "state(shock) or deficit >= 8.2",
     text: "{REFUSAL}"}}
  - {{refuse: metformin_po, text: Not with these kidneys.}}
results:                   """,
)


def test_what_the_case_refuses_in_a_state_is_refused_in_its_words_and_only_then() -> None:
    run = Run(example_with_changes(REFUSING))
    run.do(Order("kcl_iv"))
    run.advance_to(7 * HOUR)
    assert run.state_of("perfusion") == "dry"
    assert all_of(Examined, run.do(Examine("general")))
    while run.state_of("perfusion") != "shock":
        run.do(Advance(HOUR))
    for command in (Move("home"), Order("ns_iv"), Examine("general"), Cancel("kcl_iv")):
        assert reason_of(run, command) == REFUSAL
    assert [action.was_refused for action in run.history.actions][-4:] == [True] * 4

    assert all_of(Moved, run.do(Move("icu")))
    assert reason_of(run, Order("metformin_po")) == "Not with these kidneys."


def test_a_threshold_that_only_a_refusal_asks_for_leaves_the_course_as_it_was() -> None:
    plain, refusing = example_run(), Run(example_with_changes(REFUSING))
    for run in (plain, refusing):
        run.advance_to(36 * HOUR)

    assert plain.history.emitted == refusing.history.emitted
    assert plain.history.course == refusing.history.course


def test_an_order_for_later_is_judged_when_it_is_given() -> None:
    run = Run(example_with_changes(REFUSING))
    run.do(Order("ns_iv", in_s=10 * HOUR))
    run.advance_to(10 * HOUR)

    assert run.state_of("perfusion") == "shock"
    assert [action.was_refused for action in run.history.actions] == [False]
