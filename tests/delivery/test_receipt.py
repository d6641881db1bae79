"""What a receipt says of a log, and files that were carried here."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import (
    Event,
    event_as_dict,
    event_digest,
    fold,
    inner_problems,
    log_digest_of,
    log_facts,
    merge,
    problems_against_log,
    read_events,
    read_json,
    read_record,
)
from bedside.delivery.carried import CarriedEvent
from bedside.errors import BedsideError, ConflictError, ReadError, UsageError
from tests.support.sitting_logs import logs
from tests.support.sittings import SERVER, T0, Log, form, in_block, minutes

FORM = form(blocks=1)
HASHES = {f"test-10{n}": str(n) * 64 for n in (1, 2, 3)}
FIXED = Event(SERVER, 1, T0, T0, 0, delivery.FormFixed("a" * 64))


def ended() -> list[Event]:
    log = in_block()
    log.add(delivery.Answered("test-101", ("B",), 1000), at=1).add(delivery.Answered("test-103", ("C",), 1000), at=2)
    log.add(delivery.Finished(), at=3)
    return [FIXED, *log.events]


def receipt(events: list[Event]) -> dict[str, Any]:
    return log_facts(FORM, events, HASHES)


def test_the_facts_of_a_log_are_its_end_its_answers_and_its_digests() -> None:
    facts = receipt(ended())

    assert (facts["state"], facts["n_events"], facts["n_answered"]) == ("finished", 6, 2)
    assert (facts["started_at"], facts["ended_at"]) == ("2026-03-02T09:00:00Z", "2026-03-02T09:03:00Z")
    assert facts["last_seq"] == {str(SERVER): 1, str(UUID(int=1)): 5}
    assert facts["form_digest"] == "a" * 64
    assert [(one["position"], one["item"], one["hash"]) for one in facts["answers"]] == [
        (1, "test-101", "1" * 64),
        (3, "test-103", "3" * 64),
    ]


def test_a_log_without_an_end_or_a_form_has_no_receipt() -> None:
    with pytest.raises(UsageError, match="has not ended"):
        receipt([FIXED, *in_block().events])
    with pytest.raises(UsageError, match="does not say what the form was"):
        receipt(ended()[1:])


def test_a_void_sitting_has_a_receipt_that_says_so() -> None:
    log = Log(SERVER).add(delivery.FormFixed("a" * 64), at=0).add(delivery.Voided("left the room"), at=1)
    assert receipt(log.events)["state"] == "voided"


def test_what_came_later_is_left_aside_and_what_is_missing_is_named() -> None:
    kept = receipt(ended())
    later = Event(SERVER, 2, minutes(9), minutes(9), 0, delivery.Disclosed(("test-101",)))

    assert problems_against_log(kept, FORM, [*ended(), later], HASHES) == []
    assert problems_against_log(kept, FORM, ended()[:-1], HASHES) == ["of the 6 events of the receipt, 1 are missing"]
    other = [replace(event, elapsed_ms=1) for event in ended()]
    assert problems_against_log(kept, FORM, other, HASHES) == ["the log is not what the receipt says"]


def test_a_receipt_that_contradicts_itself_is_found() -> None:
    kept = receipt(ended())
    assert inner_problems(kept) == []
    assert inner_problems({**kept, "answers": None}) == []
    assert len(inner_problems({**kept, "answers": kept["answers"][:1]})) == 2


@given(logs(), st.randoms(use_true_random=False))
def test_the_digest_of_a_log_rests_on_its_events_and_not_on_their_order(events: list[Event], shuffle: Any) -> None:
    again = events * 2
    shuffle.shuffle(again)
    assert log_digest_of(again) == log_digest_of(events)


@given(logs(), st.data())
def test_any_change_of_an_event_changes_the_digest_of_the_log(events: list[Event], data: st.DataObject) -> None:
    if not events:
        return
    place = data.draw(st.integers(0, len(events) - 1))
    one = events[place]
    change = data.draw(
        st.sampled_from(
            [
                replace(one, elapsed_ms=one.elapsed_ms + 1),
                replace(one, at=one.at - timedelta(microseconds=1)),
                replace(one, received_at=one.received_at + timedelta(microseconds=1)),
                replace(one, after_disclosure=not one.after_disclosure),
                replace(one, after_takeover=not one.after_takeover),
                replace(one, body=delivery.Message("another")),
            ]
        )
    )
    changed = [*events[:place], change, *events[place + 1 :]]
    assert event_digest(change) != event_digest(one)
    assert log_digest_of(changed) != log_digest_of(events)
    assert log_digest_of(events[:place] + events[place + 1 :]) != log_digest_of(events)


@given(logs())
def test_events_read_back_from_what_was_written_and_fold_to_the_same(events: list[Event]) -> None:
    written = json.dumps([event_as_dict(event) for event in events])
    carried = [read_record(CarriedEvent, one, file="x") for one in json.loads(written)]
    read = read_events(carried)

    assert merge(read) == merge(events)
    assert fold(FORM, read) == fold(FORM, events)


@given(logs())
def test_a_log_with_a_gap_or_a_repetition_is_refused(events: list[Event]) -> None:
    carried = [read_record(CarriedEvent, event_as_dict(event), file="x") for event in events]
    first = next((one for one in carried if any(two.writer == one.writer and two.seq > one.seq for two in carried)), None)
    if first is None:
        return
    with pytest.raises(ConflictError, match="are missing before event"):
        read_events([one for one in carried if one is not first])
    with pytest.raises(ConflictError, match="stands in the file twice"):
        read_events([*carried, first])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(st.characters(codec=None), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


@given(JSON | st.dictionaries(st.sampled_from(["format", "sitting", "events", "form", "items"]), JSON))
def test_any_json_is_read_or_refused_with_an_error_of_ours(told: object) -> None:
    packed = json.dumps(told).encode()
    for read in (delivery.read_receipt, delivery.read_bundle, delivery.read_sitting_file, delivery.read_keys):
        with pytest.raises(BedsideError):
            read(packed, file="x")


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_with_an_error_of_ours(packed: bytes) -> None:
    try:
        told = read_json(packed, file="x")
    except ReadError:
        return
    assert isinstance(told, dict)
