"""The queue of takeaways and own cards: its order, new cards, learning steps, and what the page sends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from bedside.site.accounts.models import User
from bedside.site.cards.actions import make_note, remove_note, set_new_a_day, suspend
from bedside.site.cards.models import Card
from bedside.site.content import current_content
from bedside.site.study import owed
from bedside.site.study.actions import grade_subject, take_back
from bedside.site.study.models import StudyReview, StudyWithdrawal
from bedside.site.study.owed import remembered_of
from bedside.site.study.pieces import intervals_of, pieces_of
from bedside.site.study.queue import Queue, State, queue_of
from bedside.study import Grade, Origin, Subject, card, takeaway
from tests.support.examples import examples
from tests.support.people import browser_of, person
from tests.support.site import Clock

pytestmark = pytest.mark.django_db
WINTER = takeaway("renal.winter_formula")
DAY_S = 24 * 3600


@pytest.fixture
def browser(user: User) -> Client:
    """The candidate in a browser."""
    return browser_of(user)


def write(user: User, clock: Clock, front: str, *, kind: str = "basic") -> Subject:
    """A card of one's own, a second after the one before."""
    clock.pass_s(1)
    fields = [("Text", front)] if kind == "cloze" else [("Front", front), ("Back", f"{front} says")]
    note = make_note(user, kind=kind, fields=fields, at=clock.now())
    return card(Card.objects.get(note=note, ord=0).key)


def grade(user: User, clock: Clock, subject: Subject, given: Grade = Grade.GOOD) -> UUID:
    review = uuid4()
    clock.pass_s(1)
    grade_subject(user, subject, given, review=review, content=current_content(), at=clock.now())
    return review


def queue(user: User, clock: Clock, *ask: str) -> Queue:
    return queue_of(user, current_content(), at=clock.now(), ask=ask)


def order(user: User, clock: Clock, *ask: str) -> list[tuple[Subject, str]]:
    return [(one.subject, one.state.value) for one in queue(user, clock, *ask).waiting]


def send(browser: Client, *deeds: Any) -> Any:
    return browser.post("/study/sent", {"deeds": list(deeds)}, content_type="application/json")


# --- the order --------------------------------------------------------------------------------------------------------------


def test_takeaways_and_cards_wait_in_one_order_the_least_remembered_first(user: User, clock: Clock) -> None:
    known, weak = write(user, clock, "known"), write(user, clock, "weak")
    for subject, how in ((known, Grade.EASY), (WINTER, Grade.GOOD), (weak, Grade.HARD)):
        grade(user, clock, subject, how)
    clock.pass_s(60 * DAY_S)
    fresh = write(user, clock, "fresh")

    found = queue(user, clock)
    assert [one.subject for one in found.waiting] == [weak, WINTER, known, fresh]
    chances = [one.p_recall for one in found.waiting]
    assert chances[:3] == sorted(chance for chance in chances[:3] if chance is not None)
    assert found.waiting[3].state is State.NEW


def test_so_many_new_cards_come_a_day_and_no_more(user: User, clock: Clock) -> None:
    cards = [write(user, clock, f"card {number}") for number in range(5)]
    set_new_a_day(user, 3, at=clock.now())
    assert [subject for subject, _ in order(user, clock)] == cards[:3]
    grade(user, clock, cards[0])
    grade(user, clock, cards[4])  # asked for by name
    assert [subject for subject, _ in order(user, clock)] == cards[1:2]
    clock.pass_s(DAY_S)
    assert [subject for subject, state in order(user, clock) if state == "new"] == cards[1:4]


def test_of_one_note_one_new_card_comes_a_day(user: User, clock: Clock) -> None:
    first = write(user, clock, "{{c1::a}} {{c2::b}}", kind="cloze")
    assert [subject for subject, _ in order(user, clock)] == [first]
    grade(user, clock, first, Grade.EASY)
    assert order(user, clock) == []
    clock.pass_s(DAY_S)
    assert [state for _, state in order(user, clock)] == ["new"]


