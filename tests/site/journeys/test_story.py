"""The story of one journey: what is counted up to the exam, what stands on its pictures, and what its words say."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.journeys import Chance, Journey, JourneyWeek, Note, Result, Start
from bedside.site.journeys.standalone import readable_page
from bedside.site.journeys.story import Part, story_of
from bedside.site.journeys.story_before import before_exams
from bedside.site.journeys.story_chances import chance_picture
from bedside.site.journeys.story_marks import MOST_LANES, marks_of
from bedside.site.journeys.story_pictures import days_picture, hours_picture, round_below, short_names
from bedside.site.journeys.story_weeks import middle_of
from tests.support.journeys import journey, week, weeks

pytestmark = pytest.mark.django_db

FAILED, PASSED = Result(5, "exam", "first", "fail"), Result(19, "exam", "first", "pass")
TEST = Result(17, "practice_test", "first", "pass")


def long_way(**changes: Any) -> Journey:
    """Twenty weeks to the second exam and four of waiting; none in weeks 8 to 10, 10 hours in each other one."""
    told = tuple(week(n, p=300 if n < 17 else 850) for n in range(20) if n not in (7, 8, 9))
    return journey(**{"n_weeks": 24, "weeks": told, "results": (FAILED, TEST, PASSED), **changes})


def part(one: Journey, name: str, *, mine: bool = False) -> Part:
    (found,) = (part for part in story_of(one, mine=mine).parts if part.name == name)
    return found


def said(one: Journey, name: str, *, mine: bool = False) -> str:
    return part(one, name, mine=mine).said


# --- up to the exam ---------------------------------------------------------------------------------------------------------


def test_weeks_hours_and_days_count_up_to_the_last_exam() -> None:
    one = long_way()
    assert story_of(one, mine=False).lead.startswith("20 weeks to the last exam, 170 hours of study. 1,020 answers, 60%")
    days = days_picture(one)
    assert days.said.startswith("Study on 85 days, 4.2 a week. No study in weeks 8 to 10. The 4 weeks after the exam")
    assert len(days.sticks) == len(days.table.rows) == len(hours_picture(one).sticks) == 20


def test_without_an_exam_all_weeks_count() -> None:
    one = long_way(results=())
    assert story_of(one, mine=False).lead.startswith("24 weeks, 170 hours of study.")
    assert days_picture(one).said == "Study on 85 days, 3.5 a week. No study in weeks 8 to 10 and weeks 21 to 23."
    assert len(hours_picture(one).sticks) == 24


def test_study_after_a_failed_exam_is_drawn_and_told_apart() -> None:
    one = long_way(results=(FAILED,))
    assert story_of(one, mine=True).lead.startswith("6 weeks to the last exam, 60 hours of study. 360 answers")
    assert "Since then 110 hours more." in story_of(one, mine=True).lead
    assert "It counts up to the last exam; after it there was study on 55 days more." in days_picture(one).said
    assert len(hours_picture(one).sticks) == 24


def test_every_gap_is_named_also_on_a_long_way() -> None:
    told = tuple(week(n) for n in range(60) if n not in (3, 20, 21, 40))
    picture = days_picture(journey(n_weeks=60, weeks=told, results=()))
    assert picture.said.endswith("No study in week 4, weeks 21 to 22 and week 41.")
    assert [(round(gap.x), round(gap.width, 1)) for gap in picture.gaps] == [(5, 1.7), (33, 3.3), (67, 1.7)]
    assert (picture.level.at, picture.level_word.text) == (0.0, "7 days")


# --- before the exam --------------------------------------------------------------------------------------------------------


def test_the_weeks_before_each_exam_stand_beside_each_other() -> None:
    found = before_exams(long_way())
    assert found is not None
    sentence, table = found
    assert sentence.startswith("In the 6 weeks up to each exam: 60 hours before the one failed in week 6 and 60 hours before")
    assert table.columns[1:] == ("Failed, week 6", "Passed, week 20")
    rows = {row[0]: row[1:] for row in table.rows}
    assert rows["Days with study a week"] == ("5.0", "5.0")
    assert rows["Reviews, of the time"] == rows["New questions, of the time"] == ("50%", "50%")
    assert rows["Timed blocks, of the time"] == ("0%", "0%")
    assert "Patient cases, of the time" not in rows
    assert rows["Practice tests"] == ("0", "1")
    assert rows["Chance at their beginning"] == ("not told", "30%")
    assert rows["Chance at the exam"] == ("30%", "85%")


def test_without_an_exam_there_is_no_part_before_it() -> None:
    one = long_way(results=(TEST,))
    assert before_exams(one) is None
    assert "journey-before" not in [part.name for part in story_of(one, mine=False).parts]


# --- on the pictures --------------------------------------------------------------------------------------------------------


def test_sittings_stand_on_hours_and_readiness_by_their_words() -> None:
    one = long_way()
    readiness = chance_picture(one)
    assert readiness is not None
    for picture in (hours_picture(one), readiness):
        assert [mark.text for mark in picture.marks] == ["failed", "practice test", "passed"]
        assert [row[-1] for row in picture.table.rows if row[-1]] == ["failed", "practice test", "passed"]
    html = readable_page(one).decode()
    assert html.count(">practice test</text>") == html.count(">failed</text>") == html.count(">passed</text>") == 2


SITTINGS = st.builds(
    Result,
    st.integers(0, 39),
    st.sampled_from(["exam", "practice_test"]),
    st.just("first"),
    st.sampled_from(["pass", "fail"]),
)


@given(st.lists(SITTINGS, max_size=12))
def test_no_word_of_a_sitting_lies_over_another_and_no_line_goes_through_one(results: list[Result]) -> None:
    one = journey(n_weeks=40, results=tuple(sorted(results, key=lambda one: one.week)))
    marks = marks_of(one, 40, lambda week: middle_of(week, 40))
    assert len(marks) == len({(one.week, one.kind, one.outcome if one.kind == "exam" else "") for one in results})
    for first, second in combinations([mark for mark in marks if mark.text], 2):
        (low, high), (from_, to) = first.reach(), second.reach()
        assert first.lane != second.lane or high <= from_ or to <= low
        upper, lower = (first, second) if first.lane < second.lane else (second, first)
        assert upper.lane == lower.lane or not lower.reach()[0] < upper.at < lower.reach()[1]
    assert all(mark.lane < MOST_LANES for mark in marks)


def test_the_line_of_readiness_breaks_where_no_chance_was_told_for_more_than_a_week() -> None:
    told = tuple(week(n, p=None if n in (3, 6, 7) else 500) for n in range(12))
    picture = chance_picture(journey(weeks=told))
    assert picture is not None
    assert [len(piece.line.curve.line.split()) for piece in picture.pieces] == [5, 4]
    assert [piece.line.curve.label for piece in picture.pieces] == ["", "50%"]


def test_hours_say_their_unit_and_are_rounded_as_in_the_words() -> None:
    told = tuple(replace(one, minutes={"new": 516 if one.week == 4 else 60}) for one in weeks(12))
    picture = hours_picture(journey(weeks=told))
    assert picture.top_word is not None
    assert picture.top_word.text == "8.6 hours"
    assert "week 5 had most, 8.6 hours." in picture.said
    assert picture.level_word.text == "5 hours"
    assert picture.level.at == pytest.approx(100 - 100 * 5 / 8.6, abs=0.1)


@pytest.mark.parametrize(("value", "found"), [(8.6, 5), (19.9, 10), (2, 2), (0.7, 0.5), (0, 1)])
def test_a_round_value_is_one_two_or_five(value: float, found: float) -> None:
    assert round_below(value) == pytest.approx(found)


def test_long_names_of_areas_are_short_in_a_sentence_unless_two_become_one() -> None:
    names = {
        "a": "Biostatistics, Epidemiology/Population Health & Interpretation of the Medical Literature",
        "b": "Renal (and urinary) System",
        "c": "Blood, red",
        "d": "Blood, white",
        "e": "The very long name of an area that has neither comma nor bracket",
    }
    found = short_names(names)
    assert (found["a"], found["b"], found["c"], found["d"]) == ("Biostatistics", "Renal", "Blood, red", "Blood, white")
    assert found["e"] == "The very long name of an area that has…"


# --- words ------------------------------------------------------------------------------------------------------------------


def test_readiness_says_the_chance_at_each_exam_and_what_a_practice_test_did() -> None:
    text = said(long_way(), "journey-readiness")
    assert "At the exam that was failed (week 6): 30%. At the exam that was passed (week 20): 85%." in text
    assert "Somewhere between 70% and more than 99%." in text
    assert "In week 18 a practice test was typed in; the chance went from 30% to 85%." in text
    assert "What was not known" not in text


@pytest.mark.parametrize(
    ("changes", "mine", "words"),
    [
        ({}, False, "this person's answers. It has not been checked against enough real results; that this exam went"),
        ({}, True, "The program's estimate from your answers. It has not been checked against enough real results; that"),
        ({"results": ()}, True, "your answers. It has not been checked against enough real results."),
        ({"is_example": True}, False, "from invented answers. It has not been checked against enough real results, and an"),
    ],
)
def test_readiness_says_whose_estimate_it_is_and_that_one_exam_proves_nothing(
    changes: dict[str, Any], mine: bool, words: str
) -> None:
    assert words in said(long_way(**changes), "journey-readiness", mine=mine)


def test_an_exam_long_after_the_last_chance_says_that_there_was_none() -> None:
    told = (week(0, p=400), *(week(n) for n in range(1, 12)))
    text = said(journey(weeks=told), "journey-readiness")
    assert "At the exam that was passed (week 12): no chance was told." in text


def test_hours_of_a_real_journey_are_said_to_be_those_in_this_program() -> None:
    html = readable_page(long_way()).decode()
    assert "Hours in this program only: books, courses and other question banks are not counted." in html
    assert "Do not plan by them" not in html


def test_hours_of_an_invented_journey_are_said_to_be_no_plan_and_its_notes_nobody_s() -> None:
    one = long_way(is_example=True, notes=(Note(1, "One."), Note(2, "Two.")))
    html = readable_page(one).decode()
    assert html.count("invented example") == 1
    assert "Its hours are far fewer than a person needs" in html
    assert "Hours in this program only" not in html
    assert said(one, "journey-notes") == "2 notes, invented like the rest. No person wrote them."


def test_links_lead_to_the_parts_that_are_there() -> None:
    html = readable_page(long_way()).decode()
    links = story_of(long_way(), mine=False).links
    assert [one.link for one in links] == [
        "What was written",
        "Hours",
        "Order",
        "Days",
        "Readiness",
        "Before the exam",
        "Results",
    ]
    for one in links:
        assert html.count(f'id="{one.name}"') == html.count(f'href="#{one.name}"') == 1
    bare = tuple(JourneyWeek(n, {"new": 60}, 1, 0, 0, {}) for n in range(3))
    assert [one.link for one in story_of(journey(weeks=bare, results=(), notes=()), mine=False).links] == ["Hours", "Days"]


def test_coaching_career_and_attempts_are_told_where_they_were_said() -> None:
    facts = part(long_way(start=Start(coaching="none", career="something else", tries="one")), "journey-beginning").facts
    assert dict(facts) == {
        "Coaching": "none",
        "Worked before in": "something else than medicine",
        "Attempts before": "one",
    }


def test_a_single_week_with_a_chance_is_a_point() -> None:
    one = JourneyWeek(0, {"new": 60}, 1, 1, 1, {"renal": 1}, Chance(500, 400, 600))
    picture = chance_picture(journey(n_weeks=1, weeks=(one,), results=(), notes=()))
    assert picture is not None
    assert [piece.is_point for piece in picture.pieces] == [True]
