"""The pages after an answer: confusions and the cards made of them, notes, reports of errors, and the report's own part."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bedside.site.accounts.actions import add_user
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role
from bedside.site.cards.models import Note
from bedside.site.exam.models import KeyChange
from bedside.site.reflection.models import ErrorReason, ItemNote, ItemReport
from bedside.site.reflection.pairs import normalised, pair_name
from bedside.site.reflection.queries import confusion_pairs_of
from bedside.site.reflection.reasons import Reason, say_reason
from tests.support.people import browser_of, person
from tests.support.site import KEY, Clock, Player, get, new_player
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser."""
    return browser_of(user)


@pytest.fixture
def tutor(client: Client, clock: Clock) -> Player:
    """A block in tutor mode of the blood, ended, its first item wrong and its second right."""
    return sat(client, clock, "A", KEY)


def sat(client: Client, clock: Clock, *choices: str, mode: str = "tutor") -> Player:
    player = new_player(client, clock, mode=mode, filter={"system": ["blood"]})
    items = [item["id"] for item in player.open_block()]
    for item, choice in zip(items, choices, strict=False):
        clock.pass_s(20)
        player.do("answered", item=item, choice=[choice], ms=20_000)
    player.note("block_closed", block=1)
    player.do("finished")
    return player


def first_item(player: Player) -> str:
    """The item at the first place of the form."""
    items = get(player.client, f"{player.path}/report")["items"]
    name: str = next(item["id"] for item in items if item["position"] == 1)
    return name


def confuse(user: User, player: Player, clock: Clock, with_: str = "") -> ErrorReason:
    item = first_item(player)
    sitting = UUID(player.sitting)
    return say_reason(user, sitting, item, Reason.CONFUSED, confused_with=with_, name=uuid4(), at=clock.now())


