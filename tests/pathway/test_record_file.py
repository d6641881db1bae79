"""A record from plain values and as a file again: what is read back is the same, and what is wrong names its field."""

from __future__ import annotations

import json
import math
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.findings import Finding
from bedside.pathway import Record, read_record, record_as_dict, record_as_json, record_as_yaml, record_from
from bedside.reading import Source
from tests.pathway.builder import ADAPTER, IMG, attempt, record, usmle

FULL: dict[str, Any] = {
    "schema": "record/1",
    "person": {**IMG, "born": "1998-05-02", "citizenship": ["PK", "NO"], "us_permanent_resident": False, "mdphd": False},
    "attempts": [
        attempt("step1", "2024-03-02", "pass", reported="2024-04-03", validity="under_review", validity_from="2024-05-01")
    ],
    "certificates": [{"name": "oet_medicine", "date": "2025-01-15", "scores": {"listening": 370, "writing": 340.5}}],
    "training": [{"start": "2026-07-01", "accredited": "acgme", "pgy": 1, "state": "TX"}],
    "permits": [{"step": "step3", "from": "2027-01-01", "until": "2027-03-31"}],
    "bars": [{"programme": "usmle", "from": "2020-01-01", "until": "2021-12-31", "reason": "other"}],
    "goals": {"specialty": "family_medicine", "states": ["TX", "NM"], "sit": {"step3": "2027-02-10"}},
}

DAYS = st.dates(date(1940, 1, 1), date(2100, 1, 1)).map(date.isoformat)
TEXT = st.text(min_size=1, max_size=12) | st.sampled_from(
    ["null", "true", "NO", "1e5", "0o17", "2021-05-30", "~", "- x", "#", ":"]
)
CODE = st.sampled_from(["PK", "NO", "US", "TX"])


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=fields)


PEOPLE = optional(
    born=DAYS,
    citizenship=st.lists(CODE, max_size=2),
    us_permanent_resident=st.booleans(),
    kind=st.sampled_from(["img", "us_md"]),
    school=optional(name=TEXT, country=CODE, in_world_directory=st.booleans(), lcme=st.booleans()),
    degree=st.fixed_dictionaries({"date": DAYS}, optional={"name": TEXT, "verified": st.booleans()}),
    credit_years=st.integers(0, 9),
    mdphd=st.booleans(),
)
STEPS = st.sampled_from(["step1", "step2ck", "step2cs", "step3"])
RECORDS = optional(
    person=PEOPLE,
    attempts=st.lists(
        st.fixed_dictionaries(
            {
                "programme": st.just("usmle"),
                "step": STEPS,
                "date": DAYS,
                "result": st.sampled_from(["pass", "fail", "pending"]),
            },
            optional={"validity": st.sampled_from(["valid", "invalidated"])},
        ),
        max_size=3,
    ),
    certificates=st.lists(
        st.fixed_dictionaries(
            {"name": st.just("oet_medicine"), "date": DAYS},
            optional={"scores": st.dictionaries(st.sampled_from(["reading", "no"]), st.integers(0, 500) | st.floats(0, 1e5))},
        ),
        max_size=2,
    ),
    training=st.lists(st.fixed_dictionaries({"start": DAYS, "accredited": st.sampled_from(["acgme", "none"])}), max_size=2),
    permits=st.lists(st.fixed_dictionaries({"step": STEPS, "from": DAYS, "until": st.just("2100-02-01")}), max_size=2),
    bars=st.lists(st.fixed_dictionaries({"programme": st.just("usmle"), "from": DAYS}), max_size=2),
    goals=optional(states=st.lists(CODE, max_size=2), sit=st.dictionaries(STEPS, DAYS)),
)


def made(data: Any) -> tuple[Record | None, list[Finding]]:
    return record_from(data, steps=usmle().steps_of_records, certificates=usmle().certificate_names)


