"""Certificates and visas: who needs none, which one is over, and what is taken for granted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter

from bedside.pathway import Answer, NeedAnswer, NeedStatus, Record, check
from tests.pathway.builder import shipped

ON = date(2026, 11, 29)
RECORD = TypeAdapter(Record)


def answer(on: date = ON, **fields: Any) -> Answer:
    return check(shipped().get("usmle"), RECORD.validate_python(fields), on)


def need(found: Answer, name: str) -> NeedAnswer:
    return next(one for one in (*found.certificates, *found.visas) if one.name == name)


@pytest.mark.parametrize("kind", ["us_md", "us_do"])
def test_a_graduate_of_a_us_school_needs_no_ecfmg_certificate_and_is_told_nothing_else_about_it(kind: str) -> None:
    found = need(answer(person={"kind": kind}), "ecfmg")

    assert (found.status, found.needs) == (NeedStatus.NOT_NEEDED, ())
    assert [one.rule for one in found.information] == ["ecfmg.not_needed"]


@pytest.mark.parametrize("person", [{}, {"kind": "img"}, {"kind": "canadian"}])
def test_whoever_is_not_known_to_need_none_is_told_what_is_missing(person: dict[str, Any]) -> None:
    assert need(answer(person=person), "ecfmg").status is NeedStatus.MISSING


def test_a_certificate_that_is_there_is_held_though_none_was_needed() -> None:
    found = answer(person={"kind": "us_md"}, certificates=[{"name": "ecfmg", "date": "2020-01-01"}])

    assert need(found, "ecfmg").status is NeedStatus.HELD


@pytest.mark.parametrize(
    ("person", "status"),
    [
        ({"citizenship": ["US", "PK"]}, NeedStatus.NOT_NEEDED),
        ({"citizenship": ["PK"], "us_permanent_resident": True}, NeedStatus.NOT_NEEDED),
        ({"citizenship": ["PK"], "us_permanent_resident": False}, NeedStatus.MISSING),
        ({}, NeedStatus.MISSING),
    ],
)
def test_a_visa_is_not_needed_by_a_citizen_or_permanent_resident(person: dict[str, Any], status: NeedStatus) -> None:
    assert need(answer(person=person), "h1b").status is status


@pytest.mark.parametrize(
    ("on", "expired_on"), [(date(2026, 6, 30), None), (date(2026, 7, 1), date(2026, 6, 30))], ids=["last day", "day after"]
)
def test_the_day_on_which_a_certificate_ended_is_told_once_it_is_over(on: date, expired_on: date | None) -> None:
    held = [
        {"name": "ecfmg", "date": "2021-01-01", "expires": "2022-01-01"},
        {"name": "ecfmg", "date": "2023-03-01", "expires": "2026-06-30"},
    ]
    found = need(answer(on, person={"kind": "img"}, certificates=held), "ecfmg")

    assert found.expired_on == expired_on
    assert NeedAnswer.from_dict(found.as_dict()) == found


def test_an_answer_that_was_stored_before_the_day_was_told_is_still_read() -> None:
    told = need(answer(), "ecfmg").as_dict()
    del told["expired_on"]

    assert NeedAnswer.from_dict(told).expired_on is None


def test_that_a_step_2_cs_pass_is_taken_as_valid_is_said_where_there_is_one() -> None:
    passed = {"programme": "usmle", "step": "step2cs", "date": "2017-05-05", "result": "pass"}

    told = [one.rule for one in need(answer(attempts=[passed]), "ecfmg").information]
    assert "ecfmg.step2cs_still_valid" in told
    assert "ecfmg.step2cs_still_valid" not in [one.rule for one in need(answer(), "ecfmg").information]


@pytest.mark.parametrize(("on", "is_told"), [(date(2027, 1, 31), False), (date(2027, 2, 1), True)])
def test_after_the_2027_season_it_is_said_that_the_next_one_is_not_known(on: date, *, is_told: bool) -> None:
    told = [one.rule for one in need(answer(on, person={"kind": "img"}), "ecfmg_pathway").information]

    assert ("ecfmg.season_after_2027" in told) is is_told


def test_the_last_day_of_what_is_held_is_a_day_to_keep() -> None:
    oet = {"scores": {"listening": 370, "reading": 360, "speaking": 380, "writing": 340}}
    held = [
        {"name": "oet_medicine", "date": "2025-01-15", "expires": "2027-01-15", **oet},
        {"name": "ecfmg_pathway", "date": "2025-02-01", "expires": "2026-06-30"},
        {"name": "ecfmg_pathway", "date": "2026-03-01", "expires": "2028-12-31"},
    ]
    days = {one.id: one.day for one in answer(certificates=held).deadlines}
    after = {one.id for one in answer(date(2027, 1, 16), certificates=held).deadlines}

    assert days["oet_medicine.expires"] == date(2027, 1, 15)
    assert days["ecfmg_pathway.expires"] == date(2028, 12, 31)  # the newer acceptance holds longer
    assert "oet_medicine.expires" not in after
