"""The pages of the pathway through the site's own client: whose they are, that unknown stays unknown, and every reason."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bedside.pathway import StateStatus, StepAnswer, StepStatus, check
from bedside.site.accounts.models import Profile, User
from bedside.site.content import current_content
from bedside.site.pathway import queries
from bedside.site.pathway.models import PathwayRecord, PathwayVisit
from bedside.site.pathway.reasons import Telling
from bedside.site.pathway.shapes import record_from_kept
from bedside.site.pathway.showing import step_block
from bedside.site.pathway.tile_map import PLACES, tile_map
from bedside.site.pathway.words import days_ahead_words
from tests.support.pathway_site import LAHORE, TODAY, keep, write_pathway_content
from tests.support.people import browser_of, person
from tests.support.site import Clock

pytestmark = pytest.mark.django_db

PAGES = ("/pathway", "/pathway/states", "/pathway/what-if", "/pathway/changes", "/pathway/record", "/pathway/record/person")


@pytest.fixture(scope="session")
def pathway_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_pathway_content(tmp_path_factory.mktemp("pathway") / "content")


@pytest.fixture(autouse=True)
def _today(clock: Clock, content_dir: Path, pathway_content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONTENT", pathway_content)
    clock.at = TODAY


@pytest.fixture
def reader(user: User) -> Client:
    return browser_of(user)


def text_of(reader: Client, path: str) -> str:
    page = reader.get(path)
    assert page.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page.content.decode())).split())


# --- who may see what ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PAGES, "/pathway/record/record.yaml"])
def test_a_stranger_is_sent_to_sign_in(path: str) -> None:
    answer = Client(headers={"Authorization": "Bearer nothing"}).get(path)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/login/?next={path}")


def test_nobody_sees_another_persons_record(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    other = browser_of(person("eve"))
    for path in (*PAGES, "/pathway/record/attempts", "/pathway/record/record.yaml"):
        told = other.get(path).content.decode()
        assert "King Edward" not in told
        assert "2024-03-02" not in told
    version = user.pathway_record_versions.get()
    assert other.get(f"/pathway/record/before/{version.pk}.yaml").status_code == 404
    assert "King Edward" in reader.get(f"/pathway/record/before/{version.pk}.yaml").content.decode()


def test_pages_are_kept_by_no_cache(reader: Client) -> None:
    for path in PAGES:
        assert reader.get(path).headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("path", PAGES)
def test_without_rules_each_page_says_what_will_stand_there(
    reader: Client, shared_content: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(settings, "CONTENT", shared_content)
    assert "There are no rules to ask" in text_of(reader, path)


def test_with_a_mistake_in_the_rules_no_answer_is_given(
    reader: Client, user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_pathway_content(tmp_path / "content")
    (folder / "pathways" / "visas.yaml").write_text("schema: pathway/1\nname: visas\n", encoding="utf-8")
    monkeypatch.setattr(settings, "CONTENT", folder)
    for path in PAGES:
        assert "The rules of this site have a mistake" in text_of(reader, path)


# --- the first time -------------------------------------------------------------------------------------------------------


def test_the_first_page_asks_for_three_things_and_leads_on_to_the_attempts(user: User, reader: Client) -> None:
    assert "These three things decide most" in text_of(reader, "/pathway")
    sent = {"kind": "img", "degree": "2021-05-30", "states": "tx, nm"}
    answer = reader.post("/pathway/begin", sent)
    assert answer.headers["Location"] == "/pathway/record/attempts"
    record = queries.record_of(user)
    assert (record.person.kind, record.goals.states) == ("img", ("TX", "NM"))


def test_all_three_may_be_left_empty_and_stay_unknown(user: User, reader: Client) -> None:
    reader.post("/pathway/begin", {"kind": "", "degree": "", "states": ""})
    assert queries.record_of(user) == record_from_kept({})
    assert PathwayRecord.objects.filter(user=user).exists()
    told = text_of(reader, "/pathway")
    assert "Where you studied medicine" in told
    assert "What is not known" in told


def test_a_second_window_does_not_write_over_what_the_first_said(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    assert reader.post("/pathway/begin", {"kind": "us_md"}).headers["Location"] == "/pathway/record"
    assert queries.record_of(user).person.kind == "img"


# --- the answer -------------------------------------------------------------------------------------------------------


def test_every_reason_stands_on_the_page_with_source_and_day(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    told = text_of(reader, "/pathway")
    answer = check(queries.rules(), queries.record_of(user), TODAY.date())
    reasons = [reason for step in answer.steps if step.status != "passed" for reason in step.reasons]
    reasons += [reason for need in answer.certificates for reason in need.needs]
    assert len(reasons) > 5
    for reason in reasons:
        assert " ".join(reason.text.split()) in told
        assert f"checked {reason.as_of.day} {reason.as_of:%B %Y}" in told
        assert reason.rule in told
        assert " ".join(reason.source.partition(" <")[0].split()) in told


def test_the_next_day_to_keep_stands_first(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    answer = check(queries.rules(), queries.record_of(user), TODAY.date())
    first = answer.deadlines[0]
    told = text_of(reader, "/pathway")
    assert f"The next day to keep is {first.day.day} {first.day:%B %Y}, in {(first.day - TODAY.date()).days} days." in told


def test_what_the_record_leaves_out_is_named_and_never_taken_for_a_no(user: User, reader: Client) -> None:
    keep(user, {"person": {"kind": "img", "school": {"in_world_directory": True}}})
    page = reader.get("/pathway").content.decode()
    assert 'href="/pathway/record/person#school.sponsor_note-0"' in page
    assert "Whether you may sit it can&#x27;t be told from what is known." in page


def test_of_a_step_without_rules_it_is_not_said_that_it_may_be_sat() -> None:
    may = StepAnswer(
        step="audit",
        title="Audit",
        status=StepStatus.ELIGIBLE,
        is_certain=True,
        earliest=None,
        until=None,
        closes=None,
        if_planned=None,
        attempts_used=0,
        attempts_left=None,
        reasons=(),
        information=(),
    )
    telling = Telling({}, TODAY.date())
    assert step_block(may, telling, is_ruled=False).status_words == "not known"
    assert step_block(may, telling, is_ruled=True).status_words == "may be sat"


def test_what_concerns_others_is_folded_away_and_asks_for_nothing(user: User, reader: Client) -> None:
    keep(user, {"person": {"kind": "us_md", "citizenship": ["US"]}})
    page = reader.get("/pathway").context
    assert (page["is_of_us_school"], page["needs_no_visa"]) == (True, True)
    assert "Your identity is established with Intealth" not in [one.text for one in page["missing"]]
    keep(user, {"person": {"kind": "img"}}, at=TODAY + timedelta(hours=1))
    page = reader.get("/pathway").context
    assert (page["is_of_us_school"], page["needs_no_visa"]) == (False, False)
    assert "Your identity is established with Intealth" in [one.text for one in page["missing"]]


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "in 1 day"), (120, "in 120 days"), (121, "in 4 months"), (700, "in 23 months"), (731, "in 2 years")],
)
def test_how_far_ahead_a_day_lies_is_said_as_people_say_it(days: int, words: str) -> None:
    on = TODAY.date()
    assert days_ahead_words(on + timedelta(days=days), on) == words


def test_another_exam_with_rules_can_be_asked_about(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    assert reader.get("/pathway?programme=nothing").status_code == 404
    for name in queries.programmes_with_rules():
        assert reader.get(f"/pathway?programme={name}").context["programme"] == name


def test_the_persons_own_exam_is_asked_about_where_rules_speak_of_it(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    Profile.objects.create(user=user, programme="exam", step="first")  # of which no rule speaks
    assert reader.get("/pathway").context["programme"] == "usmle"


# --- since the last visit --------------------------------------------------------------------------------------------------


def test_a_second_look_on_one_day_compares_with_the_visit_before(user: User, reader: Client, clock: Clock) -> None:
    keep(user, LAHORE)
    assert "your last visit" not in text_of(reader, "/pathway")
    clock.at = TODAY + timedelta(days=3)
    for _look in range(2):
        assert "Nothing stands otherwise than on your last visit, on 29 November 2026" in text_of(reader, "/pathway")
    keep(user, {**LAHORE, "attempts": [*LAHORE["attempts"], sat("step2ck", "2026-11-30", "pass")]}, at=clock.at)
    assert "stand otherwise than on your last visit, on 29 November 2026" in text_of(reader, "/pathway")
    assert PathwayVisit.objects.filter(user=user).count() == 1


def test_an_answer_of_an_older_version_that_can_not_be_read_is_passed_over(user: User, reader: Client, clock: Clock) -> None:
    keep(user, LAHORE)
    reader.get("/pathway")
    PathwayVisit.objects.update(answer=b"not packed")
    clock.at = TODAY + timedelta(days=1)
    assert "your last visit" not in text_of(reader, "/pathway")


def sat(step: str, day: str, result: str) -> dict[str, Any]:
    return {"programme": "usmle", "step": step, "date": day, "result": result}


def test_what_changed_tells_what_was_written_from_what_time_did(user: User, reader: Client, clock: Clock) -> None:
    keep(user, LAHORE)
    reader.get("/pathway")
    clock.at = TODAY + timedelta(days=40)
    keep(user, {**LAHORE, "attempts": [*LAHORE["attempts"], sat("step2ck", "2026-12-10", "pass")]}, at=clock.at)
    told = text_of(reader, "/pathway/changes")
    assert "From 29 November 2026 to 8 January 2027." in told
    time, written = told.split("By what you wrote into the record", 1)
    assert "Days of your record in between" in time
    assert "As it is now: passed" in written


@pytest.mark.parametrize("day", ["yesterday", "1850-01-01", "2090-01-01"])
def test_a_day_that_is_none_or_lies_elsewhere_is_refused(reader: Client, day: str) -> None:
    assert reader.get("/pathway/changes", {"since": day}).status_code == 400


# --- states ------------------------------------------------------------------------------------------------------------


def test_every_place_of_the_rules_has_a_tile_of_its_own() -> None:
    places = {place.code for place in queries.rules().places}
    assert places == set(PLACES)
    assert len(set(PLACES.values())) == len(PLACES)


def test_the_map_says_the_status_of_each_state_by_a_sign_and_a_pattern(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    page = reader.get("/pathway/states")
    states = check(queries.rules(), queries.record_of(user), TODAY.date()).states
    drawn = {tile.code: (tile.status, tile.sign) for tile in page.context["map"].tiles}
    assert {code: status for code, (status, _sign) in drawn.items()} == {one.state: one.status for one in states}
    assert len({sign for _status, sign in drawn.values()}) == len({one.status for one in states})
    text = page.content.decode()
    for status in StateStatus:
        assert text.count(f'id="p-{status.value}"') == 1
    assert '<title id="map-title">' in text
    assert '<desc id="map-said">' in text


def test_each_state_has_the_year_of_its_fact_and_whom_to_ask(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    told = text_of(reader, "/pathway/states")
    for state in check(queries.rules(), queries.record_of(user), TODAY.date()).states:
        assert state.name in told
        assert not state.ask or f"Ask: {state.ask}." in told
        facts = f"oldest fact of {state.as_of.year}" if state.as_of else "no facts were found"
        assert f"{state.name} {facts}" in told


def test_states_are_filtered_by_status_and_by_what_is_aimed_at(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    all_states = check(queries.rules(), queries.record_of(user), TODAY.date()).states
    for status in {one.status for one in all_states}:
        shown = reader.get(f"/pathway/states?status={status.value}").context["table"]
        assert {row["name"] for row in shown} == {one.name for one in all_states if one.status is status}
    assert {row["name"] for row in reader.get("/pathway/states?status=aimed").context["table"]} == {"Texas", "New Mexico"}
    assert reader.get("/pathway/states?status=lovely").status_code == 400


def test_a_state_is_marked_and_left_from_its_page(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    assert reader.post("/pathway/states", {"aim": "OH"}).headers["Location"] == "/pathway/states#OH"
    assert queries.record_of(user).goals.states == ("TX", "NM", "OH")
    reader.post("/pathway/states?status=aimed", {"leave": "TX"})
    assert queries.record_of(user).goals.states == ("NM", "OH")
    assert reader.post("/pathway/states", {"aim": "XX"}).status_code == 400


def test_without_a_state_there_is_no_map() -> None:
    assert tile_map([]) is None


# --- what if ------------------------------------------------------------------------------------------------------------


def test_a_what_if_shows_what_differs_and_writes_nothing(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    before = PathwayRecord.objects.get(user=user).record
    told = text_of(reader, "/pathway/what-if?what-0=pass:step2ck&day-0=2027-01-15")
    assert "As of 16 January 2027" in told
    assert "Step 2 CK Without it: may be sat" in told
    assert "With it: passed" in told
    assert PathwayRecord.objects.get(user=user).record == before


def test_what_can_not_be_is_said_and_nothing_follows(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    told = text_of(reader, "/pathway/what-if?what-0=pass:step1&day-0=2020-01-15")
    assert "the record already has an attempt at" in told
    assert "So nothing is said of what would follow." in told


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("what-0=pass:step9&day-0=2027-01-15", "Choose one from the list."),
        ("what-0=pass:step1&day-0=soon", "Write the day as 2027-03-14."),
        ("what-0=pass:step1&day-0=9999-12-31", "Write the day as 2027-03-14."),
        ("day-0=2027-01-15", "Choose what happens."),
    ],
)
def test_a_line_that_can_not_be_read_is_mended_in_its_place(reader: Client, query: str, words: str) -> None:
    page = reader.get(f"/pathway/what-if?{query}")
    assert page.status_code == 400
    assert words in page.content.decode()


# --- the plan -----------------------------------------------------------------------------------------------------------


def test_the_plan_says_where_its_step_may_not_be_sat_on_its_day(user: User, reader: Client) -> None:
    Profile.objects.create(user=user, programme="usmle", step="step3", exam_on=TODAY.date() + timedelta(days=60))
    assert "may not be sat" not in text_of(reader, "/plan")  # nothing was said, so nothing is known
    keep(user, LAHORE)
    assert "may not be sat on 28 January 2027, and no first day can be named yet" in text_of(reader, "/plan")


def test_the_plan_is_silent_where_nothing_is_against_the_step(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    Profile.objects.create(user=user, programme="usmle", step="step2ck", exam_on=TODAY.date() + timedelta(days=60))
    told = text_of(reader, "/plan")
    assert "may not be sat" not in told
    assert "What stands between you and the licence" in told


def test_the_rules_are_read_once_a_content_load() -> None:
    assert queries.pathways() is queries.pathways()
    assert queries.rules() is queries.pathways().get("usmle")
    assert current_content() is not None
