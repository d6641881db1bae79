"""The debrief of a case: who may read it and when, what it says, and what if."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from bedside.cases import (
    Add,
    Cancel,
    Drop,
    Edit,
    Examine,
    History,
    Limit,
    Move,
    Order,
    Retime,
    Run,
    score,
)
from bedside.errors import UsageError
from bedside.site.accounts.models import User
from bedside.site.cases import debrief as debriefs
from bedside.site.cases import replays
from bedside.site.cases.debrief import debrief_of
from bedside.site.cases.debrief_edits import edit_from, edit_text
from bedside.site.cases.debrief_lines import limits_of, other_limits
from bedside.site.cases.debrief_words import span
from bedside.site.cases.models import CaseRun
from tests.support.case_runs import example_case
from tests.support.case_scripts import commands_of
from tests.support.case_site import Candidate, new_candidate, write_case_content
from tests.support.debriefs import TAKE_APART, take_apart_once
from tests.support.people import proctored_player
from tests.support.site import Clock

pytestmark = pytest.mark.django_db
MINUTE_S = 60
HOUR_S = 3600


@pytest.fixture(scope="session")
def case_content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_case_content(tmp_path_factory.mktemp("debrief") / "content")


@pytest.fixture(autouse=True)
def content_dir(case_content: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "CONTENT", case_content)
    return case_content


@pytest.fixture(autouse=True)
def _once_for_all_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debriefs, "_analysis", take_apart_once)


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser."""
    visitor = Client()
    visitor.force_login(user)
    return visitor


def play(client: Client, clock: Clock, script: str, *, ends: bool = True, **wish: object) -> Candidate:
    """A candidate who has done a script, and by default has waited for the end."""
    candidate = new_candidate(client, clock, **wish)
    candidate.do(*commands_of(script, ends=ends))
    return candidate


@pytest.fixture
def late(client: Client, clock: Clock) -> Candidate:
    """The run `late` of the example, to its end."""
    return play(client, clock, "late")


def address(candidate: Candidate, query: str = "") -> str:
    return f"/cases/{candidate.run}/debrief{query}"


