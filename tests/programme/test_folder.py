"""A folder of programme files: what is sound is read, what is not is said, and nothing else ever comes out."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import NotFoundError, ReadError
from bedside.findings import has_errors
from bedside.programme import parse_programme, read_programmes
from bedside.reading import Source, parse_yaml
from tests.programme.builder import SMALL, spoilt


def test_a_file_with_an_error_is_left_out_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    (tmp_path / "other.yaml").write_text(spoilt("name: small", "name: wrong"))
    (tmp_path / "binary.yaml").write_bytes(b"name: \xff\n")
    (tmp_path / "notes.txt").write_text("not a programme")

    read = read_programmes(tmp_path)

    assert list(read.by_name) == ["small"]
    assert [finding.rule for finding in read.findings] == ["name-differs"]
    assert [Path(error.file).name for error in read.unreadable] == ["binary.yaml"]


def test_a_folder_that_is_not_there_has_no_programmes(tmp_path: Path) -> None:
    assert read_programmes(tmp_path / "none").by_name == {}


def test_a_programme_that_does_not_exist_is_named_with_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL)
    (tmp_path / "other.yaml").write_text(spoilt("name: small", "name: wrong"))
    (tmp_path / "binary.yaml").write_bytes(b"name: \xff\n")
    read = read_programmes(tmp_path)

    assert read.get("small").name == "small"
    for name, text in [
        ("smal", 'no programme "smal"; did you mean "small"'),
        ("zzz", 'no programme "zzz"; there are small'),
        ("other", r"has 1 error and is left out; the first: .*other.yaml:2"),
        ("binary", "can't be read: .*binary.yaml:1"),
    ]:
        with pytest.raises(NotFoundError, match=text):
            read.get(name)
    with pytest.raises(NotFoundError, match="there are none"):
        read_programmes(tmp_path / "none").get("small")


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    bomb = "a: &a [1, 2, 3, 4, 5, 6, 7, 8, 9]\n" + "".join(
        f"{new}: &{new} [{', '.join(f'*{old}' for _ in range(9))}]\n" for old, new in zip("abcdefg", "bcdefgh", strict=True)
    )
    (tmp_path / "bomb.yaml").write_text(bomb)

    read = read_programmes(tmp_path)

    assert "more than 200,000 values" in str(read.unreadable[0])


WORDS = [None, True, -1, 0, 3.5, 10**9, "", "unknown", "one", "2026-05-14", "x" * 300, [], {}, [1], {"a": 1}]
PLAIN: Any = parse_yaml(Source("small.yaml", SMALL)).value


@given(st.data())
def test_a_spoilt_file_gives_findings_and_never_anything_else(data: st.DataObject) -> None:
    value = copy.deepcopy(PLAIN)
    for _ in range(data.draw(st.integers(1, 3))):
        spoil(value, data)
    text = yaml.safe_dump(value, sort_keys=False)

    try:
        programme, findings = parse_programme(Source("small.yaml", text), stem="small")
    except ReadError:
        return
    assert (programme is None) == has_errors(findings)
    n_lines = text.count("\n") + 1
    assert all(1 <= finding.line <= n_lines for finding in findings)


def spoil(value: Any, data: st.DataObject) -> None:
    holder, key = value, data.draw(st.sampled_from(sorted(value)))
    while isinstance(holder[key], dict | list) and holder[key] and data.draw(st.booleans() | st.just(True)):
        holder = holder[key]
        key = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else list(range(len(holder)))))
    match data.draw(st.sampled_from(["replace", "remove", "add"])):
        case "remove":
            del holder[key]
        case "add" if isinstance(holder, dict):
            holder[data.draw(st.sampled_from(["id", "sources", "extra", "valid_from", "steps"]))] = data.draw(
                st.sampled_from(WORDS)
            )
        case _:
            holder[key] = data.draw(st.sampled_from(WORDS))


@given(st.text(alphabet=st.sampled_from("ab:{}[]-& *\n\"'#|>!%@`,?0.~\t"), max_size=80))
def test_random_text_gives_findings_or_a_read_error(text: str) -> None:
    try:
        programme, findings = parse_programme(Source("x.yaml", text), stem="x")
    except ReadError:
        return
    assert programme is None
    assert findings
