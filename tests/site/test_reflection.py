"""After an answer: why it was wrong, own notes, and errors in items."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.test import Client

from bedside.errors import ConflictError, NotAllowedError, NotFoundError, UsageError
from bedside.site.accounts.actions import add_user
from bedside.site.accounts.models import AuditEntry, User
from bedside.site.accounts.roles import Role
from bedside.site.problems import NotFinishedError, SealedError, TooOftenError
from bedside.site.reflection import item_reports, reasons
from bedside.site.reflection.item_reports import Part, answer_report, report_item, reports, reports_by
from bedside.site.reflection.models import ErrorReason, ItemNote, ItemReport
from bedside.site.reflection.notes import change_note, notes_of
from bedside.site.reflection.queries import reasons_of, said_in
from bedside.site.reflection.reasons import Reason, say_reason
from tests.support.people import browser_of, person, proctored_player, program_of
from tests.support.site import KEY, Clock, Player, get, new_player, post
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture
def tutor(client: Client, clock: Clock) -> Player:
    """A block in tutor mode whose first item was answered wrong and whose second was answered right."""
    player = new_player(client, clock, mode="tutor")
    answer(player, clock, "A", KEY)
    return player


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser."""
    return browser_of(user)


def answer(player: Player, clock: Clock, *choices: str) -> list[str]:
    items = [item["id"] for item in player.open_block()]
    for item, choice in zip(items, choices, strict=False):
        clock.pass_s(20)
        player.do("answered", item=item, choice=[choice], ms=20_000)
    return items


def items_of(player: Player) -> list[str]:
    return [item["id"] for item in get(player.client, f"{player.path}/blocks/1")["items"]]


def finish(player: Player) -> None:
    player.note("block_closed", block=1)
    player.do("finished")


def say(user: User, player: Player, item: str, reason: Reason, clock: Clock, **more: object) -> ErrorReason:
    return say_reason(user, UUID(player.sitting), item, reason, at=clock.now(), **{"name": uuid4(), **more})  # type: ignore[arg-type]


def seal(client: Client, clock: Clock) -> Player:
    """A proctored sitting under way."""
    player = proctored_player(client, clock)
    player.open_block()
    return player


# --- why it was wrong ------------------------------------------------------------------------------------------------------


def test_a_wrong_answer_gets_its_reason_at_once_in_tutor_mode(user: User, tutor: Player, clock: Clock) -> None:
    item = items_of(tutor)[0]

    row = say(user, tutor, item, Reason.MISREAD, clock)

    assert (row.item, row.item_version, row.reason, row.chosen, row.confused_with) == (item, 1, "misread", "A", "")
    assert said_in(user, UUID(tutor.sitting)) == {item: row}


def test_what_was_confused_is_the_chosen_option_and_the_key_unless_another_is_named(
    user: User, tutor: Player, clock: Clock
) -> None:
    item = items_of(tutor)[0]

    preset = say(user, tutor, item, Reason.CONFUSED, clock)
    named = say(user, tutor, item, Reason.CONFUSED, clock, confused_with="D")

    assert (preset.chosen, preset.confused_with) == ("A", KEY)
    assert (named.chosen, named.confused_with) == ("A", "D")


@pytest.mark.parametrize("letter", ["A", "Z"])
def test_nothing_is_confused_with_itself_or_with_no_option(letter: str, user: User, tutor: Player, clock: Clock) -> None:
    with pytest.raises(UsageError):
        say(user, tutor, items_of(tutor)[0], Reason.CONFUSED, clock, confused_with=letter)


def test_the_last_reason_counts_and_the_earlier_ones_stay(user: User, tutor: Player, clock: Clock) -> None:
    item = items_of(tutor)[0]
    say(user, tutor, item, Reason.DID_NOT_KNOW, clock)
    clock.pass_s(1)
    say(user, tutor, item, Reason.MISREAD, clock)

    overview = reasons_of(user)

    assert [one.reason for one in overview.said] == [Reason.MISREAD]
    assert ErrorReason.objects.count() == 2


