"""The record of the pathway: through the forms and back, errors beside their fields, files in and out, states of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bedside.errors import ConflictError, UsageError
from bedside.pathway import Record, record_as_json
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.pathway import queries
from bedside.site.pathway.actions import keep_record, read_plain, stamp_of
from bedside.site.pathway.forms import PartForm
from bedside.site.pathway.models import PathwayRecord, PathwayRecordVersion
from bedside.site.pathway.parts import PARTS, part_of
from bedside.site.pathway.shapes import MOST_ROWS, record_from_kept
from bedside.site.study.zones import zone_of
from tests.support.pathway_site import LAHORE, TODAY, keep, write_pathway_content
from tests.support.people import browser_of
from tests.support.site import Clock

pytestmark = pytest.mark.django_db

MANY = hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


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


def sent_of(form: PartForm) -> dict[str, str]:
    """What a browser sends of a form as it stands."""
    fields = {one["id"]: one["value"] for row in form.shown() for one in row["all_cells"]}
    return {**fields, "rows": str(len(form.rows)), "seen": ""}


# --- through the forms and back -----------------------------------------------------------------------------------------

DAYS = st.dates(date(1980, 1, 1), date(2040, 12, 31)).map(date.isoformat)
FLAGS = st.booleans()
WORDS = st.from_regex(r"[A-Z][a-z]{1,9}( [A-Z][a-z]{1,9})?", fullmatch=True)
STATES = st.sampled_from(["TX", "NM", "OH", "CA"])


def said(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Some of these fields, said or left out."""
    return st.fixed_dictionaries({}, optional=fields)


