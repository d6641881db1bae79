"""The office's pages on registrations by request, and what candidates read on theirs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from bedside.site.accounts.models import AuditEntry, User
from bedside.site.accounts.roles import Role
from bedside.site.exam.models import Sitting
from bedside.site.registration.models import CertifiedResult, OfficeRecord, Registration
from bedside.site.registration.registering import withdraw
from bedside.site.registration.required import is_required
from bedside.site.registration.results import change_validity
from tests.support.people import browser_of, person, program_of
from tests.support.registering import READY, TODAY, enrol, failed, know, passed, require, write_three_steps
from tests.support.site import Clock, Player, post
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="session")
def three_steps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_three_steps(tmp_path_factory.mktemp("three-pages") / "content")


@pytest.fixture(autouse=True)
def _content(content_dir: Path, three_steps: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONTENT", three_steps)


@pytest.fixture
def root(clock: Clock) -> User:
    return person("root", Role.ADMINISTRATOR)


@pytest.fixture
def ada(clock: Clock) -> User:
    return person("ada", Role.CANDIDATE)


@pytest.fixture
def desk(root: User) -> Client:
    """The administrator's browser."""
    return browser_of(root)


def at(name: str, *args: Any) -> str:
    return reverse(f"registration:{name}", args=args)


def words(answer: Any) -> str:
    """What a page says, without its tags."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def file_of(ada: User, desk: Client) -> str:
    return words(desk.get(at("candidate", ada.pk)))


# --- what is required ---------------------------------------------------------------------------------------------------


def test_an_administrator_requires_registrations_of_a_programme_and_lets_it_go(desk: Client) -> None:
    page = words(desk.get(at("list")))
    assert "The Exam: not required" in page
    assert "A registration holds 3 months (A page" in page
    wish = {"programme": "exam", "required": "1", "reason": ""}
    assert desk.post(at("required"), wish).status_code == 400
    assert not is_required("exam")
    assert desk.post(at("required"), {**wish, "reason": "we are its office"}).status_code == 302
    page = words(desk.get(at("list")))
    assert "The Exam: required" in page
    assert "we are its office" in page
    assert desk.post(at("required"), {**wish, "reason": "again"}).status_code == 409
    assert desk.post(at("required"), {**wish, "programme": "none", "reason": "x"}).status_code == 404


# --- a candidate's file -------------------------------------------------------------------------------------------------


def test_the_record_is_entered_part_by_part(ada: User, desk: Client) -> None:
    assert "Nothing yet." in file_of(ada, desk)
    person_ = {"number": "0", "degree.date-0": "2025-05-30", "identity_established-0": "yes", "reason": "diploma 17"}
    assert desk.post(at("part", ada.pk, "person"), {**person_, "degree.date-0": "soon"}).status_code == 400
    assert desk.post(at("part", ada.pk, "person"), {**person_, "reason": ""}).status_code == 400
    assert desk.post(at("part", ada.pk, "person"), person_).status_code == 302
    assert desk.post(at("part", ada.pk, "person"), {**person_, "credit_years-0": "4"}).status_code == 409  # of an older version
    rows = {
        "number": "1",
        "rows": "2",
        "step-0": "exam/first",
        "date-0": "2025-03-02",
        "result-0": "pass",
        "step-1": "exam/second",
        "date-1": "2025-09-02",
        "result-1": "fail",
        "reason": "letter 3",
    }
    assert desk.post(at("part", ada.pk, "attempts"), rows).status_code == 302
    page = file_of(ada, desk)
    assert "Version 2, by root" in page
    assert "EXAM: First step 2 Mar 2025 pass stands" in page
    assert "letter 3" in page
    assert [row.how for row in OfficeRecord.objects.order_by("number")] == ["form", "form"]
    assert "The third step needs" not in page  # nothing is in its way
    assert desk.get(at("part", ada.pk, "goals")).status_code == 404


def test_a_row_more_is_asked_for_and_nothing_is_kept_yet(ada: User, desk: Client) -> None:
    page = desk.post(at("part", ada.pk, "attempts"), {"number": "0", "rows": "1", "step-0": "exam/first", "more": "1"})
    assert page.status_code == 200
    assert page.content.decode().count("<legend>") == 2
    page = desk.post(at("part", ada.pk, "attempts"), {"number": "0", "rows": "2", "step-0": "exam/first", "remove": "0"})
    assert page.content.decode().count("<legend>") == 1
    assert not OfficeRecord.objects.exists()


def test_a_record_comes_as_a_file_and_goes_as_one(ada: User, desk: Client) -> None:
    def send(text: bytes, **more: str) -> Any:
        file = SimpleUploadedFile("record.yaml", text)
        return desk.post(at("file", ada.pk), {"what": "yaml", "file": file, "reason": "sent by mail", **more})

    sound = b"attempts: [{programme: exam, step: first, date: 2025-03-02, result: pass}]\n"
    assert send(sound, reason="").status_code == 400
    for wrong, said in (
        (b"attempts: [", "ecord.yaml"),
        (b"attempts: [{programme: exam, step: fourth, date: 2025-03-02, result: pass}]", "no step"),
        (b"\xff\xfe", "no text"),
        (b"a" * 300_000, "bytes"),
    ):
        answer = send(wrong)
        assert answer.status_code == 400
        assert said in words(answer)
    assert desk.post(at("file", ada.pk), {"what": "yaml", "reason": "x"}).status_code == 400
    assert not OfficeRecord.objects.exists()
    assert send(sound).status_code == 302
    gone = desk.get(at("record", ada.pk))
    assert gone.headers["Content-Disposition"] == 'attachment; filename="record.yaml"'
    assert send(gone.content).status_code == 409  # it says nothing new


def test_a_transcript_is_added_and_contradictions_are_named(ada: User, desk: Client, three_steps: Path, tmp_path: Path) -> None:
    content = write_three_steps(tmp_path / "content")
    usmle = (Path(__file__).parents[2] / "content" / "programmes" / "usmle.yaml").read_text(encoding="utf-8")
    (content / "programmes" / "usmle.yaml").write_text(usmle, encoding="utf-8")
    settings.CONTENT = content  # the fixture puts it back
    transcript = json.dumps(TRANSCRIPT).encode()

    def send(text: bytes) -> Any:
        file = SimpleUploadedFile("transcript.json", text)
        return desk.post(at("file", ada.pk), {"what": "transcript", "file": file, "reason": "from the board"})

    assert send(b"{").status_code == 400
    assert send(transcript).status_code == 302
    newest = OfficeRecord.objects.latest("number")
    assert (newest.how, [one["step"] for one in newest.record["attempts"]]) == ("transcript", ["step1", "step2ck"])
    assert send(transcript).status_code == 409  # all of it is known
    other = json.dumps(TRANSCRIPT).replace('"Pass"', '"Fail"', 1).encode()
    answer = send(other)
    assert answer.status_code == 409
    assert "step1 on 2024-03-02: the record says pass and the transcript fail" in words(answer)


def _sat(code: str, day: str) -> dict[str, Any]:
    return {
        "examCode": code,
        "examDate": f"{day}T00:00:00",
        "passFailStatus": "Pass",
        "hasIrregularBehavior": False,
        "scoreAvailableDate": f"{day}T00:00:00",
    }


TRANSCRIPT: dict[str, Any] = {"exams": [_sat("STEP1", "2024-03-02"), _sat("STEP2CK", "2025-04-01")]}


def test_the_file_says_what_stands_in_the_way_with_the_first_day(ada: User, desk: Client, root: User) -> None:
    know(root, ada, **{**READY, "person": {"degree": {"date": "2026-05-30"}, "identity_established": True}})
    page = file_of(ada, desk)
    assert "Third step Not yet, from 30 May 2026 0 The third step needs the degree. Not met." in page


# --- registering --------------------------------------------------------------------------------------------------------


def test_a_refusal_names_every_reason_its_source_and_the_first_day(ada: User, desk: Client, root: User) -> None:
    know(root, ada, **{**READY, "person": {"degree": {"date": "2026-05-30"}, "identity_established": True}})
    wish = {"step": "exam/third", "first": TODAY.isoformat(), "last": "", "reason": "applied"}
    answer = desk.post(at("register", ada.pk), wish)
    assert answer.status_code == 409
    page = words(answer)
    assert "By this record the first day is 30 May 2026." in page
    assert "The third step needs the degree. Not met." in page
    assert "checked 1 January 2026 · exam.third.degree" in page
    assert 'href="https://example.org/page"' in answer.content.decode()
    assert 'name="override"' not in answer.content.decode()
    assert not Registration.objects.exists()


def test_what_is_not_certain_is_offered_to_be_decided_on_and_kept_with_the_name(ada: User, desk: Client, root: User) -> None:
    know(root, ada, attempts=[passed("first")])
    wish = {"step": "exam/second", "first": TODAY.isoformat(), "reason": "applied"}
    answer = desk.post(at("register", ada.pk), wish)
    assert answer.status_code == 409
    assert 'name="override" value="exam.second.old"' in answer.content.decode()
    assert "not certain: the fact is old, or low in confidence" in words(answer)
    assert desk.post(at("register", ada.pk), {**wish, "override": ["exam.limit"]}).status_code == 409
    assert desk.post(at("register", ada.pk), {**wish, "override": ["exam.second.old"], "reason": ""}).status_code == 400
    done = desk.post(at("register", ada.pk), {**wish, "override": ["exam.second.old"], "reason": "by the board's letter"})
    assert done.status_code == 302
    made = Registration.objects.get()
    page = words(desk.get(at("one", made.pk)))
    assert "Rules that were not certain, and on which root decided: exam.second.old" in page
    assert "by the board&#x27;s letter" in page
    assert "1 rule decided on" in file_of(ada, desk)


@pytest.mark.parametrize(
    "changes",
    [{"first": ""}, {"first": "soon"}, {"step": "exam"}, {"step": "exam/fourth"}, {"last": "2020-01-01"}, {"reason": " "}],
)
def test_a_form_that_is_not_filled_in_registers_nobody(ada: User, desk: Client, root: User, changes: dict[str, str]) -> None:
    know(root, ada, **READY)
    wish = {"step": "exam/third", "first": TODAY.isoformat(), "last": "", "reason": "applied", **changes}
    assert desk.post(at("register", ada.pk), wish).status_code in {400, 404}
    assert not Registration.objects.exists()


def test_a_registration_is_extended_withdrawn_and_asked_about_again(ada: User, desk: Client, root: User) -> None:
    know(root, ada, **READY)
    made = enrol(root, ada)
    page = desk.get(at("one", made.pk)).content.decode()
    assert "A period holds three months." in page
    assert desk.post(at("act", made.pk, "extend"), {"last": "2026-08-01", "reason": ""}).status_code == 400
    assert desk.post(at("act", made.pk, "extend"), {"last": "2026-08-01", "reason": "ill"}).status_code == 302
    assert desk.post(at("act", made.pk, "ask"), {"reason": "x"}).status_code == 409
    assert desk.post(at("act", made.pk, "nothing"), {"reason": "x"}).status_code == 404
    change_validity(
        root, ada, programme="exam", step="first", on=TODAY.replace(year=2025), validity="invalidated", since=TODAY,
        reason="a letter", at=T0,
    )  # fmt: skip
    listed = words(desk.get(at("list")))
    assert "1 registration is suspended" in listed
    assert "Suspended The third step needs the first." in listed
    answer = desk.post(at("act", made.pk, "ask"), {"reason": "please"})
    assert answer.status_code == 409
    assert "The third step needs the first. Not met." in words(answer)
    assert desk.post(at("act", made.pk, "withdraw"), {"reason": "asked for it"}).status_code == 302
    page = words(desk.get(at("one", made.pk)))
    for said in ("Withdrawn, ", "Suspended, ", "Extended, ", "Registered, ", "Record: version 1, SHA-256"):
        assert said in page
    assert 'action="' + at("act", made.pk, "withdraw") not in desk.get(at("one", made.pk)).content.decode()
    assert "asked for it" in words(desk.get("/office/audit?verb=registration_withdrawn"))


def test_whether_a_result_stands_is_said_on_the_file(ada: User, desk: Client, root: User) -> None:
    know(root, ada, **READY)
    wish = {"attempt": "exam/first/2025-03-02", "validity": "under_review", "since": "2026-02-01", "reason": "a letter"}
    for changes in ({"attempt": ""}, {"validity": "lost"}, {"since": "2020-01-01"}, {"reason": ""}):
        assert desk.post(at("validity", ada.pk), {**wish, **changes}).status_code == 400
    assert desk.post(at("validity", ada.pk), {**wish, "attempt": "exam/third/2025-03-02"}).status_code == 404
    assert desk.post(at("validity", ada.pk), wish).status_code == 302
    assert "EXAM: First step 2 Mar 2025 pass under review, since 1 Feb 2026" in file_of(ada, desk)


def test_a_result_is_certified_on_the_file(ada: User, desk: Client, clock: Clock) -> None:
    made = post(program_of(ada), "/api/sittings", wish_of("first"), expect=201)
    player = Player(program_of(ada), clock, made["id"], made["writer"])
    player.open_block()
    player.do("block_closed", block=1)
    clock.pass_s(3600)
    assert "First step, day 1, made 2 Mar 2026" in file_of(ada, desk)
    for changes in ({"result": ""}, {"reason": ""}):
        assert desk.post(at("certify", made["id"]), {"result": "fail", "reason": "scored", **changes}).status_code == 400
    assert desk.post(at("certify", made["id"]), {"result": "fail", "reason": "scored"}).status_code == 302
    page = file_of(ada, desk)
    assert "without a certified result" not in page
    assert "EXAM: First step 2 Mar 2026 fail stands" in page
    assert desk.post(at("certify", made["id"]), {"result": "pass", "reason": "no"}).status_code == 409


def wish_of(step: str) -> dict[str, Any]:
    return {"programme": "exam", "step": step, "form": "full", "mode": "exam", "proctored": True}


# --- who may ------------------------------------------------------------------------------------------------------------


def test_a_proctor_sees_and_does_nothing(ada: User, root: User) -> None:
    know(root, ada, **READY)
    made = enrol(root, ada)
    browser = browser_of(person("pat", Role.PROCTOR))
    for address in (at("list"), at("candidate", ada.pk), at("one", made.pk), at("part", ada.pk, "person")):
        page = browser.get(address)
        assert page.status_code == 200
        main = page.content.decode().partition("<main")[2]
        assert 'method="post"' not in main.replace('<form method="post" data-once>', "")
        assert 'name="reason"' not in main
    before = AuditEntry.objects.count()
    for address in (at("part", ada.pk, "person"), at("register", ada.pk), at("act", made.pk, "withdraw"), at("required")):
        assert browser.post(address, {"reason": "x", "number": "1"}).status_code == 403
    assert AuditEntry.objects.count() == before


def test_an_administrator_does_nothing_to_their_own_file(clock: Clock) -> None:
    both = person("both", Role.ADMINISTRATOR, Role.CANDIDATE)
    browser = browser_of(both)
    page = browser.get(at("candidate", both.pk)).content.decode()
    assert "This is your own file." in page
    assert 'name="reason"' not in page
    wish = {"step": "exam/first", "first": TODAY.isoformat(), "reason": "x", "number": "0", "degree.date-0": "2020-01-01"}
    assert browser.post(at("register", both.pk), wish).status_code == 403
    assert browser.post(at("part", both.pk, "person"), wish).status_code == 403
    made = post(program_of(both), "/api/sittings", wish_of("first"), expect=201)
    Player(program_of(both), clock, made["id"], made["writer"]).open_block()
    assert browser.post(at("certify", made["id"]), {"result": "pass", "reason": "x"}).status_code == 403
    assert not OfficeRecord.objects.exists()
    assert not CertifiedResult.objects.exists()


# --- what candidates read -----------------------------------------------------------------------------------------------


def exam_page(browser: Client, step: str = "third", **more: str) -> str:
    return words(browser.get("/exam", {"day": f"exam/{step}/1", **more}))


def test_the_page_of_exams_says_nothing_where_nothing_is_required(ada: User) -> None:
    assert "Your registration" not in exam_page(browser_of(ada))


def test_a_candidate_reads_why_a_proctored_sitting_cant_be_made_and_from_when(ada: User, root: User) -> None:
    require(root)
    browser = browser_of(ada)
    assert "The office has no record of you yet." in exam_page(browser)
    know(root, ada, **{**READY, "person": {"degree": {"date": "2026-05-30"}, "identity_established": True}})
    page = exam_page(browser)
    assert "needs a registration for the step, and you have none" in page
    assert "the step today: not yet. The first day is 30 May 2026. The third step needs the degree. Not met." in page
    data = {"day": "exam/third/1", "form": "full", "clock": "real", "proctored": "1"}
    answer = browser.post("/exam", data)
    assert answer.status_code == 409
    assert "needs a registration" in words(answer)
    assert not Sitting.objects.exists()


def test_a_candidate_who_is_registered_reads_until_when(ada: User, root: User) -> None:
    require(root)
    know(root, ada, **READY)
    made = enrol(root, ada)
    browser = browser_of(ada)
    assert "You are registered for this step from 2 March 2026 to 1 June 2026." in exam_page(browser)
    assert "you have none" in exam_page(browser, "first")
    know(root, ada, attempts=[failed("first")])
    assert "Your registration for this step is suspended." in exam_page(browser)
    withdraw(root, made.pk, at=T0, reason="x")
    data = {"day": "exam/third/1", "form": "full", "clock": "real", "proctored": "1"}
    assert browser.post("/exam", data).status_code == 409
