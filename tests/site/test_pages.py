"""The pages through the site's own client: what they say, what they keep, what they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from bedside.site.accounts.models import LOCAL_LEARNER, Profile, User
from bedside.site.exam.models import Sitting
from bedside.site.exam.words import PLAYER_WORDS
from tests.support.site import PROGRAMME as PROGRAMME_FILE
from tests.support.site import Clock, Player, new_player

STATIC = Path(__file__).parents[2] / "src" / "bedside" / "site" / "static"
TEMPLATES = STATIC.parent / "templates"

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor(clock: Clock) -> Client:
    """The learner of this computer, who needs no password; forged forms are refused as in use."""
    return Client()


@pytest.fixture
def learner(visitor: Client) -> User:
    """The same after the first run."""
    visitor.post("/welcome", {"skip": "1"})
    return User.objects.get(username=LOCAL_LEARNER)


def text_of(response: object) -> str:
    """The words of a page, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())  # type: ignore[attr-defined]


def played(client: Client, clock: Clock, *, choices: str = "BBAB", **wish: object) -> Player:
    """A block that was sat to its end."""
    player = new_player(client, clock, **wish)
    items = player.open_block()
    for item, choice in zip(items, choices, strict=False):
        clock.pass_s(20)
        player.do("answered", item=item["id"], choice=[choice], ms=20_000)
    player.do("block_closed", block=1)
    return player


# --- first run and me ---------------------------------------------------------------------------------------------------


def test_the_first_visit_leads_to_three_questions_and_then_to_today(visitor: Client) -> None:
    assert visitor.get("/").headers["Location"] == "/welcome"
    answer = visitor.post("/welcome", {"step": "exam/first", "exam_on": "2027-03-14", "minutes_a_day": "45"})
    assert answer.headers["Location"] == "/"
    profile = Profile.objects.get(user__username=LOCAL_LEARNER)
    assert (profile.programme, profile.step, profile.minutes_a_day) == ("exam", "first", 45)
    assert "The Exam: First step is on 14 March 2027" in text_of(visitor.get("/"))


def test_all_three_questions_can_be_skipped(visitor: Client) -> None:
    visitor.post("/welcome", {"skip": "1"})
    assert visitor.get("/").status_code == 200


def test_each_question_can_be_left_empty(visitor: Client) -> None:
    assert visitor.post("/welcome", {"step": "", "exam_on": "", "minutes_a_day": ""}).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("exam_on", "soon", "Write the day as 2027-03-14"),
        ("minutes_a_day", "0", "Write at least 1 minute"),
        ("minutes_a_day", "2000", "A day has 1440 minutes"),
        ("step", "exam/third", "Choose one of the exams in the list"),
    ],
)
def test_an_answer_that_is_none_says_what_to_write_and_keeps_the_others(
    visitor: Client, field: str, value: str, words: str
) -> None:
    answer = visitor.post("/welcome", {"minutes_a_day": "45", field: value})
    assert answer.status_code == 400
    assert words in text_of(answer)
    assert not Profile.objects.exists()


def test_me_keeps_the_look_and_the_next_page_wears_it(visitor: Client, learner: User) -> None:
    visitor.post("/me", {"first_name": "Ada", "theme": "dark", "text_size": "large"})
    page = visitor.get("/me").content.decode()
    assert 'data-theme="dark" data-text="large"' in page
    assert '<meta name="color-scheme" content="dark">' in page
    assert re.search(r'css/dark.css" media="all"', page)
    assert '"letters": false' in page
    assert 'value="Ada"' in page


def test_the_player_can_change_the_look_and_nothing_else(visitor: Client, learner: User) -> None:
    assert visitor.post("/me/display", {"theme": "dark"}, content_type="application/json").status_code == 200
    assert Profile.objects.get(user=learner).theme == "dark"
    refused: list[object] = [{"theme": "pink"}, {"time_factor": "2"}, {}, []]
    for body in refused:
        assert visitor.post("/me/display", body, content_type="application/json").status_code == 400
    assert Profile.objects.get(user=learner).time_factor == "1"


def test_answers_leave_as_a_table(visitor: Client, learner: User, clock: Clock) -> None:
    visitor.get(f"/report/{played(visitor, clock).sitting}")
    answer = visitor.get("/me/responses.csv")
    assert answer.headers["Content-Type"].startswith("text/csv")
    lines = answer.content.decode().splitlines()
    assert lines[0].startswith("person,item,version")
    assert len(lines) == 5


# --- today --------------------------------------------------------------------------------------------------------------


