"""What items did: the office's page on the answers of finished exams."""

from __future__ import annotations

import random
import re
from datetime import timedelta

import numpy as np
import pytest
from django.test import Client

from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role
from bedside.site.content import current_content
from bedside.site.exam.models import Response, Sitting
from bedside.site.office.measuring import exams, measured, responses_of
from tests.support.filled_history import Life, add_block
from tests.support.people import browser_of, person
from tests.support.site import Clock

pytestmark = pytest.mark.django_db


def sit(n: int, clock: Clock, *, first: int = 0) -> list[User]:
    """Exams of so many people, abilities spread, each over all items of the step."""
    content, rng = current_content(), random.Random(3)
    items = [item for item in content.items.values() if item.kind.value == "one_best_answer" and item.set is None]
    people = [person(f"sitter{number}") for number in range(first, first + n)]
    for number, user in enumerate(people):
        share = 0.3 + 0.6 * number / max(1, n - 1)
        add_block(user, content, items, Life(), rng, at=clock.now() - timedelta(days=1, minutes=number), p_right=share)
    Sitting.objects.update(mode="exam", is_disclosed=True)
    Response.objects.update(mode="exam")
    return people


@pytest.fixture
def reviewer(clock: Clock) -> Client:
    return browser_of(person("rhea", Role.REVIEWER))


def words(client: Client, step: str = "exam/first") -> str:
    page = client.get("/office/items", {"step": step})
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def test_with_few_exams_it_says_how_many_are_needed(reviewer: Client, clock: Clock) -> None:
    sit(3, clock)
    text = words(reviewer)
    assert "There are 3 finished exams whose keys were given out. Figures stand here from 30 on" in text
    assert "<svg" not in reviewer.get("/office/items", {"step": "exam/first"}).content.decode().partition("<h1>")[2]


def test_from_thirty_exams_on_items_have_figures_curves_and_a_map(reviewer: Client, clock: Clock) -> None:
    sit(40, clock)
    page = reviewer.get("/office/items", {"step": "exam/first"})
    report = page.context["found"].report
    n_items = report.calibration.items.count
    assert len(page.context["rows"]) == n_items > 5
    names = [one["picture"].name for one in page.context["pictures"]]
    assert names == [
        "wright-map",
        "test-information",
        "reliability",
        "similarity",
    ]
    html = page.content.decode()
    assert html.count('<figure class="picture') == 4 + min(12, n_items)
    assert html.count("<caption") >= html.count('<figure class="picture')
    assert "style=" not in html
    shares = {row[0]: row[2] for row in page.context["rows"]}
    for name, told in shares.items():
        rows = Response.objects.filter(item=name)
        assert float(told.rstrip("%")) == pytest.approx(100 * rows.filter(correct=True).count() / rows.count(), abs=0.51)


def test_of_a_person_the_first_exam_counts_and_nobody_is_named(reviewer: Client, clock: Clock) -> None:
    people = sit(31, clock)
    before = responses_of(exams("exam", "first"))
    content = current_content()
    items = list(content.items.values())[:4]
    add_block(people[0], content, items, Life(), random.Random(1), at=clock.now(), p_right=1.0)
    Sitting.objects.update(mode="exam", is_disclosed=True)
    after = responses_of(exams("exam", "first"))
    assert after.persons.tolist() == before.persons.tolist()
    assert np.array_equal(after.correct, before.correct)
    text = words(reviewer)
    assert not [user.username for user in people if user.username in text]


def test_sealed_voided_and_practice_sittings_do_not_count(clock: Clock) -> None:
    sit(4, clock)
    ids = list(Sitting.objects.values_list("pk", flat=True))
    Sitting.objects.filter(pk=ids[0]).update(is_disclosed=False)
    Sitting.objects.filter(pk=ids[1]).update(state="voided")
    Sitting.objects.filter(pk=ids[2]).update(mode="timed")
    assert [row.pk for row in exams("exam", "first")] == [ids[3]]


def test_figures_are_made_again_when_a_further_exam_has_ended(reviewer: Client, clock: Clock) -> None:
    sit(30, clock)
    assert measured("exam", "first") is measured("exam", "first")
    sit(1, clock, first=30)
    assert measured("exam", "first").n_sittings == 31


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.AUTHOR, Role.PROCTOR])
def test_only_reviewers_and_administrators_enter(clock: Clock, role: Role) -> None:
    assert browser_of(person("eve", role)).get("/office/items").status_code == 403


def test_an_unknown_step_is_named(reviewer: Client) -> None:
    assert reviewer.get("/office/items", {"step": "exam/none"}).status_code == 400
