"""The report of a whole day, as JSON and as a page: marks, areas, findings, what it rests on, versions, and many items."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pydantic import BaseModel

from bedside.delivery import Drop, Key, wilson
from bedside.site.accounts.actions import add_user
from bedside.site.accounts.models import User
from bedside.site.accounts.roles import Role
from bedside.site.api import report_schemas
from bedside.site.api.report_schemas import ReportOut
from bedside.site.exam.rescoring import rekey
from tests.support.pdf import text_of_pdf
from tests.support.sat import KEY, Day, sat
from tests.support.site import Clock, Player, get
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db

NEET = {"one_best_answer": {"correct": "4", "wrong": "-1", "blank": "0", "partial": None}}
API_PAGE = Path(__file__).parents[2] / "docs" / "reference" / "api.md"


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser."""
    visitor = Client()
    visitor.force_login(user)
    return visitor


@pytest.fixture
def administrator(db: None) -> User:
    return add_user("mara", password=None, at=T0, roles=[Role.ADMINISTRATOR])


def told(client: Client, player: Player) -> dict[str, Any]:
    return get(client, f"{player.path}/report")


def words(page: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


# --- marks --------------------------------------------------------------------------------------------------------------


def test_four_for_right_and_one_off_for_wrong_give_marks_of_the_maximum_with_an_interval(
    client: Client, user: User, clock: Clock
) -> None:
    report = told(client, sat(client, user, Day(marking=NEET), clock))

    marks, n_right = report["marks"], report["score"]["n_correct"]
    assert marks["marks"] == str(4 * n_right - report["n_wrong"])
    assert marks["max_marks"] == "80"
    assert marks["low"] < float(marks["marks"]) < marks["high"]
    assert n_right + report["n_wrong"] + report["n_blank"] == 20
    assert sum(Decimal(item["marks"]) for item in report["items"]) == Decimal(marks["marks"])
    assert marks["rules"] == NEET


def test_where_every_item_counts_one_the_share_says_it_all(client: Client, user: User, clock: Clock) -> None:
    assert told(client, sat(client, user, Day(), clock))["marks"] is None


def test_numbers_are_marked_by_their_own_rule(client: Client, user: User, clock: Clock) -> None:
    marking = {**NEET, "numeric": {"correct": "4", "wrong": "0", "blank": "0", "partial": None}}
    report = told(client, sat(client, user, Day(numeric=5, marking=marking, share_blank=0), clock))

    numbers = [item for item in report["items"] if item["kind"] == "numeric"]
    assert [item["position"] for item in numbers] == [5, 10, 15, 20]
    assert {item["marks"] for item in numbers} <= {"4", "0"}
    assert all(item["is_correct"] == (item["value"] == "7.36") for item in numbers)
    assert numbers[0]["numeric"]["unit"] == "mmol/L"
    assert numbers[0]["key_text"] == "=7.35±0.02"


def test_the_page_says_the_marks_and_their_rule(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(marking=NEET), clock)
    marks = told(client, player)["marks"]

    page = words(reader.get(f"/report/{player.sitting}"))

    assert f"{marks['marks']} of 80 marks, between" in page
    assert "right 4, wrong −1, no answer 0." in page


# --- areas --------------------------------------------------------------------------------------------------------------


def test_every_area_has_its_difference_from_the_own_share(client: Client, user: User, clock: Clock) -> None:
    report = told(client, sat(client, user, Day(blocks=4, items=15), clock))

    rows = report["axes"][0]["rows"]
    assert [row["label"] for row in rows] == ["Renal", "Heart and vessels", "Blood"]
    own = report["score"]["n_correct"] / report["score"]["n"]
    for row in rows:
        against = row["against_all"]
        assert against["value"] == pytest.approx(100 * (row["n_correct"] / row["n"] - own), abs=0.06)
        assert (row["word"] in {"lower", "higher"}) == (against["sign"] != 0)


def test_a_word_stands_on_the_page_only_beside_its_rule(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(blocks=8, items=40, share_blank=0), clock)
    report = told(client, player)

    page = reader.get(f"/report/{player.sitting}").content.decode()

    said = [row["word"] for axis in report["axes"] for row in axis["rows"] if row["word"]]
    assert "borderline" in said  # competency: two halves of 320 items
    assert page.count('<span class="tag">borderline</span>') == said.count("borderline")
    assert "the interval is widened for the number of areas in the picture" in page


# --- findings -----------------------------------------------------------------------------------------------------------


def test_every_finding_has_its_n_and_its_interval(client: Client, user: User, clock: Clock) -> None:
    found = told(client, sat(client, user, Day(blocks=4, items=15), clock))["findings"]

    estimates = list(_estimates(found))
    assert len(estimates) > 20
    for one in estimates:
        assert one["low"] <= one["value"] <= one["high"]
        assert one["n"] > 0
        assert "95%" in one["interval"]
    assert [block["n"] for block in found["blocks"]] == [15, 15, 15, 15]
    assert sum(hour["n"] for hour in found["hours"]) == 60


def _estimates(found: object) -> list[dict[str, Any]]:
    if isinstance(found, dict):
        own = [found] if {"value", "low", "high"} <= found.keys() else []
        return own + [one for value in found.values() for one in _estimates(value)]
    return [one for value in found for one in _estimates(value)] if isinstance(found, list) else []


def test_nothing_is_said_of_fatigue_where_the_interval_includes_zero(client: Client, user: User, clock: Clock) -> None:
    report = told(client, sat(client, user, Day(blocks=2, items=10), clock))

    fatigue = report["findings"]["fatigue"]
    assert fatigue["difference"]["low"] <= 0 <= fatigue["difference"]["high"]
    assert not fatigue["can_be_read"]
    said = {one["about"]: one for one in report["findings"]["said"]}
    assert said["fatigue"]["text"].startswith("No sign of fatigue can be read from 20 items")


def test_every_sentence_says_what_it_rests_on_and_none_flatters(client: Client, user: User, clock: Clock) -> None:
    said = told(client, sat(client, user, Day(blocks=4, items=15), clock))["findings"]["said"]

    assert {"fatigue", "pace", "time", "rushed", "changes", "unanswered", "flagged", "confidence"} <= {
        one["about"] for one in said
    }
    assert all(re.search(r"\d", one["rests_on"]) for one in said)
    assert not any(sign in one["text"] + one["rests_on"] for one in said for sign in ("!", "{", "}"))


def test_the_page_shows_what_the_json_says(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(blocks=4, items=15), clock)
    report = told(client, player)

    page = words(reader.get(f"/report/{player.sitting}"))

    for one in report["findings"]["said"]:
        assert one["text"].replace("'", "&#x27;") in page
    for sentence in report["rests_on"]["said"]:
        assert sentence.replace("'", "&#x27;") in page
    assert "Right by block" in page
    assert "Right by hour" in page


# --- what it rests on ---------------------------------------------------------------------------------------------------


def test_the_standard_of_the_day_is_quoted_with_its_source(client: Client, user: User, clock: Clock, own_content: Path) -> None:
    programme = own_content / "programmes" / "exam.yaml"
    text = programme.read_text(encoding="utf-8")
    new = "{id: standard.first, kind: scaled_score, score: 196, sources: [page], as_of: 2026-01-01, confidence: medium}"
    programme.write_text(re.sub(r"\{id: standard\.first.*?\}", new, text), encoding="utf-8")

    rests_on = told(client, sat(client, user, Day(), clock))["rests_on"]

    assert rests_on["on"] == "2026-03-02"
    assert rests_on["standard"] == "196 on the exam's scale."
    assert rests_on["standards"][0] | {"text": ""} == {
        "kind": "scaled_score",
        "score": 196,
        "group": None,
        "text": "",
        "sources": ["A page"],
        "as_of": "2026-01-01",
        "confidence": "medium",
    }
    assert "Per cent here is not that scale: nothing here says pass or fail." in rests_on["said"]
    assert rests_on["calibration"] is None


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        (Day(kind="half"), "This was a form of half the length; a whole day tires more."),
        (Day(kind="block"), "This was a practice block and not a form drawn to the exam's blueprint."),
        (Day(clock="compressed", pace=5), "The clock ran 5 times faster than on the day. Less time an item"),
        (Day(n_asked=280), "20 items of the 280 asked for: the bank holds no more."),
        (Day(collection="demo"), "20 items are generated nonsense of the demo bank; what they measure is nothing."),
        (
            Day(collection="mine", status="imported"),
            "Imported questions come from elsewhere, and nobody has checked them here.",
        ),
        (Day(), "There is no calibration: how hard each item is was not measured"),
    ],
)
def test_what_makes_it_less_than_the_real_day_is_said_plainly(
    day: Day, sentence: str, client: Client, user: User, clock: Clock
) -> None:
    said = told(client, sat(client, user, day, clock))["rests_on"]["said"]

    assert any(one.startswith(sentence) for one in said), said


