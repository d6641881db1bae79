"""The API against its own description: what it takes, what it answers, and never a failure of the server."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation.hypothesis.builder import HypothesisTestConfig, HypothesisTestMode, create_test
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from bedside.delivery import CLIENT_TYPES
from bedside.site.accounts.actions import create_token
from bedside.site.accounts.models import User
from bedside.site.wsgi import application
from tests.support.calls import taken_back
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
schema.config.phases.coverage.enabled = False  # to write the corners out takes seconds: the test that looks at them does it
operations = {found.ok().label: found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)}
on_a_sitting = schema.include(path_regex="sitting_id")


@pytest.fixture
def headers(user: User) -> dict[str, str]:
    # this client reads what comes as it is
    return {"Authorization": f"Bearer {create_token(user, at=T0).secret}", "Accept-Encoding": "identity"}


@pytest.fixture
def begun(client: Client, clock: Clock) -> tuple[Player, list[dict[str, Any]]]:
    """A sitting in its first block, and the items of that."""
    player = new_player(client, clock)
    return player, player.open_block()


@pytest.mark.django_db
@schema.parametrize()
@QUICK
def test_every_call_answers_as_it_is_described(case: Any, headers: dict[str, str]) -> None:
    case.call_and_validate(headers=headers, checks=CHECKS)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("label", operations)
def test_every_call_answers_as_it_is_described_at_each_corner_of_its_schema(label: str, headers: dict[str, str]) -> None:
    def call(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    corners = HypothesisTestConfig(schema.config, [HypothesisTestMode.COVERAGE], explicit_settings=QUICK)
    create_test(operation=operations[label], test_func=call, config=corners)()


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
