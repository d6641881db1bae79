"""What a case teaches comes into the study queue when its debrief is opened."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest
from django.conf import settings
from django.test import Client

from bedside.errors import StoreError
from bedside.site.accounts.models import User
from bedside.site.cases.models import CaseRun
from bedside.site.study.models import StudyReview
from bedside.site.study.taking_in import grade_of_case
from tests.support.case_scripts import commands_of
from tests.support.case_site import CASE, Candidate, new_candidate, write_case_content
from tests.support.people import browser_of, person, proctored_player
from tests.support.site import Clock

pytestmark = pytest.mark.django_db
TAKEAWAYS = ("renal.anion_gap", "renal.winter_formula")


def write_teaching_case(folder: Path) -> Path:
    """The worked example, which names two takeaways."""
    write_case_content(folder)
    path = folder / "cases" / f"{CASE}.yaml"
    text = path.read_text(encoding="utf-8")
    assert "\ndebrief:\n" in text
    path.write_text(text.replace("\ndebrief:\n", f"\ndebrief:\n  takeaways: [{', '.join(TAKEAWAYS)}]\n", 1), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def teaching_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_teaching_case(tmp_path_factory.mktemp("teaching") / "content")


@pytest.fixture(autouse=True)
def content_dir(teaching_content: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "CONTENT", teaching_content)
    return teaching_content


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser."""
    return browser_of(user)


@pytest.fixture
def late(client: Client, clock: Clock) -> Candidate:
    """The run `late` of the example, to its end."""
    return played(client, clock, "late")


def played(client: Client, clock: Clock, script: str) -> Candidate:
    candidate = new_candidate(client, clock)
    candidate.do(*commands_of(script))
    return candidate


def debrief(reader: Client, candidate: Candidate) -> str:
    return " ".join(reader.get(f"/cases/{candidate.run}/debrief").content.decode().split())


def test_the_takeaways_of_a_run_are_queued_once_when_its_debrief_is_opened(reader: Client, user: User, late: Candidate) -> None:
    assert not StudyReview.objects.exists()
    for _ in range(2):
        assert "2 takeaways are in your study queue." in debrief(reader, late)

    row = CaseRun.objects.get(pk=late.run)
    found = StudyReview.objects.filter(user=user).order_by("subject")
    assert [(one.subject, one.origin, one.shown, one.at) for one in found] == [
        (f"takeaway:{name}", "case", CASE, row.ended_at) for name in TAKEAWAYS
    ]
    assert {one.grade for one in found} == {grade_of_case(row.percent)}


def test_a_run_that_went_well_is_graded_better_and_each_run_counts(
    reader: Client, client: Client, clock: Clock, late: Candidate
) -> None:
    debrief(reader, late)
    clock.pass_s(3600)
    well = played(client, clock, "late")
    CaseRun.objects.filter(pk=well.run).update(percent=92.0)
    debrief(reader, well)

    by_time = list(
        StudyReview.objects.filter(subject=f"takeaway:{TAKEAWAYS[0]}").order_by("at").values_list("grade", flat=True)
    )
    assert len(by_time) == 2
    assert by_time[0] < by_time[1]


def test_the_debrief_of_another_queues_nothing(late: Candidate) -> None:
    assert browser_of(person("bob")).get(f"/cases/{late.run}/debrief").status_code == 404
    assert not StudyReview.objects.exists()


def test_a_sealed_debrief_queues_nothing(reader: Client, client: Client, clock: Clock, late: Candidate) -> None:
    proctored_player(client, clock, minutes=10).open_block()

    assert reader.get(f"/cases/{late.run}/debrief").status_code == 409
    assert not StudyReview.objects.exists()


def test_a_store_that_refuses_is_said_and_the_debrief_stands(reader: Client, late: Candidate) -> None:
    with patch("bedside.site.cases.debrief_views.take_in_case", side_effect=StoreError("full")):
        assert "The store refused to put these takeaways into your study queue." in debrief(reader, late)
    assert "2 takeaways are in your study queue." in debrief(reader, late)