def test_items_of_the_demo_bank_are_not_said_to_be_written_for_practice(client: Client, user: User, clock: Clock) -> None:
    said = told(client, sat(client, user, Day(collection="demo"), clock))["rests_on"]["said"]

    assert not any("written for practice" in one for one in said)


def test_the_hours_of_a_compressed_day_are_those_of_the_exam(client: Client, user: User, clock: Clock) -> None:
    report = told(client, sat(client, user, Day(blocks=4, items=15, clock="compressed", pace=5), clock))
    real = told(client, sat(client, user, Day(blocks=4, items=15), clock))

    assert [hour["hour"] for hour in report["findings"]["hours"]] == [hour["hour"] for hour in real["findings"]["hours"]]
    assert report["clock"] == "compressed"


# --- a key that was changed afterwards ----------------------------------------------------------------------------------


def test_the_newest_version_of_the_score_counts_and_all_are_listed(
    client: Client, user: User, reader: Client, administrator: User, clock: Clock
) -> None:
    player = sat(client, user, Day(marking=NEET, share_blank=0), clock)
    before = told(client, player)
    missed = next(item for item in before["items"] if item["choice"] == ["D"])
    rekey(missed["id"], 1, Key(("D",)), why="B is out of date", by=administrator, at=clock.at + timedelta(minutes=1))

    after = told(client, player)

    assert after["score"]["n_correct"] == before["score"]["n_correct"] + 1
    assert Decimal(after["marks"]["marks"]) == Decimal(before["marks"]["marks"]) + 5
    newest, first = after["versions"]
    assert (newest["number"], newest["by"], newest["why"]) == (2, "mara", "B is out of date")
    assert newest["change"] == {
        "item": missed["id"],
        "version": 1,
        "before": KEY,
        "after": "D",
        "why": "B is out of date",
        "by": "mara",
    }
    assert newest["altered"] == [{"item": missed["id"], "before": "wrong", "after": "right"}]
    assert (first["number"], first["change"]) == (1, None)
    assert newest["digest"] == after["score_digest"] != first["digest"]
    item = next(item for item in after["items"] if item["id"] == missed["id"])
    assert (item["key"], item["key_delivered"], item["is_correct"]) == (["D"], KEY, True)
    page = words(reader.get(f"/report/{player.sitting}"))
    assert "Versions of the score" in page
    assert f"{missed['id']}: B → D" in page


