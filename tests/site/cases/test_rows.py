"""The rows of a run: never changed, and all that the run is."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bedside.cases import digest_of
from bedside.errors import ConflictError
from bedside.site.accounts.models import User
from bedside.site.cases import replays
from bedside.site.cases.actions import Sent, do_commands, start_run
from bedside.site.cases.commands import command_as_json, command_from_json
from bedside.site.cases.models import CaseCommand, CaseRun
from tests.support.case_site import (
    CASE,
    HOUR_S,
    Candidate,
    replayed_by_core,
)
from tests.support.examples import examples
from tests.support.sittings import T0

COMMANDS = st.one_of(
    st.sampled_from(
        ["bmp", "vbg", "ns_iv", "kcl_iv", "insulin_regular_iv", "d10w_iv", "glargine_sq", "ecg_12", "telemetry"]
    ).flatmap(lambda order: st.sampled_from([{"do": "order", "order": order}, {"do": "cancel", "order": order}])),
    st.integers(0, 4 * HOUR_S).map(lambda seconds: {"do": "advance", "seconds": seconds}),
    st.sampled_from(
        [
            {"do": "advance_to_result"},
            {"do": "advance_until_called"},
            {"do": "history"},
            {"do": "exam", "part": "general"},
            {"do": "move", "to": "icu"},
            {"do": "move", "to": "home"},
        ]
    ),
)


@given(calls=st.lists(st.lists(COMMANDS, min_size=1, max_size=4), max_size=6), forgets=st.booleans())
@hypothesis_settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_run_is_always_its_rows_done_again(user: User, calls: list[list[dict[str, Any]]], forgets: bool) -> None:
    row = start_run(user, CASE, mode="practice", limit_minutes=None, seed=7, at=T0)
    seq = 0
    for call in calls:
        sent = [Sent(seq + n, command_from_json(told)) for n, told in enumerate(call, start=1)]
        done = do_commands(user, row.pk, sent, at=T0)
        again = do_commands(user, row.pk, [one for one in sent if one.seq <= done.acknowledged], at=T0)
        if forgets:
            replays._RUNS.values.clear()
        assert digest_of(again.run.history.emitted) == digest_of(done.run.history.emitted)
        assert digest_of(replayed_by_core(row).history.emitted) == digest_of(done.run.history.emitted)
        seq = done.acknowledged
    assert [one.seq for one in row.commands.order_by("seq")] == list(range(1, seq + 1))


@given(told=COMMANDS)
def test_commands_go_into_json_and_back(told: dict[str, Any]) -> None:
    command = command_from_json(told)

    assert command_from_json(command_as_json(command)) == command


def test_commands_are_never_changed(candidate: Candidate) -> None:
    candidate.advance(60)
    kept = CaseCommand.objects.get(run_id=UUID(candidate.run))

    with pytest.raises(ConflictError):
        kept.save()
    with pytest.raises(ConflictError):
        CaseCommand.objects.filter(run_id=UUID(candidate.run)).delete()


def test_a_run_of_another_catalogue_does_not_go_on(candidate: Candidate) -> None:
    CaseRun.objects.filter(pk=candidate.run).update(catalogue_digest="0" * 64)

    assert candidate.send(candidate.sent({"do": "history"}), expect=409)["code"] == "case_changed"


def test_the_case_is_played_as_it_was_when_it_was_begun(candidate: Candidate, case_content: Path) -> None:
    path = case_content / "cases" / f"{CASE}.yaml"
    text = path.read_text()
    try:
        path.write_text(text.replace("Brought in by her sister", "Carried in by her brother"))
        assert "sister" in candidate.state()["opening"]
    finally:
        path.write_text(text)
