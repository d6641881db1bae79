"""Responses: what a file may look like, what is refused, and what is said of the rest."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import NotFoundError, NotTextError, SyntaxReadError
from bedside.measure import CodesError, DuplicatesError, Responses, ResponsesError

LONG = "person,item,correct\nann,i2,1\nann,i1,0\nbob,i1,1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def written(folder: Path, text: str, name: str = "responses.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def triples(responses: Responses) -> set[tuple[str, str, int]]:
    persons, items = responses.persons[responses.person()], responses.items[responses.item]
    return set(zip(persons.tolist(), items.tolist(), responses.correct.tolist(), strict=True))


def test_a_long_file_gives_each_persons_answers_in_increasing_item(folder: Path) -> None:
    responses = Responses.read(written(folder, LONG))

    assert triples(responses) == {("ann", "i2", 1), ("ann", "i1", 0), ("bob", "i1", 1)}
    assert responses.starts.tolist() == [0, 2, 3]
    assert responses.item.tolist() == [0, 1, 1]  # i2 came first
    assert responses.item.dtype == np.uint16


def test_the_same_answers_come_from_a_wide_file_a_packed_one_and_parquet(folder: Path) -> None:
    wide = Responses.read(written(folder, "person,i1,i2\nann,0,1\nbob,1,\n", "wide.csv"))
    packed = folder / "long.csv.gz"
    packed.write_bytes(gzip.compress(LONG.encode()))
    parquet = folder / "long.parquet"
    pl.read_csv(written(folder, LONG)).write_parquet(parquet)

    assert triples(wide) == triples(Responses.read(packed)) == triples(Responses.read(parquet))
    assert wide.n_empty == 1


def test_wide_parquet_may_hold_numbers_truths_and_nothing(folder: Path) -> None:
    path = folder / "wide.parquet"
    pl.DataFrame({"person": [7, 8], "a": [1.0, None], "b": [True, False], "c": [float("nan"), 0.0]}).write_parquet(path)

    assert triples(Responses.read(path)) == {("7", "a", 1), ("7", "b", 1), ("8", "b", 0), ("8", "c", 0)}


def test_persons_may_come_back_later_in_the_file(folder: Path) -> None:
    responses = Responses.read(written(folder, "person,item,correct\nann,i1,1\nbob,i1,0\nann,i2,0\nbob,i2,1\n"))

    assert triples(responses) == {("ann", "i1", 1), ("ann", "i2", 0), ("bob", "i1", 0), ("bob", "i2", 1)}
    assert responses.starts.tolist() == [0, 2, 4]


def test_optional_columns_follow_their_answers(folder: Path) -> None:
    text = (
        "person,item,correct,choice,ms,at,score,max_score,position\n"
        "bob,b,1,C,,1970-01-01T00:00:01Z,1.5,2,1\nann,b,1,A,20,,1,2,2\nbob,a,0,,30,5,0,2,2\nann,a,0,B,40,,,,1\n"
    )

    responses = Responses.read(written(folder, text))

    assert responses.persons.tolist() == ["bob", "ann"]
    assert responses.items[responses.item].tolist() == ["b", "a", "b", "a"]
    assert responses.choice is not None
    assert [responses.choices[code] if code >= 0 else "" for code in responses.choice] == ["C", "", "A", "B"]
    assert responses.ms is not None
    assert responses.ms.tolist() == [-1, 30, 20, 40]
    assert responses.at is not None
    assert responses.at.tolist() == [1000, 5, -1, -1]
    assert responses.score is not None
    assert np.isnan(responses.score).tolist() == [False, False, False, True]
    assert responses.position is not None
    assert responses.position.tolist() == [1, 2, 2, 1]


def test_unknown_columns_are_reported_and_kept(folder: Path) -> None:
    path = written(folder, "person,item,correct,form,hospital\nann,b,1,F1,north\nann,a,0,F1,\nbob,a,1,F2,south\n")

    responses = Responses.read(path)

    assert responses.unknown_columns == ("hospital",)
    assert responses.extra["hospital"].tolist() == ["north", None, "south"]
    assert responses.extra["form"].tolist() == ["F1", "F1", "F2"]
    assert Responses.read(path, keep=()).extra == {}


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (
            "person,item,correct\nann,a,2\nbob,a,x\n",
            CodesError,
            "row 1: an answer is 1, 0 or empty, but 2 from there on are '2', 'x'",
        ),
        ("person,a,b\nann,1,0\nbob,7,0\n", CodesError, "column `a`: row 2"),
        ("person,item,correct\nann,a,1\nann,a,0\n", DuplicatesError, "1 too many: ann on a"),
        ("person,item,correct\n,a,1\n", ResponsesError, "row 1 has no person"),
        ("person,item,correct\nann,,1\n", ResponsesError, "row 1 has no item"),
        ("person,item\nann,a\n", ResponsesError, "no column `correct`"),
        ("name,a\nann,1\n", ResponsesError, "no column `person`"),
        ("person\nann\n", ResponsesError, "no column beside `person`"),
        ("person,item,correct,correct\nann,a,1,1\n", ResponsesError, "twice: correct"),
        ("person,item,correct\n", ResponsesError, "no answer"),
        ("person,item,correct\nann,a,\n", ResponsesError, "no answer"),
        ("person,item,correct,ms\nann,a,1,soon\n", ResponsesError, "row 1: `ms` is 'soon'"),
        ("person,item,correct,ms\nann,a,1,1.5\n", ResponsesError, "not whole"),
        ("", SyntaxReadError, "empty"),
        ("person,item,correct\nann,a,1,1\n", SyntaxReadError, "can't be read"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_file_and_the_place(
    folder: Path, text: str, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said.replace("(", "\\(")) as raised:
        Responses.read(written(folder, text))

    assert "responses.csv" in str(raised.value)


def test_a_file_that_is_not_there_or_is_no_text_is_named(folder: Path) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        Responses.read(folder / "nowhere.csv")
    (folder / "latin.csv").write_bytes(b"person,item,correct\nJos\xe9,a,1\n")
    with pytest.raises(NotTextError, match="latin"):
        Responses.read(folder / "latin.csv")


def test_of_repeated_answers_the_first_or_the_last_counts_where_it_is_said_which(folder: Path) -> None:
    path = written(folder, "person,item,correct\nann,b,1\nann,a,1\nann,b,0\nbob,b,0\nann,b,0\n")

    first, last = Responses.read(path, repeats="first"), Responses.read(path, repeats="last")

    assert triples(first) == {("ann", "a", 1), ("ann", "b", 1), ("bob", "b", 0)}
    assert triples(last) == {("ann", "a", 1), ("ann", "b", 0), ("bob", "b", 0)}
    assert first.n_repeats == last.n_repeats == 2


def test_persons_and_items_without_variance_are_named_and_counted_and_stay(folder: Path) -> None:
    responses = Responses.read(written(folder, "person,a,b,c,d\nann,1,1,0,\nbob,1,0,0,\ncy,,,,\ndee,1,1,,\n"))

    found = responses.no_variance()

    assert found.items_all_right == ("a",)
    assert found.items_all_wrong == ("c",)
    assert found.items_without_answers == ("d",)
    assert found.persons_all_right == ("dee",)
    assert found.persons_without_answers == ("cy",)
    assert responses.n_persons == 4
    assert responses.n_items == 4
    assert "1 item that everybody got right: a" in found.sentences()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8), st.integers(0, 1)), min_size=1, max_size=60))
def test_no_answer_is_lost_or_made_up_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int, int]]
) -> None:
    once = list({(person, item): (f"p{person}", f"i{item}", correct) for person, item, correct in rows}.values())
    text = "person,item,correct\n" + "".join(f"{person},{item},{correct}\n" for person, item, correct in once)

    responses = Responses.read(written(tmp_path_factory.mktemp("rows"), text))

    assert triples(responses) == set(once)
    for person in range(responses.n_persons):
        assert (np.diff(responses.item[responses.starts[person] : responses.starts[person + 1]].astype(int)) > 0).all()


@pytest.mark.parametrize("as_numbers", [True, False])
def test_a_file_read_in_many_pieces_is_the_one_read_at_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, as_numbers: bool
) -> None:
    """Names are numbered anew in each piece; once, two items became one that way."""
    rng = np.random.default_rng(1)
    person, item = np.divmod(np.sort(rng.choice(300 * 400, 6_000, replace=False)), 400)
    frame = pl.DataFrame({"person": person, "item": item, "correct": rng.integers(0, 2, 6_000)})
    path = folder / "long.parquet"
    (frame if as_numbers else frame.cast({"person": pl.String, "item": pl.String})).write_parquet(path, row_group_size=500)
    whole = triples(Responses.read(path))
    monkeypatch.setattr("bedside.measure.data.reading.PIECE_ROWS", 300)

    assert triples(Responses.read(path)) == whole
    assert whole == {(str(p), str(i), c) for p, i, c in frame.iter_rows()}


@given(st.integers(1, 7), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_a_matrix_comes_back_from_responses(n_persons: int, n_items: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.choice([0.0, 1.0, np.nan], (n_persons, n_items))

    responses = Responses.of_matrix(table)

    np.testing.assert_array_equal(responses.matrix(), table)
    n_given, n_right = responses.item_counts()
    assert n_given.tolist() == (~np.isnan(table)).sum(axis=0).tolist()
    assert n_right.tolist() == np.nansum(table, axis=0).tolist()
