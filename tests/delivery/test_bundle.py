"""Bundles: the same score from what they hold, and nothing in them that can be changed unseen."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import (
    Drop,
    Ended,
    Event,
    Form,
    Key,
    MarkRule,
    canonical,
    canonical_digest,
    commitment,
    event_as_dict,
    fold,
    form_digest_of,
    log_digest_of,
    marking_as_dict,
    read_bundle,
    read_keys,
    rescore,
    score,
    score_commitment,
    verdict_as_text,
    verdict_from_text,
    verdicts_of,
)
from bedside.errors import BedsideError, UsageError
from tests.support.examples import examples
from tests.support.sitting_logs import FORMS, logs
from tests.support.sittings import T0, in_block
from tests.support.sittings import form as form_of

MARKING = {"one_best_answer": MarkRule("4", "-1")}
SERVER = UUID(int=99)


SALT, SCORE_SALT = "5a" * 32, "5c" * 32
HASH = "0" * 64


def bundled(
    form: Form,
    events: list[Event],
    verdicts: dict[str, str],
    *,
    redacted: bool = False,
    salt: str | None = SALT,
    keys: dict[str, str] | None = None,
) -> dict[str, Any]:
    """A bundle of a sitting whose delivered keys are all B unless others are named; not signed."""
    names = [item.id for block in form.blocks for item in block.items]
    marking = marking_as_dict(MARKING)
    delivered = {name: (keys or {}).get(name, "B") for name in names}
    held = [(n, name, HASH, delivered[name]) for n, name in enumerate(names, start=1)]
    fixed = form_digest_of(form.as_dict(), held, marking, salt)
    log = [Event(SERVER, 1, T0, T0, 0, delivery.FormFixed(fixed)), *events]
    in_force = {name: verdicts.get(name, delivered[name]) for name in names}
    known = verdicts_of(in_force)
    found = score(form, fold(form, log), known.keys, MARKING, dropped=known.dropped)
    return {
        "format": "bedside-bundle/2",
        "program": "bedside test",
        "server": str(SERVER),
        "public_key": "0" * 64,
        "made_at": "2026-03-02T12:00:00Z",
        "sitting": {
            "id": str(UUID(int=5)),
            "programme": "exam",
            "step": "first",
            "kind": "block",
            "mode": form.mode.value,
            "day": 1,
            "clock": "real",
            "is_proctored": False,
            "created_at": "2026-03-02T09:00:00Z",
        },
        "who": {"id": str(UUID(int=6)), "name": None},
        "form": form.as_dict(),
        "salt": None if redacted else salt,
        "items": [
            {
                "position": n,
                "item": name,
                "version": 1,
                "hash": None if redacted else HASH,
                "delivered_key": None if redacted else delivered[name],
                "verdict": None if redacted else in_force[name],
                "commitment": commitment(f"{n:064x}", name, 1, delivered[name], in_force[name], text_hash=HASH)
                if redacted
                else None,
                "text": None,
            }
            for n, name in enumerate(names, start=1)
        ],
        "key_changes": [
            {
                "item": name,
                "version": 1,
                "before": None if redacted else "B",
                "after": None if redacted else text,
                "why": "a misprint",
                "by": "boss",
                "at": "2026-03-02T11:00:00Z",
            }
            for name, text in verdicts.items()
            if name in in_force
        ],
        "marking": marking,
        "conversion": {"kind": "none"},
        "standard": {"kind": "none"},
        "events": [event_as_dict(event) for event in log],
        "digests": {"form": fixed, "log": log_digest_of(log), "marking": canonical_digest(marking)},
        "score_version": {"number": 1, "at": "2026-03-02T11:00:00Z", "why": "first given out"},
        "score": found.totals() if redacted else found.as_dict(),
        "score_digest": None if redacted else found.digest,
        "score_commitment": score_commitment(SCORE_SALT, found.as_dict()) if redacted else None,
        "signature": "0" * 128,
    }


def keys_of(told: dict[str, Any], verdicts: dict[str, str], *, salt: str | None = SALT) -> bytes:
    keys = [
        {
            "item": item["item"],
            "salt": f"{item['position']:064x}",
            "hash": HASH,
            "delivered_key": "B",
            "verdict": verdicts.get(item["item"], "B"),
        }
        for item in told["items"]
    ]
    file = {"format": "bedside-keys/2", "sitting": told["sitting"]["id"], "salt": salt, "score_salt": SCORE_SALT, "keys": keys}
    return canonical(file)


def read(told: dict[str, Any]) -> delivery.Bundle:
    return read_bundle(canonical(told), file="bundle.json")[0]


def no_text(_text: str) -> str:
    raise AssertionError("no text is in this bundle")


ITEMS = [f"test-{block}0{n}" for block in (1, 2, 3) for n in (1, 2, 3)]
VERDICTS = st.dictionaries(
    st.sampled_from(ITEMS), st.sampled_from(["A", "C", "BD", "dropped:not_counted", "dropped:full_marks"]), max_size=4
)


@with_settings(max_examples=examples(60), deadline=None)
@given(FORMS, logs(), VERDICTS, st.booleans(), st.sampled_from([SALT, SALT, None]))
def test_any_ended_sitting_scores_the_same_from_its_bundle(
    form: Form, events: list[Event], verdicts: dict[str, str], redacted: bool, salt: str | None
) -> None:
    end = max([event.at for event in events], default=T0) + timedelta(days=2)
    finish = [
        Event(UUID(int=50), 1, end, end, 0, delivery.Reopened()),
        Event(UUID(int=50), 2, end, end, 0, delivery.WriterIssued(UUID(int=51))),
        Event(UUID(int=51), 1, end, end, 0, delivery.Finished()),
    ]
    events = [event for event in events if not isinstance(event.body, delivery.FormFixed)]
    numbers: dict[UUID, int] = {}
    renumbered = []
    for event in events:  # so that no number is missing where one was left out
        numbers[event.writer] = numbers.get(event.writer, 0) + 1
        renumbered.append(
            Event(event.writer, numbers[event.writer], event.at, event.received_at, 0, event.body, event.after_disclosure)
        )
    log = [*renumbered, *finish]
    assume(isinstance(fold(form, log).phase, Ended))
    told = bundled(form, log, verdicts, redacted=redacted, salt=salt)
    supplied = read_keys(keys_of(told, verdicts, salt=salt), file="keys.json") if redacted else None

    found = rescore(read(told), supplied, key_of_text=no_text)

    assert found.problems == ()
    if not redacted:
        assert found.score.digest == told["score_digest"]
        assert found.score.as_bytes() == canonical(told["score"])


def plain() -> dict[str, Any]:
    log = in_block()
    log.add(delivery.Answered("test-101", ("B",), 1000), at=1).add(delivery.Answered("test-102", ("C",), 1000), at=2)
    log.add(delivery.Finished(), at=3)
    return bundled(form_of(blocks=1), log.events, {"test-102": "C"})


def test_the_marks_of_a_bundle_are_those_of_the_keys_in_force() -> None:
    found = rescore(read(plain()), key_of_text=no_text)
    # 4 for B, and 4 for C since the key was changed; one item is blank
    assert (found.score.as_dict()["marks"], found.score.as_dict()["max_marks"], found.problems) == ("8", "12", ())
    assert len(found.checks) == 7


def paths(value: object, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a text or a number stands that the result rests on."""
    match value:
        case dict():
            return [found for name, one in value.items() for found in paths(one, (*path, name))]
        case list():
            return [found for n, one in enumerate(value) for found in paths(one, (*path, n))]
        case str() | int():
            return [path]
        case _:
            return []


