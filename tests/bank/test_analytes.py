from __future__ import annotations

from pathlib import Path

import pytest

from bedside.bank import read_analytes

FILE = Path(__file__).parents[2] / "content" / "reference" / "analytes.yaml"

ONE = """\
schema: analytes/1
about: "A panel."
sources:
  panel: {title: "A panel", url: "https://example.org", kind: official}
analytes:
  - id: sodium
    name: "Sodium (Na+)"
    names: [Sodium, serum sodium]
    group: electrolytes
    specimen: serum
    condition: null
    conventional: {low: 136, high: 146, op: null, unit: mEq/L}
    si: {low: 136, high: 146, op: null, unit: mmol/L}
    possible: {low: 85, high: 215, basis: assumed}
    source: panel
    as_of: "2026-10-31"
    confidence: high
"""


def test_the_reference_values_of_the_repository_are_sound() -> None:
    analytes = read_analytes(FILE)

    assert analytes.findings == ()
    assert len(analytes.by_id) > 100
    assert all(analyte.possible.basis for analyte in analytes.by_id.values())


def test_an_analyte_is_found_by_the_names_that_vignettes_use(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(ONE)

    analytes = read_analytes(tmp_path / "a.yaml")

    assert analytes.by_id["sodium"].names == ("serum sodium", "sodium")
    assert [analyte.id for analyte in analytes.named("SODIUM")] == ["sodium"]
    assert analytes.named("potassium") == ()


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("low: 136, high: 146, op: null, unit: mEq", "low: 146, high: 136, op: null, unit: mEq", "wrong-value"),
        ("low: 136, high: 146, op: null, unit: mEq", "low: null, high: null, op: null, unit: mEq", "wrong-value"),
        ("low: 136, high: 146, op: null, unit: mEq", "low: null, high: 146, op: null, unit: mEq", "wrong-value"),
        ("low: 136, high: 146, op: null, unit: mEq", 'low: 136, high: 146, op: "<", unit: mEq', "wrong-value"),
        ("low: 85", "low: 140", "wrong-value"),
        ("source: panel", "source: other", "no-source"),
        ("    group: electrolytes\n", "", "missing-key"),
        ("group: electrolytes", "grup: electrolytes", "unknown-key"),
        ("  - id: sodium", "  - id: sodium\n    id: sodium", "duplicate-key"),
        (ONE[ONE.index("  - id") :], ONE[ONE.index("  - id") :] * 2, "duplicate-id"),
    ],
)
def test_what_is_wrong_with_a_reference_value_is_named(tmp_path: Path, old: str, new: str, rule: str) -> None:
    assert old in ONE
    (tmp_path / "a.yaml").write_text(ONE.replace(old, new))

    assert rule in {finding.rule for finding in read_analytes(tmp_path / "a.yaml").findings}
