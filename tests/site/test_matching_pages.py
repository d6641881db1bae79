"""The pages of the Match: the chance beside what was published, and a rank list tried in a small market."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from bedside.site.accounts.models import User
from bedside.site.matching import queries
from tests.support.people import browser_of

pytestmark = pytest.mark.django_db
REAL = Path(__file__).parents[2] / "content" / "match"
ASKED = {"specialty": "family_medicine", "kind": "non_us_img", "ranks": "8", "score": "240"}


@pytest.fixture
def reader(user: User, own_content: Path) -> Client:
    """The candidate in a browser, with the figures of the Match in the content."""
    shutil.copytree(REAL, own_content / "match")
    return browser_of(user)


def page(reader: Client, address: str = "/pathway/match", **asked: str) -> str:
    response = reader.get(f"{address}?{urlencode(asked)}" if asked else address)
    assert response.status_code == 200
    return response.content.decode()


def test_nobody_sees_the_pages_without_signing_in(own_content, client):
    assert client.get("/pathway/match").status_code in {302, 403}
    assert client.get("/pathway/match/try").status_code in {302, 403}


def test_the_chance_stands_beside_what_was_published(reader):
    text = page(reader, **ASKED)

    assert "Family Medicine with 8 programmes on the list" in text
    assert "599 of 1112 non-US IMGs" in text
    assert "is no promise" in text
    assert 'id="table-ranks"' in text


def test_the_first_look_asks_and_shows_the_fit(reader):
    text = page(reader)

    assert "Choose a specialty" in text
    assert "Within sampling error" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"specialty": "thoracic_surgery_integrated"}, "That is too few"),
        ({"kind": "us_md_senior"}, "93.5% of 20,934 matched in 2026"),
    ],
)
def test_what_the_facts_do_not_carry_is_said_and_what_is_known_instead(reader, changes, said):
    text = page(reader, **{**ASKED, **changes})

    assert said in text
    assert 'id="table-ranks"' not in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ranks": "80"}, "from 1 to 20"),
        ({"score": "9"}, "below 200"),
        ({"score": "words"}, "or leave it out"),
        ({"specialty": "magic"}, "Choose a specialty"),
        ({"kind": ""}, "Choose who applies"),
    ],
)
def test_a_wrong_field_says_what_to_write(reader, changes, said):
    response = reader.get(f"/pathway/match?{urlencode({**ASKED, **changes})}")

    assert response.status_code == 400
    assert said in response.content.decode()


def test_the_record_fills_in_specialty_and_kind(reader, monkeypatch):
    monkeypatch.setattr("bedside.site.matching.views.wishes_of", lambda _user: ("psychiatry", "non_us_img"))

    assert "Psychiatry with 8 programmes on the list" in page(reader)


def test_content_without_the_figures_says_so(user, own_content):
    text = page(browser_of(user))

    assert "no figures of the Match" in text


def test_the_figures_are_read_once_a_content_load(reader, monkeypatch):
    page(reader, **ASKED)
    monkeypatch.setattr(queries, "read_match", lambda _folder: pytest.fail("read again"))

    page(reader, **ASKED)


def test_a_list_is_tried_and_set_beside_other_ways_to_write_it(reader):
    text = page(reader, "/pathway/match/try", wish_1="Alder", wish_2="Cedar", wish_3="Elm", wish_5="Maple")

    assert "number" in text
    assert "The likeliest first" in text
    assert "What happened to the couple" in text
    assert "<td>better</td>" not in text


def test_a_list_with_one_twice_and_an_empty_one_say_what_is_wrong(reader):
    twice = reader.get("/pathway/match/try?wish_1=Alder&wish_2=Alder")
    empty = reader.get("/pathway/match/try?wish_1=")

    assert twice.status_code == empty.status_code == 400
    assert "on the list already" in twice.content.decode()
    assert "Choose at least one programme" in empty.content.decode()


def test_the_form_of_the_small_market_is_there_before_anything_is_tried(reader):
    assert "In truth nobody sees this" in page(reader, "/pathway/match/try").replace("(in truth", "(In truth")


def test_the_real_content_has_the_figures(user, monkeypatch):
    monkeypatch.setattr(settings, "CONTENT", REAL.parent)

    assert queries.the_match() is not None
