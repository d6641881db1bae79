"""Patient cases in a sitting: their block, their clock, the numbers of their commands, and how they end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from bedside.delivery import (
    Accommodated,
    BetweenBlocks,
    BlockClosed,
    BlockOpened,
    BreakStarted,
    CaseClosing,
    CaseCommanded,
    CaseEnded,
    Ended,
    Event,
    Finished,
    Form,
    FormCase,
    GrantedTime,
    InBlock,
    Reason,
    Reopened,
    Sitting,
    Started,
    Suspended,
    Voided,
    WriterIssued,
    as_of,
    canonical_digest,
    closing_at,
    digest_after,
    fold,
    form_from_dict,
    idle_left_ms,
    is_closing,
    merge,
    read_body,
)
from bedside.delivery.event_parts import CommandFields
from bedside.errors import UsageError
from tests.support.sittings import PLAYER, SECOND_PLAYER, SERVER, Log, form, minutes, reasons

ORDER: CommandFields = {"do": "order", "order": "ns_iv"}
PASS: CommandFields = {"do": "advance", "seconds": 60}
END: CommandFields = {"do": "end", "diagnosis": None}


def day(**changes: object) -> Form:
    """One block of items of 30 minutes, then two cases of 10 minutes, the last two of them for final orders."""
    return form(**{"blocks": 1, "cases": 2, "break_min": 45, **changes})  # type: ignore[arg-type]


def in_case(*, at: float = 40) -> Log:
    """The block of items lies behind, and the first case was opened at `at` minutes."""
    return Log().add(Started(), at=0).add(BlockOpened(1), at=0).add(BlockOpened(2), at=at)


def command(n: int, what: CommandFields = ORDER, case: str = "case-1") -> CaseCommanded:
    return CaseCommanded(case, n, what)


def after(*commands: CommandFields) -> str:
    digest = ""
    for one in commands:
        digest = digest_after(digest, one)
    return digest


def server(body: object, *, at: float, seq: int = 1) -> Event:
    return Event(SERVER, seq, minutes(at), minutes(at), 0, body)  # type: ignore[arg-type]


def n_of(sitting: Sitting, case: str = "case-1") -> int:
    return sitting.cases[case].n if case in sitting.cases else 0


def test_commands_count_in_the_order_of_their_numbers():
    log = in_case().add(command(1), at=41).add(command(2, PASS), at=42).add(command(2), at=43).add(command(4), at=44)
    sitting = fold(day(), log.events)

    assert n_of(sitting) == 2
    assert sitting.cases["case-1"].digest == after(ORDER, PASS)
    assert reasons(sitting) == [Reason.OUT_OF_STEP] * 2


def test_in_the_last_two_minutes_only_final_orders_are_taken():
    log = (
        in_case()
        .add(command(1, PASS), at=47.9)
        .add(command(2, PASS), at=48)
        .add(command(2), at=48)
        .add(command(3, END), at=49.9)
    )
    sitting = fold(day(), log.events)

    assert n_of(sitting) == 3
    assert reasons(sitting) == [Reason.FINAL_ORDERS_ONLY]
    assert sitting.deadline == minutes(50)


def test_the_clock_ends_a_case_two_minutes_after_its_limit():
    log = in_case().add(command(1), at=50)
    sitting = fold(day(), log.events)

    assert reasons(sitting) == [Reason.TIME_EXPIRED]
    assert (sitting.blocks[-1].block, sitting.blocks[-1].closed_by, sitting.blocks[-1].closed_at) == (2, "clock", minutes(50))


def test_a_candidate_goes_to_the_final_orders_before_the_time_and_has_two_minutes_then():
    log = in_case().add(CaseClosing("case-1"), at=42).add(command(1, PASS), at=42.5)
    log = log.add(command(1), at=43).add(CaseClosing("case-1"), at=43.5)
    sitting = fold(day(), log.events)

    assert sitting.deadline == minutes(44)
    assert reasons(sitting) == [Reason.FINAL_ORDERS_ONLY]
    assert n_of(sitting) == 1


def test_the_server_ends_a_case_whose_course_is_over_at_the_instant_of_the_last_command():
    log = in_case().add(command(1, END), at=45)
    sitting = fold(day(), [*log.events, server(CaseEnded("case-1", after(END)), at=45)])

    assert sitting.refusals == ()
    assert sitting.phase == BetweenBlocks(2, minutes(45))
    assert sitting.cases["case-1"].is_over


def test_an_end_seen_by_other_commands_does_not_count():
    log = in_case().add(command(1, PASS), at=45)
    sitting = fold(day(), [*log.events, server(CaseEnded("case-1", after(END)), at=46)])

    assert reasons(sitting) == [Reason.OUT_OF_STEP]
    assert isinstance(sitting.phase, InBlock)


def test_the_last_case_ends_the_day():
    log = in_case().add(BlockClosed(2), at=41).add(BlockOpened(3), at=41).add(command(1, END, "case-2"), at=42)
    sitting = fold(day(), [*log.events, server(CaseEnded("case-2", after(END)), at=42)])

    assert sitting.phase == Ended(minutes(42))


def test_what_is_left_of_a_case_is_added_to_no_break():
    before = fold(day(), in_case(at=30).events)
    after_it = fold(day(), in_case(at=30).add(BlockClosed(2), at=31).events)

    assert after_it.break_ms == before.break_ms == 45 * 60_000


def test_the_time_between_two_cases_is_paid_by_the_break_bank_and_an_overrun_by_the_next_case():
    late = in_case(at=30).add(BlockClosed(2), at=31).add(BlockOpened(3), at=31 + 45 + 4)
    sitting = fold(day(), late.events)

    assert (sitting.break_ms, sitting.deadline) == (0, minutes(80 + 10 - 4))


def test_the_tutorial_before_the_first_case_costs_nothing_and_what_is_left_of_it_is_gone():
    a_form = day(case_tutorial_min=6)
    used = fold(a_form, in_case(at=38).events)
    skipped = fold(a_form, in_case(at=31).events)
    waiting = fold(a_form, in_case().events[:-1])

    assert used.break_ms == (45 - 2) * 60_000
    assert skipped.break_ms == 45 * 60_000
    assert idle_left_ms(a_form, waiting, minutes(35)) == 45 * 60_000


def test_there_is_no_break_inside_a_case_even_for_those_who_may_stop_the_clock():
    sitting = fold(day(stop_clock_min=10), in_case().add(BreakStarted(), at=41).events)

    assert reasons(sitting) == [Reason.NO_BREAK_IN_CASE]


def test_accommodations_lengthen_a_case_and_its_final_orders():
    a_form = day(time_factor=Fraction(3, 2))
    sitting = fold(a_form, in_case(at=50).events)

    assert sitting.deadline == minutes(65)
    assert closing_at(a_form, sitting) == minutes(62)


def test_a_stopped_clock_and_time_that_was_granted_move_the_end_of_a_case():
    log = in_case().add(command(1), at=45.5)
    stopped = [server(Suspended(), at=42), server(Reopened(), at=45, seq=2), server(GrantedTime(2, 60), at=46, seq=3)]
    sitting = fold(day(), [*log.events, *stopped])
    while_stopped = fold(day(), [*in_case().add(command(1), at=43).events, *stopped])

    assert sitting.deadline == minutes(54)
    assert closing_at(day(), sitting) == minutes(52)
    assert reasons(while_stopped) == [Reason.SUSPENDED]


def test_an_accommodation_given_in_a_case_counts_at_once():
    sitting = fold(day(), [*in_case().events, server(Accommodated("2"), at=41)])

    assert sitting.deadline == minutes(60)
    assert not is_closing(day(), sitting, "case-1", minutes(55.9))
    assert is_closing(day(), sitting, "case-1", minutes(56))


@pytest.mark.parametrize(
    ("log", "reason"),
    [
        (Log().add(command(1), at=0), Reason.NOT_STARTED),
        (Log().add(Started(), at=0).add(command(1), at=0), Reason.OUT_OF_ORDER),
        (in_case().add(command(1, case="case-9"), at=41), Reason.UNKNOWN_CASE),
        (in_case().add(command(1, case="case-2"), at=41), Reason.OUT_OF_ORDER),
        (in_case().add(BlockClosed(2), at=41).add(command(1), at=42), Reason.BLOCK_CLOSED),
        (in_case().add(Finished(), at=41).add(CaseClosing("case-1"), at=42), Reason.BLOCK_CLOSED),
        (in_case().add(command(1), at=41, received=52), Reason.TOO_LATE),
    ],
)
def test_what_does_not_count_is_refused_by_name(log: Log, reason: Reason):
    assert reasons(fold(day(grace_s=60), log.events)) == [reason]


def test_nothing_counts_in_a_case_once_the_sitting_is_void():
    sitting = fold(day(), [*in_case().add(command(1), at=43).events, server(Voided(), at=42)])

    assert reasons(sitting) == [Reason.VOIDED]


def test_a_command_given_in_time_and_received_in_the_grace_counts():
    sitting = fold(day(grace_s=60), in_case().add(command(1), at=49, received=50.9).events)

    assert n_of(sitting) == 1


def test_what_an_older_player_did_in_a_case_and_sends_after_the_take_over_does_not_count():
    late = in_case().add(command(1), at=41)
    *rest, sent = late.events
    log = [*rest, replace(sent, after_takeover=True, received_at=minutes(44)), server(WriterIssued(SECOND_PLAYER), at=43)]
    newer = Event(SECOND_PLAYER, 1, minutes(43.5), minutes(43.5), 0, command(1, PASS))
    sitting = fold(day(), [*log, newer])

    assert reasons(sitting) == [Reason.WRITER_SUPERSEDED]
    assert sitting.cases["case-1"].digest == after(PASS)


def test_of_two_servers_commands_under_one_number_the_earlier_counts_wherever_they_are_merged():
    begun = in_case().events
    here = [*begun, server(WriterIssued(SECOND_PLAYER), at=41)]
    here.append(Event(SECOND_PLAYER, 1, minutes(43), minutes(43), 0, command(1, PASS)))
    there = [*begun, Event(PLAYER, len(begun) + 1, minutes(40.5), minutes(40.5), 0, command(1))]

    assert merge(here, there) == merge(there, here)
    sitting = fold(day(), merge(here, there))
    assert sitting.cases["case-1"].digest == after(ORDER)
    assert reasons(sitting) == [Reason.OUT_OF_STEP]


def test_a_day_to_which_nobody_comes_back_ends_when_its_cases_could_have_ended():
    sitting = fold(day(), in_case().events[:-1])

    # 45 minutes of break, of which none was added since the block lasted its time, and two cases of 10
    assert as_of(day(), sitting, minutes(30 + 45 + 20) - timedelta(seconds=1)).state == "between_blocks"
    assert as_of(day(), sitting, minutes(30 + 45 + 20)).state == "finished"


def test_a_form_without_cases_is_written_as_it_was_before_there_were_any():
    # the digest of this very form by the version before: receipts, bundles and digests that were given out stay true
    assert canonical_digest(form(break_min=45, tutorial_min=5, grace_s=60).as_dict()) == WITHOUT_CASES
    assert form_from_dict(day(case_tutorial_min=6).as_dict()) == day(case_tutorial_min=6)
    assert form_from_dict({**form().as_dict()}) == form()


WITHOUT_CASES = "3ebbd23ba092c161c9060a816cfdc1abf9b135cc9004990c2e68b75d4d11b40b"


def test_a_case_stands_in_a_form_once_and_alone_in_its_block():
    a_form = day()
    with pytest.raises(UsageError, match='case "case-1" stands in it twice'):
        replace(a_form, blocks=(*a_form.blocks, a_form.blocks[1]))
    with pytest.raises(UsageError, match="a case has its block for itself"):
        replace(a_form, blocks=(replace(a_form.blocks[0], case=FormCase("x", "0" * 64, "0" * 64, "1", 1, 120)),))


def test_a_command_is_bounded_and_holds_no_nested_values():
    for told in ({}, {"do": ["order"]}, {"do": "x" * 301}, {str(n): n for n in range(13)}):
        with pytest.raises(UsageError, match="command"):
            read_body("case_command", {"case": "a", "n": 1, "command": told})
    with pytest.raises(UsageError, match='"n"'):
        read_body("case_command", {"case": "a", "n": 2001, "command": ORDER})
    assert read_body("case_command", {"case": "a", "n": 1, "command": {"do": "order", "is": True, "n": 1}}) == CaseCommanded(
        "a", 1, {"do": "order", "is": True, "n": 1}
    )
