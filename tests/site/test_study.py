"""The study queue: what comes into it and when, what is due, and what a person does in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from bedside.errors import ConflictError, NotFoundError, StoreError, UsageError
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.exam.models import Sitting as SittingRow
from bedside.site.study import log, taking_in
from bedside.site.study.actions import grade_subject, last_graded, take_back
from bedside.site.study.log import entries_of, memories_of
from bedside.site.study.models import StudyReview, StudyWithdrawal
from bedside.site.study.queries import DueToday, due_today
from bedside.site.study.taking_in import grade_of_case, take_in_answers
from bedside.site.study.zones import keep_zone, zone_of
from bedside.study import DEFAULTS, Grade, Means, Origin, replay, takeaway
from tests.support.people import browser_of, person, proctored_player
from tests.support.site import Clock, Player, get, new_player, write_plain_item
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
WINTER, GAP = "renal.winter_formula", "renal.anion_gap"
DAY_S = 24 * 3600


@pytest.fixture
def two_takeaways(own_content: Path) -> Path:
    """The items of the blood teach another thing than the rest."""
    for number in range(1, 5):
        write_plain_item(own_content, f"blood-{number:04d}", system="blood", head={"takeaways": f"[{GAP}]"})
    return own_content


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser."""
    return browser_of(user)


def grade(user: User, clock: Clock, name: str, grade: Grade = Grade.GOOD) -> UUID:
    review = uuid4()
    grade_subject(user, takeaway(name), grade, review=review, content=current_content(), at=clock.now())
    return review


def due(user: User, clock: Clock) -> DueToday:
    return due_today(user, current_content(), at=clock.now())


def names(found: DueToday) -> list[str]:
    return [one.takeaway.id for one in found.ones]


def answer(player: Player, clock: Clock, *choices: str, seconds: float = 20, confidence: str | None = None) -> list[str]:
    """The items answered, one for each choice."""
    items = [item["id"] for item in player.open_block()]
    for item, choice in zip(items, choices, strict=False):
        clock.pass_s(seconds)
        more = {"confidence": confidence} if confidence else {}
        player.do("answered", item=item, choice=[choice], ms=int(seconds * 1000), **more)
    return items[: len(choices)]


def take_in(user: User, clock: Clock) -> None:
    take_in_answers(user, current_content(), at=clock.now())


# --- from items -----------------------------------------------------------------------------------------------------------


def test_an_answer_in_tutor_mode_comes_in_at_once_and_only_once(user: User, client: Client, clock: Clock) -> None:
    first, second = answer(new_player(client, clock, mode="tutor"), clock, "A", "B")
    for _ in range(2):
        take_in(user, clock)

    rows = {row.shown: (row.subject, row.grade, row.origin) for row in StudyReview.objects.filter(user=user)}
    subject = f"takeaway:{WINTER}"
    assert rows == {first: (subject, Grade.AGAIN, "item"), second: (subject, Grade.GOOD, "item")}


def test_a_further_answer_in_a_tutor_block_comes_in_later(user: User, client: Client, clock: Clock) -> None:
    player = new_player(client, clock, mode="tutor")
    items = [item["id"] for item in player.open_block()]
    player.do("answered", item=items[0], choice=["B"], ms=9000)
    take_in(user, clock)
    player.do("answered", item=items[1], choice=["B"], ms=9000)
    take_in(user, clock)

    assert set(StudyReview.objects.values_list("shown", flat=True)) == set(items[:2])


def test_answers_of_a_timed_block_come_in_when_its_report_was_given_out(user: User, client: Client, clock: Clock) -> None:
    player = new_player(client, clock)
    answer(player, clock, "B", "A")
    player.do("finished")
    take_in(user, clock)
    assert not StudyReview.objects.exists()

    get(client, f"{player.path}/report")
    take_in(user, clock)
    assert sorted(StudyReview.objects.values_list("grade", flat=True)) == [Grade.AGAIN, Grade.GOOD]


@pytest.mark.parametrize(
    ("seconds", "confidence", "expected"),
    [(30, "sure", Grade.EASY), (30, "unsure", Grade.HARD), (60, None, Grade.GOOD), (136, None, Grade.HARD)],
)
def test_time_and_confidence_make_the_grade(
    user: User, client: Client, clock: Clock, *, seconds: float, confidence: str | None, expected: Grade
) -> None:
    answer(new_player(client, clock, mode="tutor"), clock, "B", seconds=seconds, confidence=confidence)
    take_in(user, clock)

    assert StudyReview.objects.get().grade == expected


def test_one_request_takes_in_so_much_and_the_next_one_the_rest(
    user: User, client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_in, "MOST_ANSWERS", 2)
    for _ in range(2):
        answer(new_player(client, clock, mode="tutor"), clock, "B", "B")
        clock.pass_s(1)
    take_in(user, clock)
    assert StudyReview.objects.count() == 2
    take_in(user, clock)
    assert StudyReview.objects.count() == 4


