from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bedside.bank import Codes, Import, Kind, SourceFile, read_import
from bedside.errors import NotTextError, ReadError, SyntaxReadError, TooLargeError, UsageError
from tests.support.items import CODES

HEADER = "id,stem,option_a,option_b,option_c,answer"
ROW = '1,"A man. Which drug?",Aspirin,Heparin,Saline,B'


def imported(data: str | bytes, **options: Any) -> Import:
    raw = data.encode() if isinstance(data, str) else data
    return read_import(SourceFile("some.file", raw), collection="some", codes=CODES, **options)


def table(*rows: str, header: str = HEADER) -> Import:
    return imported("\n".join([header, *rows]) + "\n")


def json_lines(*rows: dict[str, Any] | str) -> Import:
    return imported("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows))


def refused(result: Import) -> list[tuple[int, str]]:
    return [(row.row, row.why) for row in result.skipped]


MEDQA = {
    "question": "A man has pain. Which drug is best?",
    "options": {"A": "Aspirin", "B": "Heparin"},
    "answer": "Heparin",
    "answer_idx": "B",
}
MEDMCQA = {"id": "m1", "question": "Which drug?", "opa": "a", "opb": "b", "opc": "c", "opd": "d", "cop": 1, "exp": "Since."}


# --- tables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_tables_are_read_whatever_their_delimiter_line_ends_and_mark(delimiter: str, line_end: str, mark: bytes) -> None:
    text = line_end.join([HEADER, ROW, ROW.replace("1,", "2,").replace("man", "boy")]).replace(",", delimiter)

    result = imported(mark + text.encode())

    assert (result.format, result.unit, refused(result)) == ("csv", "line", [])
    assert [item.id for item in result.items] == ["some-1", "some-2"]
    assert result.items[0].lead_in == "Which drug?"
    assert result.items[0].key == ("B",)
    assert result.items[0].origin is not None
    assert (result.items[0].origin.file, result.items[0].origin.row) == ("some.file", 2)


def test_a_cell_may_hold_delimiters_quotes_and_line_ends() -> None:
    result = table('1,"A ""man"", aged 3,\nhas pain. Which drug?",Aspirin,Heparin,Saline,B', ROW.replace("1,", "2,"))

    assert result.items[0].stem == 'A "man", aged 3,\n\nhas pain.'
    assert result.items[1].origin is not None
    assert result.items[1].origin.row == 4


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("1,Stem?,a", "3 cells; the header has 6"),
        ("1,Stem,too,a,b,c,B,extra", "8 cells; the header has 6"),
        ('1,"Stem?,a,b,c,B', "a quote is opened and not closed"),
        ('1,"Stem?" x,a,b,c,B', "a quote stands inside a cell"),
        ('1,St"em?,a,b,c,B', "a quote stands inside a cell"),
        ("1,Stem?,a,b,c,", "no key"),
        ("1,Stem?,a,b,c,F", "is neither the letter nor the text of an option"),
        ("1,Stem?,a,b,,C", "is neither the letter nor the text of an option"),
        ("1,Stem?,a,,c,A", "option B is empty"),
        ("1,Stem?,a,A,c,C", "option B has the text of option A"),
        ("1,,a,b,c,A", "no question text"),
        ("1,Stem?,a,b,c,A|B", "several keys"),
        ("1,Stem?,a,,,A", "1 option;"),
    ],
)
def test_a_row_that_is_not_sound_is_refused_with_its_line_and_costs_no_other(row: str, why: str) -> None:
    result = table(row, ROW.replace("1,", "2,"))

    assert [(line, why in text) for line, text in refused(result)] == [(2, True)]
    assert [item.id for item in result.items] == ["some-2"]
    assert result.items[0].key == ("B",)


def test_an_open_quote_does_not_swallow_the_rows_below() -> None:
    rows = [f"{n},Stem {n}?,a,b,c,A" for n in range(2, 30)]
    rows.insert(5, '1,"open,a,b,c,A')

    result = table(*rows, '99,"Closed?",a,b,c,C')

    assert len(result.items) == 29
    assert [line for line, _ in refused(result)] == [7]
    assert result.items[-1].key == ("C",)


