"""Files of a person that were changed by whoever: refused with member, line and field, and nothing written."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from bedside.errors import BedsideError, NotFoundError, TooLargeError, UsageError
from bedside.site.accounts.models import User
from bedside.site.carrying import archive
from bedside.site.carrying.bringing import import_person
from bedside.site.carrying.tables import TABLES
from bedside.site.carrying.writing import export_person
from tests.support import lives
from tests.support.lives import lines, members, repacked, rows_told, with_lines
from tests.support.people import person
from tests.support.sittings import T0

pytestmark = pytest.mark.django_db
Row = dict[str, Any]


@pytest.fixture
def file(user: User, tmp_path: Path, own_data: Path) -> Path:
    """A sound file of "ada"; what it holds is here as well."""
    lives.whole_life(user)
    path = tmp_path / "mine.zip"
    export_person(user, path, at=T0 + lives.LATER)
    return path


def refused(user: User, path: Path, error: type[BedsideError], match: str) -> None:
    """The file is refused by these words, and nothing is written."""
    before = {table.name: rows_told(user, table.name) for table in TABLES}
    with pytest.raises(error, match=match):
        import_person(user, path, at=T0 + lives.LATER)
    assert {table.name: rows_told(user, table.name) for table in TABLES} == before


def changed(path: Path, table: str, **values: Any) -> Path:
    """The first row of a table says something else; `...` takes a field out."""
    rows = lines(path, table)
    rows[0] = {name: value for name, value in {**rows[0], **values}.items() if value is not ...}
    return with_lines(path, table, rows)


def test_the_file_itself_is_taken(user: User, file: Path) -> None:
    assert import_person(user, file, at=T0 + lives.LATER).changes_nothing
    assert import_person(user, repacked(file, {}), at=T0 + lives.LATER).changes_nothing


@pytest.mark.parametrize(
    ("table", "values", "named"),
    [
        ("reviews", {"grade": 5}, "line 1.*study_reviews_grade_known"),
        ("reviews", {"grade": True}, 'line 1, field "grade": must be a whole number'),
        ("reviews", {"grade": -1}, 'field "grade": must be from 0 to'),
        ("reviews", {"grade": 10**30}, 'field "grade": must be from 0 to'),
        ("reviews", {"grade": ...}, 'line 1, field "grade": it is missing'),
        ("reviews", {"user": "x"}, 'line 1, field "user": there is no such field'),
        ("reviews", {"id": "x"}, 'field "id": must be an id'),
        ("reviews", {"at": "2026-03-02"}, 'field "at": must be an instant'),
        ("notes", {"changed_at": "2999-03-02T00:00:00Z"}, 'field "changed_at": lies in the future'),
        ("reviews", {"at": None}, 'field "at": must be there'),
        ("reviews", {"origin": "dream"}, "line 1.*study_reviews_origin_known"),
        ("reviews", {"subject": "x" * 151}, 'field "subject": has 151 characters'),
        ("reviews", {"subject": "a\0b"}, 'field "subject": must be a text'),
        ("reviews", {"subject": "\ud800"}, 'field "subject": holds half of a character'),
        ("withdrawals", {"review": "00000000-0000-4000-8000-000000000000"}, "no such row among the reviews"),
        ("fits", {"parameters": [1.0]}, 'field "parameters": FSRS-6 has 21 parameters'),
        ("fits", {"parameters": "x"}, 'field "parameters"'),
        ("notes", {"fields": [["only one"]]}, 'rows/notes.jsonl, line 1, field "fields"'),
        ("notes", {"notetype": "00000000-0000-4000-8000-000000000000"}, "no such row among the notetypes"),
        ("cards", {"note": "00000000-0000-4000-8000-000000000000"}, "no such row among the notes"),
        ("media", {"sha256": "../../../etc/passwd"}, 'field "sha256": must be a SHA-256'),
        ("media", {"sha256": "0" * 64}, "no picture or sound of this hash"),
        ("media", {"media_type": "text/html"}, 'field "media_type": is no kind'),
        ("media", {"media_type": "image/svg+xml"}, 'field "media_type": the file is no SVG'),
        ("media", {"n_bytes": 1}, 'field "n_bytes": the file has 69 bytes'),
        ("calendar", {"days_off": [["2026-04-03", "2026-04-01"]]}, 'field "days_off": a range'),
        ("calendar", {"weekday_minutes": [1, 2]}, 'field "weekday_minutes": must be seven'),
        ("profile", {"theme": "pink"}, 'rows/profile.jsonl, line 1, field "theme": must be one of contrast'),
        ("error_reasons", {"reason": "bored"}, "error_reasons_reason_known"),
    ],
)
def test_a_row_that_can_not_be_is_refused_by_its_line_and_field(
    user: User, file: Path, table: str, values: Row, named: str
) -> None:
    fresh: Row = {}
    if table in {"reviews", "fits", "error_reasons"} and "id" not in values:
        fresh["id"] = "11111111-1111-4111-8111-111111111111"  # one that is not here, so that it would be written
    if table in {"notes", "cards"}:
        fresh["key"] = "11111111-1111-4111-8111-111111111111"

    refused(user, changed(file, table, **{**fresh, **values}), BedsideError, named)


def test_a_row_that_is_there_twice_is_refused(user: User, file: Path) -> None:
    rows = lines(file, "reviews")
    refused(user, with_lines(file, "reviews", [*rows, rows[0]]), UsageError, "line 41.*twice")


def test_a_later_row_of_a_time_to_come_is_refused(user: User, file: Path) -> None:
    ahead = (T0 + lives.LATER + timedelta(minutes=11)).isoformat().replace("+00:00", "Z")
    refused(user, changed(file, "item_notes", changed_at=ahead), UsageError, 'field "changed_at": lies in the future')


@pytest.mark.parametrize(
    "name", ["../evil", "/etc/passwd", "rows/../x.jsonl", "rows/users.jsonl", "media/../x", "x.exe", "rows/"]
)
def test_a_member_that_does_not_belong_is_refused(user: User, file: Path, name: str) -> None:
    refused(user, repacked(file, {name: b"x"}), UsageError, "does not belong into")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (b"{}\n", "line 1, field"),
        (b"[]\n", "no JSON object"),
        (b"{\n", "no JSON"),
        (b'{"a":NaN}\n', "NaN is no number"),
        (b'{"a":1,"a":2}\n', "a field is there twice"),
        (b"[" * 100_000 + b"\n", "no JSON"),
        (b"\xff\n", "no JSON"),
        (b"{}", "the line has no end"),
        (b'{"a":"' + b"x" * 5000 + b'"}\n', "line 1: it is over the limit of 4,000 bytes"),
        (b"{}" * 5000, "line 1: it is over the limit of 4,000 bytes"),
    ],
)
def test_lines_that_are_no_rows_are_refused(
    user: User, file: Path, monkeypatch: pytest.MonkeyPatch, text: bytes, named: str
) -> None:
    path = repacked(file, {"rows/reviews.jsonl": text})
    monkeypatch.setattr(archive, "MAX_LINE_BYTES", 100_000 if text.startswith(b"[") else 4_000)
    refused(user, path, BedsideError, f"rows/reviews.jsonl.*{named}")


def test_a_member_that_is_not_what_the_manifest_says_is_refused(user: User, file: Path) -> None:
    text = members(file)["rows/item_notes.jsonl"].replace(b"gap", b"GAP")
    path = repacked(file, {"rows/item_notes.jsonl": text}, is_honest=False)
    refused(user, path, UsageError, "rows/item_notes.jsonl: it is not what the manifest says")


def test_a_picture_under_another_name_is_refused(user: User, file: Path) -> None:
    name = next(name for name in members(file) if name.startswith("media/"))
    refused(user, repacked(file, {name: b"other"}), UsageError, "its name is not the hash of its bytes")
    refused(user, repacked(file, {f"media/{'1' * 64}": b"x"}), UsageError, "no row of rows/media.jsonl names it")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"format": "bedside-person/9"}, 'field "format" must be'),
        ({"made_at": "yesterday"}, 'field "made_at"'),
        ({"extra": 1}, 'field "extra"'),
        ({"members": {}}, "not in its manifest"),
        ({"user": {"id": "x" * 99, "name": "ada"}}, 'field "user.id"'),
    ],
)
def test_a_manifest_that_can_not_be_is_refused(user: User, file: Path, change: Row, named: str) -> None:
    told = json.loads(members(file)["manifest.json"]) | change
    refused(user, repacked(file, {"manifest.json": json.dumps(told).encode()}), UsageError, named)


def test_what_is_no_archive_is_refused(user: User, tmp_path: Path, file: Path) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(b"PK but not really")
    refused(user, path, UsageError, "no file of a person")
    path.write_bytes(file.read_bytes()[:-400])
    refused(user, path, UsageError, "no file of a person")
    refused(user, tmp_path / "none.zip", NotFoundError, "no such file")
    refused(user, repacked(file, {"manifest.json": None}, is_honest=False), UsageError, "no manifest.json")


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(user: User, file: Path) -> None:
    refused(user, repacked(file, {"read/reviews.csv": bytes(64 * 1024 * 1024)}), TooLargeError, "times its size")


def test_a_member_that_is_there_twice_or_encrypted_is_refused(user: User, file: Path, tmp_path: Path) -> None:
    path = repacked(file, {})
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(path, "a") as packed:
        packed.writestr("rows/reviews.jsonl", "")
    refused(user, path, UsageError, "twice")

    locked = bytearray(repacked(file, {}).read_bytes())
    at = locked.rindex(b"PK\x01\x02")
    locked[at + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(locked)
    refused(user, tmp_path / "locked.zip", UsageError, "encrypted")


def test_too_many_members_or_bytes_are_refused(user: User, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MAX_MEMBERS", 5)
    refused(user, file, TooLargeError, "members; the limit is 5")
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MAX_UNPACKED_BYTES", 5000)
    refused(user, file, TooLargeError, "unpack to more than")
    monkeypatch.undo()
    monkeypatch.setattr(archive, "MAX_FILE_BYTES", 5000)
    refused(user, file, TooLargeError, "over the limit of 5,000 bytes")


def test_a_picture_of_somebody_else_does_not_become_ones_own_by_its_hash(user: User, file: Path) -> None:
    """Eve names Ada's picture, which lies on this server, and does not bring its bytes."""
    eve = person("eve")
    name = next(name for name in members(file) if name.startswith("media/"))
    changes = {one: b"" for one in members(file) if one.startswith("rows/") and one != "rows/media.jsonl"}
    refused(eve, repacked(file, {**changes, name: None}), UsageError, "no picture or sound of this hash")
    assert user.card_media.count() == 1


