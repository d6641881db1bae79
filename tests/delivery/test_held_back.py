"""Keys that are held back from a bundle: nobody can try them against what it holds, and supplied later they are checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bedside import delivery
from bedside.delivery import (
    Event,
    canonical,
    canonical_digest,
    commitment,
    fold,
    form_digest_of,
    read_keys,
    rescore,
    score,
    score_commitment,
    verdicts_of,
)
from bedside.errors import UsageError
from tests.delivery.test_bundle import HASH, MARKING, bundled, keys_of, no_text, read
from tests.support.sittings import form as form_of
from tests.support.sittings import in_block

BLOCK = form_of(blocks=1)
KEYS = [dict(zip(("test-101", "test-102", "test-103"), some, strict=True)) for some in product("ABCDE", repeat=3)]
ANSWERS = ("B", "C", "A")


def sat(*choices: str) -> list[Event]:
    """One block with these answers, ended."""
    log = in_block()
    for n, choice in enumerate(choices, start=1):
        log.add(delivery.Answered(f"test-10{n}", (choice,), 1000), at=n)
    return log.add(delivery.Finished(), at=9).events


def texts_of(value: object) -> set[str]:
    """Every text of 64 hexadecimal digits in a file, wherever it stands."""
    match value:
        case dict():
            return set().union(*(texts_of(one) for one in value.values()))
        case list():
            return set().union(*(texts_of(one) for one in value))
        case str() if re.fullmatch("[0-9a-f]{64}", value):
            return {value}
        case _:
            return set()


def digests_of_a_guess(told: dict[str, Any], guess: dict[str, str]) -> set[str]:
    """All that somebody with the file, who knows even the digests of the texts, can compute for one guess of the keys."""
    form, marking = told["form"], told["marking"]
    scored = score(BLOCK, fold(BLOCK, [one.event() for one in read(told).events]), verdicts_of(guess).keys, MARKING)
    items = [(n, name, HASH, key) for n, (name, key) in enumerate(guess.items(), start=1)]
    made = {scored.digest, form_digest_of(form, items, marking, None), form_digest_of(form, items, {}, None)}
    for salt in ("", told["sitting"]["id"], *texts_of(told)):
        made |= {form_digest_of(form, items, marking, salt), score_commitment(salt, scored.as_dict())}
        for _, name, text, key in items:
            made |= {commitment(salt, name, 1, key, key), commitment(salt, name, 1, key, key, text_hash=text)}
    return made | {canonical_digest(list(item)) for item in items}


def confirmed(told: dict[str, Any]) -> list[dict[str, str]]:
    """The guesses that something in the file confirms."""
    in_file = texts_of(told)
    return [guess for guess in KEYS if digests_of_a_guess(told, guess) & in_file]


def test_no_guess_of_the_keys_can_be_confirmed_from_a_bundle_that_holds_them_back() -> None:
    keys = {"test-101": "B", "test-102": "D", "test-103": "A"}

    assert confirmed(bundled(BLOCK, sat(*ANSWERS), {}, redacted=True, keys=keys)) == []
    # where the form's digest has no salt, the same program finds them: it tries what there is to try
    assert confirmed(bundled(BLOCK, sat(*ANSWERS), {}, redacted=True, keys=keys, salt=None)) == [keys]
    # and so it does where the digest of the score is told
    told = bundled(BLOCK, sat(*ANSWERS), {}, redacted=True, keys=keys)
    told["score_digest"] = bundled(BLOCK, sat(*ANSWERS), {}, keys=keys)["score_digest"]
    assert keys in confirmed(told)


@given(st.sampled_from(KEYS), st.sampled_from(KEYS))
def test_bundles_of_other_keys_with_the_same_totals_differ_in_salted_digests_only(
    one: dict[str, str], other: dict[str, str]
) -> None:
    first, second = (bundled(BLOCK, sat(*ANSWERS), {}, redacted=True, keys=keys) for keys in (one, other))
    assume(first["score"] == second["score"])

    for told in (first, second):
        for item in told["items"]:
            item["commitment"] = "salted"
        fixed = next(event for event in told["events"] if event["type"] == "form_fixed")
        fixed["fields"]["digest"] = told["digests"]["form"] = told["score_commitment"] = "salted"
        told["digests"]["log"] = "of the events, with that one"
    assert canonical(first) == canonical(second)


# --- supplied later ---------------------------------------------------------------------------------------------------


def test_files_of_before_there_were_salts_still_score() -> None:
    told = bundled(BLOCK, sat("B", "C", "B"), {}, salt=None)
    closed = bundled(BLOCK, sat("B", "C", "B"), {}, redacted=True, salt=None)
    keys = json.loads(keys_of(closed, {}))
    for file in (told, closed):
        del file["salt"], file["score_commitment"]
        file["format"] = "bedside-bundle/1"
    closed["score_digest"] = told["score_digest"]
    for n, item in enumerate(closed["items"], start=1):
        item |= {"hash": HASH, "commitment": commitment(f"{n:064x}", item["item"], 1, "B", "B")}
    del keys["salt"], keys["score_salt"]
    keys["format"] = "bedside-keys/1"
    for key in keys["keys"]:
        del key["hash"]

    assert rescore(read(told), key_of_text=no_text).problems == ()
    assert rescore(read(closed), read_keys(canonical(keys), file="k"), key_of_text=no_text).problems == ()


Change = Callable[[dict[str, Any]], Any]


def supplied(change: Change) -> delivery.Rescored:
    """What rescoring says when the keys are supplied with this change."""
    told = bundled(BLOCK, sat("B"), {}, redacted=True)
    keys = json.loads(keys_of(told, {}))
    change(keys)
    return rescore(read(told), read_keys(canonical(keys), file="keys.json"), key_of_text=no_text)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t.update(score_salt=None), 'lack "score_salt"'),
        (lambda t: t["keys"][0].update(hash=None), "lack the digest of the text"),
        (lambda t: t["keys"].pop(), "have none for item"),
        (lambda t: t.update(format="bedside-keys/3"), "holds no keys"),
    ],
)
def test_keys_without_what_was_held_back_with_them_are_named(change: Change, named: str) -> None:
    with pytest.raises(UsageError, match=named):
        supplied(change)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda t: t.update(score_salt="0" * 64), "not the one that was given"),
        (lambda t: t.update(salt="0" * 64), "not what was fixed at the start"),
        (lambda t: t.update(salt=None), "not what was fixed at the start"),
        (lambda t: t["keys"][0].update(hash="1" * 64), "not those held back"),
        (lambda t: t["keys"][0].update(delivered_key="C", verdict="C"), "not those held back"),
    ],
)
def test_another_salt_text_or_key_than_was_held_back_is_found(change: Change, named: str) -> None:
    assert any(named in problem for problem in supplied(change).problems)
