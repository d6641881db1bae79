"""The programmes that come along: sound, sourced, and as the facts have them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bedside.programme import UNKNOWN, ItemForm, Navigation, Programme, Record, read_programmes
from tests.programme.builder import at

CONTENT = Path(__file__).parents[2] / "content" / "programmes"
READ = read_programmes(CONTENT)
TODAY = date(2026, 11, 22)


def programme(name: str) -> Programme:
    return READ.by_name[name]


def form(name: str, step: int, day: str, index: int = 0) -> Any:
    return at(programme(name).on(date.fromisoformat(day)).as_dict(), "steps", step, "forms", index)


def test_no_file_offends_against_a_rule() -> None:
    assert READ.findings == ()
    assert READ.unreadable == ()
    assert set(READ.by_name) >= {"usmle", "neet_ug", "neet_pg", "jee_main", "mbe", "cpa"}


@pytest.mark.parametrize(
    ("step", "day", "blocks", "minutes", "items"),
    [
        (0, "2026-05-13", 7, 60, (280, "unknown", 40)),
        (0, "2026-05-14", 14, 30, (280, 20, 20)),
        (1, "2026-05-06", 8, 60, (318, 38, 40)),
        (1, "2026-05-07", 16, 30, (318, 18, 20)),
        (2, "2026-03-09", 6, 60, (232, 38, 39)),
        (2, "2026-03-10", 12, 30, (232, 18, 20)),
    ],
)
def test_the_first_day_of_the_usmle_before_and_since_2026(
    step: int, day: str, blocks: int, minutes: int, items: tuple[int | str, ...]
) -> None:
    # source: USMLE, Test Delivery Software Updates (2026-03-10, and the table for Step 3)
    found = form("usmle", step, day)

    assert (found["day"], found["blocks"], found["minutes"]) == (1, blocks, minutes)
    assert (found["items"], found["items_per_block_min"], found["items_per_block_max"]) == items


@pytest.mark.parametrize(("day", "blocks", "minutes", "each"), [("2026-03-09", 6, 45, 30), ("2026-03-10", 9, 30, 20)])
def test_the_second_day_of_step_3_before_and_since_2026(day: str, blocks: int, minutes: int, each: int) -> None:
    found = form("usmle", 2, day, 1)

    assert (found["day"], found["blocks"], found["minutes"], found["items"]) == (2, blocks, minutes, 180)
    assert (found["items_per_block_min"], found["items_per_block_max"]) == (each, each)


def test_the_second_day_of_step_3_has_patient_cases() -> None:
    cases = form("usmle", 2, "2026-11-22", 1)["activities"][0]

    assert (cases["kind"], cases["count_min"], cases["count_max"]) == ("patient_cases", 13, 14)
    assert cases["minutes_each"] == [10, 20]
    assert cases["minutes_total"] == "unknown"


@pytest.mark.parametrize(
    ("step", "day", "score"),
    [
        ("step1", "2026-11-22", 196),
        ("step1", "2022-01-25", 194),
        ("step2ck", "2025-06-30", 214),
        ("step2ck", "2025-07-01", 218),
        ("step3", "2023-12-31", 198),
        ("step3", "2024-01-01", 200),
    ],
)
def test_the_standards_of_the_usmle_by_date(step: str, day: str, score: int) -> None:
    edition = programme("usmle").on(date.fromisoformat(day)).step(step)

    assert edition is not None
    assert edition.standard is not None
    assert edition.standard.score == score


def test_the_axes_of_the_usmle() -> None:
    axes = {step.name: {axis.name: axis for axis in step.axes} for step in programme("usmle").steps}

    assert {name: set(found) for name, found in axes.items()} == {
        "step1": {"system", "competency", "discipline", "theme"},
        "step2ck": {"system", "competency", "discipline", "theme"},
        "step3": {"system", "competency", "theme"},
    }
    assert {name for found in axes.values() for name, axis in found.items() if axis.is_partition} == {"system", "competency"}
    assert all(len(found["system"].codes) == 18 for found in axes.values())
    assert set(axes["step1"]["theme"].codes) == {"nutrition"}


@pytest.mark.parametrize(
    ("step", "axis", "midpoints"),
    [
        ("step1", "system", 101.5),
        ("step1", "competency", 100.0),
        ("step1", "discipline", 180.0),
        ("step2ck", "system", 101.0),
        ("step2ck", "competency", 95.5),
        ("step2ck", "discipline", 134.5),
        ("step3", "system", 99.0),
        ("step3", "competency", 99.5),
    ],
)
def test_the_midpoints_of_the_usmle_add_as_computed_by_hand(step: str, axis: str, midpoints: float) -> None:
    found = programme("usmle").step(step)

    assert found is not None
    rows = found.axis(axis)
    assert rows is not None
    assert rows.midpoint_sum() == pytest.approx(midpoints)


def test_nutrition_is_a_theme_from_june_2026() -> None:
    usmle = programme("usmle")
    before, after = (usmle.on(day).steps[0].axes for day in (date(2026, 5, 31), date(2026, 6, 1)))

    assert "theme" not in {axis.name for axis in before}
    assert "theme" in {axis.name for axis in after}


def test_the_pass_rates_of_the_usmle_have_first_attempts_and_repeats() -> None:
    rates = next(rate for rate in programme("usmle").pass_rates if rate.id == "rates.step1.2025").rates

    assert (rates["non_us_first"].percent, rates["non_us_repeat"].percent) == (75, 54)


def test_a_suppressed_pass_rate_is_unknown() -> None:
    rates = next(rate for rate in programme("usmle").pass_rates if rate.id == "rates.step3.2025").rates

    assert rates["us_do_repeat"].percent is UNKNOWN


def test_neet_ug_marks_four_and_minus_one_on_one_clock() -> None:
    marking = programme("neet_ug").on(TODAY).steps[0].marking[0]
    found = form("neet_ug", 0, "2026-11-22")

    assert (marking.correct, marking.wrong, marking.blank) == (4, -1, 0)
    assert (found["blocks"], found["minutes"], found["items"]) == (1, 180, 180)


def test_neet_pg_has_five_sections_that_last_their_full_time() -> None:
    blocks = programme("neet_pg").on(TODAY).steps[0].forms[0].blocks

    assert [(block.section, block.n_items_max, block.minutes) for block in blocks] == [(section, 36, 42) for section in "abcde"]
    assert {block.navigation for block in blocks} == {Navigation.NO_EARLY_END}


def test_jee_main_has_numerical_items() -> None:
    step = programme("jee_main").on(TODAY).steps[0]
    forms = {kind.code: kind.form for kind in step.item_kinds}
    numerical = [part.items for part in step.forms[0].blocks[0].parts if forms[part.kind] is ItemForm.NUMERIC]

    assert numerical == [5, 5, 5]


def test_jee_advanced_gives_credit_for_a_part() -> None:
    marks = {marking.kinds: marking for marking in programme("jee_advanced").on(TODAY).steps[0].marking}
    multiple = marks["multiple",]

    assert multiple.partial is not None
    assert (multiple.partial.per_right_option, multiple.partial.any_wrong_option) == (1, -2)


def test_the_mbe_has_two_sessions_and_items_on_trial() -> None:
    found = form("mbe", 0, "2026-11-22")

    assert (found["blocks"], found["minutes"], found["items"]) == (2, 180, 200)
    assert (found["items_scored"], found["items_pretest"]) == (175, 25)
    assert [block["section"] for block in found["block_list"]] == ["morning", "afternoon"]


def test_the_mbe_ends_and_nextgen_begins() -> None:
    last, after = (programme("mbe").on(day) for day in (date(2028, 2, 29), date(2028, 3, 1)))

    assert [len(step.forms) for step in last.steps] == [1, 1]
    assert [len(step.forms) for step in after.steps] == [0, 1]
    assert [len(step.forms) for step in programme("mbe").on(date(2026, 7, 27)).steps] == [1, 0]


def test_the_cpa_exam_has_testlets_on_one_clock_and_weights() -> None:
    step = programme("cpa").on(TODAY).step("isc")

    assert step is not None
    exam = step.forms[0]
    assert [block.n_items_max for block in exam.blocks] == [41, 41, 1, 3, 2]
    assert exam.minutes == 240
    assert dict(step.weights[0].shares) == {"mcq": 0.6, "simulation": 0.4}


@pytest.mark.parametrize("name", sorted(READ.by_name))
def test_everything_a_page_shows_has_source_day_and_confidence(name: str) -> None:
    for record in records(programme(name)):
        assert record.sources
        assert record.as_of <= programme(name).checked_on


@pytest.mark.parametrize("name", sorted(READ.by_name))
def test_every_programme_says_what_it_takes_who_may_sit_and_what_it_costs(name: str) -> None:
    edition = programme(name).on(TODAY)

    assert edition.eligibility
    assert edition.attempts
    assert edition.fees
    assert edition.hours
    assert edition.why_hard
    assert any(step.forms and step.marking and step.standards for step in edition.steps)


def records(value: object) -> list[Record]:
    found = [value] if isinstance(value, Record) else []
    if hasattr(value, "__dataclass_fields__"):
        return found + [record for name in value.__dataclass_fields__ for record in records(getattr(value, name))]
    if isinstance(value, tuple):
        return [record for member in value for record in records(member)]
    return found
