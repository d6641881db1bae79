"""What a candidate can rely on in a sitting."""

from __future__ import annotations

import pytest

from bedside.delivery import (
    Answered,
    BlockClosed,
    BlockOpened,
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
    Started,
    Struck,
    TimeExpired,
    Voided,
    WriterIssued,
    fold,
)
from tests.support.sittings import PLAYER, SECOND_PLAYER, SERVER, Log, form, in_block, item, minutes, reasons


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


def test_an_answer_given_in_time_and_received_late_folds_before_the_provisional_close():
    server = Log(SERVER).add(TimeExpired(1), at=30)
    late = in_block().add(Answered(item="test-101", choice=("C",)), at=29, received=90)

    sitting = fold(form(), [*server.events, *late.events])

    assert sitting.answers["test-101"].choice == ("C",)
    assert sitting.refusals == ()


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
