from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from bedside.bank import AUDIO, MAX_AUDIO_BYTES, MAX_PICTURE_BYTES, PICTURES, Bank, MediaFile, MediaFolder, Root, read_bank
from bedside.bank.media_kinds import look_at
from bedside.findings import Severity
from tests.support.items import (
    CODES,
    JPEG,
    MEDIA,
    MP3,
    PNG,
    SVG,
    WAV,
    WEBP,
    item_text,
    write_item,
    write_media,
    write_takeaways,
)


def bank_showing(root: Path, target: str) -> Bank:
    write_takeaways(root)
    write_item(root, text=item_text(stem=f"A man.\n\n![A hand](media:{target})"))
    return read_bank([Root(root, "own")], codes=CODES)


@pytest.mark.parametrize("name", sorted(MEDIA))
def test_a_file_is_known_by_the_hash_of_its_bytes(tmp_path: Path, name: str) -> None:
    write_media(tmp_path, MEDIA)

    bank = bank_showing(tmp_path, name)

    assert bank.findings == ()
    (file,) = bank.items["renal-0007"].media
    digest = hashlib.sha256(MEDIA[name]).hexdigest()
    assert (file.path, file.sha256, file.size, file.name) == (name, digest, len(MEDIA[name]), f"{digest}.{name[2:]}")
    assert file.is_audio is (name[2:] in AUDIO)


def test_every_ending_has_a_file_in_these_tests() -> None:
    assert {name[2:] for name in MEDIA} | {"jpeg"} == {*PICTURES, *AUDIO}


@pytest.mark.parametrize("data", [PNG, JPEG, WEBP, SVG])
def test_the_size_of_a_picture_is_read_where_its_file_tells_it(data: bytes) -> None:
    ending = next(name[2:] for name, known in MEDIA.items() if known == data)

    assert look_at(data, ending).size == (3, 2)


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"RIFF\x1e\0\0\0WEBPVP8L\n\0\0\0\x2f" + (2 | 1 << 14).to_bytes(4, "little") + bytes(8), (3, 2)),
        (b"RIFF\x1e\0\0\0WEBPVP8 \n\0\0\0" + bytes(6) + b"\x03\0\x02\0", (3, 2)),
        (b"RIFF\x1e\0\0\0WEBPVP8?" + bytes(20), None),
        (b"RIFF\0\0\0\0WEBP", None),
    ],
)
def test_each_form_of_a_webp_tells_its_size(data: bytes, size: tuple[int, int] | None) -> None:
    assert look_at(data, "webp").size == size
    assert look_at(data, "webp").problem is None


@pytest.mark.parametrize(
    ("head", "size"),
    [
        ('viewBox="0 0 30 20"', (30, 20)),
        ('width="30px" height="20px"', (30, 20)),
        ('width="100%" height="100%"', None),
        ("", None),
    ],
)
def test_an_svg_tells_its_size_in_pixels_or_by_its_box(head: str, size: tuple[int, int] | None) -> None:
    assert look_at(f'<svg xmlns="http://www.w3.org/2000/svg" {head}/>'.encode(), "svg").size == size


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", JPEG),
        ("a.jpg", PNG),
        ("a.webp", WAV),
        ("a.wav", WEBP),
        ("a.ogg", MP3),
        ("a.mp3", b"plain text"),
        ("a.mp3", b"\xff"),
        ("a.m4a", WAV),
        ("a.png", b""),
        ("a.svg", b""),
        ("a.svg", PNG),
        ("a.gif", b"GIF89a"),
        ("a.html", b"<p>"),
        ("a", PNG),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_no_exhibit(tmp_path: Path, name: str, data: bytes) -> None:
    write_media(tmp_path, {name: data}, licensed=False)

    bank = bank_showing(tmp_path, name)

    assert [finding.rule for finding in bank.findings if finding.severity is Severity.ERROR] == ["unknown-exhibit"]
    assert bank.items == {}


@pytest.mark.parametrize(("ending", "most"), [("png", MAX_PICTURE_BYTES), ("ogg", MAX_AUDIO_BYTES)])
def test_a_file_over_the_limit_is_no_exhibit(ending: str, most: int) -> None:
    head = MEDIA[f"a.{ending}"]

    assert look_at(head + bytes(most - len(head)), ending).problem is None
    assert "over the limit" in str(look_at(head + bytes(most - len(head) + 1), ending).problem)


def svg(inside: str, *, before: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inside}</svg>'.encode()


