"""Items for the tests of the linter: sound by default, with the parts that a test wants to spoil."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bedside.bank import Analyte, Analytes, Interval, Item, PossibleRange
from bedside.bank import lint_bank as lint
from bedside.findings import Finding
from tests.support.items import imported_text, item_text, reading_of

STEM = (
    "A 58-year-old man comes to the emergency department because of colicky left flank pain for 6 hours. He has vomited twice. "
    "He takes lisinopril. Temperature is 37.2°C (99.0°F), pulse is 104/min, respirations are 18/min, and blood pressure is "
    "148/86 mm Hg. Oxygen saturation is 98% on room air. Examination shows left costovertebral angle tenderness. "
    "Serum creatinine is 1.1 mg/dL."
)
LEAD_IN = "Which of the following is the most appropriate next step in management?"
OPTIONS = (
    "Abdominal ultrasonography",
    "*CT of the abdomen without contrast",
    "Cystoscopy with stent placement",
    "Intravenous pyelography",
    "Plain abdominal radiography",
)
EXPLANATION = "This is the reason for {letter}, told for this patient and in a whole sentence."


def made(
    *,
    stem: str = STEM,
    lead_in: str = LEAD_IN,
    options: tuple[str, ...] = OPTIONS,
    explanations: Mapping[str, str] | None = None,
    head: Mapping[str, str | None] | None = None,
    imported: bool = False,
    file: str | None = None,
) -> Item:
    """An item as the reader reads it; the key is the option with a star before it."""
    lines = []
    for letter, option in zip("ABCDEFGHIJ", options, strict=False):
        is_key = option.startswith("*")
        told = (explanations or {}).get(letter, EXPLANATION.format(letter=letter))
        lines += [f"- [{'x' if is_key else ' '}] {option.removeprefix('*')}", f"  : {told}"]
    build = imported_text if imported else item_text
    item = reading_of(build(dict(head or {}), stem=stem, lead_in=lead_in, options="\n".join(lines))).item
    assert item is not None
    return replace(item, file=file or f"items/{item.id}.md")


def _analyte(
    name: str,
    *more: str,
    low: float,
    high: float,
    unit: str,
    possible: tuple[float, float],
    si: tuple[float, float, str] | None = None,
) -> Analyte:
    si_interval = Interval(si[0], si[1], None, si[2]) if si else Interval(low, high, None, unit)
    names = tuple(sorted({name.lower(), *more}, key=len, reverse=True))
    return Analyte(
        id=names[-1],
        name=name,
        names=names,
        group="group",
        specimen="serum",
        condition=None,
        conventional=Interval(low, high, None, unit),
        si=si_interval,
        possible=PossibleRange(*possible, "assumed"),
        other_units=(),
        note=None,
        source="panel",
        as_of=date(2026, 1, 1),
        confidence="high",
    )


ANALYTES = Analytes(
    {
        analyte.id: analyte
        for analyte in (
            _analyte("Sodium", "na+", low=136, high=146, unit="mEq/L", possible=(90, 200)),
            _analyte("Potassium", "k+", low=3.5, high=5, unit="mEq/L", possible=(1, 12)),
            _analyte("Creatinine", low=0.6, high=1.2, unit="mg/dL", possible=(0.05, 40), si=(53, 106, "umol/L")),
            _analyte("Hemoglobin", low=13.5, high=17.5, unit="g/dL", possible=(1, 27), si=(135, 175, "g/L")),
            _analyte("Hemoglobin A1c", "hba1c", low=4, high=6, unit="%", possible=(2, 20)),
            _analyte("Platelet count", "platelets", low=150000, high=400000, unit="/mm3", possible=(0, 5e6)),
            _analyte("pH", "arterial ph", low=7.35, high=7.45, unit="pH", possible=(6.5, 8)),
        )
    }
)


def findings_of(
    *items: Item, analytes: Analytes | None = ANALYTES, collection_of: dict[str, str] | None = None
) -> list[Finding]:
    """All findings of the linter."""
    return lint(list(items), analytes=analytes, collection_of=collection_of or {})


def rules_of(*items: Item) -> set[str]:
    """The rules that the items break."""
    return {finding.rule for finding in findings_of(*items)}
