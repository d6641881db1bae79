"""Laws of what is written down: bodies of events, the time they count for, the chain of the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import (
    body_as_dict,
    effective_at,
    next_entry,
    read_body,
    verify_chain,
)
from bedside.errors import UsageError
from tests.support.sitting_logs import BODIES
from tests.support.sittings import T0


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