def row(needed: Mapping[str, st.SearchStrategy[Any]], **more: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(dict(needed), optional=more)


SCHOOLS = said(name=WORDS, country=st.sampled_from(["PK", "IN"]), in_world_directory=FLAGS, sponsor_note=FLAGS, lcme=FLAGS)
PEOPLE = said(
    born=DAYS,
    citizenship=st.lists(st.sampled_from(["PK", "US", "IN"]), max_size=3, unique=True),
    us_permanent_resident=FLAGS,
    kind=st.sampled_from(["us_md", "us_do", "canadian", "img"]),
    school=SCHOOLS,
    degree=row({"date": DAYS}, name=WORDS, verified=FLAGS),
    identity_established=FLAGS,
    credit_years=st.integers(0, 9),
    mdphd=FLAGS,
    school_leaving_on=DAYS,
    internship_completed_on=DAYS,
)
ATTEMPTS = row(
    {
        "programme": st.just("usmle"),
        "step": st.sampled_from(["step1", "step2ck", "step2cs", "step3"]),
        "date": DAYS,
        "result": st.sampled_from(["pass", "fail", "incomplete", "pending"]),
    },
    validity=st.sampled_from(["valid", "under_review", "indeterminate", "invalidated"]),
)
CERTIFICATES = st.one_of(
    row({"name": st.just("ecfmg"), "date": DAYS}),
    row({"name": st.just("oet_medicine"), "date": DAYS}, scores=said(reading=st.integers(0, 500), writing=st.floats(0, 500))),
)
RECORDS = said(
    person=PEOPLE,
    attempts=st.lists(ATTEMPTS, max_size=MOST_ROWS),
    certificates=st.lists(CERTIFICATES, max_size=4),
    training=st.lists(
        row({"start": DAYS, "accredited": st.sampled_from(["acgme", "none"])}, pgy=st.integers(1, 9), state=STATES), max_size=3
    ),
    goals=said(specialty=st.just("family_medicine"), states=st.lists(STATES, unique=True), sit=said(step1=DAYS, step3=DAYS)),
    bars=st.lists(row({"programme": st.just("usmle"), "from": DAYS}, reason=st.just("other")), max_size=2),
    permits=st.lists(st.tuples(DAYS, st.integers(0, 90)).map(lambda one: _permit(*one)), max_size=2),
)


def _permit(first: str, days: int) -> dict[str, str]:
    last = date.fromisoformat(first) + timedelta(days=days)
    return {"step": "step1", "from": first, "until": last.isoformat()}


@MANY
@given(data=RECORDS)
def test_a_record_goes_through_all_forms_and_comes_back_the_same(data: dict[str, Any]) -> None:
    rules, content = queries.rules(), current_content()
    record, findings = read_plain(data, rules)
    assert record is not None, findings
    whole: dict[str, Any] = record_as_json(record)
    for name in PARTS:
        part = part_of(name, rules, content)
        form = PartForm.of_sent(part, rules, whole, sent_of(PartForm.of_kept(part, rules, whole)))
        whole = form.changed()
        assert not form.is_wrong
    again, findings = read_plain(whole, rules)
    assert again is not None, findings
    assert replace(again, schema=None) == replace(record, schema=None)
    assert replace(record_from_kept(record_as_json(record)), schema=None) == replace(record, schema=None)


def test_the_fields_of_the_forms_are_those_of_a_record() -> None:
    rules, content = queries.rules(), current_content()
    schema = TypeAdapter(Record).json_schema(by_alias=True)
    known = {name: {cell.key.partition(".")[0] for cell in part_of(name, rules, content).cells} for name in PARTS}
    known["certificates"].add("scores")  # asked for once the certificate is known
    known["attempts"].add("programme")  # with the step
    fields = {
        "person": "Person",
        "attempts": "Attempt",
        "certificates": "Held",
        "training": "Training",
        "goals": "Goals",
        "permits": "Permit",
        "bars": "Bar",
    }
    assert {name: set(schema["$defs"][kind]["properties"]) for name, kind in fields.items()} == known
    assert set(schema["properties"]) == {*PARTS, "schema"}


def test_a_form_with_as_many_rows_as_can_be_stays_below_what_a_request_may_carry() -> None:
    rules, content = queries.rules(), current_content()
    attempt = {"programme": "usmle", "step": "step1", "date": "2020-01-01", "result": "fail"}
    form = PartForm.of_kept(part_of("attempts", rules, content), rules, {"attempts": [attempt] * MOST_ROWS})
    assert len(sent_of(form)) + 2 <= settings.DATA_UPLOAD_MAX_NUMBER_FIELDS


# --- by hand --------------------------------------------------------------------------------------------------------------


def sent_rows(*rows: dict[str, str], **more: str) -> dict[str, str]:
    fields = {f"{key}-{number}": value for number, one in enumerate(rows) for key, value in one.items()}
    return {**fields, "rows": str(len(rows)), "seen": "", **more}


ATTEMPT = {"step": "usmle/step1", "date": "2024-03-02", "result": "fail"}


def test_an_attempt_is_typed_and_kept_and_an_empty_row_is_none(user: User, reader: Client) -> None:
    answer = reader.post("/pathway/record/attempts", sent_rows({}, ATTEMPT, {}))
    assert answer.headers["Location"] == "/pathway/record#attempts"
    record = queries.record_of(user)
    assert [(one.step, one.date, one.result) for one in record.attempts] == [("step1", date(2024, 3, 2), "fail")]


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(user: User, reader: Client) -> None:
    wrong = {**ATTEMPT, "date": "2024-02-31"}
    early = {**ATTEMPT, "validity": "invalidated", "validity_from": "2020-01-01"}
    answer = reader.post("/pathway/record/attempts", sent_rows(ATTEMPT, {}, wrong))
    assert answer.status_code == 400
    assert answer.context["form"].problems == {(2, "date"): ["Write the day as 2027-03-14."]}
    assert 'value="2024-02-31"' in answer.content.decode()  # what was typed stands there still
    answer = reader.post("/pathway/record/attempts", sent_rows({}, early))
    assert answer.context["form"].problems == {(1, "validity_from"): ["it is before the attempt on 2024-03-02"]}
    answer = reader.post("/pathway/record/attempts", sent_rows({"date": "2024-03-02"}))
    assert set(answer.context["form"].problems) == {(0, "step"), (0, "result")}
    assert not PathwayRecord.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("kind", "wizard"),
        ("citizenship", "Pakistan"),
        ("us_permanent_resident", "perhaps"),
        ("born", "2 May 1998"),
        ("school.country", "Pakistan"),
        ("credit_years", "four"),
        ("credit_years", "-1"),
    ],
)
def test_no_field_takes_what_it_is_not_for(user: User, reader: Client, field: str, typed: str) -> None:
    answer = reader.post("/pathway/record/person", {f"{field}-0": typed, "seen": ""})
    assert answer.status_code == 400
    assert list(answer.context["form"].problems) == [(0, field)]
    assert not PathwayRecord.objects.exists()


