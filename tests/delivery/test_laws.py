"""Laws of the fold, the merge and the clock, for any events whatever."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import (
    Accommodated,
    CaseCommanded,
    CaseWork,
    Event,
    Key,
    advance,
    as_of,
    digest_after,
    fold,
    form_from_dict,
    late_answers,
    merge,
    next_change,
    responses,
    sitting_as_dict,
    sitting_from_dict,
    start,
)
from bedside.delivery.disclosure import marked_late
from bedside.errors import ConflictError
from tests.support.examples import examples
from tests.support.sitting_logs import FORMS, logs
from tests.support.sittings import T0, form, minutes


@given(FORMS, logs(), st.data())
def test_the_fold_of_a_prefix_and_then_the_rest_is_the_fold_of_the_whole(a_form, events, data):
    # what a server has given out it notes with what arrives; that another one had, only the whole log can tell
    noted = marked_late(events, late_answers(a_form, events))
    ordered = sorted(noted, key=lambda event: event.order)
    cut = data.draw(st.integers(0, len(ordered)))

    assert advance(a_form, fold(a_form, ordered[:cut]), ordered[cut:]) == fold(a_form, ordered)


@given(FORMS, logs(), st.randoms(use_true_random=False))
def test_order_of_arrival_and_repetition_change_nothing(a_form, events, shuffle):
    again = events * 2
    shuffle.shuffle(again)

    assert fold(a_form, again) == fold(a_form, events)


@given(FORMS, logs())
def test_an_event_before_what_is_folded_asks_for_the_whole_log(a_form, events):
    ordered = sorted(events, key=lambda event: event.order)
    if len(ordered) > 1:
        assert advance(a_form, fold(a_form, ordered[1:]), ordered[:1]) is None


@given(FORMS, logs())
def test_no_answer_counts_outside_the_time_of_its_block(a_form, events):
    sitting = fold(a_form, events)
    runs = {run.block: run for run in sitting.blocks}
    for item, answer in sitting.answers.items():
        block = a_form.block_of(item)
        assert block is not None
        if block in runs:
            assert runs[block].opened_at <= answer.at
            assert answer.at < runs[block].closed_at or runs[block].closed_by == "candidate"
        else:
            assert sitting.open_block == block


@given(FORMS, logs())
def test_used_time_never_exceeds_allowed_time(a_form, events):
    granted = sum(event.body.seconds * 1000 for event in events if isinstance(event.body, delivery.GrantedTime))
    factor = max(
        [a_form.time_factor, *(Fraction(event.body.time_factor) for event in events if isinstance(event.body, Accommodated))]
    )
    runs = fold(a_form, events).blocks
    for run in runs:
        limit_ms = a_form.limit_ms(run.block, factor)
        assert run.used_ms >= 0
        if limit_ms is not None:
            assert run.used_ms <= limit_ms + granted
    total_ms = a_form.total_ms(factor)
    if total_ms is not None:
        assert sum(run.used_ms for run in runs) <= total_ms + granted


@given(FORMS, logs())
def test_time_alone_brings_every_day_with_a_clock_to_its_end(a_form, events):
    sitting = as_of(a_form, fold(a_form, events), minutes(10_000_000))

    due = next_change(a_form, sitting)
    assert due is None
    has_limits = all(block.limit_s is not None for block in a_form.blocks)  # a block without one is waited for without end
    is_waited_for = a_form.break_s is not None and has_limits and a_form.blocks[0].break_after is None
    if is_waited_for:
        assert sitting.state in {"created", "suspended", "finished", "voided"}


@given(FORMS, logs())
def test_a_later_part_is_worked_on_only_after_the_earlier_was_left(a_form, events):
    sitting = fold(a_form, events)
    for item, work in sitting.work.items():
        for name in a_form.before_in_turn(item):
            left_at = sitting.work[name].left_at
            assert left_at is not None
            assert work.answer is None or left_at <= work.answer.at
        if a_form.is_in_turn(item) and work.left_at and work.answer:
            assert work.answer.at <= work.left_at


@given(FORMS, logs())
def test_commands_of_a_case_count_one_after_another_and_in_the_time_of_their_block(a_form, events):
    sitting = fold(a_form, events)
    refused = {(refusal.writer, refusal.seq) for refusal in sitting.refusals}
    runs = {run.block: run for run in sitting.blocks}
    for block, case in a_form.cases.items():
        mine = [one for one in sorted(set_of(events), key=lambda one: one.order) if one.identity not in refused]
        mine = [one for one in mine if isinstance(one.body, CaseCommanded) and one.body.case == case.id]
        work = sitting.cases.get(case.id, CaseWork())
        assert [one.body.n for one in mine] == list(range(1, work.n + 1))
        digest = ""
        for one in mine:
            digest = digest_after(digest, one.body.command)
            assert block not in runs or runs[block].opened_at <= one.at <= runs[block].closed_at
            assert work.closing_at is None or one.order[0] <= work.closing_at or one.body.command["do"] != "advance"
        assert digest == work.digest
        if mine and block in runs and runs[block].closed_by == "clock":
            assert all(one.at < runs[block].closed_at for one in mine)
        if work.is_over:
            assert block in runs


@given(FORMS, logs())
def test_a_break_gains_nothing_of_a_case(a_form, events):
    sitting = fold(a_form, events)
    if a_form.break_s is not None and sitting.break_ms is not None and a_form.is_unused_kept and a_form.limit_s is None:
        gains = [run for run in sitting.blocks if run.block not in a_form.cases]
        most = sum((a_form.limit_ms(run.block, Fraction(2)) or 0) for run in gains) + a_form.tutorial_s * 1000
        extra = max([0, *(event.body.extra_break_s for event in events if isinstance(event.body, Accommodated))]) * 1000
        assert sitting.break_ms <= a_form.break_s * 1000 + extra + most


def set_of(events):
    return {event.identity: event for event in events}.values()


@given(FORMS, logs())
def test_blocks_follow_each_other_and_time_never_runs_backward(a_form, events):
    runs = fold(a_form, events).blocks
    assert [run.block for run in runs] == list(range(1, len(runs) + 1))
    instants = [instant for run in runs for instant in (run.opened_at, run.closed_at)]
    assert instants == sorted(instants)


@given(FORMS, logs())
def test_every_event_is_folded_or_refused_and_each_refusal_names_its_event(a_form, events):
    sitting = fold(a_form, events)
    identities = {event.identity for event in events}
    assert {(refusal.writer, refusal.seq) for refusal in sitting.refusals} <= identities
    assert len(sitting.refusals) <= len(events)


@given(FORMS, logs())
def test_a_snapshot_is_the_sitting(a_form, events):
    sitting = fold(a_form, events)

    assert sitting_from_dict(sitting_as_dict(sitting)) == sitting
    assert sitting_from_dict({**sitting_as_dict(sitting), "version": 0}) is None
    assert form_from_dict(a_form.as_dict()) == a_form


@given(FORMS, logs())
def test_looking_at_a_sitting_twice_is_looking_once(a_form, events):
    sitting = fold(a_form, events)
    at = minutes(10_000)

    assert as_of(a_form, as_of(a_form, sitting, at), at) == as_of(a_form, sitting, at)


@given(logs(), logs(), logs())
def test_merging_is_commutative_associative_and_idempotent(one, two, three):
    # three machines write under their own identities
    mine, yours, theirs = (
        [replace(event, writer=UUID(int=event.writer.int + shift)) for event in log]
        for shift, log in ((0, one), (10, two), (20, three))
    )

    assert merge(mine, yours) == merge(yours, mine)
    assert merge(merge(mine, yours), theirs) == merge(mine, merge(yours, theirs))
    assert merge(mine, mine) == merge(mine)


def test_two_events_under_one_identity_are_a_conflict():
    event = Event(UUID(int=1), 1, T0, T0, 0, delivery.Started())

    with pytest.raises(ConflictError, match="event 1 of writer"):
        merge([event], [replace(event, body=delivery.Finished())])


@settings(max_examples=examples(50))
@given(FORMS, logs())
def test_responses_are_the_answers_that_stand_in_the_order_of_the_form(a_form, events):
    sitting = fold(a_form, events)
    key = Key(value="7.35") if a_form.blocks[0].items[0].kind == "numeric" else Key(("A",))
    keys = {item.id: key for block in a_form.blocks for item in block.items}

    found = responses(a_form, sitting, keys)

    assert {response.item for response in found} == set(sitting.answers)
    assert [response.position for response in found] == sorted(response.position for response in found)
    assert all(response.correct == (response.choice == ("A",) or response.value == "7.35") for response in found)


def test_a_sitting_before_its_first_event_is_created():
    assert start(form(break_min=45)).state == "created"
    assert start(form(break_min=45)).break_ms == 45 * 60_000
