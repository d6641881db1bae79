"""Builders of item files, takeaways and reviews: each sound unless a test says otherwise."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bedside.bank import AxisCodes, Codes, Item, ItemReading, MediaFolder, Place, Stimulus, parse_item
from bedside.reading import Source

CODES: Codes = {
    "exam": {
        "first": {
            "system": AxisCodes(frozenset({"renal", "cardiovascular", "blood"}), is_partition=True),
            "competency": AxisCodes(frozenset({"diagnosis", "management"}), is_partition=True),
            "discipline": AxisCodes(frozenset({"physiology", "pathology"}), is_partition=False),
        },
        "second": {"system": AxisCodes(frozenset({"renal", "blood"}), is_partition=True)},
    }
}

TAKEAWAYS = frozenset({"renal.winter_formula", "renal.anion_gap"})

HEAD = {
    "schema": "item/1",
    "id": "renal-0007",
    "version": "1",
    "blueprint": "\n  - {programme: exam, step: first, system: renal, competency: diagnosis, discipline: [physiology]}",
    "takeaways": "[renal.winter_formula]",
    "setting": "emergency_department",
    "difficulty": "0.55",
    "seconds": "90",
    "authors": "[author-1]",
    "status": "draft",
    "sources": '\n  - "Author A. Title. Journal 1998;338:26-34"',
}

STEM = "A 24-year-old woman is brought to the emergency department because of confusion for 6 hours."
LEAD_IN = "Which of the following best explains these findings?"
OPTIONS = """\
- [ ] Metabolic acidosis
  : The PaCO2 is lower than expected.
- [x] Metabolic acidosis and respiratory alkalosis
  : The expected PaCO2 is 25 to 29 mm Hg.
- [ ] Respiratory alkalosis
  : The pH would be high."""

IMPORTED = {"origin": "{format: csv, file: some.csv, row: 2}"}


def item_text(
    changes: dict[str, str | None] | None = None, *, stem: str = STEM, lead_in: str = LEAD_IN, options: str = OPTIONS
) -> str:
    """The text of an item file; a key that is changed to None is left out."""
    head = {**HEAD, **(changes or {})}
    lines = [f"{key}: {value}".rstrip() for key, value in head.items() if value is not None]
    return "\n".join(["---", *lines, "---", *([stem, ""] if stem else []), *([lead_in, ""] if lead_in else []), options, ""])


def imported_text(changes: dict[str, str | None] | None = None, **body: str) -> str:
    """The text of an imported item, which has no authors, sources or takeaways."""
    left_out: dict[str, str | None] = dict.fromkeys(("authors", "sources", "takeaways", "setting", "difficulty"))
    return item_text({**left_out, "blueprint": "[]", **IMPORTED, **(changes or {})}, **body)


NUMERIC = """\
= 26 ± 2 mm Hg
  : Winter's formula gives 1.5 times 12, plus 8."""


def numeric_text(answer: str = NUMERIC, changes: dict[str, str | None] | None = None) -> str:
    """The text of a numeric item."""
    lead_in = "What is the expected PaCO2, in mm Hg?"
    return item_text({"kind": "numeric", **(changes or {})}, lead_in=lead_in, options=answer)


def reading_of(
    text: str, *, place: Place | None = None, media: Path | None = None, stimuli: Mapping[str, Stimulus] | None = None
) -> ItemReading:
    """The text read as an item file."""
    folder = MediaFolder(media) if media else None
    return parse_item(Source("item.md", text), codes=CODES, takeaways=TAKEAWAYS, place=place, media=folder, stimuli=stimuli)


def rules_of(text: str, *, place: Place | None = None, media: Path | None = None) -> list[str]:
    """The rules that the text breaks."""
    return [finding.rule for finding in reading_of(text, place=place, media=media).findings]


def item_of(text: str) -> Item:
    """The item of a sound text."""
    reading = reading_of(text)
    assert reading.item is not None
    assert reading.findings == ()
    return reading.item


def write_item(root: Path, item_id: str = "renal-0007", text: str | None = None) -> Path:
    """An item file below `root`, in the folder of its area."""
    area = item_id.rpartition("-")[0]
    path = root / "items" / area / f"{item_id}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(item_text({"id": item_id}) if text is None else text, encoding="utf-8")
    return path


