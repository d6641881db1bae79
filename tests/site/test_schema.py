"""The API against its own description: what it takes, what it answers, and never a failure of the server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import schemathesis
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from bedside.delivery import CLIENT_TYPES
from bedside.site.accounts.actions import create_token
from bedside.site.accounts.models import User
from bedside.site.exam.remembered import FOLDS
from bedside.site.wsgi import application
from tests.support.site import Clock, Player, new_player
from tests.support.sittings import T0

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
QUICK = settings(max_examples=10, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def _one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django looks after its connections around each request; a test's own, in its transaction, must stay as it is."""
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)


# read once, while the tests are collected; the description needs no database
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
chance_only = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
chance_only.config.phases.coverage.enabled = False  # the corners of each schema were looked at in the first test
on_a_sitting = chance_only.include(path_regex="sitting_id")


@pytest.fixture
def headers(user: User) -> dict[str, str]:
    # this client reads what comes as it is
    return {"Authorization": f"Bearer {create_token(user, at=T0).secret}", "Accept-Encoding": "identity"}


@pytest.fixture
def begun(client: Client, clock: Clock) -> tuple[Player, list[dict[str, Any]]]:
    """A sitting in its first block, and the items of that."""
    player = new_player(client, clock)
    return player, player.open_block()


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written in here is taken back at the end, so that each call meets the sitting as it was begun."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)
        FOLDS.forget()


@pytest.mark.django_db
@schema.parametrize()
@QUICK
def test_every_call_answers_as_it_is_described(case: Any, headers: dict[str, str]) -> None:
    case.call_and_validate(headers=headers, checks=CHECKS)


def call_on_a_sitting(case: Any, headers: dict[str, str], begun: tuple[Player, list[dict[str, Any]]]) -> None:
    """Make the call on a sitting that is there, with the next numbers and its own items where it sends events."""
    player, items = begun
    case.path_parameters["sitting_id"] = player.sitting
    if isinstance(case.body, dict) and "writer" in case.body:
        case.body["writer"] = player.writer
        events = case.body.get("events")
        for number, event in enumerate(events if isinstance(events, list) else [], start=3):
            if isinstance(event, dict) and isinstance(event.get("seq"), int):
                event["seq"] = number
                if isinstance(event.get("item"), str):
                    event["item"] = items[number % 4]["id"]
    with taken_back():
        case.call_and_validate(headers=headers, checks=[check for check in CHECKS if check is not negative_data_rejection])


@pytest.mark.django_db
@on_a_sitting.parametrize()
@QUICK
def test_every_call_on_a_sitting_that_is_there_answers_as_it_is_described(
    case: Any, headers: dict[str, str], begun: tuple[Player, list[dict[str, Any]]]
) -> None:
    call_on_a_sitting(case, headers, begun)


@pytest.mark.slow
@pytest.mark.django_db
@on_a_sitting.parametrize()
@settings(QUICK, max_examples=40)
def test_no_call_on_a_sitting_that_is_there_answers_otherwise_however_often_it_is_tried(
    case: Any, headers: dict[str, str], begun: tuple[Player, list[dict[str, Any]]]
) -> None:
    call_on_a_sitting(case, headers, begun)


def test_the_description_names_both_ways_to_sign_in_and_loads_nothing_from_elsewhere(client: Client) -> None:
    description = client.get("/api/openapi.json").json()
    assert set(description["components"]["securitySchemes"]) == {"BearerToken", "SiteSession"}
    assert client.get("/api/docs").status_code == 404


def test_the_events_of_the_description_are_those_of_the_core(client: Client) -> None:
    description = client.get("/api/openapi.json").json()
    events = description["components"]["schemas"]["EventsIn"]["properties"]["events"]["items"]
    of_cases = {"case_command", "case_closing"}  # which come by the calls on cases
    assert set(events["discriminator"]["mapping"]) == set(CLIENT_TYPES) - of_cases