def test_a_table_of_open_quotes_is_given_up() -> None:
    with pytest.raises(SyntaxReadError, match="quote"):
        table(*(f'{n},"{"x" * 70_000}' for n in range(1_100)))


def test_rows_that_are_not_utf_8_are_refused_alone() -> None:
    result = imported(f"{HEADER}\n1,caf\xe9?,a,b,c,A\n".encode("latin-1") + ROW.replace("1,", "2,").encode())

    assert refused(result) == [(2, "not valid UTF-8")]
    assert len(result.items) == 1


def test_several_answers_are_taken_where_the_row_asks_for_several() -> None:
    header = "id,type,stem,lead_in,option_a,option_b,option_c,answer,rationale,tags"
    result = table("1,mr,A girl.,Select all findings.,a,b,c,A|C,Since.,renal", "2,essay,S?,L?,a,b,c,A,,", header=header)

    assert result.items[0].kind is Kind.MULTIPLE_SELECT
    assert result.items[0].key == ("A", "C")
    assert result.items[0].options[0].explanation == "Since."
    assert result.unused == ("tags",)
    assert refused(result)[0][1].startswith('the type "essay" is not known')


def test_the_key_may_be_the_text_of_an_option() -> None:
    assert table("1,S?,Aspirin,Heparin,Saline,Heparin").items[0].key == ("B",)


def test_a_key_that_could_mean_two_options_is_refused() -> None:
    # the letter B means the second option, and the text "B" is the first
    assert refused(table("1,S?,B,x,y,B")) == [(2, "the key could mean two options")]


def test_formulas_stay_text() -> None:
    result = table('1,"=HYPERLINK(""http://evil.example"",""click"")",+1+1,-2+3,=1,A')

    assert result.items[0].lead_in == '=HYPERLINK("http://evil.example","click")'
    assert [option.text for option in result.items[0].options] == ["+1+1", "-2+3", "=1"]


def test_empty_rows_are_passed_over() -> None:
    assert refused(table("", ",,,,,", ROW)) == []


# --- JSON -------------------------------------------------------------------------------------------------------------


def test_medqa_rows_are_read() -> None:
    result = json_lines({**MEDQA, "meta_info": "step1"}, "", {**MEDQA, "question": "Which is it?", "extra": 1})

    assert (result.format, result.unused) == ("medqa", ("extra",))
    assert [(item.stem, item.lead_in, item.key) for item in result.items] == [
        ("A man has pain.", "Which drug is best?", ("B",)),
        ("", "Which is it?", ("B",)),
    ]
    assert result.items[1].origin is not None
    assert result.items[1].origin.row == 3


def test_a_vignette_apart_from_its_question_is_joined() -> None:
    row = {**MEDQA, "id": 7, "context": ["A man has pain.", "He smokes."], "question": "Which drug is best?"}

    item = json_lines(row).items[0]

    assert (item.id, item.stem, item.lead_in) == ("some-7", "A man has pain. He smokes.", "Which drug is best?")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"answer": None, "answer_idx": None}, "no key"),
        ({"answer": "", "answer_idx": ""}, "no key"),
        ({"answer_idx": "A"}, "the key letter A and the key text disagree"),
        ({"answer_idx": "E", "answer": ""}, 'the key "E" is no letter of an option'),
        ({"answer_idx": "", "answer": "Warfarin"}, "is neither the letter nor the text of an option"),
        ({"options": {"A": "x", "C": "y"}}, "run from A without a gap"),
        ({"options": ["x", "y"]}, "no options by letter"),
        ({"options": {"A": "Heparin", "B": "Heparin"}}, "option B has the text of option A"),
        ({"options": {"A": ["x"], "B": "Heparin"}}, "an option is no text"),
        ({"question": ""}, "no question"),
        ({"question": ["x"]}, '"question" is no text'),
        ({"question": "a\0b?"}, "NUL"),
        ({"question": "\ud800?"}, "half of a character"),
        ({"question": "x" * 60_000}, "60,000 characters"),
    ],
)
def test_a_row_whose_key_or_text_is_in_doubt_is_refused(changes: dict[str, Any], why: str) -> None:
    result = json_lines({**MEDQA, **changes}, {**MEDQA, "question": "Which is it?"})

    assert [(line, why in text) for line, text in refused(result)] == [(1, True)]
    assert len(result.items) == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "not JSON"),
        ("[1, 2]x", "not JSON"),
        ("3", "not a JSON object"),
        ('{"question": "a", "question": "b", "options": {}}', '"question" is given twice'),
        ('{"a":' * 20_000, "nested too deeply"),
        ('{"id": ' + "9" * 5_000 + "}", "a number is too long"),
        ("x" * 1_100_000, "bytes in one line"),
    ],
)
def test_a_line_that_is_no_object_is_refused(line: str, why: str) -> None:
    result = json_lines(MEDQA, line)

    assert [(number, why in text) for number, text in refused(result)] == [(2, True)]


