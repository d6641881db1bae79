"""While a proctored sitting is under way nothing else shows its sitter a key, and no other sitting is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from bedside.errors import ConflictError
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.exam.sealed import MAX_MADE_AN_HOUR, MAX_MADE_AN_HOUR_LOCAL, sealing_sitting, see_no_exam_waits
from bedside.site.practice.page_queries import past_blocks
from bedside.site.practice.pool import history_of
from tests.support.days import make_small_exam
from tests.support.people import browser_of
from tests.support.short_day import BLOCK_S, short_day
from tests.support.site import KEY, Clock, Player, get, new_player, post

pytestmark = pytest.mark.django_db
BLOCK = {"programme": "exam", "step": "first", "mode": "tutor"}
PROCTORED = {"programme": "exam", "step": "first", "form": "full", "mode": "exam", "proctored": True}
GRACE_S = 120


@pytest.fixture
def exam(user: User, client: Client, clock: Clock) -> Player:
    """A proctored day of three blocks, not begun yet."""
    issued, _parts = short_day(user, clock, grace_s=GRACE_S)
    SittingRow.objects.filter(pk=issued.sitting.pk).update(is_proctored=True)
    return Player(client, clock, str(issued.sitting.pk), str(issued.writer), synced_at=clock.at)


def test_no_other_sitting_is_made_while_a_proctored_one_is_under_way(client: Client, exam: Player) -> None:
    exam.open_block()

    for wish in (BLOCK, {**BLOCK, "mode": "timed"}, {**PROCTORED, "proctored": False}, PROCTORED):
        refused = post(client, "/api/sittings", wish, expect=409)
        assert refused["code"] == "sealed"
        assert exam.sitting in refused["detail"]
    assert SittingRow.objects.count() == 1


def test_a_tutor_block_made_before_shows_no_key_during_the_exam_and_loses_nothing(
    client: Client, clock: Clock, exam: Player
) -> None:
    tutor = new_player(client, clock, mode="tutor")
    first, second = (item["id"] for item in tutor.open_block()[:2])
    assert tutor.do("answered", item=first, choice=["A"], ms=5)["revealed"][0]["key"] == [KEY]
    exam.open_block()

    tutor.note("answered", item=second, choice=["A"], ms=5)
    assert tutor.post(tutor.queue, expect=409)["code"] == "sealed"
    assert get(client, tutor.path, expect=409)["code"] == "sealed"

    exam.do("finished")
    get(client, f"{exam.path}/report")
    assert [one["item"] for one in tutor.send()["revealed"]] == [second]


def test_reports_pdf_and_export_of_earlier_blocks_wait_for_the_end_of_the_exam(
    user: User, client: Client, clock: Clock, exam: Player
) -> None:
    earlier = new_player(client, clock)
    earlier.open_block()
    earlier.do("finished")
    get(client, f"{earlier.path}/report")
    exam.open_block()
    browser = browser_of(user)

    assert get(client, f"{earlier.path}/report", expect=409)["code"] == "sealed"
    for address in (f"/report/{earlier.sitting}", f"/report/{earlier.sitting}.pdf", "/me/responses.csv"):
        answer = browser.get(address)
        assert answer.status_code == 409, address
        assert "Your proctored sitting" in answer.content.decode()

    exam.do("finished")
    get(client, f"{exam.path}/report")
    assert browser.get(f"/report/{earlier.sitting}").status_code == 200
    assert browser.get("/me/responses.csv").status_code == 200


def test_the_pages_say_why_nothing_can_be_started_and_lead_to_the_exam(user: User, exam: Player) -> None:
    exam.open_block()
    browser = browser_of(user)

    for address in ("/practice", "/exam"):
        text = browser.get(address).content.decode()
        assert "Until it has ended, no key is shown anywhere" in text
        assert f'<a href="/sit/{exam.sitting}">Go to the sitting</a>' in text
    started = browser.post("/practice", {"step": "exam/first", "items": "4", "mode": "tutor", "state": "any"})
    assert started.status_code == 409
    assert browser.post("/practice/again").status_code == 409
    assert SittingRow.objects.count() == 1


def test_keys_stay_shut_through_the_grace_in_which_a_late_answer_counts(user: User, clock: Clock, exam: Player) -> None:
    exam.open_block()
    exam.do("finished")
    clock.pass_s(GRACE_S)
    assert sealing_sitting(user.pk, clock.at) is not None
    clock.pass_s(1)
    assert sealing_sitting(user.pk, clock.at) is None


def test_an_exam_that_time_alone_has_ended_keeps_nothing_shut_for_ever(user: User, clock: Clock, exam: Player) -> None:
    exam.open_block()
    clock.pass_s(24 * 3600)
    assert SittingRow.objects.get(pk=exam.sitting).state == "in_block"
    assert sealing_sitting(user.pk, clock.at) is None


def test_a_rehearsal_and_an_exam_not_begun_restrict_nothing(user: User, client: Client, clock: Clock, exam: Player) -> None:
    issued, _parts = short_day(user, clock)
    Player(client, clock, str(issued.sitting.pk), str(issued.writer), synced_at=clock.at).open_block()

    tutor = new_player(client, clock, mode="tutor")
    item = tutor.open_block()[0]["id"]

    assert tutor.do("answered", item=item, choice=["A"], ms=5)["revealed"]


def test_looking_for_what_seals_costs_one_statement(
    user: User, clock: Clock, exam: Player, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    exam.open_block()
    with django_assert_num_queries(1):
        assert sealing_sitting(user.pk, clock.at) is not None


def test_a_second_proctored_sitting_of_a_step_is_refused_until_the_first_has_ended(
    client: Client, clock: Clock, own_content: Path
) -> None:
    make_small_exam(own_content)
    made = post(client, "/api/sittings", PROCTORED, expect=201)

    refused = post(client, "/api/sittings", PROCTORED, expect=409)
    assert (refused["code"], made["id"] in refused["detail"]) == ("conflict", True)

    first = Player(client, clock, made["id"], made["writer"], synced_at=clock.at)
    first.open_block()
    first.do("finished")
    get(client, f"{first.path}/report")
    post(client, "/api/sittings", PROCTORED, expect=201)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"accept_shorter": True}, "accept_shorter"),
        ({"items": 5}, "items"),
        ({"mode": "timed"}, "mode"),
    ],
)
def test_nothing_of_a_proctored_form_is_the_candidate_s_choice(
    client: Client, clock: Clock, own_content: Path, change: dict[str, object], named: str
) -> None:
    make_small_exam(own_content)
    refused = post(client, "/api/sittings", {**PROCTORED, **change}, expect=400)
    assert refused["code"] == "usage"
    assert named in refused["detail"]


@pytest.mark.parametrize(("is_local", "most"), [(False, MAX_MADE_AN_HOUR), (True, MAX_MADE_AN_HOUR_LOCAL)])
def test_a_person_makes_so_many_sittings_an_hour_and_no_more(
    user: User, client: Client, clock: Clock, is_local: bool, most: int
) -> None:
    player = new_player(client, clock)
    row = SittingRow.objects.get(pk=player.sitting)
    SittingRow.objects.bulk_create(_another(row) for _ in range(most - 1))

    with override_settings(IS_LOCAL=is_local):
        assert post(client, "/api/sittings", BLOCK, expect=429)["code"] == "too_often"
        form = {"step": "exam/first", "items": "4", "mode": "tutor", "state": "any"}
        assert browser_of(user).post("/practice", form).status_code == 429
        assert browser_of(user).post("/practice/again").status_code == 429
        clock.pass_s(3600)
        post(client, "/api/sittings", BLOCK, expect=201)


def _another(row: SittingRow) -> SittingRow:
    """A sitting like this one, made at the same time; it has no events."""
    kept = {field.name: getattr(row, field.name) for field in row._meta.fields if field.name != "id"}
    return SittingRow(**kept)


def test_no_count_of_right_answers_is_shown_before_the_report_was_given_out(
    user: User, client: Client, clock: Clock, exam: Player
) -> None:
    items = exam.open_block()
    exam.do("answered", item=items[0]["id"], choice=[KEY], ms=5)
    clock.pass_s(BLOCK_S + 1)
    assert exam.state()["state"] == "between_blocks"

    def shown() -> int | None:
        return past_blocks(user, current_content(), at=clock.at)[0].n_correct

    assert shown() is None
    exam.do("finished")
    assert shown() is None
    assert history_of(user).missed == frozenset()
    get(client, f"{exam.path}/report")
    assert shown() == 1


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has many writers at a time")
def test_a_large_write_waits_until_nobodys_exam_is_under_way(clock: Clock, exam: Player) -> None:
    see_no_exam_waits(10**6, clock.now())
    exam.open_block()

    with pytest.raises(ConflictError, match="1,000,000 rows"):
        see_no_exam_waits(10**6, clock.now())
    see_no_exam_waits(1_000, clock.now())

    exam.do("finished")
    see_no_exam_waits(10**6, clock.now())