def test_a_card_that_was_forgotten_is_asked_once_more_after_the_others(user: User, clock: Clock) -> None:
    first, second = write(user, clock, "first"), write(user, clock, "second")
    grade(user, clock, first, Grade.AGAIN)
    assert order(user, clock) == [(second, "new"), (first, "again")]
    grade(user, clock, second, Grade.GOOD)
    grade(user, clock, first, Grade.AGAIN)
    assert [(one.id, one.n_today) for one in queue(user, clock).waiting] == [(f"{first}#2", 2)]
    grade(user, clock, first, Grade.GOOD)
    assert order(user, clock) == []


def test_a_takeaway_that_was_forgotten_waits_for_the_next_day(user: User, clock: Clock) -> None:
    grade(user, clock, WINTER, Grade.AGAIN)
    assert order(user, clock) == []
    clock.pass_s(DAY_S)
    assert order(user, clock) == [(WINTER, "due")]


def test_a_card_set_aside_or_removed_does_not_wait(user: User, clock: Clock) -> None:
    first, second = write(user, clock, "first"), write(user, clock, "second")
    suspend(user, UUID(first.partition(":")[2]), at=clock.now())
    assert [subject for subject, _ in order(user, clock)] == [second]
    clock.pass_s(1)
    suspend(user, UUID(first.partition(":")[2]), is_suspended=False, at=clock.now())
    clock.pass_s(1)
    remove_note(user, Card.objects.get(key=second.partition(":")[2]).note.key, at=clock.now())
    assert [subject for subject, _ in order(user, clock)] == [first]


def test_the_day_that_anki_had_set_holds_until_the_card_was_reviewed(user: User, clock: Clock) -> None:
    subject = write(user, clock, "from Anki")
    today = clock.now().date()
    for due_on, expected in ((today + timedelta(days=2), []), (today, [(subject, "due")])):
        clock.pass_s(1)
        Card.objects.update(due_on=due_on, changed_at=clock.now())
        assert order(user, clock) == expected
    grade(user, clock, subject, Grade.EASY)
    clock.pass_s(DAY_S)
    assert order(user, clock) == []


def test_what_is_asked_for_by_name_comes_first_and_once_a_day(user: User, clock: Clock) -> None:
    first, second = write(user, clock, "first"), write(user, clock, "second")
    theirs = write(person("bob"), clock, "of Bob")
    asked = ["takeaway:renal.none", second, theirs, WINTER, "card:x", second]
    assert order(user, clock, *asked) == [(second, "asked"), (WINTER, "asked"), (first, "new")]
    grade(user, clock, WINTER, Grade.AGAIN)
    assert order(user, clock, *asked) == [(second, "asked"), (first, "new")]


def test_each_grade_says_when_it_brings_the_card_back(user: User, clock: Clock) -> None:
    subject = write(user, clock, "card")
    grade(user, clock, subject, Grade.GOOD)
    clock.pass_s(9 * DAY_S)
    found = queue(user, clock)
    days = intervals_of(found.waiting[0].memory, found.mine)
    assert days[Grade.AGAIN] <= days[Grade.HARD] < days[Grade.GOOD] < days[Grade.EASY]
    piece = pieces_of(user, current_content(), found, most=1)[0]
    assert piece.grades[0].interval == "today"
    assert piece.grades[2].interval.endswith((" d", " mo"))

    # and so it does, but for the days by which it may be moved to level them
    grade(user, clock, subject, Grade.GOOD)
    row = remembered_of(user, current_content(), at=clock.now())
    waits = row.due[row.schedule.subjects.index(subject)] - clock.now().date().toordinal()
    assert abs(waits - days[Grade.GOOD]) <= 2 + 0.1 * days[Grade.GOOD]


