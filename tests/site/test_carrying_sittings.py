"""Sittings and cases in the file of a person: which go out, which are merged, and which stay a record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from bedside.errors import BedsideError, ConflictError, UsageError
from bedside.site.accounts.models import User
from bedside.site.carrying.archive import LeftOut
from bedside.site.carrying.bringing import Brought, import_person
from bedside.site.carrying.models import KeptSitting
from bedside.site.carrying.writing import Written, export_person
from bedside.site.cases.models import CaseCommand, CaseRun
from bedside.site.exam.models import Response
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.trusted import trusted_file
from bedside.site.problems import SealedError
from tests.support.case_site import CASE, EXPERT, Candidate, write_case_content
from tests.support.lives import members, repacked
from tests.support.people import proctored_player
from tests.support.places import Place
from tests.support.site import KEY, Clock, Player, get, post

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="each server of a test is a file of SQLite"),
]


def ada() -> User:
    return User.objects.get(username="ada")


def out(place: Place, folder: Path, **how: Any) -> tuple[Path, Written]:
    path = folder / f"{place.server.home.name}.zip"
    with place.server.at_work():
        return path, export_person(ada(), path, at=place.clock.now(), **how)


def back(place: Place, path: Path, **how: Any) -> Brought:
    with place.server.at_work():
        return import_person(ada(), path, at=place.clock.now(), **how)


def finish(place: Place, *, is_read: bool = True) -> None:
    """End the sitting, and open its report."""
    with place.server.at_work():
        place.player.do("finished")
        if is_read:
            get(place.client, f"{place.player.path}/report")


def test_a_sitting_comes_back_whole_and_again_changes_nothing(here: Place, there: Place, begun: Player, tmp_path: Path) -> None:
    finish(here)
    path, written = out(here, tmp_path)
    assert written.counts["sittings"] == 1
    brought = back(there, path)

    assert brought.counts["sittings"].n_new == 1
    assert here.result(begun.sitting)["fold"] == there.result(begun.sitting)["fold"]
    assert back(there, path).changes_nothing
    assert back(here, path).changes_nothing


def test_practice_that_is_under_way_is_gone_on_with_on_ones_own_other_computer(
    here: Place, there: Place, begun: Player, tmp_path: Path
) -> None:
    path, _ = out(here, tmp_path)
    back(there, path)
    there.take_over(begun.sitting)
    there.answer(here.items[1], "A")
    path, _ = out(there, tmp_path)
    back(here, path)

    assert here.result(begun.sitting)["fold"] == there.result(begun.sitting)["fold"]
    with here.server.at_work():
        assert Response.objects.filter(user=ada()).count() == 2


def test_the_receipt_goes_with_a_sitting_that_has_ended(here: Place, begun: Player, tmp_path: Path) -> None:
    finish(here)
    path, _ = out(here, tmp_path)

    told = json.loads(members(path)[f"receipts/{begun.sitting}.json"])
    assert (told["sitting"], told["n_answered"]) == (begun.sitting, 1)


def test_a_record_whose_file_is_gone_is_named_and_the_rest_goes(here: Place, clock: Clock, tmp_path: Path) -> None:
    with here.server.at_work():
        KeptSitting.objects.create(
            user=ada(), sitting=UUID(int=1), public_key="0" * 64, exported_at=clock.now(), sha256="0" * 64, n_bytes=1
        )
    _, written = out(here, tmp_path)

    assert [(one.what, "can't be read" in one.why) for one in written.left_out] == [(f"record of sitting {UUID(int=1)}", True)]


@pytest.fixture
def hosted() -> Iterator[None]:
    """A server that others use too."""
    with override_settings(IS_LOCAL=False):
        yield


@pytest.mark.usefixtures("hosted")
def test_keys_that_were_not_given_out_stay_on_the_server(here: Place, begun: Player, tmp_path: Path) -> None:
    for is_read, why in ((None, "has not ended"), (False, "open its report")):
        if is_read is not None:
            finish(here, is_read=is_read)
        path, written = out(here, tmp_path)
        assert [(one.what, why in one.why) for one in written.left_out] == [(f"sitting {begun.sitting}", True)]
        assert not any(name.startswith("sittings/") for name in members(path))

    path, _ = out(here, tmp_path, with_keys=True)
    assert f"sittings/{begun.sitting}.json" in members(path)


@pytest.mark.usefixtures("hosted")
def test_a_sitting_of_a_server_that_is_not_trusted_stays_a_record_until_it_is(
    here: Place, there: Place, begun: Player, tmp_path: Path
) -> None:
    finish(here)
    path, _ = out(here, tmp_path)
    brought = back(there, path)

    assert [one.what for one in brought.left_out] == [f"sitting {begun.sitting}"]
    assert "does not trust; it stays a record" in brought.left_out[0].why
    with there.server.at_work():
        assert not SittingRow.objects.exists()
        record = KeptSitting.objects.get()
        assert record.facts["n_items"] == 4
    assert back(there, path).changes_nothing

    again, written = out(there, tmp_path)
    assert members(again)[f"sittings/{begun.sitting}.json"] == members(path)[f"sittings/{begun.sitting}.json"]
    assert written.counts["sittings"] == 1

    with there.server.at_work():
        trusted_file().write_text(record.public_key)
    assert back(there, again).counts["sittings"].n_new == 1
    with there.server.at_work():
        assert not KeptSitting.objects.exists()
        assert SittingRow.objects.get().state == "finished"


def test_a_proctored_sitting_of_another_server_stays_a_record_on_ones_own_computer_too(
    here: Place, there: Place, clock: Clock, tmp_path: Path
) -> None:
    with here.server.at_work():
        player = proctored_player(here.client, clock)
        player.open_block()
        player.do("finished")
        get(here.client, f"{player.path}/report")
    path, _ = out(here, tmp_path)
    brought = back(there, path)

    assert brought.counts["records"].n_new == 1
    assert brought.left_out[0].why.startswith("a proctored sitting of another server")
    assert back(there, path, from_keys=[_key_of(path, player.sitting)]).counts["sittings"].n_new == 1


def _key_of(path: Path, sitting: str) -> str:
    return str(json.loads(members(path)[f"sittings/{sitting}.json"])["public_key"])


def test_nothing_goes_out_or_comes_while_a_proctored_sitting_is_under_way(here: Place, clock: Clock, tmp_path: Path) -> None:
    path, _ = out(here, tmp_path)
    with here.server.at_work():
        player = proctored_player(here.client, clock)
        player.open_block()

    with pytest.raises(SealedError):
        out(here, tmp_path)
    with pytest.raises(SealedError):
        back(here, path)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda told: told | {"signature": "0" * 128}, "signature does not fit"),
        (lambda told: {"format": "x"}, "sitting"),
        (lambda told: told["sitting"].update(is_proctored=False, n_asked=3) or told, "signature does not fit"),
    ],
)
@pytest.mark.usefixtures("begun")
def test_a_sitting_that_was_changed_has_the_whole_file_refused(
    here: Place, there: Place, tmp_path: Path, change: Any, named: str
) -> None:
    path, _ = out(here, tmp_path)
    name = f"sittings/{here.player.sitting}.json"
    told = json.loads(members(path)[name])
    packed = json.dumps(change(told)).encode()

    with pytest.raises(BedsideError, match=f"{name}.*{named}"):
        back(there, repacked(path, {name: packed}))
    with there.server.at_work():
        assert not SittingRow.objects.exists()


def test_a_sitting_under_another_name_is_refused(here: Place, there: Place, begun: Player, tmp_path: Path) -> None:
    path, _ = out(here, tmp_path)
    packed = members(path)[f"sittings/{begun.sitting}.json"]
    other = f"sittings/{'0' * 8}-0000-4000-8000-{'0' * 12}.json"
    with pytest.raises(UsageError, match="it holds sitting"):
        back(there, repacked(path, {f"sittings/{begun.sitting}.json": None, other: packed}))


def test_sittings_of_one_file_come_all_or_none(here: Place, there: Place, begun: Player, tmp_path: Path) -> None:
    """The first is merged, the second can't be: of the first nothing is left."""
    with here.server.at_work():
        here.clock.pass_s(3600)
    second = here.begin()
    path, _ = out(here, tmp_path)
    back(there, path)
    with there.server.at_work():  # another key than there was
        SittingRow.objects.filter(pk=second.sitting).update(salt="1" * 64)
        SittingRow.objects.get(pk=begun.sitting)
    before = there.everything()
    here.answer(here.items[0], KEY)
    path, _ = out(here, tmp_path)
    with pytest.raises(ConflictError, match='with another "salt"'):
        back(there, path)

    assert there.everything() == before