# --- pairs -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Amlodipine", "amlodipine."),
        ("The basal ganglia", "Basal  ganglia"),
        ("Sjögren syndrome", "Sjogren syndrome"),
        ("Increase the dose, slowly", "increase the dose slowly"),
    ],
)
def test_the_same_words_are_found_again_however_they_are_written(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


@pytest.mark.parametrize(
    ("one", "other"), [("7.35", "7.45"), ("< 3 mmol/L", "> 3 mmol/L"), ("Type 1", "Type 2"), ("+2", "-2"), ("50%", "50")]
)
def test_what_differs_in_a_number_or_its_sign_is_another_thing(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


@given(st.text(), st.text())
def test_a_pair_has_one_name_in_both_directions(one: str, other: str) -> None:
    assert pair_name(one, other) == pair_name(other, one)
    assert re.fullmatch(r"[0-9a-f]{16}", pair_name(one, other))


@given(st.text())
def test_what_is_normalised_stays_as_it_is(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


def test_a_mere_wrong_choice_makes_a_pair_that_weighs_little(user: User, tutor: Player) -> None:
    [pair] = confusion_pairs_of(user)
    item = first_item(tutor)

    assert (pair.taken, pair.meant) == (f"Choice A of {item}", f"Choice B of {item}")
    assert (pair.weight, pair.is_said, pair.is_worth_a_look) == (1, False, False)


def test_what_is_said_to_be_confused_weighs_more_and_comes_first(
    user: User, client: Client, clock: Clock, tutor: Player
) -> None:
    confuse(user, tutor, clock)
    sat(client, clock, KEY, "C", KEY, KEY)

    first, *others = confusion_pairs_of(user)

    assert (first.weight, first.is_said) == (3, True)
    assert {pair.weight for pair in others} == {1}


def test_the_pair_that_is_said_takes_the_place_of_the_one_with_the_key(user: User, tutor: Player, clock: Clock) -> None:
    confuse(user, tutor, clock, "D")
    item = first_item(tutor)

    assert [(pair.taken, pair.meant) for pair in confusion_pairs_of(user)] == [(f"Choice A of {item}", f"Choice D of {item}")]


def test_a_wrong_choice_that_was_a_misread_stem_is_no_confusion(user: User, tutor: Player, clock: Clock) -> None:
    say_reason(user, UUID(tutor.sitting), first_item(tutor), Reason.MISREAD, name=uuid4(), at=clock.now())

    assert confusion_pairs_of(user) == ()


def test_the_same_pair_in_two_sittings_is_one_with_two_happenings(user: User, client: Client, clock: Clock) -> None:
    for choice, order in (("A", 1), ("A", 2)):
        sat(client, clock, *[choice] * 4)
        clock.pass_s(order * 60)

    pairs = confusion_pairs_of(user)

    assert [len(pair.happenings) for pair in pairs] == [2, 2, 2, 2]
    assert [pair.newest for pair in pairs] == [pair.happenings[:1] for pair in pairs]  # the same item is shown once
    assert all(pair.is_worth_a_look and pair.happenings[0].at > pair.happenings[1].at for pair in pairs)


def test_who_answered_an_item_whose_key_was_changed_confused_nothing(user: User, tutor: Player) -> None:
    KeyChange.objects.create(item=first_item(tutor), version=1, before=KEY, after="A", why="It is A.", at=T0)

    assert confusion_pairs_of(user) == ()


def test_a_timed_block_makes_pairs_only_once_its_report_was_opened(user: User, client: Client, clock: Clock) -> None:
    player = sat(client, clock, "A", "A", mode="timed")
    assert confusion_pairs_of(user) == ()

    get(client, f"{player.path}/report")
    assert len(confusion_pairs_of(user)) == 2


def test_the_confusions_of_others_are_not_mine(tutor: Player) -> None:
    other = add_user("bob", password=None, at=T0)

    assert tutor.sitting
    assert confusion_pairs_of(other) == ()


def test_the_page_shows_both_explanations_beside_each_other(reader: Client, user: User, tutor: Player, clock: Clock) -> None:
    confuse(user, tutor, clock)
    item = first_item(tutor)
    shown = reader.get("/confusions").content.decode()

    assert f"SECRET reason A of {item}." in shown
    assert f"SECRET reason B of {item}." in shown
    assert f"SECRET reason C of {item}." not in shown
    assert f'href="/report/{tutor.sitting}"' in shown


def test_an_empty_page_says_what_will_stand_there(reader: Client, clock: Clock) -> None:
    assert clock.now() == T0
    assert "No pair yet." in reader.get("/confusions").content.decode()
    assert "No note yet." in reader.get("/notes").content.decode()


def test_a_contrast_card_is_filled_from_the_explanations_and_made_once(
    reader: Client, user: User, tutor: Player, clock: Clock
) -> None:
    confuse(user, tutor, clock)
    item = first_item(tutor)
    [pair] = confusion_pairs_of(user)
    form = reader.get(f"/confusions/{pair.name}/card").content.decode()
    assert f"Choice A of {item} or Choice B of {item}: what tells them apart?" in form
    assert f"SECRET reason A of {item}." in form

    sent = {"key": str(uuid4()), "front": "What tells A from B?", "back": "The reason."}
    for _ in range(2):
        assert reader.post(f"/confusions/{pair.name}/card", sent).status_code == 302

    note = Note.objects.get(user=user)
    assert (note.origin, note.kind, note.tags) == ("contrast", "basic", ["contrast"])
    assert [text for _, text in note.fields] == ["What tells A from B?", "The reason."]


def test_a_card_without_words_is_refused_and_the_form_keeps_the_rest(
    reader: Client, user: User, tutor: Player, clock: Clock
) -> None:
    confuse(user, tutor, clock)
    [pair] = confusion_pairs_of(user)
    answer = reader.post(f"/confusions/{pair.name}/card", {"key": str(uuid4()), "front": "Only this", "back": " "})

    assert answer.status_code == 400
    assert "Only this" in answer.content.decode()
    assert not Note.objects.exists()


def test_nobody_makes_a_card_of_the_pair_of_another(user: User, tutor: Player, clock: Clock) -> None:
    confuse(user, tutor, clock)
    [pair] = confusion_pairs_of(user)
    other = browser_of(add_user("bob", password=None, at=T0))

    assert other.get(f"/confusions/{pair.name}/card").status_code == 404
    assert other.post(f"/confusions/{pair.name}/card", {"key": str(uuid4()), "front": "a", "back": "b"}).status_code == 404


# --- the report ------------------------------------------------------------------------------------------------------------


def test_the_report_asks_of_wrong_answers_alone(reader: Client, tutor: Player) -> None:
    shown = reader.get(f"/report/{tutor.sitting}").content.decode()
    n_wrong = sum(not item["is_correct"] for item in get(tutor.client, f"{tutor.path}/report")["items"])

    assert n_wrong == 3  # one wrong, two without an answer
    assert shown.count("data-reasons") == n_wrong


def test_the_report_keeps_a_reason_and_comes_back_to_its_item(reader: Client, tutor: Player) -> None:
    back = f"/report/{tutor.sitting}?show=missed#item-1"
    answer = reader.post(
        f"/report/{tutor.sitting}/items/1/reason",
        {"id": str(uuid4()), "reason": "confused", "confused_with": "C", "back": back},
    )

    assert (answer.status_code, answer["Location"]) == (302, back)
    assert ErrorReason.objects.get().confused_with == "C"
    assert 'value="confused" data-digit="3" aria-pressed="true"' in reader.get(f"/report/{tutor.sitting}").content.decode()


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "/\\elsewhere.example"]
)
def test_the_way_back_leads_nowhere_else(back: str, reader: Client, tutor: Player) -> None:
    sent = {"id": str(uuid4()), "reason": "misread", "back": back}
    answer = reader.post(f"/report/{tutor.sitting}/items/1/reason", sent)

    assert answer["Location"] == f"/report/{tutor.sitting}"


def test_a_script_gets_no_page(reader: Client, tutor: Player) -> None:
    answer = reader.post(
        f"/report/{tutor.sitting}/items/1/reason",
        {"id": str(uuid4()), "reason": "misread"},
        headers={"Accept": "application/json"},
    )

    assert (answer.status_code, answer.content) == (204, b"")


@pytest.mark.parametrize("sent", [{}, {"reason": "bad luck"}, {"reason": "misread", "id": "1"}])
def test_what_can_not_be_read_is_refused(sent: dict[str, str], reader: Client, tutor: Player) -> None:
    assert reader.post(f"/report/{tutor.sitting}/items/1/reason", {"id": str(uuid4()), **sent}).status_code == 400
    assert not ErrorReason.objects.exists()


@pytest.mark.parametrize("path", ["items/1/reason", "items/1/error", "items/99/reason"])
def test_the_items_of_another_are_not_found(path: str, tutor: Player) -> None:
    other = browser_of(add_user("bob", password=None, at=T0))
    sent = {"id": str(uuid4()), "reason": "misread", "part": "key", "text": "C"}

    assert other.post(f"/report/{tutor.sitting}/{path}", sent).status_code == 404
    assert (ErrorReason.objects.count(), ItemReport.objects.count()) == (0, 0)


def test_changed_from_right_is_asked_where_the_log_shows_it(reader: Client, client: Client, clock: Clock) -> None:
    player = new_player(client, clock, filter={"system": ["blood"]})
    item, other, *_ = [one["id"] for one in player.open_block()]
    for name, choice in ((item, KEY), (item, "A"), (other, "C")):
        player.do("answered", item=name, choice=[choice], ms=1000)
    player.note("block_closed", block=1)
    player.do("finished")

    shown = reader.get(f"/report/{player.sitting}").content.decode()

    assert shown.count('value="changed_from_right"') == 1
    assert reader.post(
        f"/report/{player.sitting}/items/1/reason", {"id": str(uuid4()), "reason": "changed_from_right"}
    ).status_code == (302 if first_item(player) == item else 400)


# --- notes and reports of errors -------------------------------------------------------------------------------------------


def test_a_note_is_changed_on_its_page_and_shown_in_the_report(reader: Client, tutor: Player) -> None:
    item = first_item(tutor)
    answer = reader.post("/notes/keep", {"item": item, "text": "Mind <b>this</b>.\r\nTwice.", "back": "/notes?q=mind"})

    assert answer["Location"] == "/notes?q=mind"
    assert ItemNote.objects.get().text == "Mind <b>this</b>.\nTwice."
    for path in ("/notes", "/notes?q=mind", f"/report/{tutor.sitting}"):
        shown = reader.get(path).content.decode()
        assert "Mind &lt;b&gt;this&lt;/b&gt;." in shown
    assert "No note has these words." in reader.get("/notes?q=nothing").content.decode()


def test_a_note_that_was_changed_later_stands_beside_the_one_of_the_sitting(
    reader: Client, client: Client, clock: Clock
) -> None:
    player = new_player(client, clock, mode="tutor", filter={"system": ["blood"]})
    item = player.open_block()[0]["id"]
    player.do("noted", item=item, text="Of the block.")
    player.do("answered", item=item, choice=["A"], ms=1000)
    player.note("block_closed", block=1)
    player.do("finished")
    clock.pass_s(60)
    reader.post("/notes/keep", {"item": item, "text": "Of later."})

    shown = reader.get(f"/report/{player.sitting}").content.decode()

    assert "Your note in this sitting" in shown
    assert "Of the block." in shown
    assert "Of later.</textarea>" in shown


def test_an_error_is_reported_from_the_item_and_answered_in_the_office(reader: Client, tutor: Player) -> None:
    assert "Report an error in this item" in reader.get(f"/report/{tutor.sitting}/items/1/error").content.decode()
    sent = {"id": str(uuid4()), "part": "explanation", "text": "The guideline changed in 2025."}
    assert reader.post(f"/report/{tutor.sitting}/items/1/error", sent).status_code == 302
    office = browser_of(person("rex", Role.REVIEWER))
    row = ItemReport.objects.get()

    listed = office.get("/office/reports").content.decode()
    one = office.get(f"/office/reports/{row.pk}").content.decode()
    assert "The guideline changed in 2025." in listed
    assert f"SECRET reason B of {row.item}." in one
    assert row.hash in one
    assert office.post(f"/office/reports/{row.pk}", {"text": " "}).status_code == 400
    assert office.post(f"/office/reports/{row.pk}", {"text": "Changed in version 2.", "closes": "on"}).status_code == 302
    assert office.post(f"/office/reports/{row.pk}", {"text": "Again.", "closes": "on"}).status_code == 409

    assert "Changed in version 2." in reader.get("/notes").content.decode()
    assert "Changed in version 2." in reader.get(f"/report/{tutor.sitting}").content.decode()
    assert "Changed in version 2." not in browser_of(add_user("bob", password=None, at=T0)).get("/notes").content.decode()


@pytest.mark.parametrize("sent", [{"text": "C"}, {"part": "moon", "text": "C"}, {"part": "key", "text": ""}])
def test_a_report_says_what_is_wrong_and_in_words(sent: dict[str, str], reader: Client, tutor: Player) -> None:
    answer = reader.post(f"/report/{tutor.sitting}/items/1/error", {"id": str(uuid4()), **sent})

    assert answer.status_code == 400
    assert not ItemReport.objects.exists()
