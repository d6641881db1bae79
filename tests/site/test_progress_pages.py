"""The progress pages through the site's own client: pictures and their tables, what is empty, what is shut, whose it is."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from bedside.site.accounts.models import Profile, User
from bedside.site.content import current_content
from bedside.site.exam.models import Response, Sitting
from tests.support.filled_history import Life, live
from tests.support.people import browser_of, person, proctored_player
from tests.support.site import Clock, new_player

pytestmark = pytest.mark.django_db

PAGES = ("/progress", "/progress/blueprint", "/progress/memory", "/progress/answers")
PICTURE_BYTES = 20_000
MOST_QUERIES = 45  # all small: counts, and what was done today


@pytest.fixture
def reader(user: User) -> Client:
    """The candidate in a browser."""
    return browser_of(user)


@pytest.fixture
def lived(user: User, clock: Clock) -> User:
    """Sixty days of answers, and an exam in thirty."""
    live(user, current_content(), Life(days=60, n_cards=20), at=clock.now())
    exam_on = (clock.now() + timedelta(days=30)).date()
    Profile.objects.create(user=user, programme="exam", step="first", exam_on=exam_on)
    return user


def context_of(reader: Client, path: str) -> Any:
    response = reader.get(path)
    assert response.status_code == 200
    return response.context


def text_of(reader: Client, path: str) -> str:
    page = reader.get(path)
    assert page.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


# --- pictures and tables ------------------------------------------------------------------------------------------------


def places(line: str) -> list[tuple[float, float]]:
    """The points of a curve, as shares of the picture from the left and from below."""
    points = [tuple(map(float, point.split(","))) for point in line.split()]
    return [(x / 1000, 1 - y / 1000) for x, y in points]


@pytest.mark.parametrize(("name", "n_between"), [("chance", 2), ("share", 1)])
def test_curves_of_readiness_have_the_numbers_of_their_tables(
    reader: Client, lived: User, low_floor: None, name: str, n_between: int
) -> None:
    picture = context_of(reader, "/progress")[name]
    rows = [row for row in picture.table.rows if row[1] != "–"]
    drawn = picture.curves[0]
    heights = [100 * y for _, y in places(drawn.line)]
    assert len(rows) == len(heights) > 3
    assert [per_cent(row[1]) for row in rows] == pytest.approx(heights, abs=1)
    band = [100 * y for _, y in places(drawn.band)]
    highs, lows = band[: len(rows)], band[len(rows) :][::-1]
    between = [tuple(map(per_cent, row[2].split(" – " if n_between == 2 else "–"))) for row in rows]
    assert [low for low, _ in between] == pytest.approx(lows, abs=1)
    assert [high for _, high in between] == pytest.approx(highs, abs=1)
    assert all(low <= value <= high for low, value, high in zip(lows, heights, highs, strict=True))


def per_cent(text: str) -> float:
    """ "62%", "less than 1%", "more than 99%" as a number."""
    return {"less than 1%": 0.5, "more than 99%": 99.5}.get(text) or float(text.rstrip("%"))


def test_areas_lie_where_their_table_says_beside_what_passes(
    weighed: Path, reader: Client, lived: User, low_floor: None
) -> None:
    picture = context_of(reader, "/progress")["areas"]
    assert len(picture.rows) == len(picture.table.rows) == 3
    for row, cells in zip(picture.rows, picture.table.rows, strict=True):
        assert cells[0] == row.label
        assert [per_cent(cells[1]), per_cent(cells[3])] == pytest.approx([row.at, row.asked], abs=0.6)
        assert row.low < row.at < row.high
        assert (row.word == "below") <= (row.at < row.asked)
        assert int(cells[5]) > 0
    n_below = sum(row.word == "below" for row in picture.rows)
    assert f"{n_below} are likely below what passes" in picture.said


def test_both_curves_of_memory_have_the_numbers_of_their_table(reader: Client, lived: User) -> None:
    context = context_of(reader, "/progress/memory")
    picture = context["outlook"]
    whole = float(picture.up[-1].text)
    for index, one in enumerate(picture.curves):
        heights = [whole * y for _, y in places(one.line)]
        assert [float(row[1 + 2 * index]) for row in picture.table.rows] == pytest.approx(heights, abs=0.02 * whole)
    assert str(context["n"]) in picture.said
    last = picture.table.rows[-1]
    assert picture.curves[0].label == f"{last[1]} with nothing reviewed"
    assert picture.curves[1].label == f"{last[3]} with what is due reviewed"


def test_sticks_are_as_high_as_their_table_says(reader: Client, lived: User) -> None:
    picture = context_of(reader, "/progress/memory")["due"]
    counts = [int(row[1]) for row in picture.table.rows]
    assert [stick.height for stick in picture.sticks] == pytest.approx([100 * n / max(counts) for n in counts], abs=0.1)
    assert picture.sticks[0].text == str(counts[0])
    assert f"{counts[0]} are due today, and {sum(counts)} in all" in picture.said


def test_cells_of_the_map_have_the_numbers_of_its_table(reader: Client, lived: User) -> None:
    context = context_of(reader, "/progress/blueprint")
    picture = context["map"]
    drawn = [(row.label, cell) for row in picture.rows for cell in row.cells]
    assert len(drawn) == len(picture.table.rows) == 6
    for (label, cell), row in zip(drawn, picture.table.rows, strict=True):
        assert row[0] == label
        n_right, n = map(int, row[3].split("/"))
        assert cell.text == (f"{100 * n_right / n:.0f}" if n else "")
        assert row[4] == (f"{cell.text}%" if n else "–")
        assert cell.is_hatched == (0 < n < 10)
    assert sum(int(row[3].split("/")[1]) for row in picture.table.rows) == context["n"] == 12
    assert context["lead"] == ""  # four questions of an area are too few to compare it
    heights = [row.height_em for row in picture.rows]
    assert sum(cell.width for cell in picture.rows[0].cells) == pytest.approx(100, abs=0.2)
    assert heights == pytest.approx([heights[0]] * 3)  # the bank has as many items of each area


def test_days_are_filled_by_the_minutes_of_their_table(reader: Client, lived: User) -> None:
    picture = context_of(reader, "/progress")["days"]
    assert "days with study since" in picture.said
    weeks = [row[1:8] for row in reversed(picture.table.rows)]
    minutes = [float(text) for week in weeks for text in week if text]
    most = max(30.0, *minutes)
    assert len(picture.cells) == len(minutes)
    assert [cell.fill for cell in picture.cells] == pytest.approx([100 * one / most for one in minutes], abs=2)
    totals = [(float(row[8]), sum(float(text) for text in row[1:8] if text)) for row in picture.table.rows]
    assert all(total == pytest.approx(parts, abs=4) for total, parts in totals)


def test_pairs_are_as_long_as_their_table_says(reader: Client, lived: User) -> None:
    picture = context_of(reader, "/progress/answers")["times"]
    counts = [(int(row[1]), int(row[2])) for row in picture.table.rows]
    most = max(max(pair) for pair in counts)
    for pair, (right, wrong) in zip(picture.rows, counts, strict=True):
        assert (pair.first_text, pair.second_text) == (f"{right} right", f"{wrong} wrong")
        assert (pair.first, pair.second) == pytest.approx((100 * right / most, 100 * wrong / most), abs=0.1)


def test_shares_of_confidence_time_and_reasons_rest_on_all_answers(reader: Client, lived: User) -> None:
    context = context_of(reader, "/progress/answers")
    n = Response.objects.filter(user=lived).count()
    n_wrong = Response.objects.filter(user=lived, correct=False).count()
    for name, expected in (("confidence", n), ("by_time", n), ("reasons", context["n_reasons"])):
        bars = context[name].bars
        counts = [tuple(map(int, bar.of.split("/"))) for bar in bars]
        assert all(bar.low <= bar.at <= bar.high for bar in bars)
        if name == "reasons":
            assert sum(right for right, _ in counts) == expected
            assert {total for _, total in counts} == {expected}
        else:
            assert sum(total for _, total in counts) == expected
    assert f"of {n_wrong} wrong answers have a reason" in context["reasons_lead"]
    assert context["lead"].startswith(f"{n - n_wrong} of {n} answers right: ")


def test_every_picture_has_a_title_a_description_and_a_table_and_is_small(reader: Client, lived: User, low_floor: None) -> None:
    n = 0
    for path in PAGES:
        html = reader.get(path).content.decode()
        assert "style=" not in html
        for figure in re.findall(r"<figure.*?</figure>", html, flags=re.DOTALL):
            n += 1
            assert "<caption" in figure
            assert "data-table=" in figure
            assert re.search(r'role="img"[^>]* aria-(label|labelledby)=', figure)
            drawn = re.sub(r'<div class="scroll".*?</div>', "", figure, flags=re.DOTALL)
            assert len(drawn.encode()) < PICTURE_BYTES
    assert n == 11


# --- what is said --------------------------------------------------------------------------------------------------------


def test_the_first_page_says_the_chance_what_it_rests_on_and_by_whose_standard(
    reader: Client, lived: User, low_floor: None
) -> None:
    text = text_of(reader, "/progress")
    assert re.search(
        r"If you sat today: (more than |less than )?\d+% to pass. What is not known of you yet could make it", text
    )
    assert re.search(r"Of \d+ questions like the bank.*s you would get about \d+% right", text)
    assert re.search(r"It rests on \d+ answers, \d+ of them to questions that were new to you, \d+ against the clock", text)
    assert re.search("The standard is this bank.*s own", text)
    assert re.search(r"Of the doubt about passing \d+% is the luck of the form and of the day", text)
    assert "There is no standard to pass." in text
    assert re.search(r"You studied on \d of the last 7 days", text)


def test_what_would_tell_most_leads_to_new_questions_of_it(reader: Client, lived: User, low_floor: None) -> None:
    told = context_of(reader, "/progress")["narrows"]
    assert told
    assert [one["percent"] for one in told] == sorted((one["percent"] for one in told), reverse=True)
    asked = reader.get(told[0]["href"])
    assert asked.status_code == 200
    assert "state=unused" in told[0]["href"]


def test_below_the_floor_of_evidence_no_chance_is_said_but_what_is_missing(reader: Client, lived: User) -> None:
    text = text_of(reader, "/progress")
    assert "There is too little to say whether you would pass." in text
    assert "Questions that were new to you and whose outcome you know: 12 of the 30 that are needed." in text
    assert "to pass. What is not known" not in text
    assert context_of(reader, "/progress").get("chance") is None


def test_nothing_yet_is_said_on_every_page_and_what_will_stand_there(reader: Client) -> None:
    said = {
        "/progress": "whose outcome you know: 0 of the 30 that are needed.",
        "/progress/blueprint": "Nothing is on the map yet.",
        "/progress/memory": "Nothing is in memory yet.",
        "/progress/answers": "There are too few answers to draw.",
    }
    for path, words in said.items():
        assert words in text_of(reader, path), path
        assert "<figure" not in reader.get(path).content.decode()


def test_without_an_exam_the_forecast_of_memory_looks_sixty_days_ahead(reader: Client, user: User, clock: Clock) -> None:
    live(user, current_content(), Life(days=5), at=clock.now())
    assert "looks 60 days ahead" in text_of(reader, "/progress/memory")


# --- whose it is, and when it is shut -------------------------------------------------------------------------------------


def test_nobody_sees_anothers_progress(lived: User, clock: Clock) -> None:
    other = browser_of(person("bob"))
    for path in PAGES:
        assert "<figure" not in other.get(path).content.decode(), path


def test_who_is_not_signed_in_sees_nothing_in_use(client: Client, lived: User, settings: Any) -> None:
    settings.IS_LOCAL = False
    for path in PAGES:
        assert "<figure" not in Client().get(path).content.decode(), path


def test_while_a_proctored_sitting_is_under_way_all_pages_are_shut(
    reader: Client, client: Client, lived: User, clock: Clock
) -> None:
    proctored_player(client, clock).open_block()
    for path in PAGES:
        html = reader.get(path).content.decode()
        assert "Your proctored sitting is under way" in html, path
        assert "<figure" not in html
        assert "% right" not in html


def test_answers_that_are_not_known_to_be_right_or_wrong_are_in_no_picture(
    reader: Client, client: Client, clock: Clock
) -> None:
    player = new_player(client, clock, items=12)
    for item in player.open_block():
        player.do("answered", item=item["id"], choice=["B"], ms=20_000)
    assert Response.objects.count() == 12
    assert "There are 0." in text_of(reader, "/progress/answers")
    assert "Nothing is on the map yet." in text_of(reader, "/progress/blueprint")
    Sitting.objects.update(is_disclosed=True)
    assert "There are 12." in text_of(reader, "/progress/answers")
    assert context_of(reader, "/progress/blueprint")["n"] == 12


def test_without_a_programme_the_pages_say_what_to_choose(
    reader: Client, user: User, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bedside.site.progress.base.step_of_profile", lambda *_, **__: None)
    assert "Choose the exam that you study for" in text_of(reader, "/progress")
    assert all(reader.get(path).status_code == 200 for path in PAGES)


def test_a_longer_history_asks_the_database_no_more_often(
    reader: Client, lived: User, clock: Clock, django_assert_max_num_queries: Any
) -> None:
    for path in PAGES:
        reader.get(path)  # what is kept of past days
        with django_assert_max_num_queries(MOST_QUERIES):
            reader.get(path)
