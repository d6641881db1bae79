"""Builders of item files, takeaways and reviews: each sound unless a test says otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bedside.bank import AxisCodes, Codes, Item, ItemReading, Place, parse_item
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


def reading_of(text: str, *, place: Place | None = None, media: Path | None = None) -> ItemReading:
    """The text read as an item file."""
    return parse_item(Source("item.md", text), codes=CODES, takeaways=TAKEAWAYS, place=place, media=media)


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