def test_today_offers_the_open_block_first(visitor: Client, learner: User, clock: Clock) -> None:
    assert "Today's session takes about" in text_of(visitor.get("/"))
    player = new_player(visitor, clock)
    player.open_block()
    page = visitor.get("/")
    assert "A block is open: The Exam: First step. Answered: 0 of 4." in text_of(page)
    assert f'href="/sit/{player.sitting}" data-enter' in page.content.decode()


def test_today_counts_answers_and_days_without_praise(visitor: Client, learner: User, clock: Clock) -> None:
    assert "No answers yet." in text_of(visitor.get("/"))
    played(visitor, clock)
    clock.pass_s(2 * 24 * 3600)
    played(visitor, clock)
    assert "Answers: 8, on 2 of the last 7 days." in text_of(visitor.get("/"))
    clock.pass_s(6 * 24 * 3600)
    assert "Answers: 4, on 1 of the last 7 days." in text_of(visitor.get("/"))


def test_today_says_that_content_was_left_out(visitor: Client, learner: User, own_content: Path) -> None:
    (own_content / "items" / "renal" / "renal-0001.md").write_text("no item", encoding="utf-8")
    assert "Parts of the content left out because of errors: 1." in text_of(visitor.get("/"))


def test_enter_on_today_starts_the_last_choice_again(visitor: Client, learner: User, clock: Clock) -> None:
    visitor.post("/practice", {"step": "exam/first", "items": "3", "mode": "timed", "state": "any", "system": "renal"})
    clock.pass_s(60)
    answer = visitor.post("/practice/again")
    made = Sitting.objects.order_by("-created_at").first()
    assert made is not None
    assert answer.headers["Location"] == f"/sit/{made.pk}"
    assert (made.n_items, made.mode, made.filter["axes"]) == (3, "timed", {"system": ["renal"]})


# --- practice -----------------------------------------------------------------------------------------------------------


def test_the_form_counts_without_a_script(visitor: Client, learner: User) -> None:
    page = text_of(visitor.get("/practice", {"step": "exam/first", "items": "20", "system": ["renal", "blood"]}))
    assert "Items that fit: 8. The block takes all of them." in page
    assert "Renal 4" in page


def test_the_number_of_items_is_that_of_a_block_of_the_exam(visitor: Client, learner: User) -> None:
    assert 'id="items" name="items" min="1" max="200" value="20"' in visitor.get("/practice").content.decode()


def test_a_started_block_leads_to_the_player_and_the_choice_is_remembered(visitor: Client, learner: User) -> None:
    answer = visitor.post(
        "/practice", {"step": "exam/first", "items": "2", "mode": "tutor", "state": "unused", "system": "blood"}
    )
    assert answer.headers["Location"].startswith("/sit/")
    page = visitor.get("/practice").content.decode()
    assert re.search(r'id="items"[^>]* value="2"', page)
    assert re.search(r'id="state-unused"[^>]* checked', page)
    assert re.search(r'id="system-blood"[^>]* checked', page)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"items": "many"}, "must be a whole number"),
        ({"items": "0"}, "1 to 200 items"),
        ({"mode": "exam"}, "must be tutor or timed"),
        ({"state": "best"}, "must be one of"),
        ({"step": "exam/third"}, "no step"),
        ({"state": "flagged"}, "No item fits this choice"),
    ],
)
def test_a_choice_that_cannot_be_served_says_why_and_makes_nothing(
    visitor: Client, learner: User, changes: dict[str, str], words: str
) -> None:
    answer = visitor.post("/practice", {"step": "exam/first", "items": "2", "mode": "tutor", "state": "any", **changes})
    assert answer.status_code == 400
    assert words in text_of(answer)
    assert not Sitting.objects.exists()


def test_past_blocks_have_their_reports_and_an_open_one_goes_on(visitor: Client, learner: User, clock: Clock) -> None:
    done = played(visitor, clock)
    visitor.get(f"/report/{done.sitting}")
    clock.pass_s(60)
    open_ = new_player(visitor, clock)
    page = visitor.get("/practice").content.decode()
    assert f'href="/report/{done.sitting}"' in page
    assert all(shown in page for shown in (f'href="/sit/{open_.sitting}"', "3/4"))


# --- player and report --------------------------------------------------------------------------------------------------


def test_the_page_of_the_player_holds_nothing_of_the_items(visitor: Client, learner: User, clock: Clock) -> None:
    player = new_player(visitor, clock)
    player.open_block()
    page = visitor.get(f"/sit/{player.sitting}")
    assert "SECRET" not in page.content.decode()
    assert "Choice A" not in page.content.decode()
    assert page.headers["Bedside-Page"] == "player"
    assert "no-store" in page.headers["Cache-Control"]


