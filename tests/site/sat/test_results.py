"""What comes of a sitting's cases: the report, the debriefs, and what leaves the server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from bedside.cli import run
from bedside.delivery import read_bundle, read_keys, rescore
from bedside.site.cases.models import CaseRun
from bedside.site.cases.sat_again import ScoreAgain
from bedside.site.exam.bundles import make_bundle
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.models import Sitting, SittingEvent
from bedside.site.exam.stick import export_sitting
from bedside.site.library.delivered import delivered_from_text
from tests.support.case_site import CASE
from tests.support.sat_day import (
    END,
    Day,
    events,
    finish,
    in_case,
    play_both,
)
from tests.support.site import Clock, get, new_player, post

pytestmark = pytest.mark.django_db


def test_the_report_has_the_cases_as_a_part_of_their_own(day: Day) -> None:
    play_both(day)
    report = get(day.client, f"{day.player.path}/report")

    cases = report["cases"]
    first, second = cases["cases"]
    assert (cases["n"], cases["n_begun"], cases["is_reliable"]) == (2, 2, False)
    assert first["percent"] > second["percent"] >= 0
    assert cases["mean"]["percent"] == pytest.approx((first["percent"] + second["percent"]) / 2, abs=0.06)
    assert (cases["mean"]["low"], cases["mean"]["high"]) == (second["percent"], first["percent"])
    assert any("unreliable" in text for text in cases["said"])
    assert (report["n_items"], report["score"]["n"]) == (4, 4)
    page = day.client.get(f"/report/{day.sitting}").content.decode()
    assert f'href="/cases/{first["run"]}/debrief"' in page
    assert day.client.get(f"/report/{day.sitting}.pdf").content.startswith(b"%PDF")


def test_the_debrief_opens_with_the_report_and_a_fork_then_is_practice(day: Day) -> None:
    play_both(day)
    run = get(day.client, f"{day.player.path}/report")["cases"]["cases"][0]["run"]

    assert day.client.get(f"/cases/{run}/debrief").status_code == 200
    made = post(day.client, f"/api/cases/runs/{run}/fork", {"after": 2}, expect=201)["id"]
    assert get(day.client, f"/api/cases/runs/{made}")["last_seq"] == 2
    assert CaseRun.objects.get(pk=made).sitting is None


def test_a_case_that_was_not_begun_counts_nothing_and_is_named(day: Day) -> None:
    in_case(day).do(END)
    cases = finish(day)["cases"]

    assert [one["title"] for one in cases["cases"]][1] == "not begun"
    assert cases["mean"]["low"] == 0
    assert any("Not begun" in text for text in cases["said"])


def test_verifying_finds_an_altered_command_an_altered_text_and_an_altered_score(day: Day) -> None:
    play_both(day)
    get(day.client, f"{day.player.path}/report")
    sitting = Sitting.objects.get(pk=day.sitting)
    assert verify_sitting(sitting).problems == ()

    event = events(day, "case_command")[0]
    body = {**event.body, "command": {**event.body["command"], "order": "ecg_12"}}
    SittingEvent.objects.filter(pk=event.pk).update(body=body)
    assert any("is not what arrived" in problem for problem in verify_sitting(sitting).problems)
    SittingEvent.objects.filter(pk=event.pk).update(body=event.body)
    CaseRun.objects.filter(sitting=sitting, block=2).update(percent=99.0)
    assert verify_sitting(sitting).problems == (f"the score of case {CASE} is not what the log says",)


def test_a_bundle_gives_the_same_scores_elsewhere_and_holds_the_rubric_back_where_asked(
    day: Day, own_data: Path, content_dir: Path
) -> None:
    play_both(day)
    at = day.clock.at
    whole = make_bundle(UUID(day.sitting), at=at)
    bundle, _ = read_bundle(whole.packed, file="b")
    again = ScoreAgain(content_dir)

    found = rescore(bundle, key_of_text=_key, score_case=again)
    assert found.problems == ()
    assert any("2 of 2 cases played again" in check.what for check in found.checks)
    forged = replace(bundle, cases=(replace(bundle.cases[0], percent="99"), bundle.cases[1]))
    assert any("played again comes to" in problem for problem in rescore(forged, key_of_text=_key, score_case=again).problems)

    held = make_bundle(UUID(day.sitting), at=at, redact_keys=True)
    assert b"h_insulin_low_k" in whole.packed
    assert b"h_insulin_low_k" not in held.packed
    assert held.keys is not None
    redacted, _ = read_bundle(held.packed, file="b")
    keys = read_keys(held.keys, file="k")
    found = rescore(redacted, keys, key_of_text=_key, score_case=again)
    assert found.problems == ()
    assert any("2 of 2 cases played again" in check.what for check in found.checks)


def _key(text: str) -> str:
    return delivered_from_text(text).scoring_key.as_text()


def test_a_file_of_a_sitting_without_cases_says_nothing_of_cases(
    day: Day, client: Client, clock: Clock, own_data: Path
) -> None:
    plain = new_player(client, clock)
    plain.open_block()
    plain.do("finished")
    get(client, f"{plain.path}/report")

    assert b"case_texts" not in export_sitting(UUID(plain.sitting), at=clock.at)
    assert b'"cases"' not in make_bundle(UUID(plain.sitting), at=clock.at).packed


def test_the_command_line_plays_the_cases_of_a_bundle_again(
    day: Day, own_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    play_both(day)
    file = own_data / "bundle.json"
    file.write_bytes(make_bundle(UUID(day.sitting), at=day.clock.at).packed)
    monkeypatch.setenv("BEDSIDE_CONTENT", str(settings.CONTENT))

    assert run(["sitting", "rescore", str(file)]) == 0
    assert "the cases: 2 of 2 cases played again from the log" in capsys.readouterr().out
