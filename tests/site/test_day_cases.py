"""Patient cases of a day: how many, how long, which ones, and what is said where they are too few."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from bedside.cases import CaseFile
from bedside.delivery import Ended
from bedside.site.accounts.accommodations import Accommodation
from bedside.site.accounts.models import User
from bedside.site.cases import drawing
from bedside.site.cases.models import CaseRun, CaseText
from bedside.site.exam import drawing as day_drawing
from bedside.site.exam.case_blocks import case_blocks
from bedside.site.exam.day import ExamDay, exam_day
from bedside.site.exam.day_cases import DayCases
from bedside.site.exam.day_lines import day_lines
from bedside.site.exam.drawing import DayWish, capacity_of, too_thin
from bedside.site.exam.ledger import verify_sitting
from bedside.site.exam.models import Sitting
from tests.support.case_site import CASE
from tests.support.days import form_for, make_small_exam, sit_to_the_end
from tests.support.people import browser_of
from tests.support.pools import A_DAY, programmes
from tests.support.sat_day import write_sat_content
from tests.support.site import Clock, post
from tests.support.sittings import T0

OWN = Path(__file__).parents[2] / "content"


def day(*, kind: str = "full", has_cases: bool = True) -> ExamDay:
    edition = programmes()["usmle"].on(A_DAY).step("step3")
    assert edition is not None
    return exam_day("usmle", edition, day=2, kind=kind, has_cases=has_cases)  # type: ignore[arg-type]


def test_the_second_day_of_step_3_has_thirteen_cases_after_its_blocks() -> None:
    made = day()

    assert made.cases is not None
    assert made.cases.minutes == (20,) * 8 + (10,) * 5
    assert made.cases.tutorial_s == 6 * 60
    assert made.left_out == ()
    assert any("8 and 5 are assumed" in note for note in made.notes)
    assert any("added to no break" in note for note in made.notes)


def test_half_of_it_has_seven() -> None:
    made = day(kind="half")

    assert made.cases is not None
    assert made.cases.minutes == (20,) * 4 + (10,) * 3
    assert made.cases.tutorial_s == 3 * 60


def test_without_cases_the_day_is_as_it_was_and_names_them() -> None:
    made = day(has_cases=False)

    assert made.cases is None
    assert made.left_out == ("Computer-based case simulations (CCS): 13 to 14",)


def test_the_page_says_how_the_cases_run_and_how_long_the_day_is() -> None:
    lines = {line.name: line.texts for line in day_lines(day(), Accommodation(), pace=Fraction(10))}

    assert lines["Cases"] == (
        "8 patients, 2 minutes each at most",
        "5 patients, 1 minute each at most",
        "12 seconds more after each for final orders",
        "a tutorial of 36 seconds before them, which can be skipped",
    )
    # 270 minutes of blocks, 210 of cases, 26 of final orders, 45 of breaks, 5 and 6 of tutorials
    assert lines["In all"] == ("at most 56 minutes 12 seconds",)


def test_a_day_with_fewer_cases_keeps_their_proportion() -> None:
    cases = DayCases("Cases", (20,) * 8 + (10,) * 5, 360)

    assert cases.first(6).minutes == (20,) * 4 + (10,) * 2
    assert cases.first(20) == cases
    assert cases.first(0).minutes == ()


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> list[CaseFile]:
    """The cases of the bank itself, as if all were proved."""
    monkeypatch.setattr(settings, "CONTENT", OWN)
    monkeypatch.setattr(drawing, "proof_state", lambda _file: "proved")
    return drawing.drawable()


def test_no_two_cases_of_a_form_have_one_diagnosis_and_they_are_spread(bank: list[CaseFile]) -> None:
    assert len(bank) >= 13
    wanted = DayCases("Cases", (20,) * 8 + (10,) * 5, 360)
    drawn = drawing.draw_cases(wanted, met=(), seed=7)

    files = {file.id: file for file in bank}
    assert len({one.id for one in drawn}) == 13
    assert len({files[one.id].meta.key for one in drawn}) == 13
    assert Counter(one.minutes for one in drawn) == {20: 8, 10: 5}
    places = Counter(files[one.id].start.location for one in drawn)
    assert len(places) >= 3
    assert drawn == drawing.draw_cases(wanted, met=(), seed=7)
    assert [one.id for one in drawn] != [one.id for one in drawing.draw_cases(wanted, met=(), seed=8)]


def test_a_case_gets_the_length_it_was_written_for_where_that_comes_out(bank: list[CaseFile]) -> None:
    own = {file.id: file.meta.minutes for file in bank}
    n_long = min(2, sum(minutes == 20 for minutes in own.values()))
    drawn = drawing.draw_cases(DayCases("Cases", (20,) * n_long + (10,) * (len(bank) - n_long), 0), met=(), seed=1)

    assert all(own[one.id] == 20 for one in drawn if one.minutes == 20)


def test_what_was_met_comes_last(bank: list[CaseFile]) -> None:
    met = {file.id for file in bank[:-3]}
    drawn = drawing.draw_cases(DayCases("Cases", (10,) * 4, 0), met=met, seed=3)

    assert sum(one.id in met for one in drawn) == 1


def test_a_compressed_day_with_cases_is_sat_to_its_end(bank: list[CaseFile]) -> None:
    made = day(kind="half")
    assert made.cases is not None
    drawn = drawing.draw_cases(made.cases, met=(), seed=1)
    blocks = case_blocks(drawn, tutorial_s=made.cases.tutorial_s, pace=Fraction(10))

    assert {block.limit_s for block in blocks} == {120 + 12, 60 + 12}
    assert [block.tutorial_s for block in blocks] == [18] + [0] * 6
    form, _ = form_for(made, DayWish("usmle", "step3", day=2, kind="half", clock="compressed"), drawn_cases=drawn)
    sitting = sit_to_the_end(form)
    assert isinstance(sitting.phase, Ended)
    assert len(sitting.blocks) == 5 + 7


@pytest.mark.django_db
def test_cases_that_a_person_began_are_met(user: User) -> None:
    assert drawing.cases_met(user) == frozenset()
    CaseRun.objects.create(
        user=user, case_id=CASE, title="-", case_hash="-", case_text="-", catalogue_digest="-", semantics="1", seed=1,
        mode="practice", started_at=T0,
    )  # fmt: skip
    assert drawing.cases_met(user) == {CASE}


def test_only_proved_cases_are_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_sat_content(tmp_path / "content")
    monkeypatch.setattr(settings, "CONTENT", folder)

    assert drawing.has_cases()
    assert drawing.drawable() == []


def test_too_few_cases_are_said_with_the_longest_form(monkeypatch: pytest.MonkeyPatch) -> None:
    made = day()
    monkeypatch.setattr(day_drawing, "_CAPACITIES", _Carried())
    capacity = capacity_of(None, DayWish("usmle", "step3", day=2), made)  # type: ignore[arg-type]

    (missing,) = capacity.missing
    assert (missing.axis, missing.needed, missing.there) == ("cases", 13, 0)
    assert capacity.longest is not None
    assert capacity.longest.cases is None
    assert "needs 13 cases and has 0" in str(too_thin(capacity))


class _Carried:
    """A bank that carries every item of every day."""

    def of(self, _content: object, _wish: DayWish, made: ExamDay) -> day_drawing.Capacity:
        return day_drawing.Capacity((), made, is_balanced=True)


# --- by the API, with a small exam of its own ----------------------------------------------------------------------------

DAY = {"programme": "exam", "step": "first", "form": "full", "mode": "exam"}


@pytest.fixture
def small_exam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A day of four blocks of three items, and two cases, whose proofs count as standing."""
    folder = make_small_exam(write_sat_content(tmp_path / "content"))
    with_activities(folder, n=2)
    monkeypatch.setattr(settings, "CONTENT", folder)
    monkeypatch.setattr(drawing, "proof_state", lambda _file: "proved")
    return folder


