"""The page of whole days: what it says of a day, what the bank can carry, and the way to the sitting."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from bedside.site.accounts.accommodations import NO_ACCOMMODATION, Accommodation
from bedside.site.accounts.models import Profile
from bedside.site.accounts.queries import local_learner
from bedside.site.exam.day import ExamDay, exam_day
from bedside.site.exam.day_lines import day_lines, time_words
from bedside.site.exam.models import Sitting as SittingRow
from tests.support.days import make_small_exam
from tests.support.pools import A_DAY, programmes
from tests.support.site import Clock, Player
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
CHOICE = {"day": "exam/first/1", "form": "full", "clock": "real"}


@pytest.fixture
def small_exam(own_content: Path) -> Path:
    """The twelve items carry a day of four blocks of three items."""
    return make_small_exam(own_content)


@pytest.fixture
def browser(clock: Clock) -> Client:
    """The learner of this computer, past the first questions."""
    made = Client()
    made.post("/welcome", {"skip": "1"})
    return made


def text_of(client: Client, address: str = "/exam", *, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return " ".join(answer.content.decode().split())


def published(programme: str, step: str, *, items: int | None = None) -> ExamDay:
    edition = programmes()[programme].on(A_DAY).step(step)
    assert edition is not None
    return exam_day(programme, edition, items_a_block=items)


def said(day: ExamDay, accommodation: Accommodation = NO_ACCOMMODATION, *, pace: int = 1) -> dict[str, tuple[str, ...]]:
    return {line.name: line.texts for line in day_lines(day, accommodation, pace=Fraction(pace))}


@pytest.mark.usefixtures("small_exam")
def test_the_page_says_what_the_day_is_and_that_the_bank_can_carry_it(browser: Client) -> None:
    text = text_of(browser)

    assert "4 blocks of 3 items, 10 minutes each" in text
    assert "At most 64 minutes" in text  # 4 × 10, 20 of break and 4 of tutorial
    assert "It can carry the form." in text
    assert "Go to the exam" in text
    assert '4 <span class="of">for 3 to 6</span>' in text  # 25% to 50% of 12 renal items


@pytest.mark.usefixtures("small_exam")
def test_starting_makes_the_sitting_and_leads_to_it(browser: Client) -> None:
    answer = browser.post("/exam", {**CHOICE, "form": "half", "clock": "compressed"})

    row = SittingRow.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/sit/{row.pk}")
    assert (row.kind, row.clock, row.mode) == ("half", "compressed", "exam")


@pytest.mark.usefixtures("small_exam")
def test_the_choice_of_the_last_day_is_there_again(browser: Client) -> None:
    browser.post("/exam", {**CHOICE, "form": "half", "clock": "compressed"})

    text = text_of(browser)

    assert 'value="half" checked' in text
    assert 'value="compressed" checked' in text


@pytest.mark.usefixtures("small_exam")
def test_an_open_day_can_be_gone_on_with_and_an_ended_one_has_its_report(browser: Client, clock: Clock) -> None:
    browser.post("/exam", CHOICE)
    row = SittingRow.objects.get()
    assert f'<a href="/sit/{row.pk}">Begin' in text_of(browser)

    writer = row.writers.get(kind="player")
    player = Player(browser, clock, str(row.pk), str(writer.pk), synced_at=clock.at)
    player.open_block()
    assert f'<a href="/sit/{row.pk}">Go on' in text_of(browser)

    player.do("finished")
    assert f'<a href="/report/{row.pk}">Report' in text_of(browser)


def test_a_thin_bank_offers_nothing_to_start_and_says_what_is_missing(browser: Client) -> None:
    text = text_of(browser)

    assert "It is too thin for any part of the form." in text
    assert 'id="start"' not in text
    assert '12 <span class="of">for 40</span>' in text
    assert "too few" in text

    answer = browser.post("/exam", CHOICE)
    assert answer.status_code == 409
    assert "The bank is too thin for this form: Items needs 40 items and has 12." in answer.content.decode()


def test_the_longest_form_is_offered_and_can_be_sat(browser: Client, small_exam: Path) -> None:
    for number in (1, 2, 3):
        (small_exam / "items" / "renal" / f"renal-{number:04d}.md").unlink()

    assert "Sit the longest form: 1 block, 3 items in all" in text_of(browser)

    answer = browser.post("/exam", {**CHOICE, "accept": "1"})
    assert answer.status_code == 302
    assert SittingRow.objects.get().n_items == 3


@pytest.mark.usefixtures("small_exam")
@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("day=exam/first/7", "There is no day &quot;exam/first/7&quot; of an exam"),
        ("day=nonsense", "There is no day"),
        ("form=third", "The form is &quot;third&quot;"),
        ("clock=fast", "The clock is &quot;fast&quot;"),
        ("items=many", "must be a whole number"),
        ("items=7", "is published"),
    ],
)
def test_a_choice_that_does_not_exist_is_named_and_the_page_still_stands(browser: Client, query: str, why: str) -> None:
    text = text_of(browser, f"/exam?{query}", status=400)

    assert why in text
    assert "4 blocks of 3 items" in text


@pytest.mark.slow
def test_the_exams_of_the_content_folder_can_all_be_looked_at(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONTENT", Path(__file__).parents[2] / "content")

    for programme in programmes().values():
        for edition in programme.on(T0.date()).steps:
            for form in edition.forms:
                text = text_of(browser, f"/exam?day={programme.name}/{edition.step.name}/{form.day}")
                assert f'value="{programme.name}/{edition.step.name}/{form.day}" selected' in text


def test_a_day_whose_number_of_items_is_unknown_asks_for_it(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "CONTENT", Path(__file__).parents[2] / "content")

    before = text_of(browser, "/exam?day=jee_advanced/papers/1")
    after = text_of(browser, "/exam?day=jee_advanced/papers/1&items=17")

    assert "No source states how many items this day has" in before
    assert 'name="items"' in before
    assert "2 blocks of 17 items" in after


def test_no_exam_in_force_is_said(browser: Client, own_content: Path) -> None:
    (own_content / "programmes" / "exam.yaml").unlink()

    assert "No exam is known to be in force today." in text_of(browser)


@pytest.mark.usefixtures("small_exam")
def test_the_length_of_the_day_is_that_of_this_person(browser: Client) -> None:
    text_of(browser)
    Profile.objects.update_or_create(user=local_learner(), defaults={"time_factor": "3/2", "extra_break_minutes": 10})

    text = text_of(browser)

    assert "4 blocks of 3 items, 15 minutes each" in text
    assert "At most 94 minutes" in text  # 4 × 15, 30 of break and 4 of tutorial
    assert "1.5 times the minutes of each block" in text


def test_a_step_1_is_said_in_full() -> None:
    facts = said(published("usmle", "step1"))

    assert facts["Blocks"] == ("14 blocks of 20 items, 30 minutes each",)
    assert facts["Breaks"] == ("55 minutes, to be spread as you like",)
    assert facts["In all"] == ("at most 8 hours",)
    assert facts["Marks"] == ("1 for a right answer, 0 for a wrong one, 0 for none",)


def test_a_compressed_step_1_says_its_pace_and_its_times() -> None:
    facts = said(published("usmle", "step1"), pace=10)

    assert facts["Blocks"] == ("14 blocks of 20 items, 3 minutes each",)
    assert facts["Breaks"] == ("5 minutes 30 seconds, to be spread as you like",)
    assert facts["In all"] == ("at most 48 minutes",)
    assert facts["Pace"] == ("10 times as fast as the real clock; all times are divided by 10",)


def test_what_is_peculiar_to_a_form_is_said() -> None:
    neet, cpa, mbe = published("neet_pg", "paper"), published("cpa", "aud"), published("mbe", "mbe")

    assert said(neet)["Blocks"] == ("5 blocks of 36 items, 42 minutes each; none can be ended early",)
    assert said(neet)["Marks"] == ("4 for a right answer, −1 for a wrong one, 0 for none",)
    assert said(cpa)["Clock"] == ("one of 4 hours over all blocks",)
    assert said(cpa)["Breaks"] == ("when you like, on the form's clock",)
    assert said(cpa)["Left out"][0] == "Task-based simulation: 7"
    assert said(mbe)["Breaks"] == ("after block 1: as long as you like",)
    assert said(mbe)["In all"] == ("at most 6 hours, and the breaks of your own",)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(45, "45 seconds"), (60, "1 minute"), (150, "2 minutes 30 seconds"), (28_800, "8 hours"), (5616, "93 minutes")],
)
def test_times_are_said_in_whole_units(seconds: int, words: str) -> None:
    assert time_words(Fraction(seconds)) == words
