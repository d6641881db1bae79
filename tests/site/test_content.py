"""The content on the site: what is in error is left out and named, and what changes on the disk is seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from bedside.errors import UsageError
from bedside.site import content as site_content
from bedside.site.accounts.models import User
from bedside.site.content import content_folder, content_problems, current_content, imported_folder
from tests.support.items import imported_text, write_item
from tests.support.site import Clock, get, new_player, post, write_plain_item

OPTIONS = "- [ ] One\n- [x] Two\n- [ ] Three"


def _import(collection: str, n: int) -> None:
    root = imported_folder() / collection
    for number in range(1, n + 1):
        item_id = f"{collection}-{number:04d}"
        write_item(root, item_id, imported_text({"id": item_id}, stem=f"Imported stem {number}.", options=OPTIONS))


def test_an_item_with_an_error_is_left_out_and_named(own_content: Path, own_data: Path) -> None:
    path = own_content / "items" / "renal" / "renal-0001.md"
    path.write_text(path.read_text(encoding="utf-8").replace("- [ ] Choice A", "- [x] Choice A"), encoding="utf-8")
    write_plain_item(own_content, "renal-0050")
    content = current_content()
    assert "renal-0001" not in content.items
    assert "renal-0050" in content.items
    assert [Path(problem.file).name for problem in content_problems()] == ["renal-0001.md"]


def test_a_programme_that_cant_be_read_is_left_out_and_named(own_content: Path, own_data: Path) -> None:
    (own_content / "programmes" / "bad.yaml").write_bytes(b"\xff")
    (own_content / "programmes" / "worse.yaml").write_text("schema: programme/1\n", encoding="utf-8")
    content = current_content()
    assert list(content.programmes) == ["exam"]
    assert {Path(problem.file).name for problem in content.problems} == {"bad.yaml", "worse.yaml"}


def test_an_import_can_be_practised_at_once(client: Client, clock: Clock, own_content: Path, own_data: Path) -> None:
    assert "mine" not in current_content().bank.collection_of.values()
    _import("mine", 3)
    player = new_player(client, clock, filter={"collection": "mine"})
    assert [item["id"].rpartition("-")[0] for item in player.open_block()] == ["mine"] * 3
    assert player.state()["outline"]["given"] == 3
    # without its name it is not taken: it belongs to no step
    everything = new_player(client, clock, items=200)
    assert everything.state()["outline"]["given"] == 12


def test_a_file_that_is_changed_in_its_place_is_seen_soon(
    own_content: Path, own_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = [100.0]
    monkeypatch.setattr("bedside.site.clock.monotonic_s", lambda: seconds[0])
    before = current_content()
    path = own_content / "items" / "renal" / "renal-0001.md"
    text = path.read_text(encoding="utf-8").replace("A 24-year-old", "A 99-year-old")
    with path.open("r+", encoding="utf-8") as file:
        file.write(text)
    assert current_content() is before
    seconds[0] += site_content.FILES_CHECKED_EVERY_S
    assert "A 99-year-old" in current_content().items["renal-0001"].stem
    assert current_content() is current_content()


def test_content_that_goes_away_leaves_what_was_read(own_content: Path, own_data: Path) -> None:
    before = current_content()
    own_content.rename(own_content.with_name("gone"))
    assert current_content() is before


def test_the_folder_is_the_one_of_the_settings_else_the_one_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content_dir: Path
) -> None:
    assert content_folder() == content_dir
    monkeypatch.setattr("django.conf.settings.CONTENT", None)
    monkeypatch.setattr("bedside.__file__", str(tmp_path / "package" / "__init__.py"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="no content folder"):
        content_folder()
    (tmp_path / "content" / "programmes").mkdir(parents=True)
    assert content_folder() == tmp_path / "content"


@pytest.mark.django_db
def test_the_programme_is_given_as_it_is_on_a_date(client: Client) -> None:
    shown = get(client, "/api/programmes/exam?on=2026-05-13")
    assert (shown["name"], shown["on"], shown["steps"][0]["forms"][0]["blocks"]) == ("exam", "2026-05-13", 2)
    assert get(client, "/api/programmes/exma", expect=404)["detail"].endswith('did you mean "exam"?')
    assert get(client, "/api/programmes/exam?on=yesterday", expect=400)["code"] == "invalid"


@pytest.mark.django_db
def test_reference_values_are_given_where_there_are_any(client: Client) -> None:
    assert get(client, "/api/reference/analytes") == {"analytes": []}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wish", "told"),
    [
        ({"programme": "exma"}, 'did you mean "exam"?'),
        ({"step": "frist"}, 'did you mean "first"?'),
        ({"filter": {"system": ["renla"]}}, 'did you mean "renal"?'),
        ({"filter": {"axes": {"sytem": ["renal"]}}}, 'did you mean "system"?'),
        ({"filter": {"collection": "bedsid"}}, 'did you mean "bedside"?'),
    ],
)
def test_a_wish_for_what_does_not_exist_says_what_is_near(
    client: Client, clock: Clock, wish: dict[str, object], told: str
) -> None:
    body = {"programme": "exam", "step": "first", "mode": "timed", **wish}
    refused = post(client, "/api/sittings", body, expect=400)
    assert refused["code"] == "usage"
    assert refused["detail"].endswith(told)


@pytest.mark.django_db
def test_the_report_on_imported_questions_answers_for_none_of_them(
    client: Client, clock: Clock, own_content: Path, own_data: Path
) -> None:
    _import("mine", 1)
    player = new_player(client, clock, items=1, filter={"collection": "mine"})
    player.open_block()
    player.do("finished")

    rests_on = get(client, f"{player.path}/report")["rests_on"]

    assert [status["status"] for status in rests_on["statuses"]] == ["imported"]
    assert "nobody has checked them here" in rests_on["text"]
    assert "not from any exam" not in rests_on["text"]


@pytest.mark.django_db
def test_imported_items_are_marked_and_are_not_taken_without_their_collection(
    client: Client, clock: Clock, own_content: Path, own_data: Path
) -> None:
    root = imported_folder() / "mine"
    blueprint = "[{programme: exam, step: first, system: renal}]"
    write_item(
        root, "mine-0001", imported_text({"id": "mine-0001", "blueprint": blueprint}, stem="PaO2 < 60 & A.", options=OPTIONS)
    )
    assert not any(item["is_imported"] for item in new_player(client, clock, items=200).open_block())

    player = new_player(client, clock, items=1, filter={"collection": "mine"})
    assert [item["is_imported"] for item in player.open_block()] == [True]
    player.do("finished")

    report = get(client, f"{player.path}/report")
    assert {axis["axis"]: axis["n_without_code"] for axis in report["axes"]} == {"system": 0}
    page = Client()
    page.force_login(User.objects.get())
    shown = page.get(f"/report/{player.sitting}").content.decode()
    assert "PaO2 &lt; 60 &amp; A." in shown
    assert "&amp;lt;" not in shown
