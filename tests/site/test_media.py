"""Pictures and sounds: kept before they are named, and given only to those who may have them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponseBase
from django.test import Client

from bedside.bank import MediaFile
from bedside.errors import ConflictError, NotFoundError, StoreError
from bedside.site.accounts.actions import add_user, create_token
from bedside.site.accounts.models import User
from bedside.site.content import current_content
from bedside.site.library.delivered import Delivered, delivered_from_text, hash_of
from bedside.site.library.delivering import deliver
from bedside.site.library.media import CONTENT_TYPES, keep_media, kept_media, media_folder
from bedside.site.library.models import ItemVersion, VersionMedia
from tests.support.items import MEDIA, OPTIONS, SVG, item_text, numeric_text, write_item, write_media, write_set, write_stimulus
from tests.support.site import Clock, new_player
from tests.support.sittings import T0

ENTRY = "\n  - {programme: exam, step: first, system: renal, competency: diagnosis, discipline: [physiology]}"


@pytest.fixture
def bank(own_content: Path, own_data: Path) -> Path:
    """A content folder with one item, which shows every kind of file."""
    for path in (own_content / "items").rglob("*.md"):
        path.unlink()
    write_media(own_content, MEDIA)
    shown = "\n\n".join(f"![What {name} shows](media:{name})" for name in MEDIA)
    write_item(own_content, text=item_text({"blueprint": ENTRY}, stem=f"A woman is ill.\n\n{shown}"))
    return own_content


def delivered(item_id: str = "renal-0007") -> Delivered:
    content = current_content()
    return deliver(content, content.items[item_id], programme="exam", step="first")


def name_of(ending: str) -> str:
    return next(name for name in delivered().media if name.endswith(f".{ending}"))


@pytest.fixture
def sat(bank: Path, client: Client, clock: Clock) -> Client:
    """A client whose user has a sitting with the item."""
    new_player(client, clock, items=1)
    return client


def other_client(*roles: str) -> Client:
    user = add_user("eve", password=None, at=T0)
    user.role_grants.all().delete()
    for role in roles:
        user.role_grants.create(role=role, given_at=T0)
    return Client(headers={"Authorization": f"Bearer {create_token(user, at=T0).secret}"})


def fetch(client: Client, name: str, **headers: str) -> tuple[HttpResponseBase, bytes]:
    """The answer and its whole body, so that no file stays open."""
    answer = client.get(f"/media/{name}", headers={key.replace("_", "-"): value for key, value in headers.items()})
    return answer, b"".join(answer)


def status(client: Client, name: str) -> int:
    return fetch(client, name)[0].status_code


# --- delivering ---------------------------------------------------------------------------------------------------------


def test_a_delivered_item_names_its_files_and_they_are_kept(bank: Path) -> None:
    item = delivered()

    assert len(item.media) == len(MEDIA)
    assert {kept_media(name).read_bytes() for name in item.media} == set(MEDIA.values())
    for name in item.media:
        assert f'src="/media/{name}"' in item.stem_html


def test_what_was_kept_stays_when_the_content_is_gone(bank: Path, sat: Client) -> None:
    name = name_of("png")
    for path in (bank / "media").iterdir():
        path.unlink()

    assert status(sat, name) == 200


def test_a_file_is_written_once(bank: Path) -> None:
    name = name_of("png")
    before = kept_media(name).stat()
    delivered()

    assert kept_media(name).stat().st_mtime_ns == before.st_mtime_ns
    assert kept_media(name).stat().st_ino == before.st_ino


def test_a_file_that_changed_since_it_was_read_is_not_kept_under_a_wrong_name(bank: Path) -> None:
    content = current_content()
    (bank / "media" / "a.png").write_bytes(MEDIA["a.png"] + b"other")

    with pytest.raises(StoreError, match="changed while it was read"):
        deliver(content, content.items["renal-0007"], programme="exam", step="first")

    assert list(media_folder().glob("*.png")) == []


def test_a_file_is_on_the_disk_before_it_has_its_name(bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed: list[int] = []
    renamed: list[int] = []
    fsync, replace = os.fsync, Path.replace

    def note_flush(descriptor: int) -> None:
        flushed.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    def note_rename(path: Path, target: Path) -> Path:
        renamed.append(path.stat().st_ino)
        assert path.stat().st_ino in flushed
        return replace(path, target)

    monkeypatch.setattr("os.fsync", note_flush)
    monkeypatch.setattr(Path, "replace", note_rename)
    delivered()

    assert len(renamed) == len(MEDIA)
    assert media_folder().stat().st_ino in flushed


def test_a_disk_that_refuses_keeps_no_row_and_no_half_file(
    bank: Path, client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    answer = client.post(
        "/api/sittings",
        {"programme": "exam", "step": "first", "mode": "timed", "items": 1},
        content_type="application/json",
    )

    assert (answer.status_code, answer.json()["code"]) == (503, "store")
    assert "No space left" in answer.json()["detail"]
    assert list(media_folder().iterdir()) == []
    assert not ItemVersion.objects.exists()


def test_the_rows_that_say_who_may_see_a_file_are_never_changed(sat: Client) -> None:
    rows = VersionMedia.objects.all()

    assert {row.name for row in rows} == set(delivered().media)
    with pytest.raises(ConflictError):
        rows.update(name="other")
    with pytest.raises(ConflictError):
        rows.delete()


def test_a_text_that_was_kept_before_reads_as_it_did_and_keeps_its_hash(own_content: Path) -> None:
    text = delivered("renal-0001").as_text()

    assert not {"answer", "set", "earlier_html", "media"} & set(json_of(text))
    again = delivered_from_text(text)
    assert (again.answer, again.set, again.earlier_html, again.media) == (None, None, (), ())
    assert hash_of(again.as_text()) == hash_of(text)


def json_of(text: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(text)
    return read


def test_a_numeric_item_goes_out_without_its_answer_and_is_revealed_with_it(bank: Path) -> None:
    write_item(bank, "renal-0008", numeric_text(changes={"id": "renal-0008", "blueprint": ENTRY}))
    item = delivered("renal-0008")

    assert item.scoring_key.as_text() == "=26±2"
    shown = item.for_player(3)
    assert (shown["kind"], shown["options"], shown["unit"], shown["position"]) == ("numeric", [], "mm Hg", 3)
    assert "26" not in str(shown)
    assert "Winter" not in str(shown)
    told = item.revealed()
    assert (told["value"], told["tolerance"], told["unit"], told["key"]) == ("26", "2", "mm Hg", [])
    assert told["explanations"] == {"=": "<p>Winter's formula gives 1.5 times 12, plus 8.</p>"}
    assert delivered_from_text(item.as_text()) == item


def test_an_item_with_options_has_its_letters_as_key(bank: Path) -> None:
    item = delivered()

    assert item.scoring_key.as_text() == "B"
    assert (item.for_player(1)["unit"], item.revealed()["value"]) == (None, None)


def test_a_later_part_of_a_set_brings_what_its_candidate_has_read(bank: Path) -> None:
    for item_id in write_set(bank, "A woman is ill.\n\n![A hand](media:a.png)", "Her pH is 7.2.", first=21):
        path = bank / "items" / "renal" / f"{item_id}.md"
        path.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")

    first, second = delivered("renal-0021"), delivered("renal-0022")

    assert first.place_in_set() == {"id": "renal-set-0001", "kind": "sequential", "n": 1, "of": 2}
    assert second.for_player(2)["set"] == {"id": "renal-set-0001", "kind": "sequential", "n": 2, "of": 2}
    assert second.for_player(2)["earlier_html"] == [first.stem_html]
    assert "Her pH" not in str(first.for_player(1))
    assert second.media == first.media
    assert delivered_from_text(second.as_text()) == second


def test_a_shared_set_brings_its_stimulus_once_for_the_block(bank: Path) -> None:
    write_stimulus(bank)
    (item_id,) = write_set(bank, "", kind="shared", first=21)

    item = delivered(item_id)

    assert item.set_for_player() == {
        "id": "renal-set-0001",
        "kind": "shared",
        "stimulus_kind": "abstract",
        "title": "A trial",
        "stimulus_html": "<p><strong>Background.</strong> Something was not known.</p>",
    }
    assert "Background" not in str(item.for_player(1))
    assert delivered_from_text(item.as_text()) == item


# --- serving ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", sorted(name[2:] for name in MEDIA))
def test_a_file_is_served_under_its_type_for_ever_and_to_its_owner_alone(sat: Client, ending: str) -> None:
    answer, body = fetch(sat, name_of(ending))

    assert body == MEDIA[f"a.{ending}"]
    assert answer.headers["Content-Type"] == CONTENT_TYPES[ending]
    assert answer.headers["Content-Length"] == str(len(MEDIA[f"a.{ending}"]))
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Content-Encoding" not in answer.headers


def test_somebody_elses_file_is_not_there(sat: Client) -> None:
    assert status(other_client("candidate"), name_of("png")) == 404


def test_nobody_gets_a_file_without_signing_in(sat: Client, settings: Any) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith("LocalLearner")]

    assert status(Client(), name_of("png")) == 404
    wrong = Client(headers={"Authorization": "Bearer nothing"})
    assert status(wrong, name_of("png")) == 404
    assert status(Client(headers={"Authorization": "Basic YTpi"}), name_of("png")) == 404


def test_the_session_of_the_site_counts_as_a_token_does(sat: Client, user: User) -> None:
    browser = Client()
    browser.force_login(user)

    assert status(browser, name_of("png")) == 200


@pytest.mark.parametrize(("role", "expected"), [("author", 200), ("reviewer", 200), ("administrator", 200), ("proctor", 404)])
def test_those_who_write_and_check_items_see_their_files(sat: Client, role: str, expected: int) -> None:
    assert status(other_client(role), name_of("png")) == expected


@pytest.mark.parametrize(
    "name",
    [
        "0" * 64 + ".png",
        "../keys/secret_key",
        "..%2f..%2fkeys%2fsecret_key",
        "%2e%2e/database.sqlite3",
        "a.png",
        "a" * 64 + ".html",
        "A" * 64 + ".png",
        ".new",
        "",
    ],
)
def test_no_name_leads_out_of_the_folder(sat: Client, own_data: Path, name: str) -> None:
    (own_data / "keys").mkdir()
    (own_data / "keys" / "secret_key").write_text("secret", encoding="utf-8")

    assert status(sat, name) == 404


@pytest.mark.parametrize("name", ["../keys/secret_key", "/etc/passwd", "0" * 64 + ".png", "0" * 64 + ".png/../x", "x\0.png"])
def test_the_store_knows_only_names_that_are_hashes(own_data: Path, name: str) -> None:
    with pytest.raises(NotFoundError):
        kept_media(name)


def test_a_link_in_the_store_is_not_followed(sat: Client, own_data: Path) -> None:
    (own_data / "secret").write_text("secret", encoding="utf-8")
    name = "0" * 64 + ".png"
    (own_data / "media" / name).symlink_to(own_data / "secret")

    with pytest.raises(NotFoundError):
        kept_media(name)


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-3", slice(0, 4)),
        ("bytes=10-", slice(10, None)),
        ("bytes=-5", slice(-5, None)),
        ("bytes=0-99999999", slice(0, None)),
        ("bytes=-99999999", slice(0, None)),
    ],
)
def test_a_player_of_sounds_may_ask_for_a_part(sat: Client, asked: str, part: slice) -> None:
    answer, body = fetch(sat, name_of("wav"), Range=asked)

    data = MEDIA["a.wav"]
    first = range(len(data))[part].start
    assert answer.status_code == 206
    assert body == data[part]
    assert answer.headers["Content-Range"] == f"bytes {first}-{first + len(data[part]) - 1}/{len(data)}"
    assert answer.headers["Content-Length"] == str(len(data[part]))
    assert answer.headers["Content-Type"] == "audio/wav"


@pytest.mark.parametrize("asked", ["bytes=9999-", "bytes=9-8", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(sat: Client, asked: str) -> None:
    answer, _ = fetch(sat, name_of("wav"), Range=asked)

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(MEDIA['a.wav'])}"


@pytest.mark.parametrize("asked", ["bytes=a-b", "lines=0-3", "bytes=0-1,4-5"])
def test_a_range_that_is_not_understood_gives_the_whole(sat: Client, asked: str) -> None:
    answer, body = fetch(sat, name_of("wav"), Range=asked)

    assert answer.status_code == 200
    assert body == MEDIA["a.wav"]


def test_what_a_browser_has_is_not_sent_again(sat: Client) -> None:
    name = name_of("png")
    tag = fetch(sat, name)[0].headers["ETag"]

    answer, body = fetch(sat, name, If_None_Match=tag)

    assert (answer.status_code, body) == (304, b"")


def test_nothing_can_be_put_there(sat: Client) -> None:
    assert sat.post(f"/media/{name_of('png')}").status_code == 405
    assert sat.put(f"/media/{name_of('png')}").status_code == 405


def test_an_svg_with_a_script_never_comes_so_far(bank: Path) -> None:
    write_media(bank, {**MEDIA, "a.svg": SVG.replace(b"<path", b"<script>alert(1)</script><path")})
    (bank / "items" / "renal" / "renal-0008.md").write_text(
        item_text({"id": "renal-0008", "blueprint": ENTRY}, options=OPTIONS), encoding="utf-8"
    )

    content = current_content()

    assert list(content.items) == ["renal-0008"]
    assert any("script" in problem.text for problem in content.problems)


def test_a_store_that_is_no_folder_says_so(own_data: Path, tmp_path: Path) -> None:
    (own_data / "media").write_text("", encoding="utf-8")
    source = tmp_path / "a.png"
    source.write_bytes(MEDIA["a.png"])
    file = MediaFile("a.png", "0" * 64, len(MEDIA["a.png"]), source)

    with pytest.raises(StoreError, match="can't be written"):
        keep_media([file])


def test_the_folder_is_that_of_the_data(own_data: Path) -> None:
    assert media_folder() == Path(settings.DATA) / "media" == own_data / "media"