def test_a_reason_that_waited_for_the_network_does_not_take_the_place_of_a_later_one(
    user: User, tutor: Player, clock: Clock
) -> None:
    item = items_of(tutor)[0]
    clock.pass_s(3600)
    say(user, tutor, item, Reason.MISREAD, clock)
    say(user, tutor, item, Reason.DID_NOT_KNOW, clock, ago=timedelta(minutes=10))

    assert said_in(user, UUID(tutor.sitting))[item].reason == "misread"


def test_a_reason_that_is_sent_twice_counts_once(user: User, tutor: Player, clock: Clock) -> None:
    item, name = items_of(tutor)[0], uuid4()
    say(user, tutor, item, Reason.MISREAD, clock, name=name)
    say(user, tutor, item, Reason.MISREAD, clock, name=name)

    assert ErrorReason.objects.count() == 1
    with pytest.raises(ConflictError):
        say(user, tutor, item, Reason.DID_NOT_KNOW, clock, name=name)


def test_a_right_answer_has_no_reason(user: User, tutor: Player, clock: Clock) -> None:
    with pytest.raises(UsageError, match="was right"):
        say(user, tutor, items_of(tutor)[1], Reason.MISREAD, clock)


def test_an_item_without_an_answer_has_none_before_its_key_is_shown(user: User, tutor: Player, clock: Clock) -> None:
    with pytest.raises(NotFinishedError):
        say(user, tutor, items_of(tutor)[2], Reason.MISREAD, clock)


def test_a_timed_block_takes_reasons_only_with_its_report(user: User, player: Player, clock: Clock) -> None:
    item = answer(player, clock, "A")[0]
    with pytest.raises(NotFinishedError):
        say(user, player, item, Reason.MISREAD, clock)
    finish(player)
    with pytest.raises(NotFinishedError):
        say(user, player, item, Reason.MISREAD, clock)
    get(player.client, f"{player.path}/report")

    assert say(user, player, item, Reason.MISREAD, clock).reason == "misread"


def test_changed_from_right_is_a_reason_where_the_log_shows_it(user: User, player: Player, clock: Clock) -> None:
    first, second, *_ = answer(player, clock, KEY, "A")
    player.do("answered", item=first, choice=["C"], ms=30_000)
    finish(player)
    get(player.client, f"{player.path}/report")

    assert say(user, player, first, Reason.CHANGED_FROM_RIGHT, clock).chosen == "C"
    with pytest.raises(UsageError, match="not chosen before"):
        say(user, player, second, Reason.CHANGED_FROM_RIGHT, clock)


def test_nobody_says_anything_of_the_sitting_of_another(tutor: Player, clock: Clock) -> None:
    other = add_user("bob", password=None, at=T0)
    with pytest.raises(NotFoundError):
        say(other, tutor, items_of(tutor)[0], Reason.MISREAD, clock)


def test_while_a_proctored_sitting_is_under_way_nothing_is_said_or_read(
    user: User, client: Client, tutor: Player, clock: Clock, reader: Client
) -> None:
    item = items_of(tutor)[0]
    seal(client, clock)

    with pytest.raises(SealedError):
        say(user, tutor, item, Reason.MISREAD, clock)
    with pytest.raises(SealedError):
        change_note(user, item, "B it is", at=clock.now())
    with pytest.raises(SealedError):
        report_item(user, UUID(tutor.sitting), item, part=Part.KEY, text="C", name=uuid4(), at=clock.now())
    post(client, f"{tutor.path}/reasons", {"id": str(uuid4()), "item": item, "reason": "misread"}, expect=409)
    get(client, f"{tutor.path}/reasons", expect=409)
    for path in ("/confusions", "/notes", f"/report/{tutor.sitting}/items/1/error", "/confusions/0123456789abcdef/card"):
        shown = reader.get(path)
        assert shown.status_code == 409, path
        assert "SECRET" not in shown.content.decode()


