"""The library: what a person may see of it, what finds it, and what it keeps shut."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bedside.site.accounts.models import User
from bedside.site.exam.models import Sitting, SittingItem
from bedside.site.shelf import stock
from tests.support.case_site import new_candidate, write_case_content
from tests.support.items import imported_text, write_item, write_set, write_takeaways
from tests.support.people import browser_of
from tests.support.site import KEY, Clock, Player, new_player, write_plain_item

pytestmark = pytest.mark.django_db

REFERENCE = Path(__file__).parents[2] / "content" / "reference"
STEM = "as item {} in version 1 has it"
TAKEAWAYS = """\
schema: takeaways/1
takeaways:
  - id: renal.winter_formula
    title: "Expected carbon dioxide in acidosis"
    text: "In metabolic acidosis the expected PaCO2 is 1.5 times bicarbonate plus 8: the UNFOLDED sentence."
    codes: {exam: {system: renal, discipline: [physiology]}}
    sources: ["Author A. Journal 1998;338:26-34"]
  - id: renal.anion_gap
    title: "The gap, when albumin is low"
    text: "It falls with albumin."
    codes: {exam: {system: renal}}
    sources: ["Author B. Journal 2001;1:2-3"]
"""


@pytest.fixture
def reader(user: User, clock: Clock) -> Client:
    """A learner in a browser."""
    return browser_of(user)


@pytest.fixture
def whole_content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Content with takeaways that have titles, reference values, abbreviations and a case."""
    folder = write_case_content(tmp_path / "content")
    write_takeaways(folder, TAKEAWAYS)
    (folder / "reference").mkdir()
    for name in ("analytes.yaml", "abbreviations.yaml"):
        shutil.copy(REFERENCE / name, folder / "reference" / name)
    monkeypatch.setattr(settings, "CONTENT", folder)
    return folder


