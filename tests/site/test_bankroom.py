"""The office's pages about the bank: what it has, what to write next, and how far its reviews agree."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from bedside.site.accounts.models import RoleGrant, User
from bedside.site.accounts.roles import Role
from bedside.site.bankroom.counting import counted, own_bank, wait_for_linter
from bedside.site.content import OWN_COLLECTION, current_content
from tests.support.items import review, write_reviews
from tests.support.people import browser_of, person
from tests.support.site import Clock, Player

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(clock: Clock) -> Client:
    return browser_of(person("alma", Role.AUTHOR))


def words(client: Client, address: str, **query: str) -> str:
    page = client.get(address, query)
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode().partition("<h1>")[2]).split())


def disagree(folder: Path) -> str:
    """An item that one reader answered otherwise, and a checker found wrong before its text was changed."""
    item = next(item for item in current_content().items.values() if item.id == "renal-0001")
    blind = review(item, "blind", "reader-1") | {"answer": "A", "agrees": False, "finding": "B <b>is</b> wrong."}
    facts = review(item, "facts", "checker-1") | {"agrees": False, "hash": "0" * 64, "finding": "The dose.", "change": "10 mg"}
    write_reviews(folder, item.id, blind, facts)
    return item.id


def test_the_page_has_a_picture_of_the_cells_with_its_table(author: Client) -> None:
    page = author.get("/office/bank").content.decode()
    picture = page.partition("<svg")[2].partition("</svg>")[0]

    assert 'role="img"' in picture
    assert "<title" in picture
    assert "<desc" in picture
    text = words(author, "/office/bank")
    assert "Items by area and competency" in text
    assert "12 (draft 12)" in text
    assert "In all" in text  # of the table


def test_a_goal_raises_the_targets_and_says_what_to_write_next(author: Client) -> None:
    assert "for 12 items" in words(author, "/office/bank")
    text = words(author, "/office/bank", goal="400")
    assert "for 400 items" in text
    assert re.search(r"\d of \d+\.\d", text)
    for strange in ("-3", "1e9", "9" * 30, "x"):
        assert "for 12 items" in words(author, "/office/bank", goal=strange)


def test_the_linter_works_beside_the_page_and_its_findings_stand_there_when_it_has_ended(author: Client) -> None:
    author.get("/office/bank")
    wait_for_linter()
    found = counted(current_content(), on=date(2026, 11, 29))

    assert found.rules
    text = words(author, "/office/bank")
    assert "The linter is at work" not in text
    assert next(iter(found.rules)) in text


def test_disagreements_stand_on_the_page_of_reviews_with_what_became_of_them(author: Client, own_content: Path) -> None:
    name = disagree(own_content)

    text = words(author, "/office/bank/reviews")
    assert "Answered A; the key now is B. B &lt;b&gt;is&lt;/b&gt; wrong." in text
    assert "open: the text stands, and nothing was said since" in text
    assert "the text was changed" in text
    record = words(author, f"/office/bank/items/{name}")
    assert "A, did not agree with the key" in record
    assert "an earlier text" in record
    assert "Change (not read again): 10 mg" in record


def test_without_a_review_the_pages_say_so(author: Client) -> None:
    assert "None is on file." in words(author, "/office/bank/reviews")
    assert "No review is on file." in words(author, "/office/bank/items/renal-0001")
    assert author.get("/office/bank/items/renal-9999").status_code == 404


def test_reviews_are_shut_to_somebody_whose_proctored_sitting_is_under_way(clock: Clock, sitter: Player) -> None:
    ada = User.objects.get(username="ada")
    RoleGrant.objects.create(user=ada, role=Role.REVIEWER.value, given_at=clock.now())
    browser = browser_of(ada)

    assert browser.get("/office/bank").status_code == 200
    for address in ("/office/bank/reviews", "/office/bank/items/renal-0001"):
        assert browser.get(address).status_code == 409


def test_imported_collections_are_not_counted(own_content: Path) -> None:
    content = current_content()
    assert set(own_bank(content).collection_of.values()) == {OWN_COLLECTION}


def test_counting_twice_reads_nothing_anew(author: Client) -> None:
    content = current_content()
    wait_for_linter()
    first = counted(content, on=date(2026, 11, 29))
    wait_for_linter()
    again = counted(content, on=date(2026, 11, 29))
    assert counted(content, on=date(2026, 11, 29)) is again
    assert first.stats == again.stats
