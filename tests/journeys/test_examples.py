"""The invented example journeys that come with the content."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bedside.delivery import canonical
from bedside.journeys import READY, Journey, hours_until_ready, read_journey
from bedside.site.keys import is_signed_by

FOLDER = Path(__file__).resolve().parents[2] / "content" / "journeys"
PATHS = sorted(FOLDER.glob("*.json"))
MOST_BYTES = 60_000
LONGEST_DAY = 16 * 60  # minutes
YEAR_OR_MONTH = re.compile(r"\b((19|20)\d\d|January|February|March|April|June|July|August|(Sept|Octo|Novem|Decem)(em)?ber)\b")

TO_A_READER = re.compile(r"\b([Ii]f you|[Yy]our|[Yy]ou are|whoever|reads this|[Pp]lease|never too late)\b")


def read(path: Path) -> Journey:
    journey, message = read_journey(path.read_bytes(), file=path.name)
    assert isinstance(journey, Journey)
    assert is_signed_by(journey.public_key, message, journey.signature)
    return journey


@pytest.fixture(scope="module")
def journeys() -> dict[str, Journey]:
    return {path.stem: read(path) for path in PATHS}


def test_there_are_twelve_each_with_an_id_and_a_key_of_its_own(journeys):
    assert len(journeys) == 12
    assert len({journey.id for journey in journeys.values()}) == 12
    assert len({journey.public_key for journey in journeys.values()}) == 12


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_file_is_small_and_canonical(path):
    packed = path.read_bytes()
    assert len(packed) < MOST_BYTES
    assert packed == canonical(json.loads(packed)) + b"\n"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_it_is_marked_as_an_example_and_has_neither_name_nor_day(path):
    journey = read(path)
    assert journey.is_example
    assert journey.name is None
    assert journey.begun_on is None
    assert journey.shared_on is None
    assert not any(YEAR_OR_MONTH.search(note.text) for note in journey.notes)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_its_weeks_can_have_been(path):
    journey = read(path)
    assert journey.minutes > 0
    for week in journey.weeks:
        assert week.days >= 1
        assert week.answers == 0 or sum(week.areas.values()) == week.answers
        assert 0 < week.all_minutes <= week.days * LONGEST_DAY
    assert len(journey.weeks) <= journey.n_weeks <= 260 // 7 + 1


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_it_has_three_to_eight_notes_and_a_start(path):
    journey = read(path)
    assert 3 <= len(journey.notes) <= 8
    assert [note.week for note in journey.notes] == sorted(note.week for note in journey.notes)
    assert journey.start.age
    assert journey.start.trained_in
    assert journey.start.level


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_hours_to_readiness_lie_within_its_hours(path):
    journey = read(path)
    hours, is_ready = hours_until_ready(journey)
    assert 0 < hours <= journey.minutes / 60
    assert is_ready == any(week.chance is not None and week.chance.p >= READY for week in journey.weeks)


def test_they_differ_in_age_country_step_and_work(journeys):
    starts = [journey.start for journey in journeys.values()]
    assert {"under 25", "25 to 29", "30 to 34", "35 to 39", "40 to 49", "50 and over"} == {start.age for start in starts}
    assert {"IN", "PH", "PK", "NG", "EG", "US"} < {start.trained_in for start in starts}
    assert {journey.step for journey in journeys.values()} == {"step1", "step2ck", "step3"}
    assert {"none", "under 20", "20 to 40", "over 40"} == {start.work_hours for start in starts}


def test_they_tell_of_coaching_of_another_career_and_of_an_earlier_try(journeys):
    starts = [journey.start for journey in journeys.values()]
    assert {"none", "some", "a whole course"} <= {start.coaching for start in starts}
    assert {"medicine", "something else"} <= {start.career for start in starts}
    assert {"none", "one"} <= {start.tries for start in starts}
    assert journeys["without-coaching"].start.coaching == "none"
    assert journeys["second-career"].start.career == "something else"


def test_no_note_speaks_to_its_reader(journeys):
    texts = [note.text for journey in journeys.values() for note in journey.notes]
    assert not [text for text in texts if TO_A_READER.search(text)]


def test_not_all_of_them_passed(journeys):
    outcomes = [journey.outcome for journey in journeys.values()]
    assert outcomes.count("pass") >= 6
    assert outcomes.count("fail") >= 1
    assert outcomes.count(None) >= 1
    tries = [[one.outcome for one in journey.results if one.kind == "exam"] for journey in journeys.values()]
    assert ["fail", "pass"] in tries


def test_some_lost_weeks(journeys):
    assert sum(journey.n_weeks - len(journey.weeks) >= 4 for journey in journeys.values()) >= 6