def test_a_dropped_item_is_in_no_share_and_is_said_so(client: Client, user: User, administrator: User, clock: Clock) -> None:
    player = sat(client, user, Day(share_blank=0), clock)
    before = told(client, player)
    gone = before["items"][0]
    rekey(gone["id"], 1, Drop.NOT_COUNTED, why="two keys", by=administrator, at=clock.at + timedelta(minutes=1))

    after = told(client, player)

    assert (after["score"]["n"], after["n_items"], after["n_dropped"]) == (19, 20, 1)
    assert not after["items"][0]["is_counted"]
    assert sum(row["n"] for row in after["axes"][0]["rows"]) == 19
    assert after["findings"]["n_items"] == 19
    assert "1 item no longer counts, and is in no share." in after["rests_on"]["said"]


def test_where_no_item_counts_any_more_there_is_no_share_and_still_a_report(
    client: Client, user: User, reader: Client, administrator: User, clock: Clock
) -> None:
    player = sat(client, user, Day(blocks=1, items=2, marking=NEET), clock)
    for n, item in enumerate(told(client, player)["items"], start=1):
        at = clock.at + timedelta(minutes=n)
        rekey(item["id"], 1, Drop.NOT_COUNTED, why="no key", by=administrator, at=at)

    report = told(client, player)

    assert (report["score"]["n"], report["score"]["percent"], report["marks"]["max_marks"]) == (0, None, "0")
    assert report["axes"] == []
    assert "No item counts." in words(reader.get(f"/report/{player.sitting}"))
    assert "Noitemcounts." in text_of_pdf(reader.get(f"/report/{player.sitting}.pdf").content)