def test_a_line_that_is_not_utf_8_is_refused_and_nothing_is_replaced() -> None:
    result = imported(json.dumps(MEDQA).encode() + b'\n{"question":"\xff?","options":{"A":"x","B":"y"},"answer_idx":"A"}')

    assert refused(result) == [(2, "not valid UTF-8")]


def test_an_array_of_objects_is_read_by_record() -> None:
    result = imported(json.dumps([MEDQA, 3]))

    assert (result.unit, len(result.items), refused(result)) == ("record", 1, [(2, "not a JSON object")])


def test_medmcqa_keys_count_from_0() -> None:
    result = json_lines(MEDMCQA, {**MEDMCQA, "id": "m2", "question": "What?", "cop": 4})

    assert result.format == "medmcqa"
    assert result.items[0].key == ("B",)
    assert result.items[0].options[1].explanation == "Since."
    assert refused(result) == [(2, 'the key "4" is no number of an option, counted from 0')]


def test_medmcqa_keys_count_from_1_where_many_rows_leave_no_doubt() -> None:
    rows = [{**MEDMCQA, "id": f"m{n}", "question": f"Which {n}?", "cop": n % 4 + 1} for n in range(40)]

    result = json_lines(*rows)

    assert [item.key for item in result.items[:4]] == [("A",), ("B",), ("C",), ("D",)]
    assert "count from 1" in result.notes[0].text


@pytest.mark.parametrize("cop", [None, "", "1", True, -1, 1.0])
def test_a_medmcqa_row_without_a_number_as_its_key_is_refused(cop: object) -> None:
    assert len(json_lines({**MEDMCQA, "cop": cop}).skipped) == 1


# --- ids, doubles, steps ------------------------------------------------------------------------------------------------


def test_the_second_of_two_rows_with_one_id_or_one_text_is_refused() -> None:
    first, other = {**MEDQA, "id": 1}, {**MEDQA, "question": "What else is it?"}

    result = json_lines(first, {**other, "id": 1}, {**MEDQA, "id": 2})

    assert refused(result) == [(2, 'the id "1" is that of line 1 already'), (3, "the same question as line 1")]


def test_ids_are_the_same_when_the_file_is_read_again_or_its_rows_are_moved() -> None:
    one, two = MEDQA, {**MEDQA, "question": "What else is it?"}

    forth, back = json_lines(one, two), json_lines(two, one)

    assert {item.id for item in forth.items} == {item.id for item in back.items}


@pytest.mark.parametrize("row_id", ["../../x", "A b/c", "ÄÖÜ", "x" * 200, "..", "-"])
def test_an_id_is_safe_as_a_file_name(row_id: str) -> None:
    item = json_lines({**MEDQA, "id": row_id}).items[0]

    assert item.id.replace("-", "").isalnum()
    assert item.id.isascii()
    assert len(item.id) < 120


