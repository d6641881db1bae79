from __future__ import annotations

from pathlib import Path

import pytest

from bedside.bank import Bank, Item, Root, SetKind, StimulusKind, item_text, parse_item, read_bank, stimulus_text
from bedside.reading import Source
from tests.support.items import (
    CODES,
    MEDIA,
    STIMULUS,
    TAKEAWAYS,
    reading_of,
    rules_of,
    write_item,
    write_media,
    write_set,
    write_stimulus,
    write_takeaways,
)
from tests.support.items import item_text as made_text

FIRST, SECOND, THIRD = "A woman is ill.", "Her pH is 7.2.", "She is better."


def bank_of(root: Path, *, only: Path | None = None) -> Bank:
    write_takeaways(root)
    return read_bank([Root(root, "own", only=only)], codes=CODES)


def rules_in(bank: Bank) -> list[str]:
    return [finding.rule for finding in bank.findings]


# --- sequential ---------------------------------------------------------------------------------------------------------


def test_the_parts_of_a_set_are_items_of_their_own_in_order(tmp_path: Path) -> None:
    ids = write_set(tmp_path, FIRST, SECOND, THIRD)

    bank = bank_of(tmp_path)

    assert bank.findings == ()
    assert bank.sets == {"renal-set-0001": tuple(ids)}
    places = [item.set for item in bank.items.values()]
    assert [(place.kind, place.part) for place in places if place] == [(SetKind.SEQUENTIAL, part) for part in (1, 2, 3)]


def test_a_later_part_knows_what_its_candidate_has_read(tmp_path: Path) -> None:
    first, second, third = write_set(tmp_path, FIRST, "", THIRD)

    items = bank_of(tmp_path).items

    assert items[first].earlier == ()
    assert items[second].earlier == (FIRST,)
    assert items[third].earlier == (FIRST,)  # part 2 adds nothing to read


def test_a_picture_of_an_earlier_stem_belongs_to_the_later_parts(tmp_path: Path) -> None:
    write_media(tmp_path, MEDIA)
    _, second = write_set(tmp_path, f"{FIRST}\n\n![A hand](media:a.png)", SECOND)

    item = bank_of(tmp_path).items[second]

    assert item.media == ()
    assert [file.path for file in item.all_media] == ["a.png"]


def test_a_changed_earlier_stem_changes_the_meaning_of_the_later_parts(tmp_path: Path) -> None:
    ids = write_set(tmp_path, FIRST, SECOND)
    before = hashes(bank_of(tmp_path), ids)
    write_set(tmp_path, "A man is ill.", SECOND)
    after = hashes(bank_of(tmp_path), ids)

    assert before[0] != after[0]
    assert before[1] != after[1]


def hashes(bank: Bank, ids: list[str]) -> list[str]:
    return [bank.items[item_id].content_hash for item_id in ids]


def test_one_part_alone_is_judged_with_the_others_beside_it(tmp_path: Path) -> None:
    _, second = write_set(tmp_path, FIRST, SECOND)

    whole = bank_of(tmp_path).items[second]
    bank = bank_of(tmp_path, only=tmp_path / "items" / "renal" / f"{second}.md")

    assert bank.findings == ()
    assert list(bank.items) == [second]
    assert bank.items[second].content_hash == whole.content_hash


def test_a_set_of_one_part_is_no_sequence(tmp_path: Path) -> None:
    write_set(tmp_path, FIRST)

    bank = bank_of(tmp_path)

    assert rules_in(bank) == ["broken-set"]
    assert bank.items == {}


def test_a_gap_leaves_the_whole_set_out(tmp_path: Path) -> None:
    ids = write_set(tmp_path, FIRST, SECOND, THIRD)
    (tmp_path / "items" / "renal" / f"{ids[1]}.md").unlink()

    bank = bank_of(tmp_path)

    assert rules_in(bank) == ["broken-set"]
    assert bank.findings[0].text.startswith("part 3 stands where part 2 should")
    assert bank.items == {}
    assert bank.sets == {}
    assert bank.left_out[str(tmp_path / "items" / "renal" / f"{ids[0]}.md")].startswith("another part of its set")


