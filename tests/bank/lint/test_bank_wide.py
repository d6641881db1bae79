"""What only a bank shows: positions and lengths of keys against chance, twins among stems, answers told by a sibling."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.bank import Item
from bedside.bank.lint.chi_square import chi_square, upper_tail
from bedside.bank.lint.likeness import alike
from bedside.bank.lint.shingles import twins
from bedside.findings import Finding, Severity
from tests.support.lint import STEM, findings_of, made

WORDS = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "flint",
    "grove",
    "hazel",
    "inlet",
    "jetty",
    "knoll",
    "larch",
    "maple",
    "north",
    "ocean",
    "pearl",
    "quail",
    "river",
    "stone",
    "thorn",
    "umber",
    "vale",
    "willow",
    "yarrow",
    "zephyr",
    "acorn",
    "bramble",
    "clover",
    "dahlia",
    "elder",
    "fern",
    "gorse",
    "heather",
    "iris",
    "juniper",
    "lily",
    "moss",
    "nettle",
    "oak",
    "poplar",
    "quince",
    "rose",
    "sedge",
]


def _stem(n: int) -> str:
    """A stem of its own, always the same for a number."""
    drawn = random.Random(n).choices(WORDS, k=40)
    return f"A {20 + n % 60}-year-old man comes to the office because of " + " ".join(drawn) + "."


def _bank(places: list[int], *, imported: bool = False, longest: bool = False) -> list[Item]:
    """One item a place, with its key there; `longest` makes each key the longest of its options."""
    items = []
    for n, place in enumerate(places):
        options = [f"Drug of {WORDS[k]} and {WORDS[k + 5]}" for k in range(5)]
        if longest:
            options[place] += " by mouth"
        options[place] = f"*{options[place]}"
        item = made(stem=_stem(n), options=tuple(options), imported=imported, file=f"items/renal/renal-{n:04}.md")
        items.append(replace(item, id=f"renal-{n:04}"))
    return items


def _of(rule: str, items: list[Item], **more: dict[str, str]) -> list[Finding]:
    return [finding for finding in findings_of(*items, **more) if finding.rule == rule]  # type: ignore[arg-type]  # one keyword


def test_the_tail_of_chi_square_agrees_with_the_printed_table() -> None:
    # Abramowitz & Stegun (1964), table 26.8: the statistic exceeded with this probability
    for statistic, degrees, p in [(3.841, 1, 0.05), (6.635, 1, 0.01), (9.488, 4, 0.05), (13.277, 4, 0.01), (16.919, 9, 0.05)]:
        assert upper_tail(statistic, degrees) == pytest.approx(p, rel=2e-3)


def test_the_tail_of_chi_square_is_a_probability() -> None:
    assert upper_tail(0, 4) == 1
    assert upper_tail(5, 0) == 1
    assert 0 <= upper_tail(5000, 3) < 1e-100 or math.isclose(upper_tail(5000, 3), 0)


def test_chi_square_sums_the_cells() -> None:
    assert chi_square([8, 12], [10, 10]) == pytest.approx(0.8)  # (-2)²/10 + 2²/10


def test_keys_spread_evenly_are_left_alone() -> None:
    assert _of("key-position-unbalanced", _bank([n % 5 for n in range(40)])) == []


def test_keys_heaped_on_one_place_are_told_once() -> None:
    found = _of("key-position-unbalanced", _bank([2] * 30 + [n % 5 for n in range(10)]))

    assert [(finding.file, finding.severity) for finding in found] == [("items/renal", Severity.WARNING)]
    assert "C 32" in found[0].text


def test_fewer_than_twenty_items_are_too_few_to_tell() -> None:
    assert _of("key-position-unbalanced", _bank([2] * 19)) == []


def test_each_collection_is_counted_for_itself() -> None:
    heaped = _bank([0] * 25)
    spread = [replace(item, id=f"blood-{n}", file=f"b/{n}.md") for n, item in enumerate(_bank([n % 5 for n in range(100)]))]
    collection_of = {item.id: "mine" for item in heaped} | {item.id: "bedside" for item in spread}

    found = _of("key-position-unbalanced", [*heaped, *spread], collection_of=collection_of)
    assert any('the collection "mine"' in finding.text for finding in found)
    assert not any('the collection "bedside"' in finding.text for finding in found)


def test_an_author_with_a_habit_is_told_apart() -> None:
    one = [replace(item, authors=("author-1",)) for item in _bank([1] * 25)]
    spread = _bank([0, 2, 3, 4] * 30)
    two = [replace(item, id=f"blood-{n}", file=f"b/{n}.md", authors=("author-2",)) for n, item in enumerate(spread)]

    assert any('the author "author-1"' in finding.text for finding in _of("key-position-unbalanced", [*one, *two]))


def test_imported_items_are_counted_apart_and_as_a_note() -> None:
    found = _of("key-position-unbalanced", _bank([2] * 30, imported=True))

    assert [finding.severity for finding in found] == [Severity.NOTE]


def test_keys_that_are_the_longest_too_often_are_told() -> None:
    found = _of("key-longest-in-bank", _bank([n % 5 for n in range(40)], longest=True))

    assert len(found) == 1
    assert "40 of 40" in found[0].text


def test_keys_that_are_the_longest_as_often_as_chance_are_left_alone() -> None:
    assert _of("key-longest-in-bank", _bank([n % 5 for n in range(40)])) == []


def test_a_copied_stem_with_other_numbers_is_a_twin() -> None:
    first = made(file="items/a.md")
    second = replace(made(stem=STEM.replace("58", "61").replace("148/86", "152/90"), file="items/b.md"), id="renal-0008")

    found = _of("near-duplicate-stem", [first, second])
    assert [finding.file for finding in found] == ["items/b.md"]
    assert '"renal-0007"' in found[0].text


def test_stems_that_share_only_the_wording_of_vital_signs_are_no_twins() -> None:
    shared = " Temperature is 37.2°C (99.0°F), pulse is 84/min, respirations are 14/min, and blood pressure is 128/76 mm Hg."
    items = [replace(item, stem=item.stem + shared) for item in _bank([n % 5 for n in range(60)])]

    assert _of("near-duplicate-stem", items) == []


def test_a_twin_is_found_among_many_and_in_a_family_of_copies() -> None:
    texts = [_stem(n) for n in range(300)]
    texts.append(texts[17].replace("year", "month"))
    texts += [f"{STEM} Room {n}." for n in range(60)]

    found = {pair.later: pair.earlier for pair in twins(texts)}
    assert found[300] == 17
    assert {n for n in found if n > 301} == set(range(302, 361))
    assert not [n for n in found if n < 300]


def test_a_waiver_covers_a_twin() -> None:
    head: dict[str, str | None] = {"waive": '[{rule: near-duplicate-stem, reason: "a pair on purpose"}]'}
    first = made(file="items/a.md")
    second = replace(made(head=head, file="items/b.md"), id="renal-0008")

    assert findings_of(first, second) == []


NUMB = (
    "A 49-year-old woman has numb feet and staggers in the dark. Years after a gastric bypass she takes zinc for hair loss; "
    "neutrophils are few, and marrow shows ringed sideroblasts."
)
NUMB_AGAIN = (
    "A 58-year-old man staggers with his eyes closed and has numb feet. He swallows zinc from a denture cream after a gastric "
    "bypass; hair is thin, neutrophils are few, and ringed sideroblasts are seen."
)


def _told_twice(*, takeaways: tuple[str, ...], n_others: int = 40, imported: bool = False) -> list[Item]:
    """A bank with one case told twice in other words; both times copper is asked for."""
    options = ("Abscess", "*Lack of copper", "Torsion")
    first = replace(made(stem=NUMB, options=options, file="items/a.md", imported=imported), id="blood-0003")
    second = replace(made(stem=NUMB_AGAIN, options=options, file="items/b.md", imported=imported), id="nervous-0002")
    return [*_bank([n % 5 for n in range(n_others)]), first, replace(second, takeaways=takeaways)]


def test_a_case_told_twice_in_other_words_with_another_takeaway_is_told() -> None:
    found = _of("same-question", _told_twice(takeaways=("nervous.copper",)))

    assert [(finding.file, finding.severity) for finding in found] == [("items/b.md", Severity.WARNING)]
    assert '"blood-0003"' in found[0].text


def test_two_items_of_one_takeaway_may_tell_alike_cases() -> None:
    items = _told_twice(takeaways=("nervous.copper",))
    assert _of("same-question", [*items[:-1], replace(items[-1], takeaways=items[-2].takeaways)]) == []


def test_few_items_do_not_tell_which_words_are_rare_and_imported_ones_are_not_ours() -> None:
    assert _of("same-question", _told_twice(takeaways=("nervous.copper",), n_others=10)) == []
    assert _of("same-question", _told_twice(takeaways=("nervous.copper",), imported=True)) == []


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=12), max_size=30), st.randoms())
def test_whether_two_texts_are_alike_does_not_rest_on_their_order(texts: list[list[str]], random: random.Random) -> None:
    order = list(range(len(texts)))
    random.shuffle(order)
    straight = {frozenset((pair.earlier, pair.later)) for pair in alike(texts)}
    turned = {frozenset((order[pair.earlier], order[pair.later])) for pair in alike([texts[place] for place in order])}
    assert straight == turned


def _family(key: str, told: str) -> list[Item]:
    first = made(options=("Abscess", f"*{key}", "Torsion"), file="items/a.md")
    second = made(stem=f"{_stem(3)} {told}", file="items/b.md")
    return [first, replace(second, id="renal-0008")]


def test_an_answer_told_by_the_stem_of_a_sibling_is_noted() -> None:
    found = _of("cue-across-items", _family("Cystine nephrolithiasis", "He has cystine nephrolithiasis."))

    assert [(finding.file, finding.severity) for finding in found] == [("items/b.md", Severity.NOTE)]


def test_an_answer_told_by_an_item_of_another_family_is_left_alone() -> None:
    first, second = _family("Cystine nephrolithiasis", "He has cystine nephrolithiasis.")

    assert _of("cue-across-items", [first, replace(second, takeaways=("renal.anion_gap",))]) == []


def test_a_sibling_that_tells_nothing_is_left_alone() -> None:
    assert _of("cue-across-items", _family("Cystine nephrolithiasis", "He has gout.")) == []
