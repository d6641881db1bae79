"""A programme on a day: what is in force, and the JSON that other programs read."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.programme import UNKNOWN, Fact, Unknown, plain
from tests.programme.builder import SMALL, at, sound, spoilt

OLD, NEW = date(2026, 5, 13), date(2026, 5, 14)


def test_the_form_changes_on_its_day() -> None:
    programme = sound()

    assert [form.id for form in programme.on(OLD).steps[0].forms] == ["form.old"]
    assert [form.id for form in programme.on(NEW).steps[0].forms] == ["form.new"]


def test_the_standard_is_that_of_the_day() -> None:
    before, after = (sound().on(day).steps[0].standard for day in (date(2025, 12, 31), date(2026, 1, 1)))

    assert before is not None
    assert after is not None
    assert (before.score, after.score) == (20, 21)


def test_a_standard_that_began_on_an_unknown_day_is_never_said_to_be_in_force() -> None:
    text = spoilt("score: 20, valid_to", "score: 20, valid_from: unknown, valid_to")
    edition = sound(text).on(date(2025, 6, 1))

    assert edition.steps[0].standards == ()
    assert at(edition.as_dict(), "steps", 0, "standard") is None
    assert at(edition.as_dict(), "steps", 0, "standards_history", 0, "valid_from") == "unknown"


def test_a_standard_for_everyone_comes_before_one_for_a_group() -> None:
    grouped = "      - {id: pass.group, kind: raw_score, score: 9, group: everyone, valid_from: 2026-02-01, "
    grouped += "sources: [page], as_of: 2026-01-01, confidence: high}\n"
    step = sound(spoilt("    standards:\n", "    standards:\n" + grouped)).on(NEW).steps[0]

    assert step.standard is not None
    assert step.standard.id == "pass.new"
    assert len(step.standards) == 2


def test_json_gives_blocks_minutes_and_items_of_each_form() -> None:
    form = at(sound().on(NEW).as_dict(), "steps", 0, "forms", 0)

    expected = {
        "day": 1,
        "blocks": 2,
        "minutes": 30,
        "items": 38,
        "items_per_block_min": 18,
        "items_per_block_max": 20,
        "break_minutes": None,
        "session_minutes": 75,
        "valid_from": "2026-05-14",
        "valid_to": None,
        "as_of": "2026-01-01",
        "confidence": "high",
        "block_list": None,
        "sources": [{"title": "A page", "url": "https://example.org", "kind": "official"}],
    }
    assert {key: form[key] for key in expected} == expected


def test_json_lists_blocks_that_are_not_alike() -> None:
    text = spoilt("          - {blocks: 2, minutes: 30, items_min: 18, items_max: 20}\n", (
        "          - {blocks: 1, minutes: 40, items_min: 18, items_max: 20}\n"
        "          - {blocks: 1, minutes: 20, items_min: unknown, items_max: 20}\n"
    ))  # fmt: skip
    form = at(sound(text).on(NEW).as_dict(), "steps", 0, "forms", 0)

    assert (form["blocks"], form["minutes"], form["items_per_block_min"]) == (2, None, "unknown")
    assert [block["minutes"] for block in form["block_list"]] == [40, 20]
    assert [block["number"] for block in form["block_list"]] == [1, 2]


def test_a_form_with_a_clock_of_its_own_has_blocks_without() -> None:
    text = spoilt("{blocks: 2, minutes: 30, items_min", "{blocks: 2, items_min")
    form = (
        sound(spoilt("        items_max: 38", "        minutes: 60\n        items_max: 38", text=text))
        .on(NEW)
        .steps[0]
        .forms[0]
    )

    assert [block.minutes for block in form.blocks] == [None, None]
    assert form.block_minutes == 60


def test_an_axis_appears_from_its_day() -> None:
    text = spoilt('title: "Subject"', 'title: "Subject"\n        valid_from: 2026-06-01')
    programme = sound(text)

    assert programme.on(NEW).steps[0].axes == ()
    assert [axis.name for axis in programme.on(date(2026, 6, 1)).steps[0].axes] == ["subject"]


def test_an_unknown_amount_is_shown_as_the_word() -> None:
    edition = sound().on(NEW)

    assert edition.fees[0].amount is UNKNOWN
    assert str(edition.fees[0].amount) == "unknown"
    assert at(edition.as_dict(), "fees", 0, "amount") == "unknown"
    assert at(edition.as_dict(), "steps", 0, "fees", 0, "amount") == "unknown"


def test_items_are_unknown_where_a_block_is() -> None:
    text = spoilt("items_min: 18, items_max: 20}", "items_min: 18, items_max: unknown}")
    step = sound(spoilt("        items_max: 38\n", "", text=text)).on(NEW).steps[0]

    assert step.forms[0].n_items is UNKNOWN


def test_steps_and_axes_are_found_by_name() -> None:
    programme = sound()
    step = programme.step("one")

    assert step is not None
    assert step.axis("subject") is not None
    assert step.axis("object") is None
    assert programme.step("two") is None
    assert programme.on(NEW).step("one") is not None
    assert programme.on(NEW).step("two") is None


def test_plain_values_refuse_what_json_does_not_have() -> None:
    with pytest.raises(TypeError, match="object has no plain form"):
        plain(object())


@given(st.dates(date(1990, 1, 1), date(2060, 1, 1)))
def test_every_day_has_at_most_one_form_and_a_json(day: date) -> None:
    programme = sound()
    edition = programme.on(day)

    assert len(edition.steps[0].forms) == 1
    assert json.loads(json.dumps(edition.as_dict()))["on"] == day.isoformat()


days = st.dates(date(2000, 1, 1), date(2050, 1, 1))


@given(begins=st.none() | days | st.just(UNKNOWN), ends=st.none() | days | st.just(UNKNOWN), on=days)
def test_a_record_is_in_force_between_its_days_both_included(
    begins: date | Unknown | None, ends: date | Unknown | None, on: date
) -> None:
    source = {"title": "A page", "kind": "none"}
    fact = Fact(id="x", label="x", value=1, sources=(source,), as_of=on, confidence="low", valid_from=begins, valid_to=ends)  # type: ignore[arg-type]  # read as a file's values are

    known = UNKNOWN not in {begins, ends}
    assert fact.is_in_force(on) == (
        known
        and (not isinstance(begins, date) or begins <= on)
        and (not isinstance(ends, date) or on < ends + timedelta(days=1))
    )


def test_the_text_of_the_builder_is_the_one_that_is_read() -> None:
    assert sound(SMALL) == sound()
