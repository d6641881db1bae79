"""Files that nobody should merge: changed, forged, torn or hostile. Each is refused by name, and nothing is written."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from bedside.errors import BedsideError, ConflictError, UsageError
from bedside.site.exam.models import Sync
from tests.support.places import Place, changed
from tests.support.site import Player
from tests.support.sittings import T0

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="each server of a test is a file of SQLite"),
]


def first_of(type_: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda told: next(one for one in told["events"] if one["type"] == type_)


CHANGES: dict[str, tuple[Callable[[dict[str, Any]], object], type[BedsideError], str]] = {
    "an answer": (
        lambda t: first_of("answered")(t)["fields"].update(choice=["D"]),
        ConflictError,
        "event 3 of writer .* differs",
    ),
    "a time": (
        lambda t: first_of("answered")(t).update(effective_at="2026-03-02T09:00:01Z"),
        ConflictError,
        "event 3 of writer .* differs",
    ),
    "a key": (lambda t: t["items"][0].update(key="C"), UsageError, "the key of item .* is not that of its text"),
    "a text": (
        lambda t: t["texts"][0].update(text=t["texts"][0]["text"].replace("SECRET", "KNOWN")),
        UsageError,
        "is not that of its digest",
    ),
    "the form": (lambda t: t["form"]["blocks"][0].update(limit_s=9), UsageError, "is not what was fixed in the log"),
    "the salt": (lambda t: t["sitting"].update(salt="0" * 64), UsageError, "is not what was fixed in the log"),
    "no salt": (lambda t: t["sitting"].update(salt=None), UsageError, "is not what was fixed in the log"),
    "no form": (lambda t: t.update(form={}), UsageError, "this is no form"),
    "an item less": (lambda t: t["items"].pop(), UsageError, "not the items of the form"),
    "a text less": (lambda t: t["texts"].pop(), UsageError, "text of item .* is missing"),
    "marking": (lambda t: t["sitting"].update(marking={"numeric": {}}), UsageError, "marking"),
    "another user": (lambda t: t["sitting"]["user"].update(name=""), UsageError, "sitting.user.name"),
    "a writer less": (lambda t: t["writers"].pop(), UsageError, "is not listed|no player listed"),
    "a writer twice": (lambda t: t["writers"].append(t["writers"][0]), UsageError, "stands in it twice"),
    "a player as a server": (
        lambda t: [one.update(kind="player") for one in t["writers"]],
        UsageError,
        'a player does not write "form_fixed"',
    ),
    "an event twice": (lambda t: t["events"].append(t["events"][0]), ConflictError, "stands in the file twice"),
    "a gap": (lambda t: t["events"].remove(first_of("started")(t)), ConflictError, "are missing before event"),
    "before its time": (
        lambda t: first_of("answered")(t).update(effective_at="2026-03-02T10:00:00Z"),
        UsageError,
        "after it arrived",
    ),
    "the future": (
        lambda t: first_of("answered")(t).update(received_at="2099-03-02T10:00:00Z"),
        ConflictError,
        "clocks is wrong",
    ),
    "an unknown type": (lambda t: first_of("started")(t).update(type="begun"), UsageError, "begun"),
    "a number as text": (lambda t: first_of("started")(t).update(seq="1"), UsageError, "events.*seq"),
    "an unknown field": (lambda t: t.update(more=1), UsageError, 'field "more"'),
    "an unknown picture": (
        lambda t: t.update(
            media=[{"name": hashlib.sha256(b"x").hexdigest() + ".png", "base64": base64.b64encode(b"x").decode()}]
        ),
        UsageError,
        "no item shows it",
    ),
    "a sync of nobody": (
        lambda t: t["syncs"].append({"writer": str(uuid4()), "number": 1, "acknowledged": 0, "at": "2026-03-02T09:00:00Z"}),
        UsageError,
        "is of no player",
    ),
    "when it was made": (
        lambda t: t["sitting"].update(created_at="2026-03-01T09:00:00Z"),
        ConflictError,
        'another "created_at"',
    ),
    "when a writer was issued": (
        lambda t: t["writers"][0].update(issued_at="2026-03-01T09:00:00Z"),
        ConflictError,
        "issued at another time",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_was_changed_is_refused_and_nothing_is_written(here: Place, begun: Player, name: str) -> None:
    change, error, named = CHANGES[name]
    packed = here.export(begun.sitting)
    here.refuses(changed(packed, change), UsageError, 'signature does not fit|field "|marking|clocks|after it arrived')
    # whoever changed it may also have a server, and sign it
    here.refuses(changed(packed, change, signer=here), error, named)


def test_html_that_this_site_does_not_draw_is_refused(here: Place, there: Place, begun: Player) -> None:
    def forge(told: dict[str, Any]) -> None:
        text = json.loads(told["texts"][0]["text"])
        text["stem_html"] = "<p>Hello</p><form action='https://example.org'><input name=password></form>"
        packed = json.dumps(text, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        item = next(one for one in told["items"] if one["hash"] == told["texts"][0]["hash"])
        item["hash"] = told["texts"][0]["hash"] = hashlib.sha256(packed.encode()).hexdigest()
        told["texts"][0]["text"] = packed

    there.refuses(changed(here.export(begun.sitting), forge, signer=here), UsageError, "the text of item .* is no item")


@pytest.mark.parametrize(
    ("packed", "named"),
    [
        (b"", "no JSON"),
        (b"[]", "no JSON object"),
        (b"\xff", "not valid UTF-8"),
        (b'{"format": "bedside-sitting/3"}', 'must be "bedside-sitting/2" or "bedside-events/1"'),
        (b'{"format": "bedside-sitting/1"}', 'field "program"'),
        (b'{"format": 1, "format": 2}', "given twice"),
        (b'{"a": NaN}', "NaN is no number"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"a": "\\ud800"}', "half a character"),
        (b'{"a": ' + b"9" * 400 + b"}", "larger than any"),
        (b'{"a": ' + b"9" * 5000 + b"}", "no JSON|larger than any"),
        (b'{"a": ' + b"[" * 50 + b"]" * 50 + b"}", "more than 32 deep"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "more than 32 deep"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_reason(here: Place, packed: bytes, named: str) -> None:
    here.refuses(packed, BedsideError, named)


def test_a_file_over_the_limit_is_refused_before_it_is_read(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.delivery.carried.MAX_CARRIED_BYTES", 10)
    here.refuses(b'{"format": "bedside-sitting/1"}', BedsideError, "over the limit of 10 bytes")


def test_a_file_of_before_there_were_salts_is_merged_and_goes_on(
    here: Place, there: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedside.site.exam.actions.secrets.token_hex", lambda _: "")
    sitting = here.begin().sitting

    def first_format(told: dict[str, Any]) -> None:
        told["format"] = "bedside-sitting/1"
        assert told["sitting"].pop("salt") is None

    there.merge(changed(here.export(sitting), first_format, signer=here))
    there.take_over(sitting)
    there.answer(here.items[0], "A")
    here.merge(there.export(sitting))

    assert here.result(sitting) == there.result(sitting)


def test_the_salt_goes_with_the_sitting(here: Place, there: Place, begun: Player) -> None:
    packed = here.export(begun.sitting)
    there.merge(packed)

    salt = json.loads(packed)["sitting"]["salt"]
    assert json.loads(there.export(begun.sitting))["sitting"]["salt"] == salt
    assert len(salt) == 64


def test_a_synchronisation_that_is_here_stays_as_it_is(here: Place, begun: Player) -> None:
    packed = changed(here.export(begun.sitting), lambda t: t["syncs"][0].update(at="2026-03-02T08:00:00Z"), signer=here)
    assert here.merge(packed).n_new == 0
    with here.server.at_work():
        assert Sync.objects.get(writer_id=begun.writer, number=0).at == T0
