"""Whole and half days of every exam: as they are published, drawn, and sat to the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from bedside.delivery import Ended, FixedBreak, Key, MarkRule, Navigation, PartialRule, score
from bedside.errors import UsageError
from bedside.site.accounts.accommodations import Accommodation
from bedside.site.exam.day import KINDS, ExamDay, Kind, days_of, exam_day, is_size_known
from bedside.site.exam.drawing import DayWish
from bedside.site.problems import NoFormError
from tests.support.days import form_for, sit_to_the_end
from tests.support.pools import A_DAY, programmes

GIVEN_ITEMS = 18  # a block, where no source states how many


def day(
    programme: str, step: str, *, number: int = 1, kind: Kind = "full", on: date = A_DAY, items: int | None = None
) -> ExamDay:
    edition = programmes()[programme].on(on).step(step)
    assert edition is not None
    return exam_day(programme, edition, day=number, kind=kind, items_a_block=items)


def every_form() -> Iterator[Any]:
    for programme in programmes().values():
        for edition in programme.on(A_DAY).steps:
            for number in days_of(edition):
                for kind in KINDS:
                    is_second = kind == "half" and programme.name != "usmle"  # half of a form that is sat whole
                    marks = [pytest.mark.slow] if is_second else []
                    yield pytest.param(programme.name, edition.step.name, number, kind, marks=marks)


def wish(made: ExamDay, **changes: Any) -> DayWish:
    return replace(DayWish(made.programme, made.step.step.name, day=made.day, kind=made.kind), **changes)


def minutes_of(made: ExamDay) -> list[float]:
    return [float((block.seconds or 0) / 60) for block in made.blocks]


@pytest.mark.parametrize(("programme", "step", "number", "kind"), list(every_form()))
def test_every_form_of_every_exam_is_drawn_and_sat_to_its_end(programme: str, step: str, number: int, kind: Kind) -> None:
    edition = programmes()[programme].on(A_DAY).step(step)
    assert edition is not None
    items = None if is_size_known(edition, number) else GIVEN_ITEMS
    made = day(programme, step, number=number, kind=kind, items=items)

    form, drawn = form_for(made, wish(made))
    sitting = sit_to_the_end(form)

    assert drawn.n_enemies == 0
    assert [len(block.items) for block in form.blocks] == [block.n_items for block in made.blueprint.blocks]
    assert isinstance(sitting.phase, Ended)
    assert sitting.refusals == ()
    assert len(sitting.answers) == made.blueprint.n_items
    assert [run.block for run in sitting.blocks] == list(range(1, len(form.blocks) + 1))


@pytest.mark.parametrize(
    ("place", "sizes", "minutes", "break_min", "tutorial_min"),
    [
        (("usmle", "step1", 1), [20] * 14, [30] * 14, 55, 5),
        (("usmle", "step2ck", 1), [20] * 12 + [19] * 4, [30] * 16, 55, 5),  # 316 items are usual
        (("usmle", "step3", 1), [20] * 4 + [19] * 8, [30] * 12, 45, 5),  # 232 items
        (("usmle", "step3", 2), [20] * 9, [30] * 9, 45, 5),
        (("neet_ug", "paper", 1), [180], [180], None, 0),
        (("neet_pg", "paper", 1), [36] * 5, [42] * 5, 0, 0),
        (("jee_main", "paper1", 1), [75], [180], None, 0),
        (("mbe", "mbe", 1), [100, 100], [180, 180], 0, 0),
        (("mbe", "nextgen", 1), [40] * 3, [180] * 3, None, 0),
        (("fmge", "paper", 1), [50] * 6, [50] * 6, 0, 0),
        (("plab1", "paper", 1), [180], [180], None, 0),
        (("mccqe1", "paper", 1), [115, 115], [160, 160], 0, 0),
        (("cpa", "aud", 1), [39, 39], [0, 0], None, 0),
    ],
)
def test_a_whole_day_is_as_the_programme_has_it(
    place: tuple[str, str, int], sizes: list[int], minutes: list[float], break_min: int | None, tutorial_min: int
) -> None:
    programme, step, number = place
    made = day(programme, step, number=number)

    assert [block.n_items for block in made.blueprint.blocks] == sizes
    assert minutes_of(made) == minutes
    assert made.break_s == (None if break_min is None else break_min * 60)
    assert made.tutorial_s == tutorial_min * 60


def test_a_day_follows_the_date() -> None:
    before = day("usmle", "step1", on=date(2026, 5, 13))

    assert [block.n_items for block in before.blueprint.blocks] == [40] * 7
    assert minutes_of(before) == [60] * 7


@pytest.mark.parametrize(
    ("programme", "step", "sizes", "minutes", "break_min"),
    [
        ("usmle", "step1", [20] * 7, [30] * 7, 27.5),
        ("neet_ug", "paper", [91], [91], None),  # 23, 23 and 45 items: half of each subject, rounded up
        ("jee_main", "paper1", [39], [93.6], None),  # 10 and 3 items a subject
        ("mbe", "mbe", [100], [180], None),
        ("fmge", "paper", [50] * 3, [50] * 3, 0),
    ],
)
def test_half_a_day_has_half_the_blocks_or_half_of_the_one_block(
    programme: str, step: str, sizes: list[int], minutes: list[float], break_min: float | None
) -> None:
    made = day(programme, step, kind="half")

    assert [block.n_items for block in made.blueprint.blocks] == sizes
    assert minutes_of(made) == minutes
    assert made.break_s == (None if break_min is None else break_min * 60)


def test_half_an_fmge_has_blocks_of_both_parts_with_the_break_between() -> None:
    made = day("fmge", "paper", kind="half")

    assert [block.section for block in made.blocks] == ["Part 1", "Part 1", "Part 2"]
    assert [block.break_after for block in made.blocks] == [None, FixedBreak(None, False), None]


def test_the_two_sessions_of_the_mbe_have_a_break_of_unknown_length() -> None:
    made = day("mbe", "mbe")

    assert [block.break_after for block in made.blocks] == [FixedBreak(None, False), None]
    assert any("How long the break" in note for note in made.notes)


def test_sections_that_last_their_full_time_can_not_be_ended_early() -> None:
    made = day("neet_pg", "paper")

    assert {block.navigation for block in made.blocks} == {Navigation.NO_EARLY_END}
    assert [block.section for block in made.blocks][:2] == ["Section A", "Section B"]


def test_a_cpa_form_has_one_clock_over_its_testlets_and_says_what_it_leaves_out() -> None:
    made = day("cpa", "aud")
    form, _drawn = form_for(made, wish(made))

    assert form.limit_s == 4 * 3600
    assert [block.limit_s for block in form.blocks] == [None, None]
    assert made.left_out == ("Task-based simulation: 7", "the break after block 3, since nothing follows it here")
    assert any("One clock runs over the whole form" in note for note in made.notes)


def test_patient_cases_and_essays_are_left_out_and_named() -> None:
    assert day("usmle", "step3", number=2).left_out == ("Computer-based case simulations (CCS): 13 to 14",)
    assert len(day("mbe", "nextgen").left_out) == 2


def test_where_no_source_states_the_number_of_items_it_has_to_be_given() -> None:
    with pytest.raises(NoFormError, match="no source states how many items"):
        day("jee_advanced", "papers")

    made = day("jee_advanced", "papers", items=17)

    assert [block.n_items for block in made.blueprint.blocks] == [17, 17]
    assert made.left_out == ("Matching",)


def test_a_number_of_items_is_not_taken_where_it_is_published() -> None:
    with pytest.raises(UsageError, match="is published"):
        day("usmle", "step1", items=10)


def test_a_day_that_the_step_does_not_have_is_refused_with_those_it_has() -> None:
    with pytest.raises(UsageError, match="has no day 3; it has: 1, 2"):
        day("usmle", "step3", number=3)


def test_a_step_without_a_form_in_force_says_so() -> None:
    with pytest.raises(NoFormError, match="in force"):
        day("mbe", "mbe", on=date(2030, 1, 1))


def test_neet_items_stand_subject_by_subject() -> None:
    made = day("neet_ug", "paper")
    form, drawn = form_for(made, wish(made))
    (parts,) = [block.parts for block in made.blueprint.blocks]

    assert [part.n_items for part in parts] == [45, 45, 90]
    assert parts[2].within == {"subject": frozenset({"botany", "zoology"})}
    assert drawn.is_balanced
    kinds = {item.kind for item in form.blocks[0].items}
    assert kinds == {"one_best_answer"}


def test_a_jee_main_form_has_five_numeric_items_a_subject() -> None:
    made = day("jee_main", "paper1")
    form, _drawn = form_for(made, wish(made))

    kinds = [item.kind for item in form.blocks[0].items]
    assert kinds == (["one_best_answer"] * 20 + ["numeric"] * 5) * 3


def test_a_step_2_ck_form_keeps_its_sets_together() -> None:
    made = day("usmle", "step2ck")
    form, _drawn = form_for(made, wish(made))

    assert {one.kind.value for block in form.blocks for one in block.sets} == {"sequential", "shared"}


def test_the_marks_come_from_the_programme() -> None:
    assert day("neet_ug", "paper").marking == {"one_best_answer": MarkRule("4", "-1", "0")}
    assert day("jee_advanced", "papers", items=9).marking == {
        "one_best_answer": MarkRule("3", "-1", "0"),
        "multiple_select": MarkRule("4", "-2", "0", PartialRule("1", "-2")),
        "numeric": MarkRule("4", "0", "0"),
    }


def test_marks_that_no_source_states_count_one_and_are_said() -> None:
    made = day("mbe", "nextgen")

    assert made.marking == {"one_best_answer": MarkRule(), "multiple_select": MarkRule()}
    assert any("marks aren't published for: One of four, Two of six" in note for note in made.notes)


def test_a_jee_paper_answered_right_throughout_has_all_its_marks() -> None:
    made = day("jee_main", "paper1")
    form, _drawn = form_for(made, wish(made))
    numeric, single = Key(value="7.35", tolerance="0.02"), Key(options=("B",))
    keys = {item.id: numeric if item.kind == "numeric" else single for block in form.blocks for item in block.items}

    assert score(form, sit_to_the_end(form), keys, made.marking).totals()["marks"] == "300"  # 75 items of 4 marks


def test_a_compressed_step_1_takes_about_fifty_minutes() -> None:
    made = day("usmle", "step1")
    form, _drawn = form_for(made, wish(made, clock="compressed"))

    seconds = sum(block.limit_s or 0 for block in form.blocks) + (form.break_s or 0) + form.tutorial_s
    assert seconds == 48 * 60  # 480 minutes at ten times the pace
    assert (str(form.pace), form.blocks[0].limit_s, form.break_s, form.tutorial_s) == ("10", 180, 330, 30)


def test_accommodations_stand_in_the_form_and_are_compressed_with_it() -> None:
    made = day("usmle", "step1", kind="half")
    longer = Accommodation(Fraction(3, 2), extra_break_s=1200, stop_clock_s=600)

    real, _drawn = form_for(made, wish(made), accommodation=longer)
    fast, _drawn = form_for(made, wish(made, clock="compressed"), accommodation=longer)

    assert (real.time_factor, real.extra_break_s, real.stop_clock_s) == (Fraction(3, 2), 1200, 600)
    assert (fast.time_factor, fast.extra_break_s, fast.stop_clock_s) == (Fraction(3, 2), 120, 60)
    assert real.limit_ms(1) == 45 * 60_000
    assert fast.limit_ms(1) == 4.5 * 60_000


def test_late_answers_count_for_ever_in_a_rehearsal_and_for_the_grace_before_a_proctor() -> None:
    made = day("usmle", "step1", kind="half")

    assert form_for(made, wish(made))[0].grace_s is None
    assert form_for(made, wish(made, is_proctored=True))[0].grace_s == 120


def test_a_day_can_be_cut_to_fewer_blocks_with_a_share_of_its_breaks() -> None:
    whole, *shorter = day("usmle", "step1").shorter()

    assert whole == day("usmle", "step1")
    assert [len(one.blocks) for one in shorter] == list(range(13, 0, -1))
    assert [one.break_s for one in shorter][6] == Fraction(55 * 60, 2)  # 7 of 14 blocks


def test_a_paper_of_one_block_is_cut_to_fewer_items_with_a_share_of_its_minutes() -> None:
    whole, *shorter = day("neet_ug", "paper").shorter()

    assert whole.blueprint.n_items == 180
    assert shorter[9].blueprint.n_items == 89  # half of 45, 45 and 90, rounded down
    assert minutes_of(shorter[9]) == [89]