HARMFUL = [
    svg("<script>alert(1)</script>"),
    svg('<g onclick="alert(1)"/>'),
    svg('<g ONLOAD="alert(1)"/>'),
    svg("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>"),
    svg('<p xmlns="http://www.w3.org/1999/xhtml">x</p>'),
    svg('<image href="https://example.org/x.png"/>'),
    svg('<use href="https://example.org/x.svg#a"/>'),
    svg('<use xlink:href="data:image/svg+xml,x"/>'),
    svg('<path fill="url(https://example.org/#a)"/>'),
    svg("<style>@import 'https://example.org/a.css';</style>"),
    svg("<style>path { fill: url( 'https://example.org/a') }</style>"),
    svg(r"<style>path { fill: \75rl(https://example.org/a) }</style>"),
    svg('<animate attributeName="href" to="javascript:alert(1)"/>'),
    svg("<set attributeName='onclick'/>"),
    svg("&x;", before='<!DOCTYPE svg [<!ENTITY x "y">]>'),
    svg("", before='<?xml-stylesheet href="https://example.org/a.css"?>'),
    b"<svg><path/></svg>",
    b"<html/>",
    b"<svg xmlns='http://www.w3.org/2000/svg'>",
    SVG.decode().encode("utf-16"),
    svg("<g/>" * 20_001),
]


@pytest.mark.parametrize("data", HARMFUL)
def test_an_svg_draws_and_does_nothing_else(data: bytes) -> None:
    assert look_at(data, "svg").problem is not None


def test_an_svg_may_refer_to_its_own_parts_and_hold_comments() -> None:
    inside = '<!-- a --><defs><g id="a"/></defs><use href="#a"/><path fill="url(#a)"/><style>path { fill: url("#a") }</style>'

    assert look_at(svg(inside), "svg").problem is None


def test_a_file_without_a_licence_is_not_shown(tmp_path: Path) -> None:
    write_media(tmp_path, {"a.png": PNG}, licensed=False)

    bank = bank_showing(tmp_path, "a.png")

    assert [(finding.rule, finding.severity) for finding in bank.findings] == [
        ("no-licence", Severity.ERROR),
        ("no-licence", Severity.WARNING),
    ]


def test_a_file_that_nobody_shows_and_has_no_licence_is_a_warning(tmp_path: Path) -> None:
    write_media(tmp_path, {"a.png": PNG})
    (tmp_path / "media" / "b.png").write_bytes(PNG)
    (tmp_path / "media" / ".hidden").write_bytes(b"")

    bank = bank_showing(tmp_path, "a.png")

    assert [(Path(finding.file).name, finding.severity) for finding in bank.findings] == [("b.png", Severity.WARNING)]


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("{path: a.png, licence: CC0-1.0}", "missing-key"),
        ("{path: a.png, licence: CC0-1.0, authors: []}", "wrong-value"),
        ("{path: a.png, license: CC0-1.0, authors: [one]}", "unknown-key"),
        ("{path: ../a.png, licence: CC0-1.0, authors: [one]}", "unknown-exhibit"),
        ("{path: none.png, licence: CC0-1.0, authors: [one]}", "unknown-exhibit"),
        ("a.png", "wrong-value"),
    ],
)
def test_the_list_of_licences_is_read_strictly(tmp_path: Path, entry: str, rule: str) -> None:
    folder = write_media(tmp_path, {"a.png": PNG})
    (folder / "media.yaml").write_text(f"schema: media/1\nfiles:\n  - {entry}\n", encoding="utf-8")

    assert rule in [finding.rule for finding in read_bank([Root(tmp_path, "own")], codes=CODES).findings]


def test_a_list_of_licences_that_can_not_be_read_is_named(tmp_path: Path) -> None:
    folder = write_media(tmp_path, {"a.png": PNG})
    (folder / "media.yaml").write_text("a: [", encoding="utf-8")

    bank = bank_showing(tmp_path, "a.png")

    assert len(bank.unreadable) == 1
    assert bank.items == {}


def test_other_bytes_under_the_same_path_are_another_meaning(tmp_path: Path) -> None:
    write_media(tmp_path, {"a.png": PNG})
    before = bank_showing(tmp_path, "a.png").items["renal-0007"].content_hash
    write_media(tmp_path, {"a.png": PNG + b"\0"})

    assert bank_showing(tmp_path, "a.png").items["renal-0007"].content_hash != before


def test_a_file_is_read_once_however_often_it_is_shown(tmp_path: Path) -> None:
    folder = MediaFolder(write_media(tmp_path, {"a.png": PNG}))

    first = folder.find("a.png")
    (tmp_path / "media" / "a.png").unlink()

    assert isinstance(first, MediaFile)
    assert folder.find("a.png") is first