def test_pictures_that_would_fill_the_disk_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bedside.site.carrying.pictures.KEPT_FREE_BYTES", 10**18)
    changes = {one: b"" for one in members(file) if one.startswith("rows/") and one != "rows/media.jsonl"}
    refused(person("eve"), repacked(file, changes), UsageError, "would fill the disk")


def svg(inside: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{inside}</svg>'.encode()


@pytest.mark.parametrize("change", [lambda text: svg("<script>alert(1)</script>"), lambda text: svg('<a onclick="x()"/>')])
def test_a_drawing_that_does_more_than_draw_is_refused(user: User, file: Path, change: Callable[[bytes], bytes]) -> None:
    from hashlib import sha256  # noqa: PLC0415

    packed = change(b"")
    digest = sha256(packed).hexdigest()
    row = {**lines(file, "media")[0], "sha256": digest, "n_bytes": len(packed), "media_type": "image/svg+xml", "name": "a.svg"}
    with_row = with_lines(file, "media", [*lines(file, "media"), row])
    refused(user, repacked(with_row, {f"media/{digest}": packed}), UsageError, f"media/{digest}")


def test_a_name_like_a_way_out_of_the_folder_stays_a_name(user: User, file: Path) -> None:
    import_person(user, changed(file, "media", name="../../x.png"), at=T0 + lives.LATER)

    kept = [path for path in Path(settings.DATA).rglob("*") if path.is_file()]
    assert all("x.png" not in path.name for path in kept)
