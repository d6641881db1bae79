"""A draft is no candidate's: unless a setting says otherwise, only those who write and review see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from bedside.site.accounts.roles import Role
from bedside.site.content import current_content
from tests.support.items import imported_text, write_item
from tests.support.people import browser_of, person
from tests.support.site import Clock, new_player, post


@pytest.fixture
def _withheld(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DRAFTS", False)


@pytest.mark.usefixtures("_withheld")
def test_what_candidates_meet_has_no_drafts(own_content: Path, own_data: Path) -> None:
    content = current_content()

    assert not content.items
    assert content.n_withheld == len(content.whole.items) == 12
    assert content.about("renal-0001") is not None  # what was answered before it fell back is known still


def test_the_setting_is_obeyed_at_once(own_content: Path, own_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(current_content().items) == 12
    monkeypatch.setattr(settings, "DRAFTS", False)
    assert not current_content().items


@pytest.mark.usefixtures("_withheld")
def test_a_case_keeps_its_takeaway(own_content: Path, own_data: Path) -> None:
    (name,) = current_content().whole.items["renal-0001"].takeaways
    assert name not in current_content().bank.takeaways

    (own_content / "cases").mkdir()
    (own_content / "cases" / "one.yaml").write_text(f"takeaways: [{name}]\n", encoding="utf-8")
    write_item(own_content, "renal-0400")  # the content is read again

    assert name in current_content().bank.takeaways


@pytest.mark.django_db
@pytest.mark.usefixtures("_withheld")
def test_practice_gives_what_was_imported_and_no_draft(client: Client, clock: Clock, own_content: Path, own_data: Path) -> None:
    post(client, "/api/sittings", {"programme": "exam", "step": "first", "mode": "timed", "items": 4}, expect=409)

    root = own_data / "imported" / "mine"
    write_item(root, "mine-0001", imported_text({"id": "mine-0001"}))
    player = new_player(client, clock, filter={"collection": "mine"})
    assert [item["id"] for item in player.open_block()] == ["mine-0001"]


@pytest.mark.django_db
@pytest.mark.usefixtures("_withheld")
def test_the_bank_room_counts_drafts(clock: Clock, own_content: Path, own_data: Path) -> None:
    page = browser_of(person("alma", Role.AUTHOR)).get("/office/bank").content.decode()

    assert "12 drafts are withheld from candidates" in page
    assert "12 (draft 12)" in " ".join(page.split())