def test_an_error_in_one_part_leaves_the_whole_set_out(tmp_path: Path) -> None:
    ids = write_set(tmp_path, FIRST, SECOND)
    broken = tmp_path / "items" / "renal" / f"{ids[1]}.md"
    broken.write_text(broken.read_text(encoding="utf-8").replace("[x]", "[ ]"), encoding="utf-8")
    write_item(tmp_path, "renal-0009")

    bank = bank_of(tmp_path)

    assert rules_in(bank) == ["no-key"]
    assert list(bank.items) == ["renal-0009"]
    assert len(bank.left_out) == 2


def test_parts_that_serve_other_steps_are_named(tmp_path: Path) -> None:
    ids = write_set(tmp_path, FIRST, SECOND)
    other = tmp_path / "items" / "renal" / f"{ids[1]}.md"
    entry = "{programme: exam, step: second, system: renal}"
    lines = [f"  - {entry}" if "programme:" in line else line for line in other.read_text(encoding="utf-8").split("\n")]
    other.write_text("\n".join(lines), encoding="utf-8")

    assert rules_in(bank_of(tmp_path)) == ["broken-set"]


def test_parts_of_two_kinds_are_named(tmp_path: Path) -> None:
    write_set(tmp_path, FIRST, SECOND)
    write_stimulus(tmp_path)
    place = "{id: renal-set-0001, kind: shared, part: 3}"
    write_item(tmp_path, "renal-0003", made_text({"id": "renal-0003", "set": place}))

    assert rules_in(bank_of(tmp_path)) == ["broken-set"]


def test_two_collections_never_share_a_set(tmp_path: Path) -> None:
    own, other = tmp_path / "own", tmp_path / "other"
    write_takeaways(own)
    write_set(own, FIRST, SECOND)
    write_set(other, FIRST, SECOND, first=11)

    bank = read_bank([Root(own, "own"), Root(other, "other")], codes=CODES)

    assert rules_in(bank) == ["duplicate-id", "duplicate-id"]
    assert list(bank.items) == ["renal-0001", "renal-0002"]


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        ("{id: renal-set-0001, kind: sequential, part: 0}", "wrong-value"),
        ("{id: renal-set-0001, kind: sequential, part: 21}", "wrong-value"),
        ("{id: renal-set-0001, kind: parallel, part: 1}", "wrong-value"),
        ("{id: Renal Set, kind: sequential, part: 1}", "wrong-value"),
        ("{id: renal-set-0001, kind: sequential}", "wrong-value"),
        ("renal-set-0001", "wrong-value"),
    ],
)
def test_a_place_in_a_set_is_read_strictly(place: str, rule: str) -> None:
    assert rule in rules_of(made_text({"set": place}))


def test_a_later_part_may_have_no_stem_and_the_first_must() -> None:
    def rules(part: int) -> list[str]:
        return rules_of(made_text({"set": f"{{id: renal-set-0001, kind: sequential, part: {part}}}"}, stem=""))

    assert rules(2) == []
    assert rules(1) == ["no-stem"]


# --- shared -------------------------------------------------------------------------------------------------------------


def test_the_items_of_a_shared_set_have_its_stimulus(tmp_path: Path) -> None:
    write_stimulus(tmp_path)
    ids = write_set(tmp_path, "", "", kind="shared")

    bank = bank_of(tmp_path)

    assert bank.findings == ()
    for item_id in ids:
        stimulus = bank.items[item_id].stimulus
        assert stimulus is not None
        assert (stimulus.kind, stimulus.title) == (StimulusKind.ABSTRACT, "A trial")
        assert stimulus.text == "**Background.** Something was not known."
    assert bank.sets == {"renal-set-0001": tuple(ids)}


def test_a_shared_set_of_one_item_is_whole(tmp_path: Path) -> None:
    write_stimulus(tmp_path)
    write_set(tmp_path, "", kind="shared")

    assert bank_of(tmp_path).findings == ()


def test_a_shared_set_without_its_stimulus_is_left_out(tmp_path: Path) -> None:
    write_stimulus(tmp_path, "renal-set-0002", STIMULUS.replace("0001", "0002"))
    write_set(tmp_path, "", kind="shared")

    bank = bank_of(tmp_path)

    assert [(finding.rule, "did you mean" in finding.text) for finding in bank.findings] == [("unknown-stimulus", True)]
    assert bank.items == {}


