"""Answers that arrive after the key of their item or the next part of its set was given out: decided from the union."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import Event, Form, Mode, Navigation, Reason, SetKind, fold, late_answers, merge
from bedside.delivery.disclosure import marked_late
from tests.support.examples import examples
from tests.support.sitting_logs import FORMS, logs
from tests.support.sittings import PLAYER, SECOND_PLAYER, SERVER, form, minutes, reasons

PARTS = form(set_kind=SetKind.SEQUENTIAL)
FORWARD = form(navigation=Navigation.FORWARD_ONLY)
THIRD_PLAYER = UUID(int=3)


def event(writer: UUID, seq: int, at: float, body: delivery.Body, *, received: float | None = None, **facts: bool) -> Event:
    arrived = minutes(at if received is None else received)
    return Event(writer, seq, minutes(at), arrived, 0, body, **facts)


BEGUN = [event(PLAYER, 1, 0, delivery.Started()), event(PLAYER, 2, 0, delivery.BlockOpened(1))]
MOVED_ON = event(PLAYER, 3, 5, delivery.MovedOn("test-101"))


def answered(received: float, *, writer: UUID = SECOND_PLAYER, at: float = 2) -> Event:
    """An answer that says it was given before the candidate moved on; it reached another server at `received`."""
    return event(writer, 1, at, delivery.Answered("test-101", ("A",)), received=received)


@pytest.mark.parametrize("a_form", [PARTS, FORWARD])
def test_an_answer_that_reached_another_server_after_the_part_was_left_does_not_count(a_form: Form) -> None:
    sitting = fold(a_form, merge([*BEGUN, MOVED_ON], [answered(6)]))

    assert reasons(sitting) == [Reason.ANSWER_LOCKED]
    assert not sitting.answers


def test_neither_does_taking_an_answer_back() -> None:
    here = [*BEGUN, event(PLAYER, 3, 1, delivery.Answered("test-101", ("B",))), replace(MOVED_ON, seq=4)]
    back = event(SECOND_PLAYER, 1, 2, delivery.Cleared("test-101"), received=6)

    sitting = fold(PARTS, merge(here, [back]))

    assert (reasons(sitting), sitting.answers["test-101"].choice) == ([Reason.ANSWER_LOCKED], ("B",))


@pytest.mark.parametrize("received", [2, 5])
def test_one_that_had_arrived_by_then_counts(received: float) -> None:
    assert fold(PARTS, merge([*BEGUN, MOVED_ON], [answered(received)])).answers["test-101"].choice == ("A",)


def test_an_answer_of_the_same_writer_had_reached_whatever_server_gave_out_the_next_part() -> None:
    # both came by the network there; the file that the player had saved came here much later
    answer = event(PLAYER, 3, 2, delivery.Answered("test-101", ("A",)), received=60)

    assert fold(PARTS, [*BEGUN, answer, replace(MOVED_ON, seq=4)]).answers["test-101"].choice == ("A",)


@pytest.mark.parametrize(
    ("a_form", "moved_on"),
    [
        (PARTS, event(PLAYER, 3, 5, delivery.MovedOn("test-102"))),  # before the first part
        (form(set_kind=SetKind.SHARED), event(PLAYER, 3, 5, delivery.MovedOn("test-102"))),  # nothing is left there
        (PARTS, event(PLAYER, 3, 40, delivery.MovedOn("test-102"))),  # the block is over
    ],
)
def test_a_move_that_is_refused_gave_nothing_out(a_form: Form, moved_on: Event) -> None:
    answer = event(SECOND_PLAYER, 1, 2, delivery.Answered("test-102", ("A",)), received=50)

    assert answer.identity not in late_answers(a_form, [*BEGUN, moved_on, answer])


def test_what_the_server_noted_itself_stays() -> None:
    answer = replace(answered(2), after_disclosure=True)

    assert late_answers(PARTS, [*BEGUN, answer]) == {answer.identity}


def test_the_first_of_several_moves_on_whichever_server_decides() -> None:
    again = event(THIRD_PLAYER, 1, 4, delivery.MovedOn("test-101"), received=9)

    assert fold(PARTS, [*BEGUN, again, answered(8)]).answers
    assert late_answers(PARTS, [*BEGUN, again, MOVED_ON, answered(8)]) == {(SECOND_PLAYER, 1)}
    assert late_answers(PARTS, [*BEGUN, again, MOVED_ON, replace(answered(10), writer=PLAYER, seq=9)]) == {(PLAYER, 9)}


IN_TURN = st.one_of(
    st.builds(form, set_kind=st.just(SetKind.SEQUENTIAL), mode=st.sampled_from(Mode)),
    st.builds(form, navigation=st.just(Navigation.FORWARD_ONLY)),
)
PART = st.sampled_from(["test-101", "test-102", "test-103"])
WORK = st.one_of(
    st.builds(delivery.Answered, PART, st.sampled_from([("A",), ("B",)])),
    st.builds(delivery.Cleared, PART),
    st.builds(delivery.MovedOn, PART),
    st.builds(delivery.MovedOn, st.just("test-101")),
    st.builds(delivery.Disclosed, PART.map(lambda item: (item,))),
)


@st.composite
def two_servers(draw: st.DrawFn) -> list[Event]:
    """Work in one block by three players and a server, of which each event has reached some server sooner or later."""
    events, seqs = [*BEGUN], {PLAYER: 2, SECOND_PLAYER: 0, THIRD_PLAYER: 0, SERVER: 0}
    for body in draw(st.lists(WORK, max_size=15)):
        is_servers = isinstance(body, delivery.Disclosed)
        writer = SERVER if is_servers else draw(st.sampled_from([PLAYER, SECOND_PLAYER, THIRD_PLAYER]))
        seqs[writer] += 1
        at = events[-1].at + timedelta(seconds=draw(st.sampled_from([0, 1, 60])))
        received = at if is_servers else at + timedelta(seconds=draw(st.sampled_from([0, 30, 600])))
        events.append(Event(writer, seqs[writer], at, received, 0, body))
    return events


@with_settings(max_examples=examples(200))
@given(IN_TURN, two_servers())
def test_no_answer_counts_that_arrived_after_another_writer_was_seen_to_move_on(a_form: Form, events: list[Event]) -> None:
    sitting = fold(a_form, events)
    refused = {(refusal.writer, refusal.seq) for refusal in sitting.refusals}
    counted = [one for one in events if one.identity not in refused]
    for move in counted:
        for one in counted:
            if isinstance(move.body, delivery.MovedOn) and isinstance(one.body, delivery.Answered | delivery.Cleared):
                is_other = one.body.item == move.body.item and one.writer != move.writer
                assert not (is_other and one.received_at > move.received_at)


@with_settings(max_examples=examples(200))
@given(IN_TURN, two_servers(), st.data())
def test_what_is_late_is_the_same_however_the_logs_are_put_together(
    a_form: Form, events: list[Event], data: st.DataObject
) -> None:
    shares = [data.draw(st.sets(st.sampled_from("abc"), min_size=1)) for _ in events]
    one, two, three = ([event for event, share in zip(events, shares, strict=True) if name in share] for name in "abc")
    whole = fold(a_form, merge(events))

    assert fold(a_form, merge(one, two, three)) == whole
    assert fold(a_form, merge(merge(three, one), two)) == whole
    assert fold(a_form, merge(two, merge(three, one), one)) == whole
    assert fold(a_form, [*three, *two, *one, *two]) == whole


@given(FORMS, logs())
def test_marking_what_is_late_changes_neither_the_fold_nor_what_is_late(a_form: Form, events: list[Event]) -> None:
    late = late_answers(a_form, events)
    noted = marked_late(events, late)

    assert fold(a_form, noted) == fold(a_form, events)
    assert late_answers(a_form, noted) == late


def test_where_nobody_moved_on_and_no_key_was_given_out_nothing_is_late() -> None:
    assert late_answers(PARTS, [*BEGUN, answered(600)]) == frozenset()
