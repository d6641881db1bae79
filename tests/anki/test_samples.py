"""Decks from elsewhere, which stay outside the repository: BEDSIDE_SAMPLES names the folder that holds them."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bedside.anki import open_package, survey
from bedside.errors import ReadError
from tests.anki.making import Whole

SAMPLES = os.environ.get("BEDSIDE_SAMPLES")

pytestmark = [
    pytest.mark.samples,
    pytest.mark.skipif(SAMPLES is None, reason="BEDSIDE_SAMPLES does not name a folder with sample data"),
]


def path_of(name: str) -> Path:
    path = Path(SAMPLES or ".") / name
    if not path.exists():
        pytest.skip(f"no {name} in the sample data")
    return path


def decks() -> dict[str, Any]:
    path = Path(SAMPLES or ".") / "interop/anki/expected.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["files"] if SAMPLES and path.exists() else {}
    return {name: facts["expect"] for name, facts in found.items()}


@pytest.mark.parametrize("name", sorted(decks()))
def test_a_deck_gives_exactly_what_is_in_it(name: str) -> None:
    expect, read = decks()[name], Whole(path_of(f"interop/anki/{name}"))
    package = read.package
    found = {
        "kind": package.format.value,
        "use": package.member,
        "schema": package.schema,
        "notes": len(read.notes),
        "cards": len(read.cards),
        "revlog": len(read.reviews),
        "decks": list(package.decks),
        "mediaCount": len(read.files),
        "distinctTags": len({tag for note in read.notes for tag in note.tags}),
        "notesSha256": hashlib.sha256(
            "\x1e".join(sorted("\x1f".join(note.fields) for note in read.notes)).encode()
        ).hexdigest(),
        "media": sorted((name, len(data), hashlib.sha1(data).hexdigest()) for name, data in read.files.items()),
    }
    if "media" in expect:
        expect = {**expect, "media": sorted((one["name"], one["size"], one["sha1"]) for one in expect["media"])}
    if "distinctTags" in expect:
        expect["distinctTags"] = max(expect["distinctTags"], found["distinctTags"])  # tags may be known that no note has

    assert {key: value for key, value in found.items() if key in expect} == {key: expect[key] for key in found if key in expect}
    assert sum(card.is_suspended for card in read.cards) == expect.get("cardsByQueue", {}).get("-1", 0)
    types = Counter(note.note_type.name for note in read.notes)
    assert types == Counter({one["name"]: 0 for one in expect.get("notetypes", ())}) + Counter(types)
    for one in expect.get("notetypes", ()):
        for note in read.notes:
            if note.note_type.name == one["name"] and one["notes"] == types[one["name"]]:
                assert (list(note.note_type.fields), note.note_type.is_cloze) == (one["fields"], one["type"] == "cloze")


@pytest.mark.parametrize("name", ["media-traversal.apkg", "script-in-template.apkg"])
def test_a_hostile_deck_gives_its_sound_part(name: str) -> None:
    read = Whole(path_of(f"interop/hostile/{name}"))

    assert len(read.notes) == 1
    assert set(read.files) <= {"ok.png"}
    for sides in read.sides.values():
        assert not any(word in sides.front + sides.back for word in ("script", "onerror", "evil.example", "@import"))


def test_every_other_hostile_file_is_refused() -> None:
    taken = {"media-traversal.apkg", "script-in-template.apkg"}
    for path in sorted(path_of("interop/hostile").iterdir()):
        if path.name not in taken:
            with pytest.raises(ReadError):
                Whole(path)


def test_decks_of_every_age_are_read_or_refused_with_the_way_to_convert_them() -> None:
    for path in sorted(path_of("data/anki").iterdir()):
        if path.suffix == ".anki":
            with pytest.raises(ReadError, match="export it there as a package"):
                Whole(path)
        else:
            with open_package(path) as package:
                found = survey(package)
            assert (found.n_notes, found.n_cards, found.n_reviews) == (package.n_notes, package.n_cards, package.n_reviews)


def test_a_second_version_of_a_deck_keeps_the_identities_of_the_first() -> None:
    first, second = (Whole(path_of(f"interop/anki/authored/update-v{n}.apkg")) for n in (1, 2))

    assert {note.guid for note in first.notes} < {note.guid for note in second.notes}