def test_rows_get_the_step_that_was_asked_for_with_its_axes_open() -> None:
    result = imported(json.dumps(MEDQA), step=("exam", "first"))

    assert [(entry.programme, entry.step, entry.codes) for entry in result.items[0].blueprint] == [("exam", "first", {})]


def test_a_step_that_the_row_names_is_taken_where_the_programme_is_known() -> None:
    codes: Codes = {"usmle": {"step1": {}, "step2ck": {}, "step3": {}}}
    rows = [{**MEDQA, "meta_info": "step1"}, {**MEDQA, "question": "What is it?", "meta_info": "step2&3"}]
    source = SourceFile("x", "\n".join(map(json.dumps, rows)).encode())

    def steps(step: tuple[str, str] | None) -> list[list[str]]:
        result = read_import(source, collection="x", codes=codes, step=step)
        return [[entry.step for entry in item.blueprint] for item in result.items]

    assert steps(None) == [["step1"], ["step2ck", "step3"]]
    assert steps(("usmle", "step3")) == [["step1"], ["step3"]]
    assert [item.blueprint for item in json_lines(rows[0]).items] == [()]


def test_an_unknown_step_or_a_name_that_can_not_start_an_id_is_refused() -> None:
    with pytest.raises(UsageError, match="known are exam first, exam second"):
        imported(json.dumps(MEDQA), step=("exam", "third"))
    with pytest.raises(UsageError, match='as in "my-set"'):
        read_import(SourceFile("x", b"{}"), collection="My Set", codes=CODES)


# --- detection ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "error", "text"),
    [
        (b"", SyntaxReadError, "empty"),
        (b"\xff\xfe" + "id,stem".encode("utf-16-le"), NotTextError, "UTF-16"),
        (b"PK\x03\x04", SyntaxReadError, "not known"),
        (b"name,age\nx,3\n", SyntaxReadError, "not known"),
        (b'{"name": "x"}', SyntaxReadError, "the keys name"),
        (b"{", SyntaxReadError, "no JSON object"),
        (b"[" * 200_000, SyntaxReadError, "nested too deeply"),
        (b'[{"question": "\xff"}]', NotTextError, "UTF-8"),
        (b"\x1f\x8bxxxx", ReadError, "damaged"),
        (gzip.compress(b"x" * 1000, mtime=0)[:-20], ReadError, "damaged"),
    ],
)
def test_what_is_in_no_known_format_is_one_clear_error(data: bytes, error: type[ReadError], text: str) -> None:
    with pytest.raises(error, match=text):
        imported(data)


def test_packed_files_are_unpacked_even_in_several_members() -> None:
    lines = [json.dumps(MEDQA).encode() + b"\n", json.dumps({**MEDQA, "question": "What is it?"}).encode()]

    assert len(imported(gzip.compress(lines[0], mtime=0) + gzip.compress(lines[1])).items) == 2


def test_a_packed_bomb_is_given_up_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.bank.formats.detection.MAX_BYTES", 100_000)

    with pytest.raises(TooLargeError, match="when unpacked"):
        imported(gzip.compress(b"x" * 10_000_000, mtime=0))


CELLS = st.lists(st.text(alphabet='ab",;\n\t |?A=-<', max_size=12), min_size=6, max_size=6)


@settings(deadline=None)
@given(st.lists(CELLS, max_size=5))
def test_a_well_formed_table_gives_each_cell_back_or_refuses_its_row(rows: Sequence[Sequence[str]]) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]

    result = table(*quoted)

    assert len(result.items) + len(result.skipped) == sum(any(cell.strip() for cell in row) for row in rows)
    assert not any("quote" in row.why or "cells" in row.why for row in result.skipped)


@settings(deadline=None)
@given(st.text(alphabet='a",\n\r?A1', max_size=200))
def test_no_table_makes_the_reader_fail_or_lose_a_good_last_row(text: str) -> None:
    result = table(*text.split("\n"), '"","","","","",""', "last,Sound?,one,two,three,C")

    assert result.items[-1].key == ("C",)
    assert result.items[-1].id == "some-last"