def test_a_changed_stimulus_changes_the_meaning_of_its_items(tmp_path: Path) -> None:
    write_stimulus(tmp_path)
    ids = write_set(tmp_path, "", kind="shared")
    before = hashes(bank_of(tmp_path), ids)
    write_stimulus(tmp_path, text=STIMULUS.replace("Something", "Nothing"))

    assert hashes(bank_of(tmp_path), ids) != before


@pytest.mark.parametrize(
    ("change", "rules"),
    [
        (("kind: abstract", "kind: poem"), ["wrong-value"]),
        (("id: renal-set-0001", "id: renal-set-0002"), ["id-and-place"]),
        (('title: "A trial"\n', ""), ["missing-key"]),
        (('title: "A trial"', 'titel: "A trial"'), ["unknown-key", "missing-key"]),
        (("**Background.** Something was not known.", ""), ["no-stem"]),
        (("Something", "<b>Something</b>"), ["raw-html", "raw-html"]),
        (("Something", "![](media:none.png)"), ["no-alternative-text", "unknown-exhibit"]),
        (("Something", "word " * 25_000), ["too-long"]),
    ],
)
def test_a_stimulus_is_read_strictly(tmp_path: Path, change: tuple[str, str], rules: list[str]) -> None:
    write_stimulus(tmp_path, text=STIMULUS.replace(*change))

    bank = bank_of(tmp_path)

    assert sorted(rules_in(bank)) == sorted(rules)
    assert len(bank.left_out) == 1


def test_a_stimulus_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    write_stimulus(tmp_path, text="no front matter")

    assert len(bank_of(tmp_path).unreadable) == 1


def test_a_stimulus_may_show_pictures(tmp_path: Path) -> None:
    write_media(tmp_path, MEDIA)
    write_stimulus(tmp_path, text=STIMULUS + "\n![A hand](media:a.png)\n")
    (item_id,) = write_set(tmp_path, "", kind="shared")

    assert [file.path for file in bank_of(tmp_path).items[item_id].all_media] == ["a.png"]


def test_an_id_of_a_stimulus_belongs_to_one_file(tmp_path: Path) -> None:
    write_stimulus(tmp_path)
    write_stimulus(tmp_path, "more/renal-set-0001")

    assert rules_in(bank_of(tmp_path)) == ["duplicate-id"]


# --- writing and meaning ------------------------------------------------------------------------------------------------


def test_an_item_of_a_set_and_its_stimulus_read_back_as_they_were_written(tmp_path: Path) -> None:
    write_stimulus(tmp_path)
    write_set(tmp_path, "", kind="shared")
    item = next(iter(bank_of(tmp_path).items.values()))
    assert item.stimulus is not None

    write_stimulus(tmp_path, text=stimulus_text(item.stimulus))
    write_item(tmp_path, item.id, item_text(item))

    assert bank_of(tmp_path).items[item.id].content_hash == item.content_hash


def test_the_place_in_a_set_is_part_of_the_meaning() -> None:
    texts = [made_text(), *(made_text({"set": f"{{id: renal-set-0001, kind: sequential, part: {n}}}"}) for n in (1, 2))]

    assert len({whole(text).content_hash for text in texts}) == 3


def test_the_hash_of_an_item_without_new_parts_is_what_it_always_was() -> None:
    # the SHA-256 of the canonical JSON of kind, stem, lead-in and options, as it stands in the locks of existing banks
    assert whole(made_text()).content_hash == "819b31155c62cdb95ecf047538020d61f1870a7ef8c23d9f3b7f089d8868dab7"


def whole(text: str) -> Item:
    item = parse_item(Source("item.md", text), codes=CODES, takeaways=TAKEAWAYS).item
    assert item is not None
    return item


def test_an_item_read_alone_does_not_ask_for_its_stimulus() -> None:
    text = made_text({"set": "{id: renal-set-0001, kind: shared, part: 1}"}, stem="")

    assert reading_of(text).findings == ()
    assert [finding.rule for finding in reading_of(text, stimuli={}).findings] == ["unknown-stimulus"]
