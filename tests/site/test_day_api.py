"""Whole and half days made through the API: what is kept of them, and what is answered where they can't be made."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bedside.delivery import Mode
from bedside.site.accounts.models import Profile, RoleGrant, User
from bedside.site.content import current_content
from bedside.site.exam.drawing import DayWish, day_of
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.models import SittingItem
from bedside.site.exam.stock import families_of
from tests.support.days import make_small_exam
from tests.support.site import Clock, Player, get, post, write_plain_item
from tests.support.sittings import T0

DAY = {"programme": "exam", "step": "first", "form": "full", "mode": "exam"}


@pytest.fixture
def small_exam(own_content: Path) -> Path:
    """The twelve items carry a day of four blocks of three items."""
    return make_small_exam(own_content)


@pytest.mark.usefixtures("small_exam")
def test_a_whole_day_is_made_with_its_clock_marks_and_outline(client: Client, clock: Clock) -> None:
    made = post(client, "/api/sittings", DAY, expect=201)
    row = SittingRow.objects.get(pk=made["id"])
    form = row.delivery_form()

    assert made["outline"]["form"] == "full"
    assert [block["items"] for block in made["outline"]["blocks"]] == [3, 3, 3, 3]
    assert [block["minutes"] for block in made["outline"]["blocks"]] == [10, 10, 10, 10]
    assert (form.break_s, form.tutorial_s, form.grace_s, form.mode) == (1200, 240, None, Mode.EXAM)
    assert (row.kind, row.clock, row.day, row.is_proctored, row.n_items) == ("full", "real", 1, False, 12)
    assert row.marking["one_best_answer"]["correct"] == "1"
    assert row.filter["outside"] == []
    assert SittingItem.objects.filter(sitting=row).values("block").distinct().count() == 4


@pytest.mark.usefixtures("small_exam")
def test_a_day_in_exam_mode_gives_no_explanation_before_its_end(client: Client, clock: Clock) -> None:
    made = post(client, "/api/sittings", DAY, expect=201)
    player = Player(client, clock, made["id"], made["writer"], synced_at=clock.at)
    items = player.open_block()

    told = player.do("answered", item=items[0]["id"], choice=["B"], ms=5)

    assert told["revealed"] == []
    assert get(client, f"{player.path}/report", expect=409)["code"] == "not_finished"


@pytest.mark.usefixtures("small_exam")
def test_a_compressed_half_is_made_with_its_pace(client: Client, clock: Clock) -> None:
    made = post(client, "/api/sittings", {**DAY, "form": "half", "clock": "compressed"}, expect=201)
    row = SittingRow.objects.get(pk=made["id"])

    assert (row.kind, row.clock, len(row.form["blocks"]), row.form["pace"]) == ("half", "compressed", 2, "10")
    assert row.form["blocks"][0]["limit_s"] == 60
    assert row.form["break_s"] == 60  # half of 20 minutes at ten times the pace


@pytest.mark.usefixtures("small_exam")
def test_a_rehearsal_has_the_person_s_own_accommodations(client: Client, clock: Clock, user: User) -> None:
    Profile.objects.create(user=user, time_factor="3/2", extra_break_minutes=15, stop_clock_minutes=10)

    made = post(client, "/api/sittings", DAY, expect=201)

    form = SittingRow.objects.get(pk=made["id"]).delivery_form()
    assert (form.time_factor, form.extra_break_s, form.stop_clock_s) == (Fraction(3, 2), 900, 600)
    assert made["outline"]["blocks"][0]["minutes"] == 15


@pytest.mark.usefixtures("small_exam")
def test_a_proctored_day_has_only_what_was_approved_and_a_grace(client: Client, clock: Clock, user: User) -> None:
    Profile.objects.create(user=user, time_factor="2")

    made = post(client, "/api/sittings", {**DAY, "proctored": True}, expect=201)

    row = SittingRow.objects.get(pk=made["id"])
    assert row.is_proctored
    assert (str(row.delivery_form().time_factor), row.delivery_form().grace_s) == ("1", 120)


@pytest.mark.usefixtures("small_exam")
def test_a_proctored_day_is_for_candidates_alone(client: Client, clock: Clock, user: User) -> None:
    RoleGrant.objects.filter(user=user, role="candidate").delete()

    assert post(client, "/api/sittings", {**DAY, "proctored": True}, expect=403)["code"] == "not_allowed"
    assert not SittingRow.objects.exists()


@pytest.mark.usefixtures("small_exam")
def test_a_second_half_repeats_nothing_that_was_begun(client: Client, clock: Clock) -> None:
    def items_of(made: dict[str, Any]) -> set[str]:
        return set(SittingItem.objects.filter(sitting_id=made["id"]).values_list("item", flat=True))

    first = post(client, "/api/sittings", {**DAY, "form": "half"}, expect=201)
    Player(client, clock, first["id"], first["writer"], synced_at=clock.at).open_block()

    second = post(client, "/api/sittings", {**DAY, "form": "half"}, expect=201)

    assert not items_of(first) & items_of(second)
    third = post(client, "/api/sittings", DAY, expect=201)
    assert SittingRow.objects.get(pk=third["id"]).filter["seen_before"] == 6


def test_a_bank_that_is_too_thin_says_what_is_missing(client: Client, clock: Clock) -> None:
    refused = post(client, "/api/sittings", DAY, expect=409)

    assert refused["code"] == "bank_too_thin"
    assert refused["missing"][0] | {"label": ""} == {
        "axis": "items",
        "code": "all",
        "label": "",
        "needed": 40,
        "there": 12,
        "kind": None,
        "section": None,
    }
    assert refused["offer"] is None  # not even one block of 20
    assert not SittingRow.objects.exists()


def test_the_longest_form_is_offered_and_made_where_it_is_accepted(client: Client, clock: Clock, small_exam: Path) -> None:
    for number in range(1, 4):
        (small_exam / "items" / "renal" / f"renal-{number:04d}.md").unlink()

    refused = post(client, "/api/sittings", DAY, expect=409)
    made = post(client, "/api/sittings", {**DAY, "accept_shorter": True}, expect=201)

    # one renal item is left, and carries 25% (1 of 3) of one block; of two it would need 2
    assert refused["offer"] == {"form": "block-list", "blocks": 1, "items": 3, "balanced": True}
    assert [one["axis"] for one in refused["missing"]] == ["items", "system"]
    assert len(made["outline"]["blocks"]) == 1
    assert (made["outline"]["asked"], made["outline"]["given"]) == (12, 3)


@pytest.mark.usefixtures("small_exam")
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"mode": "tutor"}, "exam"),
        ({"minutes": 20}, "minutes"),
        ({"items": 5}, "is published"),
        ({"day": 2}, "no day 2"),
        ({"filter": {"system": ["renal"]}}, "drawn to the blueprint"),
        ({"filter": {"state": "missed"}}, "drawn to the blueprint"),
        ({"filter": {"collection": "nowhere"}}, "no collection"),
        ({"step": "second"}, "no step"),
        ({"programme": "exma"}, "did you mean"),
        ({"form": "block", "mode": "timed", "clock": "compressed"}, "clock is for a whole or half day"),
        ({"form": "block", "mode": "timed", "proctored": True}, "proctored is for"),
        ({"form": "block", "mode": "timed", "day": 2}, "day is for"),
        ({"form": "block", "mode": "timed", "accept_shorter": True}, "accept_shorter is for"),
    ],
)
def test_what_does_not_go_together_is_refused_in_words(client: Client, clock: Clock, change: dict[str, Any], why: str) -> None:
    refused = post(client, "/api/sittings", {**DAY, **change}, expect=400)

    assert refused["code"] == "usage"
    assert why in refused["detail"]


@pytest.mark.usefixtures("small_exam", "db")
def test_the_day_of_a_wish_is_that_of_its_date() -> None:
    assert len(day_of(current_content(), DayWish("exam", "first"), at=T0).blocks) == 4


def test_members_of_a_model_and_items_with_one_stem_are_a_family(own_content: Path) -> None:
    write_plain_item(own_content, "renal-0091")
    content = current_content()

    families = families_of(content.items["renal-0091"])

    assert "takeaway renal.winter_formula" in families
    assert any(name.startswith("stem ") for name in families)
    member = replace(content.items["renal-0091"], id="anion-gap:7")
    assert "model anion-gap" in families_of(member)
