"""The file with which a new question model starts: a small sum that works, to be written over."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from bedside.bank import Codes
from bedside.cli import bank_skeleton
from bedside.errors import ConflictError, StoreError, UsageError

AREA = re.compile(r"[a-z0-9_]+")
ID = re.compile(r"([a-z0-9_]+)-m(\d{3})")


def write(model_id: str, step: tuple[str, str], given: Mapping[str, str], *, folder: Path, codes: Codes) -> Path:
    """Write the file below `folder`/models and answer its path.

    Raises:
        UsageError: the id, the step or a code is not one.
        ConflictError: the file is there already.
        StoreError: it can't be written.
    """
    model_id = _next(model_id, folder) if AREA.fullmatch(model_id) else model_id
    form = ID.fullmatch(model_id)
    if not form:
        raise UsageError(f'"{model_id}": an id is its area, m and a number of three digits, as in renal-m002')
    entry = bank_skeleton.blueprint_entry(step, given, codes)
    path = folder / "models" / form[1] / f"{model_id}.yaml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(_TEXT.replace("ID", model_id, 1).replace("ENTRY", entry, 1))
    except FileExistsError:
        raise ConflictError(f"{path} is there already; ids are never used again, take the next number") from None
    except OSError as error:
        raise StoreError(f"{path} can't be written: {error.strerror}") from None
    return path


def _next(area: str, folder: Path) -> str:
    """The id after the last one of the area."""
    found = [ID.fullmatch(path.stem) for path in (folder / "models" / area).glob(f"{area}-m*.yaml")]
    return f"{area}-m{max((int(one[2]) for one in found if one), default=0) + 1:03d}"


_TEXT = """\
schema: model/1
id: ID
version: 1
blueprint:
  - ENTRY
takeaways: []
setting: office
difficulty: 0.6
seconds: 100
authors: []
status: draft
sources: []
variables:                      # drawn in this order; a bound may use what stands before it: to: age - 10
  age: {from: 20, to: 60, step: 1}
  person: {choose: [man, woman]}
  sodium: {from: 132, to: 144, step: 1}
  chloride: {from: 98, to: 110, step: 1}
  bicarbonate: {from: 10, to: 26, step: 1}
computed:
  gap: sodium - chloride - bicarbonate
  without_bicarbonate: sodium - chloride
  with_potassium: gap + 4
  without_potassium: gap - 4
  with_normal: sodium - chloride - 24
  bicarbonate_added: sodium - chloride + bicarbonate
require:                        # a draw that breaks one is drawn again
  - gap >= 6 and with_normal > 0
stem: |
  {age:A}-year-old {person} comes to the office because of fatigue for 2 weeks. Serum studies show:

  | | |
  |---|---|
  | Sodium | {sodium} mEq/L |
  | Chloride | {chloride} mEq/L |
  | Bicarbonate | {bicarbonate} mEq/L |
lead_in: Which of the following is the anion gap of this patient?
options:                        # one key, and typical mistakes beside it
  - text: "{gap} mEq/L"
    value: gap
    key: true
    because: "{sodium} − {chloride} − {bicarbonate} = {gap} mEq/L."
  - text: "{without_bicarbonate} mEq/L"
    value: without_bicarbonate
    mistake: bicarbonate left out
    because: "This leaves out the bicarbonate of {bicarbonate} mEq/L."
  - text: "{with_potassium} mEq/L"
    value: with_potassium
    mistake: potassium added
    because: This adds the potassium to the sodium.
  - text: "{bicarbonate_added} mEq/L"
    value: bicarbonate_added
    mistake: bicarbonate added
    because: This adds the bicarbonate where it is subtracted.
  - text: "{with_normal} mEq/L"
    value: with_normal
    mistake: a normal bicarbonate taken
    because: This subtracts a normal bicarbonate of 24 mEq/L instead of that of the patient.
  - text: "{without_potassium} mEq/L"
    value: without_potassium
    mistake: potassium subtracted
    because: This subtracts the potassium, a cation, among the anions.
offer: 5
order: ascending
apart: 10%
check: sodium - (chloride + bicarbonate)   # the key a second way: another formula where there is one
"""
