"""What content authors can rely on when their files are read."""

from __future__ import annotations

import math
from typing import Annotated, ClassVar

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field

from bedside.errors import NotTextError, ReadError, SyntaxReadError, TooLargeError
from bedside.reading import (
    MAX_DEPTH,
    Place,
    Source,
    decode,
    did_you_mean,
    parse_front_matter,
    parse_yaml,
    read_text,
    validate,
)


def read(text: str):
    return parse_yaml(Source("test.yaml", text))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on", "on"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("12:30", "12:30"),
        ("2026-05-14", "2026-05-14"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("-7", -7),
        ("0o17", 15),
        ("0x1f", 31),
        ("017", 17),
        ("1.50", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        (".inf", ".inf"),
        ("1_000", "1_000"),
        ("'7'", "7"),
        ("!!str 7", "7"),
        ("9" * 40, "9" * 40),
    ],
)
def test_scalars_follow_the_core_schema_of_yaml_1_2(text, value):
    document = read(f"a: {text}\n")

    assert document.value == {"a": value}
    assert type(document.value["a"]) is type(value)


def test_each_value_and_key_knows_its_place():
    document = read("id: x\nblueprint:\n  - {step: step1, system: renal}\n  - step: step3\n")

    assert document.place(["blueprint", 0, "system"]) == Place(3, 27)
    assert document.place(["blueprint", 1, "step"], of_key=True) == Place(4, 5)
    assert document.place(["blueprint", 7, "no such"]) == Place(3, 3)
    assert document.place([]) == Place(1, 1)


def test_a_key_given_twice_is_a_finding_and_the_first_stays():
    document = read("a: 1\nb:\n  c: 2\n  c: {d: 3}\na: [4]\n")

    assert document.value == {"a": 1, "b": {"c": 2}}
    assert [(finding.line, finding.rule) for finding in document.findings] == [(4, "duplicate-key"), (5, "duplicate-key")]


def test_aliases_are_followed():
    assert read("a: &x {k: [1, 2]}\nb: *x\nc: [*x, &y 3, *y]\n").value == {
        "a": {"k": [1, 2]},
        "b": {"k": [1, 2]},
        "c": [{"k": [1, 2]}, 3, 3],
    }


def test_an_alias_bomb_is_refused_before_it_grows():
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10)]
    bomb = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n" + "\n".join(levels)

    with pytest.raises(TooLargeError, match="aliases"):
        read(bomb)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "not well-formed"),
        ("a: 1\n---\nb: 2\n", "second document"),
        ("a: !!python/object/apply:os.system [ls]", "tag"),
        ("a: !thing x", "tag"),
        ("a: *nowhere", r"alias \*nowhere"),
        ("a: &a [*a]", r"alias \*a"),
        ("? [1]\n: 2", "key must be text"),
        ("? {a: 1}\n: 2", "key must be text"),
        ("a: &x [1]\n? *x\n: 2", "key must be text"),
    ],
)
def test_what_is_not_plain_yaml_is_refused_with_its_place(text, message):
    with pytest.raises(SyntaxReadError, match=message) as caught:
        read(text)
    assert caught.value.line is not None


def test_deep_nesting_is_a_limit_and_no_crash():
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH).value is not None
    with pytest.raises(TooLargeError, match="nested deeper"):
        read("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))
    with pytest.raises(ReadError):
        read("[" * 100_000)


# NEL, line and paragraph separator are line ends in YAML 1.1, which the writer speaks
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXT | st.floats(allow_nan=False, width=32),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_what_is_written_is_read_back(value):
    text = yaml.safe_dump(value, allow_unicode=True)

    def resolved(plain):
        # the writer speaks YAML 1.1: it quotes more than 1.2 needs, and writes infinity in its own way
        match plain:
            case float() if math.isinf(plain):
                return ".inf" if plain > 0 else "-.inf"
            case dict():
                return {key: resolved(inner) for key, inner in plain.items()}
            case list():
                return [resolved(inner) for inner in plain]
            case _:
                return plain

    assert read(text).value == resolved(value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        read(text)
    except ReadError as error:
        assert str(error).startswith("test.yaml")


@given(st.binary(max_size=100))
def test_any_bytes_are_text_or_refused_with_a_line(data):
    try:
        source = decode(data, file="x.md")
    except NotTextError as error:
        assert error.line is not None
        assert error.line <= data.count(b"\n") + 1
    else:
        assert "\r" not in source.text


def test_bytes_that_are_not_utf_8_are_refused_with_their_line(tmp_path):
    path = tmp_path / "item.md"
    path.write_bytes("first\nsecond\nthird é".encode("latin-1"))

    with pytest.raises(NotTextError, match=r"item.md:3: byte 0xe9 is not valid UTF-8"):
        read_text(path)


def test_a_file_over_the_limit_is_refused_unread(tmp_path):
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)

    with pytest.raises(TooLargeError, match="50,000,000 bytes are over the limit"):
        read_text(path)


def test_front_matter_and_body_keep_their_lines():
    matter = parse_front_matter(Source("item.md", "---\nid: x\nversion: 1\n---\nA 24-year-old woman\n"))

    assert matter.document.value == {"id": "x", "version": 1}
    assert matter.document.place(["version"]) == Place(3, 10)
    assert (matter.body_line, matter.body) == (5, "A 24-year-old woman\n")


@pytest.mark.parametrize("text", ["", "id: x\n", "---\nid: x\n", "--- \nid: x\n---\n"])
def test_a_file_without_front_matter_is_refused(text):
    with pytest.raises(SyntaxReadError, match="front matter"):
        parse_front_matter(Source("item.md", text))


def test_front_matter_may_end_the_file():
    assert parse_front_matter(Source("item.md", "---\nid: x\n---")).document.value == {"id": "x"}


class Entry(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    step: str
    share: Annotated[float, Field(ge=0, le=1)] = 0


class Record(BaseModel):
    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")
    id: str
    entries: list[Entry]


def test_a_sound_document_becomes_its_record():
    record, findings = validate(Record, read("id: a\nentries: [{step: s}]\n"))

    assert findings == []
    assert record is not None
    assert record.entries[0].step == "s"


def test_every_offence_is_a_finding_with_its_place():
    text = "id: a\nentries:\n  - {step: s, shere: 1}\n  - {share: 2, step: s}\n  - {}\nextra: 1\n"

    record, findings = validate(Record, read(text))

    assert record is None
    assert [(finding.line, finding.column, finding.text) for finding in findings] == [
        (3, 15, 'unknown key "shere"'),
        (4, 13, "entries.1.share: input should be less than or equal to 1"),
        (5, 5, 'missing key "step"'),
        (6, 1, 'unknown key "extra"'),
    ]


def test_a_near_word_is_offered():
    assert did_you_mean("optons", ["options", "sources"]) == '; did you mean "options"?'
    assert did_you_mean("zzz", ["options"]) == ""
