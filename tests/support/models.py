"""Builders of question models: sound unless a test says otherwise."""

from __future__ import annotations

from pathlib import Path

from bedside.bank import Member, Model, ModelReading, parse_model
from bedside.bank.item_file import Place
from bedside.reading import Source
from tests.support.items import CODES, TAKEAWAYS

PARTS: dict[str, str] = {
    "schema": "model/1",
    "id": "renal-m001",
    "version": "1",
    "blueprint": "\n  - {programme: exam, step: first, system: renal, competency: diagnosis}",
    "takeaways": "[renal.winter_formula]",
    "setting": "emergency_department",
    "difficulty": "0.55",
    "seconds": "90",
    "authors": "[author-1]",
    "status": "draft",
    "sources": '\n  - "Author A. Title. Journal 1998;338:26-34"',
    "variables": """
  age: {from: 20, to: 60, step: 1}
  person: {choose: [man, woman]}
  cause:
    rows:
      - {history: watery diarrhea, days: 4}
      - {history: a pancreatic fistula, days: 6}
  bicarbonate: {from: 10, to: 20, step: 1}""",
    "computed": """
  expected: round(1.5 * bicarbonate + 8)
  no_constant: round(1.5 * bicarbonate)
  times_two: 2 * bicarbonate + 8
  constant_taken_away: round(1.5 * bicarbonate - 8)
  triple: 3 * bicarbonate""",
    "require": "\n  - constant_taken_away >= 5",
    "stem": """|
  {age:A}-year-old {person} comes to the office because of {cause.history} for {cause.days} days.
  Serum bicarbonate is {bicarbonate} mEq/L.""",
    "lead_in": "Which of the following is closest to the expected PaCO2?",
    "options": """
  - {text: "{expected} mm Hg", value: expected, key: true, because: "1.5 × {bicarbonate} + 8 is {expected}."}
  - {text: "{no_constant} mm Hg", value: no_constant, mistake: no 8, because: "This leaves out the 8 mm Hg."}
  - {text: "{times_two} mm Hg", value: times_two, mistake: factor 2, because: "The factor is 1.5 and not 2."}
  - {text: "{constant_taken_away} mm Hg", value: constant_taken_away, mistake: minus, because: "The 8 is added."}
  - {text: "{triple} mm Hg", value: triple, mistake: 3 times, because: "This is three times the bicarbonate."}""",
    "offer": "4",
    "order": "ascending",
    "apart": "10%",
    "check": "{value: bicarbonate + 15, tolerance: 3}",
}

KINDS = """
  - text: Acidosis
    name: low
    right_if: ph < 7.35
    because: The pH of {ph} is low.
    wrong_because: The pH of {ph} is not low.
  - text: Alkalosis
    name: high
    right_if: ph > 7.45
    because: The pH of {ph} is high.
    wrong_because: The pH of {ph} is not high.
  - text: Neither
    name: normal
    right_if: ph >= 7.35 and ph <= 7.45
    because: The pH of {ph} is normal.
    wrong_because: The pH of {ph} is not normal."""

CATEGORICAL: dict[str, str | None] = {
    "variables": "\n  ph: {from: 7.10, to: 7.60, step: 0.01}",
    "computed": None,
    "require": None,
    "stem": "A 40-year-old man comes to the office because of fatigue for 2 days. Arterial pH is {ph}.",
    "lead_in": "Which of the following is the disorder?",
    "options": KINDS,
    "offer": None,
    "order": "shuffled",
    "apart": None,
    "check": """'"low" if round(ph - 7.4, 2) < -0.05 else "high" if round(ph - 7.4, 2) > 0.05 else "normal"'""",
}


def model_text(**changes: str | None) -> str:
    """The text of a model file; a part that is changed to None is left out."""
    parts = {**PARTS, **changes}
    return "\n".join(f"{key}: {value}" for key, value in parts.items() if value is not None) + "\n"


def model_reading(**changes: str | None) -> ModelReading:
    """The text read as a model file."""
    return reading_at(None, **changes)


def reading_at(place: Place | None, **changes: str | None) -> ModelReading:
    """The text read as the model file of a place."""
    return parse_model(Source("model.yaml", model_text(**changes)), codes=CODES, takeaways=TAKEAWAYS, place=place)


def numbers_of(member: Member) -> dict[str, float]:
    """The values of a member that are numbers."""
    return {name: float(value) for name, value in member.values.items() if not isinstance(value, str)}


def model_of(**changes: str | None) -> Model:
    """The model of a sound text."""
    reading = model_reading(**changes)
    assert reading.findings == ()
    assert reading.model is not None
    return reading.model


def categorical(**changes: str | None) -> Model:
    """A model whose options can each be right."""
    return model_of(**{**CATEGORICAL, **changes})


def write_model(root: Path, model_id: str = "renal-m001", text: str | None = None) -> Path:
    """A model file below `root`, in the folder of its area."""
    path = root / "models" / model_id.rpartition("-")[0] / f"{model_id}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(model_text(id=model_id) if text is None else text, encoding="utf-8")
    return path