def write_set(root: Path, *stems: str, kind: str = "sequential", set_id: str = "renal-set-0001", first: int = 1) -> list[str]:
    """The parts of a set as items of our own, from `renal-<first>` on; answers their ids."""
    ids = [f"renal-{number:04d}" for number in range(first, first + len(stems))]
    for part, (item_id, stem) in enumerate(zip(ids, stems, strict=True), start=1):
        place = f"{{id: {set_id}, kind: {kind}, part: {part}}}"
        write_item(root, item_id, item_text({"id": item_id, "set": place}, stem=stem))
    return ids


STIMULUS = """\
---
schema: stimulus/1
id: renal-set-0001
kind: abstract
title: "A trial"
---
**Background.** Something was not known.
"""


def write_stimulus(root: Path, name: str = "renal-set-0001", text: str = STIMULUS) -> Path:
    """A stimulus file below `root`."""
    path = root / "stimuli" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# the smallest files that hold what their endings say: 3 by 2 pixels, and a tenth of a second
PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes([0, 0, 0, 3, 0, 0, 0, 2]) + b"\x08\0\0\0\0"
JPEG = b"\xff\xd8\xff\xe0\0\x04\0\0" + b"\xff\xc0\0\x0b\x08\0\x02\0\x03\x01\x01\x11\0"
WEBP = b"RIFF\x1e\0\0\0WEBPVP8X\n\0\0\0" + bytes(4) + bytes([2, 0, 0, 1, 0, 0])
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="3" height="2"><path d="M0 0"/></svg>'
WAV = b"RIFF\x24\0\0\0WAVEfmt " + bytes(800)
OGG = b"OggS" + bytes(60)
MP3 = b"\xff\xfb\x90\x44" + bytes(60)
M4A = b"\0\0\0\x1cftypM4A " + bytes(60)
MEDIA = {"a.png": PNG, "a.jpg": JPEG, "a.webp": WEBP, "a.svg": SVG, "a.wav": WAV, "a.ogg": OGG, "a.mp3": MP3, "a.m4a": M4A}


def write_media(root: Path, files: Mapping[str, bytes], *, licensed: bool = True) -> Path:
    """Files in media/ below `root`, with their licence; answers the folder."""
    folder = root / "media"
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    entries = "".join(f"  - {{path: {name}, licence: CC0-1.0, authors: [author-1]}}\n" for name in files)
    if licensed:
        (folder / "media.yaml").write_text(f"schema: media/1\nfiles:\n{entries}", encoding="utf-8")
    return folder


TAKEAWAYS_FILE = """\
schema: takeaways/1
takeaways:
  - id: renal.winter_formula
    text: "In metabolic acidosis the expected PaCO2 is 1.5 × bicarbonate + 8 ± 2."
    codes: {exam: {system: renal, discipline: [physiology]}}
    sources: ["Author A. Journal 1998;338:26-34"]
    cloze: "The expected PaCO2 is {{1.5 × bicarbonate + 8 ± 2}}."
  - id: renal.anion_gap
    text: "The anion gap is sodium minus chloride and bicarbonate."
    sources: ["Author B. Journal 1999;1:1-2"]
"""


def write_takeaways(root: Path, text: str = TAKEAWAYS_FILE, *, area: str = "renal") -> Path:
    """A takeaways file below `root`."""
    path = root / "takeaways" / f"{area}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def review(item: Item, kind: str, reviewer: str, **changes: Any) -> dict[str, Any]:
    """One review of the item as it is, that agrees."""
    made: dict[str, Any] = {
        "item": item.id,
        "version": item.version,
        "hash": item.content_hash,
        "kind": kind,
        "reviewer": reviewer,
        "on": "2026-11-01",
        "finding": "none",
        "change": "",
    }
    if kind == "blind":
        made |= {"answer": ",".join(item.key), "agrees": True}
    return {**made, **changes}


def write_reviews(root: Path, item_id: str, *reviews: dict[str, Any]) -> Path:
    """The reviews file of an item below `root`."""
    path = root / "reviews" / f"{item_id}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(one) + "\n" for one in reviews), encoding="utf-8")
    return path
