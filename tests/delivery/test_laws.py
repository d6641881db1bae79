"""Laws of the fold, the merge, the clock and the ledger, for any events whatever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import (
    Accommodated,
    Body,
    CaseCommanded,
    CaseWork,
    Event,
    FixedBreak,
    Key,
    Mode,
    Navigation,
    SetKind,
    advance,
    as_of,
    body_as_dict,
    digest_after,
    effective_at,
    fold,
    form_from_dict,
    late_answers,
    merge,
    next_change,
    next_entry,
    read_body,
    responses,
    sitting_as_dict,
    sitting_from_dict,
    start,
    verify_chain,
    wilson,
)
from bedside.delivery.disclosure import marked_late
from bedside.errors import ConflictError, UsageError
from tests.support.sittings import T0, form, minutes

FORMS = st.builds(
    form,
    blocks=st.integers(1, 3),
    items=st.integers(1, 3),
    limit_min=st.sampled_from([None, 1, 10]),
    mode=st.sampled_from(Mode),
    break_min=st.sampled_from([None, 0, 5]),
    tutorial_min=st.integers(0, 3),
    grace_s=st.sampled_from([None, 0, 60]),
    kind=st.sampled_from(["one_best_answer", "multiple_select", "numeric"]),
    set_kind=st.sampled_from([None, None, *SetKind]),
    navigation=st.sampled_from(Navigation),
    fixed_break=st.sampled_from([None, None, FixedBreak(None, False), FixedBreak(240, False), FixedBreak(240, True)]),
    total_min=st.sampled_from([None, None, 15]),
    stop_clock_min=st.sampled_from([0, 5]),
    is_unused_kept=st.booleans(),
    cases=st.sampled_from([0, 0, 1, 2]),
    case_min=st.sampled_from([None, 3, 10]),
    case_tutorial_min=st.sampled_from([0, 6]),
)
ITEMS = st.builds("test-{}{:02d}".format, st.integers(1, 3), st.integers(1, 3))
LETTERS = st.sampled_from("ABCDEF")
CASES = st.sampled_from(["case-1", "case-1", "case-2"])
COMMANDS = st.sampled_from(
    [{"do": "order", "order": "ns_iv", "in_s": 0}, {"do": "advance", "seconds": 60}, {"do": "end", "diagnosis": None}]
)
ENDS = ["", digest_after("", {"do": "advance", "seconds": 60}), digest_after("", {"do": "end", "diagnosis": None})]
STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")  # neither half a character nor a NUL
BODIES: st.SearchStrategy[Body] = st.one_of(
    st.builds(delivery.Started),
    st.builds(delivery.BlockOpened, st.integers(1, 4)),
    st.builds(delivery.BlockOpened, st.integers(1, 2)),
    st.builds(delivery.ItemShown, ITEMS),
    st.builds(
        delivery.Answered,
        item=ITEMS,
        choice=st.lists(LETTERS, min_size=1, max_size=2).map(tuple),
        ms=st.integers(0, 10**7),
        confidence=st.sampled_from([None, "sure", "unsure"]),
    ),
    st.builds(delivery.Answered, item=ITEMS, value=st.sampled_from(["7", "7.35", "-.5"])),
    st.builds(delivery.Cleared, ITEMS),
    st.builds(delivery.MovedOn, ITEMS),
    st.builds(
        delivery.Accommodated,
        time_factor=st.sampled_from(["1", "5/4", "3/2", "2"]),
        extra_break_s=st.sampled_from([0, 600]),
        stop_clock_s=st.sampled_from([0, 300]),
    ),
    st.builds(delivery.Flagged, ITEMS, on=st.booleans()),
    st.builds(delivery.Struck, ITEMS, LETTERS, on=st.booleans()),
    st.builds(delivery.Highlighted, ITEMS, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=4).map(tuple)),
    st.builds(delivery.Noted, ITEMS, st.text(STORABLE, max_size=20)),
    st.builds(delivery.Settings, st.dictionaries(st.text(STORABLE, max_size=5), st.booleans(), max_size=2)),
    st.builds(delivery.BlockClosed, st.integers(1, 3)),
    st.builds(delivery.CaseCommanded, CASES, st.sampled_from([1, 1, 2, 3]), COMMANDS),
    st.builds(delivery.CaseCommanded, CASES, st.sampled_from([1, 2, 2, 3]), COMMANDS),
    st.builds(delivery.CaseClosing, CASES),
    st.builds(delivery.CaseEnded, CASES, st.sampled_from([one or "0" * 64 for one in ENDS])),
    st.builds(delivery.BreakStarted),
    st.builds(delivery.BreakEnded),
    st.builds(delivery.Finished),
    st.builds(delivery.Resumed),
    st.builds(delivery.TimeExpired, st.integers(1, 3)),
    st.builds(delivery.WriterIssued, st.builds(UUID, int=st.integers(1, 3))),
    st.builds(delivery.Suspended),
    st.builds(delivery.Reopened),
    st.builds(delivery.GrantedTime, st.integers(1, 3), st.integers(1, 600)),
    st.builds(delivery.Message, st.text(STORABLE, max_size=10)),
    st.builds(delivery.Disclosed, st.lists(ITEMS, min_size=1, max_size=2).map(tuple)),
    st.builds(delivery.FormFixed, st.just("0" * 64)),
    st.builds(delivery.Voided),
)


@st.composite
def logs(draw: st.DrawFn) -> list[Event]:
    """Events of up to three writers, each writer's in order of time; most begin with an opened block."""
    bodies = draw(st.lists(BODIES, max_size=25))
    if draw(st.booleans()):
        bodies = [delivery.Started(), delivery.BlockOpened(1), *bodies]
    if draw(st.booleans()):  # straight to a case, where there is one
        way = [body for n in (1, 2, 3) for body in (delivery.BlockOpened(n), delivery.BlockClosed(n))]
        bodies = [delivery.Started(), *way[: draw(st.sampled_from([3, 5]))], *bodies]
    at, seqs, events = T0, {1: 0, 2: 0, 3: 0}, []
    for body in bodies:
        at += timedelta(seconds=draw(st.sampled_from([0, 1, 20, 200, 900])))
        writer = draw(st.sampled_from([1, 1, 1, 2, 3]))
        seqs[writer] += 1
        received = at + timedelta(seconds=draw(st.sampled_from([0, 0, 30, 4000])))
        facts = draw(st.sampled_from([(False, False)] * 4 + [(True, False), (False, True)]))
        events.append(Event(UUID(int=writer), seqs[writer], at, received, 0, body, *facts))
    return events


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
    is_waited_for = a_form.break_s is not None and a_form.blocks[0].limit_s is not None and a_form.blocks[0].break_after is None
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


