"""The reference of the pathway names every check, every field of a record and every name of the language."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from bedside.pathway import CHECKS, check_table
from bedside.pathway.moment import Exam
from bedside.pathway.record import Attempt, Bar, Degree, Goals, Held, Permit, Person, Record, School, Training
from bedside.pathway.vocabulary import FUNCTIONS, vocabulary

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "pathway-format.md").read_text(encoding="utf-8")
SOURCES = Path(__file__).parents[2] / "src" / "bedside" / "pathway"


def test_the_table_of_checks_is_that_of_the_code() -> None:
    assert PAGE.partition("<!-- checks -->\n")[2].partition("\n<!-- end of checks -->")[0] == check_table()


def test_every_check_of_the_table_can_find_something() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))

    for name in CHECKS:
        assert text.count(f'"{name}"') > 1, name


def test_every_field_of_a_record_is_named() -> None:
    for kind in (Record, Person, School, Degree, Attempt, Held, Training, Permit, Bar, Goals):
        for one in fields(kind):
            assert re.search(rf"\b{one.name.removesuffix('_')}\b", PAGE), f"{kind.__name__}.{one.name}"


def test_every_name_of_the_language_is_named() -> None:
    names = vocabulary(Exam("small", ("STEP",), ()), ["CERTIFICATE"])
    shown = set(re.findall(r"`(\w+)`", PAGE))
    stretches = {"training": "`training_1y_on` to `training_7y_on`", "age": "`age_16_on` to `age_45_on`"}

    for name in names:
        if not name.startswith("this_") and name.partition("_")[0] not in stretches:
            assert name in shown, name
    assert all(words in PAGE for words in stretches.values())
    assert all(f"`{name}(" in PAGE for name in FUNCTIONS)