RESTS_ON = ("form", "salt", "items", "marking", "events", "digests", "score", "score_digest")


@given(st.data())
def test_any_change_of_what_the_result_rests_on_is_found(data: st.DataObject) -> None:
    told = plain()
    path = data.draw(st.sampled_from([found for found in paths(told) if found[0] in RESTS_ON]))
    place: Any = told
    for step in path[:-1]:
        place = place[step]
    before = place[path[-1]]
    place[path[-1]] = not before if isinstance(before, bool) else before + 1 if isinstance(before, int) else before + "1"
    try:
        found = rescore(read(told), key_of_text=no_text)
    except BedsideError:
        return
    assert found.problems


def test_keys_that_are_not_supplied_or_not_asked_for_are_named() -> None:
    told = plain()
    closed = bundled(form_of(blocks=1), [], {})
    with pytest.raises(UsageError, match="none are to be supplied"):
        rescore(read(told), read_keys(keys_of(told, {}), file="k"), key_of_text=no_text)
    log = in_block().add(delivery.Finished(), at=1)
    closed = bundled(form_of(blocks=1), log.events, {}, redacted=True)
    with pytest.raises(UsageError, match="supply them with --keys"):
        rescore(read(closed), key_of_text=no_text)
    other = json.loads(keys_of(closed, {}))
    other["sitting"] = str(UUID(int=7))
    with pytest.raises(UsageError, match="the keys are of sitting"):
        rescore(read(closed), read_keys(canonical(other), file="k"), key_of_text=no_text)


@given(
    st.one_of(
        st.sampled_from(Drop),
        st.builds(Key, st.sets(st.sampled_from("ABCDE"), min_size=1).map(lambda letters: tuple(sorted(letters)))),
        st.just(Key(value="7.35", tolerance="0.02")),
    )
)
def test_a_verdict_reads_back_from_its_text(verdict: Drop | Key) -> None:
    assert verdict_from_text(verdict_as_text(verdict)) == verdict


@pytest.mark.parametrize("text", ["dropped:", "dropped:twice", "", "b"])
def test_a_text_that_is_no_verdict_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        verdict_from_text(text)
