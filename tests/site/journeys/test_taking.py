"""Taking others' journeys: only whole, unaltered files of a key that is trusted; what was withdrawn does not come back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bedside.delivery import MAX_CARRIED_BYTES, canonical, signed_bytes
from bedside.errors import BedsideError, ConflictError, StoreError, UsageError
from bedside.journeys import Note, journey_as_dict, read_journey
from bedside.site.accounts.models import AuditEntry
from bedside.site.journeys.models import LibraryJourney
from bedside.site.journeys.stock import library
from bedside.site.journeys.taking import Came, Taken, read_trusted, take, trusted_file, trusted_keys
from bedside.site.keys import is_signed_by, journey_key, journey_key_hex, public_key_hex
from tests.support.examples import examples
from tests.support.journeys import journey, packed, public_hex, weeks
from tests.support.sittings import T0
from tests.support.taking_journeys import OTHER, THEIRS, taken

pytestmark = pytest.mark.django_db

SMALL = replace(journey(weeks=weeks(2), notes=(Note(1, "one note"),), name="Ada"))


@pytest.fixture(autouse=True)
def _own_keys(own_data: Path) -> None:
    """No test trusts what another one trusted."""


def resigned(told: dict[str, Any], key: Ed25519PrivateKey = THEIRS) -> bytes:
    """A file of which nothing but its own content is wrong."""
    told = {**told, "public_key": public_hex(key)}
    return canonical({**told, "signature": key.sign(signed_bytes(told)).hex()})


# --- who signed it ----------------------------------------------------------------------------------------------------------


def test_a_file_of_a_key_that_nobody_trusts_is_refused_and_says_how_to_take_it() -> None:
    one = journey()
    with pytest.raises(UsageError, match="nobody here trusts") as refused:
        taken(one, named=False)
    assert f"bedside journey import a.json --from-key {public_hex(THEIRS)}" in str(refused.value)
    assert not LibraryJourney.objects.exists()
    assert not AuditEntry.objects.exists()


def test_with_the_key_named_it_is_taken() -> None:
    one = journey()
    assert taken(one) == Taken(one.id, Came.NEW)
    assert [found.id for found in library()] == [one.id]
    assert AuditEntry.objects.get().verb == "journey_imported"


def test_a_key_is_named_in_small_letters_or_capitals() -> None:
    one = journey()
    taken_as = take(packed(one, THEIRS), file="a", actor=None, at=T0, from_keys=[public_hex(THEIRS).upper()])
    assert taken_as.came is Came.NEW


def test_with_another_key_named_it_is_refused() -> None:
    with pytest.raises(UsageError, match="not by one that was named"):
        take(packed(journey(), THEIRS), file="a", actor=None, at=T0, from_keys=[public_hex(OTHER)])


def test_a_key_in_the_file_of_trusted_keys_needs_no_naming() -> None:
    trusted_file().parent.mkdir(parents=True, exist_ok=True)
    trusted_file().write_text(f"# the school\n\n{public_hex(THEIRS).upper()}  # Ada's\n", encoding="utf-8")
    assert taken(journey(), named=False).came is Came.NEW
    with pytest.raises(UsageError, match="nobody here trusts"):
        taken(journey(), OTHER, named=False)


def test_a_line_that_is_no_key_is_named() -> None:
    trusted_file().parent.mkdir(parents=True, exist_ok=True)
    trusted_file().write_text(f"{public_hex(THEIRS)}\nabc\n", encoding="utf-8")
    with pytest.raises(StoreError, match="line 2: this is no key"):
        trusted_keys()


def test_a_later_revision_of_what_was_taken_needs_no_naming() -> None:
    one = journey()
    taken(one)
    assert taken(replace(one, revision=2, n_weeks=13), named=False).came is Came.REPLACED
    assert [found.n_weeks for found in library()] == [13]


def test_a_journey_is_not_signed_by_the_key_that_signs_receipts() -> None:
    assert journey_key_hex(settings.DATA) != public_key_hex(settings.DATA)
    assert taken(journey(), journey_key(settings.DATA), named=False).came is Came.NEW


# --- what was altered -------------------------------------------------------------------------------------------------------


def is_the_same(changed: bytes, before: bytes) -> bool:
    """Both are the same JSON: what differs is space between its parts."""
    try:
        return bool(canonical(json.loads(changed)) == canonical(json.loads(before)))
    except (ValueError, RecursionError):
        return False


@given(st.data())
@hypothesis_settings(max_examples=examples(300), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_file_with_one_byte_changed_is_refused(data: st.DataObject) -> None:
    before = packed(SMALL, THEIRS)
    place = data.draw(st.integers(0, len(before) - 1))
    byte = data.draw(st.binary(min_size=1, max_size=1))
    changed = before[:place] + byte + before[place + data.draw(st.sampled_from([0, 1])) :]
    if not is_the_same(changed, before):
        with pytest.raises(BedsideError):
            read_trusted(changed, file="a.json", from_keys=[public_hex(THEIRS)])


@pytest.mark.slow
def test_a_file_with_any_one_byte_changed_is_refused() -> None:
    before = packed(SMALL, THEIRS)
    for place in range(len(before)):
        for byte in (before[place] ^ 1, before[place] ^ 0x20, ord(" "), ord("0")):
            changed = before[:place] + bytes([byte]) + before[place + 1 :]
            if not is_the_same(changed, before):
                with pytest.raises(BedsideError):
                    read_trusted(changed, file="a.json", from_keys=[public_hex(THEIRS)])


def alterations(told: Any) -> Iterator[tuple[str, Any]]:
    """The JSON with one of its parts changed, taken away or doubled; each with the place of that part."""
    parts: list[tuple[Any, Any]] = []
    if isinstance(told, dict):
        parts = list(told.items())
        yield "+", {**told, "more": 1}
    elif isinstance(told, list):
        parts = list(enumerate(told))
        yield "+", [*told, *told[:1], "more"]
    for name, inner in parts:
        yield (
            f".{name}-",
            {k: v for k, v in told.items() if k != name} if isinstance(told, dict) else told[:name] + told[name + 1 :],
        )
        for where, changed in alterations(inner):
            copy = dict(told) if isinstance(told, dict) else list(told)
            copy[name] = changed
            yield f".{name}{where}", copy
    if isinstance(told, bool):
        yield "", not told
    elif isinstance(told, int):
        yield "", told + 1
    elif isinstance(told, str):
        yield "", told[:-1] + ("1" if told[-1] != "1" else "2")


def test_every_altered_field_is_refused() -> None:
    told = json.loads(packed(SMALL, THEIRS))
    places = 0
    for where, changed in alterations(told):
        places += 1
        with pytest.raises(BedsideError):
            read_trusted(json.dumps(changed).encode(), file=where, from_keys=[public_hex(THEIRS)])
    assert places > 60


def test_space_between_its_parts_changes_nothing() -> None:
    before = packed(SMALL, THEIRS)
    assert (
        read_trusted(json.dumps(json.loads(before), indent=2).encode(), file="a", from_keys=[public_hex(THEIRS)]) == SMALL_READ
    )


SMALL_READ, _MESSAGE = read_journey(packed(SMALL, THEIRS), file="small")


def test_a_file_signed_anew_by_somebody_else_is_not_the_owner_s() -> None:
    one = journey()
    taken(one)
    with pytest.raises(ConflictError, match="under another key"):
        taken(replace(one, revision=2), OTHER)
    with pytest.raises(UsageError, match="nobody here trusts"):
        taken(replace(one, revision=2), OTHER, named=False)
    assert LibraryJourney.objects.get().public_key == public_hex(THEIRS)


def test_a_signature_over_something_else_does_not_fit() -> None:
    one = packed(SMALL, THEIRS)
    _, message = read_journey(one, file="a")
    told = json.loads(one)
    told["signature"] = THEIRS.sign(message.partition(b"\n")[2]).hex()
    with pytest.raises(UsageError, match="does not fit"):
        read_trusted(canonical(told), file="a", from_keys=[public_hex(THEIRS)])


# --- revisions --------------------------------------------------------------------------------------------------------------


def test_the_same_file_twice_changes_nothing() -> None:
    one = journey()
    taken(one)
    assert taken(one).came is Came.UNCHANGED
    assert AuditEntry.objects.count() == 1


def test_an_older_revision_is_refused() -> None:
    one = journey(revision=3)
    taken(one)
    with pytest.raises(ConflictError, match="revision 3 of this journey is here, and this is revision 2"):
        taken(replace(one, revision=2))


def test_another_file_with_the_same_revision_is_refused() -> None:
    one = journey()
    taken(one)
    with pytest.raises(ConflictError, match="another revision 1"):
        taken(replace(one, n_weeks=40))


def test_what_was_hidden_stays_hidden_when_its_owner_writes_anew() -> None:
    one = journey()
    taken(one)
    LibraryJourney.objects.update(hidden_at=T0, hidden_reason="reported")
    assert taken(replace(one, revision=2)).came is Came.REPLACED
    assert library() == []


# --- hostile files ----------------------------------------------------------------------------------------------------------

Change = Callable[[dict[str, Any]], object]
DEEP = json.loads("[" * 200 + "]" * 200)
WRONG: dict[str, tuple[Change, str]] = {
    "a step that is no code": (lambda told: told.update(step="<b>"), 'field "step"'),
    "a number as text": (lambda told: told.update(n_weeks="12"), 'field "n_weeks"'),
    "a fraction": (lambda told: told.update(n_weeks=12.0), 'field "n_weeks"'),
    "yes as a number": (lambda told: told.update(is_example=0), 'field "is_example"'),
    "an unknown field": (lambda told: told.update(more=1), 'field "more"'),
    "a missing field": (lambda told: told.pop("start"), 'field "start"'),
    "a list for an object": (lambda told: told.update(start=[]), 'field "start"'),
    "an age that is none": (lambda told: told["start"].update(age="51"), 'field "start.age"'),
    "a country that is none": (lambda told: told["start"].update(trained_in="pk"), 'field "start.trained_in"'),
    "more days than a week has": (lambda told: told["weeks"][0].update(days=8), 'field "weeks.0.days"'),
    "more minutes than a week has": (lambda told: told["weeks"][0]["minutes"].update(new=10081), 'field "weeks.0.minutes.new"'),
    "a kind that is none": (lambda told: told["weeks"][0]["minutes"].update(sleep=1), "weeks.0.minutes"),
    "an area with signs": (lambda told: told["weeks"][0]["areas"].update({"<i>": 1}), "weeks.0.areas"),
    "a note without words": (lambda told: told["notes"][0].update(text="  "), 'field "notes.0.text"'),
    "a note without an end": (lambda told: told["notes"][0].update(text="x" * 2001), 'field "notes.0.text"'),
    "a name without an end": (lambda told: told.update(name="x" * 81), 'field "name"'),
    "signs that turn text around": (lambda told: told.update(name="a\u202eb"), 'field "name"'),
    "signs without a width": (lambda told: told["notes"][0].update(text="a\u200bb"), 'field "notes.0.text"'),
    "signs that a terminal obeys": (lambda told: told["notes"][0].update(text="\x1b[2J"), 'field "notes.0.text"'),
    "notes beyond number": (lambda told: told.update(notes=[{"week": 0, "text": "x"}] * 501), 'field "notes"'),
    "weeks out of order": (lambda told: told["weeks"].reverse(), "not in order"),
    "a week beyond the end": (lambda told: told.update(n_weeks=1), "it tells of week 11, and has 1"),
    "more right than answered": (lambda told: told["weeks"][0].update(right=61), "more answers were right"),
    "a day where dates are left out": (lambda told: told["notes"][0].update(on="2026-03-02"), "dates are left out"),
    "a day that is none": (lambda told: told.update(begun_on="2026-02-30"), 'field "begun_on"'),
    "a day as a number": (lambda told: told.update(begun_on=20260302), 'field "begun_on"'),
    "an id that is none": (lambda told: told.update(id="1"), 'field "id"'),
    "a revision of zero": (lambda told: told.update(revision=0), 'field "revision"'),
    "an invented example": (lambda told: told.update(is_example=True), "invented example"),
    "another format": (lambda told: told.update(format="bedside-journey/2"), "written as"),
    "depth": (lambda told: told.update(weeks=DEEP), "nested more than"),
    "a number beyond all": (lambda told: told.update(revision=10**40), "larger than any"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_well_signed_file_with_what_can_not_be_is_refused_and_the_place_named(wrong: str) -> None:
    change, named = WRONG[wrong]
    told = journey_as_dict(SMALL)
    change(told)
    with pytest.raises(BedsideError) as refused:
        take(resigned(told), file="bad.json", actor=None, at=T0, from_keys=[public_hex(THEIRS)])
    assert str(refused.value).startswith("bad.json")
    assert named in str(refused.value)
    assert not LibraryJourney.objects.exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"format": NaN}',
        b'{"format":"bedside-journey/1","format":"bedside-journey/1"}',
        b"[" * 100_000,
        b'{"a":' * 5_000,
        b" " * (MAX_CARRIED_BYTES + 1),
        b'{"format":"bedside-journey/1","name":"\\ud800"}',
        b"PK\x03\x04",
    ],
    ids=["nothing", "cut", "null", "list", "bytes", "nan", "twice", "deep", "deep objects", "huge", "half a sign", "zip"],
)
def test_what_is_no_journey_at_all_is_refused_by_its_name(content: bytes) -> None:
    with pytest.raises(BedsideError, match=r"^bad\.json"):
        take(content, file="bad.json", actor=None, at=T0)


@given(st.binary(max_size=300))
@hypothesis_settings(max_examples=examples(200))
def test_whatever_bytes_come_are_refused_in_words(content: bytes) -> None:
    with pytest.raises(BedsideError):
        read_journey(content, file="bad.json")


def test_the_signature_of_a_trusted_file_is_over_all_of_it() -> None:
    told = json.loads(packed(SMALL, THEIRS))
    _, message = read_journey(packed(SMALL, THEIRS), file="a")
    assert is_signed_by(public_hex(THEIRS), message, told["signature"])
    assert message == b"bedside journey 1\n" + canonical({name: told[name] for name in told if name != "signature"})
