"""The rules of the file formats: names under which findings are reported, and what each asks. A contract, like the linter's."""

from __future__ import annotations

from collections.abc import Mapping

FORMAT_RULES: Mapping[str, str] = {
    "unknown-key": "Every key is one of the format's own.",
    "missing-key": "The keys that the format asks for are there.",
    "wrong-value": "A value has the type, the form and the bounds that the format asks for.",
    "duplicate-key": "A key stands once in its mapping.",
    "not-well-formed": "A file begins with front matter between two lines `---`, and its YAML is well-formed.",
    "duplicate-id": "An id belongs to one item, takeaway, stimulus, set or analyte, over all files.",
    "duplicate-entry": "An item has one blueprint entry for a step.",
    "id-and-place": "The id is the name of the file, and starts with the area of its folder.",
    "unknown-programme": "A programme is one of content/programmes/.",
    "unknown-step": "A step is one of its programme.",
    "unknown-axis": "An axis is one of its step's blueprint.",
    "unknown-code": "A code is one of its axis.",
    "missing-axis": "An item of our own has a code on each axis that divides the exam into parts.",
    "several-codes": "An item has exactly one code on an axis that divides the exam into parts.",
    "no-blueprint": "An item of our own serves at least one step.",
    "unknown-takeaway": "A takeaway is one of content/takeaways/, and has no error itself.",
    "no-takeaway": "An item of our own teaches at least one takeaway.",
    "no-source": "An item of our own and a reference value name where they come from.",
    "no-author": "An item of our own names its authors.",
    "no-stem": "An item of our own has a vignette above its lead-in, unless its set tells one; a stimulus has a text.",
    "no-lead-in": "The paragraph before the options or the answer is the lead-in.",
    "broken-option": "Options and explanations are written as the format says.",
    "empty-option": "An option has a text.",
    "duplicate-option": "No two options have the same text.",
    "too-few-options": "An item has at least 3 options, an imported one at least 2.",
    "too-many-options": "An item has at most 26 options.",
    "no-key": "One option is the key.",
    "several-keys": "An item of kind one_best_answer has one key.",
    "no-answer": "An item of kind numeric has an answer.",
    "several-answers": "An item of kind numeric has one answer.",
    "broken-answer": "An answer is a decimal number, then perhaps a tolerance and a unit.",
    "wrong-kind": "An item of kind numeric has no options.",
    "no-explanation": "Each option of an item of our own says why it is right or wrong, a numeric answer how it comes out.",
    "too-long": "What stands below the front matter has at most 100,000 signs.",
    "text-after-options": "Nothing stands below the options.",
    "raw-html": "Text is Markdown without HTML.",
    "unknown-exhibit": "An exhibit is a figure that can be drawn, or a small, harmless file in media/ of the kind it ends on.",
    "no-alternative-text": "An exhibit has an alternative text.",
    "no-licence": "The licence of a file in media/ stands in media.yaml (a warning where no item shows the file).",
    "unknown-stimulus": "A shared set has its stimulus in stimuli/.",
    "broken-set": "The parts of a set have one kind and the same steps, numbered from 1; a sequential set has at least two.",
    "wrong-review": "A review is a JSON object with the keys of the format, and does not contradict itself.",
    "unearned-status": "A status rests on the reviews that earn it, of exactly the present text.",
    "wrong-lock": "A line of versions.lock is an id, a version and a hash.",
    "not-locked": "An item's version is in versions.lock (a note).",
    "changed-meaning": "A changed text has a new version.",
    "version-back": "A version never goes back.",
    "item-gone": "An item that was locked is there, or retired.",
    "id-reused": "The id of a retired item is never used again.",
    "stray-file": "A folder of the bank holds its own kind of plain file; links do not lead out of it.",
}


def rule_table() -> str:
    """The rules as the table of the documentation."""
    rows = [f"| `{name}` | {text} |" for name, text in FORMAT_RULES.items()]
    return "\n".join(["| rule | what it asks |", "|---|---|", *rows])
