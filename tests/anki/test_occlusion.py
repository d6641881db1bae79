"""Covered pictures are drawn as SVG: hidden on the front, uncovered on the back, and named where that can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from bedside.anki import Drawer, NoteType, Sides, Template, draw_card, open_package, picture_size
from tests.anki.making import PNG, Whole, add_real, export_real, real_collection

SHAPES = (
    "{{c1::image-occlusion:rect:left=.1:top=.1:width=.2:height=.2}}<br>"
    "{{c2::image-occlusion:ellipse:left=.5:top=.5:rx=.1:ry=.2}}<br>"
    "{{c3::image-occlusion:polygon:left=.1:top=.1:points=.1,.1 .2,.1 .2,.2}}<br>"
    "{{c0::image-occlusion:text:left=.1:top=.9:text=Label &lt;1&gt;:scale=1}}"
)
KIND = NoteType(
    1,
    "Image Occlusion",
    True,
    ("Occlusion", "Image", "Header"),
    (Template("IO", "{{Header}}{{Image}}", "{{Header}}{{Image}}"),),
)


def drawn(shapes: str, ord_: int = 0, *, size: tuple[int, int] | None = (200, 100)) -> Sides:
    fields = [("Occlusion", shapes), ("Image", '<img src="p.png">'), ("Header", "Heart")]
    return draw_card(KIND, fields, ord_, media_url=lambda name: f"/m/{name}", size_of=lambda _: size)


def test_the_shape_of_the_card_covers_the_picture_on_the_front_and_frames_it_on_the_back() -> None:
    sides = drawn(SHAPES)

    assert '<image href="/m/p.png" width="200" height="100"' in sides.front
    assert '<rect class="mask active" x="20.0" y="10.0" width="40.0" height="20.0">' in sides.front
    assert '<rect class="revealed"' in sides.back
    assert "ellipse" not in sides.front
    assert "Label &lt;1&gt;" in sides.front


def test_ellipses_and_polygons_lie_where_anki_lays_them() -> None:
    assert '<ellipse class="mask active" cx="120.0" cy="70.0" rx="20.0" ry="20.0">' in drawn(SHAPES, 1).front
    assert 'points="20.0,10.0 40.0,10.0 40.0,20.0"' in drawn(SHAPES, 2).front


def test_where_all_are_hidden_the_others_stay_covered() -> None:
    sides = drawn(SHAPES.replace("height=.2}}", "height=.2:oi=1}}"))

    assert sides.front.count('class="mask"') == 2
    assert sides.back.count('class="mask"') == 2


def test_a_picture_whose_size_is_not_known_is_shown_and_named(tmp_path: Path) -> None:
    made = real_collection(tmp_path / "anki")
    made.media.write_data("p.png", PNG)
    add_real(made, "Image Occlusion", SHAPES, '<img src="p.png">', "Heart", "", "")

    with open_package(export_real(made, tmp_path / "deck.apkg", is_old=False)) as package:
        drawer = Drawer("deck", media_url=lambda name: f"/m/{name}")
        sides = [drawer.draw(note, card) for note in package.notes() for card in note.cards]

    assert len(sides) == 3
    assert all("<img" in side.front for side in sides)
    assert "nothing can be covered" in drawer.skipped[0].why


def test_ankis_own_template_is_drawn_without_its_script(tmp_path: Path) -> None:
    made = real_collection(tmp_path / "anki")
    made.media.write_data("p.png", PNG)
    add_real(made, "Image Occlusion", SHAPES, '<img src="p.png">', "Heart", "Extra", "")

    sides = next(iter(Whole(export_real(made, tmp_path / "deck.apkg", is_old=False)).sides.values()))

    assert "Heart" in sides.front
    assert "Extra" in sides.back
    assert "script" not in sides.front
    assert "image-occlusion:" not in sides.front


def test_masks_of_the_older_add_on_are_laid_over_the_picture() -> None:
    kind = NoteType(
        2,
        "Image Occlusion Enhanced",
        False,
        ("Header", "Image", "Question Mask", "Answer Mask", "Original Mask"),
        (Template("IO", "{{Question Mask}}{{Image}}", "{{Answer Mask}}{{Image}}"),),
    )
    fields = [
        *(("Header", "Lung"), ("Image", '<img src="l.jpg">'), ("Question Mask", "<img src='q.svg'>")),
        *(("Answer Mask", "<img src='a.svg'>"), ("Original Mask", "<img src='o.svg'>")),
    ]

    sides = draw_card(kind, fields, 0, media_url=lambda name: f"/m/{name}", size_of=lambda _: (30, 20))

    assert [sides.front.count(name) for name in ("/m/l.jpg", "/m/q.svg", "/m/a.svg", "<img")] == [1, 1, 0, 0]
    assert [sides.back.count(name) for name in ("/m/l.jpg", "/m/q.svg", "/m/a.svg")] == [1, 0, 1]


@pytest.mark.parametrize(
    ("head", "size"),
    [
        (PNG, (40, 20)),
        (b"GIF89a\x28\x00\x14\x00", (40, 20)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x14\x00\x28" + bytes(20), (40, 20)),
        (b"RIFF....WEBPVP8X" + bytes(8) + b"\x27\x00\x00\x13\x00\x00", (40, 20)),
        (b'<?xml version="1.0"?><svg xmlns="x" width="40px" height="20">', (40, 20)),
        (b'<svg viewBox="0 0 40 20">', (40, 20)),
        (b"\x89PNG\r\n\x1a\n", None),
        (b"\xff\xd8\xff", None),
        (b"no picture", None),
    ],
)
def test_the_size_of_a_picture_is_read_from_its_first_bytes(head: bytes, size: tuple[int, int] | None) -> None:
    assert picture_size(head) == size
