"""What is wrong in a file of the road is told with its place, and gives no road."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import NotFoundError, UsageError
from bedside.pathway.timeline import RULES
from bedside.pathway.timeline.spans import Span
from tests.pathway.builder import CONTENT
from tests.pathway.timeline.builder import HEAD, READY, placed, road, roads, small

GROUNDS = "sources: [page], as_of: 2026-11-29, confidence: high"
SOUND = f"""\
calendars:
  - name: match
    title: "{{season}} Match"
    is_one_season: true
    dates:
      opens: {{what: "Opens", repeats: weekday_of_month, known: {{2027: {{day: 2026-09-02, {GROUNDS}}}}}}}
      closes: {{what: "Closes", offset_of: opens, offset_days: 21, known: {{2027: {{day: 2026-09-23, {GROUNDS}}}}}}}
choices:
  - name: visa
    title: "Visa"
    ways: [{{name: j1, title: "J-1"}}, {{name: h1b, title: "H-1B"}}]
milestones:
  - id: study
    title: "Study"
    kind: study
    duration: {{typical: {{months: 5}}, {GROUNDS}}}
  - id: sitting
    title: "Sitting"
    kind: exam
    after: [{{id: study, gap: {{days: 1, {GROUNDS}}}}}]
    gives: {{pass: step1}}
    asks: step
    costs: [{{what: "Fee", amount: 695, {GROUNDS}}}]
  - id: application
    title: "Application"
    kind: application
    choice: {{of: visa, is: j1}}
    after: [{{id: sitting}}]
    window: {{calendar: match, opens: opens, closes: closes}}
"""


def test_the_road_that_ships_has_no_finding() -> None:
    assert roads().findings == ()
    assert roads().unreadable == ()
    assert roads().get("usmle").milestones


def test_a_sound_file_gives_a_road() -> None:
    assert small(SOUND).findings == ()
    assert [one.id for one in small(SOUND).get("usmle").milestones] == ["study", "sitting", "application"]


@pytest.mark.parametrize(
    ("rule", "old", "new", "at"),
    [
        ("timeline-format", "kind: study", "kind: sleep", "kind: sleep"),
        ("timeline-format", f"{{typical: {{months: 5}}, {GROUNDS}}}", "{typical: {months: 5}, sources: [page]}", "duration"),
        ("timeline-format", "amount: 695", "amount: about 695", "amount"),
        ("duplicate-id", "id: sitting\n", "id: study\n", "id: study"),
        ("unknown-source", "{months: 5}, sources: [page]", "{months: 5}, sources: [book]", "book"),
        ("unknown-milestone", "after: [{id: sitting}]", "after: [{id: siting}]", "siting"),
        ("unknown-date", "closes: closes}", "closes: shuts}", "shuts"),
        ("unknown-date", "offset_of: opens", "offset_of: begins", "begins"),
        ("unknown-subject", "pass: step1", "pass: step4", "step4"),
        ("unknown-subject", "asks: step", "asks: state", "asks: state"),
        ("unknown-choice", "is: j1}", "is: o1}", "o1"),
        ("requirement", "kind: study", "kind: study\n    when: is_martian", "is_martian"),
        ("backwards", "typical: {months: 5}", "min: {months: 6}, typical: {months: 5}", "duration"),
        ("no-repeat", "repeats: weekday_of_month, ", "", "opens:"),
        ("circle", "kind: study", "kind: study\n    after: [{id: sitting}]", "id: study"),
    ],
)
def test_each_mistake_is_told_with_its_line(rule: str, old: str, new: str, at: str) -> None:
    assert old in SOUND
    text = SOUND.replace(old, new, 1)
    found = small(text)
    lines = (HEAD + text).splitlines()
    assert any(one.rule == rule and at in lines[one.line - 1] for one in found.findings), found.findings
    with pytest.raises(NotFoundError):
        found.get("usmle")


def test_a_file_says_its_own_name_and_a_programme_that_there_is() -> None:
    assert [one.rule for one in small(SOUND, "other.yaml").findings] == ["name-differs"]
    head = HEAD.replace("programme: usmle", "programme: driving")
    assert [one.rule for one in small(SOUND, head=head).findings] == ["unknown-programme"]


def test_every_check_is_explained_in_the_reference() -> None:
    text = (CONTENT.parent / "docs" / "reference" / "timeline-format.md").read_text(encoding="utf-8")
    for rule, words in RULES.items():
        assert f"| `{rule}` | {words} |" in text


def test_everything_of_the_road_has_a_source_with_its_day() -> None:
    for milestone in road().milestones:
        durations = [milestone.duration, *milestone.durations.values()]
        grounds = [one.grounds for one in (*durations, *milestone.costs) if one is not None]
        grounds += [one.grounds for one in milestone.after if one.grounds is not None]
        assert all(one.sources and one.as_of <= date(2026, 11, 29) for one in grounds)


@pytest.mark.parametrize(
    ("season", "days"),
    [
        (2027, ("2026-09-02", "2026-09-15", "2026-09-23", "2027-03-03", "2027-03-15", "2027-03-19", "2027-07-01")),
        (2028, ("2027-09-01", "2027-09-21", "2027-09-22", "2028-03-01", "2028-03-13", "2028-03-17", "2028-07-01")),
        (2030, ("2029-09-05", "2029-09-18", "2029-09-26", "2030-03-06", "2030-03-11", "2030-03-15", "2030-07-01")),
    ],
)
def test_seasons_that_nobody_has_published_keep_the_weekday_and_week_and_say_so(season: int, days: tuple[str, ...]) -> None:
    calendar = road().calendars["match"]
    names = ("eras_submit", "nrmp_open", "programs_review", "rol", "match_week", "match_day", "residency_start")
    found = [calendar.day(name, season) for name in names]
    assert [one.day.isoformat() for one in found] == list(days)
    assert {one.is_projected for one in found} == {season != 2027}


SPANS = st.builds(Span, st.integers(-40, 200), st.integers(-24, 90))
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(SPANS, DAYS)
def test_the_latest_day_before_is_the_last_that_is_not_too_late(span: Span, day: date) -> None:
    before = span.before(day)
    assert span.after(before) <= day < span.after(before + timedelta(days=1))


@given(SPANS, DAYS, DAYS)
def test_a_later_day_never_leads_to_an_earlier_one(span: Span, one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert span.after(first) <= span.after(second)


def test_whoever_says_nothing_is_told_that_no_road_is_written() -> None:
    found = placed({})
    assert found.milestones == ()
    assert [one.kind.value for one in found.problems] == ["no_road"]
    assert found.end is None


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_at_the_ends_of_the_calendar_are_no_plan_and_break_nothing(day: str) -> None:
    far = date.fromisoformat(day)
    found = placed({"person": {**READY, "degree": {"date": day}}, "goals": {"sit": {"step1": day}}}, moved={"usce": far})
    assert found.end is not None
    assert found.end.year < 2050


@pytest.mark.parametrize("on", [date.min, date.max])
def test_a_road_is_made_for_the_years_of_a_life(on: date) -> None:
    with pytest.raises(UsageError):
        placed({"person": READY}, on)