# --- cases ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def cases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_case_content(tmp_path / "with-cases")
    monkeypatch.setattr(settings, "CONTENT", folder)
    return folder


def play(place: Place, *commands: dict[str, Any]) -> Candidate:
    with place.server.at_work():
        begun = post(place.client, "/api/cases/runs", {"case": CASE, "mode": "practice"}, expect=201)
        candidate = Candidate(place.client, place.clock, begun["id"])
        candidate.do(*commands)
    return candidate


@pytest.mark.usefixtures("cases")
def test_a_case_that_is_played_goes_on_on_the_other_machine(here: Place, there: Place, tmp_path: Path) -> None:
    candidate = play(here, *EXPERT[:4])
    path, _ = out(here, tmp_path)
    back(there, path)
    with there.server.at_work():
        candidate.client = there.client
        candidate.do({"do": "end", "diagnosis": "ketoacidosis"})
        there.clock.pass_s(60)
    path, _ = out(there, tmp_path)
    brought = back(here, path)

    assert (brought.counts["case_runs"].n_changed, brought.counts["case_commands"].n_new) == (1, 1)
    found = []
    for place in (here, there):
        with place.server.at_work():
            row = CaseRun.objects.get()
            found.append((row.end_reason, row.percent, row.diagnosis, row.commands.count()))
    assert found[0] == found[1]
    assert found[0][3] == 5


