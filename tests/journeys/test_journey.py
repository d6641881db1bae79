"""What a journey's file may hold, and what is refused: it comes from anybody's hand."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import BedsideError, UsageError
from bedside.journeys import (
    AGES,
    START_FIELDS,
    Chance,
    Choices,
    Journey,
    JourneyWeek,
    Note,
    Result,
    Start,
    Withdrawal,
    journey_as_dict,
    read_journey,
    shared,
)

WHOLE = Journey(
    format="bedside-journey/1",
    id=UUID(int=7),
    revision=1,
    is_example=False,
    programme="usmle",
    step="step2ck",
    n_weeks=3,
    start=Start(AGES[-1], "PH", "over 20", "20 to 40", "tl", 420, coaching="none", career="something else", tries="one"),
    weeks=(
        JourneyWeek(0, {"new": 60, "block": 30}, 3, 20, 9, {"renal": 12, "blood": 8}),
        JourneyWeek(2, {"review": 45}, 2, 10, 10, {"renal": 10}, Chance(400, 200, 650)),
    ),
    results=(Result(2, "exam", "step2ck", "pass", on=date(2026, 3, 20)),),
    notes=(Note(1, "Zwetschgen and night shifts.", on=date(2026, 3, 11)),),
    public_key="a" * 64,
    signature="b" * 128,
    name="Amihan Quibuyen",
    begun_on=date(2026, 3, 2),
    shared_on=date(2026, 3, 21),
)


def packed(changes: dict[str, Any] | None = None) -> bytes:
    return json.dumps({**journey_as_dict(WHOLE), **(changes or {})}).encode()


def test_what_is_written_is_read_again() -> None:
    journey, message = read_journey(packed(), file="a")

    assert journey == WHOLE
    assert message.startswith(b"bedside journey 1\n")
    assert b'"signature"' not in message


def test_a_withdrawal_is_told_from_a_journey() -> None:
    told = {"format": "bedside-journey-withdrawal/1", "id": str(UUID(int=7)), "public_key": "a" * 64, "signature": "b" * 128}

    found, message = read_journey(json.dumps(told).encode(), file="a")

    assert isinstance(found, Withdrawal)
    assert message.startswith(b"bedside journey withdrawal 1\n")


def change(told: Any, path: str, value: Any) -> None:
    """Set the value at a path such as `weeks.0.right`."""
    *above, last = path.split(".")
    for name in above:
        told = told[int(name)] if isinstance(told, list) else told[name]
    told[int(last) if isinstance(told, list) else last] = value


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("weeks.0.right", 21),
        ("weeks.0.areas", {"renal": 12, "blood": 9}),
        ("weeks.0.days", 0),
        ("weeks.0.minutes", {"new": 3 * 24 * 60 + 1}),
        ("results.0.step", "step1"),
        ("results.0.on", "2026-03-15"),
        ("begun_on", "9999-12-31"),
        ("shared_on", "2026-03-01"),
        ("notes.0.text", " space before"),
        ("name", "Two\nlines"),
        ("id", "urn:uuid:00000000-0000-0000-0000-000000000007"),
        ("weeks.1.week", 0),
        ("weeks.1.week", 3),
        ("weeks.0.days", 8),
        ("weeks.0.minutes", {"sleep": 5}),
        ("weeks.0.minutes", {"new": 7 * 24 * 60 + 1}),
        ("weeks.0.areas", {"Renal!": 1}),
        ("weeks.1.chance", {"p": 100, "low": 200, "high": 300}),
        ("notes.0.text", ""),
        ("notes.0.text", "hid\u202eden"),
        ("notes.0.text", "x" * 2001),
        ("notes.0.week", 3),
        ("start.age", "51"),
        ("start.trained_in", "Philippines"),
        ("start.born", 1970),
        ("results.0.outcome", "nearly"),
        ("results.0.on", "20 March 2026"),
        ("revision", 0),
        ("id", "7"),
        ("signature", "b"),
        ("format", "bedside-journey/2"),
        ("e_mail", "a@b.c"),
        ("name", "A" * 81),
    ],
)
def test_what_can_not_be_so_is_refused(path: str, value: Any) -> None:
    told = json.loads(packed())
    change(told, path, value)

    with pytest.raises(BedsideError):
        read_journey(json.dumps(told).encode(), file="a")


def test_a_day_may_not_stay_where_dates_are_left_out() -> None:
    told = json.loads(packed())
    del told["begun_on"], told["shared_on"]

    with pytest.raises(UsageError, match="dates are left out"):
        read_journey(json.dumps(told).encode(), file="a")


@given(
    st.builds(
        Choices,
        has_name=st.booleans(),
        has_text=st.booleans(),
        has_dates=st.booleans(),
        start=st.sets(st.sampled_from(START_FIELDS)).map(frozenset),
    )
)
def test_what_was_not_chosen_stands_nowhere(choices: Choices) -> None:
    told = json.dumps(journey_as_dict(shared(WHOLE, choices)))

    assert ("Quibuyen" in told) is choices.has_name
    assert ("Zwetschgen" in told) is choices.has_text
    assert ("2026-" in told) is choices.has_dates
    for name in START_FIELDS:
        assert (f'"{name}"' in told) is (name in choices.start)
    assert read_journey(told.encode(), file="a")[0] == shared(WHOLE, choices)


def test_nothing_of_it_goes_unless_it_was_chosen() -> None:
    told = shared(WHOLE, Choices(start=frozenset()))

    assert (told.name, told.notes, told.begun_on, told.start) == (None, (), None, Start())
    assert told.weeks == WHOLE.weeks


def test_a_note_may_name_the_other_format() -> None:
    told = json.loads(packed())
    told["notes"][0]["text"] = "I read of bedside-journey-withdrawal/1."

    assert isinstance(read_journey(json.dumps(told).encode(), file="a")[0], Journey)
