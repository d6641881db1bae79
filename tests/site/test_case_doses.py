"""Doses: offered where a case tells them apart, kept with the command, and shown with what runs."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from bedside.site.cases.models import CaseCommand
from tests.support.case_site import Candidate, new_candidate, write_case_content, write_dosed_content
from tests.support.site import Clock, get


@pytest.fixture(scope="session")
def dosed_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dosed_content(tmp_path_factory.mktemp("dosed") / "content")


@pytest.fixture(scope="session")
def plain_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case_content(tmp_path_factory.mktemp("plain") / "content")


@pytest.fixture
def dosed(client: Client, clock: Clock, dosed_content: Path, monkeypatch: pytest.MonkeyPatch) -> Candidate:
    monkeypatch.setattr(settings, "CONTENT", dosed_content)
    return new_candidate(client, clock)


@pytest.fixture
def plain(client: Client, clock: Clock, plain_content: Path, monkeypatch: pytest.MonkeyPatch) -> Candidate:
    monkeypatch.setattr(settings, "CONTENT", plain_content)
    return new_candidate(client, clock)


def doses_of(candidate: Candidate, text: str) -> list[list[str]]:
    pieces = get(candidate.client, f"{candidate.path}/orders?q={text}")["pieces"]
    return [piece["hits"][0]["doses"] for piece in pieces]


def test_drugs_and_fluids_have_doses_where_the_case_has_them(dosed: Candidate) -> None:
    assert doses_of(dosed, "kcl, normal saline, bmp") == [["low", "usual", "high"]] * 2 + [[]]


def test_nothing_has_doses_where_the_case_has_none(plain: Candidate) -> None:
    assert doses_of(plain, "kcl, normal saline, bmp") == [[], [], []]


def test_a_dose_is_kept_with_its_command_shown_and_counts(dosed: Candidate) -> None:
    dosed.order("insulin_regular_iv", dose="high")
    state = dosed.order("ns_iv")

    assert [(one["order"], one["dose"]) for one in state["orders"]] == [("insulin_regular_iv", "high"), ("ns_iv", "usual")]
    assert CaseCommand.objects.get(run_id=UUID(dosed.run), seq=1).command["dose"] == "high"


def test_a_dose_in_a_case_without_doses_is_the_usual_one(plain: Candidate) -> None:
    assert [one["dose"] for one in plain.order("insulin_regular_iv", dose="high")["orders"]] == ["usual"]