def test_a_sitting_without_any_answer_has_a_report(client: Client, user: User, reader: Client, clock: Clock) -> None:
    player = sat(client, user, Day(share_blank=1), clock)

    report = told(client, player)

    assert (report["n_answered"], report["score"]["percent"], report["n_blank"]) == (0, 0.0, 20)
    assert [one["about"] for one in report["findings"]["said"]] == ["fatigue", "rushed", "changes", "unanswered"]
    assert reader.get(f"/report/{player.sitting}").status_code == 200
    assert reader.get(f"/report/{player.sitting}.pdf").status_code == 200


def test_without_a_change_no_versions_are_shown(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(), clock)

    assert "Versions of the score" not in words(reader.get(f"/report/{player.sitting}"))


# --- numbers, accommodation, and the description -----------------------------------------------------------------------


def test_a_number_is_shown_with_its_key_and_unit(reader: Client, client: Client, user: User, clock: Clock) -> None:
    player = sat(client, user, Day(numeric=5, share_blank=0), clock)

    page = words(reader.get(f"/report/{player.sitting}"))

    assert re.search(r"Your answer: 7\.\d+ mmol/L\. Key: 7\.35 ± 0\.02 mmol/L", page)


def test_the_candidate_sees_the_own_accommodation(client: Client, user: User, clock: Clock) -> None:
    report = told(client, sat(client, user, Day(time_factor=Fraction(3, 2)), clock))

    assert report["accommodation"] == {"time_factor": "3/2", "extra_break_s": 0, "stop_clock_s": 0}


def test_the_share_is_wilsons(client: Client, user: User, clock: Clock) -> None:
    score = told(client, sat(client, user, Day(), clock))["score"]

    expected = wilson(score["n_correct"], 20)
    assert (score["low"], score["high"]) == (round(100 * expected.low, 1), round(100 * expected.high, 1))


def _fields(kind: type[BaseModel]) -> set[str]:
    names: set[str] = set()
    for name, field in kind.model_fields.items():
        names.add(name)
        for inner in re.findall(r"report_schemas\.(\w+)", str(field.annotation)):
            names |= _fields(getattr(report_schemas, inner))
    return names


def test_every_field_of_the_report_is_named_where_its_call_is_described() -> None:
    section = API_PAGE.read_text(encoding="utf-8").split("### `GET /api/sittings/{id}/report`\n", 1)[1].split("\n### ", 1)[0]

    assert sorted(name for name in _fields(ReportOut) if f"`{name}`" not in section) == []


def test_kinds_with_marks_of_their_own_are_told_apart(reader: Client, client: Client, user: User, clock: Clock) -> None:
    marking = {
        **NEET,
        "numeric": {"correct": "3", "wrong": "0", "blank": "0", "partial": {"per_right_option": "1", "any_wrong_option": "-2"}},
    }
    player = sat(client, user, Day(numeric=5, marking=marking), clock)

    page = words(reader.get(f"/report/{player.sitting}"))

    assert "One best answer: right 4, wrong −1, no answer 0." in page
    assert "A number: right 3, wrong 0, no answer 0, a part 1 for each right option, −2 with a wrong one." in page
    assert told(client, player)["marks"]["interval"] == "MOVER of Wilson's and Student's intervals, 95%"