def test_a_proctored_sitting_takes_reasons_only_once_its_report_was_opened(user: User, client: Client, clock: Clock) -> None:
    sitter = proctored_player(client, clock)
    item = answer(sitter, clock, "A")[0]
    with pytest.raises(SealedError):
        say(user, sitter, item, Reason.MISREAD, clock)
    finish(sitter)
    with pytest.raises((SealedError, NotFinishedError)):
        say(user, sitter, item, Reason.MISREAD, clock)
    assert reasons_of(user).n_wrong == 0
    get(client, f"{sitter.path}/report")

    assert say(user, sitter, item, Reason.MISREAD, clock).reason == "misread"
    assert reasons_of(user).n_wrong == 1


def test_a_reason_is_given_a_bounded_number_of_times(
    user: User, tutor: Player, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reasons, "MAX_SAID", 1)
    item = items_of(tutor)[0]
    say(user, tutor, item, Reason.MISREAD, clock)
    with pytest.raises(TooOftenError):
        say(user, tutor, item, Reason.DID_NOT_KNOW, clock)


def test_the_overview_counts_by_reason_area_and_week(user: User, client: Client, clock: Clock) -> None:
    for reason, area in ((Reason.MISREAD, "renal"), (Reason.CONFUSED, "blood")):
        player = new_player(client, clock, mode="tutor", filter={"system": [area]})
        say(user, player, answer(player, clock, "A", "A")[0], reason, clock)
        finish(player)
        clock.pass_s(14 * 24 * 3600)

    overview = reasons_of(user)

    assert (overview.n_wrong, overview.n_said, overview.n_not_knowledge) == (4, 2, 1)
    assert overview.counts[Reason.MISREAD] == overview.by_area["renal"][Reason.MISREAD] == 1
    assert overview.by_area["blood"][Reason.MISREAD] == 0
    assert [sum(counts.values()) for _, counts in overview.by_week] == [1, 0, 1]


def test_who_said_nothing_has_an_empty_overview(user: User) -> None:
    overview = reasons_of(user)

    assert (overview.n_wrong, overview.said, overview.by_week, sum(overview.counts.values())) == (0, (), (), 0)


def test_the_api_tells_what_was_said_and_noted(client: Client, user: User, tutor: Player, clock: Clock) -> None:
    first, second, *_ = items_of(tutor)
    told = post(client, f"{tutor.path}/reasons", {"id": str(uuid4()), "item": first, "reason": "confused"})
    tutor.do("noted", item=second, text="Not A.")

    found = get(client, f"{tutor.path}/reasons")["items"]

    assert (told["chosen"], told["confused_with"]) == ("A", KEY)
    assert [(one["item"], one["reason"] and one["reason"]["reason"], one["note"]) for one in found] == [
        (first, "confused", ""),
        (second, None, "Not A."),
    ]


# --- own notes -------------------------------------------------------------------------------------------------------------


def test_the_later_of_the_note_in_a_sitting_and_the_one_outside_counts(user: User, tutor: Player, clock: Clock) -> None:
    item = items_of(tutor)[0]
    tutor.do("noted", item=item, text="In the block.")
    assert [note.text for note in notes_of(user)] == ["In the block."]

    clock.pass_s(60)
    change_note(user, item, "Outside.", at=clock.now())
    assert [note.text for note in notes_of(user)] == ["Outside."]

    clock.pass_s(60)
    tutor.do("noted", item=item, text="In the block again.")
    assert [note.text for note in notes_of(user)] == ["In the block again."]


def test_an_empty_note_is_removed(user: User, tutor: Player, clock: Clock) -> None:
    item = items_of(tutor)[0]
    tutor.do("noted", item=item, text="In the block.")
    clock.pass_s(60)
    change_note(user, item, "  ", at=clock.now())

    assert notes_of(user) == []
    assert ItemNote.objects.get().text == ""


def test_notes_are_found_by_their_words_and_those_of_the_item(user: User, tutor: Player, clock: Clock) -> None:
    first, second, *_ = items_of(tutor)
    change_note(user, first, "Mind the potassium.", at=clock.now())
    change_note(user, second, "Read to the end.", at=clock.now())

    assert [note.item for note in notes_of(user, words="POTASSIUM mind")] == [first]
    assert [note.item for note in notes_of(user, words=second)] == [second]
    assert notes_of(user, words="sodium") == []


