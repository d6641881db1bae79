"""Files of item parameters: read strictly, written without loss."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import NotFoundError, NotTextError, StoreError, SyntaxReadError
from bedside.measure import Items, items_text, parse_items, read_items, write_items

FINITE = st.floats(allow_nan=False, allow_infinity=False)
ERROR = st.floats(min_value=0, allow_infinity=False) | st.just(float("nan"))
NAME = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).map(str.strip).filter(bool)
ROW = st.tuples(FINITE, FINITE, st.floats(0, 1, exclude_max=True), ERROR, ERROR, ERROR)

HEAD = "item,discrimination,difficulty,guessing,se_discrimination,se_difficulty,se_guessing\n"


def same(one: Items, other: Items) -> bool:
    columns = [name for name in Items.__slots__ if name != "ids"]
    return one.ids == other.ids and all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True) for name in columns
    )


@given(st.dictionaries(NAME, ROW, min_size=1, max_size=8))
def test_what_is_written_is_read_to_the_last_digit(rows):
    items = Items(tuple(rows), *(np.array(column, dtype=np.float64) for column in zip(*rows.values(), strict=True)))

    assert same(parse_items(items_text(items), file="items.csv"), items)


def test_columns_come_in_any_order_and_those_that_may_lack_are_filled(tmp_path: Path):
    path = tmp_path / "items.csv"
    path.write_text("difficulty, item ,discrimination,se_difficulty\r\n-1e-1,renal-1,.5,\r\n\r\n2,renal-2,+1.25,0.1\r\n")

    items = read_items(path)

    assert items.ids == ("renal-1", "renal-2")
    assert items.discrimination.tolist() == [0.5, 1.25]
    assert items.difficulty.tolist() == [-0.1, 2.0]
    assert items.guessing.tolist() == [0.0, 0.0]
    assert np.isnan(items.se_difficulty[0])
    assert items.se_difficulty[1] == 0.1
    assert np.isnan(items.se_discrimination).all()


def test_a_file_goes_there_and_back(tmp_path: Path):
    items = parse_items(HEAD + "a,1.1,-0.25,0.2,0.05,,\n", file="x")
    write_items(items, tmp_path / "items.csv")
    assert (tmp_path / "items.csv").read_text() == HEAD + "a,1.1,-0.25,0.2,0.05,,\n"
    assert same(read_items(tmp_path / "items.csv"), items)


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("", None, None, "empty"),
        (HEAD, 1, None, "no items"),
        ("item,discrimination\na,1\n", 1, None, "difficulty"),
        ("item,dificulty,discrimination\na,1,1\n", 1, 6, 'did you mean "difficulty"'),
        ("item,difficulty,discrimination,difficulty\na,1,1,1\n", 1, 32, "twice"),
        (HEAD + "a,1,0,0,,,\na,1,0,0,,,\n", 3, 1, "line 2"),
        (HEAD + ",1,0,0,,,\n", 2, 1, "no name"),
        (HEAD + "a,1,0,0,,\n", 2, None, "6 fields"),
        (HEAD + "a,1,zero,0,,,\n", 2, 5, "no number"),
        (HEAD + "a,1,nan,0,,,\n", 2, 5, "no number"),
        (HEAD + "a,1_0,0,0,,,\n", 2, 3, "no number"),
        (HEAD + "a,1e999,0,0,,,\n", 2, 3, "no number"),
        (HEAD + "a,,0,0,,,\n", 2, 3, "discrimination is empty"),
        (HEAD + "a,1,0,1,,,\n", 2, 7, "from 0 to below 1"),
        (HEAD + "a,1,0,0,-1,,\n", 2, 9, "negative"),
        (HEAD + '"a\nb",1,0,2,,,\n', 2, None, "from 0 to below 1"),
        (HEAD + 'a,1,0,0,,,\n"b,1,0,0,,,\n', 3, None, "CSV"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(text, line, column, said):
    with pytest.raises(SyntaxReadError, match=said) as refused:
        parse_items(text, file="items.csv")
    assert (refused.value.file, refused.value.line, refused.value.column) == ("items.csv", line, column)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path):
    with pytest.raises(NotFoundError):
        read_items(tmp_path / "none.csv")
    with pytest.raises(StoreError):
        read_items(tmp_path)
    (tmp_path / "bytes.csv").write_bytes(b"item\xff")
    with pytest.raises(NotTextError):
        read_items(tmp_path / "bytes.csv")
    with pytest.raises(StoreError):
        write_items(parse_items(HEAD + "a,1,0,0,,,\n", file="x"), tmp_path / "no" / "items.csv")