def read(reader: Client, candidate: Candidate, query: str = "") -> str:
    answer = reader.get(address(candidate, query))
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def text_of(page: str) -> str:
    """What is read of a page: without tags, in single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub(r"(?s)<(script|style).*?</\1>", " ", page)).split())


def row_of(page: str, line: str) -> str:
    return text_of(page.partition(f'id="line-{line}"')[2].partition("</tr>")[0].partition(">")[2])


def number_of(candidate: Candidate, what: str) -> int:
    """The number of the act that ordered it."""
    rows = [one.command for one in CaseRun.objects.get(pk=candidate.run).commands.order_by("seq")]
    acts = [told for told in rows if not told["do"].startswith("advance")]
    return next(n for n, told in enumerate(acts) if told.get("order") == what and told["do"] == "order")


def test_the_debrief_of_a_run_that_goes_on_is_not_there(reader: Client, client: Client, clock: Clock) -> None:
    candidate = play(client, clock, "0m order bmp", ends=False)

    assert reader.get(address(candidate)).status_code == 404
    assert reader.post(f"{address(candidate)}/play", {"at_s": "0"}).status_code == 404
    assert CaseRun.objects.count() == 1


def test_the_debrief_is_its_owners_alone(late: Candidate, django_user_model: type[User]) -> None:
    other = Client()
    other.force_login(django_user_model.objects.create_user("other"))

    assert other.get(address(late)).status_code == 404
    assert other.post(f"{address(late)}/play", {"at_s": "0"}).status_code == 404
    assert Client().get(address(late)).status_code == 404  # the local learner is somebody else, too


def test_the_debrief_is_sealed_while_a_proctored_sitting_is_under_way(
    reader: Client, late: Candidate, client: Client, clock: Clock
) -> None:
    proctored_player(client, clock, minutes=10).open_block()

    assert reader.get(address(late)).status_code == 409


def test_it_says_the_score_how_it_ended_and_what_it_is_not(reader: Client, late: Candidate) -> None:
    text = text_of(read(reader, late))

    assert "52 of 100: fair. The time that this case covers is over." in text
    assert "It is not an official score" in text
    assert "You have a score in 1 case; below 8 even the mean of your cases is unreliable" in text
    assert "not reviewed by clinicians" in text
    assert "The expert's path scores 100." in text


def limited(*limits: Limit, uncapped: float = 80.0) -> tuple[str, list[str]]:
    """What is said of a score with these limits."""
    case = example_case()
    result = replace(score(case, Run(case).history), uncapped=uncapped, caps=limits)
    return limits_of(case, result), other_limits(case, result)


def test_a_limit_is_said_with_its_reason() -> None:
    said, others = limited(Limit("insulin", 60.0), Limit("h_vt", 45.0), Limit("died", 20.0))

    assert said.startswith("Limited to 20 because the patient died. Without the limit it would be 80;")
    assert others == ["60 because “Insulin” is critical and earned nothing", "45 because of the harm “Vt”"]


def test_a_limit_that_lies_above_the_score_is_not_said() -> None:
    assert limited(Limit("insulin", 60.0), uncapped=40.0) == ("", [])


def test_needless_orders_are_named_with_what_they_cost(reader: Client, client: Client, clock: Clock) -> None:
    text = text_of(read(reader, play(client, clock, f"0m order ns_iv {'ondansetron_po ' * 10}".strip())))

    assert "Orders that nothing in this case asked for cost 2 points: Ondansetron, PO." in text
    assert "Without them the score would be" in text


def test_a_line_has_its_window_when_it_was_done_the_points_why_and_a_repair(reader: Client, late: Candidate) -> None:
    page = read(reader, late)
    fluids, insulin, gas = (row_of(page, line) for line in ("fluids", "insulin", "blood_gas"))

    assert "critical" in fluids
    assert "in full until 20 min, less until 2 h" in fluids
    assert "at 1 h 30 min" in fluids
    assert "3.6 of 12 in part" in fluids
    assert "Restores perfusion" in fluids
    assert "at 20 min in place of 1 h 30 min" in fluids
    assert "in full within 45 min of “k safe”" in insulin
    assert "here it was reached at 3 h 11 min" in insulin
    assert "not done 0 of 3 missed" in gas
    assert "added at" in gas


def test_a_window_that_never_opened_is_said_to_have_been_lost_before(reader: Client, client: Client, clock: Clock) -> None:
    page = read(reader, play(client, clock, "insulin_first"))
    insulin = row_of(page, "insulin")

    assert "it was never reached, so the window did not open" in insulin
    assert "which does not count" in insulin
    assert "Nothing alone repairs it" in insulin
    assert "−15 harm" in row_of(page, "h_insulin_low_k")
    assert "left out" in row_of(page, "h_insulin_low_k")


def test_pictures_have_names_and_a_table_behind_them(reader: Client, late: Candidate) -> None:
    page = read(reader, late)
    outer = re.findall(r'<svg(?![^>]*(?:viewBox|aria-hidden|class="key|class="ticks))[^>]*>', page)

    assert outer
    assert all('role="img"' in one and "aria-label" in one for one in outer)
    assert 'aria-label="Potassium: from 3.1 at the start' in page
    for table in ("table-waits", "table-course"):
        assert f'data-table="{table}"' in page
        assert f'id="{table}"' in page
    assert "Nurse: bedside glucose is now 250 mg/dL." in text_of(page.partition('id="table-course"')[2])


def test_nothing_on_the_page_needs_an_inline_script_or_style(reader: Client, late: Candidate) -> None:
    page = read(reader, late, f"?edit=d.{number_of(late, 'd5hns_iv')}")

    assert not re.search(r"<[^>]+\sstyle=", page)
    assert not re.search(r"<[^>]+\son[a-z]+=", page)
    assert all("src=" in one or 'type="application/json"' in one for one in re.findall(r"<script[^>]*>", page))
    assert "<style" not in page


def test_the_page_is_small(reader: Client, late: Candidate) -> None:
    assert len(reader.get(address(late), headers={"accept-encoding": "gzip"}).content) < 30_000


def test_what_was_done_and_what_the_expert_did_stand_side_by_side(reader: Client, late: Candidate) -> None:
    rows = text_of(read(reader, late).partition('id="expert"')[2].partition("</section>")[0])

    assert "17 h 30 min Stop Insulin, regular, IV" in rows
    assert "15 min – Potassium chloride, IV" in rows


def test_a_change_shows_both_replays(reader: Client, late: Candidate) -> None:
    query = "&".join(
        f"edit=r.{number_of(late, what)}.{at_s}"
        for what, at_s in (("ns_iv", 900), ("kcl_iv", 900), ("insulin_regular_iv", 2 * HOUR_S))
    )
    text = text_of(read(reader, late, f"?{query}").partition('id="what-if"')[2])

    assert "Insulin, regular, IV at 2 h in place of 5 h" in text
    assert "Score 52 · fair 28 · weak 69 · fair" in text
    assert "The patient died. (11 h 30 min) The time that this case covers is over. (36 h)" in text


def test_what_if_keeps_nothing(reader: Client, late: Candidate) -> None:
    before = CaseRun.objects.get(pk=late.run)
    read(reader, late, f"?edit=d.{number_of(late, 'ns_iv')}")

    after = CaseRun.objects.get(pk=late.run)
    assert (after.percent, after.commands.count(), CaseRun.objects.count()) == (before.percent, before.commands.count(), 1)


MOVED = "Sodium chloride 0.9 % (normal saline), IV at 15 min in place of 1 h 30 min"
LEFT_OUT = "Sodium chloride 0.9 % (normal saline), IV (at 1 h 30 min) left out"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("how=move&act={ns_iv}&to=15m", MOVED),
        pytest.param("how=move&act={ns_iv}&to=15 min", MOVED, marks=pytest.mark.slow),
        pytest.param("how=move&act={ns_iv}&to=15", MOVED, marks=pytest.mark.slow),
        ("how=drop&act={ns_iv}", LEFT_OUT),
        ("how=theirs&expert=a.0.order.telemetry", "added at 0 min"),
        ("how=add&what=vbg&at=10m", "added at 10 min"),
        ("edit=d.{kcl_iv}&how=drop&act={ns_iv}", "Potassium chloride, IV (at 1 h 30 min) left out"),
        pytest.param("edit=r.{ns_iv}.60&how=drop&act={ns_iv}", LEFT_OUT, marks=pytest.mark.slow),
    ],
)
def test_the_form_makes_changes(reader: Client, late: Candidate, query: str, words: str) -> None:
    numbers = {what: number_of(late, what) for what in ("ns_iv", "kcl_iv")}
    text = text_of(read(reader, late, "?" + query.format(**numbers)).partition('id="what-if"')[2])

    assert words in text.partition("Three runs")[0]
    assert "As played" in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("how=move&act=0&to=soon", "“soon” is no time"),
        ("how=move&act=0&to=99w", "The case is over by then."),
        ("how=move&act=999&to=1h", "Choose one of your actions."),
        ("how=drop&act=x", "Choose one of your actions."),
        ("how=add&what=zzzzzz&at=1h", "There is no order “zzzzzz”."),
    ],
)
def test_what_the_form_can_not_mean_is_said_there(reader: Client, late: Candidate, query: str, words: str) -> None:
    text = text_of(read(reader, late, f"?{query}").partition('id="what-if"')[2])

    assert words in text
    assert "As played" not in text


@pytest.mark.parametrize(
    "edit",
    [
        "x",
        "r.1",
        "d.-1",
        "d.99999",
        "r.0.999999999999",
        "a.0.end.",
        "a.0.order.NS",
        "a.999999999999.order.bmp",
        "d.1;d.2",
        "d.²",
    ],
)
def test_an_address_that_is_no_change_is_refused(reader: Client, late: Candidate, edit: str) -> None:
    assert reader.get(address(late), {"edit": edit}).status_code == 400


def test_too_many_changes_are_refused(reader: Client, late: Candidate) -> None:
    assert reader.get(address(late), {"edit": ["a.0.order.bmp"] * 121}).status_code == 400


@pytest.mark.parametrize(
    "edit",
    [
        Retime(3, 900),
        Retime(3, 900, is_first=True),
        Drop(5),
        Add(Order("ns_iv"), 600),
        Add(Cancel("ns_iv"), 600, is_first=True),
        Add(Move("icu"), 0),
        Add(Examine("general"), 1),
        Add(History(), 2),
    ],
)
def test_a_change_reads_back_from_its_address(edit: Edit) -> None:
    assert edit_from(edit_text(edit)) == edit


def test_a_change_of_letting_time_pass_has_no_address() -> None:
    with pytest.raises(UsageError, match="no change"):
        edit_from("a.0.advance.5")


def test_every_repair_leads_to_its_what_if(reader: Client, late: Candidate) -> None:
    page = read(reader, late)
    links = re.findall(r'href="(\?edit=[^"#]+)#what-if">(\d+) of 100', page)

    assert len(links) > 10
    for query, percent in links[:4]:
        assert re.search(rf"Score 52 · fair {percent} · ", text_of(read(reader, late, query)))


def test_one_plays_on_from_a_moment(reader: Client, late: Candidate, user: User) -> None:
    answer = reader.post(f"{address(late)}/play", {"at_s": str(9 * HOUR_S)})
    child = CaseRun.objects.exclude(pk=late.run).get()

    assert answer.status_code == 302
    assert urlsplit(answer.headers["Location"]).path == f"/cases/{child.pk}"
    assert (child.parent_id, child.mode, child.ended_at) == (CaseRun.objects.get(pk=late.run).pk, "practice", None)
    run, _ = replays.replayed(child)
    assert run.now_s == 9 * HOUR_S
    assert [one.target for one in run.history.actions][-2:] == ["insulin_regular_iv", "bmp"]


@pytest.mark.parametrize("at_s", ["", "x", "-1", "1.5", "9" * 20, "²"])
def test_a_moment_that_is_none_is_refused(reader: Client, late: Candidate, at_s: str) -> None:
    assert reader.post(f"{address(late)}/play", {"at_s": at_s}).status_code == 400
    assert CaseRun.objects.count() == 1


def test_what_the_catalogue_has_left_alone_is_done_anew(
    reader: Client, late: Candidate, monkeypatch: pytest.MonkeyPatch
) -> None:
    CaseRun.objects.filter(pk=late.run).update(catalogue_digest="0" * 64)
    text = text_of(read(reader, late))

    assert "The run was done again with today's, and the same score came out." in text
    assert "3.6 of 12 in part" in text


def test_what_takes_another_course_today_keeps_its_score_and_is_not_taken_apart(reader: Client, late: Candidate) -> None:
    CaseRun.objects.filter(pk=late.run).update(catalogue_digest="0" * 64, percent=77.0, band="good")
    text = text_of(read(reader, late))

    assert "77 of 100: good." in text
    assert "line by line it can't be told any more" in text
    assert "Fluids" not in text


def test_the_case_that_names_no_takeaway_says_so(reader: Client, late: Candidate) -> None:
    assert "This case names no takeaway of the item bank yet." in text_of(read(reader, late))


def test_the_analysis_is_made_once(late: Candidate, user: User, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(debriefs, "_analysis", TAKE_APART)
    first, second = (debrief_of(user, CaseRun.objects.get(pk=late.run).pk, at=clock.now()).analysis for _ in range(2))

    assert first is second


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 min"), (5, "5 s"), (90, "1 min 30 s"), (600, "10 min"), (659, "10 min"), (3600, "1 h"), (5430, "1 h 30 min"),
        (36 * HOUR_S, "36 h"), (50 * HOUR_S, "2 d 2 h"), (15 * 86_400, "2 wk 1 d"), (14 * 86_400 + 3600, "2 wk"),
    ],
)  # fmt: skip
def test_a_span_has_its_two_largest_units(seconds: int, words: str) -> None:
    assert span(seconds) == words
