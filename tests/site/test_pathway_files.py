"""The record of the pathway as a file: out and back, a hostile one, a transcript, and what comes with a person's data."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bedside.pathway import Pathway, Record, read_record, record_as_json
from bedside.reading import Source
from bedside.site.accounts.models import User
from bedside.site.pathway import queries
from bedside.site.pathway.models import PathwayRecord
from bedside.site.pathway.shapes import MOST_BYTES, MOST_ROWS, record_from_kept, see_record
from tests.support.pathway_site import LAHORE, TODAY, keep, write_pathway_content
from tests.support.people import browser_of
from tests.support.site import Clock

pytestmark = pytest.mark.django_db


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


# --- as a file --------------------------------------------------------------------------------------------------------------


def bring(reader: Client, text: str | bytes, name: str = "record.yaml") -> Any:
    data = text.encode() if isinstance(text, str) else text
    return reader.post("/pathway/record/bring", {"file": SimpleUploadedFile(name, data)})


def read_taken(reader: Client, rules: Pathway) -> Record | None:
    answer = reader.get("/pathway/record/record.yaml")
    assert 'filename="record.yaml"' in answer.headers["Content-Disposition"]
    source = Source("record.yaml", answer.content.decode())
    return read_record(source, steps=rules.steps_of_records, certificates=rules.certificate_names)[0]


def test_the_record_is_taken_as_a_file_and_comes_back_the_same(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    before = queries.record_of(user)
    assert read_taken(reader, queries.rules()) == before
    taken = reader.get("/pathway/record/record.yaml").content
    keep(user, {}, at=TODAY + timedelta(hours=1))
    assert bring(reader, taken).status_code == 200
    assert queries.record_of(user) == before


def test_a_file_with_a_mistake_is_not_kept_and_each_mistake_has_its_line(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    answer = bring(reader, "person:\n  kind: wizard\ngoals:\n  states: [Texas]\n")
    assert answer.status_code == 400
    told = answer.content.decode()
    assert "line 2" in told
    assert "line 4" in told
    assert "Nothing was kept of the file" in told
    assert queries.record_of(user).person.kind == "img"


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    "hostile",
    [
        b"\xff\xfe\x00",
        b"person: {kind: img}\x00",
        BOMB,
        "[" * 5000,
        "!!python/object/apply:os.system ['true']",
        "person: {born: 0001-01-01}",
        "person: {born: 9999-12-31}",
        "certificates: [{name: oet_medicine, date: 2025-01-01, scores: {reading: .inf}}]",
        "a" * (MOST_BYTES + 1),
        "attempts: [" + "{programme: usmle, step: step1, date: 2020-01-01, result: fail}," * (MOST_ROWS + 1) + "]",
        "person: {kind: img}\n---\nperson: {kind: us_md}\n",
        "",
        "null",
        "[]",
        "3",
    ],
    ids=range(15),
)
def test_a_hostile_file_is_refused_whole(user: User, reader: Client, hostile: str | bytes) -> None:
    answer = bring(reader, hostile)
    assert answer.status_code == 400
    assert "Nothing was kept of the file" in answer.content.decode()
    assert not PathwayRecord.objects.exists()


def test_words_of_a_file_are_never_taken_for_markup(reader: Client) -> None:
    answer = bring(reader, 'person: {school: {name: "<script>alert(1)</script>"}}', name="<b>.yaml")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_no_file_is_asked_for(reader: Client) -> None:
    assert reader.post("/pathway/record/bring").status_code == 400


# --- what comes with a person's data ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"attempts": "many"},
        {"person": {"born": "0001-01-01"}},
        {"attempts": [{"programme": "usmle", "step": "step1", "date": "2020-01-01", "result": "fail"}] * (MOST_ROWS + 1)},
        {"person": {"school": {"name": "x" * MOST_BYTES}}},
        {"secret": 1},
    ],
    ids=range(5),
)
def test_a_record_of_a_persons_file_is_looked_at_before_it_is_taken(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        see_record(wrong)
    see_record(record_as_json(record_from_kept(LAHORE)))


# --- a transcript -----------------------------------------------------------------------------------------------------------


def transcript(*exams: tuple[str, str, str], born: str | None = None) -> str:
    listed = [{"examCode": code, "examDate": f"{day}T00:00:00", "passFailStatus": status} for code, day, status in exams]
    return json.dumps({"usmleId": "1", "exams": listed, **({"identity": {"birthDate": born}} if born else {})})


def test_attempts_of_a_transcript_are_added_and_what_differs_is_named(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    text = transcript(("STEP1", "2024-03-02", "Pass"), ("STEP1", "2024-08-20", "Pass"), ("STEP2CK", "2025-03-01", "Pass"))
    answer = bring(reader, text, name="transcript.JSON")
    told = answer.content.decode()
    assert answer.status_code == 200
    assert "1 attempt was added." in told
    assert "the record says fail and the transcript pass" in told
    attempts = [(one.step, one.date.isoformat(), one.result) for one in queries.record_of(user).attempts]
    assert attempts == [("step1", "2024-03-02", "fail"), ("step1", "2024-08-20", "pass"), ("step2ck", "2025-03-01", "pass")]


def test_nothing_is_taken_of_a_transcript_of_somebody_born_on_another_day(user: User, reader: Client) -> None:
    keep(user, {**LAHORE, "person": {**LAHORE["person"], "born": "1998-05-02"}})
    answer = bring(reader, transcript(("STEP2CK", "2025-03-01", "Pass"), born="1970-01-01"), name="t.json")
    assert answer.status_code == 400
    assert "is it the same person" in answer.content.decode()
    assert len(queries.record_of(user).attempts) == 2


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "{",
        "[]",
        '{"exams": 1}',
        '{"exams": []' + "[" * 9000,
        '{"exams": [{"examCode": "STEP1", "examDate": "soon"}]}',
        "NaN",
        "x" * 2**21,
    ],
    ids=range(8),
)
def test_a_hostile_transcript_is_refused_whole(user: User, reader: Client, hostile: str) -> None:
    answer = bring(reader, hostile, name="t.json")
    assert answer.status_code == 400
    assert not PathwayRecord.objects.exists()