def test_an_ended_sitting_leads_to_its_report_and_an_open_one_back(visitor: Client, learner: User, clock: Clock) -> None:
    done = played(visitor, clock)
    open_ = new_player(visitor, clock)
    assert visitor.get(f"/sit/{done.sitting}").headers["Location"] == f"/report/{done.sitting}"
    assert visitor.get(f"/report/{open_.sitting}").headers["Location"] == f"/sit/{open_.sitting}"


def test_a_sitting_of_somebody_else_is_not_found(visitor: Client, learner: User, client: Client, clock: Clock) -> None:
    other = new_player(client, clock)
    assert visitor.get(f"/sit/{other.sitting}").status_code == 404
    assert visitor.get(f"/report/{other.sitting}").status_code == 404


def test_the_report_shows_the_share_with_its_interval_and_every_reason(visitor: Client, learner: User, clock: Clock) -> None:
    done = played(visitor, clock)
    page = visitor.get(f"/report/{done.sitting}")
    # Wilson's interval of 3 of 4 at 95% is 30.1% to 95.4%
    assert "3 of 4 right: 75%. Of many items like these you would get between 30% and 95% right" in text_of(page)
    assert text_of(page).count("SECRET reason") == 16
    assert page.content.decode().count('<circle class="point"') >= 2


def test_the_report_can_be_cut_down_to_what_was_missed_or_flagged(visitor: Client, learner: User, clock: Clock) -> None:
    done = played(visitor, clock)
    assert text_of(visitor.get(f"/report/{done.sitting}", {"show": "missed"})).count("Your answer") == 1
    assert "None of the items is of this kind." in text_of(visitor.get(f"/report/{done.sitting}", {"show": "flagged"}))


def test_the_service_worker_knows_every_file_of_the_shell_and_changes_with_them(visitor: Client) -> None:
    script = visitor.get("/sw.js")
    assert script.headers["Content-Type"].startswith("text/javascript")
    assert script.headers["Service-Worker-Allowed"] == "/"
    body = script.content.decode()
    for path in STATIC.rglob("*.js"):
        if path.name != "sw.js" and path.parent.name != "office":  # a proctor's pages are no part of the player
            assert f'"/static/{path.relative_to(STATIC).as_posix()}"' in body
    assert re.match(r'const SHELL = \{"version": "[0-9a-f]{16}"', body)


# --- programmes ---------------------------------------------------------------------------------------------------------


def test_programmes_stand_side_by_side_as_of_a_day(visitor: Client, learner: User, own_content: Path) -> None:
    dated = PROGRAMME_FILE.replace("minutes: 30,", "minutes: 60,", 1).replace(
        "form.first,", "form.old, valid_to: 2026-05-13,", 1
    )
    form = re.search(r"      - \{id: form\.first.*\n", PROGRAMME_FILE)
    assert form is not None
    both = dated.replace(
        "    axes:\n", form[0].replace("form.first,", "form.first, valid_from: 2026-05-14,") + "    axes:\n", 1
    )
    (own_content / "programmes" / "exam.yaml").write_text(both, encoding="utf-8")
    assert "2 blocks of 20 items, 60 minutes each" in text_of(visitor.get("/programmes", {"on": "2026-05-13"}))
    assert "2 blocks of 20 items, 30 minutes each" in text_of(visitor.get("/programmes", {"on": "2026-05-14"}))


RATES = """\
groups:
  us_first: "Schools here, first attempt"
  us_repeat: "Schools here, repeat attempt"
  us: "Schools here, all attempts"
pass_rates:
  - {id: rate.old, step: first, period: "2024", rates: {us_first: {percent: 88, n: 900}}, sources: [page], as_of: 2026-01-01, confidence: high}
  - {id: rate.new, step: first, period: "2025", rates: {us_first: {percent: 93, n: 1000}, us_repeat: {percent: 71, n: 50}, us: {percent: 92}}, sources: [page], as_of: 2026-01-01, confidence: medium}
"""  # noqa: E501
WHY = "".join(
    f'  - {{id: why.{n}, text: "Reason {n}.", sources: [page], as_of: 2026-01-01, confidence: high}}\n' for n in range(5)
)


@pytest.fixture
def with_rates(own_content: Path) -> Path:
    """The programme with pass rates of two years and five reasons why it is hard."""
    text = f"{PROGRAMME_FILE}{RATES}why_hard:\n{WHY}"
    (own_content / "programmes" / "exam.yaml").write_text(text, encoding="utf-8")
    return own_content