@given(BODIES)
def test_a_body_reads_back_from_its_json(body):
    name = next(name for name, kind in delivery.TYPES.items() if isinstance(body, kind))

    assert read_body(name, body_as_dict(body)) == body


@pytest.mark.parametrize(
    ("kind", "fields", "named"),
    [
        ("answerd", {}, "answerd"),
        ("answered", {"item": "a", "choice": ["AB"]}, "choice"),
        ("answered", {"item": "a", "choice": []}, "choice"),
        ("answered", {"item": "a", "choice": ["A"], "value": "7"}, "choice"),
        ("answered", {"item": "a", "value": "1e5"}, "value"),
        ("answered", {"item": "a", "value": "7,35"}, "value"),
        ("accommodated", {"time_factor": "3"}, "time_factor"),
        ("answered", {"choice": ["A"]}, "item"),
        ("flagged", {"item": "a", "on": True, "key": "B"}, "key"),
        ("noted", {"item": "a", "text": "x" * 4001}, "text"),
    ],
)
def test_an_ill_formed_event_is_refused_with_the_field_it_is_about(kind, fields, named):
    with pytest.raises(UsageError, match=named):
        read_body(kind, fields)


@given(
    received=st.integers(0, 10**7),
    synced=st.integers(0, 10**7),
    elapsed=st.integers(-(10**7), 10**12),
    before=st.integers(0, 10**7),
)
def test_effective_time_is_never_after_the_arrival_nor_before_what_came_before(received, synced, elapsed, before):
    def instant(ms: int):
        return T0 + timedelta(milliseconds=ms)

    before = min(before, received)  # the previous event of this writer arrived no later than this one
    at = effective_at(received_at=instant(received), synced_at=instant(synced), elapsed_ms=elapsed, not_before=instant(before))

    assert instant(before) <= at <= instant(received)


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3), min_size=1, max_size=8),
    st.data(),
)
def test_any_change_of_the_ledger_is_found(payloads, data):
    entries = []
    last = None
    for payload in payloads:
        last = next_entry(last, payload)
        entries.append(last)
    assert verify_chain(entries, head=entries[-1].hash) is None

    place = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries]
    changed[place] = replace(changed[place], payload={**changed[place].payload, "forged": True})
    dropped = entries[:place] + entries[place + 1 :]

    assert verify_chain(changed) is not None
    assert verify_chain(dropped, head=entries[-1].hash) is not None


@given(st.integers(0, 400), st.integers(0, 400))
def test_the_wilson_interval_holds_its_share_and_stays_within_bounds(correct, more):
    share = wilson(correct, correct + more)

    assert 0 <= share.low <= share.high <= 1
    if share.share is not None:
        assert share.low <= share.share <= share.high


@pytest.mark.parametrize(
    ("correct", "n", "low", "high"),
    [
        # Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3 (score without continuity correction)
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_wilson_interval_equals_published_values(correct, n, low, high):
    share = wilson(correct, n)

    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


def test_a_share_of_more_than_all_is_an_error():
    with pytest.raises(ValueError, match="5 right answers out of 4"):
        wilson(5, 4)


@settings(max_examples=50)
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
