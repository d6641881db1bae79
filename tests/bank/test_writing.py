from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank import BlueprintEntry, Item, Kind, Option, Origin, Waiver, item_text, parse_item, quoted
from bedside.bank.formats.markup import to_blocks, to_line
from bedside.reading import Document, Source, parse_yaml
from tests.support.items import CODES, TAKEAWAYS, item_of
from tests.support.items import item_text as text_of_item

WORDS = st.text(
    alphabet=st.one_of(st.sampled_from("\\`*_[]()#+-.!<>&;|~=: \n\"'x1?"), st.characters(exclude_categories=["Cs", "Cc"])),
    min_size=1,
    max_size=40,
).filter(lambda text: text.strip() != "")

LINES = WORDS.map(lambda text: to_line(text).text).filter(bool)
BLOCKS = WORDS.map(lambda text: to_blocks(text).text)
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)


@st.composite
def items(draw: st.DrawFn) -> Item:
    """Items as an importer makes them, from any text."""
    texts = draw(st.lists(LINES, min_size=3, max_size=6, unique_by=str.casefold))
    base = item_of(text_of_item())
    return replace(
        base,
        kind=Kind.MULTIPLE_SELECT,
        blueprint=(BlueprintEntry("exam", "first", {"discipline": ("physiology", "pathology")}),),
        takeaways=(),
        sources=tuple(draw(st.lists(TEXTS, max_size=2, unique=True))),
        waivers=tuple(Waiver(rule, "why") for rule in draw(st.lists(TEXTS, max_size=2))),
        origin=Origin("csv", draw(TEXTS), draw(st.integers(1, 9)), draw(st.none() | TEXTS), draw(st.none() | TEXTS)),
        stem=draw(st.just("") | BLOCKS),
        lead_in=draw(BLOCKS.filter(lambda text: "\n" not in text and text)),
        options=tuple(
            Option("ABCDEF"[n], text, draw(st.booleans()) or n == 0, draw(st.just("") | BLOCKS), 0)
            for n, text in enumerate(texts)
        ),
    )


def without_places(item: Item) -> Item:
    options = tuple(replace(option, line=0) for option in item.options)
    return replace(item, options=options, stem_line=0, lead_in_line=0, file="", document=Document("", {}, {}, {}))


@settings(deadline=None)
@given(items())
def test_what_is_written_reads_back_as_the_same_item(item: Item) -> None:
    reading = parse_item(Source("item.md", item_text(item)), codes=CODES, takeaways=TAKEAWAYS)

    assert not [finding for finding in reading.findings if finding.rule != "duplicate-option"]
    assert reading.item is not None
    assert without_places(reading.item) == without_places(item)


def test_an_item_of_our_own_reads_back_as_the_same_item() -> None:
    item = item_of(text_of_item())

    assert without_places(item_of(item_text(item))) == without_places(item)


@settings(deadline=None)
@given(TEXTS)
def test_a_quoted_scalar_reads_back_as_the_same_text(text: str) -> None:
    assert parse_yaml(Source("x", f"key: {quoted(text)}\n")).value == {"key": text}


def test_words_that_yaml_takes_for_something_else_are_quoted() -> None:
    assert [quoted(word) for word in ("renal", "step1", "null", "on", "1", "")] == [
        "renal", "step1", '"null"', '"on"', '"1"', '""',
    ]  # fmt: skip
