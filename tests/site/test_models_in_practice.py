"""Question models in the site: a person gets members, each once; what comes after an answer knows them as it knows items."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from bedside.bank import base_id, make_member
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.exam.export import csv_text, response_table, with_models
from bedside.site.exam.members import entries_of_step, members_met, shown_items
from bedside.site.exam.models import SittingItem
from bedside.site.exam.stock import items_of_step
from bedside.site.planning.blocks import block_of_due, block_of_session
from bedside.site.planning.sessions import keep_day
from bedside.site.practice.pool import history_of, outline
from bedside.site.reflection.models import ItemReport
from bedside.site.study.parts import take_in
from bedside.site.study.queries import due_today
from bedside.study import Means
from tests.support.items import write_takeaways
from tests.support.models import model_text, write_model
from tests.support.people import browser_of
from tests.support.site import Clock, Player, get, new_player, post

pytestmark = pytest.mark.django_db

MODEL = "renal-m001"
GAP = "renal.anion_gap"
RENAL = {"axes": {"system": ["renal"]}}


@pytest.fixture(autouse=True)
def model(own_content: Path) -> Path:
    """A model beside the four items of its area; it alone asks its takeaway."""
    return write_model(own_content, text=model_text(takeaways=f"[{GAP}]"))


def _members(player: Player) -> list[dict[str, Any]]:
    return [item for item in player.open_block() if base_id(item["id"]) != item["id"]]


def _key(item_id: str) -> str:
    found = current_content().item(item_id)
    assert found is not None
    return found.shown_key


def _wrong(item_id: str) -> str:
    return next(letter for letter in "ABCD" if letter != _key(item_id))


def _answered(client: Client, clock: Clock, *, right: bool, filter_: dict[str, Any] | None = None) -> tuple[Player, str]:
    """A tutor block in which the member was answered."""
    player = new_player(client, clock, mode="tutor", items=5, filter=filter_ or RENAL)
    (member,) = _members(player)
    clock.pass_s(30)
    player.do("answered", item=member["id"], choice=[_key(member["id"]) if right else _wrong(member["id"])], ms=20_000)
    return player, member["id"]


def test_a_block_holds_a_member_as_it_holds_an_item_and_no_key_with_it(client: Client, clock: Clock) -> None:
    player = new_player(client, clock, items=5, filter=RENAL)
    (member,) = _members(player)

    made = make_member(current_content().bank.models[MODEL], int(member["id"].partition(":")[2])).item
    assert "year-old" in member["stem_html"]
    assert made.stem.split("\n")[0] in member["stem_html"]
    assert [option["letter"] for option in member["options"]] == ["A", "B", "C", "D"]
    assert "explanation" not in str(member)


def test_a_person_meets_a_member_once_and_another_may_meet_it_too(client: Client, clock: Clock, user: User) -> None:
    met = [_members(new_player(client, clock, items=5, filter=RENAL))[0]["id"] for _ in range(6)]

    assert len(set(met)) == 6
    assert members_met(user) == set(met)
    seeds = {int(name.partition(":")[2]) for name in met}
    assert max(seeds) <= 500  # `bedside bank model check` judged these


def test_when_all_judged_seeds_are_met_others_come() -> None:
    content = current_content()
    met = {f"{MODEL}:{seed}" for seed in range(1, 501)}

    assert [item.id for item in shown_items(content, [MODEL], met=met, seed=3)] == [f"{MODEL}:501"]
    assert shown_items(content, ["renal-m009"], met=(), seed=3) == []


def test_a_model_that_makes_no_member_is_left_out_of_a_block(client: Client, clock: Clock, model: Path) -> None:
    model.write_text(model_text(takeaways=f"[{GAP}]", require="\n  - age > 100"), encoding="utf-8")

    assert len(new_player(client, clock, items=5, filter=RENAL).open_block()) == 4


def test_the_practice_page_counts_a_model_as_one(client: Client, clock: Clock, user: User) -> None:
    counted = outline(current_content(), programme="exam", step="first", collection=None, history=history_of(user))

    assert (counted.n, counted.by_state["unused"], counted.by_axis["system"]["renal"]) == (13, 13, 5)
    assert len(entries_of_step(current_content(), "exam", "first", None)) == 13
    _answered(client, clock, right=True)
    assert len(new_player(client, clock, items=13).open_block()) == 13


def test_models_come_by_their_state_with_a_fresh_member(client: Client, clock: Clock, user: User) -> None:
    _, first = _answered(client, clock, right=False)
    assert MODEL in history_of(user).missed

    _, second = _answered(client, clock, right=True, filter_={"state": "missed"})
    assert base_id(second) == MODEL
    assert second != first
    assert MODEL not in history_of(user).missed
    body = {"programme": "exam", "step": "first", "mode": "timed", "filter": {"state": "missed"}}
    assert post(client, "/api/sittings", body, expect=409)["code"] == "no_items"


def test_the_explanation_the_report_and_the_reading_of_it_show_the_numbers_of_the_member(
    client: Client, clock: Clock, user: User
) -> None:
    player, member = _answered(client, clock, right=False)
    made = current_content().item(member)
    assert made is not None
    reason = next(option.explanation for option in made.options if option.is_key)

    player.do("finished")
    items = get(client, f"{player.path}/report")["items"]
    assert [item["id"] for item in items if base_id(item["id"]) == MODEL] == [member]
    page = browser_of(user).get(f"/report/{player.sitting}").content.decode()
    assert reason in page
    assert made.stem.split("\n")[-1] in page


def test_what_was_seen_stays_when_the_model_changes_or_goes(client: Client, clock: Clock, model: Path, user: User) -> None:
    player, member = _answered(client, clock, right=False)
    player.do("finished")
    before = get(client, f"{player.path}/report")
    model.write_text(model_text(takeaways=f"[{GAP}]", version="2", lead_in="Which is nearest to the PaCO2?"), encoding="utf-8")
    clock.pass_s(10)
    assert get(client, f"{player.path}/report") == before

    model.unlink()
    clock.pass_s(10)
    assert get(client, f"{player.path}/report") == before
    assert current_content().item(member) is None
    take_in(user, current_content(), at=clock.now())


def test_an_answer_to_a_member_brings_its_takeaway_into_the_queue_and_another_member_tests_it(
    client: Client, clock: Clock, user: User
) -> None:
    _, first = _answered(client, clock, right=False)
    take_in(user, current_content(), at=clock.now())
    clock.at += timedelta(days=3)

    due = due_today(user, current_content(), at=clock.now())
    one = next(one for one in due.ones if one.takeaway.id == GAP)
    assert (one.showing.means, one.showing.name, one.minutes) == (Means.MODEL, MODEL, 2.5)
    assert MODEL in due.items
    issued = block_of_due(user, current_content(), seed=1, at=clock.now())
    (member,) = [row.item for row in issued.sitting.items.all() if base_id(row.item) == MODEL]
    assert member != first


def test_the_session_of_a_day_asks_a_takeaway_that_only_a_model_has(clock: Clock, user: User, client: Client) -> None:
    new_player(client, clock)  # so that the step is known
    day = keep_day(user, current_content(), at=clock.now(), minutes=60)
    assert MODEL in [one.piece.item for one in day.pieces]

    issued = block_of_session(user, current_content(), day, seed=1, at=clock.now())
    assert MODEL in {base_id(row.item) for row in issued.sitting.items.all()}
    for path in ("/practice", "/study", "/plan"):
        assert browser_of(user).get(path).status_code == 200, path


def test_the_table_of_answers_names_the_model_beside_the_member(client: Client, clock: Clock, user: User) -> None:
    player, member = _answered(client, clock, right=True)
    other = next(row.item for row in _rows_of(player) if base_id(row.item) == row.item)
    player.do("answered", item=other, choice=["B"], ms=5)

    rows = {row["item"]: row for row in csv.DictReader(io.StringIO(csv_text(response_table(user))))}
    assert (rows[member]["model"], rows[member]["correct"], rows[other]["model"]) == (MODEL, "1", "")


def test_a_member_can_be_reported_noted_and_reflected_on(client: Client, clock: Clock, user: User) -> None:
    player, member = _answered(client, clock, right=False)
    player.do("finished")
    get(client, f"{player.path}/report")
    reader = browser_of(user)
    position = next(row.position for row in _rows_of(player) if row.item == member)
    path = f"/report/{player.sitting}/items/{position}"

    error = {"id": str(uuid4()), "part": "explanation", "text": "The 8 is missing."}
    assert reader.post(f"{path}/error", error).status_code == 302
    assert ItemReport.objects.get().item == member
    reason = {"id": str(uuid4()), "reason": "misread"}
    assert reader.post(f"{path}/reason", reason).status_code == 302
    assert reader.post("/notes/keep", {"item": member, "text": "Add 8.", "back": "/notes"}).status_code == 302
    for page in ("/notes", "/confusions", "/progress", f"/report/{player.sitting}"):
        assert reader.get(page).status_code == 200, page


def _rows_of(player: Player) -> list[Any]:
    return list(SittingItem.objects.filter(sitting_id=player.sitting))


def test_whole_forms_are_made_of_items(client: Client, clock: Clock, own_content: Path) -> None:
    write_takeaways(own_content)
    assert MODEL not in {item.id for item in items_of_step(current_content(), "exam", "first", None)}


def test_a_table_by_models_has_the_first_answer_of_each_person(client: Client, clock: Clock, user: User) -> None:
    _, first = _answered(client, clock, right=False)
    clock.pass_s(60)
    _answered(client, clock, right=True)

    rows = [row for row in with_models(response_table(user)).rows if row["model"]]
    assert len([row for row in response_table(user).rows if row["model"]]) == 2
    assert [(row["item"], row["correct"]) for row in rows] == [(MODEL, 0)]
    assert base_id(first) == MODEL


def _library(reader: Client, **query: str) -> str:
    answer = reader.get("/library", {"kind": "model", **query})
    assert answer.status_code == 200
    return answer.content.decode().partition('id="results"')[2]


def test_the_library_has_a_model_as_one_thing_and_begins_a_member_of_it(client: Client, clock: Clock, user: User) -> None:
    reader = browser_of(user)
    text = _library(reader)
    assert "question model" in text
    assert text.count('name="item"') == 1
    assert "year-old" not in text

    for _ in range(2):
        answer = reader.post("/library/practise", {"item": MODEL, "step": "exam/first"})
        assert answer.status_code == 302
    begun = SittingItem.objects.values_list("item", flat=True)
    assert {base_id(name) for name in begun} == {MODEL}
    assert len(set(begun)) == 2


def test_the_library_says_how_many_members_were_answered_and_leads_to_the_last(
    client: Client, clock: Clock, user: User
) -> None:
    reader = browser_of(user)
    assert "not met yet" in _library(reader)
    assert _library(reader, met="yes").count('name="item"') == 0

    player, member = _answered(client, clock, right=True)
    player.do("finished")

    text = _library(reader, met="yes")
    assert "1 of its questions answered" in text
    assert f"/report/{player.sitting}" in text
    assert reader.get(f"/library/about/{member}")["Location"].endswith("system=renal")