def page(reader: Client, **query: object) -> str:
    answer = reader.get(f"/library?{urlencode(query)}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def results(text: str) -> str:
    return text.partition('id="results"')[2]


def answered(client: Client, clock: Clock, *, mode: str, is_wrong: bool = False) -> tuple[Player, str]:
    """A block of the blood with its first item answered."""
    player = new_player(client, clock, mode=mode, filter={"system": ["blood"]})
    item = player.open_block()[0]["id"]
    clock.pass_s(20)
    player.do("answered", item=item, choice=["A" if is_wrong else KEY], ms=20_000)
    return player, item


def ended(player: Player) -> None:
    player.note("block_closed", block=1)
    player.do("finished")


# --- who may see what


@pytest.mark.parametrize("path", ["/library", "/library/values", "/library/about/renal-0001", "/library/practise"])
def test_a_stranger_is_sent_to_the_door(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    others = [one for one in settings.MIDDLEWARE if not one.endswith("LocalLearner")]
    monkeypatch.setattr(settings, "MIDDLEWARE", others)
    stranger = Client()
    answer = stranger.post(path) if path.endswith("practise") else stranger.get(path)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_an_item_that_was_not_met_shows_how_it_begins_and_nothing_else(reader: Client) -> None:
    text = results(page(reader, q="item renal-0001", kind="item"))

    assert STEM.format("renal-0001") in text.replace("<mark>", "").replace("</mark>", "")
    assert "Practise it" in text
    assert "SECRET" not in text
    assert "not met yet" in text
    assert "Draft" in text


@pytest.mark.parametrize("query", [{"kind": "item"}, {"system": "blood"}, {"q": "woman"}, {"q": "reason B", "kind": "item"}])
def test_no_page_of_a_newcomer_holds_a_reason_or_a_source_of_an_item(reader: Client, query: dict[str, str]) -> None:
    assert "SECRET" not in results(page(reader, **query)).replace(query.get("q", "."), "")


def test_what_an_explanation_says_does_not_find_an_item_before_its_key_was_shown(
    reader: Client, client: Client, clock: Clock
) -> None:
    assert "Nothing was found" in page(reader, q="SECRET")
    player, item = answered(client, clock, mode="timed")
    assert "Nothing was found" in page(reader, q="SECRET")
    assert "its key was not shown yet" in page(reader, q=item, kind="item")

    ended(player)
    reader.get(f"/report/{player.sitting}")
    text = page(reader, q=f"SECRET {item}", kind="item")
    assert "Explanation" in text
    assert "<mark>SECRET</mark>" in text


def test_an_item_that_was_answered_leads_to_its_explanation(reader: Client, client: Client, clock: Clock) -> None:
    player, item = answered(client, clock, mode="tutor")
    ended(player)
    text = results(page(reader, q=item, kind="item", met="yes"))
    address = re.search(r'href="(/report/[^"]*#item-\d+)"', text)

    assert address is not None
    assert player.sitting in address[1]
    row = SittingItem.objects.get(sitting_id=UUID(player.sitting), item=item)
    report = reader.get(address[1].partition("#")[0]).content.decode()
    assert f'id="item-{row.position}"' in report
    assert f"/library/about/{item}" in report


def test_nobody_sees_what_another_person_met(reader: Client, client: Client, clock: Clock, pat: User) -> None:
    player, item = answered(client, clock, mode="tutor")
    ended(player)
    other = browser_of(pat)

    assert "Explanation" in results(page(reader, q=item, kind="item"))
    assert "Explanation" not in results(page(other, q=item, kind="item"))
    assert "SECRET" not in results(page(other, q=item, kind="item"))
    assert "Nothing was found" in page(other, q="SECRET")


def test_while_a_proctored_sitting_is_under_way_the_library_is_shut(reader: Client, sitter: Player) -> None:
    for path in ("/library", "/library?q=woman", "/library/values"):
        text = reader.get(path).content.decode()
        assert "Your proctored sitting is under way" in text
        assert "Find" not in text
        assert "PaCO2" not in text
    made = Sitting.objects.count()

    assert reader.post("/library/practise", {"item": "renal-0001", "step": "exam/first"}).status_code == 409
    assert Sitting.objects.count() == made
    assert reader.get("/library/about/renal-0001")["Location"] == "/library"


# --- what stands in it


def test_the_topics_are_the_systems_of_the_step_with_what_stands_under_them(reader: Client, whole_content: Path) -> None:
    text = results(page(reader))

    assert "Heart and vessels" in text
    assert re.search(r">Renal</a></th><td[^>]*>2</td><td[^>]*>4</td><td[^>]*>0</td>", text)
    assert "?kind=case" in text
    assert "/library/values" in text


def test_a_system_is_divided_into_areas_and_an_area_holds_what_carries_its_code(reader: Client, whole_content: Path) -> None:
    text = page(reader, step="exam/first", system="renal")
    assert "<h1>Renal</h1>" in text
    assert "Physiology 5" in text
    inside = results(page(reader, step="exam/first", system="renal", area="physiology"))

    assert "Expected carbon dioxide in acidosis" in inside
    assert "The gap, when albumin is low" not in inside


def test_a_takeaway_asks_first_and_tells_behind_a_disclosure(reader: Client, whole_content: Path) -> None:
    text = results(page(reader, q="times bicarbonate", kind="takeaway"))
    summary, _, rest = text.partition("</summary>")

    assert "Expected carbon dioxide in acidosis" in summary
    assert "UNFOLDED" not in summary
    assert "UNFOLDED" in rest.partition("</details>")[0]
    assert "Author A. Journal 1998" in rest
    assert "12 questions teach it." in rest
    assert "You have not answered one of them." in rest
    assert "found in its sentence" in rest


def test_the_family_of_a_takeaway_names_only_items_whose_key_was_shown(
    reader: Client, client: Client, clock: Clock, whole_content: Path
) -> None:
    player, item = answered(client, clock, mode="tutor")
    ended(player)
    text = results(page(reader, q="times bicarbonate", kind="takeaway"))

    assert re.findall(r">([a-z]+-\d{4})</a>", text) == [item]


def test_a_case_is_found_by_its_title_alone_and_says_no_more(
    reader: Client, client: Client, clock: Clock, whole_content: Path
) -> None:
    shelf = stock.current_shelf()
    assert shelf is not None
    case = next(iter(shelf.cases.values()))
    text = results(page(reader, kind="case"))

    assert case.title in text
    assert "not played yet" in text
    assert case.meta.key not in text
    assert "Nothing was found" in page(reader, q=case.meta.key, kind="case") or case.meta.key.lower() in case.title.lower()
    assert case.title not in results(page(reader, system="renal", step="exam/first"))
    candidate = new_candidate(client, clock)
    candidate.end("anything")
    assert "/debrief" in results(page(reader, kind="case"))


def test_the_table_of_values_has_intervals_by_sex_and_si_beside(reader: Client, whole_content: Path) -> None:
    text = unescape(reader.get("/library/values").content.decode())

    assert re.search(r"Sodium \(Na\+\).{0,200}?136–146 mEq/L.{0,120}?136–146 mmol/L", text, re.S)
    assert re.search(r"<td[^>]*>female</td>", text)
    assert re.search(r"<td[^>]*>male</td>", text)
    found = results(page(reader, q="sodium", kind="value"))
    assert "136–146 mEq/L" in found
    assert "#value-sodium" in found


def test_only_the_banks_own_items_stand_in_the_library(reader: Client, own_data: Path) -> None:
    write_item(own_data / "imported" / "other", "other-0001", imported_text({"id": "other-0001"}, stem="An imported zebra."))

    assert "Nothing was found" in page(reader, q="zebra")
    answer = reader.post("/library/practise", {"item": "other-0001", "step": "exam/first"})
    assert answer.status_code == 404
    assert Sitting.objects.count() == 0


# --- finding


def test_filters_leave_what_fits(reader: Client, client: Client, clock: Clock, own_content: Path) -> None:
    write_plain_item(own_content, "renal-0009", head={"status": "draft"})
    player, item = answered(client, clock, mode="tutor")
    ended(player)

    assert item in results(page(reader, kind="item", met="yes"))
    assert item not in results(page(reader, kind="item", met="no", q="woman"))
    assert "Nothing was found" in page(reader, q="woman", status="clinician_reviewed")
    assert "found." in page(reader, q="woman", status="draft", step="exam/first")


@pytest.mark.parametrize("query", [{"kind": "x"}, {"status": "x"}, {"met": "x"}, {"step": "exam/none"}, {"step": "x"}])
def test_a_filter_that_does_not_exist_is_refused(reader: Client, query: dict[str, str]) -> None:
    assert reader.get(f"/library?{urlencode(query)}").status_code == 400


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\x00", "'\" OR 1=1", "x" * 10_000, "%", "\u202e", "woman " * 900]
)
def test_no_text_breaks_the_page_or_is_taken_for_markup(reader: Client, text: str) -> None:
    answer = reader.get("/library", {"q": text})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_pages_of_what_was_found_join_and_one_beyond_the_last_is_the_first(reader: Client, own_content: Path) -> None:
    for number in range(20, 50):
        write_plain_item(own_content, f"renal-{number:04d}")
    ids = [re.findall(r'name="item" value="([^"]+)"', page(reader, q="woman", kind="item", page=n)) for n in (1, 2, 3)]

    assert [len(one) for one in ids] == [20, 20, 2]
    assert len({item for one in ids for item in one}) == 42
    assert re.findall(r'name="item" value="([^"]+)"', page(reader, q="woman", kind="item", page=99)) == ids[0]
    links = re.findall(r'href="\?([^"]*page=(\d))"', page(reader, q="woman", kind="item"))
    assert [number for _query, number in links] == ["2", "3"]


def test_the_statements_of_a_page_do_not_grow_with_what_it_shows(
    reader: Client, client: Client, clock: Clock, whole_content: Path
) -> None:
    player, item = answered(client, clock, mode="tutor")
    ended(player)
    page(reader, q="woman")

    def n_statements(**query: object) -> int:
        with CaptureQueriesContext(connection) as captured:
            page(reader, **query)
        return len(captured)

    assert n_statements(q="woman") <= 12
    assert n_statements(q="woman") == n_statements(q=item, kind="item")
    assert n_statements(kind="item") <= 12
    assert n_statements() <= 12


def test_a_new_item_is_found_as_soon_as_its_file_is_there(reader: Client, own_content: Path) -> None:
    assert "Nothing was found" in page(reader, q="platypus")
    write_item(own_content, "renal-0077", None)
    path = write_plain_item(own_content, "renal-0078")
    path.write_text(path.read_text().replace("24-year-old woman", "24-year-old platypus"))

    assert "Nothing was found" not in page(reader, q="platypus")


def test_a_large_library_that_is_still_being_made_says_so(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.site.shelf.views.current_shelf", lambda: None)

    assert "Look again" in page(reader)
    assert reader.get("/library/about/renal-0001").status_code == 302


# --- beginning one, and the way from an explanation


def test_an_item_is_begun_in_tutor_mode(reader: Client) -> None:
    answer = reader.post("/library/practise", {"item": "blood-0002", "step": "exam/first"})
    sitting = Sitting.objects.get()

    assert answer.status_code == 302
    assert str(sitting.pk) in answer["Location"]
    assert sitting.mode == "tutor"
    assert [row.item for row in sitting.items.all()] == ["blood-0002"]


def test_an_item_of_a_set_is_begun_with_its_whole_set(reader: Client, own_content: Path) -> None:
    names = write_set(own_content, "He falls.", "Later he stands.")
    reader.post("/library/practise", {"item": names[1], "step": "exam/first"})

    assert [row.item for row in Sitting.objects.get().items.order_by("position")] == names


@pytest.mark.parametrize(
    ("item", "step", "status"),
    [("blood-0002", "exam/none", 400), ("blood-0002", "", 400), ("nothing", "exam/first", 404), ("", "exam/first", 404)],
)
def test_what_can_not_be_begun_is_refused_and_makes_nothing(reader: Client, item: str, step: str, status: int) -> None:
    assert reader.post("/library/practise", {"item": item, "step": step}).status_code == status
    assert reader.get("/library/practise").status_code == 405
    assert Sitting.objects.count() == 0


def test_an_explanation_leads_to_the_topic_of_its_item(reader: Client) -> None:
    answer = reader.get("/library/about/blood-0002", follow=True)
    text = answer.content.decode()

    assert answer.redirect_chain[-1][0] == "/library?step=exam%2Ffirst&system=blood"
    assert "<h1>Blood</h1>" in text
    assert reader.get("/library/about/gone")["Location"] == "/library"


def test_confusions_lead_to_the_library_too(reader: Client, client: Client, clock: Clock) -> None:
    player, item = answered(client, clock, mode="tutor", is_wrong=True)
    ended(player)

    assert f"/library/about/{item}" in reader.get("/confusions?all=1").content.decode()


def test_the_data_folder_is_left_alone(reader: Client) -> None:
    page(reader, q="woman")

    assert not (Path(settings.DATA) / "search").exists()