def test_a_degree_without_its_day_is_asked_for_the_day(reader: Client) -> None:
    answer = reader.post("/pathway/record/person", {"degree.name-0": "MBBS", "seen": ""})
    assert list(answer.context["form"].problems) == [(0, "degree.date")]


def test_a_row_more_or_less_is_shown_and_not_saved(user: User, reader: Client) -> None:
    answer = reader.post("/pathway/record/attempts", sent_rows(ATTEMPT, more="1"))
    assert [one["is_empty"] for one in answer.context["rows"]] == [False, True]
    answer = reader.post("/pathway/record/attempts", sent_rows(ATTEMPT, {**ATTEMPT, "result": "pass"}, remove="0"))
    assert [one["cells"][2]["value"] for one in answer.context["rows"]] == ["pass"]
    assert not PathwayRecord.objects.exists()
    for nonsense in ("-1", "7", "x", "99999999999"):
        answer = reader.post("/pathway/record/attempts", sent_rows(ATTEMPT, remove=nonsense))
        assert len(answer.context["rows"]) == 1


def test_the_last_row_can_be_taken_out(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    seen = stamp_of(queries.row_of(user))
    reader.post("/pathway/record/attempts", sent_rows({}, seen=seen))
    assert queries.record_of(user).attempts == ()
    assert queries.record_of(user).person.kind == "img"  # the other parts stay


def test_scores_are_asked_for_once_a_certificate_that_has_some_is_kept(user: User, reader: Client) -> None:
    answer = reader.post("/pathway/record/certificates", sent_rows({"name": "oet_medicine", "date": "2025-01-15"}))
    assert answer.headers["Location"] == "/pathway/record/certificates"
    page = reader.get("/pathway/record/certificates")
    assert 'id="scores.listening-0"' in page.content.decode()
    scores = {f"scores.{name}": "350" for name in ("listening", "reading", "speaking", "writing")}
    fields = {"name": "oet_medicine", "date": "2025-01-15", **scores}
    answer = reader.post("/pathway/record/certificates", sent_rows(fields, seen=stamp_of(queries.row_of(user))))
    assert answer.headers["Location"] == "/pathway/record#certificates"
    assert queries.record_of(user).certificates[0].scores["listening"] == 350


def test_what_another_window_saved_is_not_written_over_unseen(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    answer = reader.post("/pathway/record/attempts", sent_rows(ATTEMPT, seen=""))
    assert answer.status_code == 409
    assert "changed elsewhere" in answer.content.decode()
    assert len(queries.record_of(user).attempts) == 2
    assert reader.post("/pathway/record/attempts", sent_rows(ATTEMPT, seen=answer.context["seen"])).status_code == 302
    with pytest.raises(ConflictError):
        keep_record(user, Record(), at=TODAY, seen="")


def test_there_is_no_other_part(reader: Client) -> None:
    assert reader.get("/pathway/record/secrets").status_code == 404
    assert reader.post("/pathway/record/secrets").status_code == 404


# --- states of it ---------------------------------------------------------------------------------------------------------


def test_each_saved_state_stays_with_its_day_and_the_same_again_adds_none(user: User) -> None:
    keep(user, {}, at=TODAY - timedelta(days=9))
    keep(user, LAHORE, at=TODAY)
    keep(user, LAHORE, at=TODAY + timedelta(days=1))
    zone = zone_of(user.pk)
    assert PathwayRecordVersion.objects.filter(user=user).count() == 2
    assert queries.record_on(user, date(2026, 11, 19), zone).person.kind is None
    assert queries.record_on(user, date(2026, 11, 28), zone).person.kind is None
    assert queries.record_on(user, date(2026, 11, 29), zone).person.kind == "img"
    with pytest.raises(ConflictError):
        PathwayRecordVersion.objects.all().delete()


def test_a_change_is_never_older_than_what_it_changes(user: User) -> None:
    keep(user, LAHORE, at=TODAY)
    keep(user, {}, at=TODAY - timedelta(days=1))  # a clock that was set back
    row = queries.row_of(user)
    assert row is not None
    assert row.changed_at > TODAY


def test_what_is_kept_and_can_not_be_read_any_longer_is_said(user: User) -> None:
    PathwayRecord.objects.create(user=user, record={"attempts": "many"}, changed_at=TODAY)
    with pytest.raises(UsageError, match="the record that is kept can't be read"):
        queries.record_of(user)
    assert browser_of(user).get("/pathway").status_code == 400
