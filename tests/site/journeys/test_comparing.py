"""Two courses on one picture: what is drawn, what the table keeps, and where the words stand."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from bedside.journeys import Result
from bedside.site.journeys.comparing import comparison, exam_week
from bedside.site.journeys.lines import thinned
from tests.support.journeys import journey, week, weeks

BEGUN = date(2026, 9, 7)


def test_readiness_is_compared_where_both_have_it() -> None:
    mine, theirs = journey(n_weeks=2, weeks=(week(0, p=500), week(1, p=640))), journey()
    found = comparison(mine, theirs).chance
    assert found is not None
    assert [line.curve.label for line in found.lines] == ["you, 64%", "they, 82%"]
    assert found.table.rows[:3] == (
        ("1", "50% (35% – 65%)", "60% (45% – 75%)"),
        ("2", "64% (49% – 79%)", "60% (45% – 75%)"),
        ("3", "–", "60% (45% – 75%)"),
    )


def test_a_chance_for_another_exam_is_not_compared() -> None:
    assert comparison(journey(), journey(step="second", results=())).chance is None
    assert comparison(journey(), journey()).chance is not None


def test_weeks_may_be_counted_back_from_an_exam_or_from_the_day_that_one_plans_to_sit_it_on() -> None:
    other = journey(n_weeks=8, weeks=weeks(8, hours=12), results=(), notes=(), begun_on=BEGUN)
    assert exam_week(other, date(2026, 11, 10)) == 9
    assert exam_week(other, date(2026, 8, 1)) is None
    assert exam_week(journey(), None) == 11

    back = comparison(other, journey(n_weeks=16), exam_weeks=(9, 11))
    assert back.said == "2 weeks before the exam you had studied 96 hours, and they 100."
    assert back.hours.table.columns[0] == "Weeks before the exam"
    assert back.hours.table.rows[0] == ("11", "–", "10")
    assert back.hours.table.rows[-3:] == (("2", "96", "100"), ("1", "–", "110"), ("0", "–", "120, passed"))
    assert [tick.text for tick in back.hours.across] == ["10 before", "5", "exam"]


def test_a_line_ends_with_the_last_exam_and_not_with_the_wait_for_its_result() -> None:
    found = comparison(journey(n_weeks=16), journey(n_weeks=20, results=())).hours
    assert found.table.rows[11] == ("12", "120, passed", "120")
    assert found.table.rows[12] == ("13", "–", "120")


@pytest.mark.parametrize("theirs", [1, 4, 5, 6, 8, 11, 12, 13, 18, 25, 40])
@pytest.mark.parametrize("hours", [3.0, 9.0, 10.0, 11.0, 30.0])
@pytest.mark.parametrize("is_example", [True, False])
def test_the_words_of_two_lines_lie_on_no_line_and_not_on_each_other(theirs: int, hours: float, is_example: bool) -> None:
    other = journey(n_weeks=theirs, weeks=weeks(theirs, hours=hours), results=(), is_example=is_example)
    found = comparison(journey(), other).hours.lines
    boxes = [room_of(line) for line in found]
    for line in found:
        pairs = [pair.split(",") for pair in line.curve.line.split()]
        points = [(float(x) / 10, float(y) / 10) for x, y in pairs]
        for left, right, top, bottom in boxes:
            for (x0, y0), (x1, y1) in pairwise(points):
                along = [share / 50 for share in range(51)]
                inside = [left < x0 + (x1 - x0) * at < right and top < y0 + (y1 - y0) * at < bottom for at in along]
                assert not any(inside), [one.curve.label for one in found]
    (a, b, c, d), (e, f, g, h) = boxes
    assert not (a < f and e < b and c < h and g < d)


def room_of(line: Any) -> tuple[float, float, float, float]:
    """The room that the words of a line take on a phone: from left to right and from above, in per cent."""
    x, _y, low, high = line.curve.end
    em, wide = 100 / 14, 100 * 0.53 * len(line.curve.label) / 25
    shift = 100 * line.beside_em / 25
    left = {"start": x + shift, "end": x - shift - wide, "middle": x - wide / 2}[line.anchor]
    baseline = high - 0.4 * em if line.curve.is_above else low + 1.5 * em
    assert left >= 0
    assert left + wide <= 100
    return left, left + wide, baseline - 0.75 * em, baseline + 0.2 * em


def test_the_table_keeps_the_last_week_of_each_and_those_of_exams() -> None:
    theirs = journey(n_weeks=97, weeks=weeks(97), results=(Result(52, "exam", "first", "fail"),), notes=())
    rows = {row[0]: row[1:] for row in comparison(journey(), theirs).hours.table.rows}
    assert rows["12"] == ("120, passed", "120")
    assert rows["53"] == ("–", "530, failed")
    assert rows["97"] == ("–", "970")


def test_an_invented_course_is_never_called_theirs() -> None:
    labels = [line.curve.label for line in comparison(journey(), journey(is_example=True)).hours.lines]
    assert labels == ["you, 120 hours", "invented learner, 120 hours"]


def test_a_journey_of_many_years_is_still_a_small_picture() -> None:
    long = journey(n_weeks=1040, weeks=weeks(1040, ready_in=500), results=(), notes=())
    found = comparison(long, journey())
    assert found.chance is not None
    assert len(found.hours.lines[0].curve.line.split()) <= 120
    assert len(found.hours.table.rows) <= 29
    assert thinned(range(1000), 5)[0] == 0
    assert thinned(range(1000), 5)[-1] == 999