@pytest.mark.usefixtures("cases")
def test_two_that_went_on_differently_with_one_run_are_not_mixed(here: Place, there: Place, tmp_path: Path) -> None:
    candidate = play(here, EXPERT[0])
    path, _ = out(here, tmp_path)
    back(there, path)
    with there.server.at_work():
        other = Candidate(there.client, there.clock, candidate.run, seq=1)
        other.order("telemetry")
    with here.server.at_work():
        candidate.order("vbg")
    path, _ = out(there, tmp_path)

    with pytest.raises(ConflictError, match=f"{candidate.run} 2 is here with another command"):
        back(here, path)


@pytest.mark.usefixtures("cases", "hosted")
def test_a_server_that_others_use_takes_no_case_that_it_does_not_have(here: Place, there: Place, tmp_path: Path) -> None:
    candidate = play(here, EXPERT[0], {"do": "end"})
    with here.server.at_work():
        CaseRun.objects.update(case_text="another: text\n")
    path, _ = out(here, tmp_path)
    brought = back(there, path)

    why = "this server does not have its case in that form"
    assert brought.left_out == [LeftOut(what=f"run {candidate.run} of a case", why=why)]
    assert (brought.counts["case_runs"].n_left_out, brought.counts["case_commands"].n_left_out) == (1, 2)
    with there.server.at_work():
        assert not CaseRun.objects.exists()


@pytest.mark.usefixtures("cases", "hosted")
def test_a_case_that_has_not_ended_stays_where_others_use_the_server(here: Place, tmp_path: Path) -> None:
    candidate = play(here, EXPERT[0])
    path, written = out(here, tmp_path)

    assert [one.what for one in written.left_out] == [f"run {candidate.run} of a case"]
    assert members(path)["rows/case_commands.jsonl"] == b""


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(
    ("command", "named"),
    [
        ({"do": "sleep"}, "no command"),
        ({"do": "advance", "seconds": "9"}, "seconds"),
        ({"do": "advance", "seconds": 10**12}, "from 0 to"),
        ({"do": "order", "order": ["x"]}, "order"),
        ({"do": "order", "order": "x", "more": 1}, "more"),
    ],
)
def test_commands_that_the_engine_does_not_know_are_refused(
    here: Place, there: Place, tmp_path: Path, command: dict[str, Any], named: str
) -> None:
    play(here, EXPERT[0])
    path, _ = out(here, tmp_path)
    row = json.loads(members(path)["rows/case_commands.jsonl"])
    text = json.dumps({**row, "command": command}).encode() + b"\n"

    with pytest.raises(UsageError, match=f'rows/case_commands.jsonl, line 1, field "command".*{named}'):
        back(there, repacked(path, {"rows/case_commands.jsonl": text}))


@pytest.mark.usefixtures("cases")
def test_a_run_that_lacks_a_command_is_refused(here: Place, there: Place, tmp_path: Path) -> None:
    play(here, *EXPERT[:3])
    path, _ = out(here, tmp_path)
    rows = members(path)["rows/case_commands.jsonl"].splitlines(keepends=True)
    with pytest.raises(UsageError, match="lacks a command"):
        back(there, repacked(path, {"rows/case_commands.jsonl": rows[0] + rows[2]}))

    with there.server.at_work():
        assert not CaseCommand.objects.exists()


@pytest.mark.usefixtures("cases")
def test_a_run_that_went_on_from_a_moment_of_another_comes_with_it(here: Place, there: Place, tmp_path: Path) -> None:
    candidate = play(here, *EXPERT[:3])
    with here.server.at_work():
        here.clock.pass_s(timedelta(minutes=1).total_seconds())
        post(here.client, f"/api/cases/runs/{candidate.run}/fork", {"after": 2}, expect=201)
    path, _ = out(here, tmp_path)
    back(there, path)

    with there.server.at_work():
        assert str(CaseRun.objects.get(parent__isnull=False).parent_id) == candidate.run