def test_the_comparison_shows_the_newest_shares_as_dots_with_the_numbers_behind(
    visitor: Client, learner: User, with_rates: Path
) -> None:
    page = visitor.get("/programmes").content.decode()
    assert re.findall(r'<circle class="point (\w+)" cx="([\d.]+)%"', page) == [("repeat", "71.0"), ("first", "93.0")]
    assert "<title>Schools here: repeat: 71% of 50; first: 93% of 1,000</title>" in page
    main = page[page.index("<main") :]
    table = main[main.index("<details>") : main.index("</details>")]
    assert "2025" in table
    assert "Schools here, all attempts" in table
    assert "88%" not in page


def test_what_is_unknown_of_a_whole_exam_is_said_once(visitor: Client, learner: User) -> None:
    text = text_of(visitor.get("/programmes"))
    assert text.lower().count("unknown") == 1
    assert "Nowhere · Fee and pass rate unknown." in text


def test_marks_are_in_words_and_three_sentences_are_enough(visitor: Client, learner: User, with_rates: Path) -> None:
    text = text_of(visitor.get("/programmes"))
    assert "One mark for a right answer, nothing off for a wrong one" in text
    assert len(re.findall(r"Reason \d\.", text)) == 3
    assert len(re.findall(r"Reason \d\.", text_of(visitor.get("/programmes/exam")))) == 5


def test_the_day_goes_along_to_an_exam_and_back(visitor: Client, learner: User) -> None:
    assert 'href="/programmes/exam?on=2026-05-13"' in visitor.get("/programmes", {"on": "2026-05-13"}).content.decode()
    page = visitor.get("/programmes/exam", {"on": "2026-05-13"}).content.decode()
    assert 'href="/programmes?on=2026-05-13"' in page
    assert 'value="2026-05-13"' in page
    assert "?on=" not in visitor.get("/programmes").content.decode()


def test_a_programme_in_full_shows_the_years_one_below_the_other(visitor: Client, learner: User, with_rates: Path) -> None:
    page = visitor.get("/programmes/exam").content.decode()
    assert re.findall(r'class="label">(\d+)<', page) == ["2025", "2024"]


def test_a_programme_in_full_names_its_sources_and_when_they_were_checked(visitor: Client, learner: User) -> None:
    page = visitor.get("/programmes/exam")
    assert 'href="#source-1"' in page.content.decode()
    assert re.search(r"A page https://example\.org/page · official · \d{4}-\d\d-\d\d", text_of(page))


def test_an_unknown_programme_is_not_found_and_a_day_that_is_none_is_refused(visitor: Client, learner: User) -> None:
    assert visitor.get("/programmes/none").status_code == 404
    answer = visitor.get("/programmes", {"on": "tomorrow"})
    assert answer.status_code == 400
    assert "write it as 2026-05-14" in text_of(answer)


# --- everywhere ---------------------------------------------------------------------------------------------------------


def test_a_forged_form_is_refused_with_a_page_that_says_what_to_do(learner: User, clock: Clock) -> None:
    answer = Client(enforce_csrf_checks=True).post("/practice", {"step": "exam/first"})
    assert answer.status_code == 403
    assert "The form was too old" in text_of(answer)


def test_every_page_is_under_the_policy_without_inline_styles_or_scripts(visitor: Client, learner: User, clock: Clock) -> None:
    done = played(visitor, clock)
    open_ = new_player(visitor, clock)
    paths = [
        "/",
        "/welcome",
        "/practice",
        "/me",
        "/programmes",
        "/programmes/exam",
        f"/report/{done.sitting}",
        f"/sit/{open_.sitting}",
    ]
    for path in [*paths, "/none", reverse("accounts:login")]:
        page = visitor.get(path)
        assert "default-src 'self'" in page.headers["Content-Security-Policy"], path
        assert "unsafe" not in page.headers["Content-Security-Policy"], path
        body = page.content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style", body), path
        assert all("application/json" in tag or "src=" in tag for tag in re.findall(r"<script[^>]*>", body)), path


def test_every_word_that_a_script_says_is_in_the_table() -> None:
    said: set[str] = set()
    for path in (STATIC / "js").rglob("*.js"):
        said |= set(re.findall(r'\bsay\("(\w+)"', path.read_text(encoding="utf-8")))
    assert said <= PLAYER_WORDS.keys()


def test_every_sentence_of_a_template_is_marked_for_translation() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(
            r"\{% blocktranslate.*?endblocktranslate %\}|\{[%{#].*?[%}#]\}|<[^>]*>",
            " ",
            path.read_text(encoding="utf-8"),
            flags=re.S,
        )
        left = re.sub(r"Bedside|UTC|[^A-Za-z]+", " ", text).split()
        assert not [word for word in left if len(word) > 2], (path.name, left)
