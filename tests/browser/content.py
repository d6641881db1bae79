"""Content for the browser's tests: plainly nonsense, with one item that has a long table and one with several keys."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.items import item_text, write_item
from tests.support.site import KEY, write_content, write_plain_item

REPOSITORY = Path(__file__).parents[2]
N_MORE = 12  # beside the twelve of `write_content`: enough for a block of twenty

TABLE = "\n".join(
    ["| | Before | After |", "|---|---|---|"]
    + [f"| Substance number {n} | {n}.5 mmol/L (N=1-{n}) | {n * 10} mmol/L (N=1-{n}) |" for n in range(2, 14)]
)


def write_browser_content(folder: Path) -> Path:
    """A content folder; the key of each item is B, but for `blood-0901`, whose keys are A and C."""
    write_content(folder)
    _add_pictures(folder / "programmes" / "exam.yaml")
    for number in range(1, N_MORE + 1):
        write_plain_item(folder, f"renal-{number + 100:04d}", system="renal", competency="management")
    _write_table_item(folder)
    _write_multiple_item(folder)
    reference = folder / "reference"
    reference.mkdir()
    shutil.copy(REPOSITORY / "content" / "reference" / "analytes.yaml", reference)
    return folder


def _add_pictures(path: Path) -> None:
    """Pass rates and a blueprint for the programme, so that its pages have pictures."""
    record = "sources: [page], as_of: 2026-01-01, confidence: medium"
    last_axis = 'codes: {physiology: "Physiology", pathology: "Pathology"}\n'
    text = path.read_text(encoding="utf-8")
    assert last_axis in text
    ranges = f"""{last_axis}        ranges:
          - {{id: range.1, covers: [physiology], label: "Physiology and what belongs to it", low: 30, high: 40, {record}}}
          - {{id: range.2, covers: [pathology], label: "Pathology", low: unknown, high: unknown, {record}}}
"""
    rates = f"""groups: {{here_first: "Schools here, first attempt", here_repeat: "Schools here, repeat attempt"}}
pass_rates:
  - {{id: rate.1, step: first, period: "2024", rates: {{here_first: {{percent: 88, percent_high: 91}}}}, {record}}}
  - {{id: rate.2, step: first, period: "2025", rates: {{here_first: {{percent: 93}}, here_repeat: {{percent: 7}}}}, {record}}}
"""
    path.write_text(text.replace(last_axis, ranges) + rates, encoding="utf-8")


def _entry(competency: str, system: str) -> str:
    return f"\n  - {{programme: exam, step: first, system: {system}, competency: {competency}, discipline: [pathology]}}"


def _options(item_id: str, keys: str) -> str:
    return "\n".join(
        f"- [{'x' if letter in keys else ' '}] Choice {letter} of {item_id}\n  : SECRET reason {letter} of {item_id}."
        for letter in "ABCD"
    )


def _write_table_item(folder: Path) -> None:
    item_id = "cardiovascular-0901"
    text = item_text(
        {
            "id": item_id,
            "blueprint": _entry("diagnosis", "cardiovascular"),
            "sources": '\n  - "SECRET source. Journal 1998;338:26"',
        },
        stem=f"A 31-year-old man is brought to the office. This is the first sentence. This is the second one.\n\n{TABLE}",
        options=_options(item_id, KEY),
    )
    write_item(folder, item_id, text)


def _write_multiple_item(folder: Path) -> None:
    item_id = "blood-0901"
    text = item_text(
        {
            "id": item_id,
            "kind": "multiple_select",
            "blueprint": _entry("management", "blood"),
            "sources": '\n  - "SECRET source. Journal 1998;338:26"',
        },
        stem="A 31-year-old man is brought to the office because of two things at once.",
        lead_in="Which of the following explain these findings?",
        options=_options(item_id, "AC"),
    )
    write_item(folder, item_id, text)