# --- the day, stepped on ----------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([*Grade, None])), max_size=12))
@profile(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_day_that_is_stepped_on_asks_what_a_day_found_anew_asks(
    user: User, clock: Clock, deeds: list[tuple[int, Grade | None]]
) -> None:
    StudyWithdrawal.objects.all()._raw_delete("default")
    StudyReview.objects.all()._raw_delete("default")
    Card.objects.all().delete()
    cards = [write(user, clock, f"card {number}") for number in range(4)]
    subjects = [*cards, WINTER]
    for subject in subjects[1:]:
        grade(user, clock, subject, Grade.HARD)
    clock.pass_s(30 * DAY_S)
    queue(user, clock)
    reviews: list[UUID] = []
    for number, how in deeds:
        if how is not None:
            reviews.append(grade(user, clock, subjects[number], how))
        elif reviews:
            clock.pass_s(1)
            take_back(user, reviews.pop(), content=current_content(), at=clock.now())
        stepped = _asked(queue(user, clock))
        owed._KEPT.clear()
        assert stepped == _asked(queue(user, clock))


def _asked(found: Queue) -> tuple[object, ...]:
    known = found.mine.schedule
    columns = zip(known.subjects, known.stability_days, known.n_reviews, known.last_day, strict=True)
    rounded = [(one, round(float(days), 3), int(n), int(last)) for one, days, n, last in columns]
    return [(one.id, one.state) for one in found.waiting], rounded


def test_a_grade_does_not_level_all_days_anew(user: User, clock: Clock) -> None:
    subjects = [write(user, clock, f"card {number}") for number in range(3)]
    for subject in subjects[:2]:
        grade(user, clock, subject)
    clock.pass_s(30 * DAY_S)
    assert len(queue(user, clock).waiting) == 3
    with patch.object(owed, "_levelled", side_effect=AssertionError("levelled")):
        reviews = [grade(user, clock, subject) for subject in subjects]
        assert queue(user, clock).waiting == ()
        for review in reviews:
            clock.pass_s(1)
            take_back(user, review, content=current_content(), at=clock.now())
        assert len(queue(user, clock).waiting) == 3


# --- what the page sends ----------------------------------------------------------------------------------------------------


def test_deeds_are_kept_in_their_order_each_once(browser: Client, user: User, clock: Clock) -> None:
    subject = write(user, clock, "card")
    first, second = str(uuid4()), str(uuid4())
    deeds = [
        {"do": "grade", "review": first, "subject": subject, "grade": 1, "age_ms": 90_000},
        {"do": "undo", "review": first},
        {"do": "grade", "review": second, "subject": subject, "grade": 3, "age_ms": 1000},
    ]
    for _ in range(2):
        clock.pass_s(1)
        assert send(browser, *deeds).json() == {"refused": []}

    assert StudyReview.objects.count() == 2
    assert StudyWithdrawal.objects.get().review_id == UUID(first)
    row = StudyReview.objects.get(pk=second)
    assert (row.origin, row.grade, row.subject) == (Origin.CARD, 3, subject)
    assert row.kept_at - row.at == timedelta(seconds=1)
    assert order(user, clock) == []


def test_what_can_not_be_kept_is_told_and_the_rest_is_kept(browser: Client, user: User, clock: Clock) -> None:
    mine, bob = write(user, clock, "card"), person("bob")
    theirs = grade(bob, clock, write(bob, clock, "of Bob"))
    ids = [str(uuid4()) for _ in range(3)]
    told = send(
        browser,
        {"do": "grade", "review": ids[0], "subject": "card:no", "grade": 3},
        {"do": "grade", "review": str(theirs), "subject": mine, "grade": 3},
        {"do": "grade", "review": ids[1], "subject": mine, "grade": 4},
        {"do": "undo", "review": str(theirs)},
        {"do": "aside", "card": ids[2]},
    ).json()
    assert [one["place"] for one in told["refused"]] == [0, 1, 3, 4]
    assert StudyReview.objects.filter(user=user).count() == 1
    assert not StudyWithdrawal.objects.exists()


@pytest.mark.parametrize(
    "deed",
    [
        {},
        {"do": "grade"},
        {"do": "grade", "review": "x", "subject": "card:x", "grade": 3},
        {"do": "grade", "review": str(UUID(int=1)), "subject": "card:x", "grade": 5},
        {"do": "grade", "review": str(UUID(int=1)), "subject": 5, "grade": 3},
        {"do": "grade", "review": str(UUID(int=1)), "subject": "card:x", "grade": 3, "age_ms": -1},
        {"do": "grade", "review": str(UUID(int=1)), "subject": "card:x", "grade": 3, "age_ms": 1e300},
        {"do": "undo", "review": None},
        {"do": "fly"},
        [],
    ],
)
def test_a_call_that_can_not_be_read_changes_nothing(browser: Client, user: User, clock: Clock, deed: Any) -> None:
    good = {"do": "grade", "review": str(uuid4()), "subject": write(user, clock, "card"), "grade": 3}
    answer = send(browser, good, deed)
    assert (answer.status_code, answer.json()["code"]) == (400, "usage")
    assert not StudyReview.objects.exists()


def test_a_grade_from_long_ago_counts_as_a_month_old(browser: Client, user: User, clock: Clock) -> None:
    subject = write(user, clock, "card")
    send(browser, {"do": "grade", "review": str(uuid4()), "subject": subject, "grade": 3, "age_ms": 90 * DAY_S * 1000})
    row = StudyReview.objects.get()
    assert row.kept_at - row.at == timedelta(days=30)


def test_the_page_brings_the_next_cards_along(browser: Client, user: User, clock: Clock) -> None:
    for number in range(3):
        write(user, clock, f"card {number}")
    page = browser.get("/study").content.decode()
    assert "3 to review" in page
    assert page.count("<template data-ahead>") == 2
    told = browser.get("/study/ahead").json()
    assert (told["n"], len(told["pieces"])) == (3, 3)
    assert "card 0 says" in told["pieces"][0]["html"]


def test_by_forms_alone_a_card_is_graded_taken_back_and_set_aside(browser: Client, user: User, clock: Clock) -> None:
    first, second = write(user, clock, "first"), write(user, clock, "second")
    review = str(uuid4())
    browser.post("/study/grade", {"subject": first, "grade": "3", "review": review})
    clock.pass_s(1)
    assert browser.post("/study/undo", {"review": review}).headers["Location"] == f"/study?ask={first.replace(':', '%3A')}"
    clock.pass_s(1)
    browser.post("/study/aside", {"card": first.partition(":")[2]})
    assert [subject for subject, _ in order(user, clock)] == [second]


def test_the_list_of_cards_says_what_is_remembered(browser: Client, user: User, clock: Clock) -> None:
    due, later, aside = (write(user, clock, name) for name in ("due card", "later card", "aside card"))
    write(user, clock, "new card")
    grade(user, clock, due, Grade.AGAIN)
    grade(user, clock, later, Grade.EASY)
    suspend(user, UUID(aside.partition(":")[2]), at=clock.now())
    clock.pass_s(3 * DAY_S)

    def listed(state: str) -> list[str]:
        text = browser.get(f"/cards?state={state}").content.decode()
        return [name for name in ("due card", "later card", "aside card", "new card") if f">{name}</a>" in text]

    assert listed("") == ["due card", "later card", "aside card", "new card"]
    assert (listed("due"), listed("new"), listed("suspended")) == (["due card"], ["new card"], ["aside card"])
    text = browser.get("/cards").content.decode()
    assert "1 card is due, 1 new one comes today" in " ".join(text.split())
    row = remembered_of(user, current_content(), at=clock.now())
    on = date.fromordinal(row.due[row.schedule.subjects.index(later)])
    assert f"{on.day} {on:%b %Y}" in text
