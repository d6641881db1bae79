"""Registrations: who makes and begins a proctored sitting."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from bedside.delivery import EVENTS_FORMAT, instant_text
from bedside.errors import ConflictError
from bedside.site.accounts.models import User
from bedside.site.exam.merging import merge_file
from bedside.site.exam.models import Sitting
from bedside.site.registration.models import Registration
from bedside.site.registration.registering import withdraw
from tests.site.registration.desk import make, refused, sit, wish
from tests.support.people import browser_of
from tests.support.registering import (
    READY,
    day_after,
    enrol,
    know,
    require,
    write_three_steps,
)
from tests.support.site import Clock, get

pytestmark = pytest.mark.django_db

# --- making and beginning -----------------------------------------------------------------------------------------------


def test_who_is_registered_makes_and_begins_one_sitting_a_day_of_the_step(
    root: User, ada: User, program: Client, clock: Clock
) -> None:
    require(root)
    know(root, ada, **READY)
    enrol(root, ada)
    sit(make(program, clock))
    assert "one attempt" in refused(program)
    sit(make(program, clock, day=2))


def test_a_registration_admits_on_its_days_alone(root: User, ada: User, program: Client, clock: Clock) -> None:
    require(root)
    know(root, ada, **READY)
    enrol(root, ada, first=day_after(2), last=day_after(5))
    assert "holds from 2026-03-04 to 2026-03-07" in refused(program)
    clock.pass_s(2 * 86400)
    player = make(program, clock)
    clock.pass_s(4 * 86400)
    player.note("started")
    assert "holds from" in player.post(player.queue, expect=409)["detail"]
    assert Sitting.objects.get(pk=player.sitting).state == "created"


def test_a_sitting_that_was_made_before_is_not_begun_once_its_registration_is_gone(
    root: User, ada: User, program: Client, clock: Clock
) -> None:
    require(root)
    know(root, ada, **READY)
    made = enrol(root, ada)
    player = make(program, clock)
    withdraw(root, made.pk, at=clock.at, reason="asked for it")
    player.note("started")
    player.note("block_opened", block=1)
    assert "none that stands" in player.post(player.queue, expect=409)["detail"]
    assert get(program, f"{player.path}/blocks/1", expect=409)
    page = browser_of(ada).get(reverse("exam:sit", args=[player.sitting]))
    assert page.status_code == 409
    assert "none that stands" in page.content.decode()
    assert Sitting.objects.get(pk=player.sitting).state == "created"


def test_what_a_player_saved_begins_nothing_without_a_registration(
    registered: User, root: User, program: Client, clock: Clock
) -> None:
    player = make(program, clock)
    made = Registration.objects.get()
    withdraw(root, made.pk, at=clock.at, reason="asked for it")
    events = [{"seq": 1, "type": "started", "fields": {}, "elapsed_ms": 0, "sync": 0}]
    told = {
        "format": EVENTS_FORMAT,
        "sitting": player.sitting,
        "exported_at": instant_text(clock.at),
        "writers": [{"writer": player.writer, "events": events}],
    }
    with pytest.raises(ConflictError, match="none that stands"):
        merge_file(json.dumps(told).encode(), file="saved.json", at=clock.at)
    enrol(root, registered, at=clock.at)
    assert merge_file(json.dumps(told).encode(), file="saved.json", at=clock.at).n_new == 1


def test_under_a_registration_the_whole_day_is_sat_on_the_real_clock(
    root: User, ada: User, program: Client, clock: Clock
) -> None:
    require(root)
    know(root, ada, **READY)
    enrol(root, ada)
    assert "whole day" in refused(program, form="half")
    assert "whole day" in refused(program, clock="compressed")


def test_where_the_rules_do_not_load_nobody_is_registered_and_nobody_is_admitted(
    registered: User, program: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = User.objects.get(username="root")
    broken = write_three_steps(tmp_path / "content")
    rules = broken / "pathways" / "exam.yaml"
    text = rules.read_text(encoding="utf-8")
    monkeypatch.setattr(settings, "CONTENT", broken)
    for spoilt in (text.replace("requires: degree_held", "requires: degree_hold"), "rules: [", None):
        if spoilt is None:
            rules.unlink()
        else:
            rules.write_text(spoilt, encoding="utf-8")
        assert "rules do not load" in refused(program)
        with pytest.raises(ConflictError, match="rules do not load"):
            enrol(root, registered, "first")
    assert not Sitting.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_who_register_the_same_candidate_at_once_one_is_refused(root: User, ada: User) -> None:
    know(root, ada, **READY)

    def try_it(_: int) -> str:
        try:
            return enrol(root, ada).state
        except ConflictError as error:
            return str(error)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=4) as pool:
        said = sorted(pool.map(try_it, range(4)))
    assert said.count("standing") == 1
    assert sum("already" in one for one in said) == 3
    assert Registration.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_sittings_that_are_made_at_once_under_a_registration_one_is_refused(
    registered: User, program: Client, clock: Clock
) -> None:
    def try_it(_: int) -> int:
        try:
            answer = program.post("/api/sittings", json.dumps(wish("third")), content_type="application/json")
            return answer.status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=3) as pool:
        assert sorted(pool.map(try_it, range(3))) == [201, 409, 409]