def with_activities(folder: Path, *, n: int) -> None:
    path = folder / "programmes" / "exam.yaml"
    activity = (
        f"activities: [{{kind: patient_cases, title: Patients, count_min: {n}, count_max: {n}, minutes_each: [10], "
        "tutorial_minutes: 6, tutorial_is_optional: true, comes_after_blocks: true}], "
    )
    text = path.read_text(encoding="utf-8")
    assert text.count("tutorial_minutes: 4, ") == 1
    path.write_text(text.replace("tutorial_minutes: 4, ", "tutorial_minutes: 4, " + activity), encoding="utf-8")


@pytest.mark.django_db
def test_a_day_is_made_with_its_cases_and_their_texts_are_kept(client: Client, clock: Clock, small_exam: Path) -> None:
    made = post(client, "/api/sittings", {**DAY, "clock": "compressed"}, expect=201)

    blocks = made["outline"]["blocks"]
    assert [block["items"] for block in blocks] == [3, 3, 3, 3, 0, 0]
    assert [block["case"] and block["case"]["nth"] for block in blocks] == [None] * 4 + [1, 2]
    assert blocks[4]["case"]["minutes"] == 1
    assert [block["tutorial_minutes"] for block in blocks] == [0, 0, 0, 0, 0.6, 0]
    assert CaseText.objects.count() == 2
    row = Sitting.objects.get(pk=made["id"])
    texts = {case.digest for case in row.delivery_form().cases.values()}
    assert texts == set(CaseText.objects.values_list("hash", flat=True))
    assert verify_sitting(row).problems == ()


@pytest.mark.django_db
def test_where_cases_are_missing_it_says_how_many_and_offers_those_there_are(
    client: Client, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_small_exam(write_sat_content(tmp_path / "content"))
    with_activities(folder, n=3)
    monkeypatch.setattr(settings, "CONTENT", folder)
    monkeypatch.setattr(drawing, "proof_state", lambda _file: "proved")

    refused = post(client, "/api/sittings", DAY, expect=409)
    assert refused["code"] == "bank_too_thin"
    assert refused["missing"][0] | {"label": "-"} == {
        "axis": "cases", "code": "", "label": "-", "needed": 3, "there": 2, "kind": None, "section": None,
    }  # fmt: skip
    made = post(client, "/api/sittings", {**DAY, "accept_shorter": True}, expect=201)
    assert sum(block["case"] is not None for block in made["outline"]["blocks"]) == 2


@pytest.mark.django_db
def test_the_page_of_days_says_what_there_is_of_cases(user: User, clock: Clock, small_exam: Path) -> None:
    text = browser_of(user).get("/exam?day=exam/first/1&form=full").content.decode()

    assert "2 patients, 10 minutes each at most" in text
    assert "Cases there whose proof stands" in text
    assert "It can carry the form." in text


@pytest.mark.django_db
def test_a_proctored_day_has_its_cases_too(client: Client, clock: Clock, small_exam: Path) -> None:
    made = post(client, "/api/sittings", {**DAY, "proctored": True}, expect=201)

    assert Sitting.objects.get(pk=made["id"]).delivery_form().grace_s == 120
    assert made["outline"]["blocks"][5]["case"] == {"nth": 2, "of": 2, "minutes": 10, "final_minutes": 2}
