"""Answers given elsewhere: all of a file or nothing, graded with the key, and nothing twice."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bedside.errors import ConflictError, UsageError
from bedside.site.accounts.actions import add_user
from bedside.site.accounts.models import User
from bedside.site.cards.actions import make_note
from bedside.site.cards.models import Card
from bedside.site.content import current_content
from bedside.site.planning.answers import Taken, take_answers
from bedside.site.planning.models import StudySpent
from bedside.site.planning.spent import spent_between
from bedside.site.study.models import StudyReview
from bedside.site.study.zones import zone_of
from bedside.study import Kind
from tests.support.people import proctored_player
from tests.support.plans import write_many
from tests.support.site import Clock
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def names(own_content: Path) -> list[str]:
    return write_many(own_content)


def line(**told: Any) -> str:
    return json.dumps({"at": (T0 - timedelta(hours=1)).isoformat(), **told})


def item(name: str = "renal-0001", chosen: str = "B", **more: Any) -> str:
    return line(item=name, chosen=chosen, seconds=40, **more)


def taken(user: User, *lines: str) -> Taken:
    return take_answers(user, current_content(), lines, at=T0)


def test_an_item_is_graded_with_its_key_its_time_and_how_sure_it_was(user: User, clock: Clock, names: list[str]) -> None:
    rows = [("B", "sure", 4), ("B", None, 3), ("B", "unsure", 2), ("A", "sure", 1)]
    lines = [item(f"renal-{n:04d}", chosen, confidence=sure) for n, (chosen, sure, _) in enumerate(rows, start=1)]
    told = taken(user, *lines)
    assert (told.n_lines, told.n_new_reviews, told.n_right, told.n_items) == (4, 4, 3, 4)
    grades = dict(StudyReview.objects.filter(user=user).values_list("shown", "grade"))
    assert [grades[f"renal-{n:04d}"] for n in range(1, 5)] == [grade for _, _, grade in rows]


def test_a_file_sent_twice_adds_nothing(user: User, clock: Clock, names: list[str]) -> None:
    lines = [item(), line(takeaway="blood.fact_1", grade=3), "", item("blood-0002", "A")]
    assert taken(user, *lines).n_new_reviews == 3
    assert taken(user, *lines[::-1]).n_new_reviews == 0
    assert (StudyReview.objects.count(), StudySpent.objects.count()) == (3, 3)
    other = add_user("other", password=None, at=T0)
    assert taken(other, *lines).n_new_reviews == 3  # the same answers of another person are theirs


def test_a_card_of_ones_own_is_graded_by_its_key(user: User, clock: Clock, names: list[str]) -> None:
    make_note(user, kind="basic", fields=[("Front", "one"), ("Back", "two")], at=T0)
    key = Card.objects.get(user=user).key
    taken(user, line(card=str(key), grade=2, seconds=12))
    assert StudyReview.objects.get(user=user).subject == f"card:{key}"
    other = add_user("other", password=None, at=T0)
    with pytest.raises(UsageError, match="line 1: card: you have no card"):
        taken(other, line(card=str(key), grade=2))


WRONG = {
    "no JSON": ("{", "line 2: no JSON"),
    "no object": ("[]", "line 2: it must be an object"),
    "nothing named": (line(grade=3), "line 2: it must name one of item, card, takeaway, case"),
    "two named": (line(card=str(uuid4()), takeaway="renal.fact_1", grade=3), "line 2: it must name one of"),
    "unknown item": (item("renal-9999"), 'line 2: item: the bank has no item "renal-9999"'),
    "unknown option": (item(chosen="Z"), 'line 2: chosen: renal-0001 has no option "Z"'),
    "unknown takeaway": (line(takeaway="renal.none", grade=3), "line 2: takeaway: the bank has no takeaway"),
    "unknown field": (item(sure=True), "line 2: sure: Extra inputs"),
    "no seconds": (line(item="renal-0001", chosen="B"), "line 2: seconds: Field required"),
    "grade out of range": (line(takeaway="renal.fact_1", grade=5), "line 2: grade:"),
    "unknown case": (line(case="none-001", percent=70, minutes=20), "line 2: case:"),
    "in the future": (line(item="renal-0001", chosen="B", seconds=3, at=(T0 + timedelta(days=1)).isoformat()), "the future"),
    "no zone": (line(item="renal-0001", chosen="B", seconds=3, at="2026-01-01T10:00:00"), "line 2: at: the time has no zone"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_line_that_is_wrong_is_named_and_nothing_is_kept(user: User, clock: Clock, names: list[str], what: str) -> None:
    text, said = WRONG[what]
    with pytest.raises(UsageError) as error:
        taken(user, item(), text)
    assert said in str(error.value)
    assert not StudyReview.objects.exists()
    assert not StudySpent.objects.exists()


def test_minutes_told_count_by_kind(user: User, clock: Clock, names: list[str]) -> None:
    taken(user, item(), item("blood-0001", "B", timed=True), line(takeaway="renal.fact_1", grade=3, seconds=30))
    found = spent_between(user, current_content(), zone_of(user.pk), since=None, at=T0)
    by_kind = {one.kind: round(one.minutes * 60) for one in found}
    assert by_kind == {Kind.NEW: 100, Kind.BLOCK: 40, Kind.REVIEW: 30}  # an explanation is read for a minute


def test_nothing_comes_in_while_a_proctored_sitting_is_under_way(
    user: User, client: Client, clock: Clock, names: list[str]
) -> None:
    proctored_player(client, clock, minutes=10).open_block()
    with pytest.raises(ConflictError):
        take_answers(user, current_content(), [item()], at=clock.now())


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=60))
def test_no_text_whatever_breaks_it(user: User, clock: Clock, names: list[str], text: str) -> None:
    try:
        taken(user, text)
    except UsageError as error:
        assert "line " in str(error)
