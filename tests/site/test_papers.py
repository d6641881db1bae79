"""The papers: only one's own, in the order in which they matter, with every form mended field by field."""

from __future__ import annotations

import logging
import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory

from bedside.site.accounts.models import User
from bedside.site.papers import telling
from bedside.site.papers.limits import MOST_ROWS
from bedside.site.papers.models import Experience, Letter, Paper, Statement
from bedside.site.papers.urls import urlpatterns
from tests.support.papers import one_of_each, write_papers_content
from tests.support.pathway_site import LAHORE, TODAY, keep
from tests.support.people import browser_of, person
from tests.support.site import Clock, write_content

pytestmark = pytest.mark.django_db

ON = TODAY.date()


@pytest.fixture(scope="session")
def papers_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_papers_content(tmp_path_factory.mktemp("papers") / "content")


@pytest.fixture(autouse=True)
def _today(clock: Clock, content_dir: Path, papers_content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONTENT", papers_content)
    clock.at = TODAY


@pytest.fixture
def reader(user: User) -> Client:
    return browser_of(user)


def text_of(browser: Client, address: str) -> str:
    """The words of a page, without its marks."""
    page = browser.get(address)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def paper(user: User, key: str, **said: object) -> Paper:
    return Paper.objects.create(user=user, key=key, title=key, changed_at=TODAY, **said)


# --- whose they are -------------------------------------------------------------------------------------------------------


def test_nobody_sees_or_changes_what_is_somebody_elses(user: User, reader: Client) -> None:
    other = person("other")
    one_of_each(other, (uuid4(), uuid4(), uuid4(), uuid4()), TODAY)
    letter, experience, statement = Letter.objects.get(), Experience.objects.get(), Statement.objects.get()
    for address in (
        f"/pathway/papers/letters/{letter.pk}",
        f"/pathway/papers/experience/{experience.pk}",
        f"/pathway/papers/statements/{statement.pk}",
        f"/pathway/papers/statements/{statement.pk}/title",
        f"/pathway/papers/statements/{statement.pk}/compare",
    ):
        assert reader.get(address).status_code == 404
        assert reader.post(address, {"writer": "me", "text": "mine"}).status_code in {404, 405}
    for model, row in (("letter", letter), ("experience", experience), ("statement", statement)):
        assert reader.post("/pathway/papers/take-away", {"row": f"{model} {row.pk}"}).status_code == 404
    for address in ("", "/letters", "/experience", "/statements", "/print"):
        told = text_of(reader, f"/pathway/papers{address}")
        assert not any(word in told for word in ("Rahman", "Aga Khan", "Psychiatry", "I listen"))
    assert "Rahman" in text_of(browser_of(other), "/pathway/papers/letters")


def test_a_paper_of_ones_own_has_an_address_that_is_nothing_to_others(reader: Client) -> None:
    row = paper(person("other"), "own-1")
    assert reader.get("/pathway/papers/paper/own-1").status_code == 404
    assert reader.post("/pathway/papers/take-away", {"row": f"paper {row.pk}"}).status_code == 404


def test_who_has_not_signed_in_is_sent_to_do_so(rf: RequestFactory) -> None:
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        arguments = {name: "own-1" if name == "key" else uuid4() for name in names}
        sent_to = []
        for method in (rf.get, rf.post):
            request = method("/pathway/papers")
            request.user = AnonymousUser()
            answer = pattern.callback(request, **arguments)
            assert answer.status_code in {302, 405}
            sent_to.append(answer.headers.get("Location", "")[:6])
        assert "/login" in sent_to


def test_the_words_of_a_person_are_in_no_log(reader: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    sent = {"writer": "Dr. Secretname", "note": "Secretnote"}
    reader.post("/pathway/papers/letters/new", sent)
    reader.post("/pathway/papers/statements/new", {"title": "Secrettitle"})
    row = Statement.objects.get()
    reader.post(f"/pathway/papers/statements/{row.pk}", {"text": "Secretwords"})
    said = " ".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    assert "Secret" not in said
    assert "Secret" not in f"{row}{Letter.objects.get()}{row.drafts.get()}"


# --- the list -------------------------------------------------------------------------------------------------------------


def test_papers_stand_by_stage_each_with_its_source(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    page = reader.get("/pathway/papers")
    titles = [title for title, _lines in page.context["stages"]]
    assert titles[0] == "ECFMG certification"
    assert len(titles) == 5
    for _title, lines in page.context["stages"]:
        for line in lines:
            assert line.cited.sources
            assert all(one.sources for one in line.says)


def test_who_studied_in_the_united_states_has_no_paper_of_schools_abroad(user: User, reader: Client) -> None:
    keep(user, {"person": {"kind": "us_md", "citizenship": ["US"]}})
    keys = {line.key for _title, lines in reader.get("/pathway/papers").context["stages"] for line in lines}
    assert not any(key.startswith(("ecfmg.", "visa.")) for key in keys)
    assert {"eras.statement", "eras.mspe", "match.list", "post.contract", "licence.step3"} <= keys


def test_where_the_record_is_silent_that_is_said(reader: Client) -> None:
    told = text_of(reader, "/pathway/papers")
    assert "Your record does not say where you study or studied" in told
    assert "Whether you need it hangs on things that your record does not say." in told


def test_what_the_record_shows_ticks_itself(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    lines = {one.key: one for _title, lines in reader.get("/pathway/papers").context["stages"] for one in lines}
    assert lines["ecfmg.english"].is_done
    assert lines["ecfmg.english"].told == "Your record of the pathway shows it."
    assert not lines["ecfmg.verified"].is_done
    assert "English test: OET Medicine" not in lines["ecfmg.certificate"].waits_for


def test_what_runs_out_within_90_days_stands_first_the_soonest_before_the_others(user: User, reader: Client) -> None:
    for key, days in (("own-a", 90), ("own-b", 91), ("own-c", -3), ("own-d", 10)):
        paper(user, key, state="here", expires_on=ON + timedelta(days=days))
    paper(user, "own-e", state="not_needed", expires_on=ON)
    page = reader.get("/pathway/papers")
    assert [one.key for one in page.context["expiring"]] == ["own-c", "own-d", "own-a"]
    told = text_of(reader, "/pathway/papers")
    assert told.index("Runs out within 90 days") < told.index("What comes next") < told.index("ECFMG certification")
    assert "Ran out on 26 November 2026." in told
    assert "Runs out on 9 December 2026, in 10 days." in told


def test_a_certificate_that_runs_out_by_the_record_stands_there_too(user: User, reader: Client) -> None:
    oet = {**LAHORE["certificates"][0], "expires": "2027-01-15"}
    keep(user, {**LAHORE, "certificates": [oet]})
    assert [one.key for one in reader.get("/pathway/papers").context["expiring"]] == ["ecfmg.english"]


def test_what_comes_next_waits_for_nothing_and_first_what_has_a_day(user: User, reader: Client) -> None:
    keep(user, LAHORE)
    paper(user, "ecfmg.passport", state="here")
    paper(user, "eras.mspe", state="asked", wanted_on=ON + timedelta(days=5))
    found = reader.get("/pathway/papers").context["next"]
    assert found[0].key == "eras.mspe"
    assert found[0].until_told == "needed by 4 December 2026, as you said"
    assert found[1].until_told == "for “Pathway: clinical skills attested” until 31 January 2027"
    assert found[1].key == "ecfmg.identity"
    assert not any(one.waits_for or one.is_done for one in found)
    assert "ecfmg.application" not in {one.key for one in found}  # it waits for the identity


def test_a_paper_that_the_content_no_longer_has_stays_by_its_name(user: User, reader: Client) -> None:
    Paper.objects.create(user=user, key="old.form", title="An old form", state="sent", sent_on=ON, changed_at=TODAY)
    assert "An old form" in text_of(reader, "/pathway/papers")
    assert "Sent on 29 November 2026." in text_of(reader, "/pathway/papers")


def test_a_site_without_a_list_keeps_what_is_ones_own(
    user: User, reader: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(settings, "CONTENT", write_content(tmp_path / "bare"))
    paper(user, "own-a")
    told = text_of(reader, "/pathway/papers")
    assert "has no list of papers" in told
    assert "own-a" in told


# --- forms ----------------------------------------------------------------------------------------------------------------


def test_how_a_paper_stands_is_written_down_and_shown(user: User, reader: Client) -> None:
    address = "/pathway/papers/paper/ecfmg.diploma"
    answer = reader.post(address, {"state": "asked", "asked_on": "2026-11-20", "whom": "the registrar", "seen": ""})
    assert answer.headers["Location"] == "/pathway/papers#ecfmg.diploma"
    row = Paper.objects.get(user=user)
    assert (row.key, row.title, row.state, row.asked_on) == ("ecfmg.diploma", "Medical diploma", "asked", date(2026, 11, 20))
    assert "Asked for on 20 November 2026, not here yet." in text_of(reader, "/pathway/papers")
    assert 'value="the registrar"' in reader.get(address).content.decode()


@pytest.mark.parametrize(
    ("address", "sent", "field", "words"),
    [
        ("paper/eras.mspe", {"state": "to_do", "asked_on": "soon"}, "asked_on", "Write the day as 2027-03-14"),
        ("paper/eras.mspe", {"state": "to_do", "sent_on": "1850-01-01"}, "sent_on", "between 1970 and 2199"),
        ("paper/eras.mspe", {"state": "lovely"}, "state", "lovely"),
        ("paper/eras.mspe", {"state": "here", "note": "x" * 2001}, "note", "At most 2000 characters; these are 2001."),
        (
            "paper/eras.mspe",
            {"state": "here", "asked_on": "2026-05-02", "received_on": "2026-05-01"},
            "received_on",
            "This lies before the day of “Asked for on”.",
        ),
        ("own", {"state": "to_do"}, "title", "Write what it is."),
        ("letters/new", {"writer": ""}, "writer", "Write who writes it."),
        ("letters/new", {"writer": "x" * 121}, "writer", "At most 120 characters; these are 121."),
        (
            "letters/new",
            {"writer": "Dr. A", "asked_on": "2026-05-02", "arrived_on": "2026-05-01"},
            "arrived_on",
            "This lies before",
        ),
        ("experience/new", {"place": "Karachi"}, "kind", "Choose one from the list."),
        ("experience/new", {"kind": "work"}, "place", "Write where it was."),
        ("experience/new", {"kind": "work", "place": "A", "hours": "169"}, "hours", "A week has 168 hours."),
        ("experience/new", {"kind": "work", "place": "A", "hours": "many"}, "hours", "Write a number of hours."),
        (
            "experience/new",
            {"kind": "work", "place": "A", "begun_on": "2026-05-02", "ended_on": "2026-05-01"},
            "ended_on",
            "This lies before the day of “From”.",
        ),
        ("statements/new", {"title": " "}, "title", "Give it a title."),
    ],
)
def test_a_mistake_stands_beside_its_field_with_what_was_typed(
    reader: Client, address: str, sent: dict[str, str], field: str, words: str
) -> None:
    page = reader.post(f"/pathway/papers/{address}", sent)
    assert page.status_code == 400
    cells = {one["id"]: one for one in page.context["cells"]}
    assert words in " ".join(map(str, cells[field]["problems"]))
    assert cells[field]["value"] == sent.get(field, "")
    assert [name for name, one in cells.items() if one["problems"]] == [field]
    assert f'id="{field}-problem"' in page.content.decode()
    assert not any(model.objects.exists() for model in (Paper, Letter, Experience, Statement))


def test_a_row_that_was_changed_elsewhere_is_not_overwritten(user: User, reader: Client) -> None:
    reader.post("/pathway/papers/letters/new", {"writer": "Dr. A"})
    row = Letter.objects.get()
    page = reader.post(f"/pathway/papers/letters/{row.pk}", {"writer": "Dr. B", "seen": "before"})
    assert page.status_code == 409
    assert Letter.objects.get().writer == "Dr. A"
    seen = page.context["seen"]
    assert reader.post(f"/pathway/papers/letters/{row.pk}", {"writer": "Dr. B", "seen": seen}).status_code == 302
    assert Letter.objects.get().writer == "Dr. B"


def test_yes_no_and_not_said_are_told_apart(reader: Client) -> None:
    for said, kept in (("yes", True), ("no", False), ("", None)):
        reader.post("/pathway/papers/letters/new", {"writer": said or "unsaid", "waived": said})
        row = Letter.objects.get(writer=said or "unsaid")
        assert row.waived is kept
        cells = {one["id"]: one["value"] for one in reader.get(f"/pathway/papers/letters/{row.pk}").context["cells"]}
        assert cells["waived"] == said


def test_what_was_taken_away_is_put_back(reader: Client) -> None:
    reader.post("/pathway/papers/experience/new", {"kind": "work", "place": "Karachi", "done": "Night shifts."})
    row = Experience.objects.get()
    reader.post("/pathway/papers/take-away", {"row": f"experience {row.pk}"})
    assert "Night shifts." not in text_of(reader, "/pathway/papers/experience")
    assert "Taken away" in text_of(reader, "/pathway/papers")
    reader.post("/pathway/papers/put-back", {"row": f"experience {row.pk}"})
    assert "Night shifts." in text_of(reader, "/pathway/papers/experience")


def test_a_paper_of_the_list_is_not_taken_away(user: User, reader: Client) -> None:
    row = paper(user, "eras.mspe")
    assert reader.post("/pathway/papers/take-away", {"row": f"paper {row.pk}"}).status_code == 404
    assert 'name="row"' not in reader.get("/pathway/papers/paper/eras.mspe").content.decode()


@pytest.mark.parametrize("row", ["", "letter", "letter x", "user 00000000-0000-0000-0000-000000000007", "paper " + "9" * 90])
def test_what_names_no_row_is_not_found(reader: Client, row: str) -> None:
    assert reader.post("/pathway/papers/take-away", {"row": row}).status_code == 404


@pytest.mark.parametrize("key", ["nothing", "eras.letters", "eras.statement"])
def test_what_is_no_paper_has_no_form(reader: Client, key: str) -> None:
    assert reader.get(f"/pathway/papers/paper/{key}").status_code == 404


def test_there_is_an_end_to_how_many_are_kept(user: User, reader: Client) -> None:
    rows = [Letter(user=user, writer=f"Dr. {n}", changed_at=TODAY) for n in range(MOST_ROWS)]
    Letter.objects.bulk_create(rows)
    assert reader.post("/pathway/papers/letters/new", {"writer": "one more"}).status_code == 400
    assert Letter.objects.count() == MOST_ROWS


# --- sentences ------------------------------------------------------------------------------------------------------------


def letter(asked: str = "", arrived: str = "", promised: str = "") -> Letter:
    days = {"asked_on": asked, "arrived_on": arrived, "promised_on": promised}
    return Letter(writer="x", **{name: date.fromisoformat(day) for name, day in days.items() if day})


def test_letters_are_told_in_one_sentence() -> None:
    here = [letter("2026-01-02", "2026-02-02") for _ in range(3)]
    assert telling.letters_told([], ON) == "No letter is written down yet."
    assert telling.letters_told(here, ON) == "Three letters here."
    assert (
        telling.letters_told([*here, letter("2026-03-03")], ON)
        == "Three letters here, one asked for on 3 March 2026 and not arrived."
    )
    assert (
        telling.letters_told([letter("2026-03-03"), letter("2026-02-03"), letter()], ON)
        == "No letter here, two asked for and not arrived, the first on 3 February 2026, one not asked for."
    )


def test_a_promise_that_has_passed_is_told_without_judging() -> None:
    assert telling.letter_told(letter("2026-03-03", promised="2026-12-01"), ON).endswith("Promised by 1 December 2026.")
    assert telling.letter_told(letter("2026-03-03", promised="2026-11-01"), ON).endswith("It was promised by 1 November 2026.")


def test_everything_stands_on_the_page_to_print(user: User, reader: Client) -> None:
    one_of_each(user, (uuid4(), uuid4(), uuid4(), uuid4()), TODAY)
    told = text_of(reader, "/pathway/papers/print")
    assert all(word in told for word in ("Passport", "Dr. Rahman", "Aga Khan", "Counted cells.", "Psychiatry", "I listen."))
