"""Statements: no draft is lost, what differs is told by words, lengths are told against their limit, and all goes along."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from bedside.errors import ConflictError, UsageError
from bedside.site.accounts.models import User
from bedside.site.papers import telling
from bedside.site.papers.drafts import Change, difference, n_words
from bedside.site.papers.limits import MOST_DRAFT
from bedside.site.papers.models import Letter, Paper, Statement, StatementDraft
from tests.support.lives import Machine, lines, with_lines
from tests.support.papers import one_of_each, write_papers_content
from tests.support.pathway_site import TODAY
from tests.support.people import browser_of
from tests.support.servers import Servers
from tests.support.site import Clock
from tests.support.sittings import T0


@pytest.fixture(scope="session")
def papers_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_papers_content(tmp_path_factory.mktemp("papers") / "content")


@pytest.fixture
def reader(user: User, clock: Clock, content_dir: Path, papers_content: Path, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(settings, "CONTENT", papers_content)
    clock.at = TODAY
    return browser_of(user)


@pytest.fixture
def statement(user: User) -> Statement:
    return Statement.objects.create(user=user, title="Psychiatry", changed_at=TODAY)


def address(statement: Statement, more: str = "") -> str:
    return f"/pathway/papers/statements/{statement.pk}{more}"


# --- drafts ---------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_save_is_a_draft_and_no_draft_is_lost(reader: Client, statement: Statement, clock: Clock) -> None:
    for n, text in enumerate(["First.", "Second.", "First."]):
        clock.at = TODAY + timedelta(minutes=n)
        assert reader.post(address(statement), {"text": text}).status_code == 302
    reader.post(address(statement), {"text": "First."})  # the same once more
    kept = list(statement.drafts.order_by("at").values_list("text", flat=True))
    assert kept == ["First.", "Second.", "First."]
    page = reader.get(address(statement))
    assert [one["row"].text for one in page.context["drafts"]] == kept[::-1]


@pytest.mark.django_db
def test_a_draft_is_never_changed_or_deleted(statement: Statement) -> None:
    draft = StatementDraft.objects.create(statement=statement, text="Mine.", at=TODAY)
    draft.text = "Other."
    for deed in (draft.save, draft.delete, StatementDraft.objects.all().delete):
        with pytest.raises(ConflictError):
            deed()
    assert StatementDraft.objects.get().text == "Mine."


@pytest.mark.django_db
def test_drafts_of_one_instant_keep_their_order(reader: Client, statement: Statement) -> None:
    for text in ("One.", "Two.", "Three."):
        reader.post(address(statement), {"text": text})
    assert [one["row"].text for one in reader.get(address(statement)).context["drafts"]] == ["Three.", "Two.", "One."]


@pytest.mark.django_db
def test_an_old_draft_is_begun_from_and_the_newer_ones_stay(reader: Client, statement: Statement, clock: Clock) -> None:
    for n, text in enumerate(["Old.", "New."]):
        clock.at = TODAY + timedelta(minutes=n)
        reader.post(address(statement), {"text": text})
    old = statement.drafts.get(text="Old.")
    page = reader.get(address(statement, f"?from={old.pk}"))
    assert page.context["cells"][0]["value"] == "Old."
    assert statement.drafts.count() == 2
    assert reader.get(address(statement, f"?from={uuid4()}")).status_code == 404


@pytest.mark.django_db
def test_a_statement_that_was_taken_away_keeps_its_drafts(reader: Client, statement: Statement) -> None:
    reader.post(address(statement), {"text": "Mine."})
    reader.post("/pathway/papers/take-away", {"row": f"statement {statement.pk}"})
    assert "Psychiatry" not in reader.get("/pathway/papers/statements").content.decode()
    reader.post("/pathway/papers/put-back", {"row": f"statement {statement.pk}"})
    assert reader.get(address(statement)).context["cells"][0]["value"] == "Mine."


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "words"),
    [("", "There are no words to keep."), ("  \n ", "There are no words to keep."), ("x" * (MOST_DRAFT + 1), "At most 60000")],
)
def test_what_is_no_draft_is_refused_and_stays_in_its_field(
    reader: Client, statement: Statement, text: str, words: str
) -> None:
    page = reader.post(address(statement), {"text": text})
    assert page.status_code == 400
    assert words in page.context["cells"][0]["problems"][0]
    assert page.context["cells"][0]["value"] == text
    assert not statement.drafts.exists()


# --- lengths --------------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_line_end_counts_as_one_character_however_the_browser_sends_it(reader: Client, statement: Statement) -> None:
    reader.post(address(statement), {"text": "One two\r\n\r\nthree."})
    page = reader.get(address(statement)).content.decode()
    assert statement.drafts.get().text == "One two\n\nthree."
    assert "15 of 28,000 characters, 3 words" in page
    assert "AAMC: MyERAS user guide, Personal Statement" in page


@pytest.mark.django_db
def test_what_is_too_long_is_kept_and_said(reader: Client, statement: Statement) -> None:
    reader.post(address(statement), {"text": "word " * 5_601})
    assert statement.drafts.count() == 1
    assert "28,004 of 28,000 characters, 5,601 words; 4 too many" in reader.get(address(statement)).content.decode()


def test_without_a_limit_only_the_length_is_told() -> None:
    assert telling.counted("Two words", None) == "9 characters, 2 words"


# --- what differs ---------------------------------------------------------------------------------------------------------


def test_what_differs_is_told_by_words() -> None:
    found = difference("I like quiet wards.", "I like busy wards at night.")
    assert [(one.change, one.text) for one in found.pieces] == [
        (Change.SAME, "I like "),
        (Change.GONE, "quiet wards."),
        (Change.NEW, "busy wards at night."),
    ]
    assert (found.n_gone, found.n_new) == (2, 4)


TEXTS = st.lists(st.sampled_from(["a", "b", "c ", " ", "\n", "word "]), max_size=30).map("".join)


@given(before=TEXTS, after=TEXTS)
def test_both_drafts_can_be_read_out_of_what_differs(before: str, after: str) -> None:
    pieces = difference(before, after).pieces
    assert "".join(one.text for one in pieces if one.change is not Change.NEW) == before
    assert "".join(one.text for one in pieces if one.change is not Change.GONE) == after


@given(text=TEXTS)
def test_a_draft_does_not_differ_from_itself(text: str) -> None:
    found = difference(text, text)
    assert (found.n_gone, found.n_new) == (0, 0)
    assert n_words(text) == sum(n_words(one.text) for one in found.pieces)


@pytest.mark.parametrize(("n_kinds", "n"), [(101, 14_000), (101, 2_400), (10, 750), (60_000, 4_900), (1, 20_000)])
def test_drafts_made_to_take_long_are_compared_in_a_moment(n_kinds: int, n: int) -> None:
    one = " ".join(f"{number % n_kinds}" for number in range(n))[:MOST_DRAFT]
    other = " ".join(f"{(number * 7 + 3) % n_kinds}" for number in range(n))[:MOST_DRAFT]
    start = time.process_time()
    pieces = difference(one, other).pieces
    assert time.process_time() - start < 6
    assert "".join(piece.text for piece in pieces if piece.change is not Change.NEW) == one


def test_drafts_of_very_many_words_are_compared_by_lines() -> None:
    lines = [f"{number} " * 60 + "\n" for number in range(100)]
    found = difference("".join(["begun\n", *lines, "ended"]), "".join(["Begun\n", *lines[:50], "new\n", *lines[50:], "Ended"]))
    assert [one.text for one in found.pieces if one.change is Change.NEW] == ["Begun\n", "new\n", "Ended"]


@pytest.mark.django_db
def test_the_page_shows_what_went_and_what_came_and_nothing_of_it_as_markup(
    reader: Client, statement: Statement, clock: Clock
) -> None:
    assert reader.get(address(statement, "/compare")).status_code == 404
    for n, text in enumerate(["I <b>like</b> wards.", "I <b>like</b> nights."]):
        clock.at = TODAY + timedelta(minutes=n)
        reader.post(address(statement), {"text": text})
    page = reader.get(address(statement, "/compare")).content.decode()
    assert "<del>wards.</del><ins>nights.</ins>" in page
    assert "I &lt;b&gt;like&lt;/b&gt; " in page
    first, second = statement.drafts.order_by("at")
    turned = reader.get(address(statement, f"/compare?before={second.pk}&after={first.pk}")).content.decode()
    assert "<del>nights.</del><ins>wards.</ins>" in turned
    assert reader.get(address(statement, f"/compare?before={uuid4()}")).status_code == 404


# --- out and in -----------------------------------------------------------------------------------------------------------

of_servers = pytest.mark.skipif(connection.vendor != "sqlite", reason="each server of a test is a file of SQLite")


def _papers_of_ada(user: User) -> None:
    one_of_each(user, (uuid4(), uuid4(), uuid4(), uuid4()), T0)


@of_servers
@pytest.mark.django_db(transaction=True)
def test_all_of_it_goes_out_and_comes_back_on_another_machine(servers: Servers, tmp_path: Path) -> None:
    home, away = Machine(servers.new(), tmp_path), Machine(servers.new(), tmp_path)
    home.do(_papers_of_ada)
    away.bring(home.export())
    assert home.rows() == away.rows()
    with away.server.at_work():
        assert StatementDraft.objects.get(statement__user=away.user).text == "I listen."
        assert Letter.objects.get().waived is True


@of_servers
@pytest.mark.django_db(transaction=True)
def test_what_was_taken_away_later_stays_away_on_the_other_machine(servers: Servers, tmp_path: Path) -> None:
    home, away = Machine(servers.new(), tmp_path), Machine(servers.new(), tmp_path)
    home.do(_papers_of_ada)
    away.bring(home.export())
    with away.server.at_work():
        Letter.objects.update(removed_at=T0 + timedelta(days=1), changed_at=T0 + timedelta(days=1))
    home.bring(away.export())
    away.bring(home.export())
    for machine in (home, away):
        with machine.server.at_work():
            assert Letter.objects.get().removed_at is not None


@of_servers
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("table", "field", "value"),
    [
        ("papers", "state", "lovely"),
        ("papers", "note", "x" * 2_001),
        ("experiences", "hours", 169),
        ("experiences", "done", "x" * 5_001),
        ("letters", "writer", "x" * 121),
        ("statement_drafts", "text", ""),
        ("statement_drafts", "text", "x" * (MOST_DRAFT + 1)),
    ],
)
def test_what_nobody_could_type_in_is_refused(servers: Servers, tmp_path: Path, table: str, field: str, value: object) -> None:
    home, away = Machine(servers.new(), tmp_path), Machine(servers.new(), tmp_path)
    home.do(_papers_of_ada)
    file = home.export()
    odd = with_lines(file, table, [{**row, field: value} for row in lines(file, table)])
    with pytest.raises(UsageError, match=f'field "{field}"'):
        away.bring(odd)
    with away.server.at_work():
        assert not Paper.objects.exists()