def test_a_note_is_not_shown_before_the_key_of_its_item(user: User, player: Player, clock: Clock) -> None:
    item = answer(player, clock, "A")[0]
    player.do("noted", item=item, text="Perhaps B.")

    assert notes_of(user) == []
    with pytest.raises(NotFoundError):
        change_note(user, item, "Perhaps C.", at=clock.now())


def test_a_note_has_a_length(user: User, tutor: Player, clock: Clock) -> None:
    with pytest.raises(UsageError):
        change_note(user, items_of(tutor)[0], "x" * 4001, at=clock.now())


# --- errors in items -------------------------------------------------------------------------------------------------------


def report(user: User, player: Player, clock: Clock, text: str = "The key should be C.", **more: object) -> ItemReport:
    known = {"part": Part.KEY, "name": uuid4(), **more}
    return report_item(user, UUID(player.sitting), items_of(player)[0], text=text, at=clock.now(), **known)  # type: ignore[arg-type]


def test_an_error_is_kept_with_the_item_as_it_was_seen(user: User, tutor: Player, clock: Clock) -> None:
    report(user, tutor, clock)

    [one] = reports_by(user)
    assert (one.row.state, one.row.part, one.row.item_version, len(one.row.hash)) == ("open", "key", 1, 64)
    assert one.item is not None
    assert one.item.id == one.row.item


def test_a_report_that_is_sent_twice_is_one(user: User, tutor: Player, clock: Clock) -> None:
    name = uuid4()
    report(user, tutor, clock, name=name)
    report(user, tutor, clock, name=name)

    assert ItemReport.objects.count() == 1
    with pytest.raises(ConflictError):
        report(user, tutor, clock, "Another thing.", name=name)


def test_reports_of_one_person_in_a_day_are_bounded(
    user: User, tutor: Player, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_reports, "MAX_A_DAY", 1)
    report(user, tutor, clock)
    with pytest.raises(TooOftenError):
        report(user, tutor, clock)
    assert ItemReport.objects.count() == 1


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.ADMINISTRATOR])
def test_who_writes_or_checks_items_answers_a_report_and_closes_it(
    role: Role, user: User, tutor: Player, clock: Clock, reader: Client
) -> None:
    made, who = report(user, tutor, clock), person("rex", role)

    answer_report(who, made.pk, text="You are right; it is changed.", closes=False, at=clock.now())
    assert [one.row.state for one in reports()] == ["answered"]
    answer_report(who, made.pk, text="You are right; version 2 has it.", closes=True, at=clock.now())

    assert (reports(), [one.row.state for one in reports(show="closed")]) == ([], ["closed"])
    assert "version 2 has it" in reader.get("/notes").content.decode()
    assert [entry.verb for entry in AuditEntry.objects.filter(actor=who)] == ["item_report_answered", "item_report_closed"]
    with pytest.raises(ConflictError):
        answer_report(who, made.pk, text="Once more.", closes=True, at=clock.now())


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.PROCTOR])
def test_nobody_else_sees_or_answers_reports(role: Role, user: User, tutor: Player, clock: Clock) -> None:
    made, who = report(user, tutor, clock), person("rex", role)

    with pytest.raises(NotAllowedError):
        answer_report(who, made.pk, text="No.", closes=True, at=clock.now())
    for path in ("/office/reports", f"/office/reports/{made.pk}"):
        assert browser_of(who).get(path).status_code == 403
    assert browser_of(who).post(f"/office/reports/{made.pk}", {"text": "No."}).status_code == 403
    assert ItemReport.objects.get().state == "open"


def test_an_author_whose_own_proctored_sitting_is_under_way_reads_no_reports(user: User, tutor: Player, clock: Clock) -> None:
    made, who = report(user, tutor, clock), person("rex", Role.AUTHOR, Role.CANDIDATE)
    seal(program_of(who), clock)

    assert browser_of(who).get(f"/office/reports/{made.pk}").status_code == 409
    with pytest.raises(SealedError):
        answer_report(who, made.pk, text="No.", closes=True, at=clock.now())
