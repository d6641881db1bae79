"""What a candidate can rely on in a sitting."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from bedside.delivery import (
    Answered,
    BlockClosed,
    BlockOpened,
    BreakEnded,
    BreakStarted,
    Cleared,
    Disclosed,
    Event,
    Finished,
    Flagged,
    FormFixed,
    GrantedTime,
    Highlighted,
    ItemShown,
    Message,
    Mode,
    Noted,
    Reason,
    Reopened,
    Resumed,
    Settings,
    Sitting,
    Started,
    Struck,
    Suspended,
    TimeExpired,
    Voided,
    WriterIssued,
    as_of,
    fold,
)
from tests.support.sittings import PLAYER, SECOND_PLAYER, SERVER, Log, form, in_block, item, minutes


def reasons(sitting: Sitting) -> list[Reason]:
    return [refusal.reason for refusal in sitting.refusals]


def test_an_answer_in_an_open_block_counts():
    sitting = fold(form(), in_block().add(Answered(item="test-101", choice=("B",), ms=42_000), at=1).events)

    answer = sitting.answers["test-101"]
    assert (answer.choice, answer.ms, answer.changes) == (("B",), 42_000, 0)
    assert sitting.refusals == ()


def test_an_answer_after_the_deadline_is_refused_by_name():
    log = in_block().add(Answered(item="test-101", choice=("B",)), at=31)

    sitting = fold(form(), log.events)

    assert reasons(sitting) == [Reason.TIME_EXPIRED]
    assert sitting.answers == {}
    assert sitting.state == "between_blocks"
    assert sitting.blocks[0].closed_at == minutes(30)


def test_an_answer_at_the_very_deadline_is_too_late_and_a_millisecond_before_is_not():
    log = in_block()
    deadline = minutes(30)
    log.add(Answered(item="test-101", choice=("A",)), at=30 - 1 / 60_000).add(Answered(item="test-102", choice=("A",)), at=30)

    sitting = fold(form(), log.events)

    assert set(sitting.answers) == {"test-101"}
    assert sitting.blocks[0].closed_at == deadline


def test_an_answer_given_in_time_and_received_late_folds_before_the_provisional_close():
    server = Log(SERVER).add(TimeExpired(1), at=30)
    late = in_block().add(Answered(item="test-101", choice=("C",)), at=29, received=90)

    sitting = fold(form(), [*server.events, *late.events])

    assert sitting.answers["test-101"].choice == ("C",)
    assert sitting.refusals == ()


def test_with_a_grace_an_answer_that_arrives_after_it_is_kept_and_not_scored():
    log = (
        in_block()
        .add(Answered(item="test-101", choice=("C",)), at=29, received=31)
        .add(Answered(item="test-102", choice=("C",)), at=29, received=33)
    )

    sitting = fold(form(grace_s=120), log.events)

    assert set(sitting.answers) == {"test-101"}
    assert reasons(sitting) == [Reason.TOO_LATE]


def test_a_closed_block_can_not_be_opened_or_worked_on_again():
    log = (
        in_block()
        .add(BlockClosed(1), at=5)
        .add(Answered(item="test-101", choice=("A",)), at=6)
        .add(BlockOpened(1), at=7)
        .add(BlockClosed(1), at=8)
    )

    assert reasons(fold(form(), log.events)) == [Reason.BLOCK_CLOSED] * 3


def test_the_last_block_ends_the_sitting():
    log = in_block().add(BlockClosed(1), at=5).add(Finished(), at=6).add(BlockOpened(2), at=7)

    sitting = fold(form(blocks=1), log.events)

    assert sitting.state == "finished"
    assert reasons(sitting) == [Reason.FINISHED]


def test_finishing_closes_the_open_block():
    sitting = fold(form(), in_block().add(Finished(), at=5).events)

    assert sitting.state == "finished"
    assert [run.block for run in sitting.blocks] == [1]


def test_items_of_a_block_that_is_not_open_yet_are_refused():
    sitting = fold(form(), in_block().add(Answered(item="test-201", choice=("A",)), at=1).events)

    assert reasons(sitting) == [Reason.OUT_OF_ORDER]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (Answered(item="nowhere-1", choice=("A",)), Reason.UNKNOWN_ITEM),
        (Answered(item="test-101", choice=("F",)), Reason.UNKNOWN_OPTION),
        (Answered(item="test-101", choice=("A", "B")), Reason.UNKNOWN_OPTION),
        (Struck(item="test-101", option="Z", on=True), Reason.UNKNOWN_OPTION),
        (BlockOpened(9), Reason.UNKNOWN_BLOCK),
        (BlockOpened(2), Reason.OUT_OF_ORDER),
        (Started(), Reason.OUT_OF_ORDER),
        (BreakStarted(), Reason.OUT_OF_ORDER),
        (GrantedTime(2, 60), Reason.OUT_OF_ORDER),
        (Reopened(), Reason.OUT_OF_ORDER),
    ],
)
def test_what_does_not_follow_is_refused_by_name_and_changes_nothing(body, reason):
    before = fold(form(), in_block().events)

    after = fold(form(), in_block().add(body, at=1).events)

    assert reasons(after) == [reason]
    assert (after.phase, after.work, after.blocks) == (before.phase, before.work, before.blocks)


@pytest.mark.parametrize(
    "body", [BlockOpened(1), BlockClosed(1), Answered(item="test-101", choice=("A",)), Finished(), BreakStarted()]
)
def test_before_the_start_nothing_counts(body):
    assert reasons(fold(form(), Log().add(body, at=0).events)) == [Reason.NOT_STARTED]


def test_a_multiple_select_item_takes_several_options():
    several = form()
    first = several.blocks[0].items[0]
    changed = type(several)(
        id="f",
        mode=several.mode,
        blocks=(type(several.blocks[0])((item(1, 1, kind="multiple_select"), *several.blocks[0].items[1:]), 1800),),
    )

    sitting = fold(changed, in_block().add(Answered(item=first.id, choice=("C", "A")), at=1).events)

    assert sitting.answers[first.id].choice == ("A", "C")


def test_changes_of_an_answer_are_counted_and_kept():
    log = in_block()
    for at, choice in enumerate("ABBA", start=1):
        log.add(Answered(item="test-101", choice=(choice,)), at=at)
    log.add(Cleared("test-101"), at=6).add(Answered(item="test-101", choice=("D",)), at=7)

    answer = fold(form(), log.events).answers["test-101"]

    assert answer.history == (("A",), ("B",), ("A",), (), ("D",))
    assert answer.changes == 4


def test_an_answer_that_was_taken_back_is_no_answer():
    log = in_block().add(Answered(item="test-101", choice=("A",)), at=1).add(Cleared("test-101"), at=2)

    assert fold(form(), log.events).answers == {}


def test_in_tutor_mode_the_first_answer_stays():
    log = (
        in_block()
        .add(Answered(item="test-101", choice=("A",)), at=1)
        .add(Answered(item="test-101", choice=("B",)), at=2)
        .add(Cleared("test-101"), at=3)
    )

    sitting = fold(form(mode=Mode.TUTOR, limit_min=None), log.events)

    assert sitting.answers["test-101"].choice == ("A",)
    assert reasons(sitting) == [Reason.ANSWER_LOCKED, Reason.ANSWER_LOCKED]


def test_an_item_takes_no_longer_than_its_block_has_been_open():
    sitting = fold(form(), in_block().add(Answered(item="test-101", choice=("A",), ms=9_999_999), at=2).events)

    assert sitting.answers["test-101"].ms == 2 * 60_000


def test_marks_on_an_item_are_kept():
    log = (
        in_block()
        .add(ItemShown("test-102"), at=1)
        .add(Flagged("test-102", on=True), at=1)
        .add(Struck("test-102", "D", on=True), at=1)
        .add(Struck("test-102", "B", on=True), at=1)
        .add(Struck("test-102", "D", on=False), at=1)
        .add(Highlighted("test-102", ((5, 9), (0, 3), (8, 12), (4, 4))), at=1)
        .add(Noted("test-102", "check the anion gap"), at=1)
    )

    sitting = fold(form(), log.events)
    work = sitting.work["test-102"]

    assert work.is_flagged
    assert work.struck == ("B",)
    assert work.highlights == ((0, 3), (5, 12))
    assert work.note == "check the anion gap"
    assert work.shown_at == minutes(1)
    assert sitting.phase.item == "test-102"  # type: ignore[union-attr]  # the phase is a block


def test_a_time_factor_lengthens_every_block():
    sitting = fold(form(time_factor=Fraction(3, 2)), in_block().events)

    assert sitting.deadline == minutes(45)


def test_without_a_clock_a_block_never_ends_by_itself():
    sitting = fold(form(limit_min=None), in_block().add(Answered(item="test-101", choice=("A",)), at=10_000).events)

    assert sitting.state == "in_block"
    assert set(sitting.answers) == {"test-101"}


def test_the_break_bank_gains_what_is_left_of_tutorial_and_block_and_pays_for_breaks():
    log = (
        Log()
        .add(Started(), at=0)
        .add(BlockOpened(1), at=2)  # 3 of 5 tutorial minutes left: bank 45 + 3
        .add(BlockClosed(1), at=22)  # 10 of 30 minutes left: bank 58
        .add(BreakStarted(), at=22)
        .add(BreakEnded(), at=42)
        .add(BlockOpened(2), at=42)  # 20 minutes spent: bank 38
    )

    sitting = fold(form(blocks=3, break_min=45, tutorial_min=5), log.events)

    assert sitting.break_ms == 38 * 60_000
    assert sitting.deadline == minutes(72)


def test_a_break_that_overruns_is_taken_from_the_blocks_that_follow():
    log = (
        Log()
        .add(Started(), at=0)
        .add(BlockOpened(1), at=0)
        .add(BlockClosed(1), at=30 - 1 / 60_000)
        .add(BlockOpened(2), at=75)  # 45 minutes between, 10 in the bank: 35 too many
        .add(Answered(item="test-201", choice=("A",)), at=75)
        .add(BlockOpened(3), at=75)
    )

    sitting = fold(form(blocks=3, break_min=10), log.events)

    # 30 of the 35 minutes use up block 2, which ends at once; the remaining 5 come off block 3
    assert sitting.blocks[1].used_ms == 0
    assert sitting.deadline == minutes(100)
    assert reasons(sitting) == [Reason.TIME_EXPIRED]


def test_a_stopped_clock_moves_the_deadline_and_refuses_answers():
    server = Log(SERVER).add(Suspended("fire alarm"), at=10).add(Reopened(), at=25)
    player = (
        in_block()
        .add(Answered(item="test-101", choice=("A",)), at=12)
        .add(Answered(item="test-102", choice=("A",)), at=40)
        .add(BlockClosed(1), at=44)
    )

    sitting = fold(form(), [*player.events, *server.events])

    assert reasons(sitting) == [Reason.SUSPENDED]
    assert set(sitting.answers) == {"test-102"}
    assert sitting.blocks[0].used_ms == 29 * 60_000


def test_granted_time_moves_the_deadline():
    events = [*in_block().events, *Log(SERVER).add(GrantedTime(1, 300, "late start"), at=5).events]

    assert fold(form(), events).deadline == minutes(35)


def test_granted_time_does_not_become_break_time():
    log = Log().add(Started(), at=0).add(BlockOpened(1), at=0).add(BlockClosed(1), at=10)
    server = Log(SERVER).add(GrantedTime(1, 6000), at=5)

    # 20 of the block's own 30 minutes were left; the hundred that were granted are gone
    assert fold(form(break_min=10), [*log.events, *server.events]).break_ms == 30 * 60_000


def test_time_can_be_granted_while_the_clock_is_stopped():
    server = Log(SERVER).add(Suspended(), at=10).add(GrantedTime(1, 300), at=12).add(Reopened(), at=20)

    assert fold(form(), [*in_block().events, *server.events]).deadline == minutes(45)


def test_a_stopped_clock_between_blocks_costs_no_break_time():
    log = Log().add(Started(), at=0).add(BlockOpened(1), at=0).add(BlockClosed(1), at=20).add(BreakStarted(), at=20)
    log.add(BreakEnded(), at=60).add(BlockOpened(2), at=60)
    server = Log(SERVER).add(Suspended("power cut"), at=25).add(Reopened(), at=55)

    # 10 minutes from the block and 10 of the bank, less 40 between blocks of which 30 stood still
    assert fold(form(break_min=10), [*log.events, *server.events]).break_ms == 10 * 60_000


def test_nothing_counts_in_a_void_sitting():
    server = Log(SERVER).add(Voided("identity"), at=5)
    player = in_block().add(Answered(item="test-101", choice=("A",)), at=6)

    sitting = fold(form(), [*player.events, *server.events])

    assert sitting.state == "voided"
    assert reasons(sitting) == [Reason.VOIDED]


def test_what_an_older_player_did_before_the_take_over_counts_and_what_it_did_after_does_not():
    server = Log(SERVER).add(WriterIssued(PLAYER), at=0).add(WriterIssued(SECOND_PLAYER), at=10)
    first = (
        in_block()
        .add(Answered(item="test-101", choice=("A",)), at=9, received=20)
        .add(Answered(item="test-102", choice=("A",)), at=11, received=20)
    )
    second = Log(SECOND_PLAYER).add(Answered(item="test-103", choice=("B",)), at=12)

    sitting = fold(form(), [*server.events, *first.events, *second.events])

    assert set(sitting.answers) == {"test-101", "test-103"}
    assert reasons(sitting) == [Reason.WRITER_SUPERSEDED]


def test_what_an_older_player_did_to_blocks_counts_only_if_it_arrived_before_the_take_over():
    server = Log(SERVER).add(WriterIssued(PLAYER), at=0).add(WriterIssued(SECOND_PLAYER), at=10)
    first = in_block()
    late_end = Event(PLAYER, 3, minutes(5), minutes(20), 0, BlockClosed(1), after_takeover=True)
    late_answer = Event(PLAYER, 4, minutes(6), minutes(20), 0, Answered("test-101", ("A",)), after_takeover=True)
    second = Log(SECOND_PLAYER).add(Answered("test-102", ("B",)), at=12)

    sitting = fold(form(), [*server.events, *first.events, late_end, late_answer, *second.events])

    assert sitting.state == "in_block"
    assert set(sitting.answers) == {"test-101", "test-102"}
    assert reasons(sitting) == [Reason.WRITER_SUPERSEDED]


def test_an_answer_that_arrives_after_its_key_was_given_out_does_not_count_however_early_it_says_it_was():
    server = Log(SERVER).add(Disclosed(("test-101", "test-102", "test-103")), at=40)
    honest = in_block().add(Answered("test-101", ("A",)), at=5, received=39)
    forged = Event(PLAYER, 4, minutes(6), minutes(41), 0, Answered("test-102", ("B",)), after_disclosure=True)
    taken_back = Event(PLAYER, 5, minutes(7), minutes(41), 0, Cleared("test-101"), after_disclosure=True)
    note = Event(PLAYER, 6, minutes(8), minutes(41), 0, Noted("test-102", "kept"), after_disclosure=False)

    sitting = fold(form(), [*server.events, *honest.events, forged, taken_back, note])

    assert set(sitting.answers) == {"test-101"}
    assert reasons(sitting) == [Reason.ANSWER_LOCKED, Reason.ANSWER_LOCKED]
    assert sitting.work["test-102"].note == "kept"


def test_after_a_disclosure_in_an_open_block_the_item_is_locked():
    server = Log(SERVER).add(Disclosed(("test-101",)), at=2)
    log = in_block().add(Answered("test-101", ("A",)), at=3).add(Answered("test-102", ("A",)), at=3)

    sitting = fold(form(), [*server.events, *log.events])

    assert set(sitting.answers) == {"test-102"}
    assert reasons(sitting) == [Reason.ANSWER_LOCKED]


def test_a_form_that_is_not_open_tells_nothing_of_its_items():
    log = Log().add(Started(), at=0).add(ItemShown("test-101"), at=1).add(ItemShown("nowhere-1"), at=1)

    assert reasons(fold(form(), log.events)) == [Reason.OUT_OF_ORDER, Reason.OUT_OF_ORDER]


def test_fixing_the_form_changes_nothing():
    events = [*Log(SERVER).add(FormFixed("0" * 64), at=0).events, *in_block().events]

    assert fold(form(), events).phase == fold(form(), in_block().events).phase


def test_settings_do_not_grow_without_end():
    log = in_block()
    for number in range(50):
        log.add(Settings({f"key{number}": True}), at=1)

    assert len(fold(form(), log.events).settings) == 30


def test_messages_settings_and_resumptions_change_nothing_else():
    log = in_block().add(Resumed(), at=1).add(Settings({"text_size": 2}), at=1).add(Settings({"clock": False}), at=2)

    sitting = fold(form(), [*log.events, *Log(SERVER).add(Message("ten minutes left"), at=3).events])

    assert sitting.settings == {"text_size": 2, "clock": False}
    assert sitting.phase == fold(form(), in_block().events).phase


def test_as_of_closes_a_block_whose_time_is_over():
    sitting = fold(form(), in_block().events)

    assert as_of(form(), sitting, minutes(29)).state == "in_block"
    assert as_of(form(), sitting, minutes(30) + timedelta(hours=9)).blocks[0].closed_at == minutes(30)