def test_answers_of_other_people_stay_theirs(user: User, client: Client, clock: Clock) -> None:
    answer(new_player(client, clock, mode="tutor"), clock, "B")
    other = person("bob")
    take_in(other, clock)

    assert not StudyReview.objects.exists()
    assert due(other, clock).n_known == 0


def test_a_store_that_refuses_costs_today_nothing(reader: Client, client: Client, clock: Clock) -> None:
    reader.post("/welcome", {"skip": "1"})
    answer(new_player(client, clock, mode="tutor"), clock, "B")
    with patch("bedside.site.study.parts.take_in_answers", side_effect=StoreError("full")):
        assert reader.get("/").status_code == 200
    reader.get("/")
    assert StudyReview.objects.count() == 1


# --- what is due ------------------------------------------------------------------------------------------------------------


def test_the_least_remembered_is_first_and_nothing_twice_a_day(user: User, clock: Clock, two_takeaways: Path) -> None:
    grade(user, clock, WINTER, Grade.GOOD)
    grade(user, clock, GAP, Grade.AGAIN)
    assert names(due(user, clock)) == []
    clock.pass_s(40 * DAY_S)

    found = due(user, clock)
    assert names(found) == [GAP, WINTER]
    assert found.ones[0].p_recall < found.ones[1].p_recall
    grade(user, clock, GAP, Grade.AGAIN)
    assert names(due(user, clock)) == [WINTER]


def test_a_takeaway_is_tested_by_an_item_not_seen_and_else_as_a_card(user: User, client: Client, clock: Clock) -> None:
    items = answer(new_player(client, clock, mode="tutor"), clock, "A")
    take_in(user, clock)
    clock.pass_s(3 * DAY_S)
    showing = due(user, clock).ones[0].showing
    assert showing.means is Means.ITEM
    assert showing.name not in items

    new_player(client, clock, mode="tutor", items=12).open_block()
    assert due(user, clock).ones[0].showing.means is Means.FLASHCARD


def test_a_study_day_is_that_of_the_persons_time_zone(user: User, clock: Clock) -> None:
    clock.at = datetime(2026, 3, 2, 15, tzinfo=UTC)
    grade(user, clock, WINTER, Grade.AGAIN)
    clock.at = datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert names(due(user, clock)) == [WINTER]

    keep_zone(user, "Pacific/Honolulu", at=clock.now())  # where it is midnight: still the day before
    assert zone_of(user.pk) == ZoneInfo("Pacific/Honolulu")
    assert names(due(user, clock)) == []


def test_a_time_zone_that_is_none_is_refused(user: User) -> None:
    with pytest.raises(UsageError, match="no time zone"):
        keep_zone(user, "../../etc/passwd", at=T0)


def test_a_takeaway_that_the_bank_lost_is_not_due(user: User, clock: Clock, two_takeaways: Path) -> None:
    grade(user, clock, WINTER, Grade.AGAIN)
    clock.pass_s(9 * DAY_S)
    path = two_takeaways / "takeaways" / "renal.yaml"
    path.write_text(path.read_text().replace(WINTER, "renal.winters_formula"))
    with patch("bedside.site.content.FILES_CHECKED_EVERY_S", 0.0):
        found = due(user, clock)

    assert (found.n_known, names(found)) == (0, [])


def test_stepping_on_and_replaying_the_log_give_the_same(user: User, clock: Clock) -> None:
    zone = ZoneInfo("UTC")
    memories_of(user.pk, zone)
    for days, given in ((1, Grade.AGAIN), (0, Grade.GOOD), (3, Grade.HARD), (9, Grade.EASY)):
        clock.pass_s(days * DAY_S)
        grade(user, clock, WINTER, given)
    with patch.object(log, "replay", side_effect=AssertionError("replayed")):
        stepped = memories_of(user.pk, zone)

    replayed = replay(entries_of(user.pk), DEFAULTS, zone).memories()
    assert stepped.keys() == replayed.keys()
    mine, anew = stepped[takeaway(WINTER)], replayed[takeaway(WINTER)]
    # the library rounds between steps; the tests of the core allow as much
    assert mine.stability_days == pytest.approx(anew.stability_days, rel=1e-3)
    assert (mine.last_on, mine.n_reviews, mine.n_lapses) == (anew.last_on, anew.n_reviews, anew.n_lapses)


# --- grading and taking back ------------------------------------------------------------------------------------------------


def test_a_grade_that_is_sent_twice_counts_once(reader: Client, user: User, clock: Clock) -> None:
    form = {"subject": f"takeaway:{WINTER}", "grade": "3", "review": str(uuid4())}
    for _ in range(2):
        assert reader.post("/study/grade", form).headers["Location"] == "/study"

    assert StudyReview.objects.get().origin == Origin.CARD
    assert memories_of(user.pk, ZoneInfo("UTC"))[takeaway(WINTER)].n_reviews == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [({"grade": "5"}, 400), ({"grade": ""}, 400), ({"review": "x"}, 400), ({"subject": "takeaway:renal.none"}, 404)],
)
def test_a_form_that_says_nothing_known_changes_nothing(reader: Client, change: dict[str, str], status: int) -> None:
    form = {"subject": f"takeaway:{WINTER}", "grade": "3", "review": str(uuid4()), **change}
    assert reader.post("/study/grade", form).status_code == status
    assert not StudyReview.objects.exists()