def read(text: str) -> Record:
    found, findings = read_record(
        Source("me.yaml", text), steps=usmle().steps_of_records, certificates=usmle().certificate_names
    )
    assert found is not None, (text, findings)
    return found


@given(RECORDS)
def test_a_record_that_is_written_down_is_read_back_the_same(fields: dict[str, Any]) -> None:
    whose = ADAPTER.validate_python(fields)

    assert read(record_as_yaml(whose)) == whose
    assert made(record_as_dict(whose))[0] == whose
    assert made(json.loads(json.dumps(record_as_json(whose))))[0] == whose


def test_the_file_says_nothing_that_the_record_leaves_open() -> None:
    assert record_as_yaml(Record()) == "{}\n"
    assert record_as_yaml(record(person={"mdphd": False, "citizenship": []})) == "person:\n  citizenship: []\n  mdphd: false\n"


def test_every_field_comes_into_the_file() -> None:
    found, findings = made(FULL)
    assert (found is not None, findings) == (True, [])
    assert found is not None

    text = record_as_yaml(found)

    for word in ("born: 1998-05-02", "'NO'", "reported: 2024-04-03", "from: 2027-01-01", "reason: other", "writing: 340.5"):
        assert word in text
    assert read(text) == found


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"person": {"kin": "img"}}, "person.kin: unknown key"),
        ({"person": {"kind": "IMG"}}, "person.kind: "),
        ({"person": {"degree": {}}}, "person.degree.date: missing"),
        ({"person": {"born": "30.5.1998"}}, "person.born: should be a day written as 2026-05-14"),
        ({"attempts": [attempt("step1", "2026-02-30")]}, "attempts.0.date: 2026-02-30 is not a day of the calendar"),
        ({"attempts": [attempt("step9", "2026-02-20")]}, 'attempts.0.step: the programme has no step "step9"'),
        ({"attempts": [attempt("step1", "2026-02-20", programme="x")]}, 'attempts.0.programme: no programme "x"'),
        (
            {"attempts": [attempt("step1", "2026-02-20", reported="2026-02-19")]},
            "attempts.0.reported: it is before the attempt",
        ),
        ({"attempts": {}}, "attempts: "),
        ({"certificates": [{"name": "ecfgm", "date": "2026-01-01"}]}, "certificates.0.name: no rule knows"),
        ({"certificates": [{"name": "ecfmg", "date": "2026-01-01", "scores": {"a": "370"}}]}, "certificates.0.scores.a: "),
        ({"certificates": [{"name": "ecfmg", "date": "2026-01-01", "scores": {"a": True}}]}, "certificates.0.scores.a: "),
        ({"certificates": [{"name": "ecfmg", "date": "2026-01-01", "scores": {"a": math.nan}}]}, "certificates.0.scores.a: "),
        ({"permits": [{"step": "step9", "from": "2027-01-01", "until": "2027-01-02"}]}, "permits.0.step: "),
        ({"permits": [{"step": "step1", "from": "2027-01-03", "until": "2027-01-02"}]}, "permits.0.until: it is before"),
        ({"bars": [{"programme": "usmle", "from": "2027-01-03", "until": "2027-01-02"}]}, "bars.0.until: it is before"),
        ({"bars": [{"programme": "usmel", "from": "2027-01-03"}]}, 'bars.0.programme: no programme "usmel"'),
        ({"goals": {"sit": {"step9": "2027-01-02"}}}, "goals.sit.step9: "),
        ([], "record: "),
        (None, "record: "),
        ("record", "record: "),
    ],
)
def test_each_mistake_starts_with_the_path_of_its_field(data: Any, text: str) -> None:
    found, findings = made(data)

    assert found is None
    assert findings[0].text.startswith(text), findings[0].text


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from(["person", "attempts", "goals", "sit", "scores", "x"]), inner)
        ),
    )
)
def test_no_value_makes_the_reader_stumble(data: Any) -> None:
    found, findings = made(data)

    assert (found is None) == bool(findings)
