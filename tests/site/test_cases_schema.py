"""The calls on a case against their own description, for a run that is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from bedside.site.accounts.actions import create_token
from bedside.site.accounts.models import User
from bedside.site.wsgi import application
from tests.support.calls import taken_back
from tests.support.case_site import Candidate, new_candidate, write_case_content
from tests.support.examples import examples
from tests.support.site import Clock
from tests.support.sittings import T0

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
ORDERS = ("bmp", "ns_iv", "kcl_iv", "nothing")

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", application)
schema.config.phases.coverage.enabled = False


@pytest.fixture(scope="session")
def schema_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case_content(tmp_path_factory.mktemp("cases") / "content")


@pytest.fixture(autouse=True)
def content_dir(schema_content: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(django_settings, "CONTENT", schema_content)
    # Django looks after its connections around each request; a test's own, in its transaction, must stay as it is
    monkeypatch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda _: None)
    return schema_content


@pytest.fixture
def candidate(client: Client, clock: Clock) -> Candidate:
    return new_candidate(client, clock)


@pytest.mark.django_db
@schema.include(path_regex="cases/runs/{run_id}").parametrize()
@settings(max_examples=examples(25), derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_call_on_a_run_that_is_there_answers_as_it_is_described(case: Any, user: User, candidate: Candidate) -> None:
    case.path_parameters["run_id"] = candidate.run
    commands = case.body.get("commands") if isinstance(case.body, dict) else None
    for number, one in enumerate(commands if isinstance(commands, list) else [], start=1):
        if isinstance(one, dict) and isinstance(one.get("seq"), int):
            one["seq"] = number
            if isinstance(one.get("command"), dict) and isinstance(one["command"].get("order"), str):
                one["command"]["order"] = ORDERS[number % len(ORDERS)]
    with taken_back():
        headers = {"Authorization": f"Bearer {create_token(user, at=T0).secret}", "Accept-Encoding": "identity"}
        case.call_and_validate(headers=headers, checks=CHECKS)