def test_what_is_taken_back_is_due_again_and_stays_in_the_log(user: User, clock: Clock) -> None:
    grade(user, clock, WINTER, Grade.AGAIN)
    clock.pass_s(5 * DAY_S)
    review = grade(user, clock, WINTER, Grade.EASY)
    last = last_graded(user, at=clock.now())
    assert last is not None
    assert last.pk == review
    assert names(due(user, clock)) == []
    for _ in range(2):
        take_back(user, review, content=current_content(), at=clock.now())

    assert names(due(user, clock)) == [WINTER]
    assert (StudyReview.objects.count(), StudyWithdrawal.objects.count()) == (2, 1)
    assert last_graded(user, at=clock.now()) is None  # the first one was graded on another day


def test_nobody_takes_back_what_another_graded_or_what_an_item_showed(user: User, client: Client, clock: Clock) -> None:
    review = grade(user, clock, WINTER)
    with pytest.raises(NotFoundError):
        take_back(person("bob"), review, content=current_content(), at=clock.now())
    answer(new_player(client, clock, mode="tutor"), clock, "A")
    take_in(user, clock)
    with pytest.raises(UsageError, match="only what you graded"):
        take_back(user, StudyReview.objects.get(origin="item").pk, content=current_content(), at=clock.now())
    assert not StudyWithdrawal.objects.exists()


def test_the_log_is_never_changed(user: User, clock: Clock) -> None:
    grade(user, clock, WINTER)
    row = StudyReview.objects.get()
    row.grade = 1
    with pytest.raises(ConflictError):
        row.save()
    with pytest.raises(ConflictError):
        row.delete()


# --- pages ------------------------------------------------------------------------------------------------------------------


def test_the_queue_that_is_empty_says_how_something_comes_in(reader: Client, clock: Clock) -> None:
    text = reader.get("/study").content.decode()
    assert "Nothing is due: the queue is empty." in text
    assert "data-grade" not in text


def test_the_queue_asks_by_the_cloze_and_today_does_not(reader: Client, user: User, clock: Clock) -> None:
    reader.post("/welcome", {"skip": "1"})
    grade(user, clock, WINTER, Grade.AGAIN)
    assert "The next falls due on" in reader.get("/study").content.decode()
    clock.pass_s(5 * DAY_S)

    page = reader.get("/study").content.decode()
    assert "<p>The expected PaCO2 is […].</p>" in page
    assert "1 to review, about 1 minute." in " ".join(page.split())
    assert "expected PaCO2" not in reader.get("/").content.decode()  # Today does not give the answer away


def test_a_block_of_unseen_items_tests_what_is_due(reader: Client, user: User, clock: Clock, two_takeaways: Path) -> None:
    grade(user, clock, WINTER, Grade.AGAIN)
    grade(user, clock, GAP, Grade.AGAIN)
    clock.pass_s(5 * DAY_S)
    expected = set(due(user, clock).items)
    assert len(expected) == 2
    assert "Answer 2 questions instead" in reader.get("/study").content.decode()
    reader.post("/study/block")

    row = SittingRow.objects.get(user=user)
    assert (row.mode, set(row.items.values_list("item", flat=True))) == ("tutor", expected)


def test_a_block_of_nothing_leads_back_to_the_queue(reader: Client, clock: Clock) -> None:
    assert reader.post("/study/block").headers["Location"] == "/study"
    assert not SittingRow.objects.exists()


def test_the_queue_is_closed_while_a_proctored_sitting_is_under_way(
    reader: Client, user: User, client: Client, clock: Clock
) -> None:
    reader.post("/welcome", {"skip": "1"})
    review = grade(user, clock, WINTER, Grade.AGAIN)
    clock.pass_s(5 * DAY_S)
    answer(new_player(client, clock, mode="tutor"), clock, "B")
    proctored_player(client, clock, minutes=10).open_block()

    page = reader.get("/study").content.decode()
    assert "the study queue and your cards are closed" in page
    assert "PaCO2" not in page
    form = {"subject": f"takeaway:{WINTER}", "grade": "3", "review": str(uuid4())}
    for address, fields in (("grade", form), ("undo", {"review": str(review)}), ("block", {})):
        assert reader.post(f"/study/{address}", fields).status_code == 409
    assert StudyReview.objects.count() == 1


def test_a_case_is_graded_by_how_it_went() -> None:
    found = [grade_of_case(percent) for percent in (None, 59.9, 60.0, 79.9, 80.0, 100.0)]
    assert found == [Grade.AGAIN, Grade.AGAIN, Grade.HARD, Grade.HARD, Grade.GOOD, Grade.GOOD]
